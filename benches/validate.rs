//! Measures the check of an input, from JSON bytes to a checked input and back to bytes, for the example of every
//! model, with two other measurements of the same bytes:
//!
//! - (a) `serde_json` reads them into a `Value`, without checks;
//! - (b) (a), then the `jsonschema` crate checks the `Value` against a compiled schema with the same limits and those
//!   rules that a schema can express.
//!
//! Prints figures. The aim: a valid input takes no longer than (a). The lines of spoilt inputs have none: they are read
//! into a `Value` and checked field by field, to find everything that is wrong.
//!
//! ```text
//! cargo bench --bench validate            # about twenty seconds
//! cargo bench --bench validate -- 20      # fewer rounds
//! cargo bench --bench validate -- 20 100  # and each input so many times in a row
//! cargo bench --bench validate -- spoilt  # only the lines whose names have this word
//! ```
#![allow(clippy::print_stdout, reason = "a benchmark talks to its terminal")]

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use jsonschema::Validator;
use kie::form;
use kie::models;
use kie::schema::Files;
use kie::schema::spec::{
    Condition, FieldSpec, Kind, Literal, ModelSpec, NumberForm, Requirement, RuleSpec, TextFormat,
};
use serde_json::{Map, Value, json};

/// The default number of repetitions of each input in a row. With repetitions the code of a model is in the processor's
/// cache, as the reader of a `Value` always is: many repetitions measure a program that uses one model, few one that
/// uses all models.
const IN_A_ROW: u32 = 10;

/// A model and an input.
struct Case {
    spec: &'static ModelSpec,
    schema: Validator,
    bytes: Vec<u8>,
}

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo bench` and `cargo test --benches` add flags.
    let mut numbers = std::env::args().skip(1).filter_map(|arg| arg.parse::<u32>().ok());
    let (rounds, in_a_row) = (numbers.next().unwrap_or(100), numbers.next().unwrap_or(IN_A_ROW));
    let word = std::env::args().skip(1).find(|arg| !arg.starts_with('-') && arg.parse::<u32>().is_err());
    let wanted = |name: &str| word.as_ref().is_none_or(|word| name.contains(word.as_str()));
    let mut rules = (0, 0);
    let mut good = Vec::new();
    let mut long = Vec::new();
    let mut bad = Vec::new();
    let mut late = Vec::new();
    for spec in models::all() {
        let (schema, said) = whole(spec);
        rules = (rules.0 + said, rules.1 + spec.rules.len());
        let case = |input: &Value| -> Result<Case, Box<dyn Error>> {
            Ok(Case { spec, schema: jsonschema::validator_for(&schema)?, bytes: serde_json::to_vec(input)? })
        };
        let example: Value = serde_json::from_str(spec.example)?;
        good.push(case(&example)?);
        let mut words = talkative(spec, &example);
        long.push(case(&words)?);
        bad.push(case(&spoilt(spec, &example))?);
        words["no_such_field"] = json!(1);
        late.push(case(&words)?);
    }
    println!(
        "{} models; the schemas say {} of {} rules; times per input, {in_a_row} in a row, best of {rounds} rounds",
        good.len(),
        rules.0,
        rules.1
    );
    println!();
    println!(
        "{:<28}{:>7}{:>10}{:>10}{:>10}{:>14}{:>14}",
        "", "bytes", "(a) ns", "(b) ns", "ours ns", "ours / (a)", "ours / (b)"
    );
    let nobody = Files::new();
    for (name, cases, valid) in [
        ("examples, read", &good, true),
        ("with 300 characters, read", &long, true),
        ("spoilt, everything found", &bad, false),
        ("300 characters, spoilt late", &late, false),
    ] {
        if !wanted(name) {
            continue;
        }
        for case in cases {
            let value: Value = serde_json::from_slice(&case.bytes)?;
            assert_eq!(form::check_json(case.spec, &case.bytes, &nobody).is_ok(), valid, "{}: {value}", case.spec.id);
            assert_eq!(case.schema.is_valid(&value), valid, "{}: {value}", case.spec.id);
        }
        let [a, b, ours] = measure(
            (rounds, in_a_row),
            cases,
            [
                &|case| drop(black_box(serde_json::from_slice::<Value>(black_box(&case.bytes)))),
                &|case| {
                    if let Ok(value) = serde_json::from_slice::<Value>(black_box(&case.bytes)) {
                        if valid {
                            black_box(case.schema.is_valid(&value));
                        } else {
                            black_box(case.schema.iter_errors(&value).count());
                        }
                    }
                },
                &|case| drop(black_box(form::check_json(case.spec, black_box(&case.bytes), &nobody))),
            ],
        );
        print(name, cases, [a, b, ours]);
    }
    // To a typed input and back to bytes.
    for (name, cases) in [("examples, there and back", &good), ("with 300 characters, back", &long)] {
        if !wanted(name) {
            continue;
        }
        let [a, b, ours] = measure(
            (rounds, in_a_row),
            cases,
            [
                &|case| {
                    if let Ok(value) = serde_json::from_slice::<Value>(black_box(&case.bytes)) {
                        drop(black_box(serde_json::to_vec(&value)));
                    }
                },
                &|case| {
                    if let Ok(value) = serde_json::from_slice::<Value>(black_box(&case.bytes)) {
                        black_box(case.schema.is_valid(&value));
                        drop(black_box(serde_json::to_vec(&value)));
                    }
                },
                &|case| {
                    if let Ok(accepted) = form::check_json(case.spec, black_box(&case.bytes), &nobody) {
                        drop(black_box(serde_json::to_vec(&accepted.request)));
                    }
                },
            ],
        );
        print(name, cases, [a, b, ours]);
    }
    Ok(())
}

/// The best time of each; all take turns within every round, so that other load affects them equally.
fn measure<const N: usize>((rounds, in_a_row): (u32, u32), cases: &[Case], runs: [&dyn Fn(&Case); N]) -> [Duration; N] {
    let mut best = [Duration::MAX; N];
    for _ in 0..rounds {
        for (run, best) in runs.iter().zip(&mut best) {
            let start = Instant::now();
            for case in cases {
                for _ in 0..in_a_row {
                    run(case);
                }
            }
            *best = (*best).min(start.elapsed() / in_a_row);
        }
    }
    best
}

/// Prints a line.
fn print(name: &str, cases: &[Case], times: [Duration; 3]) {
    let bytes = cases.iter().map(|case| case.bytes.len()).sum::<usize>() / cases.len();
    let [a, b, ours] = times.map(|time| time.as_nanos() as f64 / cases.len() as f64);
    println!("{name:<28}{bytes:>7}{a:>10.0}{b:>10.0}{ours:>10.0}{:>14.2}{:>14.2}", ours / a, ours / b);
}

/// The example with longer texts where the limits allow it.
fn talkative(spec: &'static ModelSpec, example: &Value) -> Value {
    let mut input = example.clone();
    for field in spec.fields {
        let Kind::Text(text) = &field.kind else { continue };
        let Some(Value::String(words)) = input.get_mut(field.name) else { continue };
        let most = text.max.unwrap_or(u32::MAX).min(text.max_cjk.unwrap_or(u32::MAX));
        if text.format.is_none() && most >= 300 {
            *words = words.chars().chain([' ']).cycle().take(299).chain(['.']).collect();
        }
    }
    let accepted = form::check_json(spec, input.to_string().as_bytes(), &Files::new());
    if accepted.is_ok() { input } else { example.clone() }
}

/// The example with three mistakes: a field that does not exist, a value of another type, and a required field missing.
fn spoilt(spec: &ModelSpec, example: &Value) -> Value {
    let mut input = example.clone();
    let Some(fields) = input.as_object_mut() else { return input };
    fields.insert("no_such_field".into(), json!(1));
    if let Some((_, value)) = fields.iter_mut().next() {
        *value = json!({"not": "this"});
    }
    if let Some(needed) = spec.fields.iter().rfind(|f| f.required && f.default.is_none()) {
        fields.shift_remove(needed.name);
    }
    input
}

/// The schema of a model, and how many of its rules it has.
fn whole(spec: &ModelSpec) -> (Value, usize) {
    let mut schema = object(spec.fields);
    let rules: Vec<Value> = spec.rules.iter().filter(|rule| !rule.advisory).filter_map(|r| rule(spec, r)).collect();
    let said = rules.len();
    if said > 0 {
        schema["allOf"] = Value::Array(rules);
    }
    (schema, said)
}

fn object(fields: &[FieldSpec]) -> Value {
    let properties: Map<String, Value> = fields.iter().map(|f| (f.name.to_owned(), value(&f.kind))).collect();
    let required: Vec<&str> = fields.iter().filter(|f| f.required && f.default.is_none()).map(|f| f.name).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

/// A schema without empty limits.
fn limits(kind: &str, limits: Value) -> Value {
    let mut schema = json!({"type": kind});
    if let (Some(schema), Value::Object(limits)) = (schema.as_object_mut(), limits) {
        schema.extend(limits.into_iter().filter(|(_, limit)| !limit.is_null()));
    }
    schema
}

fn value(kind: &Kind) -> Value {
    match kind {
        Kind::Text(text) => {
            let pattern = text.format.map(|format| match format {
                TextFormat::Speaker => r"^Speaker [0-9]+$",
                TextFormat::HexColor => "^#[0-9A-Fa-f]{6}$",
                TextFormat::Percent => r"^[0-9]{1,3}\.[0-9]{2}%$",
                TextFormat::SecondsRange => r"^[0-9]+(\.[0-9]+)?,[0-9]+(\.[0-9]+)?$",
            });
            limits("string", json!({"minLength": text.min, "maxLength": text.max, "pattern": pattern}))
        }
        Kind::Integer(n) => {
            let step = n.step.filter(|step| n.min.is_none_or(|min| min % step == 0));
            let mut schema = limits("integer", json!({"minimum": n.min, "maximum": n.max, "multipleOf": step}));
            if !n.excluded.is_empty() {
                schema["not"] = json!({"enum": n.excluded});
            }
            if n.form == NumberForm::NumberOrString {
                schema = json!({"anyOf": [schema, {"type": "string", "pattern": "^-?[0-9]+$"}]});
            }
            if n.extra_values.is_empty() { schema } else { json!({"anyOf": [schema, {"enum": n.extra_values}]}) }
        }
        Kind::Decimal(n) => {
            let low = if n.above_min { "exclusiveMinimum" } else { "minimum" };
            // Steps such as 0.1 are left out: `multipleOf` with floating-point division refuses 0.3.
            limits("number", json!({low: n.min, "maximum": n.max}))
        }
        Kind::Boolean => json!({"type": "boolean"}),
        Kind::Choice(choice) => {
            json!({"enum": choice.options.iter().map(|option| literal(option.value)).collect::<Vec<_>>()})
        }
        Kind::Media(media) => {
            let schemes: Vec<&str> = ["https", "http"].iter().chain(media.schemes).copied().collect();
            json!({"type": "string", "pattern": format!("^({})://[^/ ]", schemes.join("|"))})
        }
        Kind::Task(_) => json!({"type": "string", "minLength": 1}),
        Kind::List(list) => {
            limits("array", json!({"items": value(list.item), "minItems": list.min, "maxItems": list.max}))
        }
        Kind::Object(fields) => object(fields),
    }
}

fn literal(literal: Literal) -> Value {
    match literal {
        Literal::Text(text) => json!(text),
        Literal::Integer(n) => json!(n),
        Literal::Decimal(n) => json!(n),
        Literal::Boolean(flag) => json!(flag),
    }
}

/// A rule as a schema; `None` if a schema cannot express it (sums, comparisons, fields of items).
fn rule(spec: &ModelSpec, rule: &RuleSpec) -> Option<Value> {
    let plain = |path: &str| (!path.contains(['.', '['])).then(|| path.to_owned());
    let one_of = |values: &[Literal]| json!({"enum": values.iter().map(|v| literal(*v)).collect::<Vec<_>>()});
    let present = |path: &str| json!({"required": [path]});
    let conditions = rule.when.iter().map(|condition| {
        let default = |path: &str| spec.fields.iter().find(|f| f.name == path).and_then(|f| f.default);
        Some(match condition {
            Condition::Is(path, values) => {
                let by_default = default(path)
                    .is_some_and(|d| values.iter().any(|v| Some(literal(*v)) == serde_json::from_str(d).ok()));
                let field = json!({"properties": {plain(path)?: one_of(values)}});
                if by_default { field } else { json!({"allOf": [field, present(path)]}) }
            }
            Condition::IsNot(path, values) => {
                json!({"not": {"allOf": [{"properties": {plain(path)?: one_of(values)}}, present(path)]}})
            }
            Condition::Present(path) => present(&plain(path)?),
            Condition::Absent(path) => json!({"not": present(&plain(path)?)}),
            Condition::Items(..) => return None,
        })
    });
    let when: Vec<Value> = conditions.collect::<Option<_>>()?;
    let then = match &rule.then {
        Requirement::Require(paths) => json!({"required": paths.iter().map(|p| plain(p)).collect::<Option<Vec<_>>>()?}),
        Requirement::Forbid(paths) => {
            let paths: Vec<String> = paths.iter().map(|p| plain(p)).collect::<Option<_>>()?;
            json!({"not": {"anyOf": paths.iter().map(|p| present(p)).collect::<Vec<_>>()}})
        }
        Requirement::Allow(path, values) => json!({"properties": {plain(path)?: one_of(values)}}),
        Requirement::Refuse(path, values) => json!({"properties": {plain(path)?: {"not": one_of(values)}}}),
        Requirement::Groups { of, min: 1, .. } => {
            let any: Option<Vec<String>> = of.concat().iter().map(|p| plain(p)).collect();
            json!({"anyOf": any?.iter().map(|p| present(p)).collect::<Vec<_>>()})
        }
        Requirement::Length(path, range) => {
            let field = limits(
                "string",
                json!({"minLength": range.min.map(|n| n as u64), "maxLength": range.max.map(|n| n as u64)}),
            );
            json!({"properties": {plain(path)?: field}})
        }
        _ => return None,
    };
    Some(if when.is_empty() { then } else { json!({"if": {"allOf": when}, "then": then}) })
}
