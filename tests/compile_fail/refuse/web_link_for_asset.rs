use kie::models::BytedanceSeedance25;
use kie::schema::{Image, Media};

fn main() {
    let picture: Media<Image> = "https://example.com/a.png".parse().unwrap();
    let _ = BytedanceSeedance25::new().first_frame_url(picture);
}
