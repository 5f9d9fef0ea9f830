//! A position in the registry's text.

use saphyr_parser::Marker;

/// A range of characters on one line of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Length in characters, at least 1; a node of several lines counts 1.
    pub length: u32,
}

impl Span {
    /// The first character of the file.
    pub const START: Self = Self { line: 1, column: 1, length: 1 };

    /// The range between two marks of the parser.
    pub(crate) fn between(start: Marker, end: Marker) -> Self {
        let length = if start.line() == end.line() { end.col().saturating_sub(start.col()) } else { 1 };
        // The parser counts columns from 0.
        Self { line: count(start.line()), column: count(start.col() + 1), length: count(length.max(1)) }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
