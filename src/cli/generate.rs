//! `kie-bot generate`.

mod media;
mod plan;
mod refusal;
mod send;

use std::cell::RefCell;
use std::io::IsTerminal;

use super::input::{self, FieldArg, Given, MediaArg};
use super::outcome::{self, Summary};
use super::output::{note, say_json};
use super::save::FileArgs;
use super::{CliError, ExitCode, init_logging, load_config, verdict};
use crate::l10n::{CliMessages, Lang, Messages};
use crate::ledger::Credits;
use crate::schema::Quote;
use crate::schema::Unpriced;
use crate::schema::spec::ModelSpec;
use refusal::Refusal;

pub(super) use media::mime_of;
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
    #[arg(long, conflicts_with_all = ["dry_run", "out"])]
    no_wait: bool,
    /// Print nothing but the final JSON, also when the input is refused. Without this it is printed to standard output as
    /// well, once something was sent or uploaded.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args, lang: Lang) -> Result<ExitCode, CliError> {
    let json = args.json;
    let (texts, phrases) = (Messages::of(lang), CliMessages::unless_json(lang, json));
    match work(args, texts, phrases).await {
        Ok(exit_code) => Ok(exit_code),
        Err(refusal) => refusal.tell(json, texts, phrases),
    }
}

async fn work(args: Args, texts: &Messages, phrases: &'static CliMessages) -> Result<ExitCode, Refusal> {
    let model = input::model(&args.model, texts)?;
    let spec = model.spec;
    if let Some(gone) = input::withdrawn(spec, texts) {
        return Err(Refusal::own("model_withdrawn", gone));
    }
    let mut answers = Given::read(spec, Some(&args.input), &args.fields, texts, phrases)?;
    let files = media::read(spec, &args.media, phrases)?;
    // Nothing leaves this machine for an input that cannot be used.
    let mut expected = answers.clone();
    let known = media::put_all(spec, &files, &media::stand_ins(&files), &mut expected, phrases)?;
    let planned = expected.check(model, &known).map_err(|report| Refusal::Input(spec, report))?;
    let quote = planned.request.price(&known);
    if let Some(most) = args.max_credits {
        within(spec, quote, most, phrases)?;
    }
    if !args.json {
        verdict::explain(spec, &planned.warnings, texts).iter().for_each(|line| note(line));
    }
    if args.dry_run {
        init_logging("warn")?;
        plan::show(&planned.request, quote, &files, args.json, phrases)?;
        return Ok(ExitCode::Success);
    }
    args.files.check(phrases)?;
    let config = load_config(Some("warn"))?;
    let client = crate::app::client(&config).map_err(CliError::from)?;
    let quiet = args.json || !std::io::stderr().is_terminal();

    let stage = RefCell::new(Stage::Before);
    let stop = crate::app::stop_on_signal();
    let work = async {
        let links = media::upload(&client, &files).await?;
        let known = media::put_all(spec, &files, &links, &mut answers, phrases)?;
        let request = answers.check(model, &known).map_err(|report| Refusal::Input(spec, report))?.request;
        let send =
            send::Send { client: &client, request: &request, quote, stage: &stage, json: args.json, quiet, phrases };
        let (summary, kept) = if args.no_wait {
            (send.leave().await, true)
        } else {
            let mut summary = send.wait().await;
            let kept = !summary.success || args.files.keep(&client, &mut summary, spec.id, args.json, phrases).await;
            (summary, kept)
        };
        finish(&summary, args.json, phrases)?;
        let done = summary.success || (args.no_wait && summary.error.is_none());
        Ok(if done && kept { ExitCode::Success } else { ExitCode::Failure })
    };
    tokio::select! {
        ended = work => ended,
        () = stop.cancelled() => Ok(interrupted(&stage.borrow(), args.json, phrases)?),
    }
}

/// Prints the final word, and what to do about it.
pub(super) fn finish(summary: &Summary, json: bool, phrases: &CliMessages) -> Result<(), CliError> {
    if !json {
        outcome::advise(summary, phrases);
    }
    say_json(summary)
}

/// Refuses what may cost more.
fn within(
    spec: &ModelSpec,
    quote: Result<Quote, Unpriced>,
    most: Credits,
    phrases: &CliMessages,
) -> Result<(), Refusal> {
    // As it was typed.
    let limit = most.to_string();
    match quote {
        Err(why) => {
            let message = phrases.over_unknown(spec.id, &phrases.unpriced(why), &limit);
            Err(Refusal::own("price_unknown", message))
        }
        Ok(quote) if quote.credits > most => {
            Err(Refusal::own("over_budget", phrases.over_budget(spec.id, &phrases.price(Ok(quote)), &limit)))
        }
        Ok(_) => Ok(()),
    }
}
