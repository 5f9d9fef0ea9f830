//! Detects the type of a file, and measures its size and length, from its content.

use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};
use std::time::Duration;

use lofty::config::ParseOptions;
use lofty::file::AudioFile;

use crate::mime;
use crate::mp4;
use crate::sniff::{SNIFFED, shown_type};

/// What was detected; `None` if not known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Probe {
    /// MIME type; `application/octet-stream` if unknown.
    pub mime: &'static str,
    /// Width in pixels, as it is shown.
    pub width: Option<u32>,
    /// Height in pixels, as it is shown.
    pub height: Option<u32>,
    /// Length in seconds.
    pub seconds: Option<f64>,
}

type Size = (u32, u32);

impl Probe {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self { mime: mime::UNKNOWN, width: None, height: None, seconds: None };

    /// Detects what a file in memory is.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self::read(Cursor::new(bytes))
    }

    /// Detects what a file is; reads only the parts that tell it. Nothing is known of one that cannot be read.
    pub fn read(mut file: impl Read + Seek) -> Self {
        let mut start = Vec::new();
        if file.by_ref().take(SNIFFED as u64).read_to_end(&mut start).is_err() {
            return Self::UNKNOWN;
        }
        let mime = shown_type(&start).unwrap_or(mime::UNKNOWN);
        let (size, seconds) = if mime.starts_with("image/") {
            (picture(&mut file), None)
        } else if mime.starts_with("video/") {
            video(&mut file)
        } else if mime.starts_with("audio/") {
            (None, sound(&mut file))
        } else {
            (None, None)
        };
        Self { mime, width: size.map(|size| size.0), height: size.map(|size| size.1), seconds }
    }
}

fn picture(file: &mut (impl Read + Seek)) -> Option<Size> {
    file.rewind().ok()?;
    let size = imagesize::reader_size(BufReader::new(file)).ok()?;
    Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
}

/// Size and length of a video. A file with sound alone is called a video as well.
fn video(file: &mut (impl Read + Seek)) -> (Option<Size>, Option<f64>) {
    let Some(moov) = mp4::read(file) else { return (None, None) };
    let size = mp4::video(&moov).and_then(mp4::size).map(|(size, _)| size);
    (size, mp4::seconds(&moov))
}

/// The length of a file with sound.
fn sound(file: &mut (impl Read + Seek)) -> Option<f64> {
    file.seek(SeekFrom::Start(0)).ok()?;
    let options = ParseOptions::new().read_tags(false).read_cover_art(false);
    let probe = lofty::probe::Probe::new(BufReader::new(file)).options(options);
    let length = probe.guess_file_type().ok()?.read().ok()?.properties().duration();
    (length > Duration::ZERO).then_some(length.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;
    use crate::schema::spec::MediaKind;

    /// Frames of silence of an MPEG-1 layer III file, 128 kbit/s, 44100 samples a second in frames of 1152.
    fn mp3(frames: usize) -> Vec<u8> {
        let mut frame = vec![0; 417];
        frame[..4].copy_from_slice(&[0xff, 0xfb, 0x90, 0xc4]);
        frame.repeat(frames)
    }

    #[test]
    fn the_length_of_sound_is_measured() {
        let seen = Probe::of_bytes(&mp3(100));
        assert_eq!((seen.mime, seen.width), ("audio/mpeg", None));
        let seconds = seen.seconds.unwrap();
        assert!((seconds - 100.0 * 1152.0 / 44_100.0).abs() < 0.1, "{seconds}");
        let tune = Sample::of(MediaKind::Audio).unwrap();
        assert_eq!(Probe::of_bytes(tune.bytes).seconds, Some(3.0));
    }

    #[test]
    fn a_file_on_the_disk_is_measured_like_one_in_memory() {
        let folder = tempfile::tempdir().unwrap();
        for kind in [MediaKind::Image, MediaKind::Video, MediaKind::Audio] {
            let sample = Sample::of(kind).unwrap();
            let path = folder.path().join(sample.name);
            std::fs::write(&path, sample.bytes).unwrap();
            assert_eq!(Probe::read(std::fs::File::open(path).unwrap()), Probe::of_bytes(sample.bytes));
        }
    }

    #[test]
    fn damaged_files_are_unknown() {
        for bytes in [&b""[..], b"\x89PNG\r\n\x1a\n", b"\0\0\0\x18ftypisom", b"RIFF....WAVE"] {
            let seen = Probe::of_bytes(bytes);
            assert_eq!((seen.width, seen.seconds), (None, None), "{seen:?}");
        }
    }
}
