//! `kie-bot credits`.

use serde::Serialize;

use super::outcome::Trouble;
use super::output::{complain, say, say_json};
use super::table::Table;
use super::{CliError, Ending, settle};
use crate::ledger::Credits;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// For machines: stable. A key shows as the head of its hash.
#[derive(Serialize)]
struct Balance {
    /// Of the keys that answered. Keys of one account show the same credits.
    total: f64,
    keys: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    key: String,
    credits: Option<f64>,
    error: Option<Trouble>,
}

pub(super) async fn run(args: Args) -> Result<Ending, CliError> {
    let config = settle(Some("error"))?;
    let client = crate::app::client(&config)?;
    let answers = client.credits_by_key().await;
    let total: Credits = answers.iter().filter_map(|key| key.credits.as_ref().ok().copied()).sum();
    let some_answer = answers.iter().any(|key| key.credits.is_ok());
    let rows: Vec<Row> = answers
        .into_iter()
        .map(|key| {
            let error = key.credits.as_ref().err().map(Trouble::of);
            Row { key: key.label.0, credits: key.credits.ok().map(Credits::as_f64), error }
        })
        .collect();
    if args.json {
        say_json(&Balance { total: total.as_f64(), keys: rows })?;
    } else {
        let mut shown = Table::new(&["KEY", "CREDITS", "ERROR"]);
        for row in &rows {
            let error = row.error.as_ref().map(|e| format!("{}: {}", e.code, e.message)).unwrap_or_default();
            let credits = row.credits.map_or("-".to_owned(), |credits| credits.to_string());
            shown.add_row([&row.key, &credits, &error]);
        }
        shown.print();
        if rows.len() > 1 && some_answer {
            say(&format!("Total: {total} credits (keys of one account show the same credits)"));
        }
    }
    if !some_answer {
        complain("no key was answered");
        return Ok(Ending::Failed);
    }
    Ok(Ending::Done)
}
