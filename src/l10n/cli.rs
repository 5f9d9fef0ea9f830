//! The messages of the command line.
//!
//! Amounts of credits, units and sentences about inputs are those of the bot. Names to type (models, fields, values,
//! options) are the same in all languages. Sentences in JSON are English.

mod phrase;

use std::sync::LazyLock;

use super::bundle::Bundle;
use super::{Lang, Messages};

/// All messages of the command line in one language.
#[derive(Debug)]
pub struct CliMessages {
    bundle: Bundle,
}

static MESSAGES: LazyLock<[CliMessages; Lang::ALL.len()]> =
    LazyLock::new(|| Lang::ALL.map(|lang| CliMessages { bundle: Bundle::read(lang, SOURCES[lang as usize]) }));

impl CliMessages {
    /// The messages of a language.
    pub fn of(lang: Lang) -> &'static Self {
        &MESSAGES[lang as usize]
    }

    /// The messages for a command with or without `--json`: sentences in JSON are English.
    pub(crate) fn unless_json(lang: Lang, json: bool) -> &'static Self {
        Self::of(if json { Lang::En } else { lang })
    }

    /// Their language.
    pub const fn lang(&self) -> Lang {
        self.bundle.lang()
    }

    /// The messages of the bot in the same language.
    pub fn texts(&self) -> &'static Messages {
        Messages::of(self.lang())
    }
}

include!(concat!(env!("OUT_DIR"), "/cli_messages.rs"));
