//! The signature of webhooks: whether one comes from KIE, is recent, and comes for the first time.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::Mac;
use secrecy::{ExposeSecret, SecretString};

use crate::clock::Clock;
use crate::job::TaskId;
use crate::mac::hmac_sha256;

/// The header with the time of sending, in Unix seconds.
pub const TIMESTAMP_HEADER: &str = "X-Webhook-Timestamp";
/// The header with the signature, in Base64.
pub const SIGNATURE_HEADER: &str = "X-Webhook-Signature";

/// How far the time of a webhook may be from now, in both directions. The vendor names no limit.
pub const FRESHNESS: Duration = Duration::from_secs(300);
/// The number of webhooks that are remembered to detect repetitions; the oldest is forgotten first.
pub const MEMORY: usize = 10_000;

/// Why a webhook must not be acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// A header is missing.
    #[error("the webhook has no {0} header")]
    Missing(&'static str),
    /// The signature is not KIE's.
    #[error("the webhook's signature is wrong")]
    Forged,
    /// Its time is too far from now.
    #[error("the webhook is not fresh")]
    Stale,
    /// It was seen before: a repetition of the vendor, or a copy. Answer 200 and ignore it.
    #[error("the webhook was seen before")]
    Repeated,
}

/// Checks signatures (vendor documentation): Base64 of HMAC-SHA256, with the webhook key of the account's settings,
/// over the task id, a dot, and the timestamp header as received. The body is not signed.
pub struct Verifier {
    key: SecretString,
    clock: Arc<dyn Clock>,
    freshness: Duration,
    memory: usize,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    known: HashSet<String>,
    order: VecDeque<String>,
}

impl Verifier {
    /// A verifier with the account's webhook key.
    pub fn new(key: SecretString, clock: Arc<dyn Clock>) -> Self {
        Self { key, clock, freshness: FRESHNESS, memory: MEMORY, seen: Mutex::default() }
    }

    /// Accepts webhooks this far from now, instead of [`FRESHNESS`].
    #[must_use]
    pub fn with_freshness(mut self, freshness: Duration) -> Self {
        self.freshness = freshness;
        self
    }

    /// Remembers this number of webhooks (at least one), instead of [`MEMORY`].
    #[must_use]
    pub fn with_memory(mut self, memory: usize) -> Self {
        self.memory = memory.max(1);
        self
    }

    /// Checks the signature of a webhook about `task`, with its two headers. Takes the same time for every wrong
    /// signature.
    ///
    /// # Errors
    /// The reason. A webhook is [`Rejected::Repeated`] only if it is valid otherwise.
    pub fn verify(&self, task: &TaskId, timestamp: Option<&str>, signature: Option<&str>) -> Result<(), Rejected> {
        let timestamp = timestamp.ok_or(Rejected::Missing(TIMESTAMP_HEADER))?;
        let signature = signature.ok_or(Rejected::Missing(SIGNATURE_HEADER))?;
        let signature = STANDARD.decode(signature.trim()).map_err(|_| Rejected::Forged)?;
        let message = format!("{task}.{timestamp}");
        let mac = hmac_sha256(self.key.expose_secret().as_bytes(), message.as_bytes());
        mac.verify_slice(&signature).map_err(|_| Rejected::Forged)?;
        let sent: i64 = timestamp.trim().parse().map_err(|_| Rejected::Stale)?;
        let now = self.clock.now().millis().div_euclid(1000);
        if now.abs_diff(sent) > self.freshness.as_secs() {
            return Err(Rejected::Stale);
        }
        self.remember(message)
    }

    fn remember(&self, message: String) -> Result<(), Rejected> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if !seen.known.insert(message.clone()) {
            return Err(Rejected::Repeated);
        }
        seen.order.push_back(message);
        if seen.order.len() > self.memory
            && let Some(oldest) = seen.order.pop_front()
        {
            seen.known.remove(&oldest);
        }
        Ok(())
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("freshness", &self.freshness)
            .field("memory", &self.memory)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit};
    use proptest::prelude::*;
    use sha2::Sha256;

    use super::*;
    use crate::clock::{ManualClock, Timestamp};

    const KEY: &str = "example-hmac-key-0001";
    const TASK: &str = "task_0000000000000001";
    const TIME: &str = "1790000000";
    const SIGNATURE: &str = "iO/CRYwSp/lIkTKHEvH4hfDCVQmqTXNpUsf+cZkD7Vk=";

    fn verifier() -> (Verifier, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::new(Timestamp::from_millis(1_790_000_000_000)));
        (Verifier::new(SecretString::from(KEY), clock.clone()), clock)
    }

    fn sign(task: &str, timestamp: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
        mac.update(format!("{task}.{timestamp}").as_bytes());
        STANDARD.encode(mac.finalize().into_bytes())
    }

    fn verify(verifier: &Verifier, task: &str, time: &str, signature: &str) -> Result<(), Rejected> {
        verifier.verify(&task.into(), Some(time), Some(signature))
    }

    #[test]
    fn the_vendors_vector_passes_once() {
        assert_eq!(sign(TASK, TIME), SIGNATURE);
        let (verifier, _) = verifier();
        assert_eq!(verify(&verifier, TASK, TIME, SIGNATURE), Ok(()));
        assert_eq!(verify(&verifier, TASK, TIME, SIGNATURE), Err(Rejected::Repeated));
        // A webhook of the same task with another time is not a repetition.
        assert_eq!(verify(&verifier, TASK, "1790000001", &sign(TASK, "1790000001")), Ok(()));
        assert!(!format!("{verifier:?}").contains(KEY));
    }

    #[test]
    fn changed_webhooks_are_forged() {
        let (verifier, _) = verifier();
        let mut bent = STANDARD.decode(SIGNATURE).unwrap();
        bent[31] ^= 1;
        let bent = STANDARD.encode(bent);
        let cases = [
            ("task_0000000000000002", TIME, SIGNATURE),
            (TASK, "1790000001", SIGNATURE),
            (TASK, " 1790000000", SIGNATURE),
            (TASK, "", SIGNATURE),
            (TASK, TIME, &bent),
            (TASK, TIME, ""),
            (TASK, TIME, "AAAA"),
            (TASK, TIME, "iO/CRYwSp/lIkTKHEvH4hfDCVQmqTXNpUsf+cZkD7Vk"),
            (TASK, TIME, "не подпись"),
        ];
        for (task, time, signature) in cases {
            assert_eq!(verify(&verifier, task, time, signature), Err(Rejected::Forged), "{task} {time} {signature}");
        }
        assert_eq!(verify(&verifier, TASK, TIME, SIGNATURE), Ok(()), "forgeries are not remembered");
    }

    #[test]
    fn missing_headers_are_named() {
        let (verifier, _) = verifier();
        let task = TaskId::from(TASK);
        assert_eq!(verifier.verify(&task, None, Some(SIGNATURE)), Err(Rejected::Missing(TIMESTAMP_HEADER)));
        assert_eq!(verifier.verify(&task, Some(TIME), None), Err(Rejected::Missing(SIGNATURE_HEADER)));
    }

    #[test]
    fn the_window_is_open_on_both_sides() {
        let (verifier, _) = verifier();
        for (time, fresh) in [(-301, false), (-300, true), (300, true), (301, false)] {
            let time = (1_790_000_000 + time).to_string();
            let expected = if fresh { Ok(()) } else { Err(Rejected::Stale) };
            assert_eq!(verify(&verifier, TASK, &time, &sign(TASK, &time)), expected, "{time}");
        }
        for time in ["9223372036854775807", "-9223372036854775808", "1e9", "", "99999999999999999999"] {
            assert_eq!(verify(&verifier, TASK, time, &sign(TASK, time)), Err(Rejected::Stale), "{time}");
        }
        let narrow = self::verifier().0.with_freshness(Duration::from_secs(10));
        let time = "1789999980";
        assert_eq!(verify(&narrow, TASK, time, &sign(TASK, time)), Err(Rejected::Stale));
    }

    #[test]
    fn the_memory_is_bounded() {
        let verifier = verifier().0.with_memory(3);
        let pass = |n: u32| verify(&verifier, &format!("t{n}"), TIME, &sign(&format!("t{n}"), TIME));
        for n in 0..4 {
            assert_eq!(pass(n), Ok(()));
        }
        assert_eq!(pass(3), Err(Rejected::Repeated));
        assert_eq!(verifier.seen.lock().unwrap().known.len(), 3);
        assert_eq!(pass(0), Ok(()), "forgotten");
    }

    proptest! {
        #[test]
        fn nothing_panics_and_nothing_passes(task in ".*", time in ".*", signature in ".*") {
            let (verifier, _) = verifier();
            prop_assert!(verifier.verify(&TaskId(task), Some(&time), Some(&signature)).is_err());
        }
    }
}
