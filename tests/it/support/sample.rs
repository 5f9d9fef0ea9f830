//! Values at and just outside the limits of a field, for any field of the registry.

#![allow(dead_code, reason = "each test binary takes what it needs")]

use kie::schema::spec::{
    DecimalSpec, FieldSpec, IntegerSpec, Kind, ListSpec, MediaKind, MediaSpec, TextFormat, TextSpec,
};
use serde_json::{Map, Value, json};

/// A valid value.
pub(crate) fn one(kind: &Kind) -> Value {
    match kind {
        Kind::Object(fields) => Value::Object(whole(fields)),
        Kind::List(list) => (0..list.min.max(1)).map(|index| item(list, index)).collect(),
        kind => fitting(kind).into_iter().next().expect("every field takes something"),
    }
}

fn whole(fields: &[FieldSpec]) -> Map<String, Value> {
    fields.iter().map(|f| (f.name.to_owned(), one(&f.kind))).collect()
}

/// Valid values at the limits.
pub(crate) fn fitting(kind: &Kind) -> Vec<Value> {
    match kind {
        Kind::Text(spec) => texts(spec),
        Kind::Integer(spec) => integers(spec),
        Kind::Decimal(spec) => decimals(spec),
        Kind::Boolean => vec![json!(true), json!(false)],
        Kind::Choice(choice) => choice.options.iter().map(|o| literal(&o.value.to_string(), &o.value)).collect(),
        Kind::Media(media) => vec![json!(url(media, 0))],
        Kind::Task(_) => vec![json!("0f1e2d3c4b5a")],
        Kind::List(list) => lists(list),
        Kind::Object(fields) => {
            let needed = fields.iter().filter(|f| f.required).map(|f| (f.name.to_owned(), one(&f.kind)));
            let mut good = vec![Value::Object(whole(fields)), Value::Object(needed.collect())];
            for field in *fields {
                good.extend(fitting(&field.kind).into_iter().map(|value| {
                    let mut with = whole(fields);
                    with.insert(field.name.to_owned(), value);
                    Value::Object(with)
                }));
            }
            good
        }
    }
}

/// Invalid values just outside the limits, with the reason.
pub(crate) fn beyond(kind: &Kind) -> Vec<(Value, &'static str)> {
    let wrong_type = (json!({"no": "field takes this"}), "wrong type");
    let mut bad = match kind {
        Kind::Text(spec) => bad_texts(spec),
        Kind::Integer(spec) => bad_integers(spec),
        Kind::Decimal(spec) => bad_decimals(spec),
        Kind::Boolean => vec![(json!("true"), "text for a flag")],
        Kind::Choice(_) => vec![(json!("no such value"), "not offered"), (json!(-99), "not offered")],
        Kind::Media(_) => {
            vec![(json!(""), "no URL"), (json!("ftp://example.com/a"), "scheme"), (json!("x y"), "no URL")]
        }
        Kind::Task(_) => vec![(json!(""), "empty id"), (json!(5), "number for an id")],
        Kind::List(list) => bad_lists(list),
        Kind::Object(fields) => {
            let mut bad = Vec::new();
            let whole = whole(fields);
            for field in *fields {
                if field.required && field.default.is_none() {
                    let mut without = whole.clone();
                    without.remove(field.name);
                    bad.push((Value::Object(without), "required field of an object"));
                }
                let left_out = |value: &Value| !field.required && *value == json!([]);
                for (value, why) in beyond(&field.kind).into_iter().filter(|(value, _)| !left_out(value)) {
                    let mut with = whole.clone();
                    with.insert(field.name.to_owned(), value);
                    bad.push((Value::Object(with), why));
                }
            }
            let mut unknown = whole;
            unknown.insert("no_such_field".into(), json!(1));
            bad.push((Value::Object(unknown), "unknown field of an object"));
            bad
        }
    };
    bad.push(wrong_type);
    bad
}

/// All URLs in a value.
pub(crate) fn urls(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) if text.contains("://") => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(urls).collect(),
        Value::Object(fields) => fields.values().flat_map(urls).collect(),
        _ => Vec::new(),
    }
}

fn literal(text: &str, value: &kie::schema::spec::Literal) -> Value {
    use kie::schema::spec::Literal;
    match value {
        Literal::Text(_) => json!(text),
        Literal::Integer(n) => json!(n),
        Literal::Decimal(n) => json!(n),
        Literal::Boolean(flag) => json!(flag),
    }
}

fn texts(spec: &TextSpec) -> Vec<Value> {
    if let Some(format) = spec.format {
        return vec![json!(format.example())];
    }
    let mut good = vec![json!("ж".repeat(spec.min.max(1) as usize))];
    good.extend(spec.max.map(|max| json!("ж".repeat(max as usize))));
    good.extend(spec.max_cjk.map(|max| json!("漢".repeat(max as usize))));
    good.extend((spec.min == 0).then(|| json!("")));
    good
}

fn bad_texts(spec: &TextSpec) -> Vec<(Value, &'static str)> {
    let mut bad = Vec::new();
    if let Some(format) = spec.format {
        let wrong = if format == TextFormat::Speaker { "Speaker one" } else { "1" };
        return vec![(json!(wrong), "format")];
    }
    bad.extend(spec.max.map(|max| (json!("ж".repeat(max as usize + 1)), "too long")));
    bad.extend(spec.max_cjk.map(|max| (json!("漢".repeat(max as usize + 1)), "too long")));
    if spec.min > 0 {
        bad.push((json!("ж".repeat(spec.min as usize - 1)), "too short"));
        bad.push((json!("  \n "), "white space"));
    }
    bad.push((json!(5), "number for a text"));
    bad
}

fn integers(spec: &IntegerSpec) -> Vec<Value> {
    let step = spec.step.unwrap_or(1);
    let last = spec.max.map(|max| max - (max - spec.min.unwrap_or(0)).rem_euclid(step));
    let mut good: Vec<i64> = spec.min.into_iter().chain(last).chain(spec.extra_values.iter().copied()).collect();
    good.retain(|n| !spec.excluded.contains(n));
    if good.is_empty() {
        good.push(step);
    }
    good.into_iter().map(Value::from).collect()
}

fn bad_integers(spec: &IntegerSpec) -> Vec<(Value, &'static str)> {
    let mut bad = vec![(json!(1.5), "fraction for a whole number"), (json!("five"), "text for a number")];
    let outside = |n: &i64| !spec.extra_values.contains(n);
    bad.extend(spec.min.map(|min| min - 1).filter(outside).map(|n| (json!(n), "below the minimum")));
    bad.extend(spec.max.map(|max| max + 1).filter(outside).map(|n| (json!(n), "above the maximum")));
    bad.extend(spec.step.filter(|s| *s > 1).map(|_| (json!(spec.min.unwrap_or(0) + 1), "off the step")));
    bad.extend(spec.excluded.iter().map(|n| (json!(n), "excepted")));
    bad
}

fn decimals(spec: &DecimalSpec) -> Vec<Value> {
    let step = spec.step.unwrap_or(0.01);
    let low = spec.min.map(|min| if spec.above_min { min + step } else { min });
    let good: Vec<Value> = low.into_iter().chain(spec.max).map(|n| json!(n)).collect();
    if good.is_empty() { vec![json!(step)] } else { good }
}

fn bad_decimals(spec: &DecimalSpec) -> Vec<(Value, &'static str)> {
    let step = spec.step.unwrap_or(0.01);
    let mut bad = vec![(json!("1.5"), "text for a number")];
    bad.extend(spec.min.map(|min| (json!(if spec.above_min { min } else { min - step }), "below the minimum")));
    bad.extend(spec.max.map(|max| (json!(max + step), "above the maximum")));
    bad.extend(spec.step.map(|step| (json!(spec.min.unwrap_or(0.0) + step / 2.0), "off the step")));
    bad
}

fn lists(spec: &ListSpec) -> Vec<Value> {
    let of = |count: u32| Value::Array((0..count).map(|i| item(spec, i)).collect());
    let mut good = vec![of(spec.min.max(1)), of(spec.min)];
    good.extend(spec.max.map(of));
    for value in fitting(spec.item) {
        let mut items: Vec<Value> = (0..spec.min.max(1)).map(|i| item(spec, i)).collect();
        items[0] = value;
        good.push(Value::Array(items));
    }
    good
}

fn bad_lists(spec: &ListSpec) -> Vec<(Value, &'static str)> {
    let of = |count: u32| Value::Array((0..count).map(|i| item(spec, i)).collect());
    let mut bad = Vec::new();
    bad.extend(spec.max.map(|max| (of(max + 1), "too many items")));
    bad.extend(spec.min.checked_sub(1).map(|few| (of(few), "too few items")));
    for (value, why) in beyond(spec.item) {
        let mut items: Vec<Value> = (0..spec.min.max(1)).map(|i| item(spec, i)).collect();
        items[0] = value;
        bad.push((Value::Array(items), why));
    }
    bad
}

fn item(spec: &ListSpec, index: u32) -> Value {
    match spec.item {
        Kind::Media(media) => json!(url(media, index)),
        other => one(other),
    }
}

/// A URL of a file of the first kind that the field takes.
pub(crate) fn url(media: &MediaSpec, index: u32) -> String {
    let extension = match media.of[0] {
        MediaKind::Image => "png",
        MediaKind::Video => "mp4",
        MediaKind::Audio => "mp3",
        MediaKind::Document => "pdf",
    };
    format!("https://example.com/{index}.{extension}")
}
