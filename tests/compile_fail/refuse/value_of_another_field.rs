use kie::models::{Seedream45Edit, ZImage, seedream_4_5_edit};

fn main() {
    let prompt: seedream_4_5_edit::Prompt = "a fox".parse().unwrap();
    let _ = ZImage::new(prompt);
    let _ = Seedream45Edit::new;
}
