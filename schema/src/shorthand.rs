//! Descriptors without limits, and short ways to write descriptors: the generator names only what differs.

use super::spec::{
    ChoiceSpec, DecimalSpec, FieldSpec, IntegerSpec, Kind, Literal, MediaSpec, NumberForm, OptionSpec, PriceRow,
    PriceSpec, TextSpec,
};
use crate::credits::Credits;
use crate::lang::Localized;

impl FieldSpec {
    /// An optional field without a name.
    pub const DEFAULT: Self = Self {
        name: "",
        aliases: &[],
        kind: Kind::Boolean,
        required: false,
        default: None,
        advanced: false,
        deprecated: false,
        label: Localized::new(["", ""]),
        line: 0,
    };
}

impl TextSpec {
    /// Any text.
    pub const DEFAULT: Self = Self { min: 0, max: None, max_cjk: None, format: None };
}

impl IntegerSpec {
    /// Any whole number.
    pub const DEFAULT: Self =
        Self { min: None, max: None, step: None, extra_values: &[], excluded: &[], form: NumberForm::Number };
}

impl DecimalSpec {
    /// Any number.
    pub const DEFAULT: Self = Self { min: None, max: None, above_min: false, step: None };
}

impl MediaSpec {
    /// Any file.
    pub const DEFAULT: Self = Self {
        of: &[],
        mime: &[],
        max_mb: None,
        seconds: None,
        ratio: None,
        side_px: None,
        short_side_px: None,
        long_side_px: None,
        total_px: None,
        fps: None,
        schemes: &[],
    };
}

impl PriceSpec {
    /// A price without rows, which fits nothing.
    pub const DEFAULT: Self = Self {
        as_of: "",
        unit: "",
        rows: &[],
        times: &[],
        extra: None,
        assume: &[],
        at_most: false,
        regular: &[],
        discount_until: None,
    };
}

impl PriceRow {
    /// A row that always fits, in thousandths of a credit.
    pub const fn always(milli: i64) -> Self {
        Self { when: &[], credits: Credits::from_milli(milli) }
    }
}

impl OptionSpec {
    /// A value that speaks for itself.
    pub const fn new(value: Literal) -> Self {
        Self { value, label: None, discontinued: false, aliases: &[] }
    }

    /// A text that speaks for itself.
    pub const fn text(value: &'static str) -> Self {
        Self::new(Literal::Text(value))
    }

    /// With words for people.
    pub const fn label(self, label: Localized) -> Self {
        Self { label: Some(label), ..self }
    }

    /// The vendor has announced to drop it.
    pub const fn discontinued(self) -> Self {
        Self { discontinued: true, ..self }
    }

    /// With values of older callers that count as this one.
    pub const fn aliases(self, aliases: &'static [Literal]) -> Self {
        Self { aliases, ..self }
    }
}

impl ChoiceSpec {
    /// A choice of these.
    pub const fn of(options: &'static [OptionSpec]) -> Self {
        Self { options, named: false }
    }

    /// With values that are also found by their names.
    pub const fn named(self) -> Self {
        Self { named: true, ..self }
    }
}
