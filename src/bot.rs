//! The Telegram edge: turns updates into calls of the [`Service`] and its answers into messages.
//!
//! ```text
//! poll, webhook   how updates come
//! inbox     updates -> stored -> the turn of their chat
//! route     an update -> a command, a button, an answer      screen/*   one file a screen: data in, text and buttons out
//! delivery  progress and results, for the service            field/*    what a field shows, asks and takes
//! attachment  a user's file: Telegram -> us -> the vendor    draft, callback   what survives between two messages
//! follow_up  what can be made of a result                   field_path   which field of a form
//! ```
//!
//! Prohibitions: no JSON for the vendor, no prices, no job states are made here; no text outside `l10n`; no markup
//! outside `html`; no error text of the HTTP client leaves without [`Telegram::words`](telegram::Telegram), because its URL
//! holds the token.

mod attachment;
mod callback;
mod command;
mod delivery;
mod draft;
mod field;
mod field_path;
mod follow_up;
mod html;
mod inbox;
mod poll;
mod route;
#[cfg(test)]
mod sample;
mod screen;
mod telegram;
mod webhook;

use std::fmt;

pub use self::attachment::TelegramFiles;
pub use self::delivery::ChatDelivery;
pub use self::inbox::{ATTEMPTS, InboxSettings};
pub use self::poll::{PollError, PollEvent, Polling};
pub use self::telegram::{ConnectError, Telegram};
pub use self::webhook::Webhook;
use crate::backoff::SharedRng;
use crate::service::Service;

/// The bot: a Telegram account and the service behind it. Cheap to clone.
#[derive(Clone)]
pub struct Bot {
    pub(crate) telegram: Telegram,
    pub(crate) service: Service,
    rng: SharedRng,
    inbox: inbox::InboxChannel,
}

impl fmt::Debug for Bot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bot").field("telegram", &self.telegram).finish_non_exhaustive()
    }
}

impl Bot {
    /// Over a Telegram account and a service.
    pub fn new(telegram: Telegram, service: Service) -> Self {
        let telegram = telegram.with_service(service.clone());
        Self { telegram, service, rng: SharedRng::from_entropy(), inbox: inbox::InboxChannel::default() }
    }

    /// With nonces and jitter that can be foretold, for tests.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        Self { rng: SharedRng::from_seed(seed), ..self }
    }

    /// Eight characters that name one form; whoever orders with them orders once.
    pub(crate) fn nonce(&self) -> String {
        const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
        (0..8).map(|_| char::from(LETTERS[self.rng.in_range(0..LETTERS.len())])).collect()
    }
}
