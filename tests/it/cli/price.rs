//! `price`.

use std::collections::BTreeSet;

use kie::clock::{Clock, SystemClock};
use kie::form::{self, Origin};
use kie::models;
use kie::schema::Files;
use kie::schema::spec::{Factor, ModelSpec};
use kie::service::Service;
use serde_json::{Value, json};

use crate::cli::fixture::{call, from_words};

fn quote(spec: &'static ModelSpec, input: &Value) -> Option<f64> {
    let accepted = form::check(spec, input.as_object().unwrap(), &Files::new(), Origin::Json).unwrap();
    accepted.request.price(&Files::new()).ok().map(|quote| quote.credits.as_f64())
}

/// A model whose price has several rows that depend on one field.
fn with_options() -> &'static ModelSpec {
    let mut offered = models::all().iter().copied().filter(|spec| Service::offers(spec));
    offered.find(|spec| spec.price.is_some_and(|price| price.rows.len() > 2 && price.times.is_empty())).unwrap()
}

#[test]
fn every_option_has_the_price_that_its_input_is_quoted() {
    let spec = with_options();
    let done = call(&["price", spec.id, "--json"]);
    let shown = done.json();
    assert_eq!((done.code, &shown["model"], &shown["known"]), (Some(0), &json!(spec.id), &json!(true)));
    let options = shown["options"].as_array().unwrap();
    assert!(options.len() > 1, "{shown}");
    let mut prices = Vec::new();
    for option in options {
        let mut input: Value = serde_json::from_str(spec.example).unwrap();
        for (name, value) in option["when"].as_object().unwrap() {
            if value.is_null() {
                input.as_object_mut().unwrap().remove(name);
            } else {
                input[name] = value.clone();
            }
        }
        let price = option["price"]["credits"].as_f64();
        assert_eq!(price, quote(spec, &input), "{input}");
        prices.extend(price);
    }
    let (low, high) = (prices.iter().copied().fold(f64::MAX, f64::min), prices.iter().copied().fold(0.0, f64::max));
    assert!(low < high, "{shown}");
    assert_eq!((&shown["lowest"], &shown["highest"]), (&json!(low), &json!(high)));
    // Every row of the registry's table occurs.
    let rows: BTreeSet<i64> = spec.price.unwrap().rows.iter().map(|row| row.credits.milli()).collect();
    let reached: BTreeSet<i64> = prices.iter().map(|price| (price * 1000.0).round() as i64).collect();
    assert!(rows.is_subset(&reached) || spec.price.unwrap().extra.is_some(), "{rows:?} {reached:?}");

    let table = call(&["price", spec.id]);
    assert!(table.out.starts_with(&format!("{}: {low} to {high} credits\n", spec.id)), "{}", table.out);
    assert!(table.out.contains("CREDITS") && table.out.contains("as of"), "{}", table.out);
}

#[test]
fn no_model_breaks_it() {
    for spec in models::all().iter().step_by(7) {
        let done = call(&["price", spec.id, "--json"]);
        let shown = done.json();
        assert_eq!((done.code, &shown["known"]), (Some(0), &json!(spec.price.is_some())), "{done:?}");
    }
}

#[test]
fn one_input_is_quoted_exactly() {
    let spec = from_words();
    let example: Value = serde_json::from_str(spec.example).unwrap();
    let done = call(&["price", spec.id, "--input", spec.example, "--json"]);
    let shown = done.json();
    assert_eq!((done.code, shown["price"]["credits"].as_f64()), (Some(0), quote(spec, &example)), "{done:?}");
    assert_eq!((&shown["from_example"], &shown["known"]), (&json!([]), &json!(true)));

    // Missing required fields are taken from the example and named.
    let done = call(&["price", spec.id, "--input", "{}", "--json"]);
    assert_eq!((done.code, &done.json()["from_example"]), (Some(0), &json!(["prompt"])), "{done:?}");
    let words = call(&["price", spec.id, "-f", "prompt=A boat"]);
    assert!(words.out.starts_with(&format!("{}: ", spec.id)) && words.out.ends_with(" credits\n"), "{words:?}");

    let bad = call(&["price", spec.id, "--input", r#"{"prompt": 5}"#]);
    assert_eq!((bad.code, bad.out.as_str()), (Some(2), ""), "{bad:?}");
    assert!(call(&["price", "no-such-model"]).complaint(2).contains("no-such-model"));
    let unknown = call(&["price", spec.id, "-f", "promt=x"]);
    assert!(unknown.code == Some(2) && unknown.err.contains("did you mean prompt"), "{unknown:?}");
    let unknown = call(&["price", spec.id, "-f", "promt=x", "--json"]);
    assert_eq!((unknown.code, &unknown.json()["violations"][0]["nearest"]), (Some(2), &json!("prompt")));
}

#[test]
fn an_unknown_price_is_said() {
    let Some(spec) = models::all().iter().find(|spec| spec.price.is_none()) else { return };
    let done = call(&["price", spec.id]);
    assert_eq!((done.code, done.out), (Some(0), format!("{}: price not known\n", spec.id)));
    let done = call(&["price", spec.id, "--input", spec.example, "--json"]);
    assert_eq!((done.code, &done.json()["price"], &done.json()["known"]), (Some(0), &Value::Null, &json!(false)));
}

#[test]
fn a_unit_is_said_once() {
    for spec in models::all() {
        let Some(price) = spec.price.filter(|price| !price.times.is_empty()) else { continue };
        let done = call(&["price", spec.id]);
        let twice = format!("per {0} per {0}", price.unit);
        assert!(!done.out.contains(&twice), "{}", done.out);
        if done.out.contains(&format!("per {}\n", price.unit)) {
            break;
        }
    }
}

#[test]
fn a_discount_counts_until_its_last_day() {
    let discounted = models::all().iter().find_map(|spec| Some((spec, spec.price?.discount_until?)));
    let Some((spec, last)) = discounted else { return };
    let table = call(&["price", spec.id]).out;
    let is_estimated = spec.price.unwrap().times.iter().any(|factor| matches!(factor, Factor::Tokens { .. }));
    let is_exact = |line: &&str| line.ends_with(|c: char| c.is_ascii_digit()) && !line.contains("at most");
    let exact = table.lines().skip(3).take_while(|line| !line.is_empty()).filter(is_exact).count();
    if spec.price.unwrap().discount_has_ended(&SystemClock.now().date()) {
        assert!((exact > 0 || is_estimated) && table.contains(&format!("ended on {last}")), "{table}");
    } else {
        assert!(exact == 0 && table.contains(&format!("until {last}")), "{table}");
    }
}

#[test]
fn a_ceiling_is_called_one_everywhere() {
    // By the files that come back, and by the length of a text.
    let is_ceiling = |spec: &&ModelSpec| {
        spec.price.is_some_and(|price| {
            price.factors().any(|factor| matches!(factor, Factor::Outputs { .. } | Factor::Tokens { .. }))
        })
    };
    let ceilings: Vec<&ModelSpec> = models::all().iter().copied().filter(is_ceiling).collect();
    assert!(ceilings.len() >= 6);
    for spec in ceilings {
        let example: Value = serde_json::from_str(spec.example).unwrap();
        let credits = quote(spec, &example).unwrap();
        let words = format!("{}: at most {credits} credits\n", spec.id);
        assert_eq!(call(&["price", spec.id, "--input", spec.example]).out, words);
        let json = call(&["price", spec.id, "--input", spec.example, "--json"]).json();
        assert_eq!(json["price"]["certainty"], "at_most", "{json}");
        let whole = call(&["price", spec.id]).out;
        assert!(whole.starts_with(&format!("{}: at most ", spec.id)), "{whole}");
        assert_eq!(call(&["price", spec.id, "--json"]).json()["at_most"], true);
        let dry = ["generate", spec.id, "--input", spec.example, "--dry-run"];
        let plan = call(&dry);
        assert!(format!("{}{}", plan.out, plan.err).contains(&format!("at most {credits} credits")), "{plan:?}");
        let less = (credits - 0.01).to_string();
        let refused = call(&[&dry[..], &["--max-credits", &less]].concat());
        assert!(refused.complaint(2).contains(&format!("at most {credits} credits")), "{refused:?}");
        assert_eq!(call(&[&dry[..], &["--max-credits", &credits.to_string()]].concat()).code, Some(0));
        let plan = call(&["sanity", "--model", spec.id]).out;
        assert!(plan.contains("at most"), "{plan}");
    }
}
