//! `kie-bot registry check`.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use super::fetch;
use crate::cli::output::{note, print_json, print_line};
use crate::cli::table::Table;
use crate::cli::{CliError, ExitCode};
use crate::l10n::CliMessages;
use crate::market::{self, Change, Drift, DriftReport, VendorAnswers};
use crate::models;

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("source").required(true))]
pub(super) struct Args {
    /// Compare these models only.
    #[arg(value_name = "MODEL")]
    models: Vec<String>,
    /// Ask the vendor (KIE_API_KEY).
    #[arg(long, group = "source")]
    live: bool,
    /// Read answers that --save wrote.
    #[arg(long, value_name = "FILE", group = "source")]
    offline: Option<PathBuf>,
    /// Write the vendor's answers to a file, for --offline.
    #[arg(long, value_name = "FILE", requires = "live")]
    save: Option<PathBuf>,
    /// Pass over the differences in a file that --json wrote; limits that the vendor stated then and states no more are
    /// new ones.
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// The report. Its JSON form is stable.
#[derive(Serialize)]
struct ReportJson<'a> {
    #[serde(flatten)]
    report: &'a DriftReport,
    /// The number of differences left out because of `--known`.
    known: usize,
}

pub(super) async fn run(args: Args, messages: &CliMessages) -> Result<ExitCode, CliError> {
    let earlier = args.known.as_deref().map(|path| earlier(path, messages)).transpose()?;
    let answers = match &args.offline {
        Some(path) => {
            let answers = fetch::saved(path, messages)?;
            if answers.offers.is_empty() {
                return Err(CliError::BadInput(messages.no_model_list(&path.display().to_string())));
            }
            answers
        }
        None => fetch::all(&fetch::client()?, &args.models, messages).await?,
    };
    if let Some(path) = &args.save {
        save(path, &answers, messages)?;
    }
    let is_unknown =
        |model: &&String| models::all().iter().all(|spec| spec.id != **model) && answers.offer(model).is_none();
    if let Some(model) = args.models.iter().find(is_unknown) {
        return Err(CliError::BadInput(messages.no_model_anywhere(model)));
    }
    let mut report = market::check(&answers, &args.models);
    let all = report.drift.len();
    if let Some(earlier) = &earlier {
        let known = earlier["drift"].as_array().map(Vec::as_slice).unwrap_or_default();
        report.drift.retain(|drift| serde_json::to_value(drift).is_ok_and(|drift| !known.contains(&drift)));
    }
    let known = all - report.drift.len();
    if let Some(earlier) = &earlier {
        report.add_newly_unstated(earlier);
    }
    if args.json {
        print_json(&ReportJson { report: &report, known })?;
    } else {
        print(&report, known, messages);
    }
    let is_equal = report.drift.is_empty() && report.unread.is_empty();
    Ok(if is_equal { ExitCode::Success } else { ExitCode::Failure })
}

/// Reads an earlier report.
///
/// # Errors
/// When the file cannot be read or is not a report.
fn earlier(path: &Path, messages: &CliMessages) -> Result<Value, CliError> {
    let report = fetch::json(path, messages)?;
    if report["drift"].is_array() {
        return Ok(report);
    }
    Err(CliError::BadInput(messages.no_report(&path.display().to_string())))
}

fn save(path: &Path, answers: &VendorAnswers, messages: &CliMessages) -> Result<(), CliError> {
    let text = serde_json::to_string_pretty(&answers.to_json()).map_err(CliError::NoJson)?;
    let failed = |e: std::io::Error| messages.cannot_write(&path.display().to_string(), &e.to_string());
    std::fs::write(path, text + "\n").map_err(|error| CliError::Failed(failed(error)))
}

fn print(report: &DriftReport, known: usize, messages: &CliMessages) {
    if !report.drift.is_empty() {
        let head = [
            messages.head_model(),
            messages.head_change(),
            messages.head_field(),
            messages.head_registry(),
            messages.head_vendor(),
        ];
        let mut table = Table::new(&head).unwrapped(&[2]);
        for Drift { model, change } in &report.drift {
            let (ours, theirs) = sides(change, messages);
            let phrase = messages.drift(&change.phrase().replace(' ', "_"), change.phrase());
            table.add_row([model, &phrase, change.field().unwrap_or("-"), &ours, &theirs]);
        }
        table.print();
    }
    for missing in &report.schema_missing {
        note(&messages.schema_missing(missing));
    }
    for unread in &report.unread {
        note(&format!("{}: {}", unread.model, unread.error));
    }
    let nothing = report.compared == 0 && report.prices_compared == 0;
    match report.drift.is_empty() {
        true if nothing => print_line(&messages.compared_nothing()),
        true => print_line(&messages.no_drift()),
        false => {}
    }
    print_uncompared(report, messages);
    let mut counts = vec![
        messages.count_differences(report.drift.len()),
        messages.count_models(report.compared),
        messages.count_prices(report.prices_compared),
    ];
    if known > 0 {
        counts.push(messages.count_known(known));
    }
    if !report.unread.is_empty() {
        counts.push(messages.count_unread(report.unread.len()));
    }
    note(&counts.join(", "));
}

/// Prints what was not compared, and why.
fn print_uncompared(report: &DriftReport, messages: &CliMessages) {
    if !report.prices_unclear.is_empty() {
        let mut reasons: Vec<&str> = report.prices_unclear.iter().map(|one| one.error.as_str()).collect();
        reasons.sort_unstable();
        reasons.dedup();
        note(&messages.prices_unclear(report.prices_unclear.len()));
        for reason in reasons {
            let models = report.prices_unclear.iter().filter(|one| one.error == reason);
            let models: Vec<&str> = models.map(|one| one.model.as_str()).collect();
            note(&format!("  {reason}: {}", models.join(", ")));
        }
    }
    if !report.unstated.is_empty() {
        note(&messages.limits_unstated(report.unstated.len()));
    }
}

/// The value in the registry and the vendor's value.
fn sides(change: &Change, messages: &CliMessages) -> (String, String) {
    let none = || "-".to_owned();
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let list = |values: &[Value]| values.iter().map(plain).collect::<Vec<_>>().join(", ");
    let need = |required: bool| if required { messages.side_required() } else { messages.side_optional() };
    match change {
        Change::ModelGone => (messages.side_live(), messages.side_not_listed()),
        Change::ModelNew { title, task_types } => {
            let words = title.iter().cloned().chain(task_types.iter().cloned()).collect::<Vec<_>>();
            (none(), words.join(", "))
        }
        Change::ModelBack { ours } => (messages.status(ours), messages.side_listed()),
        Change::RouteChanged { theirs } => (messages.side_task(), theirs.clone()),
        Change::FieldAdded { required, .. } => (none(), need(*required)),
        Change::FieldRemoved { .. } => (messages.side_has(), none()),
        Change::RequiredChanged { ours, theirs, .. } => (need(*ours), need(*theirs)),
        Change::TypeChanged { ours, theirs, .. } => {
            let words = |types: &[crate::market::shape::Type]| {
                types.iter().map(|t| t.as_str()).collect::<Vec<_>>().join(&format!(" {} ", messages.kind_or()))
            };
            (words(ours), words(theirs))
        }
        Change::EnumChanged { added, removed, .. } => {
            let only = |values: &[Value]| if values.is_empty() { none() } else { messages.side_only(&list(values)) };
            (only(removed), only(added))
        }
        Change::LimitChanged { limit, ours, theirs, .. } => {
            let side = |number: f64| format!("{limit} {number}");
            (ours.map_or_else(none, side), side(*theirs))
        }
        Change::LimitRemoved { limit, .. } => ((*limit).to_owned(), none()),
        Change::DefaultChanged { ours, theirs, .. } => (ours.as_ref().map_or_else(none, plain), plain(theirs)),
        Change::PriceChanged { ours, theirs } => {
            let ours: Vec<String> = ours.iter().map(f64::to_string).collect();
            let ours = if ours.is_empty() { messages.price_none() } else { messages.side_credits(&ours.join(", ")) };
            (ours, theirs.clone())
        }
    }
}
