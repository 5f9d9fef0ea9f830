//! Webhooks of the vendor: that a task has ended. A hint, never a result: the worker's next poll decides.
//!
//! Every job has an address of its own, with a seal that only a holder of the bot's token can make. Nothing is stored for
//! it and all instances derive the same. A sender that knows an address has it from the vendor, so the task that a webhook
//! names is a task of this job: a create whose reply was lost finds its task again.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hmac::{Hmac, Mac};
use secrecy::SecretString;
use sha2::Sha256;
use url::Url;

use super::Service;
use crate::client::{Rejected, Verifier, Webhook};
use crate::clock::Timestamp;
use crate::job::JobId;
use crate::mac::{derive_key, hmac_sha256};
use crate::store_error::StoreError;

/// Where webhooks arrive, below the public address: then `/<job>/<seal>`.
pub const WEBHOOK_PATH: &str = "/kie/callback";
/// Bytes of the seal: nobody guesses 128 bits.
const SEAL: usize = 16;
/// While webhooks arrive, the pauses between polls are this many times longer.
const SLOWDOWN: u32 = 4;
/// After this long without a webhook they are not relied upon.
const TRUST: Duration = Duration::from_secs(3600);

/// The addresses that the vendor posts to, and whether its webhooks can be relied upon.
pub struct Webhooks {
    base: String,
    key: SecretKey,
    verifier: Option<Verifier>,
    pulse: Mutex<Option<Timestamp>>,
}

/// Made from the bot's token.
struct SecretKey([u8; 32]);

impl fmt::Debug for Webhooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhooks").field("base", &self.base).field("signed", &self.verifier.is_some()).finish()
    }
}

impl Webhooks {
    /// Under a public address, for the bot with this token.
    pub fn new(public_url: &Url, token: &SecretString) -> Self {
        Self {
            base: format!("{}{WEBHOOK_PATH}", public_url.as_str().trim_end_matches('/')),
            key: SecretKey(derive_key(token, "kie callback")),
            verifier: None,
            pulse: Mutex::default(),
        }
    }

    /// Accepts signed webhooks only.
    #[must_use]
    pub fn with_verifier(self, verifier: Verifier) -> Self {
        Self { verifier: Some(verifier), ..self }
    }

    /// Where the vendor is to post when a task of this job has ended.
    pub fn address(&self, job: &JobId) -> Option<Url> {
        let seal = self.seal(job).finalize().into_bytes();
        let seal = hex::encode(&seal[..SEAL]);
        Url::parse(&format!("{}/{job}/{seal}", self.base)).ok()
    }

    fn seal(&self, job: &JobId) -> Hmac<Sha256> {
        hmac_sha256(&self.key.0, job.0.as_bytes())
    }

    /// Takes the same time for every wrong seal.
    fn is_sealed(&self, job: &JobId, seal: &str) -> bool {
        // An address has one spelling: decoding would also take capital digits.
        let is_lower = !seal.bytes().any(|byte| byte.is_ascii_uppercase());
        let mut bytes = [0; SEAL];
        is_lower
            && hex::decode_to_slice(seal, &mut bytes).is_ok()
            && self.seal(job).verify_truncated_left(&bytes).is_ok()
    }

    /// Records that a task has ended; `received` tells whether a webhook had said so before the poll.
    pub(super) fn note_end(&self, received: bool, now: Timestamp) {
        *self.pulse.lock().unwrap_or_else(PoisonError::into_inner) = received.then_some(now);
    }

    /// How many times longer the pauses between polls may be: with working webhooks polls are a safety net.
    pub(super) fn slowdown(&self, now: Timestamp) -> u32 {
        let last = *self.pulse.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|at| now.since(at) < TRUST) { SLOWDOWN } else { 1 }
    }
}

/// Proof that an address was sealed for this job, made by [`Service::check_seal`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedJob(JobId);

/// A webhook as received.
#[derive(Debug, Clone, Copy)]
pub struct WebhookRequest<'a> {
    /// The header `X-Webhook-Timestamp`.
    pub timestamp: Option<&'a str>,
    /// The header `X-Webhook-Signature`.
    pub signature: Option<&'a str>,
    /// The body. Only the task that it names is used, and only as a hint.
    pub body: &'a [u8],
}

/// What becomes of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookReply {
    /// It is stored, or was before: the vendor need not send it again.
    Accepted,
    /// There is no such job.
    NotFound,
    /// A signature is required, and this one does not pass.
    BadSignature,
}

impl Service {
    /// The job of an address that the vendor was given; `None` when its seal is wrong, or webhooks are off. Asks no store.
    pub fn check_seal(&self, job: &str, seal: &str) -> Option<SealedJob> {
        let job = JobId(job.to_owned());
        self.webhooks()?.is_sealed(&job, seal).then_some(SealedJob(job))
    }

    /// Receives a webhook. The job is polled as soon as it can be; a job whose create was lost continues with the task that
    /// the webhook names. Duplicates, and webhooks for jobs that have ended, change nothing.
    ///
    /// # Errors
    /// When the store does not answer: the vendor is to send it again.
    pub async fn receive_webhook(
        &self,
        SealedJob(id): &SealedJob,
        request: WebhookRequest<'_>,
    ) -> Result<WebhookReply, StoreError> {
        let Some(webhooks) = self.webhooks() else { return Ok(WebhookReply::NotFound) };
        let task = Webhook::parse(request.body).ok().map(|webhook| webhook.task);
        if let Some(verifier) = &webhooks.verifier {
            let verified = match &task {
                Some(task) => verifier.verify(task, request.timestamp, request.signature),
                None => Err(Rejected::Forged),
            };
            match verified {
                // A repeat brings a poll forward at most: what failed the first time must not be lost for being a repeat.
                Ok(()) | Err(Rejected::Repeated) => {}
                Err(why) => {
                    tracing::warn!(job = %id, %why, "a webhook is refused");
                    return Ok(WebhookReply::BadSignature);
                }
            }
        }
        let Some(job) = self.attach_task(id, task.as_ref(), None).await? else {
            tracing::warn!(job = %id, "a webhook for a job that is not here");
            return Ok(WebhookReply::NotFound);
        };
        tracing::debug!(job = %id, state = job.state.as_str(), "the vendor has sent a webhook");
        Ok(WebhookReply::Accepted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhooks(url: &str) -> Webhooks {
        Webhooks::new(&Url::parse(url).unwrap(), &SecretString::from("123456:TEST"))
    }

    #[test]
    fn an_address_is_sealed_for_one_job_and_one_bot() {
        let (job, other) = (JobId::from("0190a1b2"), JobId::from("0190a1b3"));
        let ours = webhooks("https://bot.example.com");
        let address = ours.address(&job).unwrap();
        let seal = address.path_segments().unwrap().next_back().unwrap().to_owned();
        assert_eq!(address.as_str(), format!("https://bot.example.com/kie/callback/0190a1b2/{seal}"));
        assert_eq!(seal.len(), 32);
        assert!(ours.is_sealed(&job, &seal) && !ours.is_sealed(&other, &seal));
        assert!(!webhooks_of("654321:TEST").is_sealed(&job, &seal));
        for wrong in ["", "00", &seal[1..], &format!("{seal}00"), &seal.to_uppercase(), &"я".repeat(16)] {
            assert!(!ours.is_sealed(&job, wrong), "{wrong}");
        }
        assert!(!format!("{ours:?}").contains("TEST"));
    }

    fn webhooks_of(token: &str) -> Webhooks {
        Webhooks::new(&Url::parse("https://bot.example.com").unwrap(), &SecretString::from(token))
    }

    #[test]
    fn a_public_address_may_have_a_path_and_a_slash() {
        let address = webhooks("https://example.com/bot/").address(&JobId::from("j")).unwrap();
        assert!(address.as_str().starts_with("https://example.com/bot/kie/callback/j/"), "{address}");
    }

    #[test]
    fn trust_is_won_by_webhooks_and_lost_without() {
        let webhooks = webhooks("https://bot.example.com");
        let now = Timestamp::from_millis(1_790_000_000_000);
        assert_eq!(webhooks.slowdown(now), 1, "not before one has come");
        webhooks.note_end(true, now);
        assert_eq!(webhooks.slowdown(now), SLOWDOWN);
        assert_eq!(webhooks.slowdown(now + TRUST), 1, "it wears off");
        webhooks.note_end(false, now);
        assert_eq!(webhooks.slowdown(now), 1, "a poll was faster than the webhook");
    }
}
