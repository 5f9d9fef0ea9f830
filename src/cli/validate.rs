//! `kie-bot validate`: the same check as everywhere else, without sending anything.

use std::io::{BufRead, BufReader, Read, Write};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::input::{self, FieldArg};
use super::output::{note, say, say_json};
use super::{CliError, Ending};
use crate::bot::texts::{Lang, Texts};
use crate::form::{self, Accepted, Origin};
use crate::models;
use crate::schema::input::{Files, Request};
use crate::schema::report::{Report, Violation};
use crate::schema::spec::{ModelSpec, Status};

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

/// A verdict for machines: stable.
#[derive(Serialize)]
struct Verdict<'a> {
    valid: bool,
    model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<&'a Request>,
    #[serde(skip_serializing_if = "Option::is_none")]
    violations: Option<Vec<Finding<'a>>>,
    warnings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    #[serde(flatten)]
    violation: &'a Violation,
    message: String,
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<Ending, CliError> {
    if args.jsonl {
        return stream(BufReader::with_capacity(1 << 16, std::io::stdin()), std::io::stdout().lock(), lang);
    }
    let Some(name) = &args.model else {
        return Err(CliError::BadInput("a model is needed".to_owned()));
    };
    let spec = input::model(name)?;
    let mut answers = args.input.as_deref().map(input::object).transpose()?.unwrap_or_default();
    input::set_fields(spec, &args.fields, &mut answers)?;
    let checked = form::check(spec, &answers, &Files::new(), Origin::Json);
    if args.json {
        say_json(&verdict(spec, &checked, lang))?;
    } else {
        describe(spec, &checked, lang);
    }
    Ok(if checked.is_ok() { Ending::Done } else { Ending::BadInput })
}

fn describe(spec: &'static ModelSpec, checked: &Result<Accepted, Report>, lang: Lang) {
    let warnings = match checked {
        Ok(accepted) => {
            say(&format!("{}: valid", spec.id));
            &accepted.warnings
        }
        Err(report) => {
            let n = report.violations.len();
            say(&format!("{}: {n} problem{}", spec.id, if n == 1 { "" } else { "s" }));
            input::explain(spec, &report.violations, lang).iter().for_each(|line| say(line));
            &report.warnings
        }
    };
    if !warnings.is_empty() {
        note("worth knowing:");
        input::explain(spec, warnings, lang).iter().for_each(|line| note(line));
    }
    if spec.status != Status::Live {
        let instead = spec.nearest.map(|n| format!("; use `{n}`")).unwrap_or_default();
        note(&format!("{} is {} and cannot be ordered{instead}", spec.id, super::models::status_word(spec.status)));
    }
}

fn verdict<'a>(spec: &'static ModelSpec, checked: &'a Result<Accepted, Report>, lang: Lang) -> Verdict<'a> {
    let texts = Texts::of(lang);
    let findings = |list: &'a [Violation]| -> Vec<Finding<'a>> {
        let message = |v: &Violation| texts.violation(v, input::field(spec, &v.field));
        list.iter().map(|v| Finding { violation: v, message: message(v) }).collect()
    };
    match checked {
        Ok(accepted) => Verdict {
            valid: true,
            model: spec.id,
            input: Some(&accepted.request),
            violations: None,
            warnings: findings(&accepted.warnings),
        },
        Err(report) => Verdict {
            valid: false,
            model: spec.id,
            input: None,
            violations: Some(findings(&report.violations)),
            warnings: findings(&report.warnings),
        },
    }
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    model: std::borrow::Cow<'a, str>,
    /// Left as it stands: most inputs go straight into the model's type.
    #[serde(borrow)]
    input: &'a RawValue,
}

/// A line that cannot be checked at all.
#[derive(Serialize)]
struct Unreadable<'a> {
    valid: bool,
    model: Option<&'a str>,
    violations: [UnreadableFinding; 1],
    warnings: [(); 0],
}

#[derive(Serialize)]
struct UnreadableFinding {
    field: &'static str,
    code: &'static str,
    message: String,
}

fn unreadable<'a>(model: Option<&'a str>, code: &'static str, message: String) -> Unreadable<'a> {
    Unreadable { valid: false, model, violations: [UnreadableFinding { field: "", code, message }], warnings: [] }
}

/// One verdict a line, in the order of the lines; memory does not grow with their number. Whoever writes a line and waits
/// gets its verdict.
fn stream(mut from: BufReader<impl Read>, to: impl Write, lang: Lang) -> Result<Ending, CliError> {
    let mut to = std::io::BufWriter::new(to);
    let mut line = Vec::new();
    let mut all_valid = true;
    loop {
        line.clear();
        let read = from.read_until(b'\n', &mut line);
        if read.map_err(|e| CliError::Failed(format!("standard input cannot be read: {e}")))? == 0 {
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
    Ok(if all_valid { Ending::Done } else { Ending::BadInput })
}

fn judge(line: &[u8], to: &mut impl Write, lang: Lang) -> Result<bool, serde_json::Error> {
    let parsed: Result<Line<'_>, _> = serde_json::from_slice(line);
    let valid = match &parsed {
        Err(error) => {
            serde_json::to_writer(&mut *to, &unreadable(None, "unreadable_line", error.to_string()))?;
            false
        }
        Ok(parsed) => match (models::find(&parsed.model), parsed.input.get()) {
            (None, _) => {
                let hint = models::nearest(&parsed.model).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
                let message = format!("there is no model `{}`{hint}", parsed.model);
                serde_json::to_writer(&mut *to, &unreadable(Some(&parsed.model), "unknown_model", message))?;
                false
            }
            (Some(spec), input) if input.starts_with('{') => {
                let checked = form::check_json(spec, input.as_bytes(), &Files::new());
                serde_json::to_writer(&mut *to, &verdict(spec, &checked, lang))?;
                checked.is_ok()
            }
            (Some(spec), _) => {
                let message = "`input` must be a JSON object".to_owned();
                serde_json::to_writer(&mut *to, &unreadable(Some(spec.id), "not_an_object", message))?;
                false
            }
        },
    };
    to.write_all(b"\n").map_err(serde_json::Error::io)?;
    Ok(valid)
}
