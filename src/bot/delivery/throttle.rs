//! Limits how often this process edits the progress message of a job.

use std::collections::HashMap;
use std::mem::Discriminant;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::clock::Timestamp;
use crate::job::JobId;
use crate::service::ProgressStage;

/// Least pause between two edits within one stage; a new stage is shown at once.
const EDIT_INTERVAL: Duration = Duration::from_secs(3);
/// With fewer jobs than this, old entries are not removed.
const MIN_CLEANUP: usize = 256;

/// The last edit of each job. Entries older than [`EDIT_INTERVAL`] have no effect and are removed from time to time.
#[derive(Debug, Default)]
pub(super) struct ProgressThrottle {
    edits: Mutex<Edits>,
}

#[derive(Debug, Default)]
struct Edits {
    last: HashMap<JobId, (Discriminant<ProgressStage>, Timestamp)>,
    /// Old entries are removed when there are this many.
    cleanup_at: usize,
}

impl ProgressThrottle {
    /// Returns whether the message may be edited now, and if so, records an edit.
    pub(super) fn allow(&self, job: &JobId, stage: ProgressStage, now: Timestamp) -> bool {
        let kind = std::mem::discriminant(&stage);
        let mut edits = self.edits.lock().unwrap_or_else(PoisonError::into_inner);
        if edits.last.get(job).is_some_and(|(last, at)| *last == kind && now.since(*at) < EDIT_INTERVAL) {
            return false;
        }
        if edits.last.len() >= edits.cleanup_at.max(MIN_CLEANUP) {
            edits.last.retain(|_, (_, at)| now.since(*at) < EDIT_INTERVAL);
            edits.cleanup_at = edits.last.len() * 2;
        }
        edits.last.insert(job.clone(), (kind, now));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_stage_is_shown_at_once_and_the_same_one_after_a_pause() {
        let (throttle, job, elapsed) = (ProgressThrottle::default(), JobId::from("one"), Duration::from_secs(1));
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        assert!(throttle.allow(&job, ProgressStage::Accepted, at(0)));
        assert!(throttle.allow(&job, ProgressStage::Waiting { elapsed }, at(0)));
        assert!(!throttle.allow(&job, ProgressStage::Waiting { elapsed: elapsed * 2 }, at(2)));
        assert!(throttle.allow(&job, ProgressStage::Waiting { elapsed: elapsed * 4 }, at(4)));
    }

    /// F39: an entry for every job that was ever shown.
    #[test]
    fn f39_entries_of_past_jobs_are_removed() {
        let throttle = ProgressThrottle::default();
        for n in 0..100_000 {
            assert!(throttle.allow(&JobId(n.to_string()), ProgressStage::Accepted, Timestamp::from_millis(n * 100)));
        }
        let kept = throttle.edits.lock().unwrap().last.len();
        assert!(kept <= MIN_CLEANUP, "{kept}");
    }
}
