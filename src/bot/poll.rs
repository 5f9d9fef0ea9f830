//! The polling loop: asks Telegram for updates and keeps each batch before the next request confirms it.
//!
//! Only the holder of the polling lease runs this. On loss of the lease, or a stop, the request in flight is dropped and
//! nothing more is asked: another instance may already be polling.

use std::future::Future;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use teloxide::payloads::DeleteWebhookSetters;
use teloxide::requests::{JsonRequest, Payload, Requester};
use teloxide::{ApiError, RequestError};
use tokio_util::sync::CancellationToken;

use super::Bot;
use super::telegram::SendErrorKind;
use crate::backoff::{Backoff, Retries};
use crate::inbox::Update;
use crate::job::ChatId;
use crate::log_once::LogOnce;

/// Telegram answers a request without updates after this long.
const LONG_POLL: Duration = Duration::from_secs(50);
/// The call that takes a webhook away may take so long.
const BEGIN: Duration = Duration::from_secs(10);
/// A held request that gives no sign of life for this much longer is dropped.
const GRACE: Duration = Duration::from_secs(15);
/// Pauses after a lost connection.
pub(super) const NETWORK: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(30)).with_jitter(0.5);
/// The kinds of updates that the bot understands.
pub(super) const ALLOWED: [&str; 2] = ["message", "callback_query"];
/// Pauses while another instance polls.
const CONFLICT: Backoff = Backoff::new(Duration::from_secs(5), Duration::from_secs(60)).with_jitter(0.5);

/// Why polling ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Polling {
    /// It was told to stop.
    Stopped,
    /// The lease is lost: campaign again.
    LeaseLost,
}

/// Why polling cannot go on without the operator.
#[derive(Debug, thiserror::Error)]
pub enum PollError {
    /// Telegram does not know the token.
    #[error("Telegram refuses the bot token (TELEGRAM_BOT_TOKEN); ask @BotFather for a valid one")]
    Token,
}

/// What the loop tells the outside world, on change only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PollEvent {
    /// The first request was answered, or answers came again after trouble.
    Polling,
    /// Another instance polls with the same token.
    Conflict,
    /// Telegram cannot be reached; why, without the token.
    Unreachable(String),
    /// Telegram posts updates to us.
    Webhook,
    /// It could not be seen to that Telegram posts updates to us; why, without the token.
    WebhookUnset(String),
}

/// getUpdates with updates as they came: teloxide's own type cannot keep what it does not know.
#[derive(Debug, Clone, Serialize)]
struct RawUpdates {
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<i64>,
    limit: u8,
    timeout: u64,
    allowed_updates: [&'static str; 2],
}

impl Payload for RawUpdates {
    type Output = Vec<Value>;
    const NAME: &'static str = "GetUpdates";
}

/// What the loop remembers between requests.
#[derive(Debug)]
struct PollState {
    network: Retries,
    conflicts: Retries,
    reported: LogOnce<PollEvent>,
}

impl Bot {
    /// Polls until `stop` or until `lease_lost` resolves. `report` hears of changes.
    ///
    /// It only brings updates in; [`Bot::work`] handles them, here or in another process.
    ///
    /// # Errors
    /// [`PollError::Token`]; everything else is waited out.
    pub async fn poll(
        &self,
        lease_lost: impl Future<Output = ()>,
        stop: &CancellationToken,
        report: impl Fn(PollEvent) + Send,
    ) -> Result<Polling, PollError> {
        tokio::select! {
            biased;
            () = stop.cancelled() => Ok(Polling::Stopped),
            () = lease_lost => Ok(Polling::LeaseLost),
            error = self.poll_for_ever(report) => Err(error),
        }
    }

    async fn poll_for_ever(&self, report: impl Fn(PollEvent)) -> PollError {
        let mut state = PollState {
            network: Retries::new(NETWORK),
            conflicts: Retries::new(CONFLICT),
            reported: LogOnce::default(),
        };
        let mut ready = false;
        // The first request names no offset: after a week of silence Telegram may count from a lower number, and an old
        // offset would make the bot deaf. What comes twice is known by its number.
        let mut offset = None;
        loop {
            if !ready {
                let delete = self.telegram.calls().delete_webhook().drop_pending_updates(false);
                match tokio::time::timeout(BEGIN, async { delete.await }).await {
                    // Nobody waits for it for long: if one is set, the first request says so.
                    Ok(Ok(_)) | Err(_) => ready = true,
                    Ok(Err(error)) => match self.rest_after(&error, &mut state, &report).await {
                        Some(fatal) => return fatal,
                        None => continue,
                    },
                }
                let telegram = self.telegram.clone();
                tokio::spawn(async move { telegram.publish_commands().await });
            }
            // The first answer comes at once: it says that polling works, also in a quiet bot.
            let timeout = if state.reported.holds(&PollEvent::Polling) { LONG_POLL } else { Duration::ZERO };
            match self.ask(offset, timeout).await {
                Ok(None) => {
                    let silent = format!("no sign of life for {} s", (LONG_POLL + GRACE).as_secs());
                    state.tell(PollEvent::Unreachable(silent), &report);
                }
                Ok(Some(batch)) => {
                    state.network.reset();
                    state.conflicts.reset();
                    state.tell(PollEvent::Polling, &report);
                    let updates: Vec<Update> = batch.into_iter().filter_map(envelope).collect();
                    if updates.is_empty() {
                        continue;
                    }
                    let next = updates.iter().map(|u| u.id + 1).max();
                    match self.store_updates(updates).await {
                        Ok(()) => offset = next,
                        // Not confirmed, so Telegram sends the batch again.
                        Err(_) => {
                            let pause = state.network.next_pause(self.rng.chance());
                            self.telegram.clock.sleep(pause).await;
                        }
                    }
                }
                Err(error) => {
                    if is_webhook_conflict(&error) {
                        tracing::warn!("a webhook was set by somebody; it is removed again");
                        ready = false;
                    }
                    if let Some(fatal) = self.rest_after(&error, &mut state, &report).await {
                        return fatal;
                    }
                }
            }
        }
    }

    /// `None` when nobody answered.
    async fn ask(&self, offset: Option<i64>, timeout: Duration) -> Result<Option<Vec<Value>>, RequestError> {
        let payload = RawUpdates { offset, limit: 100, timeout: timeout.as_secs(), allowed_updates: ALLOWED };
        let request = JsonRequest::new(self.telegram.files().clone(), payload);
        tokio::select! {
            answer = async { request.await } => answer.map(Some),
            // A connection that died without a word. Real time: the wait is the network's, not ours.
            () = tokio::time::sleep(LONG_POLL + GRACE) => Ok(None),
        }
    }

    /// Waits as the error asks for; returns an error that no waiting helps against.
    async fn rest_after(
        &self,
        error: &RequestError,
        state: &mut PollState,
        report: &impl Fn(PollEvent),
    ) -> Option<PollError> {
        let words = self.telegram.describe(error);
        let pause = match SendErrorKind::of(error) {
            SendErrorKind::InvalidToken => return Some(PollError::Token),
            SendErrorKind::RateLimited(pause) => pause,
            _ if is_webhook_conflict(error) => NETWORK.first,
            _ if is_other_poller(error) => {
                state.tell(PollEvent::Conflict, report);
                state.conflicts.next_pause(self.rng.chance())
            }
            SendErrorKind::Unreachable | SendErrorKind::Temporary | SendErrorKind::Rejected => {
                state.tell(PollEvent::Unreachable(words), report);
                state.network.next_pause(self.rng.chance())
            }
        };
        self.telegram.clock.sleep(pause).await;
        None
    }
}

impl PollState {
    /// Reports an event that differs from the last one.
    fn tell(&self, event: PollEvent, report: &impl Fn(PollEvent)) {
        if self.reported.changed(event.clone()) {
            report(event);
        }
    }
}

/// `409 Conflict: terminated by other getUpdates request`.
fn is_other_poller(error: &RequestError) -> bool {
    match error {
        RequestError::Api(ApiError::TerminatedByOtherGetUpdates) => true,
        RequestError::Api(ApiError::Unknown(text)) => text.starts_with("Conflict:") && !is_webhook_conflict(error),
        _ => false,
    }
}

/// `409 Conflict: can't use getUpdates method while webhook is active; ...`.
fn is_webhook_conflict(error: &RequestError) -> bool {
    match error {
        RequestError::Api(ApiError::CantGetUpdates) => true,
        RequestError::Api(ApiError::Unknown(text)) => {
            text.starts_with("Conflict:") && text.to_lowercase().contains("webhook")
        }
        _ => false,
    }
}

/// The update's number and chat; an update without a number is none.
pub(super) fn envelope(body: Value) -> Option<Update> {
    let id = body.get("update_id")?.as_i64()?;
    let chat = ["/message/chat/id", "/callback_query/message/chat/id", "/callback_query/from/id"]
        .into_iter()
        .find_map(|path| body.pointer(path).and_then(Value::as_i64))
        .unwrap_or_default();
    Some(Update { id, chat: ChatId(chat), body })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn unknown(text: &str) -> RequestError {
        RequestError::Api(ApiError::Unknown(text.into()))
    }

    #[test]
    fn the_two_conflicts_are_told_apart() {
        let webhook = unknown(
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        );
        assert!(is_webhook_conflict(&webhook) && !is_other_poller(&webhook));
        let other = RequestError::Api(ApiError::TerminatedByOtherGetUpdates);
        assert!(is_other_poller(&other) && !is_webhook_conflict(&other));
        let changed = unknown("Conflict: terminated by a newer getUpdates");
        assert!(is_other_poller(&changed));
        assert!(!is_other_poller(&unknown("Bad Request: x")));
    }

    #[test]
    fn pauses_double_up_to_a_limit() {
        let at = |failures| CONFLICT.pause(failures, 0.0).as_secs();
        assert_eq!([at(1), at(2), at(3), at(4), at(5), at(50)], [5, 10, 20, 40, 60, 60]);
        assert_eq!(NETWORK.pause(1, 1.0), Duration::from_millis(500));
    }

    #[test]
    fn an_update_knows_its_chat() {
        let message = envelope(json!({"update_id": 5, "message": {"chat": {"id": -7}}})).unwrap();
        assert_eq!((message.id, message.chat), (5, ChatId(-7)));
        let press = json!({"update_id": 6, "callback_query": {"from": {"id": 9}, "message": {"chat": {"id": 7}}}});
        assert_eq!(envelope(press).unwrap().chat, ChatId(7));
        assert_eq!(envelope(json!({"update_id": 7, "callback_query": {"from": {"id": 9}}})).unwrap().chat, ChatId(9));
        assert_eq!(envelope(json!({"update_id": 8, "poll": {}})).unwrap().chat, ChatId(0));
        assert!(envelope(json!({"x": 1})).is_none());
    }
}
