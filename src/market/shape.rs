//! The shape of a value: a common form for the registry's descriptors and the vendor's schemas.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

/// The types of JSON, without null, which means the same as an absent value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Type {
    /// A string.
    Text,
    /// A number without a fraction.
    Integer,
    /// A number.
    Number,
    /// A boolean.
    Boolean,
    /// An array.
    List,
    /// An object.
    Object,
}

impl Type {
    /// A stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::List => "list",
            Self::Object => "object",
        }
    }

    /// The type of a value; `None` for null.
    pub fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Null => return None,
            Value::Bool(_) => Self::Boolean,
            Value::Number(number) if number.is_f64() => Self::Number,
            Value::Number(_) => Self::Integer,
            Value::String(_) => Self::Text,
            Value::Array(_) => Self::List,
            Value::Object(_) => Self::Object,
        })
    }

    /// Whether it is one of the two kinds of numbers, which schemas do not distinguish reliably.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Number)
    }
}

/// A lower and an upper limit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bounds {
    /// Lower limit, inclusive.
    pub min: Option<f64>,
    /// Upper limit, inclusive.
    pub max: Option<f64>,
}

impl Bounds {
    fn loosest(self, other: Self) -> Self {
        Self { min: both(self.min, other.min, f64::min), max: both(self.max, other.max, f64::max) }
    }

    fn tightest(self, other: Self) -> Self {
        Self { min: either(self.min, other.min, f64::max), max: either(self.max, other.max, f64::min) }
    }
}

fn both<T>(one: Option<T>, other: Option<T>, pick: impl Fn(T, T) -> T) -> Option<T> {
    one.zip(other).map(|(one, other)| pick(one, other))
}

fn either<T>(one: Option<T>, other: Option<T>, pick: impl Fn(T, T) -> T) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(pick(one, other)),
        (one, other) => one.or(other),
    }
}

/// The shape of a value. A part that is empty or `None` is not stated.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shape {
    /// Accepted types.
    pub types: BTreeSet<Type>,
    /// The only accepted values.
    pub values: Option<Vec<Value>>,
    /// Limits of the number of characters of a text.
    pub length: Bounds,
    /// Limits of a number.
    pub range: Bounds,
    /// The lower limit is exclusive.
    pub above: bool,
    /// A number has to be a multiple of this.
    pub step: Option<f64>,
    /// Accepted numbers outside the range.
    pub also: Vec<f64>,
    /// Limits of the number of items of a list.
    pub count: Bounds,
    /// The shape of the items of a list.
    pub item: Option<Box<Shape>>,
    /// Fields of an object, in order.
    pub fields: Vec<(String, Shape)>,
    /// Names of the required fields.
    pub required: BTreeSet<String>,
    /// The default value.
    pub default: Option<Value>,
    /// The vendor's description.
    pub about: Option<String>,
    /// A text that is a URL.
    pub is_link: bool,
    /// Deprecated by the vendor.
    pub deprecated: bool,
}

impl Shape {
    /// A shape with these types and nothing else.
    pub fn of(types: impl IntoIterator<Item = Type>) -> Self {
        Self { types: types.into_iter().collect(), ..Self::default() }
    }

    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<&Self> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, shape)| shape)
    }

    /// Whether a value of this type may be accepted.
    pub fn may_be(&self, wanted: Type) -> bool {
        self.types.is_empty()
            || self.types.contains(&wanted)
            || (wanted.is_number() && self.types.iter().any(|own| own.is_number()))
    }

    /// The shape of values that fit one or the other.
    pub fn or(mut self, other: Self) -> Self {
        let sides = |kind: Type| (self.may_be(kind), other.may_be(kind));
        let (texts, numbers, lists) = (sides(Type::Text), sides(Type::Number), sides(Type::List));
        self.length = loosest(texts, self.length, other.length);
        self.range = loosest(numbers, self.range, other.range);
        self.count = loosest(lists, self.count, other.count);
        self.step = match numbers {
            (true, true) => self.step.filter(|step| Some(*step) == other.step),
            (true, false) => self.step,
            _ => other.step,
        };
        self.above = (self.above || !numbers.0) && (other.above || !numbers.1);
        self.item = match (self.item, other.item) {
            (Some(one), Some(two)) => Some(Box::new(one.or(*two))),
            (one, two) => one.or(two),
        };
        self.values = both(self.values, other.values, |mut one, two| {
            for value in two {
                if !one.contains(&value) {
                    one.push(value);
                }
            }
            one
        });
        self.types = match (self.types.is_empty(), other.types.is_empty()) {
            (false, false) => self.types.union(&other.types).copied().collect(),
            _ => BTreeSet::new(),
        };
        self.fields = joined(self.fields, other.fields, Self::or);
        self.required = self.required.intersection(&other.required).cloned().collect();
        self.is_link &= other.is_link;
        self.deprecated &= other.deprecated;
        self.beside(other.default, other.about)
    }

    /// The shape of values that fit both.
    pub fn and(mut self, other: Self) -> Self {
        let common: BTreeSet<Type> = self.types.iter().copied().filter(|kind| other.may_be(*kind)).collect();
        if self.types.is_empty() {
            self.types = other.types;
        } else if !common.is_empty() {
            self.types = common;
        }
        self.length = self.length.tightest(other.length);
        self.range = self.range.tightest(other.range);
        self.count = self.count.tightest(other.count);
        self.step = self.step.or(other.step);
        self.above |= other.above;
        self.item = match (self.item, other.item) {
            (Some(one), Some(two)) => Some(Box::new(one.and(*two))),
            (one, two) => one.or(two),
        };
        self.values = either(self.values, other.values, |one, two| {
            let common: Vec<Value> = one.iter().filter(|value| two.contains(value)).cloned().collect();
            // Two lists without a common value contradict each other: the outer one counts.
            if common.is_empty() { one } else { common }
        });
        self.fields = joined(self.fields, other.fields, Self::and);
        self.required.extend(other.required);
        self.is_link |= other.is_link;
        self.deprecated |= other.deprecated;
        self.beside(other.default, other.about)
    }

    fn beside(mut self, default: Option<Value>, about: Option<String>) -> Self {
        self.default = self.default.or(default);
        self.about = self.about.or(about);
        self
    }
}

/// The looser limits for a type, or the limits of the only side that accepts it.
fn loosest((one, two): (bool, bool), first: Bounds, second: Bounds) -> Bounds {
    match (one, two) {
        (true, true) => first.loosest(second),
        (true, false) => first,
        _ => second,
    }
}

fn joined(
    mut one: Vec<(String, Shape)>,
    two: Vec<(String, Shape)>,
    join: impl Fn(Shape, Shape) -> Shape,
) -> Vec<(String, Shape)> {
    for (name, shape) in two {
        match one.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = join(std::mem::take(known), shape),
            None => one.push((name, shape)),
        }
    }
    one
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(max: f64) -> Shape {
        Shape { length: Bounds { min: None, max: Some(max) }, ..Shape::of([Type::Text]) }
    }

    fn number(min: f64, max: f64) -> Shape {
        Shape { range: Bounds { min: Some(min), max: Some(max) }, ..Shape::of([Type::Integer]) }
    }

    #[test]
    fn or_has_the_looser_limits() {
        assert_eq!(text(10.0).or(text(20.0)).length.max, Some(20.0));
        assert_eq!(text(10.0).or(Shape::of([Type::Text])).length.max, None);
        let mixed = text(10.0).or(number(1.0, 5.0));
        assert_eq!((mixed.length.max, mixed.range.max), (Some(10.0), Some(5.0)));
        assert_eq!(mixed.types, [Type::Text, Type::Integer].into());
        assert!(text(1.0).or(Shape::default()).types.is_empty());

        let of = |required: &[&str], fields: &[&str]| Shape {
            required: required.iter().map(|name| (*name).to_owned()).collect(),
            fields: fields.iter().map(|name| ((*name).to_owned(), text(5.0))).collect(),
            ..Shape::of([Type::Object])
        };
        let object = of(&["a", "b"], &["a", "b"]).or(of(&["b"], &["b", "c"]));
        assert_eq!(object.required, ["b".to_owned()].into());
        assert_eq!(object.fields.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    }

    #[test]
    fn and_has_the_tighter_limits() {
        assert_eq!(text(10.0).and(text(20.0)).length.max, Some(10.0));
        assert_eq!(Shape::default().and(text(20.0)), text(20.0));
        let number = number(1.0, 5.0).and(Shape { above: true, ..Shape::of([Type::Number]) });
        assert_eq!((number.types, number.above), ([Type::Integer].into(), true));
        let values = |list: Value| Shape { values: list.as_array().cloned(), ..Shape::default() };
        assert_eq!(values(json!([1, 2, 3])).and(values(json!([2, 3, 4]))).values.unwrap(), [json!(2), json!(3)]);
        assert_eq!(values(json!([1])).and(values(json!([2]))).values.unwrap(), [json!(1)]);
    }
}
