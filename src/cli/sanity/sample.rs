//! A valid input for any model: the registry's example, with small sample files in place of its links.

use bytes::Bytes;
use serde_json::{Map, Value};

use super::super::CliError;
use crate::client::Client;
use crate::form::{self, Origin};
use crate::l10n::CliMessages;
use crate::sample::Sample;
use crate::schema::report::Report;
use crate::schema::spec::{FieldSpec, Kind, MediaSpec, ModelRef};
use crate::schema::{Files, Request};

/// Sample files, each with its URL.
#[derive(Debug, Default)]
pub(super) struct Samples(Vec<(&'static Sample, String)>);

impl Samples {
    /// The facts of the files, by URL.
    pub(super) fn known(&self) -> Files {
        self.0.iter().map(|(sample, url)| (url.clone(), sample.facts())).collect()
    }

    fn link(&self, media: &MediaSpec) -> Option<&str> {
        let sample = Sample::for_media(media)?;
        self.0.iter().find(|(own, _)| own.name == sample.name).map(|(_, url)| url.as_str())
    }
}

/// Placeholder URLs, for a plan: nothing is uploaded.
pub(super) fn placeholders(models: impl Iterator<Item = ModelRef>) -> Samples {
    let link = |sample: &'static Sample| (sample, format!("https://upload.invalid/{}", sample.name));
    Samples(needed(models).into_iter().map(link).collect())
}

/// Uploads the sample files that these models need, each once.
///
/// # Errors
/// When one cannot be uploaded.
pub(super) async fn upload(
    client: &Client,
    models: impl Iterator<Item = ModelRef>,
    messages: &CliMessages,
) -> Result<Samples, CliError> {
    let mut samples = Samples::default();
    for sample in needed(models) {
        let uploaded = client.upload_bytes(sample.name, sample.mime, Bytes::from_static(sample.bytes)).await;
        let uploaded =
            uploaded.map_err(|e| CliError::Failed(messages.not_uploaded(sample.name, &messages.call(&e))))?;
        samples.0.push((sample, uploaded.url));
    }
    Ok(samples)
}

/// The sample files that these models need, each once.
fn needed(models: impl Iterator<Item = ModelRef>) -> Vec<&'static Sample> {
    fn of(kind: &'static Kind, found: &mut Vec<&'static Sample>) {
        match kind {
            Kind::Media(media) => {
                let new = |sample: &&Sample| found.iter().all(|own| own.name != sample.name);
                found.extend(Sample::for_media(media).filter(new));
            }
            Kind::List(list) => of(list.item, found),
            Kind::Object(fields) => fields.iter().for_each(|field| of(&field.kind, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for model in models {
        let example = model.example();
        let used = model.spec.fields.iter().filter(|field| example.contains_key(field.name));
        used.for_each(|field| of(&field.kind, &mut found));
    }
    found
}

/// The registry's example, with the samples in place of its links and `task` in place of the earlier task that it
/// names.
///
/// # Errors
/// When it violates the model's limits.
pub(super) fn request(model: ModelRef, samples: &Samples, task: Option<&str>) -> Result<Request, Report> {
    let mut answers = model.example();
    fill(model.spec.fields, &mut answers, samples, task);
    form::check(model, &answers, &Files::new(), Origin::Json).map(|accepted| accepted.request)
}

fn fill(fields: &'static [FieldSpec], answers: &mut Map<String, Value>, samples: &Samples, task: Option<&str>) {
    fn put(kind: &'static Kind, value: &mut Value, samples: &Samples, task: Option<&str>) {
        match (kind, value) {
            (Kind::Media(media), value) => {
                if let Some(url) = samples.link(media) {
                    *value = url.into();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::spec::ModelSpec;
    use crate::service::Service;

    #[test]
    fn samples_fit_every_model() {
        let specs = || crate::models::all().iter().copied().filter(|spec| Service::offers(spec));
        let names = |spec: &'static ModelSpec| spec.aliases.iter().filter_map(|alias| crate::models::find(alias.name));
        let offered = || specs().map(ModelRef::from).chain(specs().flat_map(names));
        let samples = placeholders(offered());
        let mut misfits = Vec::new();
        for model in offered() {
            let request = request(model, &samples, None).unwrap();
            for preset in model.presets {
                assert_eq!(request.input()[preset.field], preset.json(), "{}", model.name);
            }
            if let Err(report) = form::check(model, request.input(), &samples.known(), Origin::Json) {
                misfits.push(format!("{}: {:?}", model.name, report.violations));
            }
        }
        assert!(misfits.is_empty(), "{misfits:#?}");
    }
}
