//! What an MP4 or QuickTime file says of its video: size, length, and where its first picture lies (ISO/IEC 14496-15).

use std::io::{Read, Seek, SeekFrom};

use mp4_atom::{Avc1, Codec, Stbl, StszSamples};

use crate::mp4;

/// A compressed picture that is larger is not decoded, in bytes.
const MAX_PICTURE: u32 = 16 << 20;

/// The first video of a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Video {
    /// Width in pixels, as it is shown.
    pub(super) width: u32,
    /// Height in pixels, as it is shown.
    pub(super) height: u32,
    /// Length in seconds.
    pub(super) seconds: Option<f64>,
    /// How many quarters of a turn its pictures are turned to the right to be shown.
    pub(super) quarter_turns: u8,
    /// Its first picture, when it is H.264 and complete in itself.
    pub(super) first: Option<FirstPicture>,
}

/// Where the first picture of an H.264 video lies, and what is needed to decode it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FirstPicture {
    offset: u64,
    bytes: u32,
    /// How many bytes the length before each unit has.
    length_size: usize,
    /// The parameter sets.
    parameters: Vec<Vec<u8>>,
    /// Width times height, as it is decoded.
    pub(super) pixels: u64,
}

/// Reads the facts of a file; `None` when it is no such file, or has no video.
pub(super) fn read(file: &mut (impl Read + Seek)) -> Option<Video> {
    let moov = mp4::read(file)?;
    let trak = mp4::video(&moov)?;
    let ((width, height), quarter_turns) = mp4::size(trak)?;
    let samples = &trak.mdia.minf.stbl;
    let first = match samples.stsd.codecs.first() {
        Some(Codec::Avc1(codec)) => first_picture(codec, samples),
        _ => None,
    };
    Some(Video { width, height, seconds: mp4::seconds(&moov), quarter_turns, first })
}

impl FirstPicture {
    /// Its data as a stream with start codes (H.264, annex B): the parameter sets, and the picture.
    pub(super) fn read(&self, file: &mut (impl Read + Seek)) -> Option<Vec<u8>> {
        file.seek(SeekFrom::Start(self.offset)).ok()?;
        let mut sample = vec![0; self.bytes as usize];
        file.read_exact(&mut sample).ok()?;
        let mut stream = Vec::with_capacity(sample.len() + 256);
        for unit in &self.parameters {
            put_unit(&mut stream, unit);
        }
        let mut rest = sample.as_slice();
        while let Some((head, after)) = rest.split_at_checked(self.length_size) {
            let length = head.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
            let (unit, after) = after.split_at_checked(length)?;
            put_unit(&mut stream, unit);
            rest = after;
        }
        Some(stream)
    }
}

fn put_unit(stream: &mut Vec<u8>, unit: &[u8]) {
    stream.extend([0, 0, 0, 1]);
    stream.extend(unit);
}

fn first_picture(codec: &Avc1, samples: &Stbl) -> Option<FirstPicture> {
    // Without the list of pictures that are complete in themselves, all of them are.
    if samples.stss.as_ref().is_some_and(|complete| complete.entries.first() != Some(&1)) {
        return None;
    }
    let offset = match (&samples.stco, &samples.co64) {
        (Some(chunks), _) => u64::from(*chunks.entries.first()?),
        (None, chunks) => *chunks.as_ref()?.entries.first()?,
    };
    let bytes = match &samples.stsz.samples {
        StszSamples::Identical { size, .. } => *size,
        StszSamples::Different { sizes } => *sizes.first()?,
    };
    let set = &codec.avcc;
    let parameters = set.sequence_parameter_sets.iter().chain(&set.picture_parameter_sets).cloned().collect();
    (1..=MAX_PICTURE).contains(&bytes).then_some(FirstPicture {
        offset,
        bytes,
        length_size: usize::from(set.length_size),
        parameters,
        pixels: u64::from(codec.visual.width) * u64::from(codec.visual.height),
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::sample::Sample;
    use crate::schema::spec::MediaKind;

    fn clip() -> Vec<u8> {
        Sample::of(MediaKind::Video).unwrap().bytes.to_vec()
    }

    /// The same file with another matrix in the header of its video.
    fn turned(a: i32, b: i32, c: i32, d: i32) -> Vec<u8> {
        let mut file = clip();
        let at = file.windows(4).position(|part| part == b"tkhd").unwrap() + 4 + 84 - 44;
        for (n, number) in [(0, a), (1, b), (3, c), (4, d)] {
            file[at + 4 * n..][..4].copy_from_slice(&(number << 16).to_be_bytes());
        }
        // Sides that differ.
        file[at + 36..at + 40].copy_from_slice(&(640_u32 << 16).to_be_bytes());
        file
    }

    #[test]
    fn size_length_and_picture_are_read() {
        let video = read(&mut Cursor::new(clip())).unwrap();
        assert_eq!((video.width, video.height, video.quarter_turns), (720, 720, 0));
        assert!((2.9..3.1).contains(&video.seconds.unwrap()), "{video:?}");
        let stream = video.first.unwrap().read(&mut Cursor::new(clip())).unwrap();
        assert_eq!((&stream[..4], stream[4] & 31), (&[0, 0, 0, 1][..], 7), "parameters come first");
    }

    #[test]
    fn a_turned_video_is_measured_as_it_is_shown() {
        for ((a, b, c, d), turns, size) in [
            ((1, 0, 0, 1), 0, (640, 720)),
            ((0, 1, -1, 0), 1, (720, 640)),
            ((-1, 0, 0, -1), 2, (640, 720)),
            ((0, -1, 1, 0), 3, (720, 640)),
        ] {
            let video = read(&mut Cursor::new(turned(a, b, c, d))).unwrap();
            assert_eq!((video.quarter_turns, (video.width, video.height)), (turns, size));
        }
    }

    #[test]
    fn damaged_files_are_no_video() {
        let whole = clip();
        for bytes in [
            &b""[..],
            b"\0\0\0\x18ftypisom",
            b"\x89PNG\r\n\x1a\n0000",
            b"\0\0\0\x01ftyp\xff\xff\xff\xff\xff\xff\xff\xff",
        ] {
            assert_eq!(read(&mut Cursor::new(bytes)), None);
        }
        // Cut off and changed anywhere, it is read or refused.
        for n in 0..whole.len().min(4000) {
            read(&mut Cursor::new(&whole[..n]));
            let mut damaged = whole.clone();
            let at = whole.len() - 1 - n;
            damaged[at] ^= 0xff;
            if let Some(first) = read(&mut Cursor::new(&damaged)).and_then(|video| video.first) {
                first.read(&mut Cursor::new(&damaged));
            }
        }
    }
}
