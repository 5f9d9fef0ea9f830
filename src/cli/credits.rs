//! `kie-bot credits`.

use serde::Serialize;

use super::output::{print_error, print_json, print_line};
use super::summary::ErrorSummary;
use super::table::Table;
use super::{CliError, ExitCode, example, load_config};
use crate::client::KeyCredits;
use crate::l10n::CliMessages;
use crate::ledger::Credits;

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
pub(super) struct Args {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// The credits of all keys. Its JSON form is stable. A key is shown as the first characters of its hash.
#[derive(Serialize)]
struct CreditsJson {
    /// The sum over the keys that answered. Keys of one account share their credits, so that these count several times.
    total: f64,
    keys: Vec<KeyRow>,
}

#[derive(Serialize)]
struct KeyRow {
    key: String,
    credits: Option<f64>,
    error: Option<ErrorSummary>,
}

fn examples() -> Vec<String> {
    vec!["credits".into(), "credits --json".into()]
}

pub(super) async fn run(args: Args, messages: &CliMessages) -> Result<ExitCode, CliError> {
    let config = load_config(Some("error"))?;
    let client = crate::app::client(&config)?;
    let answers = client.credits_by_key().await;
    let total: Credits = answers.iter().filter_map(|key| key.credits.as_ref().ok().copied()).sum();
    let some_answer = answers.iter().any(|key| key.credits.is_ok());
    if args.json {
        let row = |key: &KeyCredits| KeyRow {
            key: key.label.0.clone(),
            credits: key.credits.as_ref().ok().map(|credits| credits.as_f64()),
            error: key.credits.as_ref().err().map(ErrorSummary::of),
        };
        print_json(&CreditsJson { total: total.as_f64(), keys: answers.iter().map(row).collect() })?;
    } else {
        let mut shown = Table::new(&[messages.head_key(), messages.head_credits(), messages.head_error()]);
        for key in &answers {
            let (credits, error) = match &key.credits {
                Ok(credits) => (messages.number(credits), String::new()),
                Err(error) => ("-".to_owned(), messages.failure(error)),
            };
            shown.add_row([&key.label.0, &credits, &error]);
        }
        shown.print();
        if answers.len() > 1 && some_answer {
            print_line(&messages.credits_total(&messages.amount(total)));
        }
    }
    if !some_answer {
        print_error(&messages.no_key_answered(), messages);
        return Ok(ExitCode::Failure);
    }
    Ok(ExitCode::Success)
}
