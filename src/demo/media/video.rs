//! A short video: uncompressed H.264 frames in an MP4 file, which all browsers play.

use less_avc::ycbcr_image::{DataPlane, Planes, YCbCrImage};
use less_avc::{BitDepth, LessEncoder};
use muxide::api::{MuxerBuilder, VideoCodec};

use super::canvas::{Canvas, Palette};
use super::{MediaError, Subject, lettering};

/// A frame takes 30 kB to 90 kB because it is not compressed, so the frame rate is low.
const FRAME_RATE: u32 = 8;
const FRAMES: u32 = 20;
/// The longer side is at most this, in pixels.
const MAX_SIDE: u32 = 320;

/// An MP4 of 2.5 seconds without sound: a moving landscape with the prompt over it.
///
/// # Errors
/// When an encoder fails.
pub fn video(subject: &Subject) -> Result<Vec<u8>, MediaError> {
    encode(subject, fit(subject.size), FRAMES)
}

fn encode(subject: &Subject, (width, height): (u32, u32), frames: u32) -> Result<Vec<u8>, MediaError> {
    let palette = Palette::of(subject);
    let ratio = width as f32 / height as f32;
    let mut file = Vec::new();
    let mut muxer = MuxerBuilder::new(&mut file)
        .video(VideoCodec::H264, width, height, f64::from(FRAME_RATE))
        .build()
        .map_err(MediaError::from_display)?;
    let draw = |time: f32| {
        let mut canvas = Canvas::paint(width, height, |x, y| palette.colour(x, y, ratio, time));
        lettering::write(&mut canvas, &subject.prompt, &subject.caption);
        Yuv::of(&canvas)
    };
    let moves = width.max(height) <= MAX_SIDE;
    let mut planes = draw(0.0);
    let mut encoder = None;
    for number in 0..frames {
        if moves && number > 0 {
            planes = draw(number as f32 / frames as f32);
        }
        let frame = planes.image(width, height);
        let mut annex_b = Vec::new();
        match &mut encoder {
            None => {
                let (units, started) = LessEncoder::new(&frame).map_err(MediaError::from_display)?;
                encoder = Some(started);
                for unit in units.into_iter() {
                    annex_b.extend(unit.to_annex_b_data());
                }
            }
            Some(encoder) => annex_b = encoder.encode(&frame).map_err(MediaError::from_display)?.to_annex_b_data(),
        }
        let at = f64::from(number) / f64::from(FRAME_RATE);
        muxer.write_video(at, &annex_b, true).map_err(MediaError::from_display)?;
    }
    muxer.finish().map_err(MediaError::from_display)?;
    Ok(file)
}

/// The size scaled down to [`MAX_SIDE`], with even sides.
fn fit((width, height): (u32, u32)) -> (u32, u32) {
    let long = width.max(height).max(1);
    let scaled = |side: u32| if long > MAX_SIDE { (side * MAX_SIDE / long).max(32) & !1 } else { side.max(32) & !1 };
    (scaled(width), scaled(height))
}

/// A luma plane at full size and two chroma planes at half size, each padded to blocks of 16 pixels.
struct Yuv {
    stride: usize,
    luma: Vec<u8>,
    blue: Vec<u8>,
    red: Vec<u8>,
}

impl Yuv {
    fn of(canvas: &Canvas) -> Self {
        let stride = canvas.width.next_multiple_of(16) as usize;
        let rows = canvas.height.next_multiple_of(16) as usize;
        let mut luma = Vec::with_capacity(stride * rows);
        let (mut blue, mut red) = (Vec::with_capacity(stride * rows / 4), Vec::with_capacity(stride * rows / 4));
        for y in 0..rows {
            for x in 0..stride {
                let column = x.min(canvas.width as usize - 1);
                let row = y.min(canvas.height as usize - 1);
                let at = (row * canvas.width as usize + column) * 3;
                let [r, g, b] = [0, 1, 2].map(|i| f32::from(canvas.pixels[at + i]));
                // BT.601 at full range, which is what the encoder's header announces.
                luma.push((0.299 * r + 0.587 * g + 0.114 * b) as u8);
                if x % 2 == 0 && y % 2 == 0 {
                    blue.push((128.0 - 0.169 * r - 0.331 * g + 0.5 * b) as u8);
                    red.push((128.0 + 0.5 * r - 0.419 * g - 0.081 * b) as u8);
                }
            }
        }
        Self { stride, luma, blue, red }
    }

    fn image(&self, width: u32, height: u32) -> YCbCrImage<'_> {
        let plane = |data, stride| DataPlane { data, stride, bit_depth: BitDepth::Depth8 };
        YCbCrImage {
            planes: Planes::YCbCr((
                plane(&self.luma, self.stride),
                plane(&self.blue, self.stride / 2),
                plane(&self.red, self.stride / 2),
            )),
            width,
            height,
        }
    }
}
