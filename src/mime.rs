//! MIME types and file extensions of the files that models take and make.

use std::path::Path;

/// A MIME type, its usual extension, other extensions and other names.
struct MimeType {
    mime: &'static str,
    extension: &'static str,
    other_extensions: &'static [&'static str],
    spellings: &'static [&'static str],
}

const fn entry(
    mime: &'static str,
    extension: &'static str,
    other_extensions: &'static [&'static str],
    spellings: &'static [&'static str],
) -> MimeType {
    MimeType { mime, extension, other_extensions, spellings }
}

const TABLE: &[MimeType] = &[
    entry("image/jpeg", "jpg", &["jpeg", "jpe", "jfif"], &["image/jpg", "image/pjpeg"]),
    entry("image/png", "png", &[], &["image/x-png"]),
    entry("image/webp", "webp", &[], &[]),
    entry("image/gif", "gif", &[], &[]),
    entry("image/bmp", "bmp", &["dib"], &["image/x-ms-bmp"]),
    entry("image/tiff", "tiff", &["tif"], &[]),
    entry("image/heic", "heic", &[], &[]),
    entry("image/heif", "heif", &["hif"], &[]),
    entry("image/avif", "avif", &[], &[]),
    entry("image/svg+xml", "svg", &[], &[]),
    entry("video/mp4", "mp4", &["mp4v"], &[]),
    entry("video/x-m4v", "m4v", &[], &[]),
    entry("video/quicktime", "mov", &["qt"], &["video/x-quicktime"]),
    entry("video/webm", "webm", &[], &[]),
    entry("video/x-matroska", "mkv", &[], &["video/mkv", "video/matroska"]),
    entry("video/x-msvideo", "avi", &[], &["video/avi"]),
    entry("video/mpeg", "mpeg", &["mpg", "mpe"], &[]),
    entry("video/ogg", "ogv", &[], &[]),
    entry("audio/mpeg", "mp3", &["mpga"], &["audio/mp3", "audio/x-mp3", "audio/x-mpeg"]),
    entry("audio/wav", "wav", &[], &["audio/x-wav", "audio/wave", "audio/vnd.wave"]),
    entry("audio/mp4", "m4a", &[], &["audio/x-m4a", "audio/m4a"]),
    entry("audio/aac", "aac", &[], &["audio/x-aac", "audio/aacp"]),
    entry("audio/ogg", "ogg", &["oga", "opus"], &["audio/opus", "application/ogg"]),
    entry("audio/flac", "flac", &[], &["audio/x-flac"]),
    entry("audio/aiff", "aiff", &["aif"], &["audio/x-aiff"]),
    entry("audio/midi", "mid", &["midi"], &["audio/x-midi"]),
    entry("text/plain", "txt", &["text", "log"], &[]),
    entry("text/markdown", "md", &[], &[]),
    entry("text/csv", "csv", &[], &[]),
    entry("text/html", "html", &["htm"], &[]),
    entry("text/vtt", "vtt", &[], &[]),
    entry("application/x-subrip", "srt", &[], &[]),
    entry("application/json", "json", &[], &[]),
    entry("application/pdf", "pdf", &[], &[]),
    entry("application/zip", "zip", &[], &["application/x-zip-compressed"]),
    entry("application/msword", "doc", &[], &[]),
    entry("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", &[], &[]),
    entry("application/vnd.ms-excel", "xls", &[], &[]),
    entry("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", &[], &[]),
    entry("application/vnd.ms-powerpoint", "ppt", &[], &[]),
    entry("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx", &[], &[]),
];

/// The type of unknown content.
pub const UNKNOWN: &str = "application/octet-stream";

/// The table's entry of a type, by any of its names. Parameters (`; charset=...`) and case are ignored.
fn find(mime: &str) -> Option<&'static MimeType> {
    let essence = mime.split(';').next().unwrap_or(mime).trim().to_ascii_lowercase();
    TABLE.iter().find(|entry| entry.mime == essence || entry.spellings.contains(&essence.as_str()))
}

/// The usual name of a type; of an unknown one its own.
pub fn usual(mime: &str) -> &str {
    find(mime).map_or(mime, |entry| entry.mime)
}

/// The usual extension of a type, without the dot. Parameters (`; charset=...`) and case are ignored.
pub fn extension(mime: &str) -> Option<&'static str> {
    find(mime).map(|entry| entry.extension)
}

/// The type for the extension of a file name or of a URL's path.
pub fn of_path(path: impl AsRef<Path>) -> Option<&'static str> {
    let extension = path.as_ref().extension()?.to_str()?.to_ascii_lowercase();
    let fits = |entry: &&MimeType| entry.extension == extension || entry.other_extensions.contains(&extension.as_str());
    TABLE.iter().find(fits).map(|entry| entry.mime)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn types_and_extensions_are_unique() {
        let (mut mimes, mut extensions) = (HashSet::new(), HashSet::new());
        for entry in TABLE {
            assert!(
                std::iter::once(&entry.mime).chain(entry.spellings).all(|mime| mimes.insert(mime)),
                "{}",
                entry.mime
            );
            let mut ends = std::iter::once(&entry.extension).chain(entry.other_extensions);
            assert!(ends.all(|end| extensions.insert(end)), "{}", entry.mime);
            assert_eq!(extension(entry.mime), Some(entry.extension));
            assert_eq!(of_path(format!("a.{}", entry.extension)), Some(entry.mime));
        }
    }

    #[test]
    fn other_names_parameters_and_case_are_accepted() {
        assert_eq!(extension("Audio/X-WAV; rate=1"), Some("wav"));
        assert_eq!(of_path("a/b.c/Song.OPUS"), Some("audio/ogg"));
        assert_eq!((extension(UNKNOWN), of_path("a/b.c/song"), of_path("")), (None, None, None));
    }
}
