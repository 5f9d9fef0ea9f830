use kie::models::wan_2_7_image::ColorPaletteItem;

fn main() {
    let _ = ColorPaletteItem::new();
}
