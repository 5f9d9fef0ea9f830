//! Follow-ups: the task types that take the result of a job as their input, and the models that do it.

use sha2::{Digest, Sha256};

use super::field::answer;
use crate::assortment::Assortment;
use crate::job::Job;
use crate::models;
use crate::schema::spec::{FollowSpec, MediaKind, ModelRef, ModelSpec, TaskSpec};

/// A task type that takes a result as its input.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FollowUp {
    pub(crate) task: &'static TaskSpec,
    pub(crate) follow: &'static FollowSpec,
}

impl FollowUp {
    fn of(task: &'static TaskSpec) -> Option<Self> {
        Some(Self { task, follow: task.follows.as_ref()? })
    }

    /// The follow-up with this task type's id.
    pub(crate) fn find(task: &str) -> Option<Self> {
        models::tasks().iter().find(|known| known.id == task).and_then(|task| Self::of(task))
    }

    /// The follow-ups offered for a job's result, in the registry's order.
    pub(crate) fn after(job: &Job, assortment: &Assortment) -> Vec<Self> {
        let kind = result_kind(job).filter(|_| job.output.as_ref().is_some_and(|output| !output.urls.is_empty()));
        let all = models::tasks().iter().filter_map(|task| Self::of(task));
        all.filter(|one| Some(one.follow.takes) == kind && !one.models(assortment).is_empty()).collect()
    }

    /// The offered models of the task type that have a field for the result.
    pub(crate) fn models(self, assortment: &Assortment) -> Vec<&'static ModelSpec> {
        let takes = |spec: &&ModelSpec| assortment.offers(spec) && field_for(spec, self.follow.takes).is_some();
        models::of_task(self.task.id).filter(takes).collect()
    }
}

/// The kind of file that a job's model produces.
pub(crate) fn result_kind(job: &Job) -> Option<MediaKind> {
    models::find(&job.model)?.spec.output.media()
}

/// Index of the field that takes a file of this kind, required fields first.
pub(crate) fn field_for(spec: &ModelSpec, kind: MediaKind) -> Option<usize> {
    let found = answer::fields_for_file(spec.fields, &[kind]);
    found.iter().find(|index| spec.fields[**index].required).or(found.first()).copied()
}

/// A model's short id: the first eight hex digits of the SHA-256 of its id.
pub(crate) fn short_id(model: &str) -> String {
    hex::encode(&Sha256::digest(model)[..4])
}

/// The model with this short id. The id that was hashed may meanwhile be an alias of another model.
pub(crate) fn find_model(short: &str) -> Option<ModelRef> {
    let names = models::all().iter().flat_map(|spec| {
        let others = spec.aliases.iter().map(|alias| alias.name);
        std::iter::once(spec.id).chain(others)
    });
    names.filter(|name| short_id(name) == short).find_map(models::find)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::bot::sample::STUDIO;

    #[test]
    fn short_ids_find_their_models() {
        let mut seen = HashSet::new();
        for spec in models::all() {
            for name in std::iter::once(spec.id).chain(spec.aliases.iter().map(|alias| alias.name)) {
                assert!(seen.insert(short_id(name)), "another name has the short id of {name}");
                let found = find_model(&short_id(name)).unwrap();
                assert!(std::ptr::eq(found.spec, *spec), "{name} is found as {}", found.spec.id);
            }
        }
        assert!(find_model("no id").is_none());
    }

    #[test]
    fn a_follow_up_leads_to_models_that_take_the_result() {
        let all: Vec<FollowUp> = models::tasks().iter().filter_map(|task| FollowUp::of(task)).collect();
        assert!(!all.is_empty());
        for follow_up in all {
            let offered = follow_up.models(&Assortment::default());
            assert!(!offered.is_empty(), "{} leads nowhere", follow_up.task.id);
            for spec in offered {
                let kind = &spec.fields[field_for(spec, follow_up.follow.takes).unwrap()].kind;
                assert!(answer::media_of(kind).contains(&follow_up.follow.takes), "{}", spec.id);
            }
        }
    }

    #[test]
    fn a_required_field_comes_first() {
        assert_eq!(field_for(&STUDIO, MediaKind::Image), Some(1));
        assert_eq!(field_for(&STUDIO, MediaKind::Video), Some(7));
        assert_eq!(field_for(&STUDIO, MediaKind::Document), None);
        let required = models::all().iter().find_map(|spec| {
            let fields = answer::fields_for_file(spec.fields, &[MediaKind::Image]);
            let at = fields.iter().position(|index| spec.fields[*index].required).filter(|at| *at > 0)?;
            Some((*spec, fields[at]))
        });
        if let Some((spec, index)) = required {
            assert_eq!(field_for(spec, MediaKind::Image), Some(index), "{}", spec.id);
        }
    }
}
