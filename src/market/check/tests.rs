use serde_json::json;

use super::*;
use crate::market::Drift;
use crate::schema::spec::{Condition, PriceRow, Status};
use crate::schema::value_ref::ValueRef;

fn offer(model: &str, types: &[&str]) -> Offer {
    Offer {
        model: model.to_owned(),
        task_types: types.iter().map(|word| (*word).to_owned()).collect(),
        ..Offer::default()
    }
}

fn with(status: impl Fn(Status) -> bool) -> &'static ModelSpec {
    models::all().iter().find(|spec| status(spec.status)).unwrap()
}

#[test]
fn new_removed_and_returned_models_are_found() {
    let (live, gone) = (with(|status| status.is_offered()), with(|status| !status.is_offered()));
    let offers = vec![offer("acme/new", &["Text to Image"]), offer("acme/talk", &["Chat"]), offer(gone.id, &[])];
    let schemas = [("acme/new".to_owned(), None)].into();
    let report = check(&VendorAnswers { offers, schemas, ..VendorAnswers::default() }, &[]);
    let of = |model: &str| report.drift.iter().find(|drift| drift.model == model).map(|drift| &drift.change);
    assert_eq!(of(live.id), Some(&Change::ModelGone));
    assert!(matches!(of(gone.id), Some(Change::ModelBack { .. })));
    assert!(matches!(of("acme/new"), Some(Change::ModelNew { .. })) && of("acme/talk").is_none());
    assert_eq!((report.schema_missing, report.compared), (vec!["acme/new".to_owned()], 0));
    let live = models::all().iter().filter(|spec| spec.status.is_offered()).count();
    assert_eq!(report.drift.len(), live + 2);
}

#[test]
fn unread_models_are_reported() {
    let mut live = models::all().iter().filter(|spec| spec.status.is_offered());
    let [lost, odd, absent] = [(); 3].map(|()| live.next().unwrap().id);
    let answers = VendorAnswers {
        offers: vec![offer(lost, &[]), offer(odd, &[]), offer(absent, &[]), offer("acme/new", &[])],
        schemas: [
            (odd.to_owned(), Some(json!({ "paths": {} }))),
            ("acme/new".to_owned(), Some(json!({ "paths": { schema::TASK_ROUTE: {} } }))),
        ]
        .into(),
        failed: vec![ModelError { model: lost.to_owned(), error: "no reply".to_owned() }],
        ..VendorAnswers::default()
    };
    let only = [lost, odd, absent, "acme/new"].map(str::to_owned);
    let report = check(&answers, &only);
    let unread: Vec<_> = report.unread.iter().map(|one| (one.model.as_str(), one.error.as_str())).collect();
    assert_eq!(unread, [(lost, "no reply"), (odd, "the schema cannot be read: it names no route")]);
    assert_eq!(report.not_asked, [absent]);
    assert!(matches!(report.drift.as_slice(), [Drift { change: Change::ModelNew { .. }, .. }]));
}

#[test]
fn a_chat_model_with_another_route_is_not_reported() {
    let elsewhere = json!({ "paths": { "/v1/talk": {} } });
    let live = with(Status::is_offered);
    let answers = VendorAnswers {
        offers: vec![offer("acme/talk", &[]), offer(live.id, &[])],
        schemas: [("acme/talk".to_owned(), Some(elsewhere.clone())), (live.id.to_owned(), Some(elsewhere))].into(),
        ..VendorAnswers::default()
    };
    let report = check(&answers, &[live.id.to_owned(), "acme/talk".to_owned()]);
    let route = Change::RouteChanged { theirs: "/v1/talk".to_owned() };
    assert_eq!(report.drift, [Drift { model: live.id.to_owned(), change: route }]);
    assert_eq!(models_to_read(&answers.offers, &["acme/talk".to_owned()]), ["acme/talk"]);
}

fn priced(spec: &'static ModelSpec, prose: Option<&str>) -> DriftReport {
    let offers = vec![Offer { pricing: prose.map(str::to_owned), ..offer(spec.id, &[]) }];
    check(&VendorAnswers { offers, ..VendorAnswers::default() }, &[spec.id.to_owned()])
}

#[test]
fn a_price_differs_when_its_amounts_differ() {
    let rows =
        |spec: &&ModelSpec| spec.price.is_some_and(|p| p.rows.len() > 1 && p.times.is_empty() && p.regular.is_empty());
    let amounts = |spec: &ModelSpec| -> Vec<Credits> {
        let mut all: Vec<_> = spec.price.map_or(&[][..], |p| p.rows).iter().map(|row| row.credits).collect();
        all.sort();
        all.dedup();
        all
    };
    let mut live = models::all().iter().copied().filter(|spec| spec.status.is_offered()).filter(rows);
    let spec = live.find(|spec| amounts(spec).len() == 2 && spec.price.is_some_and(|p| p.unit == "image")).unwrap();
    let [low, high] = amounts(spec)[..] else { panic!("{spec:?}") };
    let says = |prose: &str| priced(spec, Some(prose));
    let same = says(&format!("{low} credits (0.1 USD) / {high} credits per image"));
    assert_eq!((same.drift.len(), same.prices_compared, same.prices_unclear.len()), (0, 1, 0));
    // A flat price is a change, also when the registry knows the amount for some option.
    for prose in [format!("{high} credits"), format!("{low} credits"), "98765.4 credits".to_owned()] {
        assert_eq!(says(&prose).drift.len(), 1, "{prose}");
    }
    for prose in [Some("ask us"), Some("0.004 USD"), Some("4 credits per megapixel"), None] {
        let report = priced(spec, prose);
        let unclear: Vec<_> = report.prices_unclear.iter().map(|one| one.model.as_str()).collect();
        assert_eq!((report.drift.len(), report.prices_compared, unclear), (0, 0, vec![spec.id]), "{prose:?}");
    }
}

#[test]
fn prices_per_second_and_per_clip_are_compared() {
    let by_length = |spec: &&ModelSpec| {
        let length = |c: &Condition| matches!(c, Condition::Is(path, [_]) if path.contains("duration"));
        let price = spec.price.filter(|p| p.unit == "video" && p.times.is_empty() && p.regular.is_empty());
        price.is_some_and(|p| p.rows.iter().all(|row| row.when.iter().any(length)))
    };
    let spec = models::all().iter().copied().filter(|spec| spec.status.is_offered()).find(by_length).unwrap();
    let second = |row: &PriceRow| {
        let length = row.when.iter().find_map(|c| match c {
            Condition::Is(path, [only]) if path.contains("duration") => ValueRef::from(*only).number(),
            _ => None,
        });
        format!("{} credits per second", row.credits.as_f64() / length.unwrap())
    };
    let prose: Vec<String> = spec.price.unwrap().rows.iter().map(second).collect();
    assert!(priced(spec, Some(&prose.join(" / "))).drift.is_empty(), "{prose:?}");
    assert_eq!(priced(spec, Some("98765.4 credits per second")).drift.len(), 1);
}

#[test]
fn what_was_stated_before_and_is_no_more_is_a_difference() {
    let drift = |field: &str| Drift {
        model: "m".to_owned(),
        change: Change::LimitRemoved { field: field.to_owned(), limit: "max_length" },
    };
    let earlier = DriftReport { unstated: vec![drift("old")], ..DriftReport::default() };
    let mut now = DriftReport { unstated: vec![drift("old"), drift("new")], ..DriftReport::default() };
    now.add_newly_unstated(&json!({ "drift": [] }));
    assert!(now.drift.is_empty(), "a report without the list says nothing about it");
    now.add_newly_unstated(&serde_json::to_value(&earlier).unwrap());
    assert_eq!(now.drift, [drift("new")]);
}

#[test]
fn a_media_model_with_another_route_is_reported() {
    let elsewhere = Some(json!({ "paths": { "/api/v1/draw/generate": {} } }));
    let answers = VendorAnswers {
        offers: vec![offer("acme/film", &["Text to Video"]), offer("acme/words", &["Embeddings"])],
        schemas: [("acme/film".to_owned(), elsewhere.clone()), ("acme/words".to_owned(), elsewhere)].into(),
        ..VendorAnswers::default()
    };
    let report = check(&answers, &["acme/film".to_owned(), "acme/words".to_owned()]);
    assert!(
        matches!(report.drift.as_slice(), [Drift { model, change: Change::ModelNew { .. } }] if model == "acme/film")
    );
}
