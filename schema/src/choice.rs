//! One of a list: what the generated enums have in common.

use std::fmt;

use serde::{Serialize, Serializer};

use super::deserialize::{Limit, Within};
use super::lang::Localized;
use super::report::ViolationKind;
use super::spec::{ChoiceSpec, Literal, OptionSpec};
use super::value_ref::ValueRef;

/// A generated enum: its variants are in the order of its options.
pub trait Choice: Copy + Sized + 'static {
    /// The values on the wire.
    const SPEC: ChoiceSpec;
    /// The variants, in the same order.
    const ALL: &'static [Self];

    /// Position among the options.
    fn index(self) -> usize;

    /// The value on the wire.
    fn literal(self) -> Literal {
        Self::SPEC.options[self.index()].value
    }
}

/// Writes a choice as its value.
pub fn write<T: Choice, S: Serializer>(choice: T, serializer: S) -> Result<S::Ok, S::Error> {
    ValueRef::from(choice.literal()).serialize(serializer)
}

/// What reads a choice: it finds the position among the options. The JSON type must be the vendor's.
pub fn deserializer<T: Choice>() -> Within<ChoiceSpec> {
    const { assert!(T::ALL.len() == T::SPEC.options.len(), "one variant per option") };
    Within { limit: const { &T::SPEC } }
}

impl Limit for ChoiceSpec {
    type Value = usize;
    const NEEDED: &'static str = "one of the offered values";

    fn text(&self, text: &str) -> Option<Result<usize, ViolationKind>> {
        self.find(ValueRef::Text(text))
    }

    fn integer(&self, n: i64) -> Option<Result<usize, ViolationKind>> {
        self.find(ValueRef::Integer(n))
    }

    fn decimal(&self, n: f64) -> Option<Result<usize, ViolationKind>> {
        self.find(ValueRef::Decimal(n))
    }

    fn flag(&self, flag: bool) -> Option<Result<usize, ViolationKind>> {
        self.find(ValueRef::Boolean(flag))
    }
}

impl ChoiceSpec {
    fn find(&self, value: ValueRef<'_>) -> Option<Result<usize, ViolationKind>> {
        Some(self.position(value).ok_or_else(|| self.not_offered()))
    }

    /// Position of the option with exactly this value, of this JSON type.
    pub fn position(&self, value: ValueRef<'_>) -> Option<usize> {
        match value {
            ValueRef::Text(text) => {
                self.options.iter().position(|o| matches!(o.value, Literal::Text(own) if own == text))
            }
            _ => self.options.iter().position(|option| value == ValueRef::from(option.value)),
        }
    }

    /// Position of the option that reads like this text: `5` finds the number 5 as well as the text `5`.
    pub fn position_of_text(&self, text: &str) -> Option<usize> {
        self.options.iter().position(|option| ValueRef::from(option.value).reads(text))
    }

    /// The option that this value of older callers means.
    pub fn meant_by(&self, value: ValueRef<'_>) -> Option<Literal> {
        let means = |option: &&OptionSpec| option.aliases.iter().any(|alias| value == ValueRef::from(*alias));
        self.options.iter().find(means).map(|option| option.value)
    }

    /// The option that has this name, in any language and case; none in a choice whose values have no names.
    pub fn called(&self, name: &str) -> Option<Literal> {
        if !self.named {
            return None;
        }
        let name = name.trim().to_lowercase();
        let has = |option: &&OptionSpec| option.names().iter().any(|own| own.to_lowercase() == name);
        self.options.iter().find(has).map(|option| option.value)
    }

    /// The violation for a value that is not among the options.
    pub fn not_offered(&self) -> ViolationKind {
        ViolationKind::NotOffered { values: self.options.iter().map(|o| o.value.to_string()).collect() }
    }
}

impl OptionSpec {
    /// What the value is called: the value itself, the words for it, and what stands before a colon in them, in every language
    /// (`Ada` of `Ada: calm and deep`).
    pub fn names(&self) -> Vec<String> {
        let words = self.label.as_ref().map(Localized::all).unwrap_or_default();
        let names = words.iter().flat_map(|words| [Some(*words), words.split_once(':').map(|(name, _)| name)]);
        let names = names.flatten().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        std::iter::once(self.value.to_string()).chain(names).collect()
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ValueRef::from(*self).fmt(f)
    }
}

/// Implements the traits that every generated enum has.
#[doc(hidden)]
#[macro_export]
macro_rules! choice_traits {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::choice::write(*self, serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::deserialize::read(deserializer)
            }
        }

        impl $crate::deserialize::Readable<'_> for $name {
            type Seed = $crate::deserialize::Within<$crate::spec::ChoiceSpec>;

            fn seed() -> Self::Seed {
                $crate::choice::deserializer::<Self>()
            }

            fn wrap(index: usize) -> Result<Self, $crate::ViolationKind> {
                Ok(<Self as $crate::Choice>::ALL[index])
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::ViolationKind;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let spec = <Self as $crate::Choice>::SPEC;
                let found = spec.position_of_text(text).map(|i| <Self as $crate::Choice>::ALL[i]);
                found.ok_or_else(|| spec.not_offered())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::Choice::literal(*self).fmt(f)
            }
        }

        impl $crate::value_ref::AsValueRef for $name {
            fn as_value_ref(&self) -> $crate::value_ref::ValueRef<'_> {
                $crate::Choice::literal(*self).into()
            }
        }
    };
}
#[doc(hidden)]
pub use choice_traits;

#[cfg(test)]
mod tests {
    use super::*;

    const VOICES: ChoiceSpec = ChoiceSpec::of(&[
        OptionSpec::text("EkK5").label(Localized::new(["Ada: calm and deep", "Ада: спокойная"])),
        OptionSpec::text("Kore"),
        OptionSpec::text("en").label(Localized::new(["English", "Английский"])).aliases(&[Literal::Text("eng")]),
    ]);

    #[test]
    fn a_value_is_found_by_its_names_where_it_has_some() {
        let named = VOICES.named();
        for (name, value) in [
            ("ada", Some("EkK5")),
            (" АДА ", Some("EkK5")),
            ("Ada: calm and deep", Some("EkK5")),
            ("kore", Some("Kore")),
            ("английский", Some("en")),
            ("calm and deep", None),
            ("Ad", None),
            ("", None),
        ] {
            assert_eq!(named.called(name), value.map(Literal::Text), "{name}");
            assert_eq!(VOICES.called(name), None, "{name}");
        }
    }

    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Scale {
        Two,
        Four,
    }
    impl Choice for Scale {
        const SPEC: ChoiceSpec =
            ChoiceSpec::of(&[OptionSpec::new(Literal::Integer(2)), OptionSpec::new(Literal::Integer(4))]);
        const ALL: &'static [Self] = &[Self::Two, Self::Four];
        fn index(self) -> usize {
            self as usize
        }
    }
    choice_traits!(Scale);

    #[test]
    fn json_has_the_vendors_type_and_text_finds_it_too() {
        assert_eq!(serde_json::to_string(&[Scale::Two, Scale::Four]).unwrap(), "[2,4]");
        assert_eq!(serde_json::from_str::<Scale>("4").unwrap(), Scale::Four);
        assert!(serde_json::from_str::<Scale>("\"4\"").is_err());
        assert_eq!("4".parse::<Scale>().unwrap(), Scale::Four);
        assert_eq!("3".parse::<Scale>(), Err(ViolationKind::NotOffered { values: vec!["2".into(), "4".into()] }));
    }
}
