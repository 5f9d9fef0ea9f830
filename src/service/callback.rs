//! What the vendor says by itself: that a task has ended. A hint, never a result: the worker's next look decides.
//!
//! Every job has an address of its own, with a seal that only a holder of the bot's token can make. Nothing is stored for
//! it and all instances agree on it. So whoever calls an address was given it by the vendor, and what the call names is a
//! task of this job: a create whose reply was lost finds its task again.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hmac::{Hmac, Mac};
use secrecy::SecretString;
use sha2::Sha256;
use url::Url;

use super::Service;
use crate::client::{Callback, Rejected, Verifier};
use crate::clock::Timestamp;
use crate::job::JobId;
use crate::mac::{derive_key, hmac_sha256};
use crate::store::StoreError;

/// Where calls come in, below the public address: then `/<job>/<seal>`.
pub const CALLBACK_PATH: &str = "/kie/callback";
/// Bytes of the seal: nobody guesses 128 bits.
const SEAL: usize = 16;
/// While calls come, the vendor is asked so much less often.
const PATIENCE: u32 = 4;
/// Calls that have not come for so long are not relied upon.
const TRUST: Duration = Duration::from_secs(3600);

/// The addresses that the vendor calls, and how far its calls can be relied upon.
pub struct Callbacks {
    base: String,
    key: SecretKey,
    verifier: Option<Verifier>,
    pulse: Mutex<Option<Timestamp>>,
}

/// Made from the bot's token.
struct SecretKey([u8; 32]);

impl fmt::Debug for Callbacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callbacks").field("base", &self.base).field("signed", &self.verifier.is_some()).finish()
    }
}

impl Callbacks {
    /// Under a public address, for the bot with this token.
    pub fn new(public_url: &Url, token: &SecretString) -> Self {
        Self {
            base: format!("{}{CALLBACK_PATH}", public_url.as_str().trim_end_matches('/')),
            key: SecretKey(derive_key(token, "kie callback")),
            verifier: None,
            pulse: Mutex::default(),
        }
    }

    /// Takes signed calls only.
    #[must_use]
    pub fn with_verifier(self, verifier: Verifier) -> Self {
        Self { verifier: Some(verifier), ..self }
    }

    /// Where the vendor is to call when a task of this job has ended.
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

    /// A task has ended; `called` tells whether the vendor had said so by itself.
    pub(super) fn judge(&self, called: bool, now: Timestamp) {
        *self.pulse.lock().unwrap_or_else(PoisonError::into_inner) = called.then_some(now);
    }

    /// How many times longer the pauses between looks may be: calls that work make looks a safety net.
    pub(super) fn patience(&self, now: Timestamp) -> u32 {
        let last = *self.pulse.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|at| now.since(at) < TRUST) { PATIENCE } else { 1 }
    }
}

/// A call as it came.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// From the path.
    pub job: &'a str,
    /// From the path.
    pub seal: &'a str,
    /// The header `X-Webhook-Timestamp`.
    pub timestamp: Option<&'a str>,
    /// The header `X-Webhook-Signature`.
    pub signature: Option<&'a str>,
    /// The body. Only the task that it names is used, and only as a hint.
    pub body: &'a [u8],
}

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// It was taken, or had been taken before: the vendor need not call again.
    Taken,
    /// Nobody was given this address.
    Stranger,
    /// A signature is asked for, and this one does not pass.
    Forged,
}

impl Service {
    /// Whether the vendor was given this address. Asks no store.
    pub fn gave_out(&self, job: &str, seal: &str) -> bool {
        self.callbacks().is_some_and(|callbacks| callbacks.is_sealed(&JobId(job.to_owned()), seal))
    }

    /// Hears a call. The job is looked at as soon as it can be; a job whose create was lost takes up the task that the
    /// call names. Duplicates, and calls for jobs that have ended, change nothing.
    ///
    /// # Errors
    /// When the store does not answer: the vendor is to call again.
    pub async fn hear(&self, call: Call<'_>) -> Result<Heard, StoreError> {
        let Some(callbacks) = self.callbacks() else { return Ok(Heard::Stranger) };
        let id = JobId(call.job.to_owned());
        if !callbacks.is_sealed(&id, call.seal) {
            return Ok(Heard::Stranger);
        }
        let task = Callback::parse(call.body).ok().map(|callback| callback.task);
        if let Some(verifier) = &callbacks.verifier {
            let verdict = match &task {
                Some(task) => verifier.verify(task, call.timestamp, call.signature),
                None => Err(Rejected::Forged),
            };
            match verdict {
                // A repeat hastens a look at most: what failed the first time must not be lost for being a repeat.
                Ok(()) | Err(Rejected::Repeated) => {}
                Err(why) => {
                    tracing::warn!(job = %id, %why, "a call is not believed");
                    return Ok(Heard::Forged);
                }
            }
        }
        let Some(job) = self.adopt(&id, task.as_ref(), None).await? else {
            tracing::warn!(job = %id, "a call for a job that is not here");
            return Ok(Heard::Stranger);
        };
        tracing::debug!(job = %id, state = job.state.as_str(), "the vendor has called");
        Ok(Heard::Taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn callbacks(url: &str) -> Callbacks {
        Callbacks::new(&Url::parse(url).unwrap(), &SecretString::from("123456:TEST"))
    }

    #[test]
    fn an_address_is_sealed_for_one_job_and_one_bot() {
        let (job, other) = (JobId::from("0190a1b2"), JobId::from("0190a1b3"));
        let ours = callbacks("https://bot.example.com");
        let address = ours.address(&job).unwrap();
        let seal = address.path_segments().unwrap().next_back().unwrap().to_owned();
        assert_eq!(address.as_str(), format!("https://bot.example.com/kie/callback/0190a1b2/{seal}"));
        assert_eq!(seal.len(), 32);
        assert!(ours.is_sealed(&job, &seal) && !ours.is_sealed(&other, &seal));
        assert!(!callbacks_of("654321:TEST").is_sealed(&job, &seal));
        for wrong in ["", "00", &seal[1..], &format!("{seal}00"), &seal.to_uppercase(), &"я".repeat(16)] {
            assert!(!ours.is_sealed(&job, wrong), "{wrong}");
        }
        assert!(!format!("{ours:?}").contains("TEST"));
    }

    fn callbacks_of(token: &str) -> Callbacks {
        Callbacks::new(&Url::parse("https://bot.example.com").unwrap(), &SecretString::from(token))
    }

    #[test]
    fn a_public_address_may_have_a_path_and_a_slash() {
        let address = callbacks("https://example.com/bot/").address(&JobId::from("j")).unwrap();
        assert!(address.as_str().starts_with("https://example.com/bot/kie/callback/j/"), "{address}");
    }

    #[test]
    fn trust_is_won_by_calls_and_lost_without() {
        let callbacks = callbacks("https://bot.example.com");
        let now = Timestamp::from_millis(1_790_000_000_000);
        assert_eq!(callbacks.patience(now), 1, "not before one has come");
        callbacks.judge(true, now);
        assert_eq!(callbacks.patience(now), PATIENCE);
        assert_eq!(callbacks.patience(now + TRUST), 1, "it wears off");
        callbacks.judge(false, now);
        assert_eq!(callbacks.patience(now), 1, "a look was faster than the call");
    }
}
