//! Reads a mapping key by key and reports what is missing, unknown or of the wrong type, without stopping at the first.

use kie_schema::spec::Range;
use kie_schema::{Lang, Localized};

use crate::diagnostic::{Code, Collector, nearest, suggestion};
use crate::leak;
use crate::span::Span;
use crate::yaml::{Data, Entry, Node};

/// A mapping whose keys are taken one after another; a key that was never taken is unknown.
pub(crate) struct Mapping<'a> {
    /// Where the thing is named: mistakes about something missing point there.
    pub(crate) owner: Span,
    pub(crate) out: &'a Collector,
    entries: &'a [Entry],
    known: Vec<&'static str>,
    missing: Vec<&'static str>,
}

impl<'a> Mapping<'a> {
    /// Opens a mapping; anything else is reported as not being `what`.
    pub(crate) fn open(node: &'a Node, owner: Span, what: &str, out: &'a Collector) -> Option<Self> {
        let entries = entries(node, what, out)?;
        Some(Self { owner, out, entries, known: Vec::new(), missing: Vec::new() })
    }

    /// The entry of a key that may be absent.
    pub(crate) fn entry(&mut self, key: &'static str) -> Option<&'a Entry> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.entries.iter().find(|entry| entry.name == key)
    }

    /// The value of a key that may be absent.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<&'a Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value of a key that must be there.
    pub(crate) fn need(&mut self, key: &'static str) -> Option<&'a Node> {
        let found = self.take(key);
        if found.is_none() {
            self.missing(key);
        }
        found
    }

    /// Notes that a key is missing.
    pub(crate) fn missing(&mut self, key: &'static str) {
        self.missing.push(key);
    }

    /// Whether the key is written.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == key)
    }

    /// Whether the key is absent, but a misspelling of it is written.
    pub(crate) fn misspelt(&self, key: &'static str) -> bool {
        !self.has(key)
            && self
                .entries
                .iter()
                .any(|entry| !self.known.contains(&entry.name.as_str()) && nearest(&entry.name, [key]).is_some())
    }

    /// Two keys that exclude each other.
    pub(crate) fn conflict(&self, first: &str, second: &str) {
        if let (true, Some(entry)) = (self.has(first), self.entries.iter().find(|entry| entry.name == second)) {
            let title = format!("`{first}` and `{second}` do not go together");
            self.out.error(Code::KeyConflict, entry.key.span, title, "");
        }
    }

    /// A key that makes sense only beside another.
    pub(crate) fn goes_with(&self, key: &str, partner: &str) {
        if let (false, Some(entry)) = (self.has(partner), self.entries.iter().find(|entry| entry.name == key)) {
            let title = format!("`{key}` means nothing without `{partner}`");
            self.out.error(Code::KeyConflict, entry.key.span, title, "");
        }
    }

    pub(crate) fn flag(&mut self, key: &'static str) -> bool {
        let out = self.out;
        self.take(key).and_then(|node| flag(node, key, out)).unwrap_or(false)
    }

    pub(crate) fn integer(&mut self, key: &'static str) -> Option<i64> {
        let out = self.out;
        self.take(key).and_then(|node| integer(node, key, out))
    }

    /// A count: not negative, at most 2^32-1.
    pub(crate) fn count(&mut self, key: &'static str) -> Option<u32> {
        let out = self.out;
        self.take(key).and_then(|node| count(node, key, out))
    }

    pub(crate) fn number(&mut self, key: &'static str) -> Option<f64> {
        let out = self.out;
        self.take(key).and_then(|node| number(node, key, out))
    }

    pub(crate) fn range(&mut self, key: &'static str) -> Option<Range> {
        let out = self.out;
        self.take(key).and_then(|node| range(node, key, out))
    }

    /// Reports missing keys and every key that was never asked for.
    pub(crate) fn finish(self) {
        self.report(|_| true);
    }

    /// Reports missing keys alone: what else is known could not be found out.
    pub(crate) fn abandon(self) {
        let missing = self.missing.clone();
        self.report(|entry| nearest(&entry.name, missing.iter().copied()).is_some());
    }

    fn report(self, wanted: impl Fn(&Entry) -> bool) {
        let unknown: Vec<&Entry> =
            self.entries.iter().filter(|entry| !self.known.contains(&entry.name.as_str())).collect();
        for entry in unknown.iter().filter(|entry| wanted(entry)) {
            let help = suggestion(&entry.name, self.known.iter().copied());
            self.out.hint(Code::UnknownKey, entry.key.span, format!("unknown key `{}`", entry.name), "", help);
        }
        for key in self.missing {
            // A misspelt key is one mistake, not two.
            if !unknown.iter().any(|entry| nearest(&entry.name, [key]).is_some()) {
                self.out.error(Code::MissingKey, self.owner, format!("`{key}` is missing"), "");
            }
        }
    }
}

fn wrong(node: &Node, what: &str, wanted: &str, out: &Collector) {
    out.error(Code::WrongType, node.span, format!("`{what}` must be {wanted}, this is {}", node.describe()), "");
}

/// The entries of a mapping.
pub(crate) fn entries<'a>(node: &'a Node, what: &str, out: &Collector) -> Option<&'a [Entry]> {
    if let Data::Map(entries) = &node.data {
        return Some(entries);
    }
    wrong(node, what, "a mapping", out);
    None
}

/// The items of a list.
pub(crate) fn items<'a>(node: &'a Node, what: &str, out: &Collector) -> Option<&'a [Node]> {
    if let Data::List(items) = &node.data {
        return Some(items);
    }
    wrong(node, what, "a list", out);
    None
}

/// The items of a list, or a single value as the only item.
pub(crate) fn one_or_many(node: &Node) -> &[Node] {
    match &node.data {
        Data::List(items) => items,
        _ => std::slice::from_ref(node),
    }
}

/// A text that is not blank.
pub(crate) fn text<'a>(node: &'a Node, what: &str, out: &Collector) -> Option<&'a str> {
    match &node.data {
        Data::Text(text) if text.trim().is_empty() => {
            out.error(Code::Empty, node.span, format!("`{what}` is empty"), "");
            None
        }
        Data::Text(text) => Some(text),
        Data::Integer(_) | Data::Decimal(_) | Data::Boolean(_) => {
            let title = format!("`{what}` must be a text, this is {}", node.describe());
            out.hint(Code::WrongType, node.span, title, "", "put it in quotes");
            None
        }
        _ => {
            wrong(node, what, "a text", out);
            None
        }
    }
}

pub(crate) fn flag(node: &Node, what: &str, out: &Collector) -> Option<bool> {
    if let Data::Boolean(flag) = node.data {
        return Some(flag);
    }
    wrong(node, what, "true or false", out);
    None
}

pub(crate) fn integer(node: &Node, what: &str, out: &Collector) -> Option<i64> {
    if let Data::Integer(number) = node.data {
        return Some(number);
    }
    wrong(node, what, "a whole number", out);
    None
}

pub(crate) fn count(node: &Node, what: &str, out: &Collector) -> Option<u32> {
    let number = integer(node, what, out)?;
    let count = u32::try_from(number).ok();
    if count.is_none() {
        out.error(Code::BadLimit, node.span, format!("`{what}` cannot be {number}"), "0 to 4294967295");
    }
    count
}

pub(crate) fn number(node: &Node, what: &str, out: &Collector) -> Option<f64> {
    match node.data {
        Data::Integer(number) => Some(number as f64),
        Data::Decimal(number) if number.is_finite() => Some(number),
        _ => {
            wrong(node, what, "a number", out);
            None
        }
    }
}

/// `[min, max]`, `null` for an open end.
pub(crate) fn range(node: &Node, what: &str, out: &Collector) -> Option<Range> {
    let Some([low, high]) = items(node, what, out).map(|items| <&[Node; 2]>::try_from(items).ok()).unwrap_or_default()
    else {
        if matches!(node.data, Data::List(_)) {
            wrong(node, what, "two numbers `[min, max]` (null for an open end)", out);
        }
        return None;
    };
    let end = |node: &Node| match node.data {
        Data::Null => Some(None),
        _ => number(node, what, out).map(Some),
    };
    let (min, max) = (end(low)?, end(high)?);
    if min.is_none() && max.is_none() {
        out.error(Code::BadLimit, node.span, format!("`{what}` limits nothing"), "both ends are open");
        return None;
    }
    ordered(min, max, node.span, what, out).then_some(Range { min, max })
}

/// Reports a range whose lower end is above its upper end.
pub(crate) fn ordered<T: PartialOrd + std::fmt::Display>(
    min: Option<T>,
    max: Option<T>,
    span: Span,
    what: &str,
    out: &Collector,
) -> bool {
    match (min, max) {
        (Some(min), Some(max)) if min > max => {
            let title = format!("`{what}`: {min} is more than {max}");
            out.error(Code::InvertedRange, span, title, "the range is upside down");
            false
        }
        _ => true,
    }
}

/// A short text in every language; a plain text serves for all.
pub(crate) fn localized(node: &Node, what: &str, out: &Collector) -> Option<Localized> {
    if !matches!(node.data, Data::Map(_)) {
        let all = leak::text(text(node, what, out)?);
        return Some(Localized::new([all; Lang::ALL.len()]));
    }
    let mut object = Mapping::open(node, node.span, what, out)?;
    let texts = Lang::ALL.map(|lang| {
        let key = lang.code();
        let Some(node) = object.take(key) else {
            out.error(Code::MissingTranslation, node.span, format!("`{what}` has no `{key}`"), "");
            return None;
        };
        text(node, key, out).map(leak::text)
    });
    object.finish();
    texts.iter().all(Option::is_some).then(|| Localized::new(texts.map(Option::unwrap_or_default)))
}

/// One of a fixed list of words.
pub(crate) fn word<T: Copy>(node: &Node, what: &str, known: &[(&'static str, T)], out: &Collector) -> Option<T> {
    let given = text(node, what, out)?;
    let found = known.iter().find(|(word, _)| *word == given).map(|(_, value)| *value);
    if found.is_none() {
        let help = suggestion(given, known.iter().map(|(word, _)| *word));
        out.hint(Code::UnknownWord, node.span, format!("`{given}` is no `{what}`"), "", help);
    }
    found
}

/// One text or a list of texts, with their positions.
pub(crate) fn texts(node: &Node, what: &str, out: &Collector) -> Vec<(String, Span)> {
    let list = one_or_many(node);
    if list.is_empty() {
        out.error(Code::Empty, node.span, format!("`{what}` is empty"), "");
    }
    list.iter().filter_map(|item| text(item, what, out).map(|text| (text.to_owned(), item.span))).collect()
}
