//! Many users at once: every order is carried out, and the sums are right.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::join_all;
use kie::clock::SystemClock;
use kie::demo::kie::{Route, SimKieOptions};
use kie::job::{ChatId, JobState, UserId};
use kie::ledger::Credits;
use kie::ledger::EntryKind::{Capture, Cost, Hold, Release};
use kie::schema::spec::{ModelSpec, WebhookNeed};
use kie::schema::{Certainty, Quote};
use kie::service::{Attachments, FetchError, IncomingFile, Order, Service, SubmitError, Webhooks};

use crate::support::database;
use crate::system::fixture::{TestSystem, quick};
use crate::system::person::{from_words, order, photos, receive};
use crate::system::replica::job;

#[tokio::test(flavor = "multi_thread")]
async fn all_orders_pass_a_vendor_that_is_asked_too_often() {
    let limit = Some((4, Duration::from_secs(2)));
    let system = TestSystem::sqlite_with(SimKieOptions { create_limit: limit, ..quick() }).await;
    let bot = system.bot().await;
    let chats: Vec<_> = (0..14).map(|n| system.telegram.chat(5400 + n)).collect();
    join_all(chats.iter().map(|chat| order(chat, "a boat"))).await;
    join_all(chats.iter().map(receive)).await;
    bot.stop().await;
    assert_eq!(system.kie.creates().len(), 14);
    assert!(system.kie.requests(Route::Create) > 14, "the vendor refused some");
    assert!(chats.iter().all(|chat| photos(chat) == 1));
}

/// F14: several orders passed the same balance check, and the result of the subtraction was ignored.
#[tokio::test(flavor = "multi_thread")]
async fn f14_what_was_held_is_spent_or_given_back_or_undecided() {
    database::with_database(|url| async move {
        let system = TestSystem::postgres(url).await;
        let bot = system.bot().await;
        let ends = [
            ("a boat", JobState::Delivered),
            ("a boat [fail]", JobState::Failed),
            ("a boat [empty]", JobState::Unreadable),
            ("a boat [lost]", JobState::Unknown),
            ("a ship", JobState::Delivered),
        ];
        let chats: Vec<_> = ends.iter().zip(551..).map(|(end, id)| (system.telegram.chat(id), *end)).collect();
        join_all(chats.iter().map(|(chat, (words, _))| order(chat, words))).await;
        join_all(chats.iter().map(|(chat, (_, state))| system.reaches(chat.id(), *state))).await;
        bot.stop().await;

        let store = system.store().await;
        let (mut held, mut spent, mut returned, mut open) =
            (Credits::ZERO, Credits::ZERO, Credits::ZERO, Credits::ZERO);
        for (chat, (words, state)) in &chats {
            let jobs = store.jobs_of(ChatId(chat.id()), 10, 0).await.unwrap();
            assert_eq!((jobs.len(), jobs[0].state), (1, *state), "{words}");
            for entry in store.entries(&jobs[0].id).await.unwrap() {
                match entry.kind {
                    Hold => held = held + entry.credits,
                    Capture => spent = spent + entry.credits,
                    Release => returned = returned + entry.credits,
                    Cost => {}
                }
            }
            if matches!(state, JobState::Unknown | JobState::Unreadable) {
                open = open + jobs[0].quote.unwrap().credits;
            }
        }
        assert!(spent > Credits::ZERO && returned > Credits::ZERO && open > Credits::ZERO);
        assert_eq!(held, spent + returned + open);
    })
    .await;
}

/// A price of nothing is a price: it is held and spent like any other, in both databases.
#[tokio::test(flavor = "multi_thread")]
async fn what_costs_nothing_is_ordered_and_booked() {
    let free = |spec: &&ModelSpec| spec.price.is_some_and(|price| price.range() == (Credits::ZERO, Credits::ZERO));
    let spec = kie::models::all().iter().copied().find(free).unwrap();
    database::with_database(|url| async move {
        for system in [TestSystem::sqlite().await, TestSystem::postgres(url).await] {
            let store = system.store().await;
            let service = Service::new(store.clone(), kie::app::client(&system.config).unwrap(), Arc::new(SystemClock));
            let chat = system.telegram.chat(561);
            let order = Order {
                user: UserId(561),
                chat: ChatId(chat.id()),
                topic: None,
                draft: "free".to_owned(),
                model: spec.into(),
                answers: serde_json::from_str(spec.example).unwrap(),
                attachments: Vec::new(),
                shown: None,
                payer: UserId(561).into(),
                is_free: false,
            };
            let ordered = service.submit(order, &NoFiles).await.unwrap().job;
            let nothing = Quote { credits: Credits::ZERO, certainty: Certainty::Exact };
            assert_eq!(ordered.quote, Some(nothing));
            assert_eq!(system.ledger(&ordered).await, [(Hold, 0)]);
            let bot = system.bot().await;
            let done = system.reaches(chat.id(), JobState::Delivered).await;
            bot.stop().await;
            assert_eq!(done.quote, Some(nothing));
            assert_eq!(system.ledger(&done).await, [(Hold, 0), (Capture, 0)]);
        }
    })
    .await;
}

/// Gives no file back.
struct NoFiles;

#[async_trait]
impl Attachments for NoFiles {
    async fn fetch(&self, _: &str) -> Result<IncomingFile, FetchError> {
        panic!("there are no files");
    }
}

/// A model whose result comes in a webhook alone is paid for in vain where no webhook can be trusted.
#[tokio::test]
async fn what_could_not_be_received_is_not_sold() {
    let spec: &ModelSpec = Box::leak(Box::new(ModelSpec { webhook: WebhookNeed::Result, ..*from_words().1 }));
    let system = TestSystem::sqlite().await;
    let store = system.store().await;
    let clock = Arc::new(SystemClock);
    let plain = Service::new(store.clone(), kie::app::client(&system.config).unwrap(), clock.clone());
    let address = || Webhooks::new(&"https://bot.example.com".parse().unwrap(), &"1:TEST".to_owned().into());
    let unsigned = plain.clone().with_webhooks(address());
    let verifier = kie::client::Verifier::new("secret".to_owned().into(), clock);
    let signed = plain.clone().with_webhooks(address().with_verifier(verifier));
    let order = || Order {
        user: UserId(1),
        chat: ChatId(1),
        topic: None,
        draft: "d".to_owned(),
        model: spec.into(),
        answers: job("priced", 1, plain.now()).input,
        attachments: Vec::new(),
        shown: None,
        payer: UserId(1).into(),
        is_free: false,
    };
    for service in [&plain, &unsigned] {
        let refused = service.submit(order(), &NoFiles).await.unwrap_err();
        assert!(matches!(refused, SubmitError::NeedsWebhook { .. }), "{refused:?}");
        assert!(refused.to_string().contains("PUBLIC_URL and KIE_WEBHOOK_KEY"), "{refused}");
    }
    assert!(store.jobs_of(ChatId(1), 9, 0).await.unwrap().is_empty());
    assert!(signed.submit(order(), &NoFiles).await.unwrap().is_new);
}

/// A form may hold files that are on their way: their placeholders never get to the vendor.
#[tokio::test]
async fn a_placeholder_is_never_ordered() {
    let spec = kie::models::find("qwen/image-to-image").unwrap();
    let system = TestSystem::sqlite().await;
    let store = system.store().await;
    let service = Service::new(store.clone(), kie::app::client(&system.config).unwrap(), Arc::new(SystemClock));
    let order = |url: String| Order {
        user: UserId(1),
        chat: ChatId(1),
        topic: None,
        draft: "d".to_owned(),
        model: spec,
        answers: serde_json::json!({"prompt": "A poster", "image_url": url}).as_object().unwrap().clone(),
        attachments: Vec::new(),
        shown: None,
        payer: UserId(1).into(),
        is_free: false,
    };
    let refused = service.submit(order(kie::job::placeholder_url(7)), &NoFiles).await;
    assert!(matches!(refused, Err(SubmitError::Uploading)), "{refused:?}");
    assert!(store.jobs_of(ChatId(1), 9, 0).await.unwrap().is_empty());
    assert!(service.submit(order("https://example.com/a.png".to_owned()), &NoFiles).await.unwrap().is_new);
}

/// F13: models without a price were sold for a default price.
#[tokio::test]
async fn f13_a_model_without_a_price_is_neither_offered_nor_sold() {
    let spec: &ModelSpec = Box::leak(Box::new(ModelSpec { price: None, ..*from_words().1 }));
    assert!(Service::offers(from_words().1) && !Service::offers(spec));
    let system = TestSystem::sqlite().await;
    let store = system.store().await;
    let service = Service::new(store.clone(), kie::app::client(&system.config).unwrap(), Arc::new(SystemClock));
    let answers = job("priced", 1, service.now()).input;
    let order = |spec: &'static ModelSpec| Order {
        user: UserId(1),
        chat: ChatId(1),
        topic: None,
        draft: "d".to_owned(),
        model: spec.into(),
        answers: answers.clone(),
        attachments: Vec::new(),
        shown: None,
        payer: UserId(1).into(),
        is_free: false,
    };
    let refused = service.submit(order(spec), &NoFiles).await;
    assert!(matches!(refused, Err(SubmitError::NoPrice { .. })), "{refused:?}");
    assert!(store.jobs_of(ChatId(1), 9, 0).await.unwrap().is_empty());
    // With its price the same input is an order.
    assert!(service.submit(order(from_words().1), &NoFiles).await.unwrap().job.quote.is_some());
}
