//! Next steps: what task types make of a job's result, and which models of them.

use sha2::{Digest, Sha256};

use super::field::answer;
use crate::job::Job;
use crate::models;
use crate::schema::spec::{FollowSpec, MediaKind, ModelSpec, Named, TaskSpec};
use crate::service::Service;

/// A task type that goes on from results.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub(crate) task: &'static TaskSpec,
    pub(crate) follow: &'static FollowSpec,
}

impl Step {
    fn of(task: &'static TaskSpec) -> Option<Self> {
        Some(Self { task, follow: task.follows.as_ref()? })
    }

    /// The step with this type's word.
    pub(crate) fn find(task: &str) -> Option<Self> {
        models::tasks().iter().find(|known| known.id == task).and_then(|task| Self::of(task))
    }

    /// The steps that can be taken after a job, in the registry's order.
    pub(crate) fn after(job: &Job) -> Vec<Self> {
        let sort = sort(job).filter(|_| job.output.as_ref().is_some_and(|output| !output.urls.is_empty()));
        let steps = models::tasks().iter().filter_map(|task| Self::of(task));
        steps.filter(|step| Some(step.follow.takes) == sort && !step.models().is_empty()).collect()
    }

    /// The models on offer that take such a result.
    pub(crate) fn models(self) -> Vec<&'static ModelSpec> {
        let takes = |spec: &&ModelSpec| Service::offers(spec) && field(spec, self.follow.takes).is_some();
        models::of_task(self.task.id).filter(takes).collect()
    }
}

/// What the files of a job's result are.
pub(crate) fn sort(job: &Job) -> Option<MediaKind> {
    models::find(&job.model)?.spec.output.media()
}

/// Position of the field that takes such a file: a required one before all others.
pub(crate) fn field(spec: &ModelSpec, sort: MediaKind) -> Option<usize> {
    let found = answer::takes_file(spec.fields, &[sort]);
    found.iter().find(|index| spec.fields[**index].required).or(found.first()).copied()
}

/// A model's short word: the first eight hex digits of the SHA-256 of its id.
pub(crate) fn word(model: &str) -> String {
    hex::encode(&Sha256::digest(model)[..4])
}

/// The model with this short word. The id that it was made from may be a name of another model by now.
pub(crate) fn model(short: &str) -> Option<Named> {
    let names = models::all().iter().flat_map(|spec| {
        let others = spec.aliases.iter().map(|alias| alias.name);
        std::iter::once(spec.id).chain(others)
    });
    names.filter(|name| word(name) == short).find_map(models::find)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::bot::sample::STUDIO;

    #[test]
    fn short_words_find_their_models() {
        let mut words = HashSet::new();
        for spec in models::all() {
            for name in std::iter::once(spec.id).chain(spec.aliases.iter().map(|alias| alias.name)) {
                assert!(words.insert(word(name)), "another name has the word of {name}");
                let found = model(&word(name)).unwrap();
                assert!(std::ptr::eq(found.spec, *spec), "{name} is found as {}", found.spec.id);
            }
        }
        assert!(model("no word").is_none());
    }

    #[test]
    fn a_step_leads_to_models_that_take_the_result() {
        let steps: Vec<Step> = models::tasks().iter().filter_map(|task| Step::of(task)).collect();
        assert!(!steps.is_empty());
        for step in steps {
            let offered = step.models();
            assert!(!offered.is_empty(), "{} leads nowhere", step.task.id);
            for spec in offered {
                let kind = &spec.fields[field(spec, step.follow.takes).unwrap()].kind;
                assert!(answer::media_of(kind).contains(&step.follow.takes), "{}", spec.id);
            }
        }
    }

    #[test]
    fn a_required_field_comes_first() {
        assert_eq!(field(&STUDIO, MediaKind::Image), Some(1));
        assert_eq!(field(&STUDIO, MediaKind::Video), Some(7));
        assert_eq!(field(&STUDIO, MediaKind::Document), None);
        let required = models::all().iter().find_map(|spec| {
            let fields = answer::takes_file(spec.fields, &[MediaKind::Image]);
            let at = fields.iter().position(|index| spec.fields[*index].required).filter(|at| *at > 0)?;
            Some((*spec, fields[at]))
        });
        if let Some((spec, index)) = required {
            assert_eq!(field(spec, MediaKind::Image), Some(index), "{}", spec.id);
        }
    }
}
