//! What is wrong with an input: numbers and names, no prose. Sentences are made at the edges, in each language.

use std::borrow::Cow;

use serde::Serialize;

/// Everything that was found in one pass over an input.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Report {
    /// Why the input is refused; never empty in an `Err`.
    pub violations: Vec<Violation>,
    /// Advice: the vendor takes the input, but something in it has no effect or may fail.
    pub warnings: Vec<Violation>,
}

impl Report {
    /// Whether nothing refuses the input.
    pub fn is_valid(&self) -> bool {
        self.violations.is_empty()
    }
}

/// One thing that is wrong, or advised against.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Violation {
    /// Path of the field in the vendor's names: `prompt`, `shots[2].duration`; empty for the input as a whole.
    pub field: Cow<'static, str>,
    /// What is wrong, with its limits.
    #[serde(flatten)]
    pub kind: ViolationKind,
    /// What was given, shortened; absent when nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given: Option<String>,
}

/// What is wrong. Serialises as `{"code": "...", ...limits}`; codes are stable.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ViolationKind {
    /// A required field is missing or empty.
    Required,
    /// No such field.
    UnknownField {
        /// The nearest name that exists.
        #[serde(skip_serializing_if = "Option::is_none")]
        nearest: Option<String>,
    },
    /// The same field was given twice, by its name and by an alias.
    GivenTwice {
        /// The other name.
        other: String,
    },
    /// The JSON value has another type.
    WrongType {
        /// What is needed: `string`, `integer`, `number`, `boolean`, `array`, `object`.
        needed: &'static str,
    },
    /// Too few characters.
    TooShort {
        /// Fewest characters.
        min: u32,
        /// Characters given.
        length: u32,
    },
    /// Too many characters.
    TooLong {
        /// Most characters.
        max: u32,
        /// Characters given.
        length: u32,
    },
    /// The text has not the fixed form.
    WrongFormat {
        /// An example of the form.
        example: &'static str,
    },
    /// Outside the range. The ends are as a person writes them.
    OutOfRange {
        /// Lower end.
        #[serde(skip_serializing_if = "Option::is_none")]
        min: Option<f64>,
        /// Upper end.
        #[serde(skip_serializing_if = "Option::is_none")]
        max: Option<f64>,
    },
    /// Not a multiple of the step.
    OffStep {
        /// The step.
        step: f64,
    },
    /// Not one of the values.
    NotOffered {
        /// All values, as text.
        values: Vec<String>,
    },
    /// A value that this field refuses here.
    Refused {
        /// The refused values, as text.
        values: Vec<String>,
    },
    /// A value that the operator does not let people order.
    NotAllowed {
        /// The values that are left, as text; empty where they cannot be listed.
        values: Vec<String>,
    },
    /// Too few items.
    TooFew {
        /// Fewest.
        min: u32,
        /// Given.
        count: u32,
    },
    /// Too many items.
    TooMany {
        /// Most.
        max: u32,
        /// Given.
        count: u32,
    },
    /// Not a URL that the vendor can fetch.
    NotUrl {
        /// The schemes taken.
        schemes: Vec<String>,
    },
    /// A file of another type.
    WrongMedia {
        /// MIME types taken, or kinds where the vendor names no types.
        allowed: Vec<String>,
    },
    /// A file that is too big.
    TooBig {
        /// Most megabytes.
        max_mb: f64,
        /// Given.
        mb: f64,
    },
    /// A file that lasts too long or not long enough.
    Duration {
        /// Fewest seconds.
        #[serde(skip_serializing_if = "Option::is_none")]
        min: Option<f64>,
        /// Most seconds.
        #[serde(skip_serializing_if = "Option::is_none")]
        max: Option<f64>,
        /// Given.
        seconds: f64,
    },
    /// Width or height, or both, do not fit.
    Pixels {
        /// Which measure: `side`, `short_side`, `long_side`, `total`, `ratio`, `same_size`.
        measure: &'static str,
        /// Lower end.
        #[serde(skip_serializing_if = "Option::is_none")]
        min: Option<f64>,
        /// Upper end.
        #[serde(skip_serializing_if = "Option::is_none")]
        max: Option<f64>,
    },
    /// The field is needed because of others.
    NeededWith {
        /// The fields that require it.
        because: Vec<String>,
    },
    /// The field must be left out because of others.
    NotWith {
        /// The fields that forbid it.
        because: Vec<String>,
    },
    /// One of several fields is needed.
    OneOf {
        /// The fields or groups (`a + b`).
        fields: Vec<String>,
        /// Fewest.
        min: u32,
        /// Most.
        #[serde(skip_serializing_if = "Option::is_none")]
        max: Option<u32>,
    },
    /// A sum does not fit.
    Sum {
        /// The fields that are added.
        fields: Vec<String>,
        /// What is counted: `value`, `items`, `presence`, `seconds`, `characters`, `megabytes`.
        count: &'static str,
        /// The limit.
        max: f64,
        /// The sum must equal the limit.
        exact: bool,
        /// The sum.
        sum: f64,
    },
    /// Two numbers are in the wrong order or too near or far from each other.
    Difference {
        /// The field that must be smaller.
        smaller: String,
        /// Smallest difference.
        #[serde(skip_serializing_if = "Option::is_none")]
        min: Option<f64>,
        /// Largest difference.
        #[serde(skip_serializing_if = "Option::is_none")]
        max: Option<f64>,
    },
    /// Two lists must have the same number of items.
    SameCount {
        /// The other list.
        other: String,
    },
    /// The same value twice.
    Repeated,
    /// The value does not occur where it must.
    Unmatched {
        /// Where it must occur.
        target: String,
    },
    /// The field has no effect here (always a warning).
    NoEffect {
        /// The fields that switch it off.
        because: Vec<String>,
    },
    /// A field of older callers, which the vendor never had or has no more: it is left out (always a warning).
    NotSent,
    /// It was left empty, which counts as not given (always a warning).
    NotGiven {
        /// What counts in its place, as text.
        #[serde(skip_serializing_if = "Option::is_none")]
        default: Option<String>,
    },
    /// A value of older callers that the vendor does not offer: another is sent for it.
    TakenAs {
        /// What is sent.
        value: String,
    },
    /// The vendor will soon stop taking the field or value (always a warning).
    Discontinued,
    /// The input as a whole is not a JSON object.
    NotAnObject,
}

impl ViolationKind {
    /// The stable code, as in JSON: `too_long`, `not_offered`, ...
    pub fn code(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::UnknownField { .. } => "unknown_field",
            Self::GivenTwice { .. } => "given_twice",
            Self::WrongType { .. } => "wrong_type",
            Self::TooShort { .. } => "too_short",
            Self::TooLong { .. } => "too_long",
            Self::WrongFormat { .. } => "wrong_format",
            Self::OutOfRange { .. } => "out_of_range",
            Self::OffStep { .. } => "off_step",
            Self::NotOffered { .. } => "not_offered",
            Self::Refused { .. } => "refused",
            Self::NotAllowed { .. } => "not_allowed",
            Self::TooFew { .. } => "too_few",
            Self::TooMany { .. } => "too_many",
            Self::NotUrl { .. } => "not_url",
            Self::WrongMedia { .. } => "wrong_media",
            Self::TooBig { .. } => "too_big",
            Self::Duration { .. } => "duration",
            Self::Pixels { .. } => "pixels",
            Self::NeededWith { .. } => "needed_with",
            Self::NotWith { .. } => "not_with",
            Self::OneOf { .. } => "one_of",
            Self::Sum { .. } => "sum",
            Self::Difference { .. } => "difference",
            Self::SameCount { .. } => "same_count",
            Self::Repeated => "repeated",
            Self::Unmatched { .. } => "unmatched",
            Self::NoEffect { .. } => "no_effect",
            Self::NotSent => "not_sent",
            Self::NotGiven { .. } => "not_given",
            Self::TakenAs { .. } => "taken_as",
            Self::Discontinued => "discontinued",
            Self::NotAnObject => "not_an_object",
        }
    }
}

/// The code and its limits, for logs and developers: `too_long (max 3000, length 3001)`.
impl std::fmt::Display for ViolationKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())?;
        let Ok(serde_json::Value::Object(limits)) = serde_json::to_value(self) else { return Ok(()) };
        let parts: Vec<String> =
            limits.iter().filter(|(name, _)| *name != "code").map(|(name, value)| format!("{name} {value}")).collect();
        if parts.is_empty() { Ok(()) } else { write!(f, " ({})", parts.join(", ")) }
    }
}

impl std::error::Error for ViolationKind {}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.field.is_empty() { write!(f, "{}", self.kind) } else { write!(f, "{}: {}", self.field, self.kind) }
    }
}

/// Every violation, separated by semicolons; sentences for people are made at the edges.
impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts: Vec<String> = self.violations.iter().map(Violation::to_string).collect();
        f.write_str(&parts.join("; "))
    }
}

impl std::error::Error for Report {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_reads_as_its_code_and_limits() {
        let violation = ViolationKind::TooLong { max: 3000, length: 3001 };
        assert_eq!(violation.to_string(), "too_long (max 3000, length 3001)");
        let json = serde_json::to_value(Violation { field: "prompt".into(), kind: violation, given: None }).unwrap();
        assert_eq!(json, serde_json::json!({"field": "prompt", "code": "too_long", "max": 3000, "length": 3001}));
        assert_eq!(ViolationKind::Repeated.to_string(), "repeated");
    }
}
