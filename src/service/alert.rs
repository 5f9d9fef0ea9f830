//! What the operator is to hear is looked for from time to time, and kept in the store until it was told.
//!
//! Several processes may look. What only one of them knows (refusals of keys, the health of models) counts with its time:
//! none ends what another has seen later.

mod trouble;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::Service;
use crate::alert::{Alert, AlertKind};
use crate::clock::Timestamp;
use crate::job::{JobId, JobState};
use crate::ledger::Credits;
use crate::store_error::StoreError;
use trouble::Rate;

/// Most jobs of a state that wait for a decision and are told.
const MOST_JOBS: u32 = 50;
/// For so long jobs are looked back at, and so many.
const LOOK_BACK: Duration = Duration::from_secs(24 * 3600);
const MOST_ENDS: u32 = 500;

/// What is looked for.
#[derive(Debug, Default)]
pub(super) struct AlertWatch {
    low_credits: Option<Credits>,
    /// When it was looked last: what was told to this process before is in the store already.
    looked_at: Mutex<Timestamp>,
}

impl AlertWatch {
    pub(super) fn new(low_credits: Option<Credits>) -> Self {
        Self { low_credits, looked_at: Mutex::default() }
    }

    fn looked_at(&self) -> Timestamp {
        *self.looked_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service {
    /// Looks for all that the operator is to hear.
    ///
    /// # Errors
    /// When the store fails: the next look finds the same.
    pub(super) async fn look_for_alerts(&self) -> Result<(), StoreError> {
        let (now, after) = (self.now(), self.inner.alerts.looked_at());
        let open = self.inner.store.open_alerts().await?;
        self.look_at_credits(now).await?;
        self.look_at_keys(after, now).await?;
        self.look_at_cap(&open, now).await?;
        for (kind, state) in
            [(AlertKind::UnknownJob, JobState::Unknown), (AlertKind::UnreadableJob, JobState::Unreadable)]
        {
            self.look_at_jobs(kind, state, &open, now).await?;
        }
        self.look_at_ends(&open, now).await?;
        self.look_at_health(after, now).await?;
        *self.inner.alerts.looked_at.lock().unwrap_or_else(PoisonError::into_inner) = now;
        Ok(())
    }

    async fn look_at_credits(&self, now: Timestamp) -> Result<(), StoreError> {
        let store = &self.inner.store;
        if store.shortage().await?.is_some() {
            store.raise_alert(AlertKind::OutOfCredits, "", "", now).await?;
        } else {
            store.end_alert(AlertKind::OutOfCredits, "", now, now).await?;
        }
        let Some(low) = self.inner.alerts.low_credits else { return Ok(()) };
        let balances = self.inner.kie.credits_by_key().await;
        let Some(left) = balances.into_iter().filter_map(|key| key.credits.ok()).max() else { return Ok(()) };
        // A tenth more, so that one order does not end it and the next begin it.
        if left < low {
            store.raise_alert(AlertKind::LowCredits, "", &left.milli().to_string(), now).await?;
        } else if left >= low.times(1.1) {
            store.end_alert(AlertKind::LowCredits, "", now, now).await?;
        }
        Ok(())
    }

    async fn look_at_keys(&self, after: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        for key in self.inner.kie.keys() {
            let label = key.label.to_string();
            if let Some(refusal) = key.refusal.filter(|refusal| refusal.at >= after) {
                self.inner.store.raise_alert(AlertKind::KeyRefused, &label, &refusal.code, refusal.at.min(now)).await?;
            }
            if let Some(accepted_at) = key.accepted_at {
                self.inner.store.end_alert(AlertKind::KeyRefused, &label, accepted_at, now).await?;
            }
        }
        Ok(())
    }

    /// The limit of all orders is over when there is room for an order like the one that was refused.
    async fn look_at_cap(&self, open: &[Alert], now: Timestamp) -> Result<(), StoreError> {
        let Some(cap) = open.iter().find(|alert| alert.kind == AlertKind::DailyCap) else { return Ok(()) };
        let refused = Credits::from_milli(cap.detail.parse().unwrap_or_default());
        let has_room = match self.total_quota() {
            Some((limit, window)) => self.inner.store.spent_since(now - window).await? + refused <= limit,
            None => true,
        };
        if has_room {
            self.inner.store.end_alert(AlertKind::DailyCap, "", now, now).await?;
        }
        Ok(())
    }

    async fn look_at_jobs(
        &self,
        kind: AlertKind,
        state: JobState,
        open: &[Alert],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let store = &self.inner.store;
        for job in store.jobs_in(Some(state), MOST_JOBS).await?.jobs {
            store.raise_alert(kind, &job.id.0, &job.model, now).await?;
        }
        for alert in open.iter().filter(|alert| alert.kind == kind) {
            let job = store.job(&JobId(alert.subject.clone())).await?;
            // Whoever has decided knows it.
            if job.is_none_or(|job| job.state != state) {
                store.drop_alert(kind, &alert.subject).await?;
            }
        }
        Ok(())
    }

    async fn look_at_ends(&self, open: &[Alert], now: Timestamp) -> Result<(), StoreError> {
        let store = &self.inner.store;
        let ends = store.recent_ends(now - LOOK_BACK, MOST_ENDS).await?;
        match trouble::rate(&ends, now) {
            Rate::Poor { percent } => {
                store.raise_alert(AlertKind::FailureRate, "", &percent.to_string(), now).await?;
            }
            Rate::Good => store.end_alert(AlertKind::FailureRate, "", now, now).await?,
            Rate::Between => {}
        }
        for (model, code) in trouble::refusing(&ends) {
            store.raise_alert(AlertKind::ModelRefuses, model, code, now).await?;
        }
        for alert in open.iter().filter(|alert| alert.kind == AlertKind::ModelRefuses) {
            if let Some(at) = trouble::recovered(&ends, &alert.subject) {
                store.end_alert(AlertKind::ModelRefuses, &alert.subject, at, now).await?;
            }
        }
        Ok(())
    }

    async fn look_at_health(&self, after: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        for (model, health, read_at) in self.inner.health.readings() {
            if read_at < after {
                continue;
            }
            if health.is_poor() {
                let percent = health.percent().to_string();
                self.inner.store.raise_alert(AlertKind::PoorHealth, model, &percent, read_at).await?;
            } else {
                self.inner.store.end_alert(AlertKind::PoorHealth, model, read_at, now).await?;
            }
        }
        Ok(())
    }
}
