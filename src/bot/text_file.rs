//! Text files that users send for a long text: messages hold 4096 characters.

use std::path::Path;

use tokio::fs::File;
use tokio::io::AsyncReadExt;

use super::draft::{ReceivedFile, UploadFailure};

/// Most bytes of a text file: far more than the longest text that any field takes.
pub(crate) const TEXT_LIMIT: u64 = 1 << 20;

/// Whether a file says that it is plain text.
pub(crate) fn is_text(file: &ReceivedFile) -> bool {
    let name = file.facts.name.as_deref().unwrap_or_default().to_lowercase();
    let mime = file.facts.mime.as_deref().unwrap_or_default();
    let mime = mime.split(';').next().unwrap_or_default().trim().to_lowercase();
    [".txt", ".md"].iter().any(|ending| name.ends_with(ending)) || ["text/plain", "text/markdown"].contains(&&*mime)
}

/// The content of a text file on the disk: see [`parse`].
pub(crate) async fn read(path: &Path) -> Result<String, UploadFailure> {
    let mut bytes = Vec::new();
    let read = async { File::open(path).await?.take(TEXT_LIMIT + 1).read_to_end(&mut bytes).await };
    if let Err(error) = read.await {
        tracing::warn!(%error, "a fetched text file could not be read");
        return Err(UploadFailure::Broken);
    }
    parse(&bytes)
}

/// The content of a text file, without white space around it: UTF-8, or UTF-16 with a byte order mark.
///
/// # Errors
/// [`UploadFailure::TextTooBig`] above [`TEXT_LIMIT`]; [`UploadFailure::NotText`] when it is in another encoding, or
/// empty.
fn parse(bytes: &[u8]) -> Result<String, UploadFailure> {
    if bytes.len() as u64 > TEXT_LIMIT {
        return Err(UploadFailure::TextTooBig);
    }
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        rest => String::from_utf8(rest.to_vec()).ok(),
    };
    let text = text.filter(|text| !text.contains('\0')).ok_or(UploadFailure::NotText)?;
    let text = text.trim().replace("\r\n", "\n");
    if text.is_empty() { Err(UploadFailure::NotText) } else { Ok(text) }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16(&units).ok().filter(|_| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::FileFacts;
    use crate::schema::spec::MediaKind;

    #[test]
    fn text_is_read_in_each_encoding_that_editors_write() {
        let text = "Лиса бежит 🦊\nпо снегу";
        let units = |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        for bytes in [
            text.as_bytes().to_vec(),
            [&[0xef, 0xbb, 0xbf], text.as_bytes()].concat(),
            [vec![0xff, 0xfe], units(u16::to_le_bytes)].concat(),
            [vec![0xfe, 0xff], units(u16::to_be_bytes)].concat(),
            format!("\n{}\r\n", text.replace('\n', "\r\n")).into_bytes(),
        ] {
            assert_eq!(parse(&bytes).as_deref(), Ok(text), "{bytes:?}");
        }
        let windows_1251 = [0xcb, 0xe8, 0xf1, 0xe0];
        for bytes in [&windows_1251[..], b"", b" \n", b"a\0b", &[0xff, 0xfe, 0x41], &[0xff, 0xfe, 0x00, 0xd8]] {
            assert_eq!(parse(bytes), Err(UploadFailure::NotText), "{bytes:?}");
        }
        let long = vec![b'x'; TEXT_LIMIT as usize];
        assert_eq!(parse(&long).map(|text| text.len()), Ok(TEXT_LIMIT as usize));
        assert_eq!(parse(&[&long[..], b"x"].concat()), Err(UploadFailure::TextTooBig));
    }

    #[test]
    fn text_files_are_known_by_name_or_type() {
        for (name, mime, expected) in [
            (Some("prompt.txt"), Some("text/plain"), true),
            (Some("PROMPT.TXT"), None, true),
            (Some("notes.md"), Some("application/octet-stream"), true),
            (None, Some("text/plain; charset=utf-8"), true),
            (Some("a.pdf"), Some("application/pdf"), false),
            (Some("page.html"), Some("text/html"), false),
            (None, None, false),
        ] {
            let facts =
                FileFacts { name: name.map(str::to_owned), mime: mime.map(str::to_owned), ..FileFacts::default() };
            let (file_id, kind) = ("f".to_owned(), MediaKind::Document);
            let file =
                ReceivedFile { file_id, kind, facts, caption: None, unique_id: None, message: None, album: None };
            assert_eq!(is_text(&file), expected, "{name:?} {mime:?}");
        }
    }
}
