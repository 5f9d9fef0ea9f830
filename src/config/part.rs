//! Settings of several parts: `key=value` with commas between.

use super::ConfigError;

/// What is said of a value that is no count.
pub(super) const NO_COUNT: &str = ", no whole number from 1";
/// What is said of a value that is no amount of credits.
pub(super) const NO_CREDITS: &str = ", no number of credits";

/// One part.
pub(super) struct Part<'a> {
    setting: &'static str,
    usage: &'static str,
    text: &'a str,
    /// What stands before the `=`.
    pub(super) key: &'a str,
    /// What stands behind it.
    pub(super) value: &'a str,
}

/// The parts of a setting; `usage` is said after each slip.
pub(super) fn parts<'a>(
    setting: &'static str,
    usage: &'static str,
    text: &'a str,
) -> impl Iterator<Item = Result<Part<'a>, ConfigError>> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(move |text| {
        let (key, value) = text.split_once('=').unwrap_or((text, ""));
        let part = Part { setting, usage, text, key: key.trim(), value: value.trim() };
        if text.contains('=') { Ok(part) } else { Err(part.bad("")) }
    })
}

impl Part<'_> {
    /// What is wrong with it: nothing, when its key is unknown.
    pub(super) fn bad(&self, what: &str) -> ConfigError {
        let Self { setting, usage, text, .. } = *self;
        ConfigError::Bad { name: setting, why: format!("holds `{text}`{what}; {usage}") }
    }

    /// Keeps the value that was read from it, once.
    ///
    /// # Errors
    /// When there is none, which `what` says, or when it is the second of its kind.
    pub(super) fn put<T>(&self, slot: &mut Option<T>, read: Option<T>, what: &str) -> Result<(), ConfigError> {
        let read = read.ok_or_else(|| self.bad(what))?;
        if slot.replace(read).is_some() { Err(self.bad(", the second of its kind")) } else { Ok(()) }
    }
}
