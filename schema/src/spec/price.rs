//! Prices: rows, and what they are multiplied by.

use super::{Condition, Literal, Path};
use crate::credits::Credits;

/// What a run costs.
#[derive(Debug, Clone, Copy, PartialEq)]
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
    /// Rows without the discount; spending is guarded with these.
    pub regular: &'static [PriceRow],
    /// Last day of the discount, `YYYY-MM-DD`; `None` beside `regular` when the vendor names none: it may end any day.
    pub discount_until: Option<&'static str>,
}

/// One row of a price table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PriceRow {
    /// All must hold; empty always does.
    pub when: &'static [Condition],
    /// Price of one unit.
    pub credits: Credits,
}

/// What a price is multiplied by.
#[derive(Debug, Clone, Copy, PartialEq)]
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
    /// Files that come back. The model decides how many, so the price is a ceiling.
    Outputs {
        /// The most that come back.
        most: u32,
        /// Other largest counts under a condition, first match wins.
        most_when: &'static [(Condition, f64)],
    },
    /// Millions of tokens, estimated from the characters of texts: a ceiling.
    Tokens {
        /// The texts, or every text of a list.
        of: &'static [Path],
        /// Tokens a character.
        by: f64,
        /// Tokens a character of Chinese, Japanese or Korean.
        by_cjk: f64,
        /// Tokens that do not depend on the texts.
        plus: u32,
    },
}

impl Factor {
    /// The values that it is made of.
    fn paths(&self) -> impl Iterator<Item = Path> {
        let (single, several): ([Option<Path>; 3], &[Path]) = match self {
            Self::Value { field, zero_means, plus_seconds_of, .. } => {
                ([Some(*field), *zero_means, *plus_seconds_of], &[])
            }
            Self::Ratio(above, below) => ([Some(*above), Some(*below), None], &[]),
            Self::Seconds { of, .. } | Self::Characters { of, .. } => ([Some(*of), None, None], &[]),
            Self::Minutes(of) | Self::Megapixels(of) => ([Some(*of), None, None], &[]),
            Self::Outputs { .. } => ([None; 3], &[]),
            Self::Tokens { of, .. } => ([None; 3], of),
        };
        single.into_iter().flatten().chain(several.iter().copied())
    }

    /// The counts that hold under a condition only.
    fn special(&self) -> &'static [(Condition, f64)] {
        match self {
            Self::Value { or_when, .. } => or_when,
            Self::Outputs { most_when, .. } => most_when,
            _ => &[],
        }
    }
}

/// A price on top of that of the rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ExtraPrice {
    /// For each item of a list beyond the free ones.
    Items {
        /// The list (or single file).
        of: Path,
        /// So many are free.
        free: u32,
        /// Price of each further one.
        credits: Credits,
    },
    /// For units of its own, such as the tokens that go in beside those that come out.
    Units {
        /// How many units; never empty.
        times: &'static [Factor],
        /// Price of one unit.
        credits: Credits,
    },
}

impl ExtraPrice {
    /// Price of one item or unit.
    pub fn credits(&self) -> Credits {
        match self {
            Self::Items { credits, .. } | Self::Units { credits, .. } => *credits,
        }
    }

    /// What its units are multiplied by; empty for items.
    fn times(&self) -> &'static [Factor] {
        match self {
            Self::Items { .. } => &[],
            Self::Units { times, .. } => times,
        }
    }
}

impl PriceSpec {
    /// Whether there was a discount and its last day is before this day, `YYYY-MM-DD`.
    pub fn discount_has_ended(&self, day: &str) -> bool {
        self.discount_until.is_some_and(|last| last < day)
    }

    /// The lowest and the highest price of one unit.
    pub fn range(&self) -> (Credits, Credits) {
        let prices = || self.rows.iter().map(|row| row.credits);
        (prices().min().unwrap_or_default(), prices().max().unwrap_or_default())
    }

    /// Everything that is asked of an input on the way to its price.
    pub fn conditions(&self) -> impl Iterator<Item = &'static Condition> {
        let rows = self.rows.iter().chain(self.regular).flat_map(|row| row.when);
        let special = self.factors().flat_map(Factor::special);
        rows.chain(special.map(|(condition, _)| condition))
    }

    /// What its units, and those on top, are multiplied by.
    pub fn factors(&self) -> impl Iterator<Item = &'static Factor> {
        self.times.iter().chain(self.extra.as_ref().map_or(&[][..], ExtraPrice::times))
    }

    /// Whether the field at this position among the model's fields can change the price.
    pub fn looks_at(&self, position: usize) -> bool {
        let factors = self.factors().flat_map(Factor::paths);
        let extra = self.extra.as_ref().and_then(|extra| match extra {
            ExtraPrice::Items { of, .. } => Some(*of),
            ExtraPrice::Units { .. } => None,
        });
        let mut paths = self.conditions().map(Condition::path).chain(factors).chain(extra);
        paths.any(|path| path.root() == position)
    }
}
