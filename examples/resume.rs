//! A task that is paid for once, whatever happens to this process. Its id is written to a file as soon as there is one.
//! If the program is killed at any time (also by `kill -9`) and started again, it resumes the same task.
//!
//! ```text
//! KIE_API_KEY=... cargo run --example resume --no-default-features --features client -- task.txt
//! ```
#![allow(clippy::print_stdout, reason = "an example talks to its terminal")]

use std::error::Error;
use std::io::Write;
use std::path::Path;

use futures::StreamExt;
use kie::Client;
use kie::client::{OutcomeState, TaskHandle};
use kie::models::ZImage;
use kie::schema::ModelInput;

/// The content of the file while the create request is being sent. If it is found at the start, it is not known whether
/// the request was accepted.
const SENT: &str = "sent";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "task.txt".into());
    let path = Path::new(&path);
    let client = Client::from_env()?;

    let mut started = match std::fs::read_to_string(path) {
        Ok(note) => resume(&client, note.trim())?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => start(&client, path).await?,
        Err(error) => return Err(error.into()),
    };
    println!("task {}", started.id);

    let mut progress = started.progress();
    while let Some(task) = progress.next().await {
        println!("{}", task.state);
    }
    drop(progress);

    // The file is removed last: until then, a new start gets the same result and pays nothing. A failed task need not
    // be resumed.
    match started.finish().await.into_result() {
        Ok(output) => output.urls.iter().for_each(|url| println!("{url}")),
        Err(error) if error.state() == OutcomeState::Failed => {
            std::fs::remove_file(path)?;
            return Err(error.into());
        }
        Err(error) => return Err(error.into()),
    }
    std::fs::remove_file(path)?;
    Ok(())
}

async fn start(client: &Client, path: &Path) -> Result<TaskHandle, Box<dyn Error>> {
    let input = ZImage::new("A lighthouse in a storm".parse()?).check()?;
    write(path, SENT)?;
    match client.start(&input).await {
        Ok(started) => {
            let key = started.key.as_ref().map_or("", |key| key.0.as_str());
            write(path, &format!("{} {key}", started.id))?;
            Ok(started)
        }
        Err(error) => {
            if !error.money_at_risk() {
                std::fs::remove_file(path)?;
            }
            Err(error.into())
        }
    }
}

fn resume(client: &Client, note: &str) -> Result<TaskHandle, Box<dyn Error>> {
    let mut words = note.split_whitespace();
    match words.next() {
        Some(id) if id != SENT => {
            let key = words.next().map(Into::into);
            Ok(client.resume(id.into(), key, ZImage::spec().deadline()))
        }
        _ => Err("the last run died while it was sending: see on the vendor's site whether there is a task".into()),
    }
}

/// Writes a file and syncs it to the disk. The old content is replaced only when the new one is complete.
fn write(path: &Path, note: &str) -> std::io::Result<()> {
    let new = path.with_extension("new");
    let mut file = std::fs::File::create(&new)?;
    file.write_all(note.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&new, path)
}
