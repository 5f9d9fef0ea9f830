//! `kie-bot generate`.

mod media;
mod plan;
mod send;

use std::cell::RefCell;
use std::io::IsTerminal;

use super::input::{self, FieldArg, MediaArg};
use super::outcome::{self, Summary};
use super::output::{note, say_json};
use super::save::FileArgs;
use super::{CliError, Ending, settle, settle_log};
use crate::bot::texts::Lang;
use crate::form::{self, Origin};
use crate::job::Quote;
use crate::ledger::Credits;
use crate::schema::report::Report;
use crate::schema::spec::{ModelSpec, Status};

pub(super) use media::mime_of;
pub(super) use plan::price;
pub(super) use send::{Stage, interrupted};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The model's id or another name of it.
    model: String,
    /// The input: JSON text, @FILE, or - for standard input.
    #[arg(long, value_name = "JSON|@FILE|-", default_value = "{}")]
    input: String,
    /// Set a field, also one of --input; several times for a list.
    #[arg(short, long = "field", value_name = "FIELD=VALUE", value_parser = input::field_arg)]
    fields: Vec<FieldArg>,
    /// Upload a file and put its link into a field; several times for a list.
    #[arg(long, value_name = "FIELD=PATH", value_parser = input::media_arg)]
    media: Vec<MediaArg>,
    /// Show the request and its price; send and upload nothing. Needs no key.
    #[arg(long)]
    dry_run: bool,
    /// Refuse (exit code 2) before anything is sent or uploaded when the price may be higher, or is not known.
    #[arg(long, value_name = "N", value_parser = input::credits_arg)]
    max_credits: Option<Credits>,
    #[command(flatten)]
    files: FileArgs,
    /// Only send it; print the task id and do not wait.
    #[arg(long, conflicts_with = "dry_run")]
    no_wait: bool,
    /// Print nothing but the final JSON (it is printed to standard output in any case).
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args, lang: Lang) -> Result<Ending, CliError> {
    let spec = input::model(&args.model)?;
    let mut answers = input::object(&args.input)?;
    offered(spec)?;
    input::set_fields(spec, &args.fields, &mut answers)?;
    let files = media::read(spec, &args.media)?;
    // Nothing leaves this machine for an input that cannot be used.
    let mut expected = answers.clone();
    let known = media::put_all(spec, &files, &media::stand_ins(&files), &mut expected)?;
    let planned = match form::check(spec, &expected, &known, Origin::Json) {
        Ok(planned) => planned,
        Err(report) => return Ok(refuse(spec, &report, lang)),
    };
    let quote = planned.request.price(&known);
    if let Some(most) = args.max_credits {
        within(spec, quote, most)?;
    }
    if !args.json {
        input::explain(spec, &planned.warnings, lang).iter().for_each(|line| note(line));
    }
    if args.dry_run {
        settle_log("warn")?;
        plan::show(&planned.request, quote, &files, args.json)?;
        return Ok(Ending::Done);
    }
    args.files.check()?;
    let config = settle(Some("warn"))?;
    let client = crate::app::client(&config)?;
    let quiet = args.json || !std::io::stderr().is_terminal();

    let stage = RefCell::new(Stage::Before);
    let stop = crate::app::stop_on_signal();
    let work = async {
        let links = media::upload(&client, &files).await?;
        let known = media::put_all(spec, &files, &links, &mut answers)?;
        let request = match form::check(spec, &answers, &known, Origin::Json) {
            Ok(accepted) => accepted.request,
            Err(report) => return Ok(refuse(spec, &report, lang)),
        };
        let send = send::Send { client: &client, request: &request, quote, stage: &stage, json: args.json, quiet };
        let (summary, kept) = if args.no_wait {
            (send.leave().await, true)
        } else {
            let mut summary = send.wait().await;
            let kept = !summary.success || args.files.keep(&client, &mut summary, spec.id, args.json).await;
            (summary, kept)
        };
        finish(&summary, args.json)?;
        let done = summary.success || (args.no_wait && summary.error.is_none());
        Ok(if done && kept { Ending::Done } else { Ending::Failed })
    };
    tokio::select! {
        ended = work => ended,
        () = stop.cancelled() => interrupted(&stage.borrow(), args.json),
    }
}

/// Prints the final word, and what to do about it.
pub(super) fn finish(summary: &Summary, json: bool) -> Result<(), CliError> {
    if !json {
        outcome::advise(summary);
    }
    say_json(summary)
}

/// Says what is wrong with the input.
pub(super) fn refuse(spec: &'static ModelSpec, report: &Report, lang: Lang) -> Ending {
    let n = report.violations.len();
    note(&format!("{}: {n} problem{}", spec.id, if n == 1 { "" } else { "s" }));
    input::explain(spec, &report.violations, lang).iter().for_each(|line| note(line));
    Ending::BadInput
}

/// Refuses a withdrawn model before anything is uploaded or sent.
fn offered(spec: &ModelSpec) -> Result<(), CliError> {
    if spec.status == Status::Live {
        return Ok(());
    }
    let instead = spec.nearest.map(|n| format!("; use `{n}`")).unwrap_or_default();
    let status = super::models::status_word(spec.status);
    Err(CliError::BadInput(format!("`{}` is {status} and is not offered any more{instead}", spec.id)))
}

/// Refuses what may cost more.
fn within(spec: &ModelSpec, quote: Option<Quote>, most: Credits) -> Result<(), CliError> {
    let id = spec.id;
    match quote {
        None => Err(CliError::BadInput(format!(
            "the price of `{id}` for this input is not known, so --max-credits {most} cannot be kept; nothing was sent"
        ))),
        Some(quote) if quote.credits > most => {
            let price = super::progress::price_words(Some(quote));
            Err(CliError::BadInput(format!("`{id}` costs {price}, more than --max-credits {most}; nothing was sent")))
        }
        Some(_) => Ok(()),
    }
}
