//! Who runs the bot hears what only they can see to: once until it is over, in their language, never a key.

use std::time::Duration;

use kie::access::{Access, AccessPolicy};
use kie::clock::Clock;
use kie::demo::harness::KEY;
use kie::demo::kie::{KieFault, Route};
use kie::job::{Job, JobState, UserId};
use kie::ledger::Credits;
use kie::quota::Quotas;
use kie::service::StepResult;
use kie::user::User;

use crate::support::database;
use crate::system::bench::Bench;
use crate::system::fixture::{LIMIT, TestSystem};
use crate::system::person::{fill, order, press, receive};
use crate::system::replica::job;
use crate::system::rig::Rig;

const OPERATOR: i64 = 870;

fn access(admins: &[i64]) -> Access {
    Access { policy: AccessPolicy::Open, admins: admins.iter().copied().map(UserId).collect(), list: [].into() }
}

/// Kinds and subjects that were told, with a minus when they were over.
async fn told(bench: &Bench) -> Vec<String> {
    bench.worker.alert_operator().await.unwrap();
    let alerts = std::mem::take(&mut *bench.notes.alerts.lock().unwrap());
    let name = |is_over, kind: &str| format!("{}{kind}", if is_over { "-" } else { "" });
    alerts.iter().map(|alert| name(alert.is_over, alert.kind.as_str())).collect()
}

async fn run(bench: &Bench, name: &str) -> Job {
    let job = job(name, 871, bench.clock.now());
    bench.store.add_job(&job).await.unwrap();
    for _ in 0..40 {
        while bench.worker.run_one().await.unwrap() != StepResult::Idle {}
        bench.clock.advance(Duration::from_secs(2));
        let state = bench.state(&job).await;
        if matches!(state, JobState::Delivered | JobState::Failed | JobState::Unknown | JobState::Unreadable) {
            break;
        }
    }
    bench.store.job(&job.id).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_key_that_is_refused_is_told_until_it_is_accepted() {
    let bench = Bench::with_keys(&["a-key-of-another-account"]).await;
    assert!(told(&bench).await.is_empty());
    bench.kie.fault(KieFault::code(Route::Create, 401, "no"));
    assert_eq!(run(&bench, "one").await.state, JobState::Delivered, "with the other key");
    bench.worker.alert_operator().await.unwrap();
    let alert = std::mem::take(&mut *bench.notes.alerts.lock().unwrap()).pop().unwrap();
    assert_eq!((alert.subject, alert.detail), (bench.client.keys()[0].label.0.clone(), "401".to_owned()));
    assert!(told(&bench).await.is_empty(), "once");
    bench.clock.advance(Duration::from_secs(3600));
    run(&bench, "two").await;
    assert_eq!(told(&bench).await, ["-key_refused"]);
    assert!(told(&bench).await.is_empty());
}

#[tokio::test]
async fn a_model_that_begins_to_refuse_and_many_failures_are_told() {
    let bench = Bench::new().await;
    run(&bench, "fine").await;
    bench.kie.fault(KieFault::times(Route::Create, 5, KieFault::code(Route::Create, 501, "no").effect));
    for n in 0..4 {
        assert_eq!(run(&bench, &format!("no{n}")).await.failure.unwrap().code, "501");
    }
    assert!(told(&bench).await.is_empty(), "four may be chance");
    run(&bench, "no4").await;
    assert_eq!(told(&bench).await, ["model_refuses"]);
    run(&bench, "fine again").await;
    assert_eq!(told(&bench).await, ["-model_refuses"]);
    bench.kie.fault(KieFault::times(Route::Create, 40, KieFault::code(Route::Create, 501, "no").effect));
    for n in 0..14 {
        run(&bench, &format!("again{n}")).await;
    }
    assert_eq!(told(&bench).await, ["failure_rate", "model_refuses"]);
    bench.clock.advance(Duration::from_secs(3600));
    assert_eq!(told(&bench).await, ["-failure_rate"], "nothing has failed for an hour");
}

#[tokio::test]
async fn jobs_that_wait_for_a_decision_are_told_once_and_not_when_they_are_decided() {
    let bench = Bench::new().await;
    bench.kie.fault(KieFault::once(Route::Create, kie::demo::kie::KieFaultEffect::LoseReply));
    let mut lost = run(&bench, "lost").await;
    for _ in 0..60 {
        if lost.state == JobState::Unknown {
            break;
        }
        bench.clock.advance(Duration::from_secs(60));
        while bench.worker.run_one().await.unwrap() != StepResult::Idle {}
        lost = bench.store.job(&lost.id).await.unwrap().unwrap();
    }
    assert_eq!(lost.state, JobState::Unknown);
    assert_eq!(told(&bench).await, ["unknown_job"]);
    assert!(told(&bench).await.is_empty());
    bench.service.job_admin().give_up(&lost.id, JobState::Unknown).await.unwrap();
    assert!(told(&bench).await.is_empty());
    assert!(bench.store.open_alerts().await.unwrap().is_empty());
}

#[tokio::test]
async fn low_credits_are_told_where_the_operator_wants_it() {
    let mut bench = Bench::new().await;
    bench.kie.set_balance(99.0);
    assert!(told(&bench).await.is_empty());
    bench.watch_credits(Credits::from_milli(100_000));
    assert_eq!(told(&bench).await, ["low_credits"]);
    bench.kie.set_balance(105.0);
    assert!(told(&bench).await.is_empty(), "not worth a word");
    bench.kie.set_balance(110.0);
    assert_eq!(told(&bench).await, ["-low_credits"]);
}

/// The words, in the language of each admin, in one message; and neither the key nor the wishes of people.
#[tokio::test]
async fn each_admin_is_told_in_their_language_in_one_message() {
    let rig = Rig::with_access(access(&[OPERATOR, 872])).await;
    let life = rig.life().await;
    let (one, two) = (rig.telegram.chat(OPERATOR), rig.telegram.chat(872));
    let user = User { id: UserId(872), language: "ru".to_owned(), created_at: rig.clock.now() };
    life.service.put_user(&user).await.unwrap();
    rig.kie.set_balance(0.0);
    life.store.add_job(&job("poor", 873, rig.clock.now())).await.unwrap();
    life.work().await;
    assert_eq!(life.worker.alert_operator().await.unwrap(), 2);
    let text = |chat: &kie::demo::telegram::ChatHandle| {
        let all: Vec<_> = chat.view().from_bot().map(|message| message.text.clone()).collect();
        all.last().cloned().unwrap_or_default()
    };
    assert!(text(&one).contains("🔴 The account at KIE is out of credits"), "{}", text(&one));
    assert!(text(&one).contains("its account is out of credits") && !text(&one).contains(KEY), "{}", text(&one));
    assert!(text(&two).contains("На счёте в KIE кончились кредиты"), "{}", text(&two));
    assert!(!text(&one).contains("a boat"), "{}", text(&one));
    assert_eq!(one.view().from_bot().count(), 1);
    rig.kie.set_balance(9.0);
    rig.clock.advance(Duration::from_secs(5));
    life.worker.probe_shortage().await.unwrap();
    assert_eq!(life.worker.alert_operator().await.unwrap(), 1);
    assert!(text(&two).contains("🟢 На счёте в KIE снова есть кредиты"), "{}", text(&two));
}

/// The whole program on both databases: the limit of all orders is reached, and there is room again.
async fn cap(mut system: TestSystem) {
    system.config.access = access(&[OPERATOR]);
    system.tuning.worker.alert_interval = Duration::from_millis(100);
    let bot = system.bot().await;
    let (operator, chat) = (system.telegram.chat(OPERATOR), system.telegram.chat(874));
    order(&chat, "a boat").await;
    receive(&chat).await;
    bot.stop().await;
    let price = system.job(chat.id()).await.quote.unwrap().credits;
    system.config.quotas = Quotas { total: Some(price.times(1.5)), ..Quotas::NONE };
    let bot = system.bot().await;
    fill(&chat, "a ship").await;
    press(&chat, "✅ Create").await;
    operator.wait_text("🔴 The limit of all orders in 24 hours is reached", LIMIT).await.unwrap();
    bot.stop().await;
    // The operator allows more.
    system.config.quotas = Quotas { total: Some(price.times(3.0)), ..Quotas::NONE };
    let bot = system.bot().await;
    operator.wait_text("🟢 There is room for orders", LIMIT).await.unwrap();
    press(&chat, "✅ Create").await;
    system.kie.wait_for_creates(2, LIMIT).await.unwrap();
    bot.stop().await;
    assert_eq!(operator.view().from_bot().count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cap_of_all_orders_is_told_in_sqlite() {
    cap(TestSystem::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cap_of_all_orders_is_told_in_postgres() {
    database::with_database(|url| async move { cap(TestSystem::postgres(url).await).await }).await;
}
