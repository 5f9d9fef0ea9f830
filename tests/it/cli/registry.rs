//! `registry check` and `registry import`, with a simulated vendor that lists the registry's models.

use std::path::Path;

use kie::demo::kie::{KieFault, KieFaultEffect, Route, SimKie};
use kie::models;
use kie::schema::spec::{Kind, ModelSpec};
use serde_json::{Value, json};

use crate::cli::fixture::{Done, call, call_in, call_with, from_words, vendor};

fn live() -> Vec<&'static ModelSpec> {
    models::all().iter().copied().filter(|spec| spec.status.is_offered()).collect()
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Changes what the simulated vendor publishes about a model, over HTTP.
async fn change(kie: &SimKie, change: Value) {
    let url = kie.url.join("sim/catalogue").unwrap();
    let reply = reqwest::Client::new().post(url).json(&change).send().await.unwrap();
    assert_eq!(reply.status(), 204);
}

/// A patch of the fields of a model's input.
fn patch(kie: &SimKie, model: &str, fields: Value) -> Value {
    let mut name = String::new();
    kie.change_catalogue(|list| {
        let listing = list.iter().find(|listing| listing.model == model).unwrap();
        let schemas = &listing.openapi.as_ref().unwrap()["components"]["schemas"];
        name = schemas.as_object().unwrap().keys().next().unwrap().clone();
    });
    json!({ "model": model, "schema": { "components": { "schemas": { name: { "properties": fields } } } } })
}

/// The drift of a report without the model, which is checked.
fn drift(done: &Done, model: &str) -> Vec<Value> {
    let mut drift = done.json()["drift"].as_array().unwrap().clone();
    for one in &mut drift {
        assert_eq!(one.as_object_mut().and_then(|map| map.remove("model")), Some(json!(model)), "{one}");
    }
    drift
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_lists_the_registry_shows_no_drift() {
    let (kie, folder) = (vendor().await, folder());
    let done =
        call_with(&kie, folder.path(), &["registry", "check", "--live", "--deep", "--json", "--save", "answers.json"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let report = done.json();
    assert_eq!((&report["drift"], &report["unread"], &report["schema_missing"]), (&json!([]), &json!([]), &json!([])));
    assert_eq!(report["compared"], live().len());
    assert_eq!(kie.requests(Route::Schema) as usize, live().len());
    let unpriced = live().iter().filter(|spec| spec.price.is_none()).count();
    assert_eq!(kie.requests(Route::Price) as usize, unpriced, "the list names the other prices");

    kie.stop().await;
    let done = offline(folder.path(), &[]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.out.starts_with("No drift") && done.err.starts_with("0 differences"), "{done:?}");
}

fn offline(folder: &Path, args: &[&str]) -> Done {
    let args = [&["registry", "check", "--offline", "answers.json"], args].concat();
    // Without settings nothing is requested.
    call_in(folder, &args, &[], b"")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sort_of_drift_is_named() {
    let (kie, folder) = (vendor().await, folder());
    let spec = live().into_iter().find(|spec| {
        let choice =
            |field: &&kie::schema::spec::FieldSpec| matches!(field.kind, Kind::Choice(_)) && field.default.is_some();
        spec.price.is_some()
            && spec.fields[0].name == "prompt"
            && spec.fields[0].required
            && spec.fields.iter().any(|f| choice(&f))
    });
    let spec = spec.unwrap();
    let choice =
        spec.fields.iter().find(|field| matches!(field.kind, Kind::Choice(_)) && field.default.is_some()).unwrap();
    let fields = json!({
        "prompt": { "maxLength": 7 },
        "brand_new": { "type": "string" },
        choice.name: { "enum": ["never heard of"], "default": "never heard of" },
    });
    change(&kie, patch(&kie, spec.id, fields)).await;
    change(&kie, json!({ "model": spec.id, "pricing": "98765 credits" })).await;
    let check = ["registry", "check", "--live", "--json", "--save", "answers.json", spec.id];
    let done = call_with(&kie, folder.path(), &check);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert_eq!(kie.requests(Route::Schema), 1, "only what was asked for");
    let found = drift(&done, spec.id);
    let words: Vec<_> = found.iter().map(|one| (one["change"].as_str().unwrap(), one["field"].as_str())).collect();
    for word in [
        ("limit_changed", Some("prompt")),
        ("enum_changed", Some(choice.name)),
        ("default_changed", Some(choice.name)),
        ("field_added", Some("brand_new")),
        ("price_changed", None),
    ] {
        assert!(words.contains(&word), "{word:?} in {words:?}");
    }
    assert_eq!(words.len(), 5, "{found:#?}");
    let of = |word: &str| found.iter().find(|one| one["change"] == word).unwrap();
    assert_eq!((&of("limit_changed")["limit"], &of("limit_changed")["theirs"]), (&json!("max_length"), &json!(7.0)));
    assert_eq!(of("enum_changed")["added"], json!(["never heard of"]));
    assert_eq!(of("field_added")["required"], false);

    // The same from the file, as text; known differences are left out.
    let told = offline(folder.path(), &[spec.id]);
    assert_eq!((told.code, told.out.lines().count()), (Some(1), 6), "{told:?}");
    assert!(
        told.out.starts_with("MODEL ") && told.err.starts_with("5 differences, 1 model compared, 1 price compared"),
        "{told:?}"
    );
    for part in ["limit changed", "max_length 7", "enum changed", "only here: never heard of", "98765 credits"] {
        assert!(told.out.contains(part), "{part} in {}", told.out);
    }
    std::fs::write(folder.path().join("known.json"), &done.out).unwrap();
    let known = offline(folder.path(), &[spec.id, "--known", "known.json", "--json"]);
    assert_eq!((known.code, known.json()["known"].as_u64()), (Some(0), Some(5)), "{known:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn models_come_and_go_and_silence_is_told() {
    let (kie, folder) = (vendor().await, folder());
    let all = live();
    let [gone, bare] = [all[0].id, all[1].id];
    kie.change_catalogue(|list| {
        list.retain(|listing| [bare, all[2].id, all[3].id].contains(&listing.model.as_str()));
        list[0].openapi = None;
    });
    change(&kie, json!({ "model": "acme/new", "schema": { "paths": { "/api/v1/jobs/createTask": {} } } })).await;
    change(&kie, json!({ "model": "acme/talk", "schema": { "paths": { "/v1/talk": {} } } })).await;
    let only = [gone, bare, all[2].id, all[3].id, "acme/new", "acme/talk"];
    let args = [&["registry", "check", "--live", "--json"], &only[..]].concat();
    let done = call_with(&kie, folder.path(), &args);
    assert_eq!(done.code, Some(1), "{done:?}");
    let report = done.json();
    let changes: Vec<_> =
        report["drift"].as_array().unwrap().iter().map(|one| (&one["change"], &one["model"])).collect();
    assert_eq!(changes, [(&json!("model_gone"), &json!(gone)), (&json!("model_new"), &json!("acme/new"))]);
    assert_eq!((&report["schema_missing"], &report["compared"]), (&json!([bare]), &json!(2)));

    // A missing schema is not a difference.
    let done = call_with(&kie, folder.path(), &["registry", "check", "--live", bare]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.err.contains("has made no schema yet"), "{done:?}");

    // A model that cannot be read does not hide the others.
    kie.fault(KieFault::times(Route::Schema, 3, KieFaultEffect::Html { status: 502 }));
    let done = call_with(&kie, folder.path(), &["registry", "check", "--live", "--json", all[2].id]);
    assert_eq!((done.code, &done.json()["unread"][0]["model"]), (Some(1), &json!(all[2].id)), "{done:?}");
    kie.fault(KieFault::code(Route::Schema, 404, "model not found"));
    let done = call_with(&kie, folder.path(), &["registry", "check", "--live", all[2].id, all[3].id]);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(
        done.err.contains("the schema cannot be read")
            && done.err.contains("1 model compared, 2 prices compared, 1 model not read"),
        "{done:?}"
    );

    kie.change_catalogue(Vec::clear);
    let done = call_with(&kie, folder.path(), &["registry", "check", "--live"]);
    assert!(done.complaint(1).contains("lists no models"), "{done:?}");
}

#[test]
fn wrong_use_is_refused() {
    let folder = folder();
    for args in [vec![], vec!["--live", "--offline", "x"], vec!["--offline", "x", "--save", "y"]] {
        let done = call(&[&["registry", "check"], args.as_slice()].concat());
        assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{done:?}");
    }
    let live = call(&["registry", "check", "--live"]);
    assert!(live.complaint(2).contains("KIE_API_KEY"), "{live:?}");
    let write = |text: &str| std::fs::write(folder.path().join("answers.json"), text).unwrap();
    assert!(offline(folder.path(), &[]).complaint(2).contains("answers.json cannot be read"));
    for (text, why) in [("{", "breaks off"), ("{}", "holds no answers"), (r#"{"schemas":{"a":{}}}"#, "holds no list")] {
        write(text);
        let done = offline(folder.path(), &[]);
        assert!(done.complaint(2).contains(why), "{done:?}");
    }
    write(r#"{"list":[{"model":"acme/new"}]}"#);
    assert!(offline(folder.path(), &["acme/none"]).complaint(2).contains("acme/none"));
    assert!(offline(folder.path(), &["--known", "answers.json"]).complaint(2).contains("is no report"));
    let import =
        |model: &str| call_in(folder.path(), &["registry", "import", model, "--offline", "answers.json"], &[], b"");
    assert!(import("acme/new").complaint(2).contains("no answer about `acme/new`"));
    write(r#"{"schemas":{"acme/new":{"openapi":null}}}"#);
    assert!(import("acme/new").complaint(1).contains("no schema for `acme/new` yet"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_entry_builds() {
    let (kie, folder) = (vendor().await, folder());
    let done = call_with(&kie, folder.path(), &["registry", "import", from_words().id]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let head = "types:\n  text_to_image: { title: T, icon: 🎨, usual_s: 1, deadline_s: 9 }\nmodels:\n";
    let task = from_words().tasks[0].id;
    let built = kie_codegen::generate("entry.yaml", &format!("{}{}", head.replace("text_to_image", task), done.out));
    let registry = built.map_err(|mistakes| mistakes.to_string()).unwrap().registry;
    assert_eq!((registry.models[0].id, registry.models[0].fields.len()), (from_words().id, from_words().fields.len()));
    assert!(done.out.contains("to do: ") && done.err.contains("models/kie_models.yaml"), "{done:?}");

    let done = call_with(&kie, folder.path(), &["registry", "import", "acme/none"]);
    assert!(done.complaint(1).contains("does not know it"), "{done:?}");
}
