//! Rules and prices as JSON, with the names and shapes of `models/kie_models.yaml`, which are explained at its top.

use serde_json::{Map, Value, json};

use crate::l10n::{CliMessages, Lang};
use crate::schema::spec::{
    Condition, ExtraPrice, Factor, FillValue, Literal, NextSpec, Path, PriceRow, PriceSpec, Range, Requirement,
    RuleSpec, SumLimit, Term,
};
use crate::schema::value_ref::ValueRef;

/// A rule: `{"when": {...}, "allow": {...}, "advisory": false}`.
pub(super) fn rule(rule: &RuleSpec) -> Map<String, Value> {
    let mut map = Map::new();
    if !rule.when.is_empty() {
        map.insert("when".into(), conditions(rule.when));
    }
    let (name, requirement) = requirement(&rule.then);
    map.insert(name.into(), requirement);
    map.insert("advisory".into(), rule.advisory.into());
    map
}

/// A step that goes on with a result: `{"model": ..., "label": ..., "fill": {"field": "$task"}}`.
pub(super) fn next(next: &NextSpec, lang: Lang) -> Value {
    let fill = next.fill.iter().map(|fill| {
        let value = match fill.value {
            FillValue::Task => "$task".into(),
            FillValue::Result => "$result".into(),
            FillValue::Value(json) => serde_json::from_str(json).unwrap_or_default(),
        };
        (fill.field.to_owned(), value)
    });
    json!({ "model": next.model, "label": next.label.get(lang), "fill": fill.collect::<Map<_, _>>() })
}

fn requirement(requirement: &Requirement) -> (&'static str, Value) {
    let within = |path: &Path, range: &Range| json!({ path.as_str(): span(*range) });
    let values = |path: &Path, values: &[Literal]| json!({ path.as_str(): literals(values) });
    match requirement {
        Requirement::Require(of) => ("require", paths(of)),
        Requirement::Forbid(of) => ("forbid", paths(of)),
        Requirement::Ignored(of) => ("ignored", paths(of)),
        Requirement::Groups { of, min, max } => {
            let group = |group: &&[Path]| if let [only] = group { only.as_str().into() } else { paths(group) };
            let of: Value = of.iter().map(group).collect();
            match (min, max) {
                (1, None) => ("at_least_one", of),
                (1, Some(1)) => ("exactly_one", of),
                (0, Some(1)) => ("at_most_one", of),
                _ => ("groups", json!({ "of": of, "count": [min, max] })),
            }
        }
        Requirement::Allow(path, all) => ("allow", values(path, all)),
        Requirement::Refuse(path, all) => ("refuse", values(path, all)),
        Requirement::Length(path, range) => ("length", within(path, range)),
        Requirement::Within(path, range) => ("within", within(path, range)),
        Requirement::Count(path, range) => ("count", within(path, range)),
        Requirement::Seconds(path, range) => ("seconds", within(path, range)),
        Requirement::Sum { of, max, exact } => {
            let max = match max {
                SumLimit::Number(most) => ValueRef::Decimal(*most).to_json(),
                SumLimit::Field(path) => path.as_str().into(),
            };
            ("sum", json!({ "of": of.iter().map(term).collect::<Value>(), "max": max, "exact": exact }))
        }
        Requirement::Difference { greater, smaller, range } => {
            let sides = json!({ "greater": greater.as_str(), "smaller": smaller.as_str(), "range": span(*range) });
            ("difference", sides)
        }
        Requirement::SameCount(of) => ("same_count", paths(of)),
        Requirement::SameSize(of) => ("same_size", paths(of)),
        Requirement::Unique(path) => ("unique", path.as_str().into()),
        Requirement::Refers(path, target) => ("refers", json!([path.as_str(), target.as_str()])),
        Requirement::ImagesOrVideos { of, images, videos } => {
            let of = of.as_str();
            ("images_or_videos", json!({ "of": of, "images": span(*images), "videos": span(*videos) }))
        }
    }
}

fn term(term: &Term) -> Value {
    json!({ term.count.as_str(): term.field.as_str(), "weight": ValueRef::Decimal(term.weight).to_json() })
}

/// A price and everything that it depends on.
pub(super) fn price(price: &PriceSpec) -> Value {
    let rows = |rows: &[PriceRow]| -> Value { rows.iter().map(row).collect() };
    let extra = price.extra.as_ref().map(|extra| match extra {
        ExtraPrice::Items { of, free, credits } => {
            json!({ "of": of.as_str(), "free": free, "credits": credits.as_f64() })
        }
        ExtraPrice::Units { times, credits } => {
            json!({ "times": times.iter().map(factor).collect::<Value>(), "credits": credits.as_f64() })
        }
    });
    let assume: Map<String, Value> =
        price.assume.iter().map(|(path, value)| (path.as_str().to_owned(), ValueRef::from(*value).to_json())).collect();
    json!({
        "as_of": price.as_of,
        "unit": price.unit,
        "rows": rows(price.rows),
        "times": price.times.iter().map(factor).collect::<Value>(),
        "extra": extra,
        "assume": assume,
        "at_most": price.at_most,
        "regular": rows(price.regular),
        "discount_until": price.discount_until,
    })
}

fn row(row: &PriceRow) -> Value {
    json!({ "when": super::row_words(row, CliMessages::of(Lang::En)), "conditions": conditions(row.when), "credits": row.credits.as_f64() })
}

fn factor(factor: &Factor) -> Value {
    match factor {
        Factor::Value { field, or, or_when, zero_means, plus_seconds_of } => given([
            ("value", field.as_str().into()),
            ("or", or.map_or(Value::Null, |or| ValueRef::Decimal(or).to_json())),
            ("or_when", numbers_when(or_when)),
            ("zero_means", zero_means.map_or(Value::Null, |path| path.as_str().into())),
            ("plus_seconds_of", plus_seconds_of.map_or(Value::Null, |path| path.as_str().into())),
        ]),
        Factor::Seconds { of, by, at_most } => given([
            ("seconds", of.as_str().into()),
            ("by", ValueRef::Decimal(*by).to_json()),
            ("at_most", at_most.map_or(Value::Null, |most| ValueRef::Decimal(most).to_json())),
        ]),
        Factor::Minutes(of) => json!({ "minutes": of.as_str() }),
        Factor::Megapixels(of) => json!({ "megapixels": of.as_str() }),
        Factor::Ratio(above, below) => json!({ "ratio": [above.as_str(), below.as_str()] }),
        Factor::Characters { of, step } => json!({ "characters": of.as_str(), "step": step }),
        Factor::Outputs { most, most_when } => {
            given([("outputs", (*most).into()), ("or_when", numbers_when(most_when))])
        }
        Factor::Tokens { of, by, by_cjk, plus } => json!({
            "tokens": paths(of), "by": ValueRef::Decimal(*by).to_json(), "by_cjk": ValueRef::Decimal(*by_cjk).to_json(),
            "plus": plus,
        }),
    }
}

/// The numbers of `or_when`; null when there are none.
fn numbers_when(all: &[(Condition, f64)]) -> Value {
    let one = |(condition, number): &(Condition, f64)| json!({ "when": conditions(std::slice::from_ref(condition)), "value": ValueRef::Decimal(*number).to_json() });
    if all.is_empty() { Value::Null } else { all.iter().map(one).collect() }
}

fn given<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    let given = pairs.into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(given.map(|(name, value)| (name.to_owned(), value)).collect())
}

fn conditions(all: &[Condition]) -> Value {
    let one = |condition: &Condition| {
        let value = match condition {
            Condition::Is(_, values) => match *values {
                [only] => ValueRef::from(*only).to_json(),
                several => literals(several),
            },
            Condition::IsNot(_, values) => json!({ "not": literals(values) }),
            Condition::Present(_) => "present".into(),
            Condition::Absent(_) => "absent".into(),
            Condition::Items(_, count) => json!({ "items": count }),
        };
        (condition.path().as_str().to_owned(), value)
    };
    Value::Object(all.iter().map(one).collect())
}

fn paths(all: &[Path]) -> Value {
    all.iter().map(|path| path.as_str()).collect()
}

fn literals(all: &[Literal]) -> Value {
    all.iter().map(|value| ValueRef::from(*value).to_json()).collect()
}

/// `[min, max]`; null for an open end.
pub(super) fn span(range: Range) -> Value {
    let end = |end: Option<f64>| end.map_or(Value::Null, |end| ValueRef::Decimal(end).to_json());
    json!([end(range.min), end(range.max)])
}
