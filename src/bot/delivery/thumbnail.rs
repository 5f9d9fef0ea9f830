//! Thumbnails of videos and music: JPEG, at most 320 pixels a side and less than 200 kB (Bot API, `sendVideo`).

use std::io::{Cursor, Read, Seek};

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageReader, Limits, RgbImage};
use openh264::decoder::Decoder;
use openh264::formats::YUVSource;

use super::video::Video;

/// The longest side, in pixels.
const SIDE: u32 = 320;
/// A thumbnail has fewer bytes.
const MAX_BYTES: usize = 200_000;
/// A picture with more pixels is not decoded: that of 4096 x 4096.
const MAX_PIXELS: u64 = 1 << 24;
/// Most memory for decoding a cover, in bytes.
const MAX_MEMORY: u64 = 128 << 20;

/// The first picture of a video; `None` for other codecs than H.264, and for what cannot be decoded.
pub(super) fn of_video(video: &Video, file: &mut (impl Read + Seek)) -> Option<Vec<u8>> {
    let first = video.first.as_ref().filter(|first| (1..=MAX_PIXELS).contains(&first.pixels))?;
    let stream = first.read(file)?;
    let mut decoder = Decoder::new().ok()?;
    let picture = decoder.decode(&stream).ok()??;
    let (width, height) = picture.dimensions();
    let mut pixels = vec![0; picture.rgb8_len()];
    picture.write_rgb8(&mut pixels);
    let picture = RgbImage::from_raw(u32::try_from(width).ok()?, u32::try_from(height).ok()?, pixels)?;
    let picture = DynamicImage::ImageRgb8(picture);
    jpeg(&match video.quarter_turns {
        1 => picture.rotate90(),
        2 => picture.rotate180(),
        3 => picture.rotate270(),
        _ => picture,
    })
}

/// A cover, which is a JPEG or PNG file; `None` for other files.
pub(super) fn of_picture(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    jpeg(&reader.decode().ok()?)
}

fn jpeg(picture: &DynamicImage) -> Option<Vec<u8>> {
    let is_large = picture.width().max(picture.height()) > SIDE;
    let small = if is_large { picture.thumbnail(SIDE, SIDE) } else { picture.clone() }.to_rgb8();
    [85, 60, 30].into_iter().find_map(|quality| {
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&small).ok()?;
        Some(bytes).filter(|bytes| bytes.len() < MAX_BYTES)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::delivery::video;
    use crate::sample::Sample;
    use crate::schema::spec::MediaKind;

    fn size(jpeg: &[u8]) -> (u32, u32) {
        assert!(jpeg.len() < MAX_BYTES);
        let picture = image::load_from_memory_with_format(jpeg, image::ImageFormat::Jpeg).unwrap();
        (picture.width(), picture.height())
    }

    #[test]
    fn a_video_shows_its_first_picture_upright() {
        let file = Sample::of(MediaKind::Video).unwrap().bytes;
        let video = video::read(&mut Cursor::new(file)).unwrap();
        assert_eq!(size(&of_video(&video, &mut Cursor::new(file)).unwrap()), (320, 320));
        // The same picture turned has the corners of it turned.
        let corner = |quarter_turns| {
            let jpeg = of_video(&Video { quarter_turns, ..video.clone() }, &mut Cursor::new(file)).unwrap();
            let picture = image::load_from_memory(&jpeg).unwrap().to_rgb8();
            let corners = [(0, 0), (319, 0), (319, 319), (0, 319)];
            corners.map(|(x, y)| picture.get_pixel(x, y).0)
        };
        let near = |one: [u8; 3], other: [u8; 3]| one.iter().zip(other).all(|(a, b)| a.abs_diff(b) < 40);
        let upright = corner(0);
        for turns in 1..4 {
            let turned = corner(turns as u8);
            assert!((0..4).all(|n| near(turned[(n + turns) % 4], upright[n])), "{turns}: {upright:?} {turned:?}");
        }
        let mut large = video.clone();
        large.first.as_mut().unwrap().pixels = MAX_PIXELS + 1;
        assert_eq!(of_video(&large, &mut Cursor::new(file)), None);
    }

    #[test]
    fn covers_become_small_and_others_are_left_out() {
        let cover = Sample::of(MediaKind::Image).unwrap().bytes;
        assert_eq!(size(&of_picture(cover).unwrap()), (320, 320));
        assert_eq!(of_picture(b"no picture"), None);
        assert_eq!(of_picture(&cover[..200]), None);
    }

    #[test]
    fn noise_fits_as_well() {
        let noise = RgbImage::from_fn(900, 300, |x, y| {
            let mixed = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).wrapping_mul(2_246_822_519);
            image::Rgb([mixed as u8, (mixed >> 8) as u8, (mixed >> 16) as u8])
        });
        assert_eq!(size(&jpeg(&DynamicImage::ImageRgb8(noise)).unwrap()), (320, 107));
    }
}
