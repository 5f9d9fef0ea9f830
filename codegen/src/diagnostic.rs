//! Mistakes in the registry: what is wrong, where, and what to do about it.

mod code;

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

pub use code::Code;

use crate::span::Span;

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// The kind of mistake.
    pub code: Code,
    /// Where it is.
    pub span: Span,
    /// What is wrong, one line.
    pub title: String,
    /// A few words under the caret; may be empty.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// All mistakes of a file, sorted by position. `Display` prints each with its line and a caret, without colour.
#[derive(Debug, Clone)]
pub struct Diagnostics {
    file: String,
    text: String,
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// The mistakes, sorted by position; never empty.
    #[must_use]
    pub fn list(&self) -> &[Diagnostic] {
        &self.list
    }
}

impl std::error::Error for Diagnostics {}

impl fmt::Display for Diagnostics {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<&str> = self.text.lines().collect();
        for mistake in &self.list {
            writeln!(out, "{}\n", render(&self.file, &lines, mistake))?;
        }
        let count = self.list.len();
        let noun = if count == 1 { "mistake" } else { "mistakes" };
        write!(out, "error: {count} {noun} in the model registry")
    }
}

fn render(file: &str, lines: &[&str], mistake: &Diagnostic) -> String {
    let span = mistake.span;
    let line = (span.line as usize).checked_sub(1).and_then(|index| lines.get(index)).copied().unwrap_or_default();
    let start = byte_of(line, span.column.saturating_sub(1) as usize);
    let end = byte_of(line, (span.column.saturating_sub(1) + span.length) as usize);
    let mark = AnnotationKind::Primary.span(start..end.max(start)).label(mistake.label.as_str());
    let snippet = Snippet::source(line).line_start(span.line as usize).path(file).annotation(mark);
    let mut group = Level::ERROR.primary_title(mistake.title.as_str()).id(mistake.code.to_string()).element(snippet);
    if let Some(help) = &mistake.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    Renderer::plain().render(&[group])
}

fn byte_of(line: &str, characters: usize) -> usize {
    line.char_indices().nth(characters).map_or(line.len(), |(byte, _)| byte)
}

/// Takes the mistakes of all steps.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    list: RefCell<Vec<Diagnostic>>,
}

impl Collector {
    /// Reports a mistake without a hint.
    pub(crate) fn error(&self, code: Code, span: Span, title: impl Into<String>, label: impl Into<String>) {
        self.push(Diagnostic { code, span, title: title.into(), label: label.into(), help: None });
    }

    /// Reports a mistake with a hint.
    pub(crate) fn hint(
        &self,
        code: Code,
        span: Span,
        title: impl Into<String>,
        label: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Diagnostic { code, span, title: title.into(), label: label.into(), help: Some(help.into()) });
    }

    pub(crate) fn push(&self, mistake: Diagnostic) {
        self.list.borrow_mut().push(mistake);
    }

    /// How many mistakes there are so far.
    pub(crate) fn count(&self) -> usize {
        self.list.borrow().len()
    }

    /// Everything reported, sorted by position. A mistake in an anchor that several models use is reported once.
    pub(crate) fn finish(self, file: &str, text: &str) -> Diagnostics {
        let mut list = self.list.into_inner();
        list.sort_by_key(|mistake| (mistake.span, mistake.code));
        let mut seen = HashSet::new();
        list.retain(|mistake| seen.insert((mistake.code, mistake.span, mistake.title.clone())));
        Diagnostics { file: file.to_owned(), text: text.to_owned(), list }
    }
}

/// A hint "did you mean" with the nearest of the known words, or the list of them when none is near.
pub(crate) fn suggestion<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(near) = nearest(given, known.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    if known.is_empty() {
        return "there is none".to_owned();
    }
    let shown: Vec<String> = known.iter().take(12).map(|word| format!("`{word}`")).collect();
    let more =
        if known.len() > shown.len() { format!(" and {} more", known.len() - shown.len()) } else { String::new() };
    format!("known: {}{more}", shown.join(", "))
}

/// The word that a typing mistake most likely meant.
pub(crate) fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = given.to_lowercase();
    let allowed = (given.chars().count() / 3).clamp(1, 4);
    known
        .into_iter()
        .map(|word| (strsim::damerau_levenshtein(&folded, &word.to_lowercase()), word))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, column: u32, length: u32) -> Span {
        Span { line, column, length }
    }

    #[test]
    fn mistakes_are_sorted_and_counted() {
        let out = Collector::default();
        out.error(Code::UnknownKey, at(2, 1, 3), "later", "");
        out.hint(Code::WrongType, at(1, 4, 2), "sooner", "here", "do this");
        let shown = out.finish("f.yaml", "a: bb\nccc\n").to_string();
        let sooner = shown.find("sooner").unwrap();
        let later = shown.find("later").unwrap();
        assert!(sooner < later, "{shown}");
        assert!(shown.contains("error[M002]: sooner\n --> f.yaml:1:4"), "{shown}");
        assert!(shown.contains("= help: do this"), "{shown}");
        assert!(shown.ends_with("error: 2 mistakes in the model registry"), "{shown}");
        assert!(!shown.contains('\u{1b}'), "no colour: {shown}");
    }

    #[test]
    fn the_caret_stands_under_the_word_after_cyrillic() {
        let out = Collector::default();
        out.error(Code::UnknownKey, at(1, 12, 3), "t", "");
        let shown = out.finish("f.yaml", "имя: Кошка bad\n").to_string();
        assert!(shown.contains("f.yaml:1:12"), "{shown}");
        let caret = shown.lines().find(|line| line.contains("^^^")).unwrap();
        let source = shown.lines().find(|line| line.contains("bad")).unwrap();
        let column = |line: &str, word: &str| line[..line.find(word).unwrap()].chars().count();
        assert_eq!(column(caret, "^^^"), column(source, "bad"), "{shown}");
    }

    #[test]
    fn the_same_mistake_in_an_anchor_is_reported_once() {
        let out = Collector::default();
        out.error(Code::UnknownKey, at(1, 1, 1), "same", "");
        out.error(Code::UnknownKey, at(1, 1, 1), "same", "");
        assert_eq!(out.finish("f", "x").list().len(), 1);
    }

    #[test]
    fn a_suggestion_is_the_nearest_word_or_the_list() {
        assert_eq!(suggestion("requird", ["required", "default"]), "did you mean `required`?");
        assert_eq!(suggestion("hihg", ["basic", "high"]), "did you mean `high`?");
        assert_eq!(suggestion("zzzzzz", ["basic", "high"]), "known: `basic`, `high`");
        assert_eq!(suggestion("x", std::iter::empty()), "there is none");
    }
}
