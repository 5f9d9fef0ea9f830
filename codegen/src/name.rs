//! Names that the author chooses.

use crate::diagnostic::{Code, Collector};
use crate::span::Span;

/// A name and its position.
pub(crate) type Name = (String, Span);

/// Reports a name of a task type or set that is not made of small letters, digits and underscores.
pub(crate) fn check_plain(name: &str, span: Span, what: &str, out: &Collector) {
    let fine = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !fine {
        let title = format!("`{name}` cannot be the name of {what}");
        out.error(Code::BadName, span, title, "small letters, digits and `_`, a letter first");
    }
}

/// Reports a name of a field that is not made of letters, digits, `_` and `-`.
pub(crate) fn check_field(name: &str, span: Span, out: &Collector) {
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if !letters || !name.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
        let title = format!("`{name}` cannot be the name of a field");
        out.error(Code::BadName, span, title, "letters, digits, `_` and `-`");
    }
}
