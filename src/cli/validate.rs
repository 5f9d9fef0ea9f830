//! `kie-bot validate`: the same check as everywhere else, without sending anything.

use std::io::{BufRead, BufReader, Read, Write};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::input::{self, FieldArg, Given, Unusable};
use super::output::{say, say_json};
use super::verdict::{self, Unreadable, Verdict};
use super::{CliError, ExitCode};
use crate::form::{self, Accepted};
use crate::l10n::{CliMessages, Lang, Messages};
use crate::models;
use crate::schema::Files;
use crate::schema::report::Report;
use crate::schema::spec::ModelSpec;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The model's id or another name of it.
    #[arg(required_unless_present = "jsonl")]
    model: Option<String>,
    /// The input: JSON text, @FILE, or - for standard input.
    #[arg(long, value_name = "JSON|@FILE|-", required_unless_present_any = ["jsonl", "fields"])]
    input: Option<String>,
    /// Set a field, also one of --input; several times for a list.
    #[arg(short, long = "field", value_name = "FIELD=VALUE", value_parser = input::field_arg)]
    fields: Vec<FieldArg>,
    /// Print the verdict as JSON.
    #[arg(long)]
    json: bool,
    /// Read lines {"model","input"} from standard input, write a verdict for each to standard output.
    #[arg(long, conflicts_with_all = ["model", "input", "fields", "json"])]
    jsonl: bool,
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<ExitCode, CliError> {
    let phrases = CliMessages::of(lang);
    if args.jsonl {
        return stream(BufReader::with_capacity(1 << 16, std::io::stdin()), std::io::stdout().lock(), lang);
    }
    let Some(name) = &args.model else {
        return Err(CliError::BadInput(phrases.model_needed()));
    };
    let texts = phrases.texts();
    let model = match models::find(name) {
        Some(model) => model,
        None if args.json => return unchecked(Some(name), "unknown_model", input::unknown_model(name, texts)),
        None => input::model(name, texts)?,
    };
    let spec = model.spec;
    let given = match args.input.as_deref().map(|given| Given::text(given, phrases)).transpose()? {
        None => Ok(Given::default()),
        Some((text, place)) => Given::parse(&text, &place, texts),
    };
    let mut given = match given {
        Ok(given) => given,
        Err(Unusable { code, message }) if args.json => return unchecked(Some(spec.id), code, message),
        Err(unusable) => return Err(unusable.into()),
    };
    given.set(spec, &args.fields);
    let checked = given.check(model, &Files::new());
    if args.json {
        say_json(&Verdict::of(spec, checked.as_ref(), texts))?;
    } else {
        describe(spec, &checked, texts);
    }
    Ok(if checked.is_ok() { ExitCode::Success } else { ExitCode::BadInput })
}

/// The verdict on an input that cannot be checked.
fn unchecked(model: Option<&str>, code: &'static str, message: String) -> Result<ExitCode, CliError> {
    say_json(&Unreadable::new(model, code, message))?;
    Ok(ExitCode::BadInput)
}

fn describe(spec: &'static ModelSpec, checked: &Result<Accepted, Report>, texts: &Messages) {
    let warnings = match checked {
        Ok(accepted) => {
            say(&format!("{}: {}", spec.id, texts.valid()));
            &accepted.warnings
        }
        Err(report) => {
            verdict::refusal(spec, report, texts).iter().for_each(|line| say(line));
            &report.warnings
        }
    };
    verdict::warn(spec, warnings, texts);
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    model: std::borrow::Cow<'a, str>,
    /// Left as it stands: most inputs go straight into the model's type.
    #[serde(borrow)]
    input: &'a RawValue,
}

/// One verdict a line, in the order of the lines; memory does not grow with their number. Whoever writes a line and waits
/// gets its verdict.
fn stream(mut from: BufReader<impl Read>, to: impl Write, lang: Lang) -> Result<ExitCode, CliError> {
    let mut to = std::io::BufWriter::new(to);
    let mut line = Vec::new();
    let mut all_valid = true;
    let phrases = CliMessages::of(lang);
    let broken = |e: std::io::Error| CliError::Failed(phrases.cannot_read(&phrases.standard_input(), &e.to_string()));
    loop {
        line.clear();
        if from.read_until(b'\n', &mut line).map_err(broken)? == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let judged = judge(&line, &mut to, lang).and_then(|valid| {
            // The next read may wait for someone who waits for us.
            if from.buffer().is_empty() {
                to.flush().map_err(serde_json::Error::io)?;
            }
            Ok(valid)
        });
        match judged {
            Ok(valid) => all_valid &= valid,
            // The reader went away: it has what it wanted.
            Err(error) if error.io_error_kind() == Some(std::io::ErrorKind::BrokenPipe) => break,
            Err(error) => return Err(CliError::Failed(format!("standard output cannot be written: {error}"))),
        }
    }
    match to.flush() {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            return Err(CliError::Failed(format!("standard output cannot be written: {error}")));
        }
        _ => {}
    }
    Ok(if all_valid { ExitCode::Success } else { ExitCode::BadInput })
}

fn judge(line: &[u8], to: &mut impl Write, lang: Lang) -> Result<bool, serde_json::Error> {
    let texts = Messages::of(lang);
    let parsed: Result<Line<'_>, _> = serde_json::from_slice(line);
    let valid = match &parsed {
        Err(error) => {
            let message = texts.line_unreadable(&error.to_string());
            serde_json::to_writer(&mut *to, &Unreadable::new(None, "unreadable_line", message))?;
            false
        }
        Ok(parsed) => match (models::find(&parsed.model), parsed.input.get()) {
            (None, _) => {
                let message = input::unknown_model(&parsed.model, texts);
                serde_json::to_writer(&mut *to, &Unreadable::new(Some(&parsed.model), "unknown_model", message))?;
                false
            }
            (Some(model), input) if input.starts_with('{') => {
                let checked = form::check_json(model, input.as_bytes(), &Files::new());
                serde_json::to_writer(&mut *to, &Verdict::of(model.spec, checked.as_ref(), texts))?;
                checked.is_ok()
            }
            (Some(model), _) => {
                let message = texts.fault_not_an_object();
                serde_json::to_writer(&mut *to, &Unreadable::new(Some(model.spec.id), "not_an_object", message))?;
                false
            }
        },
    };
    to.write_all(b"\n").map_err(serde_json::Error::io)?;
    Ok(valid)
}
