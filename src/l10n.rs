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

use crate::schema::Localized;

pub use crate::schema::Lang;
pub use cli::CliMessages;

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

const fn sources(lang: Lang) -> Sources {
    match lang {
        Lang::En => Sources { bot: include_str!("l10n/bot/en.ftl"), cli: include_str!("l10n/cli/en.ftl") },
        Lang::Ru => Sources { bot: include_str!("l10n/bot/ru.ftl"), cli: include_str!("l10n/cli/ru.ftl") },
    }
}

static MESSAGES: LazyLock<[Messages; Lang::ALL.len()]> =
    LazyLock::new(|| Lang::ALL.map(|lang| Messages { bundle: Bundle::read(lang, sources(lang).bot) }));

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
    pub const fn localized(&self, text: &Localized) -> &'static str {
        text.get(self.lang())
    }
}

include!(concat!(env!("OUT_DIR"), "/messages.rs"));
