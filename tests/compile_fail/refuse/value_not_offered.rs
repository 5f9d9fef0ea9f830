use kie::models::seedream_4_5_edit::Quality;

fn main() {
    let _ = Quality::Ultra;
}
