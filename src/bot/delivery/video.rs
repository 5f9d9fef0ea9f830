//! What the boxes of an MP4 or QuickTime file say of its video: size, length, and where its first picture lies
//! (ISO/IEC 14496-12 and 14496-15).

use std::io::{Read, Seek, SeekFrom};

use crate::probe::{be32, boxes};

/// The box with the facts is read as a whole; of an hour of video it has a few megabytes.
const MAX_MOOV: u64 = 32 << 20;
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
    let moov = moov(file)?;
    let is_video = |trak: &&[u8]| find(trak, &[b"mdia", b"hdlr"]).and_then(|hdlr| hdlr.get(8..12)) == Some(b"vide");
    let trak = boxes(&moov).filter(|(name, _)| name == b"trak").map(|(_, body)| body).find(is_video)?;
    let sample = find(trak, &[b"mdia", b"minf", b"stbl"]);
    let entry = sample.and_then(|stbl| find(stbl, &[b"stsd"])?.get(8..)).and_then(|entries| boxes(entries).next());
    let coded = entry.and_then(|(_, body)| Some((be16(body, 24)?, be16(body, 26)?)));
    let header = find(trak, &[b"tkhd"])?;
    let (size, quarter_turns) = header_facts(header)?;
    let (width, height) = Some(size).filter(|(w, h)| *w > 0 && *h > 0).or(coded)?;
    let first = entry.zip(sample).filter(|((name, _), _)| name == b"avc1");
    let pixels = coded.map_or(0, |(w, h)| u64::from(w) * u64::from(h));
    Some(Video {
        width: if quarter_turns % 2 == 0 { width } else { height },
        height: if quarter_turns % 2 == 0 { height } else { width },
        seconds: seconds(&moov),
        quarter_turns,
        first: first.and_then(|((_, entry), stbl)| first_picture(entry, stbl, pixels)),
    })
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

/// The content of the box with the facts, wherever it lies in the file.
fn moov(file: &mut (impl Read + Seek)) -> Option<Vec<u8>> {
    let end = file.seek(SeekFrom::End(0)).ok()?;
    let mut at: u64 = 0;
    while at.checked_add(8).is_some_and(|head| head <= end) {
        file.seek(SeekFrom::Start(at)).ok()?;
        let mut head = [0; 16];
        file.read_exact(&mut head[..8]).ok()?;
        let (head_size, size) = match be32(&head, 0)? {
            0 => (8, end - at),
            1 => {
                file.read_exact(&mut head[8..]).ok()?;
                (16, u64::from(be32(&head, 8)?) << 32 | u64::from(be32(&head, 12)?))
            }
            size => (8, u64::from(size)),
        };
        let name = &head[4..8];
        let body = size.checked_sub(head_size)?;
        if at == 0 && name != b"ftyp" {
            return None;
        }
        if name == b"moov" {
            let mut moov = vec![0; Some(body).filter(|body| *body <= MAX_MOOV)? as usize];
            file.read_exact(&mut moov).ok()?;
            return Some(moov);
        }
        at = at.checked_add(size)?;
    }
    None
}

/// The content of a box inside of boxes.
fn find<'a>(outer: &'a [u8], path: &[&[u8; 4]]) -> Option<&'a [u8]> {
    path.iter().try_fold(outer, |outer, name| boxes(outer).find(|(own, _)| own == *name).map(|(_, body)| body))
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

/// Width and height before the turn, and the quarter turns, from the end of a track's header.
fn header_facts(tkhd: &[u8]) -> Option<((u32, u32), u8)> {
    let end = tkhd.len().checked_sub(44)?;
    // The matrix: a, b, u, c, d, v, x, y, w; then the sides, as 16.16 fixed point.
    let signed = |at: usize| be32(tkhd, end + at).map(u32::cast_signed);
    let quarter_turns = match (signed(0)?.signum(), signed(4)?.signum()) {
        (0, 1) => 1,
        (-1, 0) => 2,
        (0, -1) => 3,
        _ => 0,
    };
    Some(((be32(tkhd, end + 36)? >> 16, be32(tkhd, end + 40)? >> 16), quarter_turns))
}

/// The length of a movie: of one in fragments, that of all of them.
fn seconds(moov: &[u8]) -> Option<f64> {
    let mvhd = find(moov, &[b"mvhd"])?;
    let is_long = mvhd.first() == Some(&1);
    let scale = be32(mvhd, if is_long { 20 } else { 12 })?;
    let own = number(mvhd, if is_long { 24 } else { 16 }, is_long)?;
    let of_fragments = || find(moov, &[b"mvex", b"mehd"]).and_then(|mehd| number(mehd, 4, mehd.first() == Some(&1)));
    let length = Some(own).filter(|length| *length > 0.0).or_else(of_fragments)?;
    (scale > 0).then(|| length / f64::from(scale))
}

fn number(body: &[u8], at: usize, is_long: bool) -> Option<f64> {
    let high = f64::from(be32(body, at)?);
    if is_long { Some(high * 4_294_967_296.0 + f64::from(be32(body, at + 4)?)) } else { Some(high) }
}

fn first_picture(entry: &[u8], stbl: &[u8], pixels: u64) -> Option<FirstPicture> {
    // Without the list of pictures that are complete in themselves, all of them are.
    if let Some(complete) = find(stbl, &[b"stss"])
        && be32(complete, 8) != Some(1)
    {
        return None;
    }
    let offset = match find(stbl, &[b"stco"]) {
        Some(stco) => u64::from(be32(stco, 8)?),
        None => {
            let co64 = find(stbl, &[b"co64"])?;
            u64::from(be32(co64, 8)?) << 32 | u64::from(be32(co64, 12)?)
        }
    };
    let sizes = find(stbl, &[b"stsz"])?;
    let bytes = match be32(sizes, 4)? {
        0 => be32(sizes, 12)?,
        all => all,
    };
    // The fields of a visual entry are before its boxes.
    let avcc = find(entry.get(78..)?, &[b"avcC"])?;
    let length_size = usize::from(avcc.get(4)? & 3) + 1;
    let mut parameters = Vec::new();
    let mut rest = avcc.get(5..)?;
    for mask in [0x1f, 0xff] {
        let (count, after) = rest.split_first()?;
        rest = after;
        for _ in 0..count & mask {
            let (length, after) = rest.split_at_checked(2)?;
            let (unit, after) = after.split_at_checked(be16(length, 0)? as usize)?;
            parameters.push(unit.to_vec());
            rest = after;
        }
    }
    (1..=MAX_PICTURE).contains(&bytes).then_some(FirstPicture { offset, bytes, length_size, parameters, pixels })
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
