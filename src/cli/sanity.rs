//! `kie-bot sanity`: one model of each type, end to end, against the configured endpoint.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::time::Instant;

use futures::StreamExt;
use serde::Serialize;
use serde_json::{Map, Value};

use super::output::{note, say, say_json, say_table, table};
use super::{CliError, Ending, generate, input, settle};
use crate::bot::texts::Lang;
use crate::demo::media;
use crate::form::{self, Origin};
use crate::kie::Client;
use crate::ledger::Credits;
use crate::models;
use crate::schema::input::{Files, Request};
use crate::schema::spec::{FieldSpec, Kind, MediaKind, ModelSpec, TaskSpec};
use crate::service::Service;

/// Models tried at the same time; far below the vendor's 20 creates in 10 seconds.
const PARALLEL: usize = 4;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only this type.
    #[arg(long = "type", value_name = "TYPE")]
    task: Option<String>,
    /// Spend credits: needed when the endpoint is not on this machine.
    #[arg(long)]
    live: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    #[serde(rename = "type")]
    task: &'static str,
    model: &'static str,
    state: String,
    seconds: f64,
    credits: Option<f64>,
    task_id: Option<String>,
    error: Option<generate::Trouble>,
}

pub(super) async fn run(args: Args, _lang: Lang) -> Result<Ending, CliError> {
    let tasks: Vec<&'static TaskSpec> = match &args.task {
        Some(name) => vec![input::task(name)?],
        None => models::tasks().to_vec(),
    };
    let picked: Vec<(&'static TaskSpec, &'static ModelSpec)> =
        tasks.iter().filter_map(|task| Some((*task, pick(task)?))).collect();
    if picked.is_empty() {
        return Err(CliError::BadInput("no model of this type is offered".to_owned()));
    }
    let config = settle(Some("warn"))?;
    let local = config.kie_url.host_str().is_some_and(|h| matches!(h, "127.0.0.1" | "localhost" | "[::1]"));
    if !local && !args.live {
        return dry_run(&picked, args.json);
    }
    let client = crate::app::client(&config)?;
    let samples = upload_samples(&client, &picked).await?;
    let loud = !args.json && std::io::stderr().is_terminal();
    let rows: Vec<Row> = futures::stream::iter(picked)
        .map(|(task, spec)| try_model(&client, task, spec, &samples, loud))
        .buffered(PARALLEL)
        .collect()
        .await;
    report(&rows, args.json)
}

/// The first offered model whose main type this is, else the first that has the type at all.
fn pick(task: &TaskSpec) -> Option<&'static ModelSpec> {
    let offered = || models::of_task(task.id).filter(|spec| Service::offers(spec));
    offered().find(|spec| spec.tasks.first().is_some_and(|t| t.id == task.id)).or_else(|| offered().next())
}

fn dry_run(picked: &[(&'static TaskSpec, &'static ModelSpec)], json: bool) -> Result<Ending, CliError> {
    let mut total = Credits::ZERO;
    let mut table = table(&["TYPE", "MODEL", "CREDITS"]);
    let mut rows = Vec::new();
    for (task, spec) in picked {
        let quote = example(spec, &HashMap::new()).ok().and_then(|request| request.price(&Files::new()));
        total = total + quote.map_or(Credits::ZERO, |q| q.credits);
        let credits = quote.map_or("by the file".to_owned(), |q| q.credits.to_string());
        table.add_row([task.id, spec.id, &credits]);
        rows.push(
            serde_json::json!({ "type": task.id, "model": spec.id, "credits": quote.map(|q| q.credits.as_f64()) }),
        );
    }
    if json {
        say_json(&serde_json::json!({ "dry_run": true, "total_credits": total.as_f64(), "models": rows }))?;
    } else {
        say_table(&table);
        say(&format!("Total: about {total} credits. Nothing was sent; `kie-bot sanity --live` spends them."));
    }
    Ok(Ending::Done)
}

/// A small file of each kind that the examples need, uploaded once.
async fn upload_samples(
    client: &Client,
    picked: &[(&'static TaskSpec, &'static ModelSpec)],
) -> Result<HashMap<MediaKind, String>, CliError> {
    let mut needed: Vec<MediaKind> = picked.iter().flat_map(|(_, spec)| kinds(spec.fields)).collect();
    needed.sort_by_key(|kind| *kind as u8);
    needed.dedup();
    let mut samples = HashMap::new();
    for kind in needed {
        let sample = media::sample(kind).map_err(|e| CliError::Failed(e.to_string()))?;
        let uploaded = client.upload_bytes(sample.name, sample.mime, sample.bytes).await;
        let uploaded = uploaded.map_err(|e| CliError::Failed(format!("{} was not uploaded: {e}", sample.name)))?;
        samples.insert(kind, uploaded.url);
    }
    Ok(samples)
}

fn kinds(fields: &'static [FieldSpec]) -> Vec<MediaKind> {
    fn of(kind: &'static Kind) -> Vec<MediaKind> {
        match kind {
            Kind::Media(media) => media.of.first().copied().into_iter().collect(),
            Kind::List(list) => of(list.item),
            Kind::Object(fields) => kinds(fields),
            _ => Vec::new(),
        }
    }
    fields.iter().flat_map(|field| of(&field.kind)).collect()
}

/// The registry's example with real files in place of its links.
fn example(spec: &'static ModelSpec, samples: &HashMap<MediaKind, String>) -> Result<Request, String> {
    let mut answers: Map<String, Value> = serde_json::from_str(spec.example).map_err(|e| e.to_string())?;
    fill(spec.fields, &mut answers, samples);
    let accepted = form::check(spec, &answers, &Files::new(), Origin::Json);
    accepted.map(|a| a.request).map_err(|report| format!("the registry's example does not pass: {report:?}"))
}

fn fill(fields: &'static [FieldSpec], answers: &mut Map<String, Value>, samples: &HashMap<MediaKind, String>) {
    fn put(kind: &'static Kind, value: &mut Value, samples: &HashMap<MediaKind, String>) {
        match (kind, value) {
            (Kind::Media(media), value) => {
                if let Some(url) = media.of.first().and_then(|kind| samples.get(kind)) {
                    *value = url.clone().into();
                }
            }
            (Kind::List(list), Value::Array(items)) => items.iter_mut().for_each(|v| put(list.item, v, samples)),
            (Kind::Object(fields), Value::Object(map)) => fill(fields, map, samples),
            _ => {}
        }
    }
    for field in fields {
        if let Some(value) = answers.get_mut(field.name) {
            put(&field.kind, value, samples);
        }
    }
}

async fn try_model(
    client: &Client,
    task: &'static TaskSpec,
    spec: &'static ModelSpec,
    samples: &HashMap<MediaKind, String>,
    loud: bool,
) -> Row {
    let started = Instant::now();
    if loud {
        note(&format!("{} ...", spec.id));
    }
    let summary = match example(spec, samples) {
        Ok(request) => generate::summary(&client.generate(request).await),
        Err(message) => generate::Summary {
            state: "not_submitted".into(),
            error: Some(generate::Trouble { code: "invalid_input".into(), message }),
            ..generate::Summary::default()
        },
    };
    Row {
        task: task.id,
        model: spec.id,
        state: summary.state,
        seconds: (started.elapsed().as_secs_f64() * 10.0).round() / 10.0,
        credits: summary.credits,
        task_id: summary.task_id,
        error: summary.error,
    }
}

fn report(rows: &[Row], json: bool) -> Result<Ending, CliError> {
    let passed = rows.iter().filter(|row| row.error.is_none()).count();
    if json {
        say_json(&rows)?;
    } else {
        let mut table = table(&["TYPE", "MODEL", "STATE", "SECONDS", "CREDITS", "ERROR"]);
        for row in rows {
            let credits = row.credits.map(|c| c.to_string()).unwrap_or_default();
            let error = row.error.as_ref().map(|e| format!("{}: {}", e.code, e.message)).unwrap_or_default();
            table.add_row([row.task, row.model, &row.state, &format!("{:.1}", row.seconds), &credits, &error]);
        }
        say_table(&table);
        say(&format!("{passed} of {} types passed", rows.len()));
    }
    Ok(if passed == rows.len() { Ending::Done } else { Ending::Failed })
}
