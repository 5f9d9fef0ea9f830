//! Draws an image with half-block characters: each shows two pixels, one above the other.

use std::fmt::Write;
use std::io::Cursor;

/// Images with more pixels are not decoded.
const MAX_PIXELS: u64 = 64_000_000;

/// A PNG as lines of text, at most `columns` wide; `None` when it cannot be decoded.
pub(super) fn draw(png: &[u8], columns: u32) -> Option<Vec<u8>> {
    let picture = Pixels::read(png)?;
    let columns = columns.min(picture.width);
    // A character is twice as high as wide, and shows two pixels.
    let rows = (u64::from(picture.height) * u64::from(columns)).div_ceil(u64::from(picture.width)).max(2) as u32;
    let mut text = String::new();
    for row in (0..rows).step_by(2) {
        for column in 0..columns {
            let [r, g, b] = picture.mean(column, columns, row, rows);
            let [s, h, c] = picture.mean(column, columns, (row + 1).min(rows - 1), rows);
            write!(text, "\x1b[38;2;{r};{g};{b};48;2;{s};{h};{c}m▀").ok()?;
        }
        text.push_str("\x1b[0m\n");
    }
    Some(text.into_bytes())
}

struct Pixels {
    width: u32,
    height: u32,
    channels: usize,
    bytes: Vec<u8>,
}

impl Pixels {
    fn read(png: &[u8]) -> Option<Self> {
        let mut decoder = png::Decoder::new(Cursor::new(png));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().ok()?;
        let (width, height) = (reader.info().width, reader.info().height);
        if width == 0 || height == 0 || u64::from(width) * u64::from(height) > MAX_PIXELS {
            return None;
        }
        let mut bytes = vec![0; reader.output_buffer_size()?];
        let frame = reader.next_frame(&mut bytes).ok()?;
        let channels = frame.color_type.samples();
        (frame.line_size == width as usize * channels).then_some(Self { width, height, channels, bytes })
    }

    /// The mean colour of one cell of a grid.
    fn mean(&self, column: u32, columns: u32, row: u32, rows: u32) -> [u8; 3] {
        let span = |at: u32, of: u32, length: u32| {
            let edge = |at: u32| (u64::from(at) * u64::from(length) / u64::from(of)) as u32;
            let start = edge(at).min(length - 1);
            // About eight samples in each direction are enough for the mean.
            let step = ((edge(at + 1).saturating_sub(start)) / 8).max(1);
            (start..edge(at + 1).max(start + 1).min(length)).step_by(step as usize)
        };
        let (mut sum, mut count) = ([0_u32; 3], 0);
        for y in span(row, rows, self.height) {
            for x in span(column, columns, self.width) {
                let at = (y as usize * self.width as usize + x as usize) * self.channels;
                let Some(pixel) = self.bytes.get(at..at + self.channels) else { continue };
                let rgb = if self.channels < 3 { [pixel[0]; 3] } else { [pixel[0], pixel[1], pixel[2]] };
                sum.iter_mut().zip(rgb).for_each(|(sum, part)| *sum += u32::from(part));
                count += 1;
            }
        }
        sum.map(|part| (part / count.max(1)) as u8)
    }
}
