//! What the command line says.
//!
//! Amounts of credits, units and the sentences about inputs are those of the bot. Names that are typed (models, fields,
//! values, options) are the same in every language. Where a sentence goes into JSON it is English.

mod phrase;

use std::sync::LazyLock;

use super::bundle::Bundle;
use super::{Lang, Messages, sources};

/// All messages of the command line in one language.
#[derive(Debug)]
pub struct CliMessages {
    bundle: Bundle,
}

static MESSAGES: LazyLock<[CliMessages; Lang::ALL.len()]> =
    LazyLock::new(|| Lang::ALL.map(|lang| CliMessages { bundle: Bundle::read(lang, sources(lang).cli) }));

impl CliMessages {
    /// The messages of a language.
    pub fn of(lang: Lang) -> &'static Self {
        &MESSAGES[lang as usize]
    }

    /// The messages for a command whose sentences go into JSON when `json` is set: there they are English.
    pub(crate) fn unless_json(lang: Lang, json: bool) -> &'static Self {
        Self::of(if json { Lang::En } else { lang })
    }

    /// Their language.
    pub const fn lang(&self) -> Lang {
        self.bundle.lang()
    }

    /// What the bot says in the same language.
    pub fn texts(&self) -> &'static Messages {
        Messages::of(self.lang())
    }
}

include!(concat!(env!("OUT_DIR"), "/cli_messages.rs"));
