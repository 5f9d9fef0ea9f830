use kie::models::ZImage;
use kie::schema::Checked;

fn main() {
    let input = ZImage::new("a fox".parse().unwrap());
    let _ = Checked(input);
}
