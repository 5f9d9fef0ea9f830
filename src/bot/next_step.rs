//! Next steps: the models that go on with a result, and the ids that they take from it.

use serde_json::Value;

use crate::assortment::Assortment;
use crate::job::Job;
use crate::models;
use crate::schema::spec::{Fill, FillValue, Kind, ModelSpec, NextSpec, TaskRefSpec};

/// The next steps offered for a job's result, each with its index in the registry.
pub(crate) fn offered(job: &Job, assortment: &Assortment) -> impl Iterator<Item = (u16, &'static NextSpec)> {
    let steps = models::find(&job.model).filter(|_| job.output.is_some()).map_or(&[][..], |model| model.spec.next);
    (0..).zip(steps).filter(|(_, next)| {
        let is_offered = models::find(next.model).is_some_and(|model| assortment.offers(model.spec));
        is_offered && next.fill.iter().all(|fill| value_of(fill, job).is_some())
    })
}

/// What a field is filled with; `None` when the result does not have it.
pub(crate) fn value_of(fill: &Fill, job: &Job) -> Option<Value> {
    match fill.value {
        FillValue::Task => job.task.as_ref().map(|task| Value::from(task.0.as_str())),
        FillValue::Result => job.output.as_ref()?.id.as_deref().map(Value::from),
        FillValue::Value(json) => serde_json::from_str(json).ok(),
    }
}

/// Fills in the answers of a next step. A list gets the value as its only item.
pub(crate) fn fill(spec: &ModelSpec, next: &NextSpec, job: &Job, mut put: impl FnMut(usize, Value)) {
    for fill in next.fill {
        let index = spec.fields.iter().position(|field| field.name == fill.field);
        let Some((index, value)) = index.zip(value_of(fill, job)) else { continue };
        let is_item = matches!(spec.fields[index].kind, Kind::List(_)) && !value.is_array();
        put(index, if is_item { Value::from(vec![value]) } else { value });
    }
}

/// The reference of a field that takes ids of tasks, or of a list of such.
pub(crate) fn task_of(kind: &Kind) -> Option<&TaskRefSpec> {
    match kind {
        Kind::Task(task) => Some(task),
        Kind::List(list) => match list.item {
            Kind::Task(task) => Some(task),
            _ => None,
        },
        _ => None,
    }
}

/// The id that a field takes of this job; `None` when the job does not fit.
pub(crate) fn id_for(kind: &Kind, job: &Job) -> Option<String> {
    let task = task_of(kind)?;
    if !task.models.is_empty() && !task.models.contains(&job.model.as_str()) {
        return None;
    }
    if task.of_result { job.output.as_ref()?.id.clone() } else { job.task.as_ref().map(|id| id.0.clone()) }
}
