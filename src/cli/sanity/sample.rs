//! A valid input for any model: the registry's example, with small files made here in place of its links.

use serde_json::{Map, Value};

use super::super::CliError;
use crate::client::Client;
use crate::demo::media::{self, Need};
use crate::form::{self, Origin};
use crate::job::FileFacts;
use crate::l10n::CliMessages;
use crate::schema::input::{Files, Request};
use crate::schema::report::Report;
use crate::schema::spec::{FieldSpec, Kind, MediaKind, MediaSpec, Named, Range};

/// A link for each sort of file, and what is known of the file behind it.
#[derive(Debug, Default)]
pub(super) struct Samples(Vec<(Need, String, FileFacts)>);

impl Samples {
    /// What is known of the files.
    pub(super) fn known(&self) -> Files {
        self.0.iter().map(|(_, url, facts)| (url.clone(), facts.clone())).collect()
    }

    fn link(&self, media: &MediaSpec) -> Option<&str> {
        let need = need(media)?;
        self.0.iter().find(|(own, ..)| *own == need).map(|(_, url, _)| url.as_str())
    }
}

/// Links that lead nowhere, for a plan.
pub(super) fn stand_ins(models: impl Iterator<Item = Named>) -> Samples {
    let stand_in = |(number, need): (usize, Need)| {
        let facts = need.facts();
        let url = format!("https://upload.invalid/{number}.{}", crate::service::extension(facts.mime));
        (need, url, known(facts, None))
    };
    Samples(needs(models).into_iter().enumerate().map(stand_in).collect())
}

/// A small file of each sort that these models need, uploaded once.
///
/// # Errors
/// When one cannot be made or uploaded.
pub(super) async fn upload(
    client: &Client,
    models: impl Iterator<Item = Named>,
    phrases: &CliMessages,
) -> Result<Samples, CliError> {
    let mut samples = Samples::default();
    for need in needs(models) {
        let sample = make(need)?;
        let facts = known(need.facts(), Some(sample.bytes.len() as u64));
        let uploaded = client.upload_bytes(sample.name, sample.mime, sample.bytes).await;
        let uploaded = uploaded.map_err(|e| CliError::Failed(phrases.not_uploaded(sample.name, &phrases.call(&e))))?;
        samples.0.push((need, uploaded.url, facts));
    }
    Ok(samples)
}

/// Each sort of file that these models need, once.
fn needs(models: impl Iterator<Item = Named>) -> Vec<Need> {
    fn of(kind: &'static Kind, found: &mut Vec<Need>) {
        match kind {
            Kind::Media(media) => found.extend(need(media).filter(|need| !found.contains(need))),
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

/// The smallest file within a field's limits.
fn need(media: &MediaSpec) -> Option<Need> {
    let mut need = Need::of(*media.of.first()?);
    let least = |range: Option<Range>| range.and_then(|range| range.min).unwrap_or_default();
    let sides = [media.side_px, media.short_side_px, media.long_side_px].map(least);
    // A square: both sides are the short one and the long one.
    let side = sides.into_iter().fold(least(media.total_px).sqrt(), f64::max).ceil() as u32;
    need.side = need.side.max(side);
    if need.kind == MediaKind::Video {
        need.seconds = need.seconds.max(least(media.seconds));
    }
    need.jpeg = need.kind == MediaKind::Image && !media.mime.is_empty() && !media.mime.contains(&"image/png");
    Some(need)
}

/// The registry's example with the samples in place of its links, and this task in place of the earlier one that it names.
///
/// # Errors
/// When it does not pass.
pub(super) fn request(model: Named, samples: &Samples, task: Option<&str>) -> Result<Request, Report> {
    let mut answers = model.example();
    fill(model.spec.fields, &mut answers, samples, task);
    form::check(model, &answers, &Files::new(), Origin::Json).map(|accepted| accepted.request)
}

fn make(need: Need) -> Result<media::Sample, CliError> {
    media::sample_for(need).map_err(|e| CliError::Failed(e.to_string()))
}

fn known(facts: media::Facts, bytes: Option<u64>) -> FileFacts {
    FileFacts {
        name: None,
        mime: Some(facts.mime.to_owned()),
        bytes,
        seconds: facts.seconds,
        width: facts.width,
        height: facts.height,
    }
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
        let offered = || specs().map(Named::from).chain(specs().flat_map(names));
        let samples = stand_ins(offered());
        let mut misfits = Vec::new();
        for model in offered() {
            let request = request(model, &samples, None).unwrap();
            for implied in model.implied {
                assert_eq!(request.input()[implied.field], implied.json(), "{}", model.name);
            }
            if let Err(report) = form::check(model, request.input(), &samples.known(), Origin::Json) {
                misfits.push(format!("{}: {:?}", model.name, report.violations));
            }
        }
        assert!(misfits.is_empty(), "{misfits:#?}");
    }
}
