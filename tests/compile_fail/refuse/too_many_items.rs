use kie::models::seedream_4_5_edit::ImageUrls;

fn main() {
    let _: ImageUrls = ImageUrls::of(std::array::from_fn::<_, 15, _>(|_| "https://example.com/a.png".parse().unwrap()));
}
