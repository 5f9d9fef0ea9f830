//! Which models are tried.

use super::super::{CliError, input};
use crate::l10n::CliMessages;
use crate::models;
use crate::schema::spec::{Kind, ModelSpec, Named, Status, TaskSpec};
use crate::service::Service;

/// A model as it was named, the type that it stands for, and whether it was asked for by that name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Picked {
    pub(super) task: &'static TaskSpec,
    pub(super) model: Named,
    pub(super) named: bool,
}

/// The models that were asked for, each once. Models without a price are tried when they are named, or with `unpriced`.
///
/// # Errors
/// When a name is none, a model is withdrawn, or nothing is left.
pub(super) fn models(
    names: &[String],
    types: &[String],
    all: bool,
    unpriced: bool,
    phrases: &CliMessages,
) -> Result<Vec<Picked>, CliError> {
    let texts = phrases.texts();
    let types: Vec<&'static TaskSpec> =
        types.iter().map(|name| input::task(name, phrases)).collect::<Result<_, _>>()?;
    let mut picked: Vec<Picked> = Vec::new();
    for name in names {
        let model = input::model(name, texts)?;
        if let Some(gone) = input::withdrawn(model.spec, texts) {
            return Err(CliError::BadInput(gone));
        }
        picked.extend(model.spec.tasks.first().map(|task| Picked { task, model, named: true }));
    }
    if all {
        let fits = |spec: &&ModelSpec| {
            let tried = Service::offers(spec) || (unpriced && spec.status == Status::Live);
            tried && (types.is_empty() || types.iter().any(|task| spec.tasks.contains(task)))
        };
        let every = models::all().iter().copied().filter(fits);
        picked.extend(
            every.filter_map(|spec| Some(Picked { task: spec.tasks.first()?, model: spec.into(), named: false })),
        );
    } else if names.is_empty() || !types.is_empty() {
        let wanted = if types.is_empty() { models::tasks().to_vec() } else { types };
        picked.extend(
            wanted.into_iter().filter_map(|task| Some(Picked { task, model: one(task)?.into(), named: false })),
        );
    }
    let mut seen = Vec::new();
    picked.retain(|picked| {
        !seen.contains(&picked.model.label()) && {
            seen.push(picked.model.label());
            true
        }
    });
    if picked.is_empty() {
        return Err(CliError::BadInput(phrases.sanity_none()));
    }
    Ok(picked)
}

/// The best model to stand for a type: offered, needs no earlier task, and has it as its main type.
fn one(task: &TaskSpec) -> Option<&'static ModelSpec> {
    let offered = models::of_task(task.id).filter(|spec| Service::offers(spec));
    offered.min_by_key(|spec| (takes_a_task((*spec).into()), spec.tasks.first().is_none_or(|main| main.id != task.id)))
}

/// Whether the example names an earlier task.
pub(super) fn takes_a_task(model: Named) -> bool {
    let example = model.example();
    model.spec.fields.iter().any(|field| matches!(field.kind, Kind::Task(_)) && example.contains_key(field.name))
}
