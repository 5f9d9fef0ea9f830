//! `kie-bot demo`.

use std::fmt::Display;
use std::path::PathBuf;
use std::time::Duration;

use super::output::{note, print_line};
use super::{CliError, ExitCode, example, init_logging};
use crate::app;
use crate::demo::harness::{self, Harness, HarnessOptions, KEY};
use crate::demo::kie::Pace;
use crate::demo::script;
use crate::l10n::CliMessages;
use crate::ledger::Money;

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
pub(super) struct Args {
    /// Port of the chat page on 127.0.0.1; a free one when absent.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Play one conversation without a browser and save the picture.
    #[arg(long)]
    script: bool,
    /// People pay, as with CHARGE=on; the person of the page has 100 units to begin with, and the purse of its group 20.
    #[arg(long)]
    charge: bool,
    /// Folder for the picture of --script; a new one when absent.
    #[arg(long, value_name = "DIR", requires = "script")]
    out: Option<PathBuf>,
}

/// Makes a [`CliError::Failed`] of an error; `sentence` puts the error's text into a sentence.
fn failed<E: Display>(sentence: impl Fn(&str) -> String) -> impl Fn(E) -> CliError {
    move |why| CliError::Failed(sentence(&why.to_string()))
}

fn examples() -> Vec<String> {
    vec!["demo --port 8080".into(), "demo --charge".into(), "demo --script --out pictures".into()]
}

pub(super) async fn run(args: Args, messages: &CliMessages) -> Result<ExitCode, CliError> {
    // Only the logging settings are read: the keys of a real account are not for a demo.
    init_logging("warn")?;
    let home = harness::temp_folder().map_err(failed(|why| messages.demo_no_room(why)))?;
    // As for a new bot: in the page's group, privacy mode is on.
    let mut options = HarnessOptions { port: args.port, privacy: true, ..HarnessOptions::new(home.path()) };
    if args.charge {
        options.tariff = Some(harness::tariff());
        options.star_packs = harness::star_packs();
        options.star_plans = harness::star_plans();
        options.referral = Some(harness::referral());
        options.balance = Money::from_hundredths(10_000);
        options.purse = Money::from_hundredths(2_000);
    }
    if args.script {
        options.pace = Pace::Time(Duration::from_secs(3));
        let folder = match args.out {
            Some(folder) => {
                std::fs::create_dir_all(&folder).map_err(|e| {
                    CliError::BadInput(messages.cannot_write(&folder.display().to_string(), &e.to_string()))
                })?;
                folder
            }
            None => harness::kept_folder().map_err(failed(|why| messages.demo_no_folder(why)))?,
        };
        let harness = Harness::start(options).await.map_err(failed(|why| messages.demo_no_start(why)))?;
        let played = script::play(&harness, &folder, print_line).await;
        let stopped = harness.stop().await;
        let picture = played.map_err(failed(|why| messages.demo_broke_off(why)))?;
        stopped.map_err(failed(|why| messages.demo_no_stop(why)))?;
        print_line(&messages.demo_saved(&picture.display().to_string()));
        print_line(&folder.display().to_string());
        return Ok(ExitCode::Success);
    }
    let stop = app::stop_on_signal();
    let mut harness = Harness::start(options).await.map_err(failed(|why| messages.demo_no_start(why)))?;
    print_line(&messages.demo_open(harness.telegram.page_url.as_str()));
    note(&messages.demo_free());
    note(&messages.demo_trouble());
    note(&messages.demo_command_line());
    note(&format!("  export KIE_API_URL={url} KIE_UPLOAD_URL={url} KIE_API_KEY={KEY}", url = harness.kie.url));
    tokio::select! {
        () = stop.cancelled() => {}
        error = harness.bot_ended() => return Err(failed(|why| messages.demo_ended(why))(error)),
    }
    harness.stop().await.map_err(failed(|why| messages.demo_no_stop(why)))?;
    Ok(ExitCode::Success)
}
