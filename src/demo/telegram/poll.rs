//! How the bot gets updates: long polling or a webhook, never both.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::args::Args;
use super::error::{ApiError, ApiResult};
use super::fault::{self, Trouble};
use super::world::{Conflict, State, Webhook, World};

const TERMINATED: &str = "terminated by other getUpdates request; make sure that only one bot instance is running";
const WEBHOOK_ACTIVE: &str =
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
const WEBHOOK_SET: &str = "terminated by setWebhook request";
/// The real server waits at most so long.
const LONGEST: i64 = 50;

/// Counts waiting polls; a dropped connection drops it too.
struct Waiting<'a>(&'a World);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.state().polls_waiting -= 1;
    }
}

fn conflict(world: &World, state: &mut State, what: &str) -> ApiError {
    let error = ApiError::conflict(what);
    state.conflicts.push(Conflict { at: world.now(), description: error.description.clone() });
    error
}

fn allow(state: &mut State, args: &Args) -> Result<(), ApiError> {
    if let Some(Value::Array(kinds)) = args.json("allowed_updates")? {
        state.allowed = kinds.iter().filter_map(|kind| kind.as_str().map(str::to_owned)).collect();
    }
    Ok(())
}

pub(super) async fn get_updates(world: &World, args: &Args) -> ApiResult {
    let offset = args.int("offset").unwrap_or(0);
    let limit = args.int("limit").unwrap_or(100).clamp(1, 100) as usize;
    let timeout = args.int("timeout").unwrap_or(0).clamp(0, LONGEST) as f64 / world.options.time_scale.max(1e-9);
    let mut changes = world.watch();
    let own = {
        let mut state = world.state();
        if state.webhook.is_some() {
            return Err(conflict(world, &mut state, WEBHOOK_ACTIVE));
        }
        allow(&mut state, args)?;
        state.poll += 1;
        state.polls_waiting += 1;
        state.poll
    };
    let _waiting = Waiting(world);
    // The poll that waits already finds out by this that it has been replaced.
    world.touch();
    let end = tokio::time::sleep(Duration::from_secs_f64(timeout));
    tokio::pin!(end);
    loop {
        {
            let mut state = world.state();
            if state.poll != own {
                let what = if state.webhook.is_some() { WEBHOOK_SET } else { TERMINATED };
                return Err(conflict(world, &mut state, what));
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

/// Forgets what the offset confirms, then takes the next updates. A negative offset counts from the end.
fn batch(state: &mut State, offset: i64, limit: usize) -> Vec<Value> {
    if offset < 0 {
        let keep = offset.unsigned_abs() as usize;
        let drop = state.updates.len().saturating_sub(keep);
        state.updates.drain(..drop);
    } else {
        state.updates.retain(|(id, _)| *id >= offset);
    }
    state.updates.iter().take(limit).map(|(_, update)| update.clone()).collect()
}

pub(super) fn set_webhook(world: &World, args: &Args) -> ApiResult {
    let url = args.text("url").unwrap_or_default();
    let secret = args.text("secret_token");
    if !url.is_empty() && url::Url::parse(&url).is_err() {
        return Err(ApiError::bad("bad webhook: invalid webhook URL specified"));
    }
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if secret.as_ref().is_some_and(|s| s.is_empty() || s.len() > 256 || !s.chars().all(legal)) {
        return Err(ApiError::bad("secret token contains unallowed characters"));
    }
    let mut state = world.state();
    allow(&mut state, args)?;
    if args.flag("drop_pending_updates") {
        state.updates.clear();
    }
    state.webhook = (!url.is_empty()).then_some(Webhook { url, secret, last_error: None });
    if state.webhook.is_some() {
        state.poll += 1;
    }
    drop(state);
    world.touch();
    Ok(json!(true))
}

pub(super) fn delete_webhook(world: &World, args: &Args) -> ApiResult {
    let mut state = world.state();
    state.webhook = None;
    if args.flag("drop_pending_updates") {
        state.updates.clear();
    }
    drop(state);
    world.touch();
    Ok(json!(true))
}

pub(super) fn webhook_info(world: &World) -> Value {
    let state = world.state();
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
pub(super) async fn feed_webhook(world: Arc<World>) {
    let stop = world.stop.clone();
    tokio::select! {
        () = stop.cancelled() => {}
        () = feed(&world) => {}
    }
}

async fn feed(world: &World) {
    let mut changes = world.watch();
    loop {
        let next = {
            let state = world.state();
            state.webhook.clone().zip(state.updates.front().cloned())
        };
        let Some((hook, (id, update))) = next else {
            if changes.changed().await.is_err() {
                return;
            }
            continue;
        };
        let trouble = fault::take(&mut world.state().faults, "webhook", None);
        let failure = match trouble {
            Some(Trouble::Api { code, .. }) => Some(format!("Wrong response from the webhook: {code}")),
            Some(Trouble::Drop | Trouble::Flood(_)) => Some("Connection timed out".to_owned()),
            Some(Trouble::Lose) => {
                let _ = send(world, &hook, &update).await;
                Some("Read timeout expired".to_owned())
            }
            Some(Trouble::Delay(ms)) => {
                tokio::time::sleep(Duration::from_millis(ms)).await;
                send(world, &hook, &update).await.err()
            }
            None => send(world, &hook, &update).await.err(),
        };
        match failure {
            None => world.state().updates.retain(|(queued, _)| *queued != id),
            Some(why) => {
                if let Some(hook) = &mut world.state().webhook {
                    hook.last_error = Some((world.now(), why));
                }
                tokio::time::sleep(Duration::from_secs_f64(1.0 / world.options.time_scale.max(1e-9))).await;
            }
        }
    }
}

/// One post. The error is what getWebhookInfo shows.
async fn send(world: &World, hook: &Webhook, update: &Value) -> Result<(), String> {
    let mut post = world.web.post(&hook.url).timeout(Duration::from_secs(60)).json(update);
    if let Some(secret) = &hook.secret {
        post = post.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    match post.send().await {
        Ok(reply) if reply.status().is_success() => Ok(()),
        Ok(reply) => Err(format!("Wrong response from the webhook: {}", reply.status())),
        Err(_) => Err("Connection refused".to_owned()),
    }
}
