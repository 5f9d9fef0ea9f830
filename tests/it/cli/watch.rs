//! `registry watch`: only what is new, between runs of the program.

use std::path::Path;

use kie::demo::kie::{PublicFeed, SimKie};
use kie::demo::listing;
use serde_json::{Value, json};

use crate::cli::fixture::{Done, call_with, from_words, vendor};

fn watch(kie: &SimKie, folder: &Path, args: &[&str]) -> Done {
    call_with(kie, folder, &[&["registry", "watch"], args].concat())
}

fn told(title: &str, day: i64) -> Value {
    json!({ "id": day, "title": title, "content": format!("All about {title}"), "publishDate": day * 86_400_000 })
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_new_is_printed() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    kie.set_feed(PublicFeed::Announcements, Some(vec![told("Draw 1 is live", 20_000)]));
    let gone = listing::all().pop().unwrap().model;
    kie.change_catalogue(|list| list.truncate(list.len() - 1));
    let first = watch(&kie, folder.path(), &[]);
    assert_eq!((first.code, first.out.as_str()), (Some(0), ""), "{first:?}");
    assert!(first.err.contains("recorded in .kie-bot-watch.json") && first.err.contains("Differences: 1"), "{first:?}");

    let second = watch(&kie, folder.path(), &[]);
    assert_eq!((second.code, second.out.as_str()), (Some(0), ""), "{second:?}");
    assert_eq!(second.err, "", "a timer would mail it");

    // A new model, another price in the feed, and an announcement.
    let mut records = listing::price_feed();
    records[0]["creditPrice"] = json!("98765");
    kie.set_feed(PublicFeed::Prices, Some(records));
    kie.set_feed(PublicFeed::Announcements, Some(vec![told("Draw 2 is live", 20_001), told("Draw 1 is live", 20_000)]));
    let url = kie.url.join("sim/catalogue").unwrap();
    let model = json!({ "model": "acme/new", "schema": { "paths": { "/api/v1/jobs/createTask": {} } } });
    assert_eq!(reqwest::Client::new().post(url).json(&model).send().await.unwrap().status(), 204);
    let news = watch(&kie, folder.path(), &[]);
    assert_eq!(news.code, Some(1), "{news:?}");
    for part in ["acme/new", "feed price changed", "announcement: 2024-10-05  Draw 2 is live", "98765 credits per"] {
        assert!(news.out.contains(part), "{part} in {}", news.out);
    }
    assert!(news.out.contains("All about Draw 2") && !news.out.contains("Draw 1 is live"), "{news:?}");
    assert!(!news.out.contains(&gone), "known before: {news:?}");
    assert_eq!(watch(&kie, folder.path(), &[]).code, Some(0));

    // What cannot be seen stays known.
    kie.set_feed(PublicFeed::Prices, None);
    kie.set_feed(PublicFeed::Announcements, None);
    let blind = watch(&kie, folder.path(), &[]);
    assert_eq!(blind.code, Some(0), "{blind:?}");
    assert!(blind.err.contains("price feed cannot be used") && blind.err.contains("announcements cannot be used"));
    let mut records = listing::price_feed();
    records[0]["creditPrice"] = json!("98765");
    records.push(json!({ "modelDescription": "Acme film 3, 4K", "creditPrice": "7.5", "creditUnit": "per second" }));
    kie.set_feed(PublicFeed::Prices, Some(records));
    let back = watch(&kie, folder.path(), &["--json"]);
    assert_eq!(back.code, Some(1), "{back:?}");
    let json = back.json();
    let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["first", "drift", "prices", "announcements", "feeds", "unread", "not_asked"]);
    assert_eq!((&json["first"], &json["drift"], &json["announcements"]), (&json!(false), &json!([]), &json!([])));
    assert_eq!(
        json["prices"],
        json!([{
            "description": "Acme film 3, 4K", "interface": null, "provider": null, "unit": "per second", "model": null,
            "before": [], "now": [7.5],
        }])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_that_the_vendor_drops_are_new_only_where_they_were_seen() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    let spec = from_words();
    // The vendor does not state the limit of this one from the beginning.
    let no_limit = |kie: &SimKie, field: &str| {
        let field = field.to_owned();
        kie.change_catalogue(move |list| {
            let listing = list.iter_mut().find(|listing| listing.model == spec.id).unwrap();
            let schemas = listing.openapi.as_mut().unwrap()["components"]["schemas"].as_object_mut().unwrap();
            let (_, schema) = schemas.iter_mut().next().unwrap();
            schema["properties"][&field].as_object_mut().unwrap().remove("maxLength");
        });
    };
    assert_eq!(watch(&kie, folder.path(), &[]).code, Some(0));
    let deep = watch(&kie, folder.path(), &["--deep", "--json"]);
    assert_eq!((deep.code, &deep.json()["not_asked"]), (Some(0), &json!([])), "{deep:?}");
    no_limit(&kie, "prompt");
    assert_eq!(watch(&kie, folder.path(), &[]).code, Some(0), "not looked at");
    let deep = watch(&kie, folder.path(), &["--deep", "--json"]);
    assert_eq!((deep.code, &deep.json()["drift"][0]["change"]), (Some(1), &json!("limit_removed")), "{deep:?}");
    assert_eq!(watch(&kie, folder.path(), &["--deep"]).code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_that_cannot_be_used_is_refused_with_the_cure() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    let path = folder.path().join("state.json");
    for (text, why) in [
        ("{", "breaks off"),
        ("<html>", "web page"),
        ("[]", "something else"),
        (r#"{"version":9}"#, "version 9"),
        (r#"{"version":1,"drift":5}"#, "invalid type"),
    ] {
        std::fs::write(&path, text).unwrap();
        let done = watch(&kie, folder.path(), &["--state", "state.json"]);
        let complaint = done.complaint(2);
        assert!(complaint.contains("state.json") && complaint.contains(why), "{complaint}");
        assert!(complaint.contains("Move it away"), "{complaint}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "it is left as it was");
    }
    std::fs::remove_file(&path).unwrap();
    let done = watch(&kie, folder.path(), &["--state", "none/state.json"]);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.err.contains("cannot be written") || done.err.contains("none/state.json"), "{done:?}");
    kie.change_catalogue(Vec::clear);
    let done = watch(&kie, folder.path(), &["--state", "state.json"]);
    assert!(done.complaint(1).contains("lists no models") && !path.exists(), "{done:?}");
}
