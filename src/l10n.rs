//! All texts for people, in all languages: those of the bot in [`Messages`], those of the command line in
//! [`CliMessages`].
//!
//! The texts are in Fluent files. `build.rs` generates a method for each message, named like it; the build fails if a
//! language does not have a message, or uses other variables than English. Texts are plain; markup and escaping are
//! added where a message is composed.

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

/// All messages of the bot in one language.
#[derive(Debug)]
pub struct Messages {
    bundle: Bundle,
}

static MESSAGES: LazyLock<[Messages; Lang::ALL.len()]> =
    LazyLock::new(|| Lang::ALL.map(|lang| Messages { bundle: Bundle::read(lang, SOURCES[lang as usize]) }));

impl Messages {
    /// The messages of a language.
    pub fn of(lang: Lang) -> &'static Self {
        &MESSAGES[lang as usize]
    }

    /// Their language.
    pub const fn lang(&self) -> Lang {
        self.bundle.lang()
    }

    /// A text of the registry in this language.
    pub const fn localized(&self, text: &Localized) -> &'static str {
        text.get(self.lang())
    }
}

include!(concat!(env!("OUT_DIR"), "/messages.rs"));
