//! `kie-bot registry check`.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use super::fetch;
use crate::cli::output::{note, say, say_json};
use crate::cli::table::Table;
use crate::cli::{CliError, Ending};
use crate::market::{self, Answers, Change, Drift, Report};
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
    /// Pass over the differences in a file that --json wrote; limits that the vendor stated then and states no more are new
    /// ones.
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// For machines: stable.
#[derive(Serialize)]
struct Printed<'a> {
    #[serde(flatten)]
    report: &'a Report,
    /// Differences that were passed over.
    known: usize,
}

pub(super) async fn run(args: Args) -> Result<Ending, CliError> {
    let earlier = args.known.as_deref().map(earlier).transpose()?;
    let answers = match &args.offline {
        Some(path) => {
            let answers = fetch::saved(path)?;
            if answers.offers.is_empty() {
                return Err(CliError::BadInput(format!("{} holds no list of models", path.display())));
            }
            answers
        }
        None => fetch::all(&fetch::client()?, &args.models).await?,
    };
    if let Some(path) = &args.save {
        save(path, &answers)?;
    }
    let strange =
        |model: &&String| models::all().iter().all(|spec| spec.id != **model) && answers.offer(model).is_none();
    if let Some(model) = args.models.iter().find(strange) {
        return Err(CliError::BadInput(format!("neither the registry nor the vendor has a model `{model}`")));
    }
    let mut report = market::check(&answers, &args.models);
    let all = report.drift.len();
    if let Some(earlier) = &earlier {
        let known = earlier["drift"].as_array().map(Vec::as_slice).unwrap_or_default();
        report.drift.retain(|drift| serde_json::to_value(drift).is_ok_and(|drift| !known.contains(&drift)));
    }
    let known = all - report.drift.len();
    if let Some(earlier) = &earlier {
        report.against(earlier);
    }
    if args.json {
        say_json(&Printed { report: &report, known })?;
    } else {
        print(&report, known);
    }
    let fine = report.drift.is_empty() && report.unread.is_empty();
    Ok(if fine { Ending::Done } else { Ending::Failed })
}

/// An earlier report.
fn earlier(path: &Path) -> Result<Value, CliError> {
    let report = fetch::json(path)?;
    if report["drift"].is_array() {
        return Ok(report);
    }
    Err(CliError::BadInput(format!("{} is no report of `registry check --json`", path.display())))
}

fn save(path: &Path, answers: &Answers) -> Result<(), CliError> {
    let failed = |why: &dyn std::fmt::Display| CliError::Failed(format!("{} cannot be written: {why}", path.display()));
    let text = serde_json::to_string_pretty(&answers.to_json()).map_err(|error| failed(&error))?;
    std::fs::write(path, text + "\n").map_err(|error| failed(&error))
}

fn print(report: &Report, known: usize) {
    if !report.drift.is_empty() {
        let mut table = Table::new(&["MODEL", "DRIFT", "FIELD", "REGISTRY", "VENDOR"]).whole(&["FIELD"]);
        for Drift { model, change } in &report.drift {
            let (ours, theirs) = sides(change);
            table.add_row([model, change.phrase(), change.field().unwrap_or("-"), &ours, &theirs]);
        }
        table.print();
    }
    for missing in &report.schema_missing {
        note(&format!("{missing}: the vendor has made no schema yet, so its fields were not compared"));
    }
    for unread in &report.unread {
        note(&format!("{}: {}", unread.model, unread.error));
    }
    let nothing = report.compared == 0 && report.prices_compared == 0;
    match report.drift.is_empty() {
        true if nothing => say("Nothing was compared."),
        true => say("No drift: what was compared is as the vendor says."),
        false => {}
    }
    unclear(report);
    let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let mut counts = vec![
        count(report.drift.len(), "difference", "differences"),
        count(report.compared, "model compared", "models compared"),
        count(report.prices_compared, "price compared", "prices compared"),
    ];
    if known > 0 {
        counts.push(count(known, "known difference passed over", "known differences passed over"));
    }
    if !report.unread.is_empty() {
        counts.push(count(report.unread.len(), "model not read", "models not read"));
    }
    note(&counts.join(", "));
}

/// What was not compared, and why.
fn unclear(report: &Report) {
    if !report.prices_unclear.is_empty() {
        let mut reasons: Vec<&str> = report.prices_unclear.iter().map(|one| one.error.as_str()).collect();
        reasons.sort_unstable();
        reasons.dedup();
        note(&format!("{} prices could not be compared:", report.prices_unclear.len()));
        for reason in reasons {
            let models = report.prices_unclear.iter().filter(|one| one.error == reason);
            let models: Vec<&str> = models.map(|one| one.model.as_str()).collect();
            note(&format!("  {reason}: {}", models.join(", ")));
        }
    }
    if !report.unstated.is_empty() {
        let count = report.unstated.len();
        note(&format!("{count} limits of the registry are not stated in the vendor's schemas, and were not compared"));
    }
}

/// What the registry says and what the vendor says.
fn sides(change: &Change) -> (String, String) {
    let none = || "-".to_owned();
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let list = |values: &[Value]| values.iter().map(plain).collect::<Vec<_>>().join(", ");
    let need = |required: bool| (if required { "required" } else { "optional" }).to_owned();
    match change {
        Change::ModelGone => ("live".to_owned(), "not listed".to_owned()),
        Change::ModelNew { title, task_types } => {
            let words = title.iter().cloned().chain(task_types.iter().cloned()).collect::<Vec<_>>();
            (none(), words.join(", "))
        }
        Change::ModelBack { ours } => ((*ours).to_owned(), "listed".to_owned()),
        Change::RouteChanged { theirs } => ("a task".to_owned(), theirs.clone()),
        Change::FieldAdded { required, .. } => (none(), need(*required)),
        Change::FieldRemoved { .. } => ("has it".to_owned(), none()),
        Change::RequiredChanged { ours, theirs, .. } => (need(*ours), need(*theirs)),
        Change::TypeChanged { ours, theirs, .. } => {
            let words = |types: &[crate::market::shape::Type]| {
                types.iter().map(|t| t.as_str()).collect::<Vec<_>>().join(" or ")
            };
            (words(ours), words(theirs))
        }
        Change::EnumChanged { added, removed, .. } => {
            let only =
                |values: &[Value]| if values.is_empty() { none() } else { format!("only here: {}", list(values)) };
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
            let ours = if ours.is_empty() { "unknown".to_owned() } else { format!("{} credits", ours.join(", ")) };
            (ours, theirs.clone())
        }
    }
}
