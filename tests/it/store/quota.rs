//! Limits on orders hold for many orders at once.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use kie::job::{ChatId, Job, JobState, UserId};
use kie::ledger::{Credits, Entry, EntryKind};
use kie::quota::{Quota, QuotaExceeded, Quotas};
use kie::schema::{Certainty, Quote};
use kie::store::{self, Added, JobChange, Store};
use kie::tariff::Allowance;

use crate::store::contract::at;
use crate::support::database;

fn credits(whole: i64) -> Credits {
    Credits::from_milli(whole * 1000)
}

/// An order of a person for three credits.
fn order(user: i64, id: &str, seconds: i64) -> Job {
    let quote = Some(Quote { credits: credits(3), certainty: Certainty::Exact });
    Job { quote, ..Job::new(id.into(), UserId(user), ChatId(user), id, "maker/model", at(seconds)) }
}

/// Places many orders at once; returns how many were added, and how the others were refused.
async fn place(store: &Arc<dyn Store>, orders: Vec<Job>, quotas: Quotas) -> (usize, Vec<Quota>) {
    let placed = orders.into_iter().map(|order| {
        let store = store.clone();
        tokio::spawn(async move { store.add_job_within(&order, &quotas, Allowance::NONE).await.unwrap() })
    });
    let (mut added, mut refused) = (0, Vec::new());
    for answer in join_all(placed).await {
        match answer.unwrap() {
            Added::New => added += 1,
            Added::OverQuota(exceeded) => refused.push(exceeded.quota),
            other @ (Added::Known(_) | Added::NotFree | Added::Unfunded(_)) => panic!("{other:?}"),
        }
    }
    refused.dedup();
    (added, refused)
}

async fn two_hundred_presses_pass_no_limit(store: &Arc<dyn Store>) {
    let many = |user: i64| -> Vec<Job> { (0..200).map(|n| order(user, &format!("{user}-{n}"), 1)).collect() };
    let cases = [
        (1, Quotas { running: Some(4), ..Quotas::NONE }, 4, Quota::Running(4)),
        (2, Quotas { starts: Some(5), ..Quotas::NONE }, 5, Quota::Starts(5)),
        (3, Quotas { order: Some(credits(2)), ..Quotas::NONE }, 0, Quota::Order(credits(2))),
        (4, Quotas { day: Some(credits(10)), ..Quotas::NONE }, 3, Quota::Day(credits(10))),
        (5, Quotas { month: Some(credits(18)), ..Quotas::NONE }, 6, Quota::Month(credits(18))),
    ];
    for (user, quotas, most, quota) in cases {
        assert_eq!(place(store, many(user), quotas).await, (most, vec![quota]), "{quotas:?}");
    }
    // All people together, of whom the ones above have spent 54 already.
    let everybody = (100..300).map(|user| order(user, &format!("of-{user}"), 2)).collect();
    let quotas = Quotas { total: Some(credits(100)), day: Some(credits(3)), ..Quotas::NONE };
    assert_eq!(place(store, everybody, quotas).await, (15, vec![Quota::Total(credits(100))]));
}

async fn time_and_failures_make_room(store: &Arc<dyn Store>) {
    let (day, quotas) = (credits(6), Quotas { day: Some(credits(6)), ..Quotas::NONE });
    let add =
        async |id: &str, seconds| store.add_job_within(&order(7, id, seconds), &quotas, Allowance::NONE).await.unwrap();
    assert_eq!(add("a", 1000).await, Added::New);
    assert_eq!(add("b", 1100).await, Added::New);
    let again = Some(at(1000) + Duration::from_secs(24 * 3600));
    assert_eq!(add("c", 1200).await, Added::OverQuota(QuotaExceeded { quota: Quota::Day(day), again }));
    // The same press again finds its job, limit or not.
    assert!(matches!(add("a", 1200).await, Added::Known(job) if job.id == "a".into()));
    // What was given back does not count.
    let entry = Some(Entry { kind: EntryKind::Release, credits: credits(3) });
    let change = JobChange { entry, ..JobChange::default() };
    store.decide(&"b".into(), JobState::Held, JobState::Cancelled, &change, at(1300)).await.unwrap();
    assert_eq!(add("c", 1400).await, Added::New);
    assert_eq!(add("d", 1000 + 24 * 3600).await, Added::New, "the first is a day old");

    // Orders that are done make room for others.
    let quotas = Quotas { running: Some(2), starts: Some(2), ..Quotas::NONE };
    let add =
        async |id: &str, seconds| store.add_job_within(&order(8, id, seconds), &quotas, Allowance::NONE).await.unwrap();
    assert_eq!(add("e", 1).await, Added::New);
    assert_eq!(add("f", 20).await, Added::New);
    let over = |quota, again| Added::OverQuota(QuotaExceeded { quota, again });
    assert_eq!(add("g", 30).await, over(Quota::Running(2), None));
    for id in ["e", "f"] {
        let change = JobChange::default();
        store.decide(&id.into(), JobState::Held, JobState::Cancelled, &change, at(40)).await.unwrap();
    }
    assert_eq!(add("g", 50).await, over(Quota::Starts(2), Some(at(61))));
    assert_eq!(add("g", 61).await, Added::New);
}

async fn both(store: Arc<dyn Store>) {
    two_hundred_presses_pass_no_limit(&store).await;
    time_and_failures_make_room(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_hold_for_many_orders_at_once_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    both(store::open(&format!("sqlite:{}", folder.path().join("bot.db").display())).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_hold_for_many_orders_at_once_in_postgres() {
    database::with_database(|url| async move { both(store::open(&url).await.unwrap()).await }).await;
}
