use kie::models::ZImage;

fn main() {
    let mut input = ZImage::new("a fox".parse().unwrap()).check().unwrap();
    input.prompt = "a hare".parse().unwrap();
}
