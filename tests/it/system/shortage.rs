//! The account at the vendor runs out of credits: orders pause for all, held money goes back, and everything goes on by
//! itself when it was topped up.

use std::time::Duration;

use kie::clock::{Clock, SystemClock};
use kie::demo::kie::Route;
use kie::job::JobState;
use kie::ledger::EntryKind::{Hold, Release};
use kie::service::StepResult;
use kie::store::Added;

use crate::support::database;
use crate::system::bench::Bench;
use crate::system::fixture::{LEADS, LIMIT, TestSystem};
use crate::system::person::{fill, order, photos, press, receive};
use crate::system::replica::job;

const OVER: &str = "the account at the vendor has credits again";

async fn out_and_back(system: TestSystem) {
    let bot = system.bot().await;
    let [one, two] = [571, 572].map(|id| system.telegram.chat(id));
    fill(&two, "a ship").await;
    system.kie.set_balance(0.0);
    order(&one, "a boat").await;
    let told = one.wait_text("New orders are paused", LIMIT).await.unwrap();
    assert!(told.text.contains("Nothing was charged") && told.button("🔁 Try again").is_some(), "{told}");
    assert!(!told.text.contains("402") && !told.text.contains("top up"), "that is not their affair: {told}");
    let refused = system.reaches(one.id(), JobState::Failed).await;
    let price = refused.quote.unwrap().credits.milli();
    assert_eq!(system.ledger(&refused).await, [(Hold, price), (Release, price)]);

    // The next one is refused at once, and keeps the form.
    press(&two, "✅ Create").await;
    let told = two.wait_text("I cannot take new orders just now", LIMIT).await.unwrap();
    assert!(told.text.contains("a ship") && told.button("✅ Create").is_some(), "{told}");

    // A restart changes nothing.
    bot.kill().await;
    let bot = system.bot().await;
    press(&two, "✅ Create").await;
    press(&one, "🔁 Try again").await;
    one.wait_text("I cannot take new orders just now", LIMIT).await.unwrap();
    assert_eq!((system.kie.requests(Route::Create), system.kie.creates().len()), (1, 0));

    bot.says("orders pause").await;
    system.kie.set_balance(100.0);
    bot.says(OVER).await;
    press(&two, "✅ Create").await;
    receive(&two).await;
    press(&one, "✅ Create").await;
    receive(&one).await;
    bot.stop().await;
    assert_eq!((photos(&one), photos(&two), system.kie.creates().len()), (1, 1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_pause_without_credits_and_go_on_by_themselves_in_sqlite() {
    out_and_back(TestSystem::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_pause_without_credits_and_go_on_by_themselves_in_postgres() {
    database::with_database(|url| async move { out_and_back(TestSystem::postgres(url).await).await }).await;
}

/// What one replica has met holds for the others: jobs that wait are given back without a question to the vendor.
#[tokio::test(flavor = "multi_thread")]
async fn a_shortage_holds_for_all_replicas() {
    database::with_database(|url| async move {
        let system = TestSystem::postgres(url).await;
        let chat = system.telegram.chat(573);
        let store = system.store().await;
        let now = || SystemClock.now();
        system.kie.set_balance(0.0);
        let one = system.candidate("info,kie=debug").await;
        one.says(LEADS).await;
        assert_eq!(store.add_job(&job("first", chat.id(), now())).await.unwrap(), Added::New);
        one.says("orders pause").await;
        let two = system.candidate("info,kie=debug").await;
        two.says("orders pause").await;
        for n in 0..20 {
            assert_eq!(store.add_job(&job(&format!("job{n}"), chat.id(), now())).await.unwrap(), Added::New);
        }
        let all_failed = async {
            let mut look = tokio::time::interval(Duration::from_millis(50));
            while store.jobs_in(Some(JobState::Failed), 100).await.unwrap().jobs.len() < 21 {
                look.tick().await;
            }
        };
        tokio::time::timeout(LIMIT, all_failed).await.unwrap();
        assert_eq!(system.kie.requests(Route::Create), 1);
        system.kie.set_balance(100.0);
        one.says(OVER).await;
        two.says(OVER).await;
        assert_eq!(store.add_job(&job("last", chat.id(), now())).await.unwrap(), Added::New);
        receive(&chat).await;
        one.stop().await;
        two.stop().await;
    })
    .await;
}

/// Of several accounts the richest counts, and keys that were refused for want of credits are used again.
#[tokio::test]
async fn the_balance_is_read_with_growing_pauses_and_the_keys_are_used_again() {
    let bench = Bench::with_keys(&["a-key-of-another-account"]).await;
    let work = async || while bench.worker.run_one().await.unwrap() != StepResult::Idle {};
    let order = async |name: &str| {
        let job = job(name, 574, bench.clock.now());
        bench.store.add_job(&job).await.unwrap();
        work().await;
        bench.store.job(&job.id).await.unwrap().unwrap()
    };
    bench.kie.set_balance(0.0);
    assert_eq!(order("poor").await.failure.unwrap().code, "402");
    assert_eq!(bench.kie.requests(Route::Create), 2, "each key once");
    assert!(bench.client.keys().iter().all(|key| key.cooldown.is_some()));
    assert_eq!(order("later").await.state, JobState::Failed);
    assert_eq!(bench.kie.requests(Route::Create), 2, "the vendor was not asked");

    let mut read = Vec::new();
    for second in 0..60 {
        let before = bench.kie.requests(Route::Credit);
        bench.worker.probe_shortage().await.unwrap();
        if bench.kie.requests(Route::Credit) > before {
            read.push(second);
        }
        bench.clock.advance(Duration::from_secs(1));
    }
    assert_eq!(read, [5, 15, 35]);

    bench.kie.set_balance(100.0);
    bench.worker.probe_shortage().await.unwrap();
    assert_eq!(order("early").await.state, JobState::Failed, "not known yet");
    bench.clock.advance(Duration::from_secs(20));
    bench.worker.probe_shortage().await.unwrap();
    assert!(bench.client.keys().iter().all(|key| key.cooldown.is_none()));
    let paid = order("rich").await;
    assert_eq!(paid.state, JobState::Running);
    assert_eq!(paid.key, Some(bench.client.keys()[0].label.0.clone()));
}
