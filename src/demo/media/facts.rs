//! What a file is, from its first bytes: the simulated Telegram must tell the bot sizes and lengths, as the real one does.

use std::io::Cursor;

/// What was found. `None` is not known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Facts {
    /// By content; `application/octet-stream` when nothing fits.
    pub mime: &'static str,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// Length.
    pub seconds: Option<f64>,
}

/// Looks at a file.
pub fn facts(bytes: &[u8]) -> Facts {
    let mime = match infer::get(bytes).map(|kind| kind.mime_type()) {
        Some("audio/x-wav") => "audio/wav",
        Some(mime) => mime,
        None => "application/octet-stream",
    };
    let (size, seconds) = match mime {
        "image/png" => (png(bytes), None),
        "image/gif" => (gif(bytes), None),
        "image/webp" => (webp(bytes), None),
        "image/jpeg" => (jpeg(bytes), None),
        "audio/wav" => (None, wav(bytes)),
        "audio/mpeg" => (None, Some(bytes.len() as f64 / 16_000.0)), // as if 128 kbit/s: a frame scan is not worth it here
        _ => mp4(bytes),
    };
    Facts { mime, width: size.map(|s| s.0), height: size.map(|s| s.1), seconds }
}

type Size = Option<(u32, u32)>;

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

fn png(bytes: &[u8]) -> Size {
    Some((be32(bytes, 16)?, be32(bytes, 20)?))
}

fn gif(bytes: &[u8]) -> Size {
    Some((le16(bytes, 6)?, le16(bytes, 8)?))
}

/// The three forms of WebP: lossy, lossless, extended.
fn webp(bytes: &[u8]) -> Size {
    match bytes.get(12..16)? {
        b"VP8 " => Some((le16(bytes, 26)? & 0x3fff, le16(bytes, 28)? & 0x3fff)),
        b"VP8L" => {
            let bits = u32::from_le_bytes(bytes.get(21..25)?.try_into().ok()?);
            Some(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))
        }
        b"VP8X" => {
            let three = |at: usize| Some(le16(bytes, at)? | (u32::from(*bytes.get(at + 2)?) << 16));
            Some((three(24)? + 1, three(27)? + 1))
        }
        _ => None,
    }
}

/// Walks the segments up to the frame header.
fn jpeg(bytes: &[u8]) -> Size {
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        match *bytes.get(at + 1)? {
            0xff => at += 1,
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Some((be16(bytes, at + 7)?, be16(bytes, at + 5)?));
            }
            0x01 | 0xd0..=0xd8 => at += 2,
            _ => at += 2 + be16(bytes, at + 2)? as usize,
        }
    }
}

fn wav(bytes: &[u8]) -> Option<f64> {
    let reader = hound::WavReader::new(Cursor::new(bytes)).ok()?;
    Some(f64::from(reader.duration()) / f64::from(reader.spec().sample_rate.max(1)))
}

/// Size of the first track that has one, and the length, from the boxes of an MP4 or QuickTime file.
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
        // Both sides close the header, as 16.16 fixed point.
        let end = header.len();
        let (w, h) = (be32(header, end.checked_sub(8)?)? >> 16, be32(header, end.checked_sub(4)?)? >> 16);
        (w > 0 && h > 0).then_some((w, h))
    });
    (size, seconds)
}

/// Name and body of each box.
fn boxes(mut rest: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
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
    fn a_jpeg_header_is_read_past_other_segments() {
        let mut file = vec![0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 17, 8];
        file.extend([0x02, 0x80, 0x04, 0x00, 3]);
        assert_eq!(jpeg(&file), Some((1024, 640)));
        assert_eq!(jpeg(&[0xff, 0xd8, 0x00]), None);
    }

    #[test]
    fn broken_files_are_not_known() {
        for bytes in [&b""[..], b"\x89PNG\r\n\x1a\n", b"\0\0\0\x18ftypisom", b"RIFF....WAVE"] {
            let seen = facts(bytes);
            assert_eq!((seen.width, seen.seconds), (None, None), "{seen:?}");
        }
    }
}
