//! Purses of groups in both databases: of many orders at once no more than a purse can pay, and the books stay right when
//! people and groups go.

use std::sync::Arc;

use futures::future::join_all;
use kie::audit::{Actor, AuditAction, AuditEntry};
use kie::clock::ManualClock;
use kie::job::{ChatId, Job, JobState, UserId};
use kie::ledger::{EntryKind, Money, Wallet, WalletId};
use kie::service::{Books, WalletAdmin};
use kie::store::{self, Added, Booked, JobChange, Store};
use kie::transfer::{Transfer, TransferKind};

use crate::store::contract::at;
use crate::store::wallet::{end, order, payment, units};
use crate::support::database;

const GROUP: i64 = -77;

async fn fill(store: &Arc<dyn Store>, user: i64, group: i64, amount: i64, key: &str) -> Booked {
    let sides = [(TransferKind::FillIn, WalletId(group)), (TransferKind::FillOut, WalletId(user))];
    store.book_all(&Transfer::pass(sides, units(amount), key, at(1))).await.unwrap()
}

async fn available(store: &Arc<dyn Store>, wallet: i64) -> Money {
    store.wallet(WalletId(wallet)).await.unwrap().available
}

/// An order in the group that its purse pays.
fn of_group(user: i64, id: &str) -> Job {
    Job { chat: ChatId(GROUP), ..order(user, GROUP, id) }
}

async fn a_purse_is_filled_with_what_there_is(store: &Arc<dyn Store>) {
    store.book(&payment(1, "p1", units(10))).await.unwrap();
    assert_eq!(fill(store, 1, GROUP, 11, "f1").await, Booked::Short);
    assert_eq!((available(store, 1).await, available(store, GROUP).await), (units(10), units(0)), "all or none");
    // One message that is handled many times, and others that ask for more than there is.
    let many = (0..40).map(|n| {
        let store = store.clone();
        let key = if n % 2 == 0 { "same".to_owned() } else { format!("other-{n}") };
        tokio::spawn(async move { fill(&store, 1, GROUP, 4, &key).await })
    });
    let filled: Vec<Booked> = join_all(many).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(filled.iter().filter(|booked| **booked == Booked::New).count(), 2);
    assert_eq!((available(store, 1).await, available(store, GROUP).await), (units(2), units(8)));
}

async fn many_orders_at_once_get_what_the_purse_has(store: &Arc<dyn Store>) {
    // Eight units are two orders of three, whoever they are of.
    let orders = (0..60).map(|n| {
        let (store, job) = (store.clone(), of_group(2 + n % 5, &format!("last-{n}")));
        tokio::spawn(async move { (store.add_job(&job).await.unwrap(), job) })
    });
    let placed: Vec<(Added, Job)> = join_all(orders).await.into_iter().map(Result::unwrap).collect();
    let (new, others): (Vec<_>, Vec<_>) = placed.into_iter().partition(|(added, _)| *added == Added::New);
    assert_eq!(new.len(), 2);
    assert!(others.iter().all(|(added, _)| matches!(added, Added::Unfunded(left) if *left < units(3))), "{others:?}");
    let expected = Wallet { available: units(2), held: units(6) };
    assert_eq!(store.wallet(WalletId(GROUP)).await.unwrap(), expected);
    // One is delivered and one fails.
    use JobState::{Delivered, Delivering, Failed, Held, Ready, Running, Submitting};
    let parts = [(EntryKind::Capture, TransferKind::Capture), (EntryKind::Release, TransferKind::Release)];
    let paths: [&[JobState]; 2] =
        [&[Held, Submitting, Running, Ready, Delivering, Delivered], &[Held, Submitting, Running, Failed]];
    for (((_, job), (entry, transfer)), path) in new.iter().zip(parts).zip(paths) {
        for (n, states) in path.windows(2).enumerate() {
            let is_last = n + 2 == path.len();
            let change = if is_last { end(job, entry, &[(transfer, units(3))]) } else { JobChange::default() };
            store.decide(&job.id, states[0], states[1], &change, at(2)).await.unwrap();
        }
    }
    let expected = Wallet { available: units(5), held: Money::ZERO };
    assert_eq!(store.wallet(WalletId(GROUP)).await.unwrap(), expected);
}

async fn the_books_outlive_people_and_numbers(store: &Arc<dyn Store>) {
    let clock = Arc::new(ManualClock::new(at(5)));
    let admin = WalletAdmin::new(store.clone(), clock.clone()).by(Actor::Person(UserId(9)));
    // Whoever has filled the purse is forgotten, once nothing of their own is left.
    admin.give(WalletId(1), Money::ZERO - units(2), "rest", None).await.unwrap();
    for user in 1..=6 {
        store.erase_jobs(UserId(user), false, at(6)).await.unwrap();
        let audit = AuditEntry::new(Actor::Person(UserId(9)), AuditAction::Forget, at(6));
        store.erase_user(UserId(user), &audit).await.unwrap();
    }
    assert!(store.transfers_of(WalletId(1), None, 10).await.unwrap().is_empty());
    assert_eq!(available(store, GROUP).await, units(5), "the purse stays");
    let movements = store.transfers_of(WalletId(GROUP), None, 20).await.unwrap();
    assert!(movements.iter().all(|(_, transfer)| transfer.note.is_none()), "{movements:?}");

    store.move_chat(ChatId(GROUP), ChatId(GROUP - 1000)).await.unwrap();
    let group = WalletId(GROUP - 1000);
    let back = async |amount, key| admin.return_purse(group, UserId(7), units(amount), key).await.unwrap();
    assert_eq!(
        [back(6, "b1").await, back(4, "b2").await, back(4, "b2").await],
        [Booked::Short, Booked::New, Booked::Known]
    );
    assert_eq!((available(store, group.0).await, available(store, 7).await), (units(1), units(4)));
    let acts = store.audit(Some(7), None, 10).await.unwrap();
    assert_eq!(acts.len(), 1, "what changes nothing is no act");
    let report = Books::new(store.clone(), clock).check().await.unwrap();
    assert!(report.agrees(), "{report:?}");
    assert_eq!(report.owed.available, units(5));
}

async fn check(store: Arc<dyn Store>) {
    a_purse_is_filled_with_what_there_is(&store).await;
    many_orders_at_once_get_what_the_purse_has(&store).await;
    the_books_outlive_people_and_numbers(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn purses_are_right_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    check(store::open(&format!("sqlite:{}", folder.path().join("bot.db").display())).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn purses_are_right_in_postgres() {
    database::with_database(|url| async move { check(store::open(&url).await.unwrap()).await }).await;
}
