use kie::models::ZImage;
use kie::schema::Files;

fn main() {
    let input = ZImage::new("a fox".parse().unwrap());
    let _ = input.price(&Files::new());
}
