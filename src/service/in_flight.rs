//! The jobs that this process works on, and whether its claims on them are still valid.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::job::JobId;

/// The jobs that this process works on. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct InFlight {
    jobs: Arc<Mutex<HashMap<JobId, CancellationToken>>>,
}

/// Marks a job as in flight until it is dropped.
#[derive(Debug)]
pub(super) struct JobGuard {
    in_flight: InFlight,
    job: JobId,
    stale: CancellationToken,
}

impl InFlight {
    pub(super) fn insert(&self, job: &JobId) -> JobGuard {
        let stale = CancellationToken::new();
        self.jobs().insert(job.clone(), stale.clone());
        JobGuard { in_flight: self.clone(), job: job.clone(), stale }
    }

    /// All jobs in flight.
    pub(super) fn ids(&self) -> Vec<JobId> {
        self.jobs().keys().cloned().collect()
    }

    /// Whether this process still works on the job although another worker has claimed it.
    pub(super) fn is_stale(&self, job: &JobId) -> bool {
        self.jobs().get(job).is_some_and(CancellationToken::is_cancelled)
    }

    fn jobs(&self) -> MutexGuard<'_, HashMap<JobId, CancellationToken>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl JobGuard {
    /// Another worker has claimed the job.
    pub(super) fn mark_stale(&self) {
        self.stale.cancel();
    }

    pub(super) fn is_stale(&self) -> bool {
        self.stale.is_cancelled()
    }

    /// Resolves when another worker has claimed the job.
    pub(super) async fn stale(&self) {
        self.stale.cancelled().await;
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
    fn a_job_is_in_flight_until_its_guard_is_dropped() {
        let (in_flight, job) = (InFlight::default(), JobId::from("one"));
        let guard = in_flight.insert(&job);
        assert_eq!(in_flight.ids(), std::slice::from_ref(&job));
        assert!(!in_flight.is_stale(&job) && !guard.is_stale());
        guard.mark_stale();
        assert!(in_flight.is_stale(&job) && guard.is_stale());
        drop(guard);
        assert!(in_flight.ids().is_empty() && !in_flight.is_stale(&job), "a job that is not in flight is not stale");
    }
}
