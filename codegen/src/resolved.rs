//! The checked registry: what emitters may rely on. Every name is resolved, every set expanded, every value checked; the
//! shape follows the written descriptors in the main package (`schema::spec`), with owned values.
#![allow(missing_docs, reason = "fields and variants mean what `schema::spec` says of them")]

use serde_json::Value;

/// The whole registry, ready to be written out.
#[derive(Debug, Clone, PartialEq)]
pub struct Registry {
    /// Task types, in the author's order.
    pub tasks: Vec<Task>,
    /// Models, in the author's order.
    pub models: Vec<Model>,
}

/// A short text in every language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub en: String,
    pub ru: String,
}

/// A task type.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    pub id: String,
    pub title: Words,
    pub icon: String,
    pub usual_s: u32,
    pub deadline_s: u32,
    pub follows: Option<Follow>,
}

/// Results that a task type takes up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follow {
    pub takes: MediaKind,
    pub label: Words,
}

/// What a finished task returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    Image,
    Video,
    Audio,
    Text,
    Mixed,
}

/// Whether a model can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Live,
    Retired,
    Removed,
    Suspect,
}

/// One model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    pub id: String,
    /// Rust name of the input struct and of the enum variant, unique in the registry.
    pub type_name: String,
    /// Rust name of the module, unique in the registry.
    pub module_name: String,
    pub aliases: Vec<Alias>,
    pub title: Words,
    pub about: Words,
    pub provider: String,
    /// Indices into [`Registry::tasks`], the main type first.
    pub tasks: Vec<usize>,
    pub output: Output,
    pub status: Status,
    pub nearest: Option<String>,
    pub fields: Vec<Field>,
    /// Fields of older callers: accepted, not sent.
    pub drops: Vec<String>,
    pub rules: Vec<Rule>,
    pub price: Option<Price>,
    /// The example input, as the vendor gets it.
    pub example: Value,
    pub line: u32,
}

/// Another name of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Alias {
    pub name: String,
    /// Names of fields, and the value of each.
    pub implied: Vec<(String, Value)>,
}

/// One field.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub name: String,
    /// Rust name of the struct field, unique in its struct, raw (`r#type`) where it is a keyword.
    pub rust_name: String,
    /// Rust name of the type made for this field (a choice or an object, and the alias of a bounded type); unique in the model.
    pub type_name: String,
    pub aliases: Vec<String>,
    pub kind: Kind,
    pub required: bool,
    pub default: Option<Value>,
    pub advanced: bool,
    pub deprecated: bool,
    pub label: Words,
    pub line: u32,
}

/// The type of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Text {
        min: u32,
        max: Option<u32>,
        max_cjk: Option<u32>,
        format: Option<TextFormat>,
    },
    Integer {
        min: Option<i64>,
        max: Option<i64>,
        step: Option<i64>,
        also: Vec<i64>,
        except: Vec<i64>,
        number_or_string: bool,
    },
    Decimal {
        min: Option<f64>,
        max: Option<f64>,
        above_min: bool,
        step: Option<f64>,
    },
    Boolean,
    Choice {
        options: Vec<Choice>,
    },
    Media(Box<Media>),
    Task {
        models: Vec<String>,
    },
    List {
        item: Box<Kind>,
        min: u32,
        max: Option<u32>,
        total_seconds: Option<f64>,
    },
    Object {
        fields: Vec<Field>,
    },
}

/// Fixed forms of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFormat {
    Speaker,
    HexColor,
    Percent,
    SecondsRange,
}

impl TextFormat {
    /// An example of the form.
    #[must_use]
    pub const fn example(self) -> &'static str {
        match self {
            Self::Speaker => "Speaker 1",
            Self::HexColor => "#1A2B3C",
            Self::Percent => "12.50%",
            Self::SecondsRange => "1.5,12",
        }
    }
}

/// One value of a choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    pub value: Literal,
    /// Rust name of the variant, unique in its enum.
    pub variant: String,
    pub label: Option<Words>,
    pub discontinued: bool,
    pub aliases: Vec<Literal>,
}

/// A plain JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Text(String),
    Integer(i64),
    Decimal(f64),
    Boolean(bool),
}

impl Literal {
    /// As a person reads it, without quotes.
    #[must_use]
    pub fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Integer(number) => number.to_string(),
            Self::Decimal(number) => number.to_string(),
            Self::Boolean(flag) => flag.to_string(),
        }
    }
}

/// Limits of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Media {
    pub of: Vec<MediaKind>,
    pub mime: Vec<String>,
    pub max_mb: Option<f64>,
    pub seconds: Option<Range>,
    pub ratio: Option<Range>,
    pub side_px: Option<Range>,
    pub short_side_px: Option<Range>,
    pub long_side_px: Option<Range>,
    pub total_px: Option<Range>,
    pub fps: Option<Range>,
    pub schemes: Vec<String>,
}

/// Kind of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaKind {
    Image,
    Video,
    Audio,
    Document,
}

/// A range with open ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    pub min: Option<f64>,
    pub max: Option<f64>,
}

/// A rule across fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    pub when: Vec<Condition>,
    pub then: Requirement,
    pub advisory: bool,
    pub line: u32,
}

/// What a rule looks at.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    Is(String, Vec<Literal>),
    IsNot(String, Vec<Literal>),
    Present(String),
    Absent(String),
    Items(String, u32),
}

/// What a rule requires.
#[derive(Debug, Clone, PartialEq)]
pub enum Requirement {
    Require(Vec<String>),
    Groups { of: Vec<Vec<String>>, min: u32, max: Option<u32> },
    Forbid(Vec<String>),
    Ignored(Vec<String>),
    Allow(String, Vec<Literal>),
    Refuse(String, Vec<Literal>),
    Length(String, Range),
    Within(String, Range),
    Count(String, Range),
    Seconds(String, Range),
    Sum { of: Vec<Term>, max: SumLimit, exact: bool },
    Difference { greater: String, smaller: String, range: Range },
    SameCount(Vec<String>),
    SameSize(Vec<String>),
    Unique(String),
    Refers(String, String),
    ImagesOrVideos { of: String, images: Range, videos: Range },
}

/// The limit of a sum.
#[derive(Debug, Clone, PartialEq)]
pub enum SumLimit {
    Number(f64),
    Field(String),
}

/// One term of a sum.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    pub field: String,
    pub count: Count,
    pub weight: f64,
}

/// What of a field is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    Value,
    Items,
    Presence,
    Seconds,
    Characters,
    Megabytes,
}

/// What a run costs. Amounts are thousandths of a credit.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    pub as_of: String,
    pub unit: String,
    pub rows: Vec<PriceRow>,
    pub times: Vec<Factor>,
    pub extra: Option<ExtraPrice>,
    pub assume: Vec<(String, Literal)>,
    pub at_most: bool,
    pub regular: Vec<PriceRow>,
    pub discount_until: Option<String>,
}

/// One row of a price table.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceRow {
    pub when: Vec<Condition>,
    pub millicredits: i64,
}

/// What a price is multiplied by.
#[derive(Debug, Clone, PartialEq)]
pub enum Factor {
    Value {
        field: String,
        or: Option<f64>,
        or_when: Vec<(Condition, f64)>,
        zero_means: Option<String>,
        plus_seconds_of: Option<String>,
    },
    Seconds {
        of: String,
        by: f64,
        at_most: Option<f64>,
    },
    Minutes(String),
    Megapixels(String),
    Ratio(String, String),
    Characters {
        of: String,
        step: u32,
    },
}

/// A price per item beyond the free ones.
#[derive(Debug, Clone, PartialEq)]
pub struct ExtraPrice {
    pub of: String,
    pub free: u32,
    pub millicredits: i64,
}
