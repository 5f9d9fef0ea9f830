use kie::models::Seedream45Edit;
use kie::schema::{List, Media, Video};

fn main() {
    let clip: Media<Video> = "https://example.com/a.mp4".parse().unwrap();
    let _ = Seedream45Edit::new("a fox".parse().unwrap(), List::of([clip]));
}
