//! `kie-bot generate`.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use serde_json::{Map, Value};

use super::input::{self, FieldArg, MediaArg};
use super::output::{note, say_json};
use super::{CliError, Ending, settle};
use crate::bot::texts::Lang;
use crate::form::{self, Origin};
use crate::job::{Certainty, FileFacts, Quote};
use crate::kie::{Client, CreateError, Outcome, Task};
use crate::schema::input::{Files, Request};
use crate::schema::report::Report;
use crate::schema::spec::{FieldSpec, Kind, ModelSpec, Status};

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
    /// Save the result files into this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Only send it; print the task id and do not wait.
    #[arg(long)]
    no_wait: bool,
    /// Print nothing but the final JSON (it is printed to standard output in any case).
    #[arg(long)]
    json: bool,
}

/// The final word, for machines: stable.
#[derive(Debug, Default, Serialize)]
pub(super) struct Summary {
    pub(super) success: bool,
    pub(super) result_urls: Vec<String>,
    pub(super) text: Option<String>,
    pub(super) error: Option<Trouble>,
    pub(super) task_id: Option<String>,
    pub(super) state: String,
    pub(super) credits: Option<f64>,
    pub(super) files: Vec<PathBuf>,
}

#[derive(Debug, Serialize)]
pub(super) struct Trouble {
    pub(super) code: String,
    pub(super) message: String,
}

pub(super) async fn run(args: Args, lang: Lang) -> Result<Ending, CliError> {
    let spec = input::model(&args.model)?;
    let mut answers = input::object(&args.input)?;
    offered(spec)?;
    input::set_fields(spec, &args.fields, &mut answers)?;
    if let Some(folder) = &args.out {
        writable(folder)?;
    }
    for media in &args.media {
        if !media.path.is_file() {
            return Err(CliError::BadInput(format!("{} is not a file", media.path.display())));
        }
        media_field(spec, &media.field)?;
    }
    let config = settle(Some("warn"))?;
    let client = crate::app::client(&config)?;
    // Nothing leaves this machine for an input that cannot be used.
    let mut expected = answers.clone();
    let local = expect(spec, &args.media, &mut expected)?;
    if let Err(report) = form::check(spec, &expected, &local, Origin::Json) {
        return Ok(refuse(spec, &report, lang));
    }
    let files = upload(&client, spec, &args.media, &mut answers).await?;
    let accepted = match form::check(spec, &answers, &files, Origin::Json) {
        Ok(accepted) => accepted,
        Err(report) => return Ok(refuse(spec, &report, lang)),
    };
    if !args.json {
        input::explain(spec, &accepted.warnings, lang).iter().for_each(|line| note(line));
    }
    let quote = accepted.request.price(&files);
    let quiet = args.json || !std::io::stderr().is_terminal();
    let mut saved = true;
    let summary = if args.no_wait {
        send(&client, &accepted.request).await
    } else {
        let outcome = watch(&client, &accepted.request, quote, quiet).await;
        let mut summary = summary(&outcome);
        if let (Some(folder), true) = (&args.out, outcome.success()) {
            saved = save(&client, &mut summary, spec, folder, quiet).await;
        }
        summary
    };
    say_json(&summary)?;
    let done = summary.success || (args.no_wait && summary.error.is_none());
    Ok(if done && saved { Ending::Done } else { Ending::Failed })
}

/// Says what is wrong with the input.
fn refuse(spec: &'static ModelSpec, report: &Report, lang: Lang) -> Ending {
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

/// The folder exists (or is made) and takes files: a paid result must have a place to go.
fn writable(folder: &Path) -> Result<(), CliError> {
    let made = std::fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder).map(drop));
    made.map_err(|e| CliError::BadInput(format!("{} cannot be written: {e}", folder.display())))
}

/// The field that takes files under this name, and whether it is a list.
fn media_field(spec: &ModelSpec, name: &str) -> Result<(&'static str, bool), CliError> {
    let takes = |field: &FieldSpec| match &field.kind {
        Kind::Media(_) => Some(false),
        Kind::List(list) if matches!(list.item, Kind::Media(_)) => Some(true),
        _ => None,
    };
    let found = spec.fields.iter().find(|f| f.name == name || f.aliases.contains(&name));
    match found.and_then(|f| takes(f).map(|list| (f.name, list))) {
        Some(found) => Ok(found),
        None => {
            let all: Vec<&str> = spec.fields.iter().filter(|f| takes(f).is_some()).map(|f| f.name).collect();
            let hint = if all.is_empty() {
                "it takes no files".to_owned()
            } else {
                format!("files go into {}", all.join(", "))
            };
            Err(CliError::BadInput(format!("`{name}` is not a file field of {}; {hint}", spec.id)))
        }
    }
}

/// Uploads the files and puts their links into the input; returns what is known of them.
async fn upload(
    client: &Client,
    spec: &ModelSpec,
    media: &[MediaArg],
    answers: &mut Map<String, Value>,
) -> Result<Files, CliError> {
    let mut files = Files::new();
    for item in media {
        let mime = mime_of(&item.path);
        let uploaded = client.upload_file(&item.path, &mime).await;
        let uploaded =
            uploaded.map_err(|e| CliError::Failed(format!("{} was not uploaded: {e}", item.path.display())))?;
        let facts = FileFacts { mime: Some(mime), bytes: uploaded.bytes, ..FileFacts::default() };
        put(spec, item, &uploaded.url, answers)?;
        files.insert(uploaded.url, facts);
    }
    Ok(files)
}

/// The input as it will be after the upload, with links that lead nowhere; returns what is known of the files.
fn expect(spec: &ModelSpec, media: &[MediaArg], answers: &mut Map<String, Value>) -> Result<Files, CliError> {
    let mut files = Files::new();
    for (number, item) in media.iter().enumerate() {
        let mime = mime_of(&item.path);
        let bytes = std::fs::metadata(&item.path).ok().map(|m| m.len());
        let url = format!("https://upload.invalid/{number}.{}", crate::service::extension(&mime));
        put(spec, item, &url, answers)?;
        files.insert(url, FileFacts { mime: Some(mime), bytes, ..FileFacts::default() });
    }
    Ok(files)
}

/// Puts a file's link into its field, as the value or as one more item of the list.
fn put(spec: &ModelSpec, item: &MediaArg, url: &str, answers: &mut Map<String, Value>) -> Result<(), CliError> {
    let (name, list) = media_field(spec, &item.field)?;
    if !list {
        answers.insert(name.to_owned(), url.into());
        return Ok(());
    }
    match answers.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
        Value::Array(items) => items.push(url.into()),
        other => *other = Value::Array(vec![other.take(), url.into()]),
    }
    Ok(())
}

/// The type of a file by its content, else by its name.
fn mime_of(path: &Path) -> String {
    let sniffed = infer::get_from_path(path).ok().flatten().map(|kind| kind.mime_type().to_owned());
    sniffed.unwrap_or_else(|| mime_guess::from_path(path).first_or_octet_stream().to_string())
}

/// Sends without waiting.
async fn send(client: &Client, request: &Request) -> Summary {
    match client.create_task(request, None).await {
        Ok(created) => Summary { task_id: Some(created.id.0), state: "submitted".into(), ..Summary::default() },
        Err(error) => {
            let (state, error) = match error {
                CreateError::Refused(error) => ("not_submitted", error),
                CreateError::Unknown(error) => ("unknown", error),
            };
            let failure = error.to_failure();
            let error = Some(Trouble { code: failure.code, message: failure.message });
            Summary { state: state.into(), error, ..Summary::default() }
        }
    }
}

/// Sends and waits, with a bar on a terminal.
async fn watch(client: &Client, request: &Request, quote: Option<Quote>, quiet: bool) -> Outcome {
    let task = request.spec().tasks.first();
    let usual = task.map_or(30, |t| u64::from(t.usual_s));
    let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(usual) };
    if let Ok(style) = ProgressStyle::with_template("  {msg:<12} {bar:30.green}  {elapsed}   {prefix}") {
        bar.set_style(style.progress_chars("━━ "));
    }
    let price = match quote {
        Some(Quote { credits, certainty: Certainty::Exact }) => format!("{credits} credits"),
        Some(Quote { credits, certainty: Certainty::AtMost }) => format!("at most {credits} credits"),
        None => "price by the length of the file".to_owned(),
    };
    bar.set_prefix(format!("usually {usual} s   {price}"));
    bar.set_message("sending");
    let tick = tokio::spawn({
        let bar = bar.clone();
        async move {
            let mut every = tokio::time::interval(Duration::from_millis(200));
            loop {
                every.tick().await;
                bar.set_position(bar.elapsed().as_secs().min(usual));
            }
        }
    });
    let watched = bar.clone();
    let show = move |task: &Task| watched.set_message(task.state.to_string());
    let outcome = client.generate_watched(request.clone(), None, show).await;
    tick.abort();
    bar.finish_and_clear();
    outcome
}

pub(super) fn summary(outcome: &Outcome) -> Summary {
    Summary {
        success: outcome.success(),
        result_urls: outcome.output.urls.clone(),
        text: outcome.output.text.clone(),
        error: outcome.error.as_ref().map(|cause| {
            let failure = cause.to_failure();
            Trouble { code: failure.code, message: failure.message }
        }),
        task_id: outcome.task.as_ref().map(|t| t.0.clone()),
        state: outcome.state.as_str().to_owned(),
        credits: outcome.output.credits.map(crate::ledger::Credits::as_f64),
        files: Vec::new(),
    }
}

/// Brings the result into the folder; returns whether all of it got there. What did not is named; the links stay in the
/// summary.
async fn save(client: &Client, summary: &mut Summary, spec: &ModelSpec, folder: &Path, quiet: bool) -> bool {
    let mut all = true;
    let stem: String = spec.id.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).collect();
    let task: String = summary.task_id.iter().flat_map(|t| t.chars().take(8)).collect();
    for (index, url) in summary.result_urls.iter().enumerate() {
        let part = folder.join(format!(".{stem}-{task}-{}.part", index + 1));
        match client.download(url, &part, u64::MAX).await {
            Ok(done) => {
                let path =
                    folder.join(format!("{stem}-{task}-{}.{}", index + 1, crate::service::extension(&done.mime)));
                if let Err(error) = std::fs::rename(&part, &path) {
                    note(&format!("  {} cannot be written: {error}", path.display()));
                    all = false;
                    continue;
                }
                if !quiet {
                    note(&format!("  saved {} ({:.1} MB)", path.display(), done.bytes as f64 / 1e6));
                }
                summary.files.push(path);
            }
            Err(error) => {
                let _ = std::fs::remove_file(&part);
                note(&format!("  {url} was not saved: {error}"));
                all = false;
            }
        }
    }
    if let Some(text) = &summary.text {
        let path = folder.join(format!("{stem}-{task}.txt"));
        match std::fs::write(&path, text) {
            Ok(()) => summary.files.push(path),
            Err(error) => {
                note(&format!("  {} cannot be written: {error}", path.display()));
                all = false;
            }
        }
    }
    all
}
