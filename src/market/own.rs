//! The registry's models as shapes, to be compared with the vendor's schemas.

use serde_json::Value;

use super::shape::{Bounds, Shape, Type};
use crate::schema::spec::{FieldSpec, Kind};
use crate::schema::value_ref::ValueRef;

/// The input of a model: an object with its fields.
pub(super) fn object(fields: &[FieldSpec]) -> Shape {
    Shape {
        fields: fields.iter().map(|field| (field.name.to_owned(), of_field(field))).collect(),
        required: fields.iter().filter(|field| field.required).map(|field| field.name.to_owned()).collect(),
        ..Shape::of([Type::Object])
    }
}

fn of_field(field: &FieldSpec) -> Shape {
    let default = field.default.and_then(|text| serde_json::from_str(text).ok());
    Shape { default, deprecated: field.deprecated, ..of_kind(&field.kind) }
}

fn of_kind(kind: &Kind) -> Shape {
    let whole = |number: Option<i64>| number.map(|number| number as f64);
    match kind {
        Kind::Text(text) => {
            let length = Bounds { min: Some(f64::from(text.min)), max: text.max.map(f64::from) };
            Shape { length, ..Shape::of([Type::Text]) }
        }
        Kind::Integer(integer) => Shape {
            range: Bounds { min: whole(integer.min), max: whole(integer.max) },
            step: whole(integer.step),
            also: integer.extra_values.iter().map(|number| *number as f64).collect(),
            ..Shape::of([Type::Integer])
        },
        Kind::Decimal(decimal) => Shape {
            range: Bounds { min: decimal.min, max: decimal.max },
            above: decimal.above_min,
            step: decimal.step,
            ..Shape::of([Type::Number])
        },
        Kind::Boolean => Shape::of([Type::Boolean]),
        Kind::Choice(choice) => {
            let values: Vec<Value> =
                choice.options.iter().map(|option| ValueRef::from(option.value).to_json()).collect();
            Shape { types: values.iter().filter_map(Type::of).collect(), values: Some(values), ..Shape::default() }
        }
        Kind::Media(_) | Kind::Task(_) => Shape { is_link: true, ..Shape::of([Type::Text]) },
        Kind::List(list) => Shape {
            count: Bounds { min: Some(f64::from(list.min)), max: list.max.map(f64::from) },
            item: Some(Box::new(of_kind(list.item))),
            ..Shape::of([Type::List])
        },
        Kind::Object(fields) => object(fields),
    }
}
