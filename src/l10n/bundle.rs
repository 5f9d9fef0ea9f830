//! The messages of one Fluent file, by their ids.

use std::fmt;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

use super::Lang;

/// A Fluent file and its language.
pub(super) struct Bundle {
    lang: Lang,
    messages: FluentBundle<FluentResource>,
}

impl fmt::Debug for Bundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bundle").field("lang", &self.lang).finish_non_exhaustive()
    }
}

impl Bundle {
    /// Reads a file.
    pub(super) fn read(lang: Lang, source: &str) -> Self {
        // The build fails for invalid entries.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partial, _)| partial);
        let id: LanguageIdentifier = lang.code().parse().unwrap_or_default();
        let mut messages = FluentBundle::new_concurrent(vec![id]);
        // Unicode isolation marks are shown as boxes in some chat clients.
        messages.set_use_isolating(false);
        messages.add_resource_overriding(resource);
        Self { lang, messages }
    }

    /// Its language.
    pub(super) const fn lang(&self) -> Lang {
        self.lang
    }

    /// The text of a message; its key if there is no such message.
    pub(super) fn format(&self, key: &str, args: &FluentArgs<'_>) -> String {
        let Some(pattern) = self.messages.get_message(key).and_then(|m| m.value()) else {
            return key.to_owned();
        };
        let mut errors = Vec::new();
        self.messages.format_pattern(pattern, Some(args), &mut errors).into_owned()
    }
}
