//! From an API key to an image:
//!
//! ```text
//! KIE_API_KEY=... cargo run --example generate --no-default-features --features client
//! ```
#![allow(clippy::print_stdout, reason = "an example talks to its terminal")]

use kie::Client;
use kie::models::ZImage;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let input = ZImage::new("A red fox in the snow, morning light".parse()?).check()?;
    let output = client.generate(&input).await.into_result()?;
    for (n, url) in output.urls.iter().enumerate() {
        let name = format!("fox-{n}.png");
        let file = client.download(url, name.as_ref(), 50_000_000).await?;
        println!("{name}: {} bytes, {}", file.bytes, file.mime);
    }
    Ok(())
}
