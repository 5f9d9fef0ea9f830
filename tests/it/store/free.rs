//! Free orders in both databases: of many at once, no more than the allowance, and a failed one counts no longer.

use std::sync::Arc;

use futures::future::join_all;
use kie::audit::{Actor, AuditAction, AuditEntry};
use kie::clock::ManualClock;
use kie::job::{Job, JobState, UserId};
use kie::ledger::{EntryKind, Money, Wallet, WalletId};
use kie::quota::Quotas;
use kie::service::Books;
use kie::store::{self, Added, JobChange, Store};
use kie::store_error::StoreError;
use kie::tariff::{Allowance, Charge, FreeCount, FreeUse};
use kie::transfer::TransferKind;

use crate::store::contract::at;
use crate::store::wallet::{end, order, units};
use crate::support::database;

const ALLOWANCE: Allowance = Allowance { first: 3, day: 2, max: None };
const DAY: i64 = 24 * 3600;

fn free(user: i64, id: &str, free: FreeUse, seconds: i64) -> Job {
    let job = order(user, user, id);
    let charge = job.charge.map(|charge| Charge { free: Some(free), ..charge });
    Job { charge, created_at: at(seconds), ..job }
}

async fn add(store: &Arc<dyn Store>, job: &Job) -> Added {
    store.add_job_within(job, &Quotas::NONE, ALLOWANCE).await.unwrap()
}

async fn used(store: &Arc<dyn Store>, user: i64, seconds: i64) -> (u32, u32) {
    let FreeCount { first, day } = store.free_used(UserId(user), at(seconds)).await.unwrap();
    (first, day)
}

async fn many_at_once_are_no_more_than_the_allowance(store: &Arc<dyn Store>) {
    let orders = (0..200).map(|n| free(1, &format!("free-{n}"), FreeUse::ALL[n % 2], 10));
    let placed = orders.map(|job| {
        let store = store.clone();
        tokio::spawn(async move { add(&store, &job).await })
    });
    let placed: Vec<Added> = join_all(placed).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(placed.iter().filter(|added| **added == Added::New).count(), 5);
    assert_eq!(placed.iter().filter(|added| **added == Added::NotFree).count(), 195);
    assert_eq!(used(store, 1, 11).await, (3, 2));
    let held = Wallet { available: Money::ZERO, held: units(15) };
    assert_eq!(store.wallet(WalletId(1)).await.unwrap(), held, "the operator's money is held");
    // Another person has an allowance of their own.
    assert_eq!(add(store, &free(2, "other", FreeUse::Day, 10)).await, Added::New);
}

async fn a_day_passes_and_the_first_ones_do_not_come_back(store: &Arc<dyn Store>) {
    for (id, what) in [("a", FreeUse::Day), ("b", FreeUse::Day), ("c", FreeUse::First)] {
        assert_eq!(add(store, &free(3, id, what, 100)).await, Added::New);
    }
    assert!(matches!(add(store, &free(3, "a", FreeUse::Day, 101)).await, Added::Known(_)), "the second press");
    assert_eq!(add(store, &free(3, "d", FreeUse::Day, 99 + DAY)).await, Added::NotFree);
    assert_eq!(store.job(&"d".into()).await.unwrap(), None);
    assert_eq!(used(store, 3, 100 + DAY).await, (1, 0));
    assert_eq!(add(store, &free(3, "d", FreeUse::Day, 100 + DAY)).await, Added::New);
}

async fn an_order_that_came_to_nothing_is_not_counted(store: &Arc<dyn Store>) {
    let job = free(4, "fails", FreeUse::Day, 10);
    add(store, &job).await;
    let parts = [(TransferKind::FreeRelease, units(3))];
    let change = JobChange { is_unused: true, ..end(&job, EntryKind::Release, &parts) };
    store.decide(&job.id, JobState::Held, JobState::Cancelled, &change, at(11)).await.unwrap();
    assert_eq!(used(store, 4, 12).await, (0, 0));
    assert_eq!(store.wallet(WalletId(4)).await.unwrap(), Wallet::default());
    let again = store.decide(&job.id, JobState::Held, JobState::Cancelled, &change, at(12)).await;
    assert!(matches!(again, Err(StoreError::Stale(_))), "{again:?}");
    for id in ["again", "once more"] {
        assert_eq!(add(store, &free(4, id, FreeUse::Day, 13)).await, Added::New);
    }
    assert_eq!(add(store, &free(4, "too many", FreeUse::Day, 13)).await, Added::NotFree, "it came back once");
}

async fn check(store: Arc<dyn Store>) {
    many_at_once_are_no_more_than_the_allowance(&store).await;
    a_day_passes_and_the_first_ones_do_not_come_back(&store).await;
    an_order_that_came_to_nothing_is_not_counted(&store).await;
    let report = Books::new(store.clone(), Arc::new(ManualClock::new(at(9)))).check().await.unwrap();
    assert!(report.agrees(), "{report:?}");
    store.erase_user(UserId(2), &AuditEntry::new(Actor::Person(UserId(9)), AuditAction::Forget, at(9))).await.unwrap();
    assert_eq!(used(&store, 2, 11).await, (0, 0));
    assert_eq!(used(&store, 1, 11).await, (3, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn free_orders_are_counted_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    check(store::open(&format!("sqlite:{}", folder.path().join("bot.db").display())).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn free_orders_are_counted_in_postgres() {
    database::with_database(|url| async move { check(store::open(&url).await.unwrap()).await }).await;
}
