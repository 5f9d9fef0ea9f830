//! An image file.

use super::canvas::{Canvas, Palette};
use super::{MediaError, Subject, lettering};

/// A PNG that shows a generated landscape with the prompt over it.
///
/// # Errors
/// When the PNG encoder fails, e.g. for a size of zero.
pub fn image(subject: &Subject) -> Result<Vec<u8>, MediaError> {
    let (width, height) = subject.size;
    let palette = Palette::of(subject);
    let ratio = width as f32 / height.max(1) as f32;
    let mut canvas = Canvas::paint(width, height, |x, y| palette.colour(x, y, ratio, 0.0));
    lettering::write(&mut canvas, &subject.prompt, &subject.caption);

    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().map_err(MediaError::from_display)?;
    writer.write_image_data(&canvas.pixels).map_err(MediaError::from_display)?;
    writer.finish().map_err(MediaError::from_display)?;
    Ok(file)
}
