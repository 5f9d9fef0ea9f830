//! Keeps the claim on a job during a step, and retries moves while the store is unavailable.

use std::future::pending;
use std::time::Duration;

use super::super::in_flight::JobGuard;
use super::super::retry::STORE_BACKOFF;
use super::Worker;
use crate::backoff::Retries;
use crate::job::{Job, JobState};
use crate::store::{ClaimedJob, JobChange, Setbacks};
use crate::store_error::StoreError;

/// Pause between attempts to renew a claim while the store is unavailable: short, so that no other worker claims the
/// job first.
const RENEW_AGAIN: Duration = Duration::from_millis(250);

impl Worker {
    /// Runs a step while its claim is renewed. A claim that another worker has taken over does not end the step, since
    /// it may wait for the reply to a create, which no other worker gets. Parts of a step that must not run then check
    /// [`JobGuard::is_stale`].
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
                        guard.mark_stale();
                        return pending().await;
                    }
                    Err(error) => {
                        tracing::debug!(job = %claimed.job.id, %error, "a claim could not be renewed");
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

    /// Moves a job, and retries while the store is unavailable: only this process knows what has become of the job.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when another worker has claimed it, and also when a move whose reply was lost has released
    /// it.
    pub(super) async fn advance(
        &self,
        claimed: &ClaimedJob,
        next: JobState,
        change: JobChange,
    ) -> Result<ClaimedJob, StoreError> {
        let store = &self.service.inner.store;
        let (mut retries, mut may_be_moved) = (Retries::new(STORE_BACKOFF), false);
        loop {
            match store.advance(claimed, next, &change, self.service.now()).await {
                Err(error) if error.is_unavailable() => {
                    may_be_moved = true;
                    self.service.wait_for_store(&error, &mut retries).await;
                }
                Err(error) if error.is_stale() && may_be_moved => {
                    return self.service.retry_until_available(|| self.confirm_move(claimed, next)).await;
                }
                other => return other,
            }
        }
    }

    /// The job, if it is in `next` and still claimed: then this worker has moved it there, and only the reply was lost.
    async fn confirm_move(&self, claimed: &ClaimedJob, next: JobState) -> Result<ClaimedJob, StoreError> {
        let store = &self.service.inner.store;
        store.renew(claimed, self.service.now(), self.settings.lease).await?;
        match store.job(&claimed.job.id).await? {
            Some(job) if job.state == next => Ok(ClaimedJob { job, ..claimed.clone() }),
            _ => Err(StoreError::Stale(claimed.job.id.clone())),
        }
    }

    /// Releases the job in `state`, to be claimed again after `pause`.
    pub(super) async fn reschedule(
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

    /// The setbacks, with one more if `counts`, and the time since the first. The last one is not "no such task".
    pub(super) fn setbacks(&self, claimed: &ClaimedJob, counts: bool) -> (Setbacks, Duration) {
        let now = self.service.now();
        let since = claimed.setbacks.since.unwrap_or(now);
        let count = claimed.setbacks.count.saturating_add(u32::from(counts));
        (Setbacks { count, since: Some(since), not_found_since: None }, now.since(since))
    }

    /// Another worker has claimed the job.
    pub(super) fn stale(job: &Job) -> StoreError {
        StoreError::Stale(job.id.clone())
    }
}
