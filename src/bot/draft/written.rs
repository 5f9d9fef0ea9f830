//! Texts that users wrote, and the messages that they came in: one text may come in several messages, and a message may
//! be edited afterwards.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Form;
use crate::bot::field::answer;
use crate::bot::field_path::FieldPath;
use crate::schema::spec::ModelSpec;

/// Most UTF-16 units of a message (Bot API, `Message.text`). Clients cut a longer text into several messages.
const LIMIT: usize = 4096;
/// No client cuts before this: Telegram Desktop cuts at a paragraph in the second half of what fits, others nearer to
/// the end.
const EARLIEST_CUT: usize = LIMIT / 2;
/// A cut at white space takes this much away, at most; what is left of both parts would not have fitted otherwise.
const MAX_CUT: usize = 300;
/// The parts are sent together; Telegram counts whole seconds.
const MAX_PAUSE: i64 = 2;
/// A client that looks for white space finds it in this many units, unless it looks for a paragraph.
const LONGEST_WORD: usize = 40;
/// Texts that are remembered.
const REMEMBERED: usize = 30;

/// A message with a text or a caption.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TextPart {
    /// The message's id.
    pub(crate) message: i32,
    /// When it was sent, in Unix seconds.
    pub(crate) sent_at: i64,
    /// When it was edited, in Unix seconds.
    #[serde(default)]
    pub(crate) edited_at: Option<i64>,
    pub(crate) text: String,
}

/// A text of the user's, in one message or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WrittenText {
    pub(crate) parts: Vec<TextPart>,
    /// The field or item that it was given to. `None` while the user is asked.
    pub(crate) at: Option<FieldPath>,
    /// The field has refused it.
    pub(crate) is_refused: bool,
}

impl WrittenText {
    pub(crate) fn new(part: TextPart) -> Self {
        Self { parts: vec![part], at: None, is_refused: false }
    }

    /// The text as it was before a client cut it.
    pub(crate) fn text(&self) -> String {
        let mut parts = self.parts.iter().map(|part| part.text.as_str());
        let mut whole = parts.next().unwrap_or_default().to_owned();
        let mut last = whole.clone();
        for part in parts {
            whole.push_str(seam(&last, part));
            whole.push_str(part);
            part.clone_into(&mut last);
        }
        whole
    }

    /// Whether a message goes on with this text.
    pub(crate) fn is_continued_by(&self, next: &TextPart) -> bool {
        let Some(last) = self.parts.last() else { return false };
        let (cut, rest) = (units(&last.text), units(&next.text));
        let pause = next.sent_at - last.sent_at;
        next.message > last.message
            && (0..=MAX_PAUSE).contains(&pause)
            && cut > EARLIEST_CUT
            && cut + rest > LIMIT - MAX_CUT
    }

    /// Where the text stands in the form. Items of a list move when one before them is removed.
    pub(crate) fn find_in(&self, form: &Form, spec: &'static ModelSpec) -> Option<FieldPath> {
        let at = self.at.as_ref()?;
        let target = at.target(spec)?;
        let is_value = |value: &Value| *value == answer::read(target.kind, &self.text());
        if at.get(spec, &form.answers).is_some_and(is_value) {
            return Some(at.clone());
        }
        target.item?;
        let list = at.parent();
        let items = list.get(spec, &form.answers)?.as_array()?;
        items.iter().position(is_value).map(|index| list.child(index))
    }
}

/// What a client has cut away between two parts. Clients prefer the end of a paragraph or a line to other white space, and
/// trim it: how the text breaks its lines elsewhere tells what was there.
fn seam(before: &str, after: &str) -> &'static str {
    let room = LIMIT.saturating_sub(units(before));
    let is_wide = after.chars().next().is_some_and(|first| first.len_utf16() > 1);
    if room == 0 || (room == 1 && is_wide) {
        // Full to the brim: it was cut inside a word.
        return "";
    }
    let last_break = before.trim_end().rfind('\n');
    let is_near = last_break.is_some_and(|at| units(&before[at..]) <= MAX_CUT);
    if room <= LONGEST_WORD && !is_near {
        return " ";
    }
    let is_paragraph = match last_break {
        Some(at) => before[..at].ends_with('\n'),
        None => match after.find('\n') {
            Some(at) => after[at + 1..].starts_with('\n'),
            None => return " ",
        },
    };
    if is_paragraph { "\n\n" } else { "\n" }
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

impl Form {
    /// The last text, with this message as its next part, if the message goes on with it; it is no longer remembered.
    pub(crate) fn take_continued(&mut self, part: &TextPart) -> Option<WrittenText> {
        self.written.last().filter(|last| last.is_continued_by(part))?;
        let mut written = self.written.pop()?;
        written.parts.push(part.clone());
        Some(written)
    }

    /// Takes the text out that has this message, if it is remembered.
    pub(crate) fn take_written(&mut self, message: i32) -> Option<WrittenText> {
        let has_it = |written: &WrittenText| written.parts.iter().any(|part| part.message == message);
        let index = self.written.iter().rposition(has_it)?;
        Some(self.written.remove(index))
    }

    /// Takes the text out whose place the user is asked for.
    pub(crate) fn take_unplaced(&mut self) -> Option<WrittenText> {
        let index = self.written.iter().rposition(|written| written.at.is_none())?;
        Some(self.written.remove(index))
    }

    /// Remembers a text, to know it when its message is edited or when another goes on with it.
    pub(crate) fn remember(&mut self, written: WrittenText) {
        self.written.push(written);
        // In the order of the messages, which an edit does not change.
        self.written.sort_by_key(|written| written.parts.last().map(|part| part.message));
        if self.written.len() > REMEMBERED {
            self.written.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(message: i32, sent_at: i64, text: impl Into<String>) -> TextPart {
        TextPart { message, sent_at, edited_at: None, text: text.into() }
    }

    fn joined(parts: &[&str]) -> String {
        let parts = parts.iter().enumerate().map(|(n, text)| part(n as i32, 0, *text)).collect();
        WrittenText { parts, at: None, is_refused: false }.text()
    }

    /// Sentences of seven words up to exactly this length.
    fn prose(length: usize) -> String {
        let mut text = "The red fox runs over the snow. ".repeat(length / 32 + 1);
        text.truncate(length);
        text
    }

    #[test]
    fn a_text_is_joined_as_it_was_before_a_client_cut_it() {
        // In the middle of a word that is longer than a message, or by a program that counts alone.
        let long = "x".repeat(5996);
        assert_eq!(joined(&[&long[..4096], &long[4096..]]), long);
        // A character of two units did not fit.
        let (head, tail) = ("x".repeat(4095), "🦊 and so on");
        assert_eq!(joined(&[&head, tail]), format!("{head}{tail}"));
        // At a space.
        let head = format!("{}fox", prose(4090));
        assert_eq!(joined(&[&head, "runs."]), format!("{head} runs."));
        assert_eq!(joined(&[&"x".repeat(4095), "runs."]), format!("{} runs.", "x".repeat(4095)));
        // At the end of a line or a paragraph, which clients prefer to a later space.
        let lines = format!("Scene one\n{}.", prose(3900));
        assert_eq!(joined(&[&lines, "Scene two"]), format!("{lines}\nScene two"));
        let verse = "The red fox runs\n".repeat(240);
        assert_eq!(joined(&[verse.trim(), "over the snow"]), format!("{verse}over the snow"));
        let paragraphs = format!("Scene one\n\n{}.", prose(2900));
        assert_eq!(joined(&[&paragraphs, "Scene two"]), format!("{paragraphs}\n\nScene two"));
        // Three parts.
        let whole = "y".repeat(4096 * 2 + 7);
        assert_eq!(joined(&[&whole[..4096], &whole[4096..8192], &whole[8192..]]), whole);
        assert_eq!(joined(&["one"]), "one");
    }

    #[test]
    fn only_a_long_text_is_continued_and_only_at_once() {
        let full = WrittenText::new(part(10, 100, prose(4096)));
        for (next, continues) in [
            (part(11, 100, "tail"), true),
            (part(13, 102, "tail"), true),
            (part(11, 103, "tail"), false),
            (part(11, 99, "tail"), false),
            (part(9, 100, "tail"), false),
        ] {
            assert_eq!(full.is_continued_by(&next), continues, "{next:?}");
        }
        // Cut at a paragraph in its second half: the rest would have fitted if it were short.
        let paragraph = WrittenText::new(part(10, 100, prose(2500)));
        assert!(paragraph.is_continued_by(&part(11, 100, prose(1700))));
        assert!(!paragraph.is_continued_by(&part(11, 100, prose(200))));
        // Two messages that a client would have sent as one.
        let short = WrittenText::new(part(10, 100, prose(2000)));
        assert!(!short.is_continued_by(&part(11, 100, prose(4096))));
        // A text of two parts goes on after its second.
        let parts = vec![part(10, 100, prose(4096)), part(11, 100, "tail")];
        let two = WrittenText { parts, at: None, is_refused: false };
        assert!(!two.is_continued_by(&part(12, 100, "more")));
    }
}
