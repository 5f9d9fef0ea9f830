//! Wallets in both databases: holds, ends, and many at once.

use std::sync::Arc;

use futures::future::join_all;
use kie::job::{ChatId, Job, JobState, UserId};
use kie::ledger::{Credits, Entry, EntryKind, Money, Wallet, WalletId};
use kie::schema::{Certainty, Quote};
use kie::store::{self, Added, Booked, JobChange, Store};
use kie::store_error::StoreError;
use kie::tariff::{Charge, Markup, Rate, Tariff};
use kie::transfer::{Transfer, TransferKind};

use crate::store::contract::at;
use crate::support::database;

pub(crate) fn units(whole: i64) -> Money {
    Money::from_hundredths(whole * 100)
}

fn tariff() -> Tariff {
    let currency = "⭐".parse().unwrap();
    let (rate, markup) = (Rate(1_000_000), Markup(0));
    Tariff { rate, markup, rounding: units(1), minimum: Money::ZERO, fixed: None, currency }
}

/// An order of a person for three units, which `payer` pays.
pub(crate) fn order(user: i64, payer: i64, id: &str) -> Job {
    let quote = Some(Quote { credits: Credits::from_milli(3000), certainty: Certainty::Exact });
    let charge = Some(Charge { payer: WalletId(payer), price: units(3), tariff: tariff(), free: None });
    Job { quote, charge, ..Job::new(id.into(), UserId(user), ChatId(user), id, "maker/model", at(1)) }
}

pub(crate) fn payment(wallet: i64, key: &str, amount: Money) -> Transfer {
    let (key, wallet, kind) = (key.to_owned(), WalletId(wallet), TransferKind::Payment);
    Transfer { key, kind, wallet, amount, job: None, note: None, at: at(0) }
}

pub(crate) fn end(job: &Job, kind: EntryKind, parts: &[(TransferKind, Money)]) -> JobChange {
    let charge = job.charge.unwrap();
    let transfer =
        |(kind, amount): &(TransferKind, Money)| Transfer::of_job(*kind, &job.id, charge.payer, *amount, at(2));
    let entry = Some(Entry { kind, credits: job.quote.unwrap().credits });
    JobChange { entry, transfers: parts.iter().map(transfer).collect(), ..JobChange::default() }
}

async fn has(store: &Arc<dyn Store>, wallet: i64, available: i64, held: i64) {
    let expected = Wallet { available: units(available), held: units(held) };
    assert_eq!(store.wallet(WalletId(wallet)).await.unwrap(), expected, "{wallet}");
}

async fn an_order_is_held_and_ends_once(store: &Arc<dyn Store>) {
    assert_eq!(store.add_job(&order(1, 1, "poor")).await.unwrap(), Added::Unfunded(Money::ZERO));
    assert_eq!(store.job(&"poor".into()).await.unwrap(), None, "nothing is left of a refused order");
    assert_eq!(store.book(&payment(1, "p1", units(10))).await.unwrap(), Booked::New);
    assert_eq!(store.book(&payment(1, "p1", units(10))).await.unwrap(), Booked::Known);
    let job = order(1, 1, "a");
    assert_eq!(store.add_job(&job).await.unwrap(), Added::New);
    assert_eq!(store.job(&job.id).await.unwrap().unwrap().charge, job.charge);
    assert!(matches!(store.add_job(&job).await.unwrap(), Added::Known(_)), "the second press");
    has(store, 1, 7, 3).await;
    // Two of three units were charged.
    let parts = [(TransferKind::Capture, units(2)), (TransferKind::Release, units(1))];
    let change = end(&job, EntryKind::Capture, &parts);
    store.decide(&job.id, JobState::Held, JobState::Submitting, &JobChange::default(), at(2)).await.unwrap();
    store.decide(&job.id, JobState::Submitting, JobState::Ready, &change, at(2)).await.unwrap();
    has(store, 1, 8, 0).await;
    let again = store.decide(&job.id, JobState::Ready, JobState::Delivering, &change, at(2)).await.unwrap_err();
    assert!(matches!(again, StoreError::Booked { kind: EntryKind::Capture, .. }), "{again:?}");
    has(store, 1, 8, 0).await;

    let job = order(1, 1, "b");
    store.add_job(&job).await.unwrap();
    let change = end(&job, EntryKind::Release, &[(TransferKind::Release, units(3))]);
    store.decide(&job.id, JobState::Held, JobState::Cancelled, &change, at(3)).await.unwrap();
    has(store, 1, 8, 0).await;
    let statement = store.transfers_of(WalletId(1), None, 10).await.unwrap();
    let kinds: Vec<_> = statement.iter().map(|(_, transfer)| transfer.kind).collect();
    use TransferKind::{Capture, Hold, Payment, Release};
    assert_eq!(kinds, [Release, Hold, Release, Capture, Hold, Payment]);
    let older = store.transfers_of(WalletId(1), Some(statement[3].0), 10).await.unwrap();
    assert_eq!(older.len(), 2);
}

async fn many_at_once_never_overdraw(store: &Arc<dyn Store>) {
    store.book(&payment(2, "p2", units(20))).await.unwrap();
    let orders = (0..200).map(|n| order(2, 2, &format!("many-{n}")));
    let placed = orders.map(|job| {
        let store = store.clone();
        tokio::spawn(async move { store.add_job(&job).await.unwrap() })
    });
    let placed: Vec<Added> = join_all(placed).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(placed.iter().filter(|added| **added == Added::New).count(), 6);
    assert_eq!(placed.iter().filter(|added| **added == Added::Unfunded(units(2))).count(), 194);
    has(store, 2, 2, 18).await;
    // One payment that is told two hundred times.
    let told = (0..200).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.book(&payment(2, "charge-1", units(5))).await.unwrap() })
    });
    let told: Vec<Booked> = join_all(told).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(told.iter().filter(|booked| **booked == Booked::New).count(), 1);
    has(store, 2, 7, 18).await;
    let take = |key: &str, amount| Transfer { kind: TransferKind::TakeBack, ..payment(2, key, amount) };
    assert_eq!(store.book(&take("t1", units(8))).await.unwrap(), Booked::Short);
    assert_eq!(store.book(&take("t1", units(7))).await.unwrap(), Booked::New, "a refused transfer takes no key");
    // All or none.
    let both = [payment(3, "p3", units(1)), take("t2", units(1))];
    assert_eq!(store.book_all(&both).await.unwrap(), Booked::Short);
    has(store, 3, 0, 0).await;
}

async fn a_purse_moves_with_its_group(store: &Arc<dyn Store>) {
    store.book(&payment(-5, "p5", units(9))).await.unwrap();
    store.book(&payment(-1005, "p1005", units(1))).await.unwrap();
    let job = order(4, -5, "of-the-group");
    store.add_job(&job).await.unwrap();
    store.move_chat(ChatId(-5), ChatId(-1005)).await.unwrap();
    has(store, -1005, 7, 3).await;
    has(store, -5, 7, 3).await;
    let change = end(&job, EntryKind::Release, &[(TransferKind::Release, units(3))]);
    store.decide(&job.id, JobState::Held, JobState::Cancelled, &change, at(3)).await.unwrap();
    has(store, -1005, 10, 0).await;
    assert_eq!(store.transfers_of(WalletId(-5), None, 10).await.unwrap().len(), 4, "of both numbers");
}

async fn check(store: Arc<dyn Store>) {
    an_order_is_held_and_ends_once(&store).await;
    many_at_once_never_overdraw(&store).await;
    a_purse_moves_with_its_group(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wallets_are_right_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    check(store::open(&format!("sqlite:{}", folder.path().join("bot.db").display())).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wallets_are_right_in_postgres() {
    database::with_database(|url| async move { check(store::open(&url).await.unwrap()).await }).await;
}
