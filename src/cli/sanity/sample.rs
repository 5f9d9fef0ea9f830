//! A valid input for any model: the registry's example, with small files made here in place of its links.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::super::CliError;
use crate::demo::media;
use crate::form::{self, Origin};
use crate::job::FileFacts;
use crate::kie::Client;
use crate::schema::input::{Files, Request};
use crate::schema::spec::{FieldSpec, Kind, MediaKind, ModelSpec};

const KINDS: [MediaKind; 4] = [MediaKind::Image, MediaKind::Video, MediaKind::Audio, MediaKind::Document];

/// A link for each kind of file, and what is known of the file behind it.
#[derive(Debug, Default)]
pub(super) struct Samples(HashMap<MediaKind, (String, FileFacts)>);

impl Samples {
    /// What is known of the files.
    pub(super) fn known(&self) -> Files {
        self.0.values().cloned().collect()
    }
}

/// Links that lead nowhere, for a plan.
///
/// # Errors
/// When a sample cannot be made.
pub(super) fn stand_ins() -> Result<Samples, CliError> {
    let mut samples = Samples::default();
    for kind in KINDS {
        let sample = make(kind)?;
        samples.0.insert(kind, (format!("https://upload.invalid/{}", sample.name), facts(&sample)));
    }
    Ok(samples)
}

/// A small file of each kind that these models need, uploaded once.
///
/// # Errors
/// When one cannot be made or uploaded.
pub(super) async fn upload(
    client: &Client,
    specs: impl Iterator<Item = &'static ModelSpec>,
) -> Result<Samples, CliError> {
    let needed: Vec<MediaKind> = specs.flat_map(|spec| kinds(spec.fields)).collect();
    let mut samples = Samples::default();
    for kind in KINDS.into_iter().filter(|kind| needed.contains(kind)) {
        let sample = make(kind)?;
        let facts = facts(&sample);
        let uploaded = client.upload_bytes(sample.name, sample.mime, sample.bytes).await;
        let uploaded = uploaded.map_err(|e| CliError::Failed(format!("{} was not uploaded: {e}", sample.name)))?;
        samples.0.insert(kind, (uploaded.url, facts));
    }
    Ok(samples)
}

/// The registry's example with the samples in place of its links, and this task in place of the earlier one that it names.
///
/// # Errors
/// When it does not pass, in words.
pub(super) fn request(spec: &'static ModelSpec, samples: &Samples, task: Option<&str>) -> Result<Request, String> {
    let mut answers: Map<String, Value> = serde_json::from_str(spec.example).map_err(|e| e.to_string())?;
    fill(spec.fields, &mut answers, samples, task);
    let accepted = form::check(spec, &answers, &Files::new(), Origin::Json);
    accepted.map(|a| a.request).map_err(|report| format!("the registry's example does not pass: {report:?}"))
}

fn make(kind: MediaKind) -> Result<media::Sample, CliError> {
    media::sample(kind).map_err(|e| CliError::Failed(e.to_string()))
}

fn facts(sample: &media::Sample) -> FileFacts {
    let known = media::facts(&sample.bytes);
    FileFacts {
        name: Some(sample.name.to_owned()),
        mime: Some(sample.mime.to_owned()),
        bytes: Some(sample.bytes.len() as u64),
        seconds: known.seconds,
        width: known.width,
        height: known.height,
    }
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

fn fill(fields: &'static [FieldSpec], answers: &mut Map<String, Value>, samples: &Samples, task: Option<&str>) {
    fn put(kind: &'static Kind, value: &mut Value, samples: &Samples, task: Option<&str>) {
        match (kind, value) {
            (Kind::Media(media), value) => {
                if let Some((url, _)) = media.of.first().and_then(|kind| samples.0.get(kind)) {
                    *value = url.clone().into();
                }
            }
            (Kind::Task(_), value) => {
                if let Some(task) = task {
                    *value = task.into();
                }
            }
            (Kind::List(list), Value::Array(items)) => items.iter_mut().for_each(|v| put(list.item, v, samples, task)),
            (Kind::Object(fields), Value::Object(map)) => fill(fields, map, samples, task),
            _ => {}
        }
    }
    for field in fields {
        if let Some(value) = answers.get_mut(field.name) {
            put(&field.kind, value, samples, task);
        }
    }
}
