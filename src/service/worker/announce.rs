//! Tells people what an operator announces, one after the other, behind all answers and results.

use std::time::Duration;

use super::super::DeliveryError;
use super::Worker;
use crate::announcement::{AnnouncementOutcome, ClaimedAnnouncement};
use crate::clock::Timestamp;
use crate::job::UserId;
use crate::store_error::StoreError;

/// How long a claim lasts without a person's turn: longer than the longest wait for Telegram in it.
const LEASE: Duration = Duration::from_secs(300);
/// So many people are read at once.
const BATCH: u32 = 100;
/// The pause after a person could not be told for now, unless Telegram names one.
const PAUSE: Duration = Duration::from_secs(30);
/// A person whom Telegram does not let be written to for longer is passed over.
const LONGEST_PAUSE: Duration = Duration::from_secs(120);
/// After so many tries a person is passed over.
const MOST_ATTEMPTS: u32 = 5;

/// How a claimed announcement goes on.
enum Turn {
    Over(AnnouncementOutcome),
    /// The person could not be told for now.
    Again(Duration),
}

impl Worker {
    /// Tells people of the announcement that is due, if there is one, until all have had their turn, it is stopped, or it has
    /// to pause. Returns how many had their turn.
    ///
    /// # Errors
    /// When the store fails; it goes on when the lease has ended.
    pub async fn announce(&self) -> Result<usize, StoreError> {
        let Self { service, settings, .. } = self;
        let store = &service.inner.store;
        let Some(claimed) = store.claim_announcement(&settings.worker_id, service.now(), LEASE).await? else {
            return Ok(0);
        };
        let (mut after, mut attempts, mut turns) = (claimed.after, claimed.attempts, 0);
        loop {
            let people = store.next_people(&claimed.announcement, after, BATCH).await?;
            if people.is_empty() {
                let announcement = claimed.announcement.id.0;
                tracing::info!(announcement, "all people have had their turn");
                store.end_announcement(&claimed, service.now()).await?;
                return Ok(turns);
            }
            for user in people {
                if self.stop.is_cancelled() {
                    store.release_announcement(&claimed, Timestamp::from_millis(0), false).await?;
                    return Ok(turns);
                }
                match self.tell_person(&claimed, user, attempts).await {
                    Turn::Over(outcome) => {
                        if !store.note_turn(&claimed, user, outcome, service.now(), LEASE).await? {
                            // It was stopped, or another worker has it.
                            return Ok(turns);
                        }
                        (after, attempts, turns) = (user, 0, turns + 1);
                    }
                    Turn::Again(pause) => {
                        store.release_announcement(&claimed, service.now() + pause, true).await?;
                        return Ok(turns);
                    }
                }
            }
        }
    }

    async fn tell_person(&self, claimed: &ClaimedAnnouncement, user: UserId, attempts: u32) -> Turn {
        let error = match self.delivery.announce(user, &claimed.announcement.texts).await {
            Ok(true) => return Turn::Over(AnnouncementOutcome::Told),
            Ok(false) => return Turn::Over(AnnouncementOutcome::Skipped),
            Err(error) => error,
        };
        let announcement = claimed.announcement.id.0;
        match error {
            DeliveryError::Gone(_) => Turn::Over(AnnouncementOutcome::Unreachable),
            DeliveryError::Retry { after, .. }
                if attempts + 1 < MOST_ATTEMPTS && after.is_none_or(|after| after <= LONGEST_PAUSE) =>
            {
                let pause = after.unwrap_or(PAUSE);
                tracing::info!(announcement, %error, ?pause, "an announcement pauses");
                Turn::Again(pause)
            }
            DeliveryError::Refused(_) | DeliveryError::Retry { .. } => {
                tracing::warn!(announcement, user = user.0, %error, "a person cannot be told");
                Turn::Over(AnnouncementOutcome::Failed)
            }
        }
    }

    /// Looks for announcements from time to time, until the worker is stopped.
    pub(super) async fn announce_until_stopped(self) {
        while !self.stop.is_cancelled() {
            if let Err(error) = self.announce().await {
                tracing::debug!(%error, "an announcement goes on later");
            }
            tokio::select! {
                () = self.stop.cancelled() => {}
                () = self.service.inner.clock.sleep(self.settings.announcement_interval) => {}
            }
        }
    }
}
