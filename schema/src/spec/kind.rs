//! The kinds of fields and their limits.

use serde::{Deserialize, Serialize};

use super::FieldSpec;
use crate::lang::Localized;

/// The type of a field and its limits. Adding a kind is a compile error in every place that must handle it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Free text.
    Text(TextSpec),
    /// A whole number.
    Integer(IntegerSpec),
    /// A number with a fraction.
    Decimal(DecimalSpec),
    /// Yes or no.
    Boolean,
    /// One of a list.
    Choice(ChoiceSpec),
    /// A file, given as a URL.
    Media(MediaSpec),
    /// The id of an earlier task, or of what it made.
    Task(TaskRefSpec),
    /// Several of the same.
    List(ListSpec),
    /// A group of named fields.
    Object(&'static [FieldSpec]),
}

/// Limits of a text. Lengths are in Unicode characters, not bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextSpec {
    /// Fewest characters; 1 for a required text unless the registry says 0.
    pub min: u32,
    /// Most characters; `None` when the vendor names no limit.
    pub max: Option<u32>,
    /// Most characters when the text holds Chinese, Japanese or Korean.
    pub max_cjk: Option<u32>,
    /// A fixed form the text must have.
    pub format: Option<TextFormat>,
}

/// Fixed forms of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFormat {
    /// `Speaker 1`, `Speaker 2`, ...
    Speaker,
    /// `#1A2B3C`.
    HexColor,
    /// `12.50%`: one to three digits, a point, two digits, a percent sign.
    Percent,
    /// `1.5,12`: two numbers of seconds.
    SecondsRange,
}

/// How a number is written in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberForm {
    /// A JSON number, nothing else.
    Number,
    /// Sent as a number; the vendor also takes the same digits in a string.
    NumberOrString,
}

/// Limits of a whole number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IntegerSpec {
    /// Smallest value.
    pub min: Option<i64>,
    /// Largest value.
    pub max: Option<i64>,
    /// The value must be `min + n * step` (or `n * step` without a minimum).
    pub step: Option<i64>,
    /// Values allowed outside the range, e.g. `-1` for "the model decides".
    pub extra_values: &'static [i64],
    /// Values refused inside the range.
    pub excluded: &'static [i64],
    /// How it is written.
    pub form: NumberForm,
}

/// Limits of a number with a fraction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DecimalSpec {
    /// Smallest value.
    pub min: Option<f64>,
    /// Largest value.
    pub max: Option<f64>,
    /// `min` itself is refused.
    pub above_min: bool,
    /// The value must be a multiple of this.
    pub step: Option<f64>,
}

/// A list of values to pick from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChoiceSpec {
    /// The values, in the vendor's order; never empty, all of one type.
    pub options: &'static [OptionSpec],
    /// Whether callers may give the name of a value instead (see [`OptionSpec::names`]).
    pub named: bool,
}

/// One value of a choice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OptionSpec {
    /// As on the wire.
    pub value: Literal,
    /// What people see, when it is not the value itself.
    pub label: Option<Localized>,
    /// The vendor has announced to drop it.
    pub discontinued: bool,
    /// Values of older callers that count as this one: accepted with a warning, never sent.
    pub aliases: &'static [Literal],
}

/// A plain JSON value known at build time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Literal {
    /// A string.
    Text(&'static str),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Decimal(f64),
    /// A flag.
    Boolean(bool),
}

/// What a file is. Its JSON form is the word of [`MediaKind::as_str`]; the bot stores it in drafts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the words say it")]
pub enum MediaKind {
    Image,
    Video,
    Audio,
    Document,
}

/// A range with open ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Lower end, included.
    pub min: Option<f64>,
    /// Upper end, included.
    pub max: Option<f64>,
}

/// Limits of a file. What is empty or `None` is not known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MediaSpec {
    /// What the file may be; never empty.
    pub of: &'static [MediaKind],
    /// MIME types taken.
    pub mime: &'static [&'static str],
    /// Largest size in megabytes (10^6 bytes).
    pub max_mb: Option<f64>,
    /// Length in seconds.
    pub seconds: Option<Range>,
    /// Width divided by height.
    pub ratio: Option<Range>,
    /// Each side in pixels.
    pub side_px: Option<Range>,
    /// The shorter side in pixels.
    pub short_side_px: Option<Range>,
    /// The longer side in pixels.
    pub long_side_px: Option<Range>,
    /// Width times height.
    pub total_px: Option<Range>,
    /// Frames a second. Shown to people only: they are not measured, so no file is refused for them.
    pub fps: Option<Range>,
    /// URL schemes taken besides http and https, e.g. `asset`.
    pub schemes: &'static [&'static str],
}

/// A reference to an earlier task.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TaskRefSpec {
    /// Ids of the models whose tasks fit; empty means any.
    pub models: &'static [&'static str],
    /// Which id is meant: of the task itself, or [the one in its result](super::ResultSpec::id).
    pub of_result: bool,
}

/// Limits of a list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ListSpec {
    /// What each item is.
    pub item: &'static Kind,
    /// Fewest items.
    pub min: u32,
    /// Most items.
    pub max: Option<u32>,
    /// Length of all items together in seconds (media only).
    pub total_seconds: Option<f64>,
}
