//! `kie-bot registry watch`.

mod diff;
mod state;

use std::io::IsTerminal;
use std::path::PathBuf;

use serde::Serialize;

use self::diff::{PriceChange, fresh};
use self::state::WatchState;
use super::{fetch, report};
use crate::cli::output::{note, print_json, print_line};
use crate::cli::{CliError, ExitCode};
use crate::l10n::CliMessages;
use crate::market::{self, Announcement, Drift, FeedsReport, ModelError};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where to remember what was seen.
    #[arg(long, value_name = "FILE", default_value = ".kie-bot-watch.json")]
    state: PathBuf,
    /// Compare the fields of all models as well, as `registry check --deep` does: about four minutes.
    #[arg(long)]
    deep: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What is new. Its JSON form is stable.
#[derive(Debug, Default, Serialize)]
struct FreshReport {
    /// Whether nothing was remembered, so that everything was recorded and nothing is new.
    first: bool,
    /// Differences between the registry and the vendor.
    drift: Vec<Drift>,
    /// Changes of the price feed itself.
    prices: Vec<PriceChange>,
    /// Announcements, newest first.
    announcements: Vec<Announcement>,
    /// What came of the public feeds.
    feeds: FeedsReport,
    /// Models whose answers could not be read.
    unread: Vec<ModelError>,
    /// Live models whose fields were not compared.
    not_asked: Vec<String>,
}

impl FreshReport {
    fn is_empty(&self) -> bool {
        self.drift.is_empty() && self.prices.is_empty() && self.announcements.is_empty()
    }
}

pub(super) async fn run(args: Args, messages: &CliMessages) -> Result<ExitCode, CliError> {
    // A state that cannot be used is told before the vendor is asked.
    let earlier = WatchState::read(&args.state, messages)?;
    let answers = fetch::all(&fetch::client()?, &[], args.deep, messages).await?;
    let comparison = market::check(&answers, &[]);
    let state = WatchState::of(&comparison, &answers, earlier.as_ref());
    let fresh = match &earlier {
        Some(earlier) => fresh(&comparison, &answers, earlier),
        None => FreshReport { first: true, ..FreshReport::default() },
    };
    let fresh = FreshReport {
        feeds: comparison.feeds.clone(),
        unread: comparison.unread.clone(),
        not_asked: comparison.not_asked.clone(),
        ..fresh
    };
    if args.json {
        print_json(&fresh)?;
    } else {
        print(&fresh, messages);
        for unread in &comparison.unread {
            note(&format!("{}: {}", unread.model, unread.error));
        }
        report::print_lost_feeds(&comparison.feeds, messages);
        // A timer mails whatever is printed, so what is the same every day is for people at a terminal.
        if std::io::stderr().is_terminal() {
            report::print_gaps(&comparison, messages);
            if fresh.is_empty() && !fresh.first {
                note(&messages.watch_nothing());
            }
        }
    }
    // Only now, so that what could not be shown is shown the next time.
    state.write(&args.state, messages)?;
    if fresh.first {
        note(&messages.watch_recorded(
            &args.state.display().to_string(),
            &comparison.drift.len().to_string(),
            &comparison.feeds.prices.entries.to_string(),
            &comparison.feeds.announcements.entries.to_string(),
        ));
    }
    Ok(if fresh.is_empty() { ExitCode::Success } else { ExitCode::Failure })
}

fn print(fresh: &FreshReport, messages: &CliMessages) {
    report::print_drift(&fresh.drift, messages);
    for change in &fresh.prices {
        print_line(&change.sentence(messages));
    }
    for told in &fresh.announcements {
        print_line(&messages.watch_announcement(&report::announcement(told)));
        if let Some(text) = told.text.as_deref().filter(|text| *text != told.title) {
            print_line(&format!("  {text}"));
        }
    }
}
