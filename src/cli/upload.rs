//! `kie-bot upload`.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::generate::mime_of;
use super::output::{note, print_error, print_json, print_line};
use super::summary::ErrorSummary;
use super::{CliError, ExitCode, example, load_config};
use crate::client::{BASE64_LIMIT, Client, Error, Uploaded};
use crate::l10n::CliMessages;

/// How long the vendor keeps an upload, in hours: 24 by its agent guide; older pages say three days.
const KEPT_HOURS: u32 = 24;

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
pub(super) struct Args {
    /// Files of this machine, or links that KIE fetches itself (at most 100 MB each).
    #[arg(required = true, value_name = "PATH|URL")]
    sources: Vec<String>,
    /// Send files as base64 inside JSON, for networks that let no forms through; at most 10 MB each.
    #[arg(long)]
    base64: bool,
    /// Print a JSON array.
    #[arg(long)]
    json: bool,
}

#[derive(Debug)]
enum Source {
    Link(String),
    File(PathBuf),
}

/// The result for one source. Its JSON form is stable.
#[derive(Serialize)]
struct UploadRow<'a> {
    source: &'a str,
    url: Option<String>,
    bytes: Option<u64>,
    mime: Option<String>,
    kept_hours: Option<u32>,
    error: Option<ErrorSummary>,
}

fn examples() -> Vec<String> {
    vec!["upload photo.png".into(), "upload photo.png https://example.com/cat.jpg --json".into()]
}

pub(super) async fn run(args: Args, messages: &CliMessages) -> Result<ExitCode, CliError> {
    let sources: Vec<Source> =
        args.sources.iter().map(|given| source(given, args.base64, messages)).collect::<Result<_, _>>()?;
    let config = load_config(Some("warn"))?;
    let client = crate::app::client(&config)?;
    let mut rows = Vec::new();
    for (given, source) in args.sources.iter().zip(sources) {
        let row = match upload(&client, &source, args.base64).await {
            Ok(Uploaded { url, bytes, mime }) => {
                if !args.json {
                    print_line(&url);
                }
                UploadRow {
                    source: given,
                    url: Some(url),
                    bytes,
                    mime: Some(mime),
                    kept_hours: Some(KEPT_HOURS),
                    error: None,
                }
            }
            Err(error) => {
                if !args.json {
                    print_error(&messages.not_uploaded(given, &messages.call(&error)), messages);
                }
                let error = Some(ErrorSummary::of(&error));
                UploadRow { source: given, url: None, bytes: None, mime: None, kept_hours: None, error }
            }
        };
        rows.push(row);
    }
    if args.json {
        print_json(&rows)?;
    }
    let done = rows.iter().filter(|row| row.error.is_none()).count();
    if !args.json && done > 0 {
        let bytes: u64 = rows.iter().filter_map(|row| row.bytes).sum();
        note(&messages.uploaded(&messages.size(bytes), done, KEPT_HOURS));
    }
    Ok(if done == rows.len() { ExitCode::Success } else { ExitCode::Failure })
}

/// An argument as a URL or an existing file.
///
/// # Errors
/// When it is neither, or when the file is too large for base64.
fn source(given: &str, base64: bool, messages: &CliMessages) -> Result<Source, CliError> {
    let lower = given.to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        return match url::Url::parse(given) {
            Ok(_) => Ok(Source::Link(given.to_owned())),
            Err(error) => Err(CliError::BadInput(messages.no_link(given, &error.to_string()))),
        };
    }
    let path = Path::new(given);
    if !path.is_file() {
        return Err(CliError::BadInput(messages.no_source(given)));
    }
    let size = std::fs::metadata(path).map_or(0, |facts| facts.len());
    if base64 && size > BASE64_LIMIT {
        return Err(CliError::BadInput(messages.too_large_base64(given, &messages.size(BASE64_LIMIT))));
    }
    Ok(Source::File(path.to_owned()))
}

async fn upload(client: &Client, source: &Source, base64: bool) -> Result<Uploaded, Error> {
    match source {
        Source::Link(url) => client.upload_url(url).await,
        Source::File(path) if base64 => {
            let bytes = tokio::fs::read(path).await.map_err(|why| Error::File {
                what: "read",
                path: path.display().to_string(),
                why: why.to_string(),
            })?;
            client.upload_base64(&path.to_string_lossy(), &mime_of(path), &bytes).await
        }
        Source::File(path) => client.upload_file(path, &mime_of(path)).await,
    }
}
