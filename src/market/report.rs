//! The comparison as a whole.

use std::collections::BTreeSet;

use serde::Serialize;

use super::answer::{Answers, Failure, Offer};
use super::drift::{self, Change, Drift};
use super::schema::{self, Reading};
use super::{own, price};
use crate::ledger::Credits;
use crate::models;
use crate::schema::spec::{ModelSpec, Status};

/// Words of the vendor for models that answer at once and make no files.
const TALK: &[&str] = &["chat"];

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
}

impl Report {
    fn found(&mut self, model: &str, change: Change) {
        self.drift.push(Drift { model: model.to_owned(), change });
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
            (status, Some(_)) => report.found(spec.id, Change::ModelBack { ours: word(status) }),
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
            for change in drift::compare(&own::object(spec.fields), &theirs, spec.dropped) {
                report.found(spec.id, change);
            }
        }
        Reading::Elsewhere(theirs) => report.found(spec.id, Change::RouteChanged { theirs }),
        Reading::Unclear(why) => report.unread.push(unclear(spec.id, why)),
    }
}

/// A model that the registry does not have is news when it makes tasks, or may.
fn stranger(model: &str, answers: &Answers, report: &mut Report) {
    let openapi = openapi(model, answers, report);
    if openapi.is_some_and(|openapi| matches!(schema::read(openapi, model), Reading::Elsewhere(_))) {
        return;
    }
    let offer = answers.offer(model).cloned().unwrap_or_default();
    report.found(model, Change::ModelNew { title: offer.title, task_types: offer.task_types });
}

fn openapi<'a>(model: &str, answers: &'a Answers, report: &mut Report) -> Option<&'a serde_json::Value> {
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
    let Some(theirs) = answers.price(spec.id) else { return };
    let known = price::known(spec);
    if price::amounts(theirs).into_iter().all(|amount| known.contains(&Credits::from_f64(amount))) {
        return;
    }
    let ours = known.into_iter().map(Credits::as_f64).collect();
    report.found(spec.id, Change::PriceChanged { ours, theirs: theirs.to_owned() });
}

const fn word(status: Status) -> &'static str {
    match status {
        Status::Live => "live",
        Status::Retired => "retired",
        Status::Removed => "removed",
        Status::Suspect => "suspect",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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

    #[test]
    fn a_price_differs_when_an_amount_is_unknown() {
        let spec = models::all().iter().find(|spec| spec.status == Status::Live && spec.price.is_some()).unwrap();
        let first = spec.price.unwrap().rows[0].credits;
        let says = |prose: &str| {
            let pricing = Some(prose.to_owned());
            let offers = vec![Offer { pricing, ..offer(spec.id, &[]) }];
            check(&Answers { offers, ..Answers::default() }, &[spec.id.to_owned()]).drift.len()
        };
        assert_eq!(says(&format!("{first} credits (0.1 USD)")), 0);
        assert_eq!(says("ask us"), 0);
        assert_eq!(says("98765.4 credits"), 1);
    }
}
