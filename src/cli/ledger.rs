//! `kie-bot ledger`.

use std::sync::Arc;

use serde::Serialize;

use super::output::{note, print_json, print_line};
use super::table::Table;
use super::{CliError, ExitCode, example, load_config, open_database};
use crate::clock::SystemClock;
use crate::l10n::{CliMessages, Lang};
use crate::ledger::Credits;
use crate::service::{Books, BooksReport, Noted};
use crate::store::DayTotals;
use crate::store_error::StoreError;

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<LedgerCommand>,
    /// Of the last N days in UTC, today included.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3660))]
    days: u32,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Subcommand)]
enum LedgerCommand {
    /// Prove the books: compare the ledger of every job with the job. Exits with 1 when something is wrong.
    Check(CheckArgs),
}

#[derive(Debug, clap::Args)]
struct CheckArgs {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Its JSON form is stable. All amounts are in credits.
#[derive(Serialize)]
struct TotalsJson {
    days: Vec<DayJson>,
    total: AmountsJson,
}

#[derive(Serialize)]
struct DayJson {
    day: String,
    #[serde(flatten)]
    amounts: AmountsJson,
}

#[derive(Serialize)]
struct AmountsJson {
    held: f64,
    open: f64,
    captured: f64,
    released: f64,
    cost: f64,
    difference: f64,
}

/// Its JSON form is stable.
#[derive(Serialize)]
struct CheckJson<'a> {
    agrees: bool,
    jobs: u64,
    newer_version: u64,
    mistakes: Vec<MistakeJson<'a>>,
    cost_without_capture: NotedJson<'a>,
    capture_without_cost: NotedJson<'a>,
}

#[derive(Serialize)]
struct MistakeJson<'a> {
    job: &'a str,
    mistake: &'static str,
    message: String,
}

#[derive(Serialize)]
struct NotedJson<'a> {
    count: u64,
    /// Some of them.
    jobs: Vec<&'a str>,
}

impl<'a> From<&'a Noted> for NotedJson<'a> {
    fn from(Noted { count, first }: &'a Noted) -> Self {
        Self { count: *count, jobs: first.iter().map(|job| job.0.as_str()).collect() }
    }
}

fn examples() -> Vec<String> {
    vec!["ledger --days 7".into(), "ledger --json".into(), "ledger check".into()]
}

pub(super) async fn run(args: Args, lang: Lang) -> Result<ExitCode, CliError> {
    let config = load_config(Some("warn"))?;
    let failed = |error: StoreError| CliError::Failed(error.to_string());
    let store = open_database(&config).await?;
    let books = Books::new(store.clone(), Arc::new(SystemClock));
    let result = match args.command {
        None => match books.totals(args.days).await {
            Ok(days) => print_totals(&days, args.json, CliMessages::of(lang)),
            Err(error) => Err(failed(error)),
        },
        Some(LedgerCommand::Check(CheckArgs { json })) => match books.check().await {
            Ok(report) => print_report(&report, json, CliMessages::unless_json(lang, json)),
            Err(error) => Err(failed(error)),
        },
    };
    store.close().await;
    result
}

/// The sum of days; its own day means nothing.
fn sum(days: &[DayTotals]) -> DayTotals {
    days.iter().fold(DayTotals::default(), |sum, day| DayTotals {
        day: sum.day,
        held: sum.held + day.held,
        open: sum.open + day.open,
        captured: sum.captured + day.captured,
        released: sum.released + day.released,
        cost: sum.cost + day.cost,
    })
}

/// Held, open, captured, released, cost, and what was captured above the cost.
fn amounts(totals: &DayTotals) -> [Credits; 6] {
    let DayTotals { held, open, captured, released, cost, .. } = *totals;
    [held, open, captured, released, cost, captured - cost]
}

fn amounts_json(totals: &DayTotals) -> AmountsJson {
    let [held, open, captured, released, cost, difference] = amounts(totals).map(Credits::as_f64);
    AmountsJson { held, open, captured, released, cost, difference }
}

fn print_totals(days: &[DayTotals], json: bool, messages: &CliMessages) -> Result<ExitCode, CliError> {
    let total = sum(days);
    if json {
        let row = |day: &DayTotals| DayJson { day: day.day.date(), amounts: amounts_json(day) };
        print_json(&TotalsJson { days: days.iter().map(row).collect(), total: amounts_json(&total) })?;
        return Ok(ExitCode::Success);
    }
    if days.is_empty() {
        note(&messages.ledger_none());
        return Ok(ExitCode::Success);
    }
    let mut table = Table::new(&[
        messages.head_day(),
        messages.head_held(),
        messages.head_open(),
        messages.head_captured(),
        messages.head_released(),
        messages.head_cost(),
        messages.head_difference(),
    ]);
    let cells = |totals: &DayTotals| amounts(totals).map(|credits| messages.number(credits));
    for day in days {
        table.add_row([day.day.date()].into_iter().chain(cells(day)));
    }
    table.add_row([messages.head_total()].into_iter().chain(cells(&total)));
    table.print();
    Ok(ExitCode::Success)
}

fn print_report(report: &BooksReport, json: bool, messages: &CliMessages) -> Result<ExitCode, CliError> {
    let BooksReport { jobs, newer, mistakes, cost_without_capture, capture_without_cost } = report;
    let agrees = mistakes.is_empty();
    if json {
        let mistakes = mistakes.iter().map(|(job, mistake)| MistakeJson {
            job: &job.0,
            mistake: mistake.as_str(),
            message: messages.ledger_mistake(mistake.as_str()),
        });
        print_json(&CheckJson {
            agrees,
            jobs: *jobs,
            newer_version: *newer,
            mistakes: mistakes.collect(),
            cost_without_capture: cost_without_capture.into(),
            capture_without_cost: capture_without_cost.into(),
        })?;
    } else {
        for (job, mistake) in mistakes {
            print_line(&format!("{}: {}", job.0, messages.ledger_mistake(mistake.as_str())));
        }
        let ids = |noted: &Noted| {
            let named: Vec<&str> = noted.first.iter().map(|job| job.0.as_str()).collect();
            let more = if noted.count > named.len() as u64 { ", …" } else { "" };
            format!("{}{more}", named.join(", "))
        };
        if cost_without_capture.count > 0 {
            note(&messages.ledger_not_captured(&ids(cost_without_capture), cost_without_capture.count));
        }
        if capture_without_cost.count > 0 {
            note(&messages.ledger_no_cost(&ids(capture_without_cost), capture_without_cost.count));
        }
        if *newer > 0 {
            note(&messages.ledger_newer(*newer));
        }
        let count = mistakes.len() as u64;
        print_line(&if agrees { messages.ledger_agrees(*jobs) } else { messages.ledger_disagrees(count, *jobs) });
    }
    Ok(if agrees { ExitCode::Success } else { ExitCode::Failure })
}
