//! `kie-bot generate`.

mod error;
mod media;
mod plan;
mod submission;

use std::cell::RefCell;
use std::io::IsTerminal;

use super::input::{self, FieldArg, InputMembers, MediaArg};
use super::output::note;
use super::save::FileArgs;
use super::summary;
use super::{CliError, ExitCode, example, init_logging, load_config, verdict};
use crate::l10n::{CliMessages, Lang, Messages};
use crate::ledger::Credits;
use crate::schema::PriceError;
use crate::schema::Quote;
use crate::schema::spec::{ModelSpec, WebhookNeed};
use error::GenerateError;

pub(super) use media::mime_of;
use submission::Submission;

pub(super) use submission::{SendState, report_interrupt};

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
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
    /// Print nothing but the final JSON, also when the input is refused. Without this it is printed to standard output
    /// as well, once something was sent or uploaded.
    #[arg(long)]
    json: bool,
}

pub(super) fn examples() -> Vec<String> {
    let example::TextModel { id, input, .. } = example::TextModel::find();
    let mut lines = vec![
        format!("generate {id} --input '{input}' --out ."),
        format!("generate {id} -f prompt=\"A red fox\" --max-credits 20 --json"),
        format!("generate {id} -f prompt=\"A red fox\" --dry-run"),
        format!("generate {id} -f prompt=\"A red fox\" --out . --name '{{model}}-{{number}}.{{ext}}'"),
    ];
    lines.extend(example::file_model().map(|(id, field)| format!("generate {id} --media {field}=photo.png --out .")));
    lines
}

pub(super) async fn run(args: Args, lang: Lang) -> Result<ExitCode, CliError> {
    let json = args.json;
    let (texts, messages) = (Messages::of(lang), CliMessages::unless_json(lang, json));
    match generate(args, texts, messages).await {
        Ok(exit_code) => Ok(exit_code),
        Err(error) => error.report(json, texts, messages),
    }
}

async fn generate(args: Args, texts: &Messages, messages: &'static CliMessages) -> Result<ExitCode, GenerateError> {
    let model = input::model(&args.model, texts)?;
    let spec = model.spec;
    if let Some(gone) = input::withdrawn(spec, texts) {
        return Err(GenerateError::bad_input("model_withdrawn", gone));
    }
    if let Some(trouble) = input::trouble(spec, texts).filter(|_| !args.json) {
        note(&trouble);
    }
    let mut answers = InputMembers::read(spec, Some(&args.input), &args.fields, texts, messages)?;
    let files = media::read(spec, &args.media, messages)?;
    // Before the upload the input is checked with placeholder links: nothing is sent for an invalid one.
    let mut expected = answers.clone();
    let known = media::insert_links(spec, &files, &media::placeholder_links(&files), &mut expected, messages)?;
    let planned = expected.check(model, &known).map_err(|report| GenerateError::Input(spec, report))?;
    let quote = planned.request.price(&known);
    if let Some(most) = args.max_credits {
        check_budget(spec, quote, most, messages)?;
    }
    if !args.json {
        verdict::violation_lines(spec, &planned.warnings, texts).iter().for_each(|line| note(line));
    }
    if args.dry_run {
        init_logging("warn")?;
        plan::print(&planned.request, quote, &files, args.json, messages)?;
        return Ok(ExitCode::Success);
    }
    if spec.webhook == WebhookNeed::Result {
        return Err(GenerateError::bad_input("needs_webhook", messages.needs_webhook(spec.id)));
    }
    args.files.check(messages)?;
    let config = load_config(Some("warn"))?;
    let client = crate::app::client(&config).map_err(CliError::from)?;
    let quiet = args.json || !std::io::stderr().is_terminal();

    let state = RefCell::new(SendState::NotSent);
    let stop = crate::app::stop_on_signal();
    let work = async {
        let links = media::upload(&client, &files).await?;
        let known = media::insert_links(spec, &files, &links, &mut answers, messages)?;
        let request = answers.check(model, &known).map_err(|report| GenerateError::Input(spec, report))?.request;
        let submission =
            Submission { client: &client, request: &request, quote, state: &state, json: args.json, quiet, messages };
        let (summary, saved) = if args.no_wait {
            (submission.submit().await, true)
        } else {
            let mut summary = submission.submit_and_wait().await;
            let saved = !summary.success || args.files.save(&client, &mut summary, spec.id, args.json, messages).await;
            (summary, saved)
        };
        summary::print(&summary, Some(spec), args.json, messages)?;
        let done = summary.success || (args.no_wait && summary.error.is_none());
        Ok(if done && saved { ExitCode::Success } else { ExitCode::Failure })
    };
    tokio::select! {
        result = work => result,
        () = stop.cancelled() => Ok(report_interrupt(&state.borrow(), args.json, messages)?),
    }
}

/// Checks a price against `--max-credits`.
///
/// # Errors
/// When it may be higher, or is not known.
fn check_budget(
    spec: &ModelSpec,
    quote: Result<Quote, PriceError>,
    most: Credits,
    messages: &CliMessages,
) -> Result<(), GenerateError> {
    let limit = most.to_string();
    match quote {
        Err(why) => {
            let message = messages.over_unknown(spec.id, &messages.unpriced(why), &limit);
            Err(GenerateError::bad_input("price_unknown", message))
        }
        Ok(quote) if quote.credits > most => Err(GenerateError::bad_input(
            "over_budget",
            messages.over_budget(spec.id, &messages.price(Ok(quote)), &limit),
        )),
        Ok(_) => Ok(()),
    }
}
