//! `kie-bot registry check`.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use super::{fetch, file, report};
use crate::cli::output::print_json;
use crate::cli::{CliError, ExitCode};
use crate::l10n::CliMessages;
use crate::market::{self, DriftReport, VendorAnswers};
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
    /// Compare the fields of all models as well: the vendor answers one question a second, about four minutes.
    #[arg(long, requires = "live")]
    deep: bool,
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
        None => fetch::all(&fetch::client()?, &args.models, args.deep, messages).await?,
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
        report::print(&report, known, messages);
    }
    let is_equal = report.drift.is_empty() && report.unread.is_empty();
    Ok(if is_equal { ExitCode::Success } else { ExitCode::Failure })
}

/// Reads an earlier report.
///
/// # Errors
/// When the file cannot be read or is not a report.
fn earlier(path: &Path, messages: &CliMessages) -> Result<Value, CliError> {
    let report = file::json(path, messages)?;
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
