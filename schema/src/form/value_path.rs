//! Where a value is in an input.

use std::borrow::Cow;
use std::fmt;

/// The path of a value, e.g. `shots[1].seconds`. It is written out only when something is wrong there.
#[derive(Clone, Copy)]
pub(super) enum ValuePath<'a> {
    /// The input itself.
    Root,
    /// A field of the registry.
    Field(&'a ValuePath<'a>, &'static str),
    /// A name that the caller gave.
    Unknown(&'a ValuePath<'a>, &'a str),
    /// An item of a list, counted from 0.
    Item(&'a ValuePath<'a>, usize),
}

impl ValuePath<'_> {
    pub(super) fn is_root(self) -> bool {
        matches!(self, Self::Root)
    }

    /// As text.
    pub(super) fn written(self) -> Cow<'static, str> {
        match self {
            Self::Field(Self::Root, name) => Cow::Borrowed(name),
            path => Cow::Owned(path.to_string()),
        }
    }
}

impl fmt::Display for ValuePath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Field(Self::Root, name) => f.write_str(name),
            Self::Unknown(Self::Root, name) => f.write_str(name),
            Self::Field(path, name) => write!(f, "{path}.{name}"),
            Self::Unknown(path, name) => write!(f, "{path}.{name}"),
            Self::Item(path, index) => write!(f, "{path}[{index}]"),
        }
    }
}
