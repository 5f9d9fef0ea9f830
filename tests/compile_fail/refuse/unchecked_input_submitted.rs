use kie::models::ZImage;
use kie::schema::Request;

fn main() {
    let input = ZImage::new("a fox".parse().unwrap());
    let _ = Request::from(&input);
}
