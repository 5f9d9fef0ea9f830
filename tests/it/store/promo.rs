//! Promo codes in both databases: of many people at once no more than the code is for, and each person once.

use std::sync::Arc;

use futures::future::join_all;
use kie::audit::{Actor, AuditAction, AuditEntry};
use kie::clock::ManualClock;
use kie::job::UserId;
use kie::ledger::{Money, WalletId};
use kie::promo::{MISSES, Promo, PromoCode, PromoRefusal};
use kie::service::{Books, PromoAdmin, PromoAdminError};
use kie::store::{self, Store};
use kie::transfer::TransferKind;

use crate::store::contract::at;
use crate::store::wallet::units;
use crate::support::database;

const HOUR: i64 = 3600;

fn code(text: &str) -> PromoCode {
    text.parse().unwrap()
}

async fn add(store: &Arc<dyn Store>, text: &str, uses: u32, until: i64) {
    let clock = Arc::new(ManualClock::new(at(0)));
    let admin = PromoAdmin::new(store.clone(), clock, Actor::Person(UserId(9)));
    admin.add(code(text), units(5), uses, at(until)).await.unwrap();
}

async fn take(store: &Arc<dyn Store>, text: &str, user: i64, seconds: i64) -> Result<Money, PromoRefusal> {
    let key = uuid::Uuid::new_v4().to_string();
    store.use_promo(&code(text), UserId(user), &key, at(seconds)).await.unwrap()
}

async fn at_once(store: &Arc<dyn Store>, text: &'static str, users: Vec<i64>) -> Vec<Result<Money, PromoRefusal>> {
    let taken = users.into_iter().map(|user| {
        let store = store.clone();
        tokio::spawn(async move { take(&store, text, user, 1).await })
    });
    join_all(taken).await.into_iter().map(Result::unwrap).collect()
}

async fn count(store: &Arc<dyn Store>, text: &str) -> u32 {
    store.promo(&code(text)).await.unwrap().unwrap().used
}

async fn available(store: &Arc<dyn Store>, user: i64) -> Money {
    store.wallet(WalletId(user)).await.unwrap().available
}

async fn of_many_at_once_as_many_as_it_is_for(store: &Arc<dyn Store>) {
    add(store, "crowd", 50, HOUR).await;
    let taken = at_once(store, "CROWD", (1000..1200).collect()).await;
    assert_eq!(taken.iter().filter(|taken| **taken == Ok(units(5))).count(), 50);
    assert_eq!(taken.iter().filter(|taken| **taken == Err(PromoRefusal::UsedUp)).count(), 150);
    assert_eq!(count(store, "crowd").await, 50);
    let mut sum = Money::ZERO;
    for user in 1000..1200 {
        sum = sum + available(store, user).await;
    }
    assert_eq!(sum, units(250));
}

async fn each_person_once(store: &Arc<dyn Store>) {
    add(store, "once", 50, HOUR).await;
    let taken = at_once(store, "once", vec![1; 100]).await;
    assert_eq!(taken.iter().filter(|taken| **taken == Ok(units(5))).count(), 1);
    assert_eq!(taken.iter().filter(|taken| **taken == Err(PromoRefusal::UsedBefore(units(5)))).count(), 99);
    assert_eq!((count(store, "once").await, available(store, 1).await), (1, units(5)));
    let statement = store.transfers_of(WalletId(1), None, 10).await.unwrap();
    let [(_, transfer)] = statement.as_slice() else { panic!("{statement:?}") };
    assert_eq!((transfer.kind, transfer.note.as_deref()), (TransferKind::Promo, Some("ONCE")));
}

async fn a_code_ends(store: &Arc<dyn Store>) {
    add(store, "short", 5, HOUR).await;
    assert_eq!(take(store, "short", 2, HOUR - 1).await, Ok(units(5)));
    assert_eq!(take(store, "short", 3, HOUR).await, Err(PromoRefusal::Ended));
    let clock = Arc::new(ManualClock::new(at(2)));
    let admin = PromoAdmin::new(store.clone(), clock, Actor::Person(UserId(9)));
    add(store, "stopped", 5, HOUR).await;
    admin.stop(&code("stopped")).await.unwrap();
    assert_eq!(take(store, "stopped", 3, 3).await, Err(PromoRefusal::Ended));
    assert!(matches!(admin.stop(&code("stopped")).await, Err(PromoAdminError::Stopped)));
    assert!(matches!(admin.stop(&code("none")).await, Err(PromoAdminError::Unknown)));
    let again = admin.add(code("Short"), units(9), 1, at(HOUR)).await;
    assert!(matches!(again, Err(PromoAdminError::Known)), "{again:?}");
    assert!(matches!(admin.add(code("late"), units(9), 1, at(2)).await, Err(PromoAdminError::Empty)));
    assert_eq!(available(store, 3).await, Money::ZERO);
    let newest: Vec<Promo> = store.promos(1).await.unwrap();
    assert_eq!(newest.len(), 1);
    let acts = store.audit(None, None, 50).await.unwrap();
    let stops = acts.iter().filter(|(_, act)| act.action == AuditAction::StopPromo).count();
    assert_eq!(stops, 1, "what changes nothing is no act");
}

async fn guesses_are_bounded(store: &Arc<dyn Store>) {
    add(store, "right", 5, 9 * HOUR).await;
    let wrong = at_once(store, "wrong", vec![4; 50]).await;
    let unknown = wrong.iter().filter(|taken| **taken == Err(PromoRefusal::Unknown)).count();
    assert_eq!(unknown, MISSES as usize, "also of many at once");
    assert_eq!(take(store, "right", 4, 2).await, Err(PromoRefusal::TooManyMisses), "a right one is not looked at");
    assert_eq!(take(store, "right", 5, 2).await, Ok(units(5)), "others may");
    assert_eq!(take(store, "wrong", 4, HOUR).await, Err(PromoRefusal::TooManyMisses));
    assert_eq!(take(store, "right", 4, 1 + HOUR).await, Ok(units(5)));
}

async fn check(store: Arc<dyn Store>) {
    of_many_at_once_as_many_as_it_is_for(&store).await;
    each_person_once(&store).await;
    a_code_ends(&store).await;
    guesses_are_bounded(&store).await;
    let report = Books::new(store.clone(), Arc::new(ManualClock::new(at(9)))).check().await.unwrap();
    assert!(report.agrees(), "{report:?}");
    // A forgotten person is a new one.
    let audit = AuditEntry::new(Actor::Person(UserId(9)), AuditAction::Forget, at(9));
    store.erase_user(UserId(4), &audit).await.unwrap();
    assert_eq!(take(&store, "right", 4, 2 + HOUR).await, Ok(units(5)));
}

#[tokio::test(flavor = "multi_thread")]
async fn promo_codes_are_counted_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    check(store::open(&format!("sqlite:{}", folder.path().join("bot.db").display())).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn promo_codes_are_counted_in_postgres() {
    database::with_database(|url| async move { check(store::open(&url).await.unwrap()).await }).await;
}
