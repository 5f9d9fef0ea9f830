use kie::models::ZImage;

fn main() {
    let _ = ZImage::new();
}
