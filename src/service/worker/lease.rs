//! A step and its lease; moves that are made for as long as it takes.

use std::future::pending;
use std::time::Duration;

use super::super::in_flight::JobGuard;
use super::super::retry::STORE_BACKOFF;
use super::Worker;
use crate::backoff::Retries;
use crate::job::{Job, JobState};
use crate::store::{ClaimedJob, JobChange, Setbacks};
use crate::store_error::StoreError;

/// A lease that could not be renewed is renewed as soon as the store is back: nobody else may be faster.
const RENEW_AGAIN: Duration = Duration::from_millis(250);

impl Worker {
    /// Runs a step while its lease is renewed beside it. A lease that is another's by now does not end the step: it may wait for the
    /// answer to a create, and nobody else will hear it. A part of the step that must not go on checks
    /// [`JobGuard::is_lost`] first.
    pub(super) async fn keep_lease<T>(
        &self,
        claimed: &ClaimedJob,
        guard: &JobGuard,
        work: impl Future<Output = T>,
    ) -> T {
        let (inner, third) = (&self.service.inner, self.settings.lease / 3);
        let renew = async {
            let mut pause = third;
            loop {
                inner.clock.sleep(pause).await;
                pause = match inner.store.renew(claimed, self.service.now(), self.settings.lease).await {
                    Ok(()) => third,
                    Err(error) if error.is_stale() => {
                        guard.lose();
                        return pending().await;
                    }
                    Err(error) => {
                        tracing::debug!(job = %claimed.job.id, %error, "a lease could not be renewed");
                        third.min(RENEW_AGAIN)
                    }
                };
            }
        };
        tokio::select! {
            done = work => done,
            done = renew => done,
        }
    }

    /// Moves a job, for as long as it takes: what has become of it this process alone knows.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it is another's by now, and also when it was let go by a move whose reply was lost.
    pub(super) async fn advance(
        &self,
        claimed: &ClaimedJob,
        next: JobState,
        change: JobChange,
    ) -> Result<ClaimedJob, StoreError> {
        let store = &self.service.inner.store;
        let (mut retries, mut is_doubtful) = (Retries::new(STORE_BACKOFF), false);
        loop {
            match store.advance(claimed, next, &change, self.service.now()).await {
                Err(error) if error.is_unavailable() => {
                    is_doubtful = true;
                    self.service.wait_for_store(&error, &mut retries).await;
                }
                Err(error) if error.is_stale() && is_doubtful => {
                    return self.service.retry_until_available(|| self.moved(claimed, next)).await;
                }
                other => return other,
            }
        }
    }

    /// The job, if it stands at `next` and is still ours: then it was we who moved it there, and only the reply was lost.
    async fn moved(&self, claimed: &ClaimedJob, next: JobState) -> Result<ClaimedJob, StoreError> {
        let store = &self.service.inner.store;
        store.renew(claimed, self.service.now(), self.settings.lease).await?;
        match store.job(&claimed.job.id).await? {
            Some(job) if job.state == next => Ok(ClaimedJob { job, ..claimed.clone() }),
            _ => Err(StoreError::Stale(claimed.job.id.clone())),
        }
    }

    /// Leaves the job in `state`, to be looked at again after `pause`.
    pub(super) async fn rest_in(
        &self,
        claimed: &ClaimedJob,
        state: JobState,
        pause: Duration,
        setbacks: Option<Setbacks>,
    ) -> Result<JobState, StoreError> {
        let change = JobChange { not_before: Some(self.service.now() + pause), setbacks, ..JobChange::default() };
        self.advance(claimed, state, change).await?;
        Ok(state)
    }

    /// The setbacks with one more, and the time since the first.
    pub(super) fn setback(&self, claimed: &ClaimedJob, counts: bool) -> (Setbacks, Duration) {
        let now = self.service.now();
        let since = claimed.setbacks.since.unwrap_or(now);
        let count = claimed.setbacks.count.saturating_add(u32::from(counts));
        (Setbacks { count, since: Some(since) }, now.since(since))
    }

    /// Whose the job is by now is another's affair.
    pub(super) fn stale(job: &Job) -> StoreError {
        StoreError::Stale(job.id.clone())
    }
}
