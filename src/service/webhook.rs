//! Webhooks of the vendor, which say that a task has ended. They are hints: the result comes from the next poll. Some
//! results come in the webhook alone; a signed one is kept for that case.
//!
//! Every job has an address of its own, with a seal (an HMAC under a key derived from the bot's token), so nothing is
//! stored and all processes derive the same address. Only the vendor knows the address, so the task that a webhook
//! names is a task of this job: that is how the task of a create with a lost reply is found.

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
use crate::job::{Job, JobId, JobState, ReplySource, VendorReply};
use crate::mac::{derive_key, hmac_sha256};
use crate::store_error::StoreError;

/// The path of webhooks below the public address; `/<job>/<seal>` follows.
pub const WEBHOOK_PATH: &str = "/kie/callback";
/// Bytes of the seal: 128 bits cannot be guessed.
const SEAL: usize = 16;
/// While webhooks arrive, the pauses between polls are this many times longer.
const SLOWDOWN: u32 = 4;
/// After this long without a webhook, polls are as frequent as without webhooks.
const TRUST: Duration = Duration::from_secs(3600);

/// The addresses of webhooks, and whether webhooks arrive at present.
pub struct Webhooks {
    base: String,
    key: SecretKey,
    verifier: Option<Verifier>,
    last: Mutex<Option<Timestamp>>,
}

/// Derived from the bot's token. Has no `Debug`.
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
            last: Mutex::default(),
        }
    }

    /// Accepts signed webhooks only.
    #[must_use]
    pub fn with_verifier(self, verifier: Verifier) -> Self {
        Self { verifier: Some(verifier), ..self }
    }

    /// Whether signed webhooks alone are accepted.
    pub fn is_signed(&self) -> bool {
        self.verifier.is_some()
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

    /// Takes the same time for all wrong seals.
    fn is_sealed(&self, job: &JobId, seal: &str) -> bool {
        // An address has one spelling: the decoder would accept capital digits too.
        let is_lower = !seal.bytes().any(|byte| byte.is_ascii_uppercase());
        let mut bytes = [0; SEAL];
        is_lower
            && hex::decode_to_slice(seal, &mut bytes).is_ok()
            && self.seal(job).verify_truncated_left(&bytes).is_ok()
    }

    /// Records that a poll has found a task ended; `received`: a webhook had arrived before.
    pub(super) fn note_end(&self, received: bool, now: Timestamp) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = received.then_some(now);
    }

    /// By how much the pauses between polls are multiplied: while webhooks work, polls are only a safety net.
    pub(super) fn slowdown(&self, now: Timestamp) -> u32 {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|at| now.since(at) < TRUST) { SLOWDOWN } else { 1 }
    }
}

/// Proof that the seal of an address is valid for this job; only [`Service::check_seal`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedJob(JobId);

/// A webhook as received.
#[derive(Debug, Clone, Copy)]
pub struct WebhookRequest<'a> {
    /// The header [`TIMESTAMP_HEADER`](super::TIMESTAMP_HEADER).
    pub timestamp: Option<&'a str>,
    /// The header [`SIGNATURE_HEADER`](super::SIGNATURE_HEADER).
    pub signature: Option<&'a str>,
    /// The body. The id of the task is used as a hint; a result only from a signed webhook, where the record has none.
    pub body: &'a [u8],
}

/// The answer to a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookReply {
    /// It is stored, or was stored before.
    Accepted,
    /// There is no such job.
    NotFound,
    /// A signature is required, and this one is missing or invalid.
    BadSignature,
}

impl Service {
    /// The job of an address; `None` when the seal is wrong or webhooks are off. Does not use the store.
    pub fn check_seal(&self, job: &str, seal: &str) -> Option<SealedJob> {
        let job = JobId(job.to_owned());
        self.webhooks()?.is_sealed(&job, seal).then_some(SealedJob(job))
    }

    /// Receives a webhook. The job is polled as soon as it can be; a job whose create was lost continues with the task
    /// that the webhook names. Duplicates, and webhooks for jobs that have ended, change nothing.
    ///
    /// # Errors
    /// When the store is unavailable: the vendor is to send it again.
    pub async fn receive_webhook(
        &self,
        SealedJob(id): &SealedJob,
        request: WebhookRequest<'_>,
    ) -> Result<WebhookReply, StoreError> {
        let Some(webhooks) = self.webhooks() else { return Ok(WebhookReply::NotFound) };
        let webhook = Webhook::parse(request.body).ok();
        let task = webhook.as_ref().map(|webhook| webhook.task.clone());
        if let Some(verifier) = &webhooks.verifier {
            let verified = match &task {
                Some(task) => verifier.verify(task, request.timestamp, request.signature),
                None => Err(Rejected::Forged),
            };
            match verified {
                // A repeat is accepted: the first delivery may have failed in the store, and it causes no more than a
                // poll.
                Ok(()) | Err(Rejected::Repeated) => {}
                Err(why) => {
                    tracing::warn!(job = %id, %why, "a webhook is refused");
                    return Ok(WebhookReply::BadSignature);
                }
            }
        }
        let is_result = webhooks.verifier.is_some() && webhook.is_some_and(|webhook| webhook.has_result());
        let job = match self.attach_task(id, task.as_ref(), None).await {
            Ok(Some(job)) => job,
            Ok(None) => {
                tracing::warn!(job = %id, "a webhook names an unknown job");
                return Ok(WebhookReply::NotFound);
            }
            // It is recorded. A newer version of the program, which can read the job, goes on with it.
            Err(error) if error.is_broken() => {
                tracing::warn!(job = %id, %error, "a webhook is about a job that cannot be read");
                if is_result {
                    self.keep_body(id, request.body).await?;
                }
                return Ok(WebhookReply::Accepted);
            }
            Err(error) => return Err(error),
        };
        if is_result {
            self.keep_webhook(&job, request.body).await?;
        }
        tracing::debug!(job = %id, state = job.state.as_str(), "webhook received");
        Ok(WebhookReply::Accepted)
    }
}

impl Service {
    /// Keeps a signed webhook with a result, for a job that may still need it. A job that is `unreadable` is read again.
    async fn keep_webhook(&self, job: &Job, body: &[u8]) -> Result<(), StoreError> {
        if matches!(job.state, JobState::Delivering | JobState::Delivered | JobState::Failed | JobState::Cancelled) {
            return Ok(());
        }
        let is_kept = self.keep_body(&job.id, body).await?;
        if !is_kept || job.state != JobState::Unreadable {
            return Ok(());
        }
        match self.job_admin().reread(&job.id).await {
            Ok(_) => Ok(()),
            // A person was first.
            Err(error) if error.is_stale() => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Stores the body of a webhook, unless it is too long. Returns whether it did.
    async fn keep_body(&self, id: &JobId, body: &[u8]) -> Result<bool, StoreError> {
        if body.len() > VendorReply::LIMIT {
            return Ok(false);
        }
        let body = String::from_utf8_lossy(body).into_owned();
        self.inner.store.put_reply(id, &VendorReply::new(ReplySource::Webhook, body, self.now())).await?;
        Ok(true)
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
