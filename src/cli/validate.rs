//! `kie-bot validate`: checks inputs without sending them.

use std::io::{BufRead, BufReader, Read, Write};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::input::{self, FieldArg, InputError, InputMembers};
use super::output::{print_json, print_line};
use super::verdict::{self, Unreadable, Verdict};
use super::{CliError, ExitCode, example};
use crate::form::{self, Accepted};
use crate::l10n::{CliMessages, Lang, Messages};
use crate::models;
use crate::schema::Files;
use crate::schema::report::Report;
use crate::schema::spec::ModelSpec;

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
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

pub(super) fn examples() -> Vec<String> {
    let example::TextModel { id, input, .. } = example::TextModel::find();
    vec![
        format!("validate {id} --input '{input}'"),
        format!("validate {id} -f prompt=\"A red fox\" --json"),
        "validate --jsonl < inputs.jsonl > verdicts.jsonl".into(),
    ]
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<ExitCode, CliError> {
    let messages = CliMessages::of(lang);
    if args.jsonl {
        return stream(BufReader::with_capacity(1 << 16, std::io::stdin()), std::io::stdout().lock(), lang);
    }
    let Some(name) = &args.model else {
        return Err(CliError::BadInput(messages.model_needed()));
    };
    let texts = messages.texts();
    let model = match models::find(name) {
        Some(model) => model,
        None if args.json => return print_unreadable(Some(name), "unknown_model", input::unknown_model(name, texts)),
        None => input::model(name, texts)?,
    };
    let spec = model.spec;
    let given = match args.input.as_deref().map(|given| InputMembers::read_text(given, messages)).transpose()? {
        None => Ok(InputMembers::default()),
        Some((text, source)) => InputMembers::parse(&text, &source, texts),
    };
    let mut given = match given {
        Ok(given) => given,
        Err(InputError { code, message }) if args.json => return print_unreadable(Some(spec.id), code, message),
        Err(error) => return Err(error.into()),
    };
    given.set_fields(spec, &args.fields);
    let checked = given.check(model, &Files::new());
    if args.json {
        print_json(&Verdict::of(spec, checked.as_ref(), texts))?;
    } else {
        print_checked(spec, &checked, texts);
    }
    Ok(if checked.is_ok() { ExitCode::Success } else { ExitCode::BadInput })
}

/// Prints the verdict on an input that cannot be checked.
fn print_unreadable(model: Option<&str>, code: &'static str, message: String) -> Result<ExitCode, CliError> {
    print_json(&Unreadable::new(model, code, message))?;
    Ok(ExitCode::BadInput)
}

fn print_checked(spec: &'static ModelSpec, checked: &Result<Accepted, Report>, texts: &Messages) {
    let warnings = match checked {
        Ok(accepted) => {
            print_line(&format!("{}: {}", spec.id, texts.valid()));
            &accepted.warnings
        }
        Err(report) => {
            verdict::report_lines(spec, report, texts).iter().for_each(|line| print_line(line));
            &report.warnings
        }
    };
    verdict::print_warnings(spec, warnings, texts);
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    model: std::borrow::Cow<'a, str>,
    /// Not parsed here: most inputs are read straight into the model's type.
    #[serde(borrow)]
    input: &'a RawValue,
}

/// Writes one verdict for each line, in order, in constant memory. The output is flushed whenever no further line is
/// waiting, so that a caller can send one line at a time.
fn stream(mut from: BufReader<impl Read>, to: impl Write, lang: Lang) -> Result<ExitCode, CliError> {
    let mut to = std::io::BufWriter::new(to);
    let mut line = Vec::new();
    let mut all_valid = true;
    let messages = CliMessages::of(lang);
    let broken = |e: std::io::Error| CliError::Failed(messages.cannot_read(&messages.standard_input(), &e.to_string()));
    loop {
        line.clear();
        if from.read_until(b'\n', &mut line).map_err(broken)? == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let judged = judge(&line, &mut to, lang).and_then(|valid| {
            // The next read may block until the caller has this verdict.
            if from.buffer().is_empty() {
                to.flush().map_err(serde_json::Error::io)?;
            }
            Ok(valid)
        });
        match judged {
            Ok(valid) => all_valid &= valid,
            // A closed pipe is not a failure.
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
                let message = texts.violation_not_an_object();
                serde_json::to_writer(&mut *to, &Unreadable::new(Some(model.spec.id), "not_an_object", message))?;
                false
            }
        },
    };
    to.write_all(b"\n").map_err(serde_json::Error::io)?;
    Ok(valid)
}
