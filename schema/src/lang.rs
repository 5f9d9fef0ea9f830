//! The languages of the registry, the bot and the command line, and texts in all of them.

use std::fmt;

/// A language of the registry's labels, of the bot and of the command line. A new one is a value here, whose matches the compiler
/// then asks for, its Fluent files, and its words in the registry.
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

    /// Its code in the registry, in the store, in buttons and at Telegram: `en`, `ru`.
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
    pub const fn decimal_mark(self) -> &'static str {
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

    /// The language with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// The nearest language for an IETF tag as Telegram or a terminal reports it (`ru-RU`, `uk`, `de`).
    pub fn guess(tag: Option<&str>) -> Self {
        let code = tag.and_then(|tag| tag.split(['-', '_']).next()).unwrap_or_default();
        let reads = |lang: &Self| lang.code() == code || lang.also_read_by().contains(&code);
        Self::ALL.into_iter().find(reads).unwrap_or(Self::En)
    }
}

/// A short text for people in every language of the registry.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Localized([&'static str; Lang::ALL.len()]);

impl Localized {
    /// A text in every language, in the order of [`Lang::ALL`].
    pub const fn new(texts: [&'static str; Lang::ALL.len()]) -> Self {
        Self(texts)
    }

    /// The text in a language.
    pub const fn get(self, lang: Lang) -> &'static str {
        self.0[lang as usize]
    }

    /// The text in every language, in the order of [`Lang::ALL`].
    pub const fn all(&self) -> &[&'static str] {
        &self.0
    }
}

impl fmt::Debug for Localized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(Lang::ALL.iter().map(|lang| (lang.code(), self.get(*lang)))).finish()
    }
}
