use std::fmt;

macro_rules! codes {
    ($($name:ident = $number:literal, $meaning:literal;)*) => {
        /// The kinds of mistakes. Numbers are stable: a retired one is never used again.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $meaning] $name = $number,)*
        }

        impl Code {
            /// Every code with its meaning.
            pub const ALL: &[(Self, &'static str)] = &[$((Self::$name, $meaning),)*];
        }
    };
}

codes! {
    Syntax = 1, "the file is not YAML";
    WrongType = 2, "a value has the wrong YAML type";
    UnknownKey = 3, "a key that means nothing there";
    MissingKey = 4, "a key that must be there is not";
    DuplicateKey = 5, "a key (a model id, a field, a set) is written twice";
    MissingTranslation = 6, "words without one of the languages";
    UnknownKind = 7, "a parameter type that does not exist";
    UnknownWord = 8, "a word that is not one of the fixed ones";
    Empty = 9, "a list, a mapping or a text that must not be empty";
    DuplicateValue = 10, "a value is listed twice";
    MixedValues = 11, "values of one list have different types";
    SameRustName = 12, "two names or values collapse to one Rust name";
    InvertedRange = 13, "a range whose lower end is above its upper end";
    DefaultNotListed = 14, "a default that is not one of the values";
    DefaultOutside = 15, "a default that breaks its field's type or limits";
    UnknownSet = 16, "a set that is not defined";
    UnusedSet = 17, "a set that nothing uses";
    UnknownTask = 18, "a model type that is not defined";
    UnusedTask = 19, "a model type that no model has";
    DuplicateAlias = 20, "an alias that is taken";
    AliasIsId = 21, "an alias that is a model's id or a field's name";
    BadNearest = 22, "`nearest` is not the id of a live model";
    NearestCycle = 23, "`nearest` leads back to where it began";
    NearestOfLive = 24, "`nearest` on a live model";
    LongId = 25, "a model id over 48 bytes";
    BadName = 26, "a name with characters that it cannot have";
    UnknownField = 27, "a path that names no field";
    UnknownValue = 28, "a condition or rule with a value that the field cannot have";
    RequirementMisfit = 29, "a rule or price that looks at a field of the wrong kind, or `follows` where no field takes the result";
    UnreachableRow = 30, "a price row that can never win";
    MissingPrice = 31, "a live model without a price and without `price: unknown`";
    BadDate = 32, "not a date";
    BadAmount = 33, "not an amount of credits";
    ExampleMissing = 34, "the example lacks a required field";
    ExampleUnknown = 35, "the example has a field that the model has not";
    ExampleInvalid = 36, "a value of the example breaks its field's type or limits";
    UnknownModel = 37, "`from` names no model";
    BadLimit = 38, "a limit that makes no sense";
    KeyConflict = 39, "keys that do not go together";
    BadMime = 40, "a MIME type that does not fit";
    EmptyRule = 41, "a rule without a requirement";
    DroppedField = 42, "`drops` names a field or an alias of the model";
    UselessDefault = 43, "a number of a price that is never used, because the field always has one";
    UncoveredCase = 44, "values that the fields offer and no price row covers";
    WideTable = 45, "a price table with too many cases to be tried";
    ExampleBreaksRule = 46, "the example breaks a rule of the model, as it stands or with the values of an alias";
    AliasValue = 47, "an alias with a value that its field cannot have";
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "M{:03}", *self as u16)
    }
}
