use kie::models::{Seedream45Edit, ZImage, seedream_4_5_edit::Quality, z_image::AspectRatio};
use kie::schema::{Files, List, Request};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let picture = ZImage::new("a fox".parse()?).aspect_ratio(AspectRatio::R16x9).check()?;
    let _ = picture.price(&Files::new());
    let edited = Seedream45Edit::new("a fox".parse()?, List::of(["https://example.com/a.png".parse()?]));
    let _ = Request::from(&edited.quality(Quality::High).check()?);
    Ok(())
}
