//! The polling loop: requests updates from Telegram and stores each batch before the next request confirms it.
//!
//! Only the holder of the polling lease runs this. When the lease is lost, or at a stop, the running request is dropped
//! and no other is made: another instance may already be polling.

use std::future::Future;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use teloxide::payloads::DeleteWebhookSetters;
use teloxide::requests::{JsonRequest, Payload, Requester};
use teloxide::{ApiError, RequestError};
use tokio_util::sync::CancellationToken;

use super::Bot;
use super::payment::checkout_chat;
use super::telegram::SendErrorKind;
use crate::backoff::{Backoff, Retries};
use crate::inbox::Update;
use crate::job::ChatId;
use crate::log_once::LogOnce;

/// How long Telegram waits for updates before it answers a request without any.
const LONG_POLL: Duration = Duration::from_secs(50);
/// Time limit of `deleteWebhook`.
const DELETE_WEBHOOK_TIMEOUT: Duration = Duration::from_secs(10);
/// A request is dropped this long after Telegram should have answered it.
const LONG_POLL_GRACE: Duration = Duration::from_secs(15);
/// Pauses while Telegram cannot be reached.
pub(super) const NETWORK_BACKOFF: Backoff =
    Backoff::new(Duration::from_secs(1), Duration::from_secs(30)).with_jitter(0.5);
/// The kinds of updates that the bot handles.
pub(super) const ALLOWED_UPDATES: [&str; 4] = ["message", "edited_message", "callback_query", "pre_checkout_query"];
/// Pauses while another instance polls.
const CONFLICT_BACKOFF: Backoff = Backoff::new(Duration::from_secs(5), Duration::from_secs(60)).with_jitter(0.5);

/// Why polling ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Polling {
    /// It was told to stop.
    Stopped,
    /// The lease is lost.
    LeaseLost,
}

/// Why polling ended for good.
#[derive(Debug, thiserror::Error)]
pub enum PollError {
    /// Telegram refuses the token.
    #[error("Telegram refuses the bot token (TELEGRAM_BOT_TOKEN); ask @BotFather for a valid one")]
    Token,
    /// Another Bot API server than the public one refuses the token, or what answers there is none.
    #[error(
        "the server at TELEGRAM_API_URL refuses the bot token (TELEGRAM_BOT_TOKEN), or is no Bot API server; correct one \
         of the two settings"
    )]
    TokenOrServer,
}

/// What the loop reports, when it differs from the last report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PollEvent {
    /// A request was answered, for the first time or after failures.
    Polling,
    /// Another instance polls with the same token.
    Conflict,
    /// Telegram refuses the token that it has accepted before: waited out, since a valid token is refused at times, and
    /// an operator may set it right on Telegram's side.
    Refused,
    /// Telegram cannot be reached; the reason, without the token.
    Unreachable(String),
    /// Telegram posts updates to us.
    Webhook,
    /// The webhook could not be checked or set; the reason, without the token.
    WebhookUnset(String),
}

/// `getUpdates` with the updates as JSON: teloxide's type drops what it does not know.
#[derive(Debug, Clone, Serialize)]
struct GetUpdates {
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<i64>,
    limit: u8,
    timeout: u64,
    allowed_updates: [&'static str; ALLOWED_UPDATES.len()],
}

impl Payload for GetUpdates {
    type Output = Vec<Value>;
    const NAME: &'static str = "GetUpdates";
}

/// The state of the loop between requests.
#[derive(Debug)]
struct PollState {
    network: Retries,
    conflicts: Retries,
    reported: LogOnce<PollEvent>,
}

impl Bot {
    /// Polls until `stop` or until `lease_lost` resolves. `report` gets every change.
    ///
    /// Updates are only stored; [`Bot::run_inbox`] handles them, here or in another process.
    ///
    /// # Errors
    /// When Telegram refuses a token that it has never accepted; after any other error the request is repeated.
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
            error = self.poll_until_fatal(report) => Err(error),
        }
    }

    async fn poll_until_fatal(&self, report: impl Fn(PollEvent)) -> PollError {
        let mut state = PollState {
            network: Retries::new(NETWORK_BACKOFF),
            conflicts: Retries::new(CONFLICT_BACKOFF),
            reported: LogOnce::default(),
        };
        let mut ready = false;
        // The first request has no offset: after a week without updates Telegram may continue with lower ids, and an
        // old offset would hide them. An update that is received twice is recognised by its id.
        let mut offset = None;
        loop {
            if !ready {
                let delete = self.telegram.calls().delete_webhook().drop_pending_updates(false);
                match tokio::time::timeout(DELETE_WEBHOOK_TIMEOUT, async { delete.await }).await {
                    // Not waited for any longer: if a webhook is still set, the first request says so.
                    Ok(Ok(_)) => {
                        self.note_accepted();
                        ready = true;
                    }
                    Err(_) => ready = true,
                    Ok(Err(error)) => match self.pause_after(&error, &mut state, &report).await {
                        Some(fatal) => return fatal,
                        None => continue,
                    },
                }
                let bot = self.clone();
                tokio::spawn(async move { bot.publish_commands().await });
            }
            // The first request returns at once, to report soon that polling works.
            let timeout = if state.reported.holds(&PollEvent::Polling) { LONG_POLL } else { Duration::ZERO };
            match self.get_updates(offset, timeout).await {
                Ok(None) => {
                    let silent = format!("no answer for {} s", (LONG_POLL + LONG_POLL_GRACE).as_secs());
                    state.report(PollEvent::Unreachable(silent), &report);
                }
                Ok(Some(batch)) => {
                    self.note_accepted();
                    state.network.reset();
                    state.conflicts.reset();
                    state.report(PollEvent::Polling, &report);
                    let updates: Vec<Update> = batch.into_iter().filter_map(parse_update).collect();
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
                        tracing::warn!("a webhook was set while polling; it is removed");
                        ready = false;
                    }
                    if let Some(fatal) = self.pause_after(&error, &mut state, &report).await {
                        return fatal;
                    }
                }
            }
        }
    }

    /// One request; `None` when Telegram did not answer in time.
    async fn get_updates(&self, offset: Option<i64>, timeout: Duration) -> Result<Option<Vec<Value>>, RequestError> {
        let payload = GetUpdates { offset, limit: 100, timeout: timeout.as_secs(), allowed_updates: ALLOWED_UPDATES };
        let request = JsonRequest::new(self.telegram.files().clone(), payload);
        tokio::select! {
            answer = async { request.await } => answer.map(Some),
            // A connection can break without notice. In real time, since the network does not follow our clock.
            () = tokio::time::sleep(LONG_POLL + LONG_POLL_GRACE) => Ok(None),
        }
    }

    /// Waits as long as an error requires; returns a fatal one.
    async fn pause_after(
        &self,
        error: &RequestError,
        state: &mut PollState,
        report: &impl Fn(PollEvent),
    ) -> Option<PollError> {
        let why = self.telegram.describe(error);
        let pause = match SendErrorKind::of(error) {
            SendErrorKind::InvalidToken => match self.token_refusal() {
                Some(fatal) => return Some(fatal),
                None => {
                    state.report(PollEvent::Refused, report);
                    state.network.next_pause(self.rng.chance())
                }
            },
            SendErrorKind::RateLimited(pause) => pause,
            _ if is_webhook_conflict(error) => NETWORK_BACKOFF.first,
            _ if is_other_poller(error) => {
                state.report(PollEvent::Conflict, report);
                state.conflicts.next_pause(self.rng.chance())
            }
            SendErrorKind::Unreachable | SendErrorKind::Temporary | SendErrorKind::Rejected => {
                state.report(PollEvent::Unreachable(why), report);
                state.network.next_pause(self.rng.chance())
            }
        };
        self.telegram.clock.sleep(pause).await;
        None
    }
}

impl Bot {
    /// Telegram has accepted the token.
    pub(super) fn note_accepted(&self) {
        self.is_accepted.store(true, Ordering::Relaxed);
    }

    /// What a refusal of the token means: `None` when Telegram has accepted it before in this process.
    pub(super) fn token_refusal(&self) -> Option<PollError> {
        if self.is_accepted.load(Ordering::Relaxed) {
            return None;
        }
        Some(if self.telegram.is_at_telegram() { PollError::Token } else { PollError::TokenOrServer })
    }
}

impl PollState {
    /// Reports an event, if it differs from the last one.
    fn report(&self, event: PollEvent, report: &impl Fn(PollEvent)) {
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

/// An update with its id and chat; `None` when the JSON has no id.
pub(super) fn parse_update(body: Value) -> Option<Update> {
    let id = body.get("update_id")?.as_i64()?;
    let places =
        ["/message/chat/id", "/edited_message/chat/id", "/callback_query/message/chat/id", "/callback_query/from/id"];
    let chat = places.into_iter().find_map(|path| body.pointer(path).and_then(Value::as_i64)).map(ChatId);
    let chat = chat.or_else(|| checkout_chat(&body)).unwrap_or(ChatId(0));
    Some(Update { id, chat, body })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn unknown(text: &str) -> RequestError {
        RequestError::Api(ApiError::Unknown(text.into()))
    }

    #[test]
    fn the_two_conflicts_are_distinguished() {
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
        let at = |failures| CONFLICT_BACKOFF.pause(failures, 0.0).as_secs();
        assert_eq!([at(1), at(2), at(3), at(4), at(5), at(50)], [5, 10, 20, 40, 60, 60]);
        assert_eq!(NETWORK_BACKOFF.pause(1, 1.0), Duration::from_millis(500));
    }

    #[test]
    fn an_update_has_the_chat_of_its_message_or_sender() {
        let message = parse_update(json!({"update_id": 5, "message": {"chat": {"id": -7}}})).unwrap();
        assert_eq!((message.id, message.chat), (5, ChatId(-7)));
        let edit = parse_update(json!({"update_id": 5, "edited_message": {"chat": {"id": -7}}})).unwrap();
        assert_eq!(edit.chat, ChatId(-7));
        let press = json!({"update_id": 6, "callback_query": {"from": {"id": 9}, "message": {"chat": {"id": 7}}}});
        assert_eq!(parse_update(press).unwrap().chat, ChatId(7));
        assert_eq!(
            parse_update(json!({"update_id": 7, "callback_query": {"from": {"id": 9}}})).unwrap().chat,
            ChatId(9)
        );
        assert_eq!(parse_update(json!({"update_id": 8, "poll": {}})).unwrap().chat, ChatId(0));
        assert!(parse_update(json!({"x": 1})).is_none());
    }
}
