//! Jobs that this process is at work on, and whether they are still its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::job::JobId;

/// The jobs in hand. Cheap to clone: all clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Hands {
    jobs: Arc<Mutex<HashMap<JobId, CancellationToken>>>,
}

/// A job in hand, until this is dropped.
#[derive(Debug)]
pub(super) struct Hand {
    hands: Hands,
    job: JobId,
    lost: CancellationToken,
}

impl Hands {
    pub(super) fn take(&self, job: &JobId) -> Hand {
        let lost = CancellationToken::new();
        self.jobs().insert(job.clone(), lost.clone());
        Hand { hands: self.clone(), job: job.clone(), lost }
    }

    /// Every job in hand.
    pub(super) fn ids(&self) -> Vec<JobId> {
        self.jobs().keys().cloned().collect()
    }

    /// Whether a job is in hand, and by what the store says another's.
    pub(super) fn has_lost(&self, job: &JobId) -> bool {
        self.jobs().get(job).is_some_and(CancellationToken::is_cancelled)
    }

    fn jobs(&self) -> MutexGuard<'_, HashMap<JobId, CancellationToken>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hand {
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

impl Drop for Hand {
    fn drop(&mut self) {
        self.hands.jobs().remove(&self.job);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_in_hand_until_it_is_let_go() {
        let (hands, job) = (Hands::default(), JobId::from("one"));
        let hand = hands.take(&job);
        assert_eq!(hands.ids(), std::slice::from_ref(&job));
        assert!(!hands.has_lost(&job) && !hand.is_lost());
        hand.lose();
        assert!(hands.has_lost(&job) && hand.is_lost());
        drop(hand);
        assert!(hands.ids().is_empty() && !hands.has_lost(&job), "what is not in hand is not lost");
    }
}
