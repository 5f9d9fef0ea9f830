//! `kie-bot demo`.

use std::path::PathBuf;
use std::time::Duration;

use super::output::{note, say};
use super::{CliError, Ending, settle_log};
use crate::app;
use crate::demo::kie::Pace;
use crate::demo::script;
use crate::demo::stage::{self, KEY, Stage, StageOptions};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Port of the chat page on 127.0.0.1; a free one when absent.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Play one conversation without a browser and save the picture.
    #[arg(long)]
    script: bool,
    /// Folder for the picture of --script; a new one when absent.
    #[arg(long, value_name = "DIR", requires = "script")]
    out: Option<PathBuf>,
}

pub(super) async fn run(args: Args) -> Result<Ending, CliError> {
    // A .env with real accounts must not leak into a demo.
    settle_log("warn")?;
    let failed = |what: &str, why: &dyn std::fmt::Display| CliError::Failed(format!("{what}: {why}"));
    let home = stage::folder().map_err(|e| failed("the demo has no room for its database", &e))?;
    let mut options = StageOptions { port: args.port, ..StageOptions::new(home.path()) };
    if args.script {
        options.pace = Pace::Time(Duration::from_secs(3));
        let folder = match args.out {
            Some(folder) => {
                std::fs::create_dir_all(&folder)
                    .map_err(|e| CliError::BadInput(format!("{} cannot be written: {e}", folder.display())))?;
                folder
            }
            None => stage::kept_folder().map_err(|e| failed("no folder for the picture", &e))?,
        };
        let stage = Stage::start(options).await.map_err(|e| failed("the demo cannot start", &e))?;
        let played = script::play(&stage, &folder, say).await;
        let stopped = stage.stop().await;
        let picture = played.map_err(|e| failed("the conversation broke off", &e))?;
        stopped.map_err(|e| failed("the bot did not stop cleanly", &e))?;
        say(&format!("picture saved: {}", picture.display()));
        say(&folder.display().to_string());
        return Ok(Ending::Done);
    }
    let stop = app::stop_on_signal();
    let mut stage = Stage::start(options).await.map_err(|e| failed("the demo cannot start", &e))?;
    say(&format!("Open {} and talk to the bot. Ctrl-C ends the demo.", stage.telegram.page_url));
    note("Nothing here costs anything: KIE and Telegram are simulated on this machine.");
    note("Words in a prompt make trouble: [fail], [empty], [slow], [never], [lost].");
    note("The command line can use the simulated KIE as well:");
    note(&format!("  export KIE_API_URL={url} KIE_UPLOAD_URL={url} KIE_API_KEY={KEY}", url = stage.kie.url));
    tokio::select! {
        () = stop.cancelled() => {}
        error = stage.bot_ended() => return Err(failed("the bot ended", &error)),
    }
    stage.stop().await.map_err(|e| failed("the bot did not stop cleanly", &e))?;
    Ok(Ending::Done)
}
