use kie::models::QwenTextToImage;

fn main() {
    let _ = QwenTextToImage::new("a fox".parse().unwrap()).seed(5);
}
