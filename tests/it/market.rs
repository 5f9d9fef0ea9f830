//! The comparison with the vendor's catalogue: entries made from schemas build, and schemas made from the registry have
//! no differences.

mod random;

use kie::demo::listing;
use kie::market::schema::TASK_ROUTE;
use kie::market::{self, Change, Drift, EntryError, Offer, VendorAnswers, entry};
use kie::models;
use kie::schema::Lang;
use kie::schema::spec::{Kind, ListSpec, ModelSpec, WebhookNeed};
use kie_codegen::registry::Registry;
use serde_json::{Value, json};

const TODAY: &str = "2026-11-22";
const REGISTRY: &str = include_str!("../../models/kie_models.yaml");

/// The answers of the simulated vendor.
fn published() -> VendorAnswers {
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
    VendorAnswers { offers, schemas, ..VendorAnswers::default() }
}

/// Answers about one model whose input has this schema.
fn answers(input: &Value, components: &Value) -> VendorAnswers {
    let body = json!({ "type": "object", "properties": { "model": { "type": "string" }, "input": input } });
    let openapi = json!({
        "paths": { TASK_ROUTE: { "post": { "requestBody": { "content": { "application/json": { "schema": body } } } } } },
        "components": { "schemas": components },
    });
    let offer = Offer { model: "acme/draw-1".to_owned(), ..Offer::default() };
    VendorAnswers {
        offers: vec![offer],
        schemas: [("acme/draw-1".to_owned(), Some(openapi))].into(),
        ..VendorAnswers::default()
    }
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
    models::all().iter().copied().filter(|spec| spec.status.is_offered())
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
    let answers = VendorAnswers::read(&stored).unwrap();
    let names = ["nano-banana-pro", "z-image", "wan/2-5-text-to-video", "google/imagen4", "acme/film-9", "acme/talk-9"];
    let only = names.map(str::to_owned);
    let mut report = market::check(&answers, &only);
    let found: Vec<(&str, &Change)> = report.drift.iter().map(|one| (one.model.as_str(), &one.change)).collect();
    // A flat price is a difference although the registry has the amount for 4K, and so is a video model with another
    // route.
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
    let (at_once, tasks) = live().partition::<Vec<&ModelSpec>, _>(|spec| spec.route.is_some());
    for spec in at_once {
        let error = entry::write(&answers, spec.id, TODAY).unwrap_err();
        assert!(matches!(&error, EntryError::Elsewhere { route, .. } if Some(&**route) == spec.route), "{error}");
    }
    for spec in tasks {
        let text = entry::write(&answers, spec.id, TODAY).unwrap();
        let built = build(&text);
        let model = &built.models[0];
        assert_eq!((model.id, model.title.get(Lang::En)), (spec.id, spec.title.get(Lang::En)));
        // That a result comes in the call alone is not in the schema.
        assert_eq!(model.webhook != WebhookNeed::Optional, spec.webhook != WebhookNeed::Optional, "{}", spec.id);
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
        entry::write(&VendorAnswers { schemas, ..VendorAnswers::default() }, "m", TODAY).unwrap_err()
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
