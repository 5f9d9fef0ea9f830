//! The messages of one Fluent file, and one typed method for each of them.

use std::fmt;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

use super::Lang;

/// A Fluent file and its language.
pub(crate) struct Bundle {
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
    pub(crate) fn read(lang: Lang, source: &str) -> Self {
        // A broken entry is skipped here and found by tests/it/texts.rs.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partial, _)| partial);
        let id: LanguageIdentifier = lang.code().parse().unwrap_or_default();
        let mut messages = FluentBundle::new_concurrent(vec![id]);
        // Isolation marks are invisible in a browser and boxes in some chat clients.
        messages.set_use_isolating(false);
        messages.add_resource_overriding(resource);
        Self { lang, messages }
    }

    /// Its language.
    pub(crate) const fn lang(&self) -> Lang {
        self.lang
    }

    /// A message in words; its key when there is none.
    pub(crate) fn format(&self, key: &str, args: &FluentArgs<'_>) -> String {
        let Some(pattern) = self.messages.get_message(key).and_then(|m| m.value()) else {
            return key.to_owned();
        };
        let mut errors = Vec::new();
        self.messages.format_pattern(pattern, Some(args), &mut errors).into_owned()
    }
}

/// Gives a type with a field `bundle` a method for each message, and the list of them.
macro_rules! messages {
    ($texts:ident; $($key:literal $name:ident($($arg:ident: $type:ty),*);)*) => {
        impl $texts {
            /// Key and argument names of every message that the code asks for.
            pub const MESSAGES: &'static [(&'static str, &'static [&'static str])] =
                &[$(($key, &[$(stringify!($arg)),*])),*];

            $(
                #[doc = concat!("The message `", $key, "`.")]
                pub fn $name(&self, $($arg: $type),*) -> String {
                    #[allow(unused_mut, reason = "a message without arguments changes nothing")]
                    let mut args = fluent_bundle::FluentArgs::new();
                    $(args.set(stringify!($arg), fluent_bundle::FluentValue::from($arg));)*
                    self.bundle.format($key, &args)
                }
            )*
        }
    };
}

pub(crate) use messages;
