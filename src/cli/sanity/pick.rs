//! Which models are tried.

use super::super::{CliError, input};
use crate::models;
use crate::schema::spec::{Kind, ModelSpec, TaskSpec};
use crate::service::Service;

/// A model, and the type that it stands for.
pub(super) type Picked = (&'static TaskSpec, &'static ModelSpec);

/// The models that were asked for, each once.
///
/// # Errors
/// When a name is none, a model is not offered, or nothing is left.
pub(super) fn models(names: &[String], types: &[String], all: bool) -> Result<Vec<Picked>, CliError> {
    let types: Vec<&'static TaskSpec> = types.iter().map(|name| input::task(name)).collect::<Result<_, _>>()?;
    let mut picked: Vec<Picked> = Vec::new();
    for name in names {
        let spec = input::model(name)?;
        if !Service::offers(spec) {
            let status = super::super::models::status_word(spec.status);
            return Err(CliError::BadInput(format!("`{}` is {status} and is not offered any more", spec.id)));
        }
        picked.extend(spec.tasks.first().map(|task| (*task, spec)));
    }
    if all {
        let fits = |spec: &&ModelSpec| {
            Service::offers(spec) && (types.is_empty() || types.iter().any(|task| spec.tasks.contains(task)))
        };
        let every = models::all().iter().copied().filter(fits);
        picked.extend(every.filter_map(|spec| Some((*spec.tasks.first()?, spec))));
    } else if names.is_empty() || !types.is_empty() {
        let wanted = if types.is_empty() { models::tasks().to_vec() } else { types };
        picked.extend(wanted.into_iter().filter_map(|task| Some((task, one(task)?))));
    }
    let mut seen = Vec::new();
    picked.retain(|(_, spec)| {
        !seen.contains(&spec.id) && {
            seen.push(spec.id);
            true
        }
    });
    if picked.is_empty() {
        return Err(CliError::BadInput("no model of this type is offered".to_owned()));
    }
    Ok(picked)
}

/// The best model to stand for a type: offered, needs no earlier task, and has it as its main type.
fn one(task: &TaskSpec) -> Option<&'static ModelSpec> {
    let offered = models::of_task(task.id).filter(|spec| Service::offers(spec));
    offered.min_by_key(|spec| (takes_a_task(spec), spec.tasks.first().is_none_or(|main| main.id != task.id)))
}

/// Whether the example names an earlier task.
pub(super) fn takes_a_task(spec: &ModelSpec) -> bool {
    let example: serde_json::Map<String, serde_json::Value> = serde_json::from_str(spec.example).unwrap_or_default();
    spec.fields.iter().any(|field| matches!(field.kind, Kind::Task(_)) && example.contains_key(field.name))
}
