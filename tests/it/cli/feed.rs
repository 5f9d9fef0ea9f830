//! `registry check` with the vendor's public feeds: there, absent, and broken in every way.

use kie::demo::kie::{KieFault, KieFaultEffect, PublicFeed, Route, SimKie};
use kie::demo::listing;
use kie::models;
use kie::schema::spec::ModelSpec;
use serde_json::{Value, json};

use crate::cli::fixture::{Done, call_in, call_with, vendor};

fn live() -> Vec<&'static ModelSpec> {
    models::all().iter().copied().filter(|spec| spec.status.is_offered()).collect()
}

/// A live model with a single price.
fn priced() -> &'static ModelSpec {
    let single = |spec: &&ModelSpec| spec.price.is_some_and(|price| price.rows.len() == 1 && price.regular.is_empty());
    live().into_iter().find(single).unwrap()
}

fn check(kie: &SimKie, args: &[&str]) -> Done {
    let folder = tempfile::tempdir().unwrap();
    call_with(kie, folder.path(), &[&["registry", "check", "--live"], args].concat())
}

/// The feed with another amount for one model.
fn feed_with(model: &str, credits: &str) -> Vec<Value> {
    let mut records = listing::price_feed();
    let link = format!("model={}", model.replace('/', "%2F"));
    let mut rows = records.iter_mut().filter(|row| row["anchor"].as_str().unwrap().ends_with(&link));
    rows.next().unwrap()["creditPrice"] = json!(credits);
    records
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_takes_a_few_requests_and_names_what_it_left_out() {
    let kie = vendor().await;
    kie.set_feed(
        PublicFeed::Announcements,
        Some(vec![json!({ "title": "Draw 2 is live", "publishDate": 1_790_000_600_000_i64, "content": "<b>Now</b>" })]),
    );
    let folder = tempfile::tempdir().unwrap();
    let args = ["registry", "check", "--live", "--json", "--save", "answers.json"];
    let done = call_with(&kie, folder.path(), &args);
    assert_eq!(done.code, Some(0), "{done:?}");
    let report = done.json();
    let keys: Vec<&str> = report.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "drift",
            "schema_missing",
            "unread",
            "compared",
            "unstated",
            "prices_compared",
            "prices_unclear",
            "not_asked",
            "feeds",
            "announcements",
            "known"
        ]
    );
    let rows = listing::price_feed().len();
    assert_eq!(
        report["feeds"],
        json!({
            "prices": { "read": true, "entries": rows, "without_model": 1, "error": null },
            "announcements": { "read": true, "entries": 1, "error": null },
        })
    );
    assert_eq!(report["announcements"], json!([{ "title": "Draw 2 is live", "date": "2026-09-21", "text": "Now" }]));
    assert_eq!((&report["compared"], &report["drift"]), (&json!(0), &json!([])));
    let unpriced = live().iter().filter(|spec| spec.price.is_none()).count();
    let (compared, unclear) = (&report["prices_compared"], report["prices_unclear"].as_array().unwrap().len());
    assert_eq!(compared.as_u64().unwrap() as usize + unclear, live().len() - unpriced);
    assert_eq!(report["not_asked"].as_array().unwrap().len(), live().len());
    assert_eq!(kie.requests(Route::Schema), 0);
    assert_eq!(kie.requests(Route::Price) as usize, unpriced, "only what neither the list nor the feed names");
    assert_eq!(kie.requests(Route::PriceFeed) as usize, rows.div_ceil(100));
    assert_eq!(kie.key_leaks(), 0, "the feeds need no key");

    // The file has the feeds, and a file from before them still works.
    kie.stop().await;
    let offline = || call_in(folder.path(), &["registry", "check", "--offline", "answers.json", "--json"], &[], b"");
    assert_eq!(offline().json(), report);
    let path = folder.path().join("answers.json");
    let mut saved: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    saved.as_object_mut().unwrap().remove("feeds");
    std::fs::write(&path, saved.to_string()).unwrap();
    let done = offline();
    assert_eq!((done.code, &done.json()["feeds"]["prices"]["read"]), (Some(0), &json!(false)), "{done:?}");
    assert_eq!(done.json()["feeds"]["prices"]["error"], Value::Null);
    // A saved feed that is none is named, and everything else is compared.
    saved["feeds"] =
        json!({ "prices": { "records": "<html>" }, "announcements": { "records": vec![json!({}); 5001] } });
    std::fs::write(&path, saved.to_string()).unwrap();
    let feeds = offline().json()["feeds"].clone();
    assert_eq!(feeds["prices"]["error"], "it has no records");
    assert!(feeds["announcements"]["error"].as_str().unwrap().contains("ten times"), "{feeds}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amount_that_only_the_feed_has_is_a_difference() {
    let (kie, spec) = (vendor().await, priced());
    kie.set_feed(PublicFeed::Prices, Some(feed_with(spec.id, "98765")));
    let done = check(&kie, &["--json"]);
    assert_eq!(done.code, Some(1), "{done:?}");
    let drift = &done.json()["drift"];
    assert_eq!(drift.as_array().unwrap().len(), 1, "{drift}");
    assert_eq!((&drift[0]["model"], &drift[0]["change"]), (&json!(spec.id), &json!("feed_price_changed")));
    assert_eq!(drift[0]["theirs"][0]["credits"], 98_765.0);
    let told = check(&kie, &[]);
    assert!(told.out.contains("feed price changed") && told.out.contains("98765 credits per"), "{told:?}");
    assert!(told.err.contains("were not compared, because their schemas were not asked for"), "{told:?}");
    assert!(told.err.contains("prices in the vendor's feed name no model"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_cannot_be_used_is_a_notice() {
    let kie = vendor().await;
    let told = |why: &str| {
        let done = check(&kie, &["--json"]);
        assert_eq!(done.code, Some(0), "{done:?}");
        let feed = &done.json()["feeds"]["prices"];
        assert_eq!((&feed["read"], &feed["entries"]), (&json!(false), &json!(0)));
        assert!(feed["error"].as_str().unwrap().contains(why), "{why}: {feed}");
        assert!(done.json()["prices_compared"].as_u64().unwrap() > 0, "the list's texts are compared");
    };
    let with = |times: u32, effect: KieFaultEffect| kie.fault(KieFault::times(Route::PriceFeed, times, effect));
    with(1, KieFaultEffect::Html { status: 200 });
    told("it is a web page");
    with(1, KieFaultEffect::Html { status: 404 });
    told("404");
    with(2, KieFaultEffect::Truncate);
    told("the connection to 127.0.0.1 broke");
    kie.fault(KieFault::code(Route::PriceFeed, 4030, "Not supported in the current region"));
    told("code 4030: Not supported in the current region");
    kie.set_feed(PublicFeed::Prices, None);
    told("code 404");
    let row = json!({ "modelDescription": "x", "creditPrice": "1" });
    kie.set_feed(PublicFeed::Prices, Some(vec![row.clone(); 5_030]));
    told("ten times larger than expected");
    let wide = json!({ "modelDescription": "x".repeat(20_000), "creditPrice": "1" });
    kie.set_feed(PublicFeed::Prices, Some(vec![wide; 100]));
    told("it is too large");
    kie.set_feed(PublicFeed::Prices, Some(vec![json!(5), json!({ "modelDescription": "x" })]));
    let done = check(&kie, &["--json"]);
    assert_eq!((done.code, &done.json()["feeds"]["prices"]["entries"]), (Some(0), &json!(1)), "{done:?}");

    kie.fault(KieFault::times(Route::Announcements, 1, KieFaultEffect::Html { status: 200 }));
    kie.set_feed(PublicFeed::Prices, None);
    let done = check(&kie, &[]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.err.contains("the vendor's price feed cannot be used"), "{done:?}");
    assert!(done.err.contains("the vendor's announcements cannot be used"), "{done:?}");
}

#[test]
fn a_file_that_is_no_saved_answer_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let offline = |text: &str| {
        std::fs::write(folder.path().join("answers.json"), text).unwrap();
        call_in(folder.path(), &["registry", "check", "--offline", "answers.json"], &[], b"")
    };
    for (text, why) in [
        ("<!doctype html><html></html>", "it is a web page, not JSON"),
        (r#"{"list":{"models":[{"model":"a"#, "it breaks off before its end"),
        ("nonsense", "not valid JSON"),
    ] {
        let done = offline(text);
        let complaint = done.complaint(2);
        assert!(complaint.contains("answers.json") && complaint.contains(why), "{complaint}");
    }
}
