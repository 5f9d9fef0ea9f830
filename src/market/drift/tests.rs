use serde_json::{Map, json};

use super::*;
use crate::market::schema::{SchemaResult, TASK_ROUTE, read};

/// The shape of an input with these fields.
fn input(fields: Value, required: &[&str]) -> Shape {
    let input = json!({ "type": "object", "properties": fields, "required": required });
    let body = json!({ "schema": { "properties": { "input": input } } });
    let openapi =
        json!({ "paths": { TASK_ROUTE: { "post": { "requestBody": { "content": { "application/json": body } } } } } });
    match read(&openapi, "m", TASK_ROUTE) {
        SchemaResult::Input(shape) => *shape,
        other => panic!("{other:?}"),
    }
}

fn changes(ours: Value, theirs: Value) -> Vec<Value> {
    let found = compare(&input(ours, &[]), &input(theirs, &[]), &[]);
    found.iter().map(|change| serde_json::to_value(change).unwrap()).collect()
}

/// What differs; limits that the vendor does not state are told apart.
fn of_field(ours: Value, theirs: Value) -> Vec<Value> {
    all_of_field(ours, theirs).into_iter().filter(|change| change["change"] != "limit_removed").collect()
}

fn all_of_field(ours: Value, theirs: Value) -> Vec<Value> {
    let mut found = changes(json!({ "f": ours }), json!({ "f": theirs }));
    for change in &mut found {
        assert_eq!(
            change.as_object_mut().and_then(|map: &mut Map<String, Value>| map.remove("field")),
            Some(json!("f"))
        );
    }
    found
}

#[test]
fn fields_come_and_go() {
    let (one, two) =
        (json!({ "a": { "type": "string" }, "b": {} }), json!({ "a": { "type": "string" }, "c": {}, "d": {} }));
    let found = compare(&input(one.clone(), &[]), &input(two, &["c"]), &["d"]);
    assert_eq!(
        found,
        [Change::FieldRemoved { field: "b".into() }, Change::FieldAdded { field: "c".into(), required: true }]
    );
    assert_eq!(changes(one.clone(), one), Vec::<Value>::new());
}

#[test]
fn required_is_compared_unless_a_default_is_always_sent() {
    let with =
        |default: Value, required: &[&str]| input(json!({ "a": { "type": "integer", "default": default } }), required);
    let required = |ours: &Shape, theirs: &Shape| {
        let found = compare(ours, theirs, &[]);
        found.iter().any(|change| matches!(change, Change::RequiredChanged { .. }))
    };
    assert!(required(&with(json!(null), &["a"]), &with(json!(null), &[])));
    assert!(required(&with(json!(null), &[]), &with(json!(null), &["a"])));
    assert!(required(&with(json!(1), &[]), &with(json!(1), &["a"])));
    assert!(!required(&with(json!(1), &["a"]), &with(json!(1), &[])));
}

#[test]
fn types_differ_when_what_is_sent_is_not_taken() {
    let kind = |name: &str| json!({ "type": name });
    assert_eq!(
        of_field(kind("integer"), kind("string")),
        [json!({ "change": "type_changed", "ours": ["integer"], "theirs": ["text"] })]
    );
    for (ours, theirs) in [
        (kind("integer"), kind("number")),
        (kind("number"), kind("integer")),
        (kind("integer"), json!({ "type": ["integer", "string"] })),
        (kind("integer"), json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }] })),
        (kind("integer"), kind("something new")),
        (json!({ "enum": [5, 10] }), kind("number")),
        (json!({ "enum": ["5", "10"] }), kind("string")),
    ] {
        assert_eq!(of_field(ours, theirs), Vec::<Value>::new());
    }
    // Nothing else is said of a field of another type.
    assert_eq!(of_field(json!({ "enum": ["5"] }), json!({ "enum": [5, 10], "default": 5 })).len(), 1);
}

#[test]
fn values_are_compared_as_sets() {
    let found = of_field(json!({ "enum": ["a", "b"] }), json!({ "enum": ["c", "b"] }));
    assert_eq!(found, [json!({ "change": "enum_changed", "added": ["c"], "removed": ["a"] })]);
    for (ours, theirs) in [
        (json!({ "enum": ["a", "b"] }), json!({ "enum": ["b", "a", null] })),
        (json!({ "enum": [1, 2] }), json!({ "enum": [2.0, 1.0] })),
        (json!({ "type": "integer", "minimum": 1, "maximum": 3 }), json!({ "enum": [1, 2, 3] })),
        (json!({ "enum": [1, 2, 3] }), json!({ "type": "integer", "minimum": 1, "maximum": 3 })),
        (json!({ "type": "boolean" }), json!({ "type": "boolean", "enum": [true, false] })),
        (json!({ "enum": ["a"] }), json!({ "type": "string" })),
    ] {
        assert_eq!(of_field(ours, theirs), Vec::<Value>::new());
    }
    let found = of_field(json!({ "type": "string" }), json!({ "enum": ["a"] }));
    assert_eq!(found, [json!({ "change": "enum_changed", "added": ["a"], "removed": [] })]);
}

#[test]
fn limits_are_compared_where_the_vendor_states_them() {
    let limit = |name: &str, ours: Value, theirs: Value| {
        vec![json!({ "change": "limit_changed", "limit": name, "ours": ours, "theirs": theirs })]
    };
    let text = |min: Value, max: Value| json!({ "type": "string", "minLength": min, "maxLength": max });
    let number = |min: Value, max: Value| json!({ "type": "integer", "minimum": min, "maximum": max });
    let list = |min: Value, max: Value| json!({ "type": "array", "minItems": min, "maxItems": max, "items": {} });
    assert_eq!(
        of_field(text(json!(1), json!(500)), text(json!(0), json!(800))),
        limit("max_length", json!(500.0), json!(800.0))
    );
    assert_eq!(
        of_field(text(json!(1), json!(null)), text(json!(2), json!(null))),
        limit("min_length", json!(1.0), json!(2.0))
    );
    assert_eq!(of_field(number(json!(1), json!(4)), number(json!(1), json!(6))), limit("max", json!(4.0), json!(6.0)));
    assert_eq!(
        of_field(number(json!(1), json!(4)), number(json!(0), json!(null))),
        limit("min", json!(1.0), json!(0.0))
    );
    assert_eq!(
        of_field(list(json!(0), json!(4)), list(json!(1), json!(5))),
        limit("max_items", json!(4.0), json!(5.0))
    );
    let step = |step: Value| json!({ "type": "integer", "multipleOf": step });
    assert_eq!(of_field(step(json!(null)), step(json!(2))), limit("step", json!(null), json!(2.0)));
    assert_eq!(of_field(json!({ "enum": [1, 2] }), number(json!(1), json!(3))), limit("max", json!(2.0), json!(3.0)));
    for (ours, theirs) in [
        (text(json!(1), json!(500)), text(json!(0), json!(null))),
        (text(json!(null), json!(null)), text(json!(1), json!(null))),
        (number(json!(1), json!(4)), json!({ "type": "integer" })),
        (step(json!(null)), step(json!(1))),
        (json!({ "type": "string", "format": "uri" }), json!({ "type": "string", "maxLength": 2000 })),
    ] {
        assert_eq!(of_field(ours, theirs), Vec::<Value>::new());
    }
}

#[test]
fn limits_that_the_vendor_does_not_state_are_named() {
    let text = |max: Value| json!({ "type": "string", "minLength": 1, "maxLength": max });
    let list = |max: Value| json!({ "type": "array", "items": {}, "maxItems": max });
    let number = |max: Value| json!({ "type": "integer", "minimum": 1, "maximum": max });
    for (ours, theirs, limit) in [
        (text(json!(500)), text(json!(null)), "max_length"),
        (list(json!(4)), list(json!(null)), "max_items"),
        (number(json!(4)), number(json!(null)), "max"),
        (json!({ "enum": ["a"] }), json!({ "type": "string" }), "enum"),
    ] {
        assert_eq!(all_of_field(ours, theirs), [json!({ "change": "limit_removed", "limit": limit })]);
    }
    // A range says as much as a list of numbers, and a least length of one says nothing.
    for (ours, theirs) in [
        (json!({ "enum": [1, 2, 3] }), json!({ "type": "integer", "minimum": 1, "maximum": 3 })),
        (text(json!(null)), json!({ "type": "string" })),
    ] {
        assert_eq!(all_of_field(ours, theirs), Vec::<Value>::new());
    }
}

#[test]
fn a_value_beside_the_range_may_be_the_vendors_end() {
    let range = Bounds { min: Some(4.0), max: Some(15.0) };
    let own = Shape { range, also: vec![-1.0], ..Shape::of([Type::Integer]) };
    let differs = |min: f64| {
        let their = Shape { range: Bounds { min: Some(min), max: Some(15.0) }, ..Shape::of([Type::Integer]) };
        let mut found = Vec::new();
        value(&own, &their, "f", &mut found);
        !found.is_empty()
    };
    assert!(!differs(4.0) && !differs(-1.0) && differs(3.0));
}

#[test]
fn defaults_are_compared_when_they_say_something() {
    let with = |default: Value| json!({ "type": "string", "default": default });
    let found = of_field(with(json!("a")), with(json!("b")));
    assert_eq!(found, [json!({ "change": "default_changed", "ours": "a", "theirs": "b" })]);
    let found = of_field(with(json!(null)), with(json!("b")));
    assert_eq!(found, [json!({ "change": "default_changed", "ours": null, "theirs": "b" })]);
    for (ours, theirs) in [
        (json!("a"), json!(null)),
        (json!(null), json!("")),
        (json!(null), json!([""])),
        (json!("5"), json!(5)),
        (json!(1), json!(1.0)),
    ] {
        assert_eq!(of_field(with(ours), with(theirs)), Vec::<Value>::new());
    }
}

#[test]
fn items_and_groups_are_compared_inside() {
    let shots = |max: u32| {
        let item = json!({ "type": "object", "properties": { "length": { "type": "integer", "maximum": max } } });
        json!({ "shots": { "type": "array", "items": item }, "one": item })
    };
    let found = changes(shots(5), shots(6));
    let fields: Vec<_> = found.iter().map(|change| change["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["shots[].length", "one.length"]);
    let free = json!({ "shots": { "type": "array", "items": { "type": "object" } }, "one": { "type": "object" } });
    assert_eq!(changes(shots(5), free), Vec::<Value>::new());
}
