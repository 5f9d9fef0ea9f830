//! The comparison as a whole.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::answer::{Answers, Failure, Offer};
use super::drift::{self, Change, Drift};
use super::own;
use super::price::{self, Match};
use super::schema::{self, Reading};
use crate::ledger::Credits;
use crate::models;
use crate::schema::spec::{ModelSpec, Status};

/// Words of the vendor for models that answer at once and make no files.
const TALK: &[&str] = &["chat"];

/// Parts of the vendor's words for what makes files.
const MEDIA: &[&str] = &["image", "video", "audio", "speech", "music", "sound", "voice", "song", "avatar"];

/// What a comparison found. Stable for machines.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Report {
    /// What differs: models in the registry's order, then new ones in the vendor's.
    pub drift: Vec<Drift>,
    /// Listed models without a schema: their fields could not be compared.
    pub schema_missing: Vec<String>,
    /// Models that could not be read, and why.
    pub unread: Vec<Failure>,
    /// Models whose fields were compared.
    pub compared: usize,
    /// Limits and lists of values of the registry that the vendor's schema does not state: no difference by themselves. One
    /// that the vendor stated before is ([`Report::against`]).
    pub unstated: Vec<Drift>,
    /// Models whose prices were compared.
    pub prices_compared: usize,
    /// Models whose prices could not be compared, and why.
    pub prices_unclear: Vec<Failure>,
}

impl Report {
    fn found(&mut self, model: &str, change: Change) {
        let drift = Drift { model: model.to_owned(), change };
        if matches!(drift.change, Change::LimitRemoved { .. }) { &mut self.unstated } else { &mut self.drift }
            .push(drift);
    }

    /// Holds the report against an earlier one, as JSON: what the vendor stated then and states no more is a difference.
    pub fn against(&mut self, earlier: &Value) {
        let Some(before) = earlier.get("unstated").and_then(Value::as_array) else { return };
        let is_news = |drift: &Drift| serde_json::to_value(drift).is_ok_and(|drift| !before.contains(&drift));
        let news: Vec<Drift> = self.unstated.iter().filter(|drift| is_news(drift)).cloned().collect();
        self.drift.extend(news);
    }
}

/// The listed models whose schema is needed for a comparison: live ones, and such as the registry does not have. With
/// `only`, none but these.
pub fn wanted<'a>(offers: &'a [Offer], only: &[String]) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    let needed = |offer: &&Offer| match models::all().iter().find(|spec| spec.id == offer.model) {
        Some(spec) => spec.status == Status::Live,
        None => !is_talk(offer),
    };
    let asked = |offer: &&Offer| only.is_empty() || only.contains(&offer.model);
    let fitting = offers.iter().filter(needed).filter(asked);
    fitting.map(|offer| offer.model.as_str()).filter(|model| seen.insert(*model)).collect()
}

fn is_talk(offer: &Offer) -> bool {
    !offer.task_types.is_empty() && offer.task_types.iter().all(|word| TALK.contains(&word.to_lowercase().as_str()))
}

fn makes_media(offer: &Offer) -> bool {
    let has = |word: &String| {
        let word = word.to_lowercase();
        MEDIA.iter().any(|media| word.contains(media))
    };
    offer.task_types.iter().any(has)
}

/// Compares the registry with the vendor's answers; with `only`, none but these models.
pub fn check(answers: &Answers, only: &[String]) -> Report {
    let mut report = Report::default();
    let asked = |model: &str| only.is_empty() || only.iter().any(|one| one == model);
    for spec in models::all().iter().copied().filter(|spec| asked(spec.id)) {
        match (spec.status, answers.offer(spec.id)) {
            (Status::Live, None) => report.found(spec.id, Change::ModelGone),
            (Status::Live, Some(_)) => {
                fields(spec, answers, &mut report);
                prices(spec, answers, &mut report);
            }
            (_, None) => {}
            (status, Some(_)) => report.found(spec.id, Change::ModelBack { ours: status.as_str() }),
        }
    }
    let known = |model: &str| models::all().iter().any(|spec| spec.id == model);
    for model in wanted(&answers.offers, only).into_iter().filter(|model| !known(model)) {
        stranger(model, answers, &mut report);
    }
    report
}

fn fields(spec: &'static ModelSpec, answers: &Answers, report: &mut Report) {
    let Some(openapi) = openapi(spec.id, answers, report) else { return };
    match schema::read(openapi, spec.id) {
        Reading::Input(theirs) => {
            report.compared += 1;
            for change in drift::compare(&own::object(spec.fields), &theirs, spec.ignored_fields) {
                report.found(spec.id, change);
            }
        }
        Reading::Elsewhere(theirs) => report.found(spec.id, Change::RouteChanged { theirs }),
        Reading::Unclear(why) => report.unread.push(unclear(spec.id, why)),
    }
}

/// A model that the registry does not have is news when it makes tasks, or may; on another route, when it makes media.
fn stranger(model: &str, answers: &Answers, report: &mut Report) {
    let openapi = openapi(model, answers, report);
    let offer = answers.offer(model).cloned().unwrap_or_default();
    let elsewhere = openapi.is_some_and(|openapi| matches!(schema::read(openapi, model), Reading::Elsewhere(_)));
    if elsewhere && !makes_media(&offer) {
        return;
    }
    report.found(model, Change::ModelNew { title: offer.title, task_types: offer.task_types });
}

fn openapi<'a>(model: &str, answers: &'a Answers, report: &mut Report) -> Option<&'a Value> {
    match (answers.schemas.get(model), answers.failure(model)) {
        (Some(Some(openapi)), _) => return Some(openapi),
        (Some(None), _) => report.schema_missing.push(model.to_owned()),
        (None, Some(failure)) => report.unread.push(failure.clone()),
        (None, None) => {
            report.unread.push(Failure { model: model.to_owned(), error: "nobody asked for it".to_owned() });
        }
    }
    None
}

fn unclear(model: &str, why: &str) -> Failure {
    Failure { model: model.to_owned(), error: format!("the schema cannot be read: {why}") }
}

fn prices(spec: &'static ModelSpec, answers: &Answers, report: &mut Report) {
    let theirs = answers.price(spec.id);
    let verdict = match theirs {
        Some(theirs) => price::compare(spec, theirs),
        // Nobody knows a price: there is nothing to hold against each other.
        None if spec.price.is_none() => return,
        None => Match::Unclear("it names no price"),
    };
    match verdict {
        Match::Same => report.prices_compared += 1,
        Match::Unclear(why) => {
            report.prices_unclear.push(Failure { model: spec.id.to_owned(), error: why.to_owned() });
        }
        Match::Differs => {
            report.prices_compared += 1;
            let ours = price::known(spec).into_iter().map(Credits::as_f64).collect();
            report.found(spec.id, Change::PriceChanged { ours, theirs: theirs.unwrap_or_default().to_owned() });
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::spec::{Condition, PriceRow};
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
    fn models_come_go_and_return() {
        let (live, gone) = (with(|status| status == Status::Live), with(|status| status != Status::Live));
        let offers = vec![offer("acme/new", &["Text to Image"]), offer("acme/talk", &["Chat"]), offer(gone.id, &[])];
        let schemas = [("acme/new".to_owned(), None)].into();
        let report = check(&Answers { offers, schemas, ..Answers::default() }, &[]);
        let of = |model: &str| report.drift.iter().find(|drift| drift.model == model).map(|drift| &drift.change);
        assert_eq!(of(live.id), Some(&Change::ModelGone));
        assert!(matches!(of(gone.id), Some(Change::ModelBack { .. })));
        assert!(matches!(of("acme/new"), Some(Change::ModelNew { .. })) && of("acme/talk").is_none());
        assert_eq!((report.schema_missing, report.compared), (vec!["acme/new".to_owned()], 0));
        let live = models::all().iter().filter(|spec| spec.status == Status::Live).count();
        assert_eq!(report.drift.len(), live + 2);
    }

    #[test]
    fn what_could_not_be_read_is_named_and_hides_nothing() {
        let mut live = models::all().iter().filter(|spec| spec.status == Status::Live);
        let [lost, odd, absent] = [(); 3].map(|()| live.next().unwrap().id);
        let answers = Answers {
            offers: vec![offer(lost, &[]), offer(odd, &[]), offer(absent, &[]), offer("acme/new", &[])],
            schemas: [
                (odd.to_owned(), Some(json!({ "paths": {} }))),
                ("acme/new".to_owned(), Some(json!({ "paths": { schema::TASK_ROUTE: {} } }))),
            ]
            .into(),
            failed: vec![Failure { model: lost.to_owned(), error: "no reply".to_owned() }],
            ..Answers::default()
        };
        let only = [lost, odd, absent, "acme/new"].map(str::to_owned);
        let report = check(&answers, &only);
        let unread: Vec<_> = report.unread.iter().map(|one| (one.model.as_str(), one.error.as_str())).collect();
        assert_eq!(
            unread,
            [
                (lost, "no reply"),
                (odd, "the schema cannot be read: it names no route"),
                (absent, "nobody asked for it")
            ]
        );
        assert!(matches!(report.drift.as_slice(), [Drift { change: Change::ModelNew { .. }, .. }]));
    }

    #[test]
    fn a_model_with_a_route_of_its_own_is_no_news() {
        let elsewhere = json!({ "paths": { "/v1/talk": {} } });
        let live = with(|status| status == Status::Live);
        let answers = Answers {
            offers: vec![offer("acme/talk", &[]), offer(live.id, &[])],
            schemas: [("acme/talk".to_owned(), Some(elsewhere.clone())), (live.id.to_owned(), Some(elsewhere))].into(),
            ..Answers::default()
        };
        let report = check(&answers, &[live.id.to_owned(), "acme/talk".to_owned()]);
        let route = Change::RouteChanged { theirs: "/v1/talk".to_owned() };
        assert_eq!(report.drift, [Drift { model: live.id.to_owned(), change: route }]);
        assert_eq!(wanted(&answers.offers, &["acme/talk".to_owned()]), ["acme/talk"]);
    }

    fn priced(spec: &'static ModelSpec, prose: Option<&str>) -> Report {
        let offers = vec![Offer { pricing: prose.map(str::to_owned), ..offer(spec.id, &[]) }];
        check(&Answers { offers, ..Answers::default() }, &[spec.id.to_owned()])
    }

    #[test]
    fn a_price_differs_when_the_amounts_are_others() {
        let rows = |spec: &&ModelSpec| {
            spec.price.is_some_and(|p| p.rows.len() > 1 && p.times.is_empty() && p.regular.is_empty())
        };
        let amounts = |spec: &ModelSpec| -> Vec<Credits> {
            let mut all: Vec<_> = spec.price.map_or(&[][..], |p| p.rows).iter().map(|row| row.credits).collect();
            all.sort();
            all.dedup();
            all
        };
        let mut live = models::all().iter().copied().filter(|spec| spec.status == Status::Live).filter(rows);
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
    fn a_price_of_a_second_and_one_of_a_clip_are_the_same() {
        let by_length = |spec: &&ModelSpec| {
            let length = |c: &Condition| matches!(c, Condition::Is(path, [_]) if path.contains("duration"));
            let price = spec.price.filter(|p| p.unit == "video" && p.times.is_empty() && p.regular.is_empty());
            price.is_some_and(|p| p.rows.iter().all(|row| row.when.iter().any(length)))
        };
        let spec = models::all().iter().copied().filter(|spec| spec.status == Status::Live).find(by_length).unwrap();
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
        let earlier = Report { unstated: vec![drift("old")], ..Report::default() };
        let mut now = Report { unstated: vec![drift("old"), drift("new")], ..Report::default() };
        now.against(&json!({ "drift": [] }));
        assert!(now.drift.is_empty(), "a report without the list says nothing about it");
        now.against(&serde_json::to_value(&earlier).unwrap());
        assert_eq!(now.drift, [drift("new")]);
    }

    #[test]
    fn a_media_model_on_another_route_is_news() {
        let elsewhere = Some(json!({ "paths": { "/api/v1/draw/generate": {} } }));
        let answers = Answers {
            offers: vec![offer("acme/film", &["Text to Video"]), offer("acme/words", &["Embeddings"])],
            schemas: [("acme/film".to_owned(), elsewhere.clone()), ("acme/words".to_owned(), elsewhere)].into(),
            ..Answers::default()
        };
        let report = check(&answers, &["acme/film".to_owned(), "acme/words".to_owned()]);
        assert!(
            matches!(report.drift.as_slice(), [Drift { model, change: Change::ModelNew { .. } }] if model == "acme/film")
        );
    }
}
