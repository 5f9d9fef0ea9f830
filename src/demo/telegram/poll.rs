//! How the bot gets updates: by long polling or a webhook, never both.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::args::Args;
use super::error::{ApiError, ApiResult};
use super::fault::{self, TelegramFaultEffect};
use super::simulator::TelegramSimulator;
use super::state::{BotWebhook, PollConflict, TelegramState};

const TERMINATED: &str = "terminated by other getUpdates request; make sure that only one bot instance is running";
const WEBHOOK_ACTIVE: &str =
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
const WEBHOOK_SET: &str = "terminated by setWebhook request";
/// The longest timeout of the real server, in seconds.
const MAX_TIMEOUT: i64 = 50;

/// Counts a waiting poll while it exists; it is dropped with the connection.
struct WaitingPoll<'a>(&'a TelegramSimulator);

impl Drop for WaitingPoll<'_> {
    fn drop(&mut self) {
        self.0.state().polls_waiting -= 1;
    }
}

fn conflict(sim: &TelegramSimulator, state: &mut TelegramState, what: &str) -> ApiError {
    let error = ApiError::conflict(what);
    state.conflicts.push(PollConflict { at: sim.now(), description: error.description.clone() });
    error
}

fn allow(state: &mut TelegramState, args: &Args) -> Result<(), ApiError> {
    if let Some(Value::Array(kinds)) = args.json("allowed_updates")? {
        state.allowed = kinds.iter().filter_map(|kind| kind.as_str().map(str::to_owned)).collect();
    }
    Ok(())
}

pub(super) async fn get_updates(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    let offset = args.int("offset").unwrap_or(0);
    let limit = args.int("limit").unwrap_or(100).clamp(1, 100) as usize;
    let timeout = args.int("timeout").unwrap_or(0).clamp(0, MAX_TIMEOUT) as f64 / sim.options.time_scale.max(1e-9);
    let mut changes = sim.subscribe();
    let own = {
        let mut state = sim.state();
        if state.webhook.is_some() {
            return Err(conflict(sim, &mut state, WEBHOOK_ACTIVE));
        }
        allow(&mut state, args)?;
        state.poll += 1;
        state.polls_waiting += 1;
        state.poll
    };
    let _waiting = WaitingPoll(sim);
    // Wakes a poll that already waits, which is refused then.
    sim.notify_changed();
    let end = tokio::time::sleep(Duration::from_secs_f64(timeout));
    tokio::pin!(end);
    loop {
        {
            let mut state = sim.state();
            if state.poll != own {
                let what = if state.webhook.is_some() { WEBHOOK_SET } else { TERMINATED };
                return Err(conflict(sim, &mut state, what));
            }
            let batch = batch(&mut state, offset, limit);
            if !batch.is_empty() {
                return Ok(Value::Array(batch));
            }
        }
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return Ok(json!([])) },
            () = &mut end => return Ok(json!([])),
        }
    }
}

/// Removes the updates that the offset confirms, then returns the next ones. A negative offset counts from the end.
fn batch(state: &mut TelegramState, offset: i64, limit: usize) -> Vec<Value> {
    if offset < 0 {
        let keep = offset.unsigned_abs() as usize;
        let drop = state.updates.len().saturating_sub(keep);
        state.updates.drain(..drop);
    } else {
        state.updates.retain(|(id, _)| *id >= offset);
    }
    state.updates.iter().take(limit).map(|(_, update)| update.clone()).collect()
}

pub(super) fn set_webhook(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    let url = args.text("url").unwrap_or_default();
    let secret = args.text("secret_token");
    if !url.is_empty() && url::Url::parse(&url).is_err() {
        return Err(ApiError::bad("bad webhook: invalid webhook URL specified"));
    }
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if secret.as_ref().is_some_and(|s| s.is_empty() || s.len() > 256 || !s.chars().all(legal)) {
        return Err(ApiError::bad("secret token contains unallowed characters"));
    }
    let mut state = sim.state();
    allow(&mut state, args)?;
    if args.flag("drop_pending_updates") {
        state.updates.clear();
    }
    state.webhook = (!url.is_empty()).then_some(BotWebhook { url, secret, last_error: None });
    if state.webhook.is_some() {
        state.poll += 1;
    }
    drop(state);
    sim.notify_changed();
    Ok(json!(true))
}

pub(super) fn delete_webhook(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    let mut state = sim.state();
    state.webhook = None;
    if args.flag("drop_pending_updates") {
        state.updates.clear();
    }
    drop(state);
    sim.notify_changed();
    Ok(json!(true))
}

pub(super) fn webhook_info(sim: &TelegramSimulator) -> Value {
    let state = sim.state();
    let mut info = json!({
        "url": state.webhook.as_ref().map_or("", |hook| hook.url.as_str()),
        "has_custom_certificate": false,
        "pending_update_count": state.updates.len(),
    });
    if !state.allowed.is_empty() {
        info["allowed_updates"] = json!(state.allowed);
    }
    if let Some((at, why)) = state.webhook.as_ref().and_then(|hook| hook.last_error.as_ref()) {
        info["last_error_date"] = json!(at.millis() / 1000);
        info["last_error_message"] = json!(why);
    }
    info
}

/// Posts updates to the webhook, one at a time and in order, until the server stops.
pub(super) async fn feed_webhook(sim: Arc<TelegramSimulator>) {
    let stop = sim.stop.clone();
    tokio::select! {
        () = stop.cancelled() => {}
        () = feed(&sim) => {}
    }
}

async fn feed(sim: &TelegramSimulator) {
    let mut changes = sim.subscribe();
    loop {
        let next = {
            let state = sim.state();
            state.webhook.clone().zip(state.updates.front().cloned())
        };
        let Some((hook, (id, update))) = next else {
            if changes.changed().await.is_err() {
                return;
            }
            continue;
        };
        let effect = fault::take(&mut sim.state().faults, "webhook", None);
        let failure = match effect {
            Some(TelegramFaultEffect::Api { code, .. }) => Some(format!("Wrong response from the webhook: {code}")),
            Some(TelegramFaultEffect::Disconnect | TelegramFaultEffect::Flood(_)) => {
                Some("Connection timed out".to_owned())
            }
            Some(TelegramFaultEffect::LoseReply) => {
                let _ = send(sim, &hook, &update).await;
                Some("Read timeout expired".to_owned())
            }
            Some(TelegramFaultEffect::Delay(ms)) => {
                tokio::time::sleep(Duration::from_millis(ms)).await;
                send(sim, &hook, &update).await.err()
            }
            None => send(sim, &hook, &update).await.err(),
        };
        match failure {
            None => sim.state().updates.retain(|(queued, _)| *queued != id),
            Some(why) => {
                if let Some(hook) = &mut sim.state().webhook {
                    hook.last_error = Some((sim.now(), why));
                }
                tokio::time::sleep(Duration::from_secs_f64(1.0 / sim.options.time_scale.max(1e-9))).await;
            }
        }
    }
}

/// Posts one update. The error is the text of `getWebhookInfo`.
async fn send(sim: &TelegramSimulator, hook: &BotWebhook, update: &Value) -> Result<(), String> {
    let mut post = sim.web.post(&hook.url).timeout(Duration::from_secs(60)).json(update);
    if let Some(secret) = &hook.secret {
        post = post.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    match post.send().await {
        Ok(reply) if reply.status().is_success() => Ok(()),
        Ok(reply) => Err(format!("Wrong response from the webhook: {}", reply.status())),
        Err(_) => Err("Connection refused".to_owned()),
    }
}
