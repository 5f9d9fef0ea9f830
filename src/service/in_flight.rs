//! Jobs that this process is at work on, and whether they are still its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::job::JobId;

/// The jobs in hand. Cheap to clone: all clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct InFlight {
    jobs: Arc<Mutex<HashMap<JobId, CancellationToken>>>,
}

/// A job in hand, until this is dropped.
#[derive(Debug)]
pub(super) struct JobGuard {
    in_flight: InFlight,
    job: JobId,
    lost: CancellationToken,
}

impl InFlight {
    pub(super) fn take(&self, job: &JobId) -> JobGuard {
        let lost = CancellationToken::new();
        self.jobs().insert(job.clone(), lost.clone());
        JobGuard { in_flight: self.clone(), job: job.clone(), lost }
    }

    /// Every job in hand.
    pub(super) fn ids(&self) -> Vec<JobId> {
        self.jobs().keys().cloned().collect()
    }

    /// Whether this process still runs the job although its lease was lost.
    pub(super) fn has_lost(&self, job: &JobId) -> bool {
        self.jobs().get(job).is_some_and(CancellationToken::is_cancelled)
    }

    fn jobs(&self) -> MutexGuard<'_, HashMap<JobId, CancellationToken>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl JobGuard {
    /// The job is another's by now.
    pub(super) fn lose(&self) {
        self.lost.cancel();
    }

    pub(super) fn is_lost(&self) -> bool {
        self.lost.is_cancelled()
    }

    /// Resolves when the job is another's.
    pub(super) async fn lost(&self) {
        self.lost.cancelled().await;
    }
}

impl Drop for JobGuard {
    fn drop(&mut self) {
        self.in_flight.jobs().remove(&self.job);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_in_hand_until_it_is_let_go() {
        let (in_flight, job) = (InFlight::default(), JobId::from("one"));
        let guard = in_flight.take(&job);
        assert_eq!(in_flight.ids(), std::slice::from_ref(&job));
        assert!(!in_flight.has_lost(&job) && !guard.is_lost());
        guard.lose();
        assert!(in_flight.has_lost(&job) && guard.is_lost());
        drop(guard);
        assert!(in_flight.ids().is_empty() && !in_flight.has_lost(&job), "what is not in guard is not lost");
    }
}
