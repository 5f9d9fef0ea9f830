//! The attempts of one create request: when it is sent again, and by whom.

use std::time::Duration;

use crate::client::Client;
use crate::client::create::CreatePermit;
use crate::client::create_error::CreateError;
use crate::client::retry::{ATTEMPTS, BACKOFF, CreateClass, MAX_WAIT};
use crate::schema::input::Request;

/// Whether a create request that was refused may be sent again as it is, with a new permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resend {
    /// At once: the key was refused, and another one is usable.
    NextKey,
    /// After a pause, of at least this long if the server asked for one: no connection was made, or the vendor's rate limit
    /// was exceeded.
    After(Duration),
    /// Not by itself.
    Never,
}

impl Client {
    /// Whether a create request with this error may be sent again. Nothing was accepted if it may.
    pub fn resend(&self, error: &CreateError) -> Resend {
        let CreateError::Refused(why) = error else { return Resend::Never };
        if why.is_key_refused() && self.hosts.keys.has_usable(self.clock.now()) {
            return Resend::NextKey;
        }
        match why.create_class() {
            CreateClass::Resend => Resend::After(why.retry_after().unwrap_or_default()),
            CreateClass::Later | CreateClass::Refused | CreateClass::Unknown => Resend::Never,
        }
    }

    /// Begins to count the attempts of one create request. The waits of [`Client::create_task`], for a caller that notes
    /// when a request is about to be sent.
    pub fn create_attempts<'a>(&'a self, request: &'a Request) -> CreateAttempts<'a> {
        CreateAttempts { client: self, request, refused: 0, pauses: 0, keys: 1 }
    }
}

/// The attempts of one create request.
#[derive(Debug)]
pub struct CreateAttempts<'a> {
    client: &'a Client,
    request: &'a Request,
    /// How often it was refused.
    refused: u32,
    /// Pauses so far.
    pauses: u32,
    /// Keys that were tried since the last pause.
    keys: usize,
}

impl CreateAttempts<'_> {
    /// Waits for a permit for the next attempt. A request that was refused goes before those that were not.
    pub async fn acquire(&self) -> CreatePermit {
        self.client.acquire_permit(self.request, self.refused).await
    }

    /// After an attempt: makes the pause before the next one. False, at once, when there is to be none:
    /// [`ATTEMPTS`] were made, [`Client::resend`] forbids it, or the server asks for a pause of more than [`MAX_WAIT`].
    pub async fn may_repeat(&mut self, error: &CreateError) -> bool {
        let least = match self.client.resend(error) {
            Resend::Never => return false,
            Resend::NextKey if self.keys >= self.client.hosts.keys.all().len() => return false,
            Resend::NextKey => {
                self.refused += 1;
                self.keys += 1;
                return true;
            }
            Resend::After(least) => least,
        };
        let pause = least.max(BACKOFF.pause(self.pauses + 1, self.client.rng.chance()));
        if self.pauses + 1 >= ATTEMPTS || pause > MAX_WAIT {
            return false;
        }
        let code = error.error().code();
        tracing::debug!(attempt = self.pauses + 1, code, pause_ms = pause.as_millis(), "repeating a create request");
        self.client.clock.sleep(pause).await;
        (self.refused, self.pauses, self.keys) = (self.refused + 1, self.pauses + 1, 1);
        true
    }
}
