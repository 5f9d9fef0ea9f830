//! What MP4 and QuickTime files say of themselves (ISO/IEC 14496-12).

use std::io::{Read, Seek, SeekFrom};

use mp4_atom::{Atom, Codec, FourCC, Ftyp, Header, Moov, ReadAtom, ReadFrom, Trak, Visual};

/// The box with the facts is read as a whole; of an hour of video it has a few megabytes.
const MAX_MOOV: u64 = 32 << 20;
/// The handler of a track with pictures.
const VIDEO: FourCC = FourCC::new(b"vide");

/// Reads the facts of a file, wherever they lie in it; `None` when it is no such file, or damaged.
pub(crate) fn read(file: &mut (impl Read + Seek)) -> Option<Moov> {
    let end = file.seek(SeekFrom::End(0)).ok()?;
    let mut at: u64 = 0;
    while at < end {
        file.seek(SeekFrom::Start(at)).ok()?;
        let header = Header::read_from(file).ok()?;
        let body = file.stream_position().ok()?;
        let size = header.size.map_or(end - body, |size| size as u64);
        if at == 0 && header.kind != Ftyp::KIND {
            return None;
        }
        if header.kind == Moov::KIND {
            return if size <= MAX_MOOV { Moov::read_atom(&header, file).ok() } else { None };
        }
        at = body.checked_add(size)?;
    }
    None
}

/// The first track with pictures.
pub(crate) fn video(moov: &Moov) -> Option<&Trak> {
    moov.trak.iter().find(|trak| trak.mdia.hdlr.handler == VIDEO)
}

/// The length of a movie in seconds: of one in fragments, that of all of them.
pub(crate) fn seconds(moov: &Moov) -> Option<f64> {
    let own = Some(moov.mvhd.duration).filter(|length| *length > 0);
    let length = own.or_else(|| Some(moov.mvex.as_ref()?.mehd.as_ref()?.fragment_duration))?;
    let scale = moov.mvhd.timescale;
    (scale > 0).then(|| length as f64 / f64::from(scale))
}

/// Width and height in pixels as the pictures are shown, and how many quarters of a turn they are turned to the right for
/// that.
pub(crate) fn size(trak: &Trak) -> Option<((u32, u32), u8)> {
    let told = (trak.tkhd.width.integer(), trak.tkhd.height.integer());
    let coded = || visual(trak).map(|visual| (visual.width, visual.height));
    let (width, height) = Some(told).filter(|(width, height)| *width > 0 && *height > 0).or_else(coded)?;
    let (width, height) = (u32::from(width), u32::from(height));
    let matrix = &trak.tkhd.matrix;
    let quarter_turns = match (matrix.a.signum(), matrix.b.signum()) {
        (0, 1) => 1,
        (-1, 0) => 2,
        (0, -1) => 3,
        _ => 0,
    };
    Some((if quarter_turns % 2 == 0 { (width, height) } else { (height, width) }, quarter_turns))
}

/// The pictures of a track as they are coded.
fn visual(trak: &Trak) -> Option<&Visual> {
    match trak.mdia.minf.stbl.stsd.codecs.first()? {
        Codec::Avc1(codec) => Some(&codec.visual),
        Codec::Avc3(codec) => Some(&codec.visual),
        Codec::Hvc1(codec) => Some(&codec.visual),
        Codec::Hev1(codec) => Some(&codec.visual),
        Codec::Vp08(codec) => Some(&codec.visual),
        Codec::Vp09(codec) => Some(&codec.visual),
        Codec::Av01(codec) => Some(&codec.visual),
        _ => None,
    }
}
