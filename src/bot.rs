//! The Telegram edge: turns updates into calls of the [`Service`], and their results into messages.
//!
//! | module | contents |
//! |---|---|
//! | `poll`, `webhook` | the two ways to receive updates |
//! | `inbox` | stores updates and starts their handlers |
//! | `route` | the handlers: commands, buttons, answers to a form |
//! | `command`, `callback` | what commands and buttons say |
//! | `draft`, `field_path` | the form of a chat, as it is stored, and the path of a field in it |
//! | `field` | how a field is shown, asked for and answered |
//! | `screen` | one file for each message: data in, text and buttons out |
//! | `attachment` | users' files: from Telegram to the vendor |
//! | `upload` | when that is done: beside the conversations |
//! | `text_file` | text files, whose content is an answer |
//! | `delivery` | progress and results, for the service |
//! | `gate` | who may use the bot |
//! | `follow_up` | the models that take a result as their input |
//! | `payment` | what Telegram says of payments |
//! | `telegram` | the Bot API client, its retry policy and its errors |
//!
//! What must not happen here: no JSON for the vendor, no prices and no job states are made; no text for users is
//! written outside `l10n`, and no markup outside `html`; no error of the HTTP client is logged except through
//! [`Telegram::describe`](telegram::Telegram), because its URL contains the token.

mod attachment;
mod callback;
mod command;
mod delivery;
mod draft;
mod field;
mod field_path;
mod follow_up;
mod gate;
mod html;
mod inbox;
mod incoming;
mod next_step;
mod payment;
mod poll;
mod recent_albums;
mod route;
#[cfg(test)]
mod sample;
mod screen;
mod telegram;
mod text_file;
mod upload;
mod webhook;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

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
    gate: Arc<gate::Gate>,
    recent_albums: Arc<recent_albums::RecentAlbums>,
    /// Telegram has accepted the token in this process.
    is_accepted: Arc<AtomicBool>,
}

impl fmt::Debug for Bot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bot").field("telegram", &self.telegram).finish_non_exhaustive()
    }
}

impl Bot {
    /// A bot for a Telegram account and a service.
    pub fn new(telegram: Telegram, service: Service) -> Self {
        let telegram = telegram.with_service(service.clone());
        Self {
            telegram,
            service,
            rng: SharedRng::from_entropy(),
            inbox: inbox::InboxChannel::default(),
            gate: Arc::new(gate::Gate::open()),
            recent_albums: Arc::default(),
            is_accepted: Arc::default(),
        }
    }

    /// The same bot with predictable nonces and jitter, for tests.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        Self { rng: SharedRng::from_seed(seed), ..self }
    }

    /// A new random id of a form, of eight characters. The service accepts one order for each.
    pub(crate) fn nonce(&self) -> String {
        const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
        (0..8).map(|_| char::from(LETTERS[self.rng.in_range(0..LETTERS.len())])).collect()
    }
}
