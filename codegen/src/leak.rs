//! Values for descriptors, which hold nothing but `&'static`: what the compiler builds lives as long as its process.

/// A text.
pub(crate) fn text(text: impl Into<String>) -> &'static str {
    text.into().leak()
}

/// A list.
pub(crate) fn list<T>(items: impl IntoIterator<Item = T>) -> &'static [T] {
    Vec::from_iter(items).leak()
}

/// A single value.
pub(crate) fn one<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}
