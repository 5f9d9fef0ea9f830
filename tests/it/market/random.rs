//! Random schemas and answers: no answers break the comparison, and every imported entry builds.

use kie::market::schema::TASK_ROUTE;
use kie::market::{self, VendorAnswers, entry};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{TODAY, answers, build, live};

/// Schemas with all kinds of mistakes.
fn any_property() -> impl Strategy<Value = Value> {
    let words = [
        "auto", "16:9", "9:16", "4K", "4k", "a-b", "a b", "", "1.5", "15", "-1", "½", "on", "Ünit", "画", "C#", "C",
        "it's", "x\ny",
    ];
    let number = prop_oneof![
        (-5_i64..20).prop_map(Value::from),
        (-50_i64..50).prop_map(|n| Value::from(n as f64 / 10.0)),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
    ];
    let word = prop::sample::select(words.to_vec()).prop_map(Value::from);
    let any_leaf = prop_oneof![
        number.clone(),
        word,
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        ".{0,8}".prop_map(Value::from)
    ];
    let types = ["string", "integer", "number", "boolean", "array", "object", "file"];
    let kind = prop_oneof![
        4 => prop::sample::select(types.to_vec()).prop_map(Value::from),
        1 => prop::collection::vec(prop::sample::select(types.to_vec()), 0..3).prop_map(|all| json!(all)),
    ];
    let limits =
        ["minimum", "maximum", "exclusiveMinimum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems"];
    let leaf = (
        prop::option::of(kind),
        prop::collection::btree_map(prop::sample::select(limits.to_vec()), number, 0..4),
        prop::option::weighted(0.3, prop::collection::vec(any_leaf.clone(), 0..6)),
        prop::option::weighted(0.4, any_leaf),
        prop::option::weighted(0.2, Just("uri")),
        prop::option::weighted(0.2, ".{0,30}"),
    );
    let leaf = leaf.prop_map(|(kind, limits, values, default, format, about)| {
        let mut map: Map<String, Value> = limits.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let more = [
            ("type", kind),
            ("enum", values.map(Value::from)),
            ("default", default),
            ("format", format.map(Value::from)),
            ("description", about.map(Value::from)),
        ];
        map.extend(more.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
        Value::Object(map)
    });
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            (inner.clone(), 0..5_u32)
                .prop_map(|(item, most)| json!({ "type": "array", "items": item, "maxItems": most })),
            any_object(inner.clone()),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|all| json!({ "oneOf": all })),
            prop::collection::vec(inner, 1..3).prop_map(|all| json!({ "allOf": all })),
        ]
    })
}

fn any_object(inner: impl Strategy<Value = Value> + Clone) -> impl Strategy<Value = Value> + Clone {
    let names = [
        "prompt",
        "image_url",
        "imageUrls",
        "self",
        "type",
        "gen",
        "1st",
        "a b",
        "?",
        "no",
        "Text",
        "input",
        "video",
        "_",
        "x-y",
    ];
    let name = prop::sample::select(names.to_vec());
    (prop::collection::vec((name.clone(), inner), 0..5), prop::collection::vec(name, 0..4)).prop_map(
        |(fields, required)| {
            let fields: Map<String, Value> =
                fields.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
            json!({ "type": "object", "properties": fields, "required": required })
        },
    )
}

/// JSON that may be taken for saved answers; some have a model of the registry.
fn any_answers() -> impl Strategy<Value = Value> {
    let own = live().next().unwrap().id;
    let keys = [
        "list",
        "models",
        "model",
        "schemas",
        "prices",
        "failed",
        "data",
        "code",
        "openapi",
        "paths",
        TASK_ROUTE,
        "post",
        "requestBody",
        "content",
        "application/json",
        "schema",
        "properties",
        "input",
        "pricingDesc",
        "taskType",
        own,
        "a/a",
    ];
    let leaf = prop_oneof![
        prop::sample::select(vec![own, "a/a", "chat", "5 credits", "string", ""]).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(Value::Null),
    ];
    let any_json = leaf.prop_recursive(6, 40, 5, move |inner| {
        let pair = (prop::sample::select(keys.to_vec()), inner.clone());
        let object = prop::collection::vec(pair, 0..5)
            .prop_map(|fields| Value::Object(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()));
        prop_oneof![3 => object, 1 => prop::collection::vec(inner, 0..4).prop_map(Value::from)]
    });
    let some = prop::option::weighted(0.8, any_json.clone());
    (any_json.clone(), some.clone(), some.clone(), any_json).prop_map(move |(list, one, two, prices)| {
        let offers = json!([{ "model": own, "pricingDesc": "5 credits" }, { "model": "a/a" }, list]);
        let row = json!({ "modelDescription": "a", "creditPrice": two, "anchor": format!("?model={own}") });
        let feeds = json!({ "prices": { "records": [row, one] }, "announcements": prices });
        json!({ "list": offers, "schemas": { own: one, "a/a": two }, "prices": prices, "failed": list, "feeds": feeds })
    })
}

/// The default number of cases; `PROPTEST_CASES` overrides it.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(100)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn no_answers_break_the_comparison(saved in any_answers(), ids in prop::collection::vec("[a/ ]{0,3}", 0..3)) {
        if let Ok(answers) = VendorAnswers::read(&saved) {
            market::check(&answers, &ids);
            market::check(&answers, &[]);
            prop_assert_eq!(VendorAnswers::read(&answers.to_json()), Ok(answers.clone()));
            for model in answers.schemas.keys() {
                let _ = entry::write(&answers, model, TODAY);
            }
        }
    }

    #[test]
    fn whatever_is_imported_builds(input in any_object(any_property().boxed()), title in ".{0,20}", prose in ".{0,20}") {
        let mut answers = answers(&input, &json!({}));
        answers.offers[0].title = Some(title);
        answers.offers[0].pricing = Some(prose);
        if let Ok(text) = entry::write(&answers, "acme/draw-1", TODAY) {
            build(&text);
        }
    }
}
