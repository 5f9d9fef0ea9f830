//! An RGB image in memory, eight bits a channel, and the generated landscape.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::Subject;
use crate::demo::random;

/// Red, green and blue of one pixel, each from 0 to 1.
pub(super) type Colour = [f32; 3];

pub(super) struct Canvas {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) pixels: Vec<u8>,
}

impl Canvas {
    /// An image whose pixels are given by `colour`, which takes x and y from 0 to 1.
    pub(super) fn paint(width: u32, height: u32, colour: impl Fn(f32, f32) -> Colour) -> Self {
        let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
        for y in 0..height {
            for x in 0..width {
                let rgb = colour(x as f32 / width as f32, y as f32 / height as f32);
                pixels.extend(rgb.map(|part| (part.clamp(0.0, 1.0) * 255.0) as u8));
            }
        }
        Self { width, height, pixels }
    }

    /// Blends `colour` into a rectangle, clipped to the image; `alpha` 1 covers what was there.
    pub(super) fn blend(&mut self, x: u32, y: u32, w: u32, h: u32, colour: [u8; 3], alpha: f32) {
        let (right, bottom) = (x.saturating_add(w).min(self.width), y.saturating_add(h).min(self.height));
        for row in y..bottom {
            for column in x..right {
                let at = (row as usize * self.width as usize + column as usize) * 3;
                for (pixel, new) in self.pixels[at..at + 3].iter_mut().zip(colour) {
                    *pixel = (f32::from(*pixel) * (1.0 - alpha) + f32::from(new) * alpha) as u8;
                }
            }
        }
    }
}

/// The colours and shapes of a landscape with a sky, a sun and hills, generated from a subject.
pub(super) struct Palette {
    top: Colour,
    bottom: Colour,
    sun: Colour,
    sun_at: (f32, f32),
    sun_size: f32,
    hills: [(f32, f32, f32); 3],
}

impl Palette {
    pub(super) fn of(subject: &Subject) -> Self {
        let seed = random::bytes(subject.seed, &[&subject.prompt, &subject.caption]);
        let mut rng = StdRng::from_seed(seed);
        // From teal over blue and violet to orange; a sky between yellow and green looks unnatural.
        let hue: f32 = rng.gen_range(0.46..1.06);
        Self {
            top: from_hue(hue, 0.62, 0.34),
            bottom: from_hue(hue + rng.gen_range(0.08..0.22), 0.66, 0.78),
            sun: from_hue(rng.gen_range(0.96..1.14), 0.35, 0.98),
            sun_at: (rng.gen_range(0.2..0.8), rng.gen_range(0.18..0.42)),
            sun_size: rng.gen_range(0.09..0.15),
            hills: [0.56, 0.66, 0.78].map(|base| (base, rng.gen_range(0.0..6.3), rng.gen_range(4.0..9.0))),
        }
    }

    /// The colour at a point (x and y from 0 to 1) of an image with this aspect ratio. `time` moves the sun and the
    /// hills; 1 is the whole length of a video.
    pub(super) fn colour(&self, x: f32, y: f32, ratio: f32, time: f32) -> Colour {
        let mut colour = mix(self.top, self.bottom, y * 1.1);
        let sun_x = (self.sun_at.0 + time * 0.6).fract();
        let distance = ((x - sun_x) * ratio).hypot(y - self.sun_at.1) / self.sun_size;
        let glow = (1.0 - distance / 4.0).max(0.0);
        colour = mix(colour, self.sun, glow * glow * 0.5);
        colour = mix(colour, self.sun, ((1.0 - distance) * 40.0).clamp(0.0, 1.0));
        for (layer, (base, phase, waves)) in (1..).zip(self.hills) {
            let depth = layer as f32;
            let slope = (x * waves + phase + time * depth * 0.9).sin() * 0.045;
            let ridge = base + slope + (x * waves * 2.3 + phase * 2.0).sin() * 0.016;
            colour =
                mix(colour, mix(self.bottom, self.top, 0.45 + depth * 0.2), ((y - ridge) * 300.0).clamp(0.0, 0.82));
        }
        colour
    }
}

fn mix(a: Colour, b: Colour, part: f32) -> Colour {
    let part = part.clamp(0.0, 1.0);
    std::array::from_fn(|i| a[i] * (1.0 - part) + b[i] * part)
}

/// Hue, saturation and value, 0 to 1 each.
fn from_hue(hue: f32, saturation: f32, value: f32) -> Colour {
    [5.0_f32, 3.0, 1.0].map(|offset| {
        let k = (offset + hue.fract() * 6.0) % 6.0;
        value - value * saturation * k.min(4.0 - k).clamp(0.0, 1.0)
    })
}
