//! What a result has besides files, and the models that go on with it.

use crate::lang::Localized;

/// What a result has besides files. Names are compared without regard to case and `_`: `voice_id` finds `voiceId`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResultSpec {
    /// Names of the member with the id that fields of other models take (a voice, a character); the first found counts.
    pub id: &'static [&'static str],
    /// Names of the member with the words for the person; the first found counts.
    pub text: &'static [&'static str],
}

impl ResultSpec {
    /// Files, and whatever text the result has.
    pub const DEFAULT: Self = Self { id: &[], text: &[] };
}

/// A model that goes on with a result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NextSpec {
    /// The model's id.
    pub model: &'static str,
    /// What the step is called, on a button.
    pub label: Localized,
    /// What is filled in for it.
    pub fill: &'static [Fill],
}

/// A field that is filled in for the next model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fill {
    /// The field's name, at the top of the input. In a list it becomes the only item.
    pub field: &'static str,
    /// The value.
    pub value: FillValue,
}

/// What a field is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FillValue {
    /// The id of the task.
    Task,
    /// The id in its result.
    Result,
    /// A value, as JSON text.
    Value(&'static str),
}
