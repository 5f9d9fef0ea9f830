//! When a chat that could not be told something is tried again, and when it is given up: by time while Telegram is
//! silent, by count when it refuses.

use std::time::Duration;

use super::super::DeliveryError;
use super::Worker;
use crate::store::{ClaimedJob, Setbacks};

/// A result is paid for, so it outlasts a silence of days. The vendor keeps files for two weeks at least by its guide.
pub(super) const RESULT_TIME: Duration = Duration::from_secs(7 * 24 * 3600);
/// Word of an end is old news sooner, and the list of jobs has it.
pub(super) const END_TIME: Duration = Duration::from_secs(3 * 24 * 3600);
/// What is refused this often will be refused again.
const REFUSALS: u32 = 12;
/// Nothing is given up with fewer tries than this, however long they took: this process may have been away itself.
const LEAST_TRIES: u32 = 12;
/// The longest pause, unless Telegram asks for more. Short, because nobody tells that a silence is over; a try during it
/// costs one small call.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

impl Worker {
    /// The setbacks after a try that has failed with `error`, and the pause before the next one; `None` when the chat is
    /// given up. Time counts from the first failure: `limit` after it, silence ends the tries too.
    pub(super) fn next_try(
        &self,
        claimed: &ClaimedJob,
        error: &DeliveryError,
        limit: Duration,
    ) -> Option<(Setbacks, Duration)> {
        let (is_refusal, after) = match error {
            DeliveryError::Gone(_) => return None,
            DeliveryError::Refused(_) => (true, None),
            DeliveryError::Retry { after, .. } => (false, *after),
        };
        let (setbacks, waited) = self.setbacks(claimed, is_refusal);
        if setbacks.count >= REFUSALS || (waited >= limit && claimed.job.attempts >= LEAST_TRIES) {
            return None;
        }
        let first = self.settings.redelivery;
        Some((setbacks, waited.clamp(first, LONGEST_PAUSE.max(first)).max(after.unwrap_or_default())))
    }
}
