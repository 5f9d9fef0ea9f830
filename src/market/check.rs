//! Compares the registry with the vendor's answers.

use std::collections::BTreeSet;

use serde_json::Value;

use super::answer::{ModelError, Offer, VendorAnswers};
use super::change::Change;
use super::drift;
use super::own;
use super::price::{self, FeedMatch, PriceMatch};
use super::report::DriftReport;
use super::schema::{self, SchemaResult, TASK_ROUTE};
use crate::ledger::Credits;
use crate::models;
use crate::schema::spec::ModelSpec;

/// The vendor's task types of chat models, which have no tasks and make no files.
const CHAT: &[&str] = &["chat"];

/// Parts of the vendor's task types of models that make files.
const MEDIA: &[&str] = &["image", "video", "audio", "speech", "music", "sound", "voice", "song", "avatar"];

/// The listed models whose schema is needed for a comparison: offered ones, and those that the registry does not have. If
/// `only` is not empty, only models in it.
pub fn models_to_read<'a>(offers: &'a [Offer], only: &[String]) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    let needed = |offer: &&Offer| match models::all().iter().find(|spec| spec.id == offer.model) {
        Some(spec) => spec.status.is_offered(),
        None => !is_chat(offer),
    };
    let asked = |offer: &&Offer| only.is_empty() || only.contains(&offer.model);
    let fitting = offers.iter().filter(needed).filter(asked);
    fitting.map(|offer| offer.model.as_str()).filter(|model| seen.insert(*model)).collect()
}

fn is_chat(offer: &Offer) -> bool {
    !offer.task_types.is_empty() && offer.task_types.iter().all(|word| CHAT.contains(&word.to_lowercase().as_str()))
}

fn makes_media(offer: &Offer) -> bool {
    let has = |word: &String| {
        let word = word.to_lowercase();
        MEDIA.iter().any(|media| word.contains(media))
    };
    offer.task_types.iter().any(has)
}

/// Compares the registry with the vendor's answers. If `only` is not empty, only models in it.
pub fn check(answers: &VendorAnswers, only: &[String]) -> DriftReport {
    let mut report = DriftReport::new(answers);
    let asked = |model: &str| only.is_empty() || only.iter().any(|one| one == model);
    for spec in models::all().iter().copied().filter(|spec| asked(spec.id)) {
        match (spec.status.is_offered(), answers.offer(spec.id)) {
            (true, None) => report.add(spec.id, Change::ModelGone),
            (true, Some(_)) => {
                fields(spec, answers, &mut report);
                prices(spec, answers, &mut report);
            }
            (false, None) => {}
            (false, Some(_)) => report.add(spec.id, Change::ModelBack { ours: spec.status.as_str() }),
        }
    }
    let known = |model: &str| models::all().iter().any(|spec| spec.id == model);
    for model in models_to_read(&answers.offers, only).into_iter().filter(|model| !known(model)) {
        new_model(model, answers, &mut report);
    }
    report
}

fn fields(spec: &'static ModelSpec, answers: &VendorAnswers, report: &mut DriftReport) {
    let Some(openapi) = openapi(spec.id, answers, report) else { return };
    match schema::read(openapi, spec.id, spec.route.unwrap_or(TASK_ROUTE)) {
        SchemaResult::Input(theirs) => {
            report.compared += 1;
            for change in drift::compare(&own::object(spec.fields), &theirs, spec.ignored_fields) {
                report.add(spec.id, change);
            }
        }
        SchemaResult::Elsewhere(theirs) => report.add(spec.id, Change::RouteChanged { theirs }),
        SchemaResult::Unclear(why) => report.unread.push(unclear(spec.id, why)),
    }
}

/// Adds a model that the registry does not have, if it makes tasks or may do so; with another route, if it makes media.
fn new_model(model: &str, answers: &VendorAnswers, report: &mut DriftReport) {
    let openapi = openapi(model, answers, report);
    let offer = answers.offer(model).cloned().unwrap_or_default();
    let elsewhere =
        openapi.is_some_and(|openapi| matches!(schema::read(openapi, model, TASK_ROUTE), SchemaResult::Elsewhere(_)));
    if elsewhere && !makes_media(&offer) {
        return;
    }
    report.add(model, Change::ModelNew { title: offer.title, task_types: offer.task_types });
}

fn openapi<'a>(model: &str, answers: &'a VendorAnswers, report: &mut DriftReport) -> Option<&'a Value> {
    match (answers.schemas.get(model), answers.failure(model)) {
        (Some(Some(openapi)), _) => return Some(openapi),
        (Some(None), _) => report.schema_missing.push(model.to_owned()),
        (None, Some(failure)) => report.unread.push(failure.clone()),
        (None, None) => report.not_asked.push(model.to_owned()),
    }
    None
}

fn unclear(model: &str, why: &str) -> ModelError {
    ModelError { model: model.to_owned(), error: format!("the schema cannot be read: {why}") }
}

/// Compares the prices with the price feed and with the vendor's text. An amount that is new in the feed is not reported
/// again from the text.
fn prices(spec: &'static ModelSpec, answers: &VendorAnswers, report: &mut DriftReport) {
    let rows = answers.feed_prices(spec.id);
    let feed = (!rows.is_empty()).then(|| price::compare_feed(spec, &rows));
    let said = answers.price(spec.id);
    let text = match said {
        Some(said) => Some(price::compare(spec, said)),
        // Neither side has a price.
        None if spec.price.is_none() => None,
        None => Some(PriceMatch::Unclear("it names no price")),
    };
    let ours = || price::known(spec).into_iter().map(Credits::as_f64).collect();
    match (feed, text) {
        (Some(FeedMatch::Differs(theirs)), _) => {
            report.prices_compared += 1;
            report.add(spec.id, Change::FeedPriceChanged { ours: ours(), theirs });
        }
        (_, Some(PriceMatch::Differs)) => {
            report.prices_compared += 1;
            report.add(spec.id, Change::PriceChanged { ours: ours(), theirs: said.unwrap_or_default().to_owned() });
        }
        (Some(FeedMatch::Same), _) | (_, Some(PriceMatch::Same)) => report.prices_compared += 1,
        (Some(FeedMatch::Unclear(why)), text) if said.is_none() || text.is_none() => {
            report.prices_unclear.push(ModelError { model: spec.id.to_owned(), error: why.to_owned() });
        }
        (_, Some(PriceMatch::Unclear(why))) => {
            report.prices_unclear.push(ModelError { model: spec.id.to_owned(), error: why.to_owned() });
        }
        (_, None) => {}
    }
}

#[cfg(test)]
mod tests;
