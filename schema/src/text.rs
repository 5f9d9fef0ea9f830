//! Text with a length in characters, and texts of a fixed form.

use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

use super::deserialize::{self, Limit, Readable, Within};
use super::limit::{Limits, bounded};
use super::report::ViolationKind;
use super::spec::{TextFormat, TextSpec};
use super::value_ref::{AsValueRef, ValueRef};

/// A text that keeps the limits of its field.
///
/// Lengths are counted in Unicode characters. The limits are those of the marker `L`, which the generator writes.
pub struct Text<L>(String, PhantomData<fn() -> L>);

bounded!(Text<L>);

impl<L: Limits<Spec = TextSpec>> Text<L> {
    /// Takes a text that keeps the limits.
    ///
    /// # Errors
    /// The broken limit, with the length that was given.
    pub fn new(text: impl Into<String>) -> Result<Self, ViolationKind> {
        let text = text.into();
        L::SPEC.check(&text)?;
        Ok(Self(text, PhantomData))
    }
}

impl<L> Text<L> {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text itself.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<L: Limits<Spec = TextSpec>> FromStr for Text<L> {
    type Err = ViolationKind;
    fn from_str(text: &str) -> Result<Self, ViolationKind> {
        Self::new(text)
    }
}

impl<L: Limits<Spec = TextSpec>> TryFrom<String> for Text<L> {
    type Error = ViolationKind;
    fn try_from(text: String) -> Result<Self, ViolationKind> {
        Self::new(text)
    }
}

impl<L: Limits<Spec = TextSpec>> TryFrom<&str> for Text<L> {
    type Error = ViolationKind;
    fn try_from(text: &str) -> Result<Self, ViolationKind> {
        Self::new(text)
    }
}

impl<L> AsRef<str> for Text<L> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<L> AsValueRef for Text<L> {
    fn as_value_ref(&self) -> ValueRef<'_> {
        ValueRef::Text(&self.0)
    }
}

impl<'de, L: Limits<Spec = TextSpec>> Deserialize<'de> for Text<L> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize::read(deserializer)
    }
}

impl<L: Limits<Spec = TextSpec>> Readable<'_> for Text<L> {
    type Seed = Within<TextSpec>;

    fn seed() -> Within<TextSpec> {
        Within { limit: const { &L::SPEC } }
    }

    fn wrap(text: String) -> Result<Self, ViolationKind> {
        Ok(Self(text, PhantomData))
    }
}

impl Limit for TextSpec {
    type Value = String;
    const NEEDED: &'static str = "a string";

    fn text(&self, text: &str) -> Option<Result<String, ViolationKind>> {
        Some(self.check(text).map(|()| text.to_owned()))
    }
}

impl TextSpec {
    /// Whether a text keeps these limits.
    ///
    /// # Errors
    /// The first limit that is broken.
    pub fn check(&self, text: &str) -> Result<(), ViolationKind> {
        if let Some(format) = self.format {
            format.check(text)?;
        }
        // A text of spaces is as good as none: the vendor refuses it as empty.
        if self.min > 0 && text.chars().all(char::is_whitespace) {
            return Err(ViolationKind::TooShort { min: self.min, length: 0 });
        }
        let max = match (self.max, self.max_cjk) {
            (max, Some(cjk)) if text.chars().any(is_cjk) => Some(max.map_or(cjk, |max| max.min(cjk))),
            (max, _) => max,
        };
        let bytes = text.len();
        // No text has more characters than bytes, nor fewer than a quarter of them: most need no counting.
        let surely_long_enough = bytes / 4 >= self.min as usize;
        let surely_short_enough = max.is_none_or(|max| bytes <= max as usize);
        if surely_long_enough && surely_short_enough {
            return Ok(());
        }
        let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        match max {
            Some(max) if length > max => Err(ViolationKind::TooLong { max, length }),
            _ if length < self.min => Err(ViolationKind::TooShort { min: self.min, length }),
            _ => Ok(()),
        }
    }
}

/// Chinese, Japanese or Korean: ideographs, kana, hangul and their full-width forms.
pub(crate) fn is_cjk(c: char) -> bool {
    matches!(c as u32,
        0x1100..=0x11FF | 0x2E80..=0x9FFF | 0xA960..=0xA97F | 0xAC00..=0xD7FF | 0xF900..=0xFAFF | 0xFF00..=0xFFEF | 0x20000..=0x3FFFF)
}

impl TextFormat {
    /// An example of the form.
    pub const fn example(self) -> &'static str {
        match self {
            Self::Speaker => "Speaker 1",
            Self::HexColor => "#1A2B3C",
            Self::Percent => "12.50%",
            Self::SecondsRange => "1.5,12",
        }
    }

    /// Whether a text has the form.
    ///
    /// # Errors
    /// [`ViolationKind::WrongFormat`] with an example.
    pub fn check(self, text: &str) -> Result<(), ViolationKind> {
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        let seconds = |s: &str| match s.split_once('.') {
            Some((whole, part)) => digits(whole) && digits(part),
            None => digits(s),
        };
        let fits = match self {
            Self::Speaker => text.strip_prefix("Speaker ").is_some_and(digits),
            Self::HexColor => {
                text.strip_prefix('#').is_some_and(|s| s.len() == 6 && s.bytes().all(|b| b.is_ascii_hexdigit()))
            }
            Self::Percent => text
                .strip_suffix('%')
                .and_then(|s| s.split_once('.'))
                .is_some_and(|(whole, part)| digits(whole) && whole.len() <= 3 && digits(part) && part.len() == 2),
            Self::SecondsRange => text.split_once(',').is_some_and(|(from, to)| seconds(from) && seconds(to)),
        };
        if fits { Ok(()) } else { Err(ViolationKind::WrongFormat { example: self.example() }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    enum Prompt {}
    impl Limits for Prompt {
        type Spec = TextSpec;
        const SPEC: TextSpec = TextSpec { min: 1, max: Some(3000), max_cjk: Some(10), format: None };
    }

    #[test]
    fn a_text_that_is_too_long_cannot_be_made_and_says_why() {
        assert!("x".repeat(3000).parse::<Text<Prompt>>().is_ok());
        assert_eq!("x".repeat(3001).parse::<Text<Prompt>>(), Err(ViolationKind::TooLong { max: 3000, length: 3001 }));
    }

    #[test]
    fn lengths_are_characters_not_bytes() {
        assert!("ж".repeat(3000).parse::<Text<Prompt>>().is_ok());
        assert_eq!("ж".repeat(3001).parse::<Text<Prompt>>(), Err(ViolationKind::TooLong { max: 3000, length: 3001 }));
    }

    #[test]
    fn one_ideograph_brings_the_shorter_limit() {
        assert!("漢字".repeat(5).parse::<Text<Prompt>>().is_ok());
        assert_eq!(
            "a fox in 漢".repeat(2).parse::<Text<Prompt>>(),
            Err(ViolationKind::TooLong { max: 10, length: 20 })
        );
    }

    #[test]
    fn spaces_are_not_a_text() {
        assert_eq!(" \n".parse::<Text<Prompt>>(), Err(ViolationKind::TooShort { min: 1, length: 0 }));
        assert!(TextSpec { min: 0, max: None, max_cjk: None, format: None }.check("  ").is_ok());
    }

    #[test]
    fn a_minimum_counts_characters() {
        let spec = TextSpec { min: 3, max: None, max_cjk: None, format: None };
        assert_eq!(spec.check("жж"), Err(ViolationKind::TooShort { min: 3, length: 2 }));
        assert!(spec.check("жжж").is_ok());
    }

    #[test]
    fn fixed_forms() {
        for (format, good, bad) in [
            (
                TextFormat::Speaker,
                &["Speaker 1", "Speaker 12"][..],
                &["speaker 1", "Speaker", "Speaker x", "Speaker "][..],
            ),
            (TextFormat::HexColor, &["#1a2B3c"], &["1A2B3C", "#12345", "#12345g", "#1234567"]),
            (TextFormat::Percent, &["1.00%", "100.25%"], &["1%", "1.0%", "1000.00%", "1.00", ".00%"]),
            (TextFormat::SecondsRange, &["1,2", "1.5,12"], &["1", "1,", "1.,2", "a,b"]),
        ] {
            for text in good {
                assert!(format.check(text).is_ok(), "{text}");
            }
            for text in bad {
                assert_eq!(format.check(text), Err(ViolationKind::WrongFormat { example: format.example() }), "{text}");
            }
        }
    }

    #[test]
    fn json_is_checked_on_the_way_in() {
        assert!(serde_json::from_str::<Text<Prompt>>("\"a\"").is_ok());
        let error = serde_json::from_str::<Text<Prompt>>("\"\"").unwrap_err().to_string();
        assert!(error.contains("too_short"), "{error}");
        assert_eq!(serde_json::to_string(&Text::<Prompt>::new("a").unwrap()).unwrap(), "\"a\"");
    }
}
