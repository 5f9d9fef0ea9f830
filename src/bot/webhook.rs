//! Keeps the bot's webhook registered at Telegram: checks it regularly, and sets it when it differs.
//!
//! Only the holder of the polling lease runs this, so that instances do not overwrite each other's registration, and
//! polling and a webhook exclude each other. Any instance may receive the updates.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use teloxide::RequestError;
use teloxide::requests::{JsonRequest, Payload};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::Bot;
use super::poll::{ALLOWED_UPDATES, NETWORK_BACKOFF, PollError, PollEvent, Polling};
use super::telegram::SendErrorKind;
use crate::backoff::Retries;
use crate::log_once::LogOnce;

/// Time limit of a call.
const CALL_TIMEOUT: Duration = Duration::from_secs(10);

/// Where Telegram is to post updates.
#[derive(Clone)]
pub struct Webhook {
    /// The full URL.
    pub url: Url,
    /// Telegram sends it with every update, in `X-Telegram-Bot-Api-Secret-Token`. 1 to 256 of `A-Z a-z 0-9 _ -`.
    pub secret: SecretString,
    /// Longest pause between two checks; the shortest is half of it.
    pub check_interval: Duration,
}

impl Webhook {
    /// The default: a `setWebhook` or `deleteWebhook` from elsewhere is undone within ten minutes.
    pub const CHECK_INTERVAL: Duration = Duration::from_secs(600);
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}

/// `getWebhookInfo` with only the fields used here, so that changes to others cannot make the response unreadable.
#[derive(Debug, Clone, Default, Serialize)]
struct GetWebhookInfo {}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
struct WebhookInfo {
    #[serde(default)]
    url: String,
    #[serde(default)]
    allowed_updates: Vec<String>,
    #[serde(default)]
    pending_update_count: u64,
    last_error_message: Option<String>,
}

impl Payload for GetWebhookInfo {
    type Output = WebhookInfo;
    const NAME: &'static str = "GetWebhookInfo";
}

/// `setWebhook`. Pending updates are kept: users sent them while no instance was running.
#[derive(Clone, Serialize)]
struct SetWebhook {
    url: String,
    secret_token: String,
    allowed_updates: [&'static str; ALLOWED_UPDATES.len()],
    drop_pending_updates: bool,
}

impl Payload for SetWebhook {
    type Output = bool;
    const NAME: &'static str = "SetWebhook";
}

/// Why a call failed.
enum CallError {
    Telegram(RequestError),
    /// No answer within [`CALL_TIMEOUT`].
    Timeout,
}

impl Bot {
    /// Keeps `webhook` registered until `stop` or until `lease_lost` resolves. `report` gets every change.
    ///
    /// # Errors
    /// When Telegram refuses a token that it has never accepted; after any other error the check is repeated.
    pub async fn keep_webhook(
        &self,
        webhook: &Webhook,
        lease_lost: impl Future<Output = ()>,
        stop: &CancellationToken,
        report: impl Fn(PollEvent) + Send,
    ) -> Result<Polling, PollError> {
        tokio::select! {
            biased;
            () = stop.cancelled() => Ok(Polling::Stopped),
            () = lease_lost => Ok(Polling::LeaseLost),
            error = self.keep_webhook_until_fatal(webhook, report) => Err(error),
        }
    }

    async fn keep_webhook_until_fatal(&self, webhook: &Webhook, report: impl Fn(PollEvent)) -> PollError {
        let mut retries = Retries::new(NETWORK_BACKOFF);
        let reported = LogOnce::default();
        let report_change = |event: PollEvent| {
            if reported.changed(event.clone()) {
                report(event);
            }
        };
        let bot = self.clone();
        tokio::spawn(async move { bot.publish_commands().await });
        loop {
            let pause = match self.ensure_webhook(webhook).await {
                Ok(()) => {
                    retries.reset();
                    report_change(PollEvent::Webhook);
                    webhook.check_interval.mul_f64(0.5 + self.rng.chance() / 2.0)
                }
                Err(failure) => {
                    let pause = retries.next_pause(self.rng.chance());
                    let (why, wait) = match failure {
                        CallError::Timeout => (Some("it took too long".to_owned()), None),
                        CallError::Telegram(error) => match SendErrorKind::of(&error) {
                            SendErrorKind::InvalidToken => match self.token_refusal() {
                                Some(fatal) => return fatal,
                                None => (None, None),
                            },
                            SendErrorKind::RateLimited(wait) => (Some(self.telegram.describe(&error)), Some(wait)),
                            _ => (Some(self.telegram.describe(&error)), None),
                        },
                    };
                    report_change(match why {
                        Some(why) => PollEvent::WebhookUnset(why.replace(webhook.secret.expose_secret(), "[secret]")),
                        None => PollEvent::Refused,
                    });
                    wait.unwrap_or(pause)
                }
            };
            self.telegram.clock.sleep(pause).await;
        }
    }

    /// Checks the webhook once, and sets it when it differs.
    async fn ensure_webhook(&self, webhook: &Webhook) -> Result<(), CallError> {
        let info = self.call_webhook(GetWebhookInfo {}).await?;
        self.note_accepted();
        if info.fits(webhook) {
            return Ok(());
        }
        let set = SetWebhook {
            url: webhook.url.to_string(),
            secret_token: webhook.secret.expose_secret().to_owned(),
            allowed_updates: ALLOWED_UPDATES,
            drop_pending_updates: false,
        };
        self.call_webhook(set).await?;
        let previous = if info.url.is_empty() { "none" } else { "another one" };
        tracing::info!(url = %webhook.url, waiting = info.pending_update_count, previous, "the webhook is set");
        Ok(())
    }

    async fn call_webhook<P>(&self, payload: P) -> Result<P::Output, CallError>
    where
        P: Payload + Serialize + Clone + Send + Sync + 'static,
        P::Output: serde::de::DeserializeOwned + Send,
    {
        let request = JsonRequest::new(self.telegram.calls().clone(), payload);
        // In real time, since the network does not follow our clock.
        match tokio::time::timeout(CALL_TIMEOUT, async { request.await }).await {
            Ok(answer) => answer.map_err(CallError::Telegram),
            Err(_) => Err(CallError::Timeout),
        }
    }
}

impl WebhookInfo {
    /// Whether the registration is ours. The response does not contain the secret; when another one is registered, our
    /// own refusals (401) show it.
    fn fits(&self, webhook: &Webhook) -> bool {
        let mut allowed: Vec<&str> = self.allowed_updates.iter().map(String::as_str).collect();
        let mut wanted = ALLOWED_UPDATES;
        allowed.sort_unstable();
        wanted.sort_unstable();
        let refused = self.last_error_message.as_ref().is_some_and(|text| text.contains("401"));
        self.url == webhook.url.as_str() && allowed == wanted && !(refused && self.pending_update_count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// F11: the webhook pointed to an old address, and was not compared.
    #[test]
    fn f11_a_different_registration_is_replaced() {
        let webhook = Webhook {
            url: "https://bot.example.com/telegram/1".parse().unwrap(),
            secret: "hunter2".to_owned().into(),
            check_interval: Webhook::CHECK_INTERVAL,
        };
        assert!(!format!("{webhook:?}").contains("hunter2"));
        let good = WebhookInfo {
            url: webhook.url.to_string(),
            allowed_updates: ["callback_query", "message", "pre_checkout_query", "edited_message"]
                .map(str::to_owned)
                .into(),
            ..WebhookInfo::default()
        };
        assert!(good.fits(&webhook));
        assert!(!WebhookInfo::default().fits(&webhook));
        assert!(!WebhookInfo { url: "https://bot.example.com/telegram/2".to_owned(), ..good.clone() }.fits(&webhook));
        assert!(
            !WebhookInfo { allowed_updates: vec!["callback_query".to_owned(), "message".to_owned()], ..good.clone() }
                .fits(&webhook)
        );
        let refused = Some("Wrong response from the webhook: 401 Unauthorized".to_owned());
        assert!(
            WebhookInfo { last_error_message: refused.clone(), ..good.clone() }.fits(&webhook),
            "an old error without pending updates"
        );
        assert!(!WebhookInfo { last_error_message: refused, pending_update_count: 3, ..good }.fits(&webhook));
    }
}
