//! The static descriptors: what the registry says of a model, for code that treats all models alike.
//!
//! Every value here is written by the generator from `models/kie_models.yaml`; nothing is built at run time. Chat forms,
//! command-line flags, price tables and sanity runs read these; the typed inputs in [`crate::models`] carry the same
//! limits in their field types.

use crate::ledger::Credits;

/// A short text for people in every language of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// English.
    pub en: &'static str,
    /// Russian.
    pub ru: &'static str,
}

/// What a model does, e.g. `text_to_image`: one entry of the registry's `types`.
#[derive(Debug, PartialEq)]
pub struct TaskSpec {
    /// The registry's word, stable: used in filters, JSON and callback data.
    pub id: &'static str,
    /// Menu title.
    pub title: Words,
    /// One emoji for menus.
    pub icon: &'static str,
    /// How long a task of this type usually takes, in seconds; progress texts show it.
    pub usual_s: u32,
    /// How long to wait before a task counts as "still running", in seconds.
    pub deadline_s: u32,
}

/// What a finished task returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the words are the registry's own")]
pub enum Output {
    Image,
    Video,
    Audio,
    Text,
    /// Several kinds of files in one result.
    Mixed,
}

/// Whether a model can be used today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Offered.
    Live,
    /// The vendor retired it.
    Retired,
    /// The vendor removed it without a word.
    Removed,
    /// Reported dead, page withdrawn.
    Suspect,
}

/// One model of the registry.
#[derive(Debug)]
pub struct ModelSpec {
    /// The vendor's id, exactly as it goes on the wire; at most 48 bytes.
    pub id: &'static str,
    /// Other names that find this model.
    pub aliases: &'static [&'static str],
    /// The name people see.
    pub title: Words,
    /// One sentence: what it does.
    pub about: Words,
    /// Who made the model.
    pub provider: &'static str,
    /// What it does, the main type first; never empty.
    pub tasks: &'static [&'static TaskSpec],
    /// What comes back.
    pub output: Output,
    /// Whether it can be used.
    pub status: Status,
    /// For a model that is not live: the id of the nearest live one.
    pub nearest: Option<&'static str>,
    /// The input, in the order a person is asked.
    pub fields: &'static [FieldSpec],
    /// Rules across fields.
    pub rules: &'static [RuleSpec],
    /// What a run costs; `None` means that the vendor's price is not known.
    pub price: Option<&'static PriceSpec>,
    /// A valid input as JSON text; the build proves that it is valid.
    pub example: &'static str,
    /// Line of the entry in `models/kie_models.yaml`.
    pub line: u32,
}

/// One field of a model's input.
#[derive(Debug)]
pub struct FieldSpec {
    /// The vendor's name, as on the wire.
    pub name: &'static str,
    /// Other names accepted from callers (never sent).
    pub aliases: &'static [&'static str],
    /// Its type and limits.
    pub kind: Kind,
    /// Must be on the wire. A required field with a default need not be given by a person.
    pub required: bool,
    /// The value used when nothing is given, as JSON text. Sent only when the field is required.
    pub default: Option<&'static str>,
    /// An ordinary user never sets it: forms fold it away.
    pub advanced: bool,
    /// The vendor has announced to drop it.
    pub deprecated: bool,
    /// What a person types or picks there.
    pub label: Words,
    /// Line in `models/kie_models.yaml`.
    pub line: u32,
}

/// The type of a field and its limits. Adding a kind is a compile error in every place that must handle it.
#[derive(Debug)]
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
    /// The id of an earlier task.
    Task(TaskRefSpec),
    /// Several of the same.
    List(ListSpec),
    /// A group of named fields.
    Object(&'static [FieldSpec]),
}

/// Limits of a text. Lengths are in Unicode characters, not bytes.
#[derive(Debug, PartialEq)]
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
#[derive(Debug, PartialEq)]
pub struct IntegerSpec {
    /// Smallest value.
    pub min: Option<i64>,
    /// Largest value.
    pub max: Option<i64>,
    /// The value must be `min + n * step` (or `n * step` without a minimum).
    pub step: Option<i64>,
    /// Values allowed outside the range, e.g. `-1` for "the model decides".
    pub also: &'static [i64],
    /// Values refused inside the range.
    pub except: &'static [i64],
    /// How it is written.
    pub form: NumberForm,
}

/// Limits of a number with a fraction.
#[derive(Debug, PartialEq)]
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
#[derive(Debug, PartialEq)]
pub struct ChoiceSpec {
    /// The values, in the vendor's order; never empty, all of one type.
    pub options: &'static [OptionSpec],
}

/// One value of a choice.
#[derive(Debug, PartialEq)]
pub struct OptionSpec {
    /// As on the wire.
    pub value: Literal,
    /// What people see, when it is not the value itself.
    pub label: Option<Words>,
    /// The vendor has announced to drop it.
    pub discontinued: bool,
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

/// What sort of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
#[derive(Debug, PartialEq)]
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
    /// Frames a second.
    pub fps: Option<Range>,
    /// URL schemes taken besides http and https, e.g. `asset`.
    pub schemes: &'static [&'static str],
}

/// A reference to an earlier task.
#[derive(Debug, PartialEq)]
pub struct TaskRefSpec {
    /// Ids of the models whose tasks fit; empty means any.
    pub models: &'static [&'static str],
}

/// Limits of a list.
#[derive(Debug)]
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

/// A rule across fields. A rule says nothing unless every condition of `when` holds.
#[derive(Debug)]
pub struct RuleSpec {
    /// All must hold; empty means always.
    pub when: &'static [Condition],
    /// What must then be so.
    pub then: Demand,
    /// The rule is advice: it warns and never refuses.
    pub advisory: bool,
    /// Line in `models/kie_models.yaml`.
    pub line: u32,
}

/// Path of a field as the registry writes it: `duration`, or `shots[].duration` for a field of every item.
pub type Path = &'static str;

/// What a rule looks at. A field that was not given counts with its default, if it has one.
#[derive(Debug)]
pub enum Condition {
    /// The field has one of these values.
    Is(Path, &'static [Literal]),
    /// The field has none of these values (or is absent).
    IsNot(Path, &'static [Literal]),
    /// Given, and neither empty text nor an empty list.
    Present(Path),
    /// Not given, or empty.
    Absent(Path),
    /// The list has exactly so many items.
    Items(Path, u32),
}

/// What a rule demands.
#[derive(Debug)]
pub enum Demand {
    /// All these fields must be present.
    Require(&'static [Path]),
    /// At least `min` and at most `max` of these groups may be present; a group is present when one of its fields is.
    Groups {
        /// The groups.
        of: &'static [&'static [Path]],
        /// Fewest groups.
        min: u32,
        /// Most groups.
        max: Option<u32>,
    },
    /// None of these fields may be present.
    Forbid(&'static [Path]),
    /// These fields have no effect (always advisory).
    Ignored(&'static [Path]),
    /// The field, when present, must have one of these values.
    Allow(Path, &'static [Literal]),
    /// The field must not have one of these values.
    Refuse(Path, &'static [Literal]),
    /// The text, when present, has a length within these characters.
    Length(Path, Range),
    /// The number, when present, lies within.
    Within(Path, Range),
    /// The list, when present, has so many items.
    Count(Path, Range),
    /// The file, when its length is known, lasts so many seconds.
    Seconds(Path, Range),
    /// The terms add up to at most `max` (or to exactly, with `exact`).
    Sum {
        /// What is added.
        of: &'static [Term],
        /// The limit.
        max: SumLimit,
        /// The sum must equal the limit.
        exact: bool,
    },
    /// `greater - smaller` lies within the range; both must be present.
    Difference {
        /// The larger.
        greater: Path,
        /// The smaller.
        smaller: Path,
        /// Allowed difference; without a minimum it must still be above 0.
        range: Range,
    },
    /// The lists have the same number of items.
    SameCount(&'static [Path]),
    /// The pictures have the same width and height, where known.
    SameSize(&'static [Path]),
    /// No two items have the same value.
    Unique(Path),
    /// Each value of the first also occurs in the second, e.g. a speaker that must be declared.
    Refers(Path, Path),
    /// Each list holds either so many pictures or so many clips, never both.
    ImagesOrVideos {
        /// The list.
        of: Path,
        /// Number of pictures.
        images: Range,
        /// Number of clips.
        videos: Range,
    },
}

/// The limit of a sum.
#[derive(Debug)]
pub enum SumLimit {
    /// A number.
    Number(f64),
    /// The value of another field.
    Field(Path),
}

/// One term of a sum.
#[derive(Debug)]
pub struct Term {
    /// The field.
    pub field: Path,
    /// What of it is counted.
    pub count: Count,
    /// Multiplied by this.
    pub weight: f64,
}

/// What of a field is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Its number, or the numbers of all items.
    Value,
    /// The number of items.
    Items,
    /// 1 when present.
    Presence,
    /// Seconds of its files, where known.
    Seconds,
    /// Characters.
    Characters,
    /// Megabytes of its files, where known.
    Megabytes,
}

/// What a run costs.
#[derive(Debug)]
pub struct PriceSpec {
    /// The day the price was read, `YYYY-MM-DD`.
    pub as_of: &'static str,
    /// What one unit is, e.g. `image`, `second`, `1000_chars`: for people.
    pub unit: &'static str,
    /// First row that fits wins; values are compared as text.
    pub rows: &'static [PriceRow],
    /// Multiplied by this; empty means 1.
    pub times: &'static [Factor],
    /// Added on top, per item beyond the free ones.
    pub extra: Option<ExtraPrice>,
    /// Values assumed for absent fields that have no default.
    pub assume: &'static [(Path, Literal)],
    /// The price is a ceiling: the vendor may charge less.
    pub at_most: bool,
    /// Rows after a discount ends; spending is guarded with these.
    pub regular: &'static [PriceRow],
    /// Last day of the discount, `YYYY-MM-DD`.
    pub discount_until: Option<&'static str>,
}

/// One row of a price table.
#[derive(Debug)]
pub struct PriceRow {
    /// All must hold; empty always does.
    pub when: &'static [Condition],
    /// Price of one unit.
    pub credits: Credits,
}

/// What a price is multiplied by.
#[derive(Debug)]
pub enum Factor {
    /// The number in a field (seconds, pictures); `or` when it is absent.
    Value {
        /// The field.
        field: Path,
        /// Used when the field is absent.
        or: Option<f64>,
        /// Other defaults under a condition, first match wins.
        or_when: &'static [(Condition, f64)],
        /// 0 means the length of this file.
        zero_means: Option<Path>,
        /// Seconds of these files are added.
        plus_seconds_of: Option<Path>,
    },
    /// Length of a file in seconds.
    Seconds {
        /// The file.
        of: Path,
        /// Multiplied by this (2 when input and output are both billed).
        by: f64,
        /// No more than this is billed.
        at_most: Option<f64>,
    },
    /// Length of a file in minutes.
    Minutes(Path),
    /// Size of a picture in megapixels.
    Megapixels(Path),
    /// One field divided by another (frames by frames a second).
    Ratio(Path, Path),
    /// Thousands of characters, rounded up to `step` characters.
    Characters {
        /// The text, or every text of a list.
        of: Path,
        /// Rounded up to this many.
        step: u32,
    },
}

/// A price per item of a list beyond the free ones.
#[derive(Debug)]
pub struct ExtraPrice {
    /// The list (or single file).
    pub of: Path,
    /// So many are free.
    pub free: u32,
    /// Price of each further one.
    pub credits: Credits,
}
