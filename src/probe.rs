//! Detects the type, dimensions and length of a file from its content.

use crate::mime;
use crate::sniff::{SNIFFED, shown_type};

/// What was detected; `None` if not known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Probe {
    /// MIME type; `application/octet-stream` if unknown.
    pub mime: &'static str,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// Length in seconds.
    pub seconds: Option<f64>,
}

/// Detects what a file is.
pub fn probe(bytes: &[u8]) -> Probe {
    let mime = shown_type(&bytes[..bytes.len().min(SNIFFED)]).unwrap_or(mime::UNKNOWN);
    let (size, seconds) = match mime {
        "audio/wav" => (None, wav(bytes)),
        "audio/mpeg" => (None, Some(bytes.len() as f64 / 16_000.0)), // assumes 128 kbit/s; the frames are not read
        _ if mime.starts_with("image/") => (image(bytes), None),
        _ => mp4(bytes),
    };
    Probe { mime, width: size.map(|s| s.0), height: size.map(|s| s.1), seconds }
}

type Size = Option<(u32, u32)>;

/// The number at an offset, with its high byte first.
pub(crate) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn image(bytes: &[u8]) -> Size {
    let size = imagesize::blob_size(bytes).ok()?;
    Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
}

/// Length of a WAV file in seconds: bytes of sound divided by bytes per second. Chunks are padded to even lengths.
fn wav(bytes: &[u8]) -> Option<f64> {
    let mut at = 12;
    let mut rate = None;
    loop {
        let name = bytes.get(at..at + 4)?;
        let length = le32(bytes, at + 4)?;
        match name {
            b"fmt " => rate = Some(le32(bytes, at + 16)?).filter(|rate| *rate > 0),
            b"data" => return Some(f64::from(length) / f64::from(rate?)),
            _ => {}
        }
        at = at.checked_add(8)?.checked_add(length.next_multiple_of(2) as usize)?;
    }
}

/// Dimensions of the first track that has any, and the length in seconds, from the boxes of an MP4 or QuickTime file.
fn mp4(bytes: &[u8]) -> (Size, Option<f64>) {
    if bytes.get(4..8) != Some(b"ftyp") {
        return (None, None);
    }
    let Some(moov) = boxes(bytes).find(|(name, _)| name == b"moov").map(|(_, body)| body) else { return (None, None) };
    let seconds = boxes(moov).find(|(name, _)| name == b"mvhd").and_then(|(_, body)| {
        let (scale, length) = if body.first() == Some(&1) {
            (be32(body, 20)?, (f64::from(be32(body, 24)?) * 4_294_967_296.0) + f64::from(be32(body, 28)?))
        } else {
            (be32(body, 12)?, f64::from(be32(body, 16)?))
        };
        (scale > 0).then(|| length / f64::from(scale))
    });
    let size = boxes(moov).filter(|(name, _)| name == b"trak").find_map(|(_, trak)| {
        let (_, header) = boxes(trak).find(|(name, _)| name == b"tkhd")?;
        // Width and height are at the end of the header, as 16.16 fixed point.
        let end = header.len();
        let (w, h) = (be32(header, end.checked_sub(8)?)? >> 16, be32(header, end.checked_sub(4)?)? >> 16);
        (w > 0 && h > 0).then_some((w, h))
    });
    (size, seconds)
}

/// The name and content of each box of an MP4 file, or of a box.
pub(crate) fn boxes(mut rest: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let size = be32(rest, 0)? as usize;
        let name: [u8; 4] = rest.get(4..8)?.try_into().ok()?;
        let size = if size == 0 { rest.len() } else { size };
        let body = rest.get(8..size)?;
        rest = &rest[size..];
        Some((name, body))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_of_a_wav_is_read_past_other_chunks() {
        let mut file = b"RIFF\0\0\0\0WAVELIST\x03\0\0\0abc\0fmt \x10\0\0\0\x01\0\x01\0".to_vec();
        file.extend([8_000_u32, 16_000].map(u32::to_le_bytes).concat());
        file.extend(b"\x02\0\x10\0data");
        file.extend(40_000_u32.to_le_bytes());
        assert_eq!(wav(&file), Some(2.5));
        assert_eq!(wav(&file[..30]), None);
    }

    #[test]
    fn damaged_files_are_unknown() {
        for bytes in [&b""[..], b"\x89PNG\r\n\x1a\n", b"\0\0\0\x18ftypisom", b"RIFF....WAVE"] {
            let seen = probe(bytes);
            assert_eq!((seen.width, seen.seconds), (None, None), "{seen:?}");
        }
    }
}
