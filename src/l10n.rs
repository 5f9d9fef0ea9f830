//! Every word that a person reads, in every language: the bot's in [`Messages`], the command line's in [`CliMessages`].
//!
//! Fluent files hold the words. `build.rs` makes a method of every message, named like it, and refuses to build when a language
//! lacks a message or uses other variables than English. Texts are plain; markup and escaping happen where a message is
//! composed.

mod bundle;
mod cli;
mod phrase;
mod rule;
mod violation;

use std::sync::LazyLock;

use bundle::Bundle;

use crate::schema::spec::Words;

pub use cli::CliMessages;

/// A language of the bot and of the command line. A new one is a value here, whose matches the compiler then asks for, and its
/// Fluent files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    En,
    /// Russian.
    Ru,
}

impl Lang {
    /// Every language, in the order of the enum.
    pub const ALL: [Self; 2] = [Self::En, Self::Ru];

    /// Its code in the store, in buttons and at Telegram: `en`, `ru`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
        }
    }

    /// Its own name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ru => "Русский",
        }
    }

    /// What separates the fraction of a number.
    const fn decimal_mark(self) -> &'static str {
        match self {
            Self::En => ".",
            Self::Ru => ",",
        }
    }

    /// Codes of other languages whose people mostly read this one. Everybody else gets English.
    const fn also_read_by(self) -> &'static [&'static str] {
        match self {
            Self::En => &[],
            Self::Ru => &["uk", "be", "kk", "ky", "uz", "tg"],
        }
    }

    const fn sources(self) -> Sources {
        match self {
            Self::En => Sources { bot: include_str!("l10n/bot/en.ftl"), cli: include_str!("l10n/cli/en.ftl") },
            Self::Ru => Sources { bot: include_str!("l10n/bot/ru.ftl"), cli: include_str!("l10n/cli/ru.ftl") },
        }
    }

    /// The language with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.code() == code)
    }

    /// The nearest language for an IETF tag as Telegram or a terminal reports it (`ru-RU`, `uk`, `de`).
    pub fn guess(tag: Option<&str>) -> Self {
        let code = tag.and_then(|t| t.split(['-', '_']).next()).unwrap_or_default();
        let reads = |lang: &Self| lang.code() == code || lang.also_read_by().contains(&code);
        Self::ALL.into_iter().find(reads).unwrap_or(Self::En)
    }

    /// The words of a registry entry in this language.
    pub const fn of(self, words: &Words) -> &'static str {
        match self {
            Self::En => words.en,
            Self::Ru => words.ru,
        }
    }
}

/// The Fluent files of one language.
struct Sources {
    bot: &'static str,
    cli: &'static str,
}

/// All messages of the bot in one language.
#[derive(Debug)]
pub struct Messages {
    bundle: Bundle,
}

static MESSAGES: LazyLock<[Messages; Lang::ALL.len()]> =
    LazyLock::new(|| Lang::ALL.map(|lang| Messages { bundle: Bundle::read(lang, lang.sources().bot) }));

impl Messages {
    /// The messages of a language.
    pub fn of(lang: Lang) -> &'static Self {
        &MESSAGES[lang as usize]
    }

    /// Their language.
    pub const fn lang(&self) -> Lang {
        self.bundle.lang()
    }

    /// The words of a registry entry in this language.
    pub const fn words(&self, words: &Words) -> &'static str {
        self.lang().of(words)
    }
}

include!(concat!(env!("OUT_DIR"), "/messages.rs"));
