//! Which progress text this process has shown last, so that it is not edited with every look.

use std::collections::HashMap;
use std::mem::Discriminant;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::clock::Timestamp;
use crate::job::JobId;
use crate::service::ProgressStage;

/// A progress text is not edited more often than this; a new stage is shown at once.
const EDIT_EVERY: Duration = Duration::from_secs(3);
/// Below so many jobs nothing is tidied up.
const FEW: usize = 256;

/// What was shown lately. What is older than [`EDIT_EVERY`] matters to nobody and is forgotten in time.
#[derive(Debug, Default)]
pub(super) struct Memory {
    shown: Mutex<Shown>,
}

#[derive(Debug, Default)]
struct Shown {
    of: HashMap<JobId, (Discriminant<ProgressStage>, Timestamp)>,
    tidy_at: usize,
}

impl Memory {
    /// Whether a progress text may be shown now; if so, it counts as shown.
    pub(super) fn may_show(&self, job: &JobId, stage: ProgressStage, now: Timestamp) -> bool {
        let kind = std::mem::discriminant(&stage);
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.of.get(job).is_some_and(|(last, at)| *last == kind && now.since(*at) < EDIT_EVERY) {
            return false;
        }
        if shown.of.len() >= shown.tidy_at.max(FEW) {
            shown.of.retain(|_, (_, at)| now.since(*at) < EDIT_EVERY);
            shown.tidy_at = shown.of.len() * 2;
        }
        shown.of.insert(job.clone(), (kind, now));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_is_shown_at_once_and_then_now_and_then() {
        let (memory, job, elapsed) = (Memory::default(), JobId::from("one"), Duration::from_secs(1));
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        assert!(memory.may_show(&job, ProgressStage::Accepted, at(0)));
        assert!(memory.may_show(&job, ProgressStage::Waiting { elapsed }, at(0)));
        assert!(!memory.may_show(&job, ProgressStage::Waiting { elapsed: elapsed * 2 }, at(2)));
        assert!(memory.may_show(&job, ProgressStage::Waiting { elapsed: elapsed * 4 }, at(4)));
    }

    /// F39: an entry for every job that was ever shown.
    #[test]
    fn f39_jobs_of_the_past_are_forgotten() {
        let memory = Memory::default();
        for n in 0..100_000 {
            assert!(memory.may_show(&JobId(n.to_string()), ProgressStage::Accepted, Timestamp::from_millis(n * 100)));
        }
        let kept = memory.shown.lock().unwrap().of.len();
        assert!(kept <= FEW, "{kept}");
    }
}
