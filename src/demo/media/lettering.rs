//! Draws text on a canvas: a bitmap font with Cyrillic letters, scaled by whole factors, wrapped at spaces.

use std::convert::Infallible;

use embedded_graphics::Drawable;
use embedded_graphics::Pixel;
use embedded_graphics::draw_target::DrawTarget;
use embedded_graphics::geometry::{OriginDimensions, Point, Size};
use embedded_graphics::mono_font::{MonoFont, MonoTextStyle, iso_8859_5};
use embedded_graphics::pixelcolor::BinaryColor;
use embedded_graphics::text::{Baseline, Text};

use super::canvas::Canvas;

const LARGE: MonoFont<'_> = iso_8859_5::FONT_10X20;
const SMALL: MonoFont<'_> = iso_8859_5::FONT_6X10;

/// Draws the prompt on a dark band near the lower edge, and the caption below it.
pub(super) fn write(canvas: &mut Canvas, prompt: &str, caption: &str) {
    let margin = canvas.width / 20;
    let room = canvas.width - margin * 2;
    let most_height = canvas.height / 2;
    // The largest scale at which the whole text fits.
    let fitting = (1..=(canvas.width / 210).max(1)).rev().find_map(|scale| {
        let lines = wrap(prompt, room / (10 * scale));
        (lines.len() as u32 * 22 * scale <= most_height).then_some((scale, lines))
    });
    let (font, scale, mut lines) = match fitting {
        Some((scale, lines)) => (&LARGE, scale, lines),
        None => (&SMALL, 1, wrap(prompt, room / 6)),
    };
    let step = (font.character_size.height + 2) * scale;
    let fits = (most_height / step).max(1) as usize;
    if lines.len() > fits {
        lines.truncate(fits);
        if let Some(last) = lines.last_mut() {
            last.push_str("...");
        }
    }
    let small = scale.div_ceil(2);
    let height = lines.len() as u32 * step + 14 * small + margin;
    let top = canvas.height.saturating_sub(height + margin * 2);
    canvas.blend(margin / 2, top, canvas.width - margin, height, [8, 10, 24], 0.5);
    let mut y = top + margin / 2;
    for text in &lines {
        let width = text.chars().count() as u32 * font.character_size.width * scale;
        line(canvas, font, scale, text, canvas.width.saturating_sub(width) / 2, y, [255, 255, 255]);
        y += step;
    }
    let width = caption.chars().count() as u32 * 6 * small;
    line(canvas, &SMALL, small, caption, canvas.width.saturating_sub(width) / 2, y + 2 * small, [200, 210, 235]);
}

fn line(canvas: &mut Canvas, font: &MonoFont<'_>, scale: u32, text: &str, x: u32, y: u32, colour: [u8; 3]) {
    let mut ink = ScaledTarget { canvas, scale, x, y, colour };
    let style = MonoTextStyle::new(font, BinaryColor::On);
    let Ok(_) = Text::with_baseline(text, Point::zero(), style, Baseline::Top).draw(&mut ink);
}

/// Splits a text into lines of at most `most` characters; a longer word is broken.
fn wrap(text: &str, most: u32) -> Vec<String> {
    let most = most.max(4) as usize;
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for piece in letters.chunks(most) {
            if length > 0 && length + 1 + piece.len() > most {
                lines.push(std::mem::take(&mut line));
                length = 0;
            }
            if length > 0 {
                line.push(' ');
                length += 1;
            }
            line.extend(piece);
            length += piece.len();
        }
    }
    if length > 0 {
        lines.push(line);
    }
    lines
}

/// A draw target that draws each pixel as a square of `scale` pixels at an offset.
struct ScaledTarget<'a> {
    canvas: &'a mut Canvas,
    scale: u32,
    x: u32,
    y: u32,
    colour: [u8; 3],
}

impl OriginDimensions for ScaledTarget<'_> {
    fn size(&self) -> Size {
        Size::new(self.canvas.width, self.canvas.height)
    }
}

impl DrawTarget for ScaledTarget<'_> {
    type Color = BinaryColor;
    type Error = Infallible;

    fn draw_iter<I: IntoIterator<Item = Pixel<BinaryColor>>>(&mut self, pixels: I) -> Result<(), Infallible> {
        for Pixel(at, value) in pixels {
            let (Ok(x), Ok(y)) = (u32::try_from(at.x), u32::try_from(at.y)) else { continue };
            if value.is_on() {
                let side = self.scale;
                self.canvas.blend(self.x + x * side, self.y + y * side, side, side, self.colour, 1.0);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_at_spaces_and_breaks_long_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("  ", 9), Vec::<String>::new());
    }

    #[test]
    fn cyrillic_is_drawn_and_differs_from_unknown_letters() {
        let ink = |text: &str| {
            let mut canvas = Canvas::paint(60, 20, |_, _| [0.0; 3]);
            line(&mut canvas, &LARGE, 1, text, 0, 0, [255; 3]);
            canvas.pixels
        };
        assert!(ink("Я").contains(&255));
        assert_ne!(ink("Яя"), ink("日本"));
    }
}
