//! The webhook's registration at Telegram: looked at first, set when it is not ours, looked at again now and then.
//!
//! Only the holder of the polling lease runs this, so instances do not fight about it, and one that polls and one that
//! does not take turns. Updates reach any instance all the same. Nothing waits for it.

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
use super::poll::{ALLOWED, NETWORK, PollError, PollEvent, Polling};
use super::telegram::SendErrorKind;
use crate::backoff::Retries;
use crate::log_once::LogOnce;

/// No single call takes longer: the answer decides nothing that others wait for.
const CALL_TIMEOUT: Duration = Duration::from_secs(10);

/// Where Telegram is to post updates.
#[derive(Clone)]
pub struct Webhook {
    /// The whole address.
    pub url: Url,
    /// Comes back with every post, in `X-Telegram-Bot-Api-Secret-Token`. 1 to 256 of `A-Z a-z 0-9 _ -`.
    pub secret: SecretString,
    /// Pause between two looks at Telegram's end. Between half and all of it is waited.
    pub check_interval: Duration,
}

impl Webhook {
    /// The usual pause: somebody else's setWebhook or deleteWebhook is undone within ten minutes.
    pub const CHECK_INTERVAL: Duration = Duration::from_secs(600);
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}

/// getWebhookInfo: the parts that matter, so that new ones cannot make the answer unreadable.
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

/// setWebhook. Pending updates stay: they are what was written while nobody listened.
#[derive(Clone, Serialize)]
struct SetWebhook {
    url: String,
    secret_token: String,
    allowed_updates: [&'static str; ALLOWED.len()],
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
    /// Sees to it that Telegram posts updates to `webhook`, until `stop` or until `lease_lost` resolves. `report` hears of
    /// changes.
    ///
    /// # Errors
    /// [`PollError::Token`]; everything else is waited out and tried again.
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
            error = self.keep_webhook_for_ever(webhook, report) => Err(error),
        }
    }

    async fn keep_webhook_for_ever(&self, webhook: &Webhook, report: impl Fn(PollEvent)) -> PollError {
        let mut retries = Retries::new(NETWORK);
        let reported = LogOnce::default();
        let tell = |event: PollEvent| {
            if reported.changed(event.clone()) {
                report(event);
            }
        };
        let telegram = self.telegram.clone();
        tokio::spawn(async move { telegram.publish_commands().await });
        loop {
            let pause = match self.ensure_webhook(webhook).await {
                Ok(()) => {
                    retries.reset();
                    tell(PollEvent::Webhook);
                    webhook.check_interval.mul_f64(0.5 + self.rng.chance() / 2.0)
                }
                Err(failure) => {
                    let pause = retries.next_pause(self.rng.chance());
                    let (why, wait) = match failure {
                        CallError::Timeout => ("it took too long".to_owned(), None),
                        CallError::Telegram(error) => match SendErrorKind::of(&error) {
                            SendErrorKind::InvalidToken => return PollError::Token,
                            SendErrorKind::RateLimited(wait) => (self.telegram.describe(&error), Some(wait)),
                            _ => (self.telegram.describe(&error), None),
                        },
                    };
                    tell(PollEvent::WebhookUnset(why.replace(webhook.secret.expose_secret(), "[secret]")));
                    wait.unwrap_or(pause)
                }
            };
            self.telegram.clock.sleep(pause).await;
        }
    }

    /// One look, and what it calls for.
    async fn ensure_webhook(&self, webhook: &Webhook) -> Result<(), CallError> {
        let info = self.call_webhook(GetWebhookInfo {}).await?;
        if info.fits(webhook) {
            return Ok(());
        }
        let set = SetWebhook {
            url: webhook.url.to_string(),
            secret_token: webhook.secret.expose_secret().to_owned(),
            allowed_updates: ALLOWED,
            drop_pending_updates: false,
        };
        self.call_webhook(set).await?;
        let previous = if info.url.is_empty() { "none was set" } else { "another was set" };
        tracing::info!(url = %webhook.url, waiting = info.pending_update_count, previous, "the webhook is set");
        Ok(())
    }

    async fn call_webhook<P>(&self, payload: P) -> Result<P::Output, CallError>
    where
        P: Payload + Serialize + Clone + Send + Sync + 'static,
        P::Output: serde::de::DeserializeOwned + Send,
    {
        let request = JsonRequest::new(self.telegram.calls().clone(), payload);
        // Real time: the wait is the network's, not ours.
        match tokio::time::timeout(CALL_TIMEOUT, async { request.await }).await {
            Ok(answer) => answer.map_err(CallError::Telegram),
            Err(_) => Err(CallError::Timeout),
        }
    }
}

impl WebhookInfo {
    /// Whether Telegram posts what we want to where we want it. Its answer does not show the secret; that another one was
    /// set shows in our own refusals (401).
    fn fits(&self, webhook: &Webhook) -> bool {
        let mut allowed: Vec<&str> = self.allowed_updates.iter().map(String::as_str).collect();
        let mut wanted = ALLOWED;
        allowed.sort_unstable();
        wanted.sort_unstable();
        let refused = self.last_error_message.as_ref().is_some_and(|words| words.contains("401"));
        self.url == webhook.url.as_str() && allowed == wanted && !(refused && self.pending_update_count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// F11: the webhook stood at an old address, and nobody compared.
    #[test]
    fn f11_what_differs_is_set_again() {
        let webhook = Webhook {
            url: "https://bot.example.com/telegram/1".parse().unwrap(),
            secret: "hunter2".to_owned().into(),
            check_interval: Webhook::CHECK_INTERVAL,
        };
        assert!(!format!("{webhook:?}").contains("hunter2"));
        let good = WebhookInfo {
            url: webhook.url.to_string(),
            allowed_updates: vec!["callback_query".to_owned(), "message".to_owned()],
            ..WebhookInfo::default()
        };
        assert!(good.fits(&webhook));
        assert!(!WebhookInfo::default().fits(&webhook));
        assert!(!WebhookInfo { url: "https://bot.example.com/telegram/2".to_owned(), ..good.clone() }.fits(&webhook));
        assert!(!WebhookInfo { allowed_updates: vec!["message".to_owned()], ..good.clone() }.fits(&webhook));
        let refused = Some("Wrong response from the webhook: 401 Unauthorized".to_owned());
        assert!(WebhookInfo { last_error_message: refused.clone(), ..good.clone() }.fits(&webhook), "that is over");
        assert!(!WebhookInfo { last_error_message: refused, pending_update_count: 3, ..good }.fits(&webhook));
    }
}
