//! Rules across fields: what they look at and what they require.

use super::{Literal, Range};

/// A rule across fields. A rule says nothing unless every condition of `when` holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RuleSpec {
    /// All must hold; empty means always.
    pub when: &'static [Condition],
    /// What must then be so.
    pub then: Requirement,
    /// The rule is advice: it warns and never refuses.
    pub advisory: bool,
    /// Line in `models/kie_models.yaml`.
    pub line: u32,
}

/// Path of a field as the registry writes it: `duration`, or `shots[].duration` for a field of every item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path {
    text: &'static str,
    root: u16,
    is_plain: bool,
}

impl Path {
    /// A path whose first field has this position among the model's fields, as the generator counts it.
    pub const fn at(root: u16, text: &'static str) -> Self {
        let mut is_plain = true;
        let mut index = 0;
        while index < text.len() {
            is_plain &= !matches!(text.as_bytes()[index], b'.' | b'[');
            index += 1;
        }
        Self { text, root, is_plain }
    }

    /// A path among these fields, for tests that write descriptors by hand.
    #[cfg(test)]
    pub const fn among(fields: &[super::FieldSpec], text: &'static str) -> Self {
        let mut root = 0;
        while !begins_with(text, fields[root as usize].name) {
            root += 1;
        }
        Self::at(root, text)
    }

    /// The path as the registry writes it.
    pub const fn as_str(self) -> &'static str {
        self.text
    }

    /// Position of the first field among the model's fields.
    pub const fn root(self) -> usize {
        self.root as usize
    }

    /// Whether it names a field of the input itself, and no part of one.
    pub const fn is_plain(self) -> bool {
        self.is_plain
    }
}

#[cfg(test)]
const fn begins_with(path: &str, name: &str) -> bool {
    let (path, name) = (path.as_bytes(), name.as_bytes());
    let mut index = 0;
    while index < name.len() {
        if index == path.len() || path[index] != name[index] {
            return false;
        }
        index += 1;
    }
    index == path.len() || matches!(path[index], b'.' | b'[')
}

impl std::ops::Deref for Path {
    type Target = str;
    fn deref(&self) -> &str {
        self.text
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.text)
    }
}

/// What a rule looks at. A field that was not given counts with its default, if it has one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Condition {
    /// The field has one of these values.
    Is(Path, &'static [Literal]),
    /// The field has none of these values (or is absent).
    IsNot(Path, &'static [Literal]),
    /// Given, and neither empty text nor an empty list.
    Present(Path),
    /// Not given, or empty.
    Absent(Path),
    /// The list has exactly this number of items.
    Items(Path, u32),
}

/// What a rule requires.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Requirement {
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
    /// The number of items of the list, when it is present.
    Count(Path, Range),
    /// The length of the file in seconds, when it is known.
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
    /// Each list holds a number of pictures or a number of clips, never both.
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
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SumLimit {
    /// A number.
    Number(f64),
    /// The value of another field.
    Field(Path),
}

/// One term of a sum.
#[derive(Debug, Clone, Copy, PartialEq)]
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

impl Count {
    /// A stable word for JSON and messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Items => "items",
            Self::Presence => "presence",
            Self::Seconds => "seconds",
            Self::Characters => "characters",
            Self::Megabytes => "megabytes",
        }
    }
}
