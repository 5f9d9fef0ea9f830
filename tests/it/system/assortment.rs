//! What the operator lets people order, asked again when an order is made.

use std::time::Duration;

use kie::assortment::{ModelOption, RuleChange};
use kie::job::{Attachment, ChatId, JobState, UserId};
use kie::ledger::{Credits, EntryKind};
use kie::quota::{Quota, QuotaExceeded, Quotas};
use kie::schema::spec::ModelSpec;
use kie::schema::{Certainty, Quote};
use kie::service::{Order, Service, SubmitError, Submitted};
use serde_json::{Value, json};

use crate::system::bench::Bench;

const PERSON: UserId = UserId(580);
const OTHER: UserId = UserId(581);

fn spec() -> &'static ModelSpec {
    kie::models::find("nano-banana-2").unwrap().spec
}

async fn submit(
    bench: &Bench,
    service: &Service,
    (user, draft): (UserId, &str),
    spec: &'static ModelSpec,
    more: Value,
) -> Result<Submitted, SubmitError> {
    let mut answers = json!({"prompt": "a boat"}).as_object().unwrap().clone();
    answers.extend(more.as_object().unwrap().clone());
    let order = Order {
        user,
        chat: ChatId(user.0),
        topic: None,
        draft: draft.to_owned(),
        model: spec.into(),
        answers,
        attachments: Vec::<Attachment>::new(),
        shown: None,
        payer: user.into(),
        is_free: false,
    };
    service.submit(order, bench.shelf.as_ref()).await
}

#[tokio::test]
async fn an_order_is_checked_against_the_rules_when_it_is_made() {
    let bench = Bench::new().await;
    let service = &bench.service;
    let none = || json!({});
    let kept = submit(&bench, service, (PERSON, "kept"), spec(), none()).await.unwrap().job;

    let admin = service.model_admin(UserId(42));
    admin.change(spec(), &[RuleChange::Off]).await.unwrap();
    let refused = submit(&bench, service, (PERSON, "off"), spec(), none()).await.unwrap_err();
    let SubmitError::Off { model, nearest: Some(nearest) } = refused else { panic!("{refused:?}") };
    assert_eq!(model, spec().id);
    let nearest = kie::models::find(nearest).unwrap().spec;
    assert!(nearest.id != spec().id && service.assortment(PERSON).await.unwrap().offers(nearest));

    admin.change(spec(), &[RuleChange::On, RuleChange::OnlyFor([OTHER].into())]).await.unwrap();
    let refused = submit(&bench, service, (PERSON, "only"), spec(), none()).await.unwrap_err();
    assert!(matches!(refused, SubmitError::ForOthers { .. }), "{refused:?}");
    assert!(submit(&bench, service, (OTHER, "only"), spec(), none()).await.unwrap().is_new);

    let deny = |value| RuleChange::Deny(ModelOption::find(spec(), "resolution", value).unwrap());
    admin.change(spec(), &[RuleChange::ForAll, deny("4K")]).await.unwrap();
    let refused = submit(&bench, service, (PERSON, "4k"), spec(), json!({"resolution": "4K"})).await.unwrap_err();
    let SubmitError::Denied { denied, .. } = refused else { panic!("{refused:?}") };
    assert_eq!((denied.field, denied.value.as_str()), ("resolution", "4K"));
    assert!(!denied.allowed.is_empty() && !denied.allowed.contains(&"4K".to_owned()), "{denied:?}");
    // A default that is denied is not used silently.
    admin.change(spec(), &[deny("1K")]).await.unwrap();
    let refused = submit(&bench, service, (PERSON, "1k"), spec(), none()).await.unwrap_err();
    assert!(matches!(&refused, SubmitError::Denied { denied, .. } if denied.value == "1K"), "{refused:?}");
    assert!(submit(&bench, service, (PERSON, "2k"), spec(), json!({"resolution": "2K"})).await.unwrap().is_new);

    // What was ordered before is made.
    admin.change(spec(), &[RuleChange::Off]).await.unwrap();
    bench.work().await;
    assert_eq!(bench.kie.creates().len(), 3);
    assert_ne!(bench.state(&kept).await, JobState::Failed);
}

#[tokio::test]
async fn a_change_reaches_other_processes_within_seconds() {
    let bench = Bench::new().await;
    let other = Service::new(bench.store.clone(), bench.client.clone(), bench.clock.clone());
    assert!(other.assortment(PERSON).await.unwrap().offers(spec()));
    bench.service.model_admin(UserId(42)).change(spec(), &[RuleChange::Off]).await.unwrap();
    assert!(!bench.service.assortment(PERSON).await.unwrap().offers(spec()), "this one knows it at once");
    bench.clock.advance(Duration::from_secs(3));
    assert!(!other.assortment(PERSON).await.unwrap().offers(spec()));
}

/// F13: models without a price were sold for a default price.
#[tokio::test]
async fn f13_an_unpriced_model_is_sold_for_what_its_rule_says_and_counts_so() {
    let bench = Bench::new().await;
    let unpriced: &'static ModelSpec = Box::leak(Box::new(ModelSpec { price: None, ..*spec() }));
    let cost = Credits::from_milli(7500);
    let quotas = Quotas { day: Some(cost.times(2.0)), ..Quotas::NONE };
    let service = bench.service.clone().with_quotas(quotas, [].into());
    let order = |draft| submit(&bench, &service, (PERSON, draft), unpriced, json!({}));
    let refused = order("unsold").await.unwrap_err();
    assert!(matches!(refused, SubmitError::NoPrice { .. }), "{refused:?}");

    service.model_admin(UserId(42)).change(unpriced, &[RuleChange::Credits(Some(cost))]).await.unwrap();
    let job = order("sold").await.unwrap().job;
    assert_eq!(job.quote, Some(Quote { credits: cost, certainty: Certainty::Exact }));
    let entries = bench.store.entries(&job.id).await.unwrap();
    assert_eq!(entries.iter().map(|e| (e.kind, e.credits)).collect::<Vec<_>>(), [(EntryKind::Hold, cost)]);
    assert!(order("second").await.unwrap().is_new);
    let refused = order("third").await.unwrap_err();
    assert!(matches!(refused, SubmitError::Quota(QuotaExceeded { quota: Quota::Day(_), .. })), "{refused:?}");

    // Nothing is free unless the operator says so.
    service.model_admin(UserId(42)).change(unpriced, &[RuleChange::Credits(None)]).await.unwrap();
    let refused = order("unsold again").await.unwrap_err();
    assert!(matches!(refused, SubmitError::NoPrice { .. }), "{refused:?}");
    service.model_admin(UserId(42)).change(unpriced, &[RuleChange::Credits(Some(Credits::ZERO))]).await.unwrap();
    let free = order("free").await.unwrap().job;
    assert_eq!(free.quote.map(|quote| quote.credits), Some(Credits::ZERO));
}
