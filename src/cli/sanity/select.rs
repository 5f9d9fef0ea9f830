//! The choice of the models that a sanity run tests.

use super::super::{CliError, input};
use crate::l10n::CliMessages;
use crate::models;
use crate::schema::spec::{Kind, ModelRef, ModelSpec, Status, TaskSpec, WebhookNeed};
use crate::service::Service;

/// A model to test.
#[derive(Debug, Clone, Copy)]
pub(super) struct Selected {
    /// The task type that it is tested for.
    pub(super) task: &'static TaskSpec,
    pub(super) model: ModelRef,
    /// Selected with `--model`.
    pub(super) by_name: bool,
}

/// The selected models, each once. A model without a known price is selected only by its name, or with `unpriced`.
///
/// # Errors
/// When a name is unknown, a named model is withdrawn, or no model is left.
pub(super) fn models(
    names: &[String],
    types: &[String],
    all: bool,
    unpriced: bool,
    messages: &CliMessages,
) -> Result<Vec<Selected>, CliError> {
    let texts = messages.texts();
    let types: Vec<&'static TaskSpec> =
        types.iter().map(|name| input::task(name, messages)).collect::<Result<_, _>>()?;
    let mut selected: Vec<Selected> = Vec::new();
    for name in names {
        let model = input::model(name, texts)?;
        if let Some(gone) = input::withdrawn(model.spec, texts) {
            return Err(CliError::BadInput(gone));
        }
        selected.extend(model.spec.tasks.first().map(|task| Selected { task, model, by_name: true }));
    }
    if all {
        let fits = |spec: &&ModelSpec| {
            let tried = Service::offers(spec) || (unpriced && spec.status.is_offered());
            tried && (types.is_empty() || types.iter().any(|task| spec.tasks.contains(task)))
        };
        let every = models::all().iter().copied().filter(fits);
        selected.extend(
            every.filter_map(|spec| Some(Selected { task: spec.tasks.first()?, model: spec.into(), by_name: false })),
        );
    } else if names.is_empty() || !types.is_empty() {
        let wanted = if types.is_empty() { models::tasks().to_vec() } else { types };
        selected.extend(
            wanted.into_iter().filter_map(|task| Some(Selected { task, model: one(task)?.into(), by_name: false })),
        );
    }
    let mut seen = Vec::new();
    selected.retain(|selected| {
        !seen.contains(&selected.model.label()) && {
            seen.push(selected.model.label());
            true
        }
    });
    if selected.is_empty() {
        return Err(CliError::BadInput(messages.sanity_none()));
    }
    Ok(selected)
}

/// The model that represents a task type: an offered one, preferably one whose result can be asked for, without need of an earlier
/// task, with this type as its main type, and not in trouble.
fn one(task: &TaskSpec) -> Option<&'static ModelSpec> {
    let offered = models::of_task(task.id).filter(|spec| Service::offers(spec));
    offered.min_by_key(|spec| {
        (
            spec.webhook == WebhookNeed::Result,
            needs_earlier_task((*spec).into()),
            spec.tasks.first().is_none_or(|main| main.id != task.id),
            spec.status != Status::Live,
        )
    })
}

/// Whether the registry's example of the model names an earlier task.
pub(super) fn needs_earlier_task(model: ModelRef) -> bool {
    let example = model.example();
    model.spec.fields.iter().any(|field| matches!(field.kind, Kind::Task(_)) && example.contains_key(field.name))
}
