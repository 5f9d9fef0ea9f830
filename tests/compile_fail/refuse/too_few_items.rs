use kie::models::seedream_4_5_edit::ImageUrls;

fn main() {
    let _: ImageUrls = ImageUrls::of([]);
}
