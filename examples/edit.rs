//! Edits an image: upload, price, create, progress, and handling of every kind of error.
//!
//! ```text
//! KIE_API_KEY=... cargo run --example edit --no-default-features --features client -- photo.png
//! ```
#![allow(clippy::print_stdout, reason = "an example talks to its terminal")]

use std::error::Error;
use std::path::Path;

use kie::client::{Client, NoResult};
use kie::models::NanoBananaPro;
use kie::models::nano_banana_pro::Resolution;
use kie::schema::Files;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "photo.png".into());
    let client = Client::from_env()?;
    println!("{} credits left", client.credits().await?);

    // Models take URLs, so the file is uploaded to the vendor's store first, where it is kept for a day.
    let photo = client.upload_file(Path::new(&path), "image/png").await?;
    let input = NanoBananaPro::new("Make the sky pink".parse()?)
        .image_input([photo.url.parse()?].try_into()?)
        .resolution(Resolution::K2)
        .check()?;
    if let Ok(quote) = input.price(&Files::new()) {
        println!("{} credits", quote.credits);
    }

    // Accepted: from here on there is a task id, and the task is billed if it succeeds.
    let mut started = match client.start(&input).await {
        Ok(started) => started,
        Err(error) if error.money_at_risk() => {
            return Err(format!("it may have been accepted, so it is not sent again: {error}").into());
        }
        Err(error) if error.is_retryable() => {
            return Err(format!("try again in {:?}: {error}", error.retry_after().unwrap_or_default()).into());
        }
        Err(error) => return Err(format!("{:?} has to mend this: {error}", error.blame()).into()),
    };
    println!("task {}", started.id);
    while let Some(task) = started.next().await {
        println!("{}", task.state);
    }
    match started.finish().await.into_result() {
        Ok(output) => {
            for (n, url) in output.urls.iter().enumerate() {
                let name = format!("edited-{n}.png");
                client.download(url, name.as_ref(), 50_000_000).await?;
                println!("saved {name}");
            }
            Ok(())
        }
        Err(error) => Err(explain(&error).into()),
    }
}

/// Explains why a task has no result.
fn explain(error: &NoResult) -> String {
    let task = error.task().map_or("none", |task| task.0.as_str());
    let money = if error.money_at_risk() { "it may be billed all the same" } else { "it costs nothing" };
    format!("{error}; task {task}, {money}")
}
