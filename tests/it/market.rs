//! The comparison with the vendor's catalogue: entries made from schemas build, and schemas made from the registry have no
//! differences.

use kie::demo::listing;
use kie::market::schema::TASK_ROUTE;
use kie::market::{self, Answers, Change, Drift, EntryError, Offer, entry};
use kie::models;
use kie::schema::Lang;
use kie::schema::spec::{Kind, ListSpec, ModelSpec, Status};
use kie_codegen::registry::Registry;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const TODAY: &str = "2026-11-22";
const REGISTRY: &str = include_str!("../../models/kie_models.yaml");

/// The answers of the simulated vendor.
fn published() -> Answers {
    let listings = listing::all();
    let offers = listings.iter().map(|listing| Offer {
        model: listing.model.clone(),
        title: Some(listing.title.clone()),
        provider: Some(listing.provider.clone()),
        task_types: listing.task_types.clone(),
        pricing: listing.pricing.clone(),
    });
    let offers = offers.collect();
    let schemas = listings.into_iter().map(|listing| (listing.model, listing.openapi)).collect();
    Answers { offers, schemas, ..Answers::default() }
}

/// Answers about one model whose input has this schema.
fn answers(input: &Value, components: &Value) -> Answers {
    let body = json!({ "type": "object", "properties": { "model": { "type": "string" }, "input": input } });
    let openapi = json!({
        "paths": { TASK_ROUTE: { "post": { "requestBody": { "content": { "application/json": { "schema": body } } } } } },
        "components": { "schemas": components },
    });
    let offer = Offer { model: "acme/draw-1".to_owned(), ..Offer::default() };
    Answers { offers: vec![offer], schemas: [("acme/draw-1".to_owned(), Some(openapi))].into(), ..Answers::default() }
}

/// Builds a registry with only this entry.
fn build(entry: &str) -> Registry {
    let line = entry.lines().find_map(|line| line.strip_prefix("    model_type: ")).unwrap();
    let text = format!("types:\n  {line}: {{ title: T, icon: 🎨, usual_s: 1, deadline_s: 9 }}\nmodels:\n{entry}");
    match kie_codegen::generate("entry.yaml", &text) {
        Ok(generated) => generated.registry,
        Err(mistakes) => panic!("{mistakes}\n{text}"),
    }
}

fn write(input: &Value) -> String {
    entry::write(&answers(input, &json!({})), "acme/draw-1", TODAY).unwrap()
}

fn live() -> impl Iterator<Item = &'static ModelSpec> {
    models::all().iter().copied().filter(|spec| spec.status == Status::Live)
}

#[test]
fn what_the_registry_publishes_does_not_differ_from_it() {
    let report = market::check(&published(), &[]);
    assert!(report.drift.is_empty(), "{:#?}", report.drift);
    assert_eq!((report.compared, report.unread.len(), report.schema_missing.len()), (live().count(), 0, 0));
}

/// Answers written after the vendor's description of its catalogue, with envelopes.
#[test]
fn answers_as_the_vendor_gives_them_are_compared() {
    let stored: Value = serde_json::from_str(include_str!("market/answers.json")).unwrap();
    let answers = Answers::read(&stored).unwrap();
    let names = ["nano-banana-pro", "z-image", "wan/2-5-text-to-video", "google/imagen4", "acme/film-9", "acme/talk-9"];
    let only = names.map(str::to_owned);
    let mut report = market::check(&answers, &only);
    let found: Vec<(&str, &Change)> = report.drift.iter().map(|one| (one.model.as_str(), &one.change)).collect();
    // A flat price is a difference although the registry has the amount for 4K, and so is a video model with another route.
    assert!(
        matches!(
            found.as_slice(),
            [("nano-banana-pro", Change::PriceChanged { .. }), ("acme/film-9", Change::ModelNew { .. })]
        ),
        "{found:#?}"
    );
    let unclear: Vec<&str> = report.prices_unclear.iter().map(|one| one.model.as_str()).collect();
    assert_eq!((report.prices_compared, unclear), (3, vec!["z-image"]));
    let removed = |field: &str| Drift {
        model: "google/imagen4".to_owned(),
        change: Change::LimitRemoved { field: field.to_owned(), limit: "max_length" },
    };
    assert_eq!((report.compared, report.unstated.as_slice()), (1, &[removed("negative_prompt")][..]));
    // If an earlier report states it, its absence is a difference.
    report.add_newly_unstated(&json!({ "drift": [], "unstated": [] }));
    assert_eq!(report.drift.last(), Some(&removed("negative_prompt")));
}

#[test]
fn every_model_of_the_registry_can_be_imported() {
    let answers = published();
    for spec in live() {
        let text = entry::write(&answers, spec.id, TODAY).unwrap();
        let built = build(&text);
        let model = &built.models[0];
        assert_eq!((model.id, model.title.get(Lang::En)), (spec.id, spec.title.get(Lang::En)));
        let names = |model: &ModelSpec| model.fields.iter().map(|field| field.name).collect::<Vec<_>>();
        assert_eq!(names(model), names(spec), "{text}");
        for (field, own) in model.fields.iter().zip(spec.fields) {
            assert_eq!(field.required, own.required, "{}.{}", spec.id, own.name);
            // The vendor's schema does not tell which texts are task ids.
            let same = std::mem::discriminant(&field.kind) == std::mem::discriminant(&own.kind)
                || matches!((&field.kind, &own.kind), (Kind::Text(_), Kind::Task(_)));
            assert!(same, "{}.{}: {:?} became {:?}", spec.id, own.name, own.kind, field.kind);
        }
    }
}

#[test]
fn an_entry_takes_its_place_in_the_whole_registry() {
    let input = json!({ "required": ["prompt"], "properties": { "prompt": { "type": "string", "maxLength": 500 } } });
    let mut answers = answers(&input, &json!({}));
    answers.offers[0] = Offer {
        title: Some("Draw: 1 'new'".to_owned()),
        provider: Some("Acme".to_owned()),
        task_types: vec!["Text to Image".to_owned()],
        pricing: Some("12.5 credits per image (0.0625 USD)".to_owned()),
        ..answers.offers[0].clone()
    };
    let text = entry::write(&answers, "acme/draw-1", TODAY).unwrap();
    let registry =
        kie_codegen::generate("all.yaml", &format!("{REGISTRY}\n{text}")).map_err(|m| m.to_string()).unwrap();
    let model = registry.registry.models.last().unwrap();
    assert_eq!((model.id, model.title.get(Lang::Ru)), ("acme/draw-1", "Draw: 1 'new'"));
    let price = model.price.as_ref().unwrap();
    assert_eq!((price.rows[0].credits.milli(), price.unit, price.as_of), (12_500, "image", TODAY));
    assert_eq!(model.tasks[0].id, "text_to_image");
}

#[test]
fn limits_kinds_and_doubts_reach_the_entry() {
    let text = write(&json!({
        "required": ["prompt", "image_urls", "size"],
        "properties": {
            "prompt": { "type": "string", "minLength": 3, "maxLength": 500, "description": "What\nto draw" },
            "image_urls": { "type": "array", "items": { "type": "string", "format": "uri" }, "minItems": 2, "maxItems": 4 },
            "size": { "type": "string", "enum": ["1K", "2K", "on"], "default": "2K" },
            "seed": { "type": "integer", "minimum": 0, "maximum": 2_147_483_647_i64 },
            "steps": { "type": ["integer", "string"], "minimum": 4, "maximum": 12, "multipleOf": 4, "default": 8.0 },
            "weight": { "type": "number", "exclusiveMinimum": 0, "maximum": 1, "multipleOf": 0.05, "default": 3 },
            "fast": { "type": "boolean", "default": false },
            "odd": { "enum": ["auto", 5] },
            "shots": { "type": "array", "maxItems": 3, "items": {
                "type": "object", "required": ["text"],
                "properties": { "text": { "type": "string" }, "video_url": { "type": "string" } },
            } },
            "weird name!": { "type": "string" },
            "imageUrls": { "type": "string" },
            "group": { "type": "object" },
            "mystery": { "type": "file" },
        },
    }));
    for line in [
        "      # prompt: What to draw",
        "      prompt: { type: string, required: true, min: 3, max: 500, label: 'to do: prompt' }",
        "      image_urls: { type: media, required: true, of: image, count: '[2, 4]', label: 'to do: image urls' }",
        "      size: { type: enum, required: true, values: ['1K', '2K', 'on'], default: '2K', label: 'to do: size' }",
        "      seed: { type: integer, min: 0, max: 2147483647, label: 'to do: seed' }",
        "      steps: { type: integer, min: 4, max: 12, step: 4, accepts: number_or_string, default: 8, label: 'to do: steps' }",
        "      # weight: the vendor's default 3 cannot be one here",
        "      weight: { type: number, above: 0, max: 1, step: 0.05, label: 'to do: weight' }",
        "      fast: { type: boolean, default: false, label: 'to do: fast' }",
        "      odd: { type: enum, values: [auto, '5'], label: 'to do: odd' }",
        "      # left out: `weird name!` cannot be the name of a field",
        "      # left out: `imageUrls` is too much like another field",
        "      # left out: `group`, a group without fields",
        "      # mystery: the schema names no type that is known",
        "    price: unknown",
    ] {
        let line = line.replace("count: '[2, 4]'", "count: [2, 4]");
        assert!(text.lines().any(|own| own == line), "{line}\n{text}");
    }
    let registry = build(&text);
    let shots = registry.models[0].fields.iter().find(|field| field.name == "shots").unwrap();
    assert!(matches!(shots.kind, Kind::List(ListSpec { item: Kind::Object(_), max: Some(3), .. })));
}

#[test]
fn prices_that_need_more_than_a_number_stay_unknown() {
    let with = |prose: &str| {
        let mut answers = answers(&json!({ "properties": { "prompt": { "type": "string" } } }), &json!({}));
        answers.offers[0].pricing = Some(prose.to_owned());
        let text = entry::write(&answers, "acme/draw-1", TODAY).unwrap();
        build(&text);
        text.lines().find(|line| line.starts_with("    price: ")).unwrap().to_owned()
    };
    assert_eq!(with("160 credits (0.80 USD)"), "    price: { as_of: 2026-11-22, unit: request, credits: 160 }");
    for prose in [
        "18 credits / 24 credits",
        "4 credits per second",
        "4 credits per 1000 characters",
        "5 credits per",
        "free",
        "-",
    ] {
        assert_eq!(with(prose), "    price: unknown", "{prose}");
    }
}

#[test]
fn what_cannot_be_an_entry_is_refused() {
    let good = json!({ "properties": { "prompt": { "type": "string" } } });
    let of = |model: &str| entry::write(&answers(&good, &json!({})), model, TODAY).unwrap_err();
    assert_eq!(of("acme/none"), EntryError::Unknown("acme/none".to_owned()));
    for id in ["", "//", "a b", &"x".repeat(49)] {
        assert_eq!(of(id), EntryError::Id(id.to_owned()));
    }
    let only = |openapi: Option<Value>| {
        let schemas = [("m".to_owned(), openapi)].into();
        entry::write(&Answers { schemas, ..Answers::default() }, "m", TODAY).unwrap_err()
    };
    assert_eq!(only(None), EntryError::SchemaMissing("m".to_owned()));
    assert!(matches!(only(Some(json!({ "paths": { "/v1/talk": {} } }))), EntryError::Elsewhere { .. }));
    assert!(matches!(only(Some(json!({}))), EntryError::Unclear { .. }));
    let nameless = json!({ "properties": { "?": { "type": "string" } } });
    assert!(matches!(
        entry::write(&answers(&nameless, &json!({})), "acme/draw-1", TODAY),
        Err(EntryError::Unclear { .. })
    ));
}

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
        json!({ "list": offers, "schemas": { own: one, "a/a": two }, "prices": prices, "failed": list })
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
        if let Ok(answers) = Answers::read(&saved) {
            market::check(&answers, &ids);
            market::check(&answers, &[]);
            prop_assert_eq!(Answers::read(&answers.to_json()), Ok(answers.clone()));
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
