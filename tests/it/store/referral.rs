//! Referrals in both databases: a friend is noted once, and rewarded once, however many orders are captured at once.

use std::sync::Arc;

use futures::future::join_all;
use kie::audit::{Actor, AuditAction, AuditEntry};
use kie::clock::ManualClock;
use kie::job::{Job, JobState, UserId};
use kie::ledger::{EntryKind, Money, Wallet, WalletId};
use kie::referral::{ReferralCode, ReferralCount, ReferralTerms, Reward};
use kie::service::Books;
use kie::store::{self, JobChange, Store};
use kie::transfer::TransferKind;
use kie::user::User;

use crate::store::contract::at;
use crate::store::wallet::{end, order, payment, units};
use crate::support::database;

fn terms() -> ReferralTerms {
    ReferralTerms { inviter: units(50), friend: units(20) }
}

pub(crate) fn reward(inviter: i64, friend: i64) -> Reward {
    Reward { inviter: UserId(inviter), friend: UserId(friend), terms: terms() }
}

/// The code of a person's link, made from their number.
pub(crate) async fn code(store: &Arc<dyn Store>, user: i64) -> ReferralCode {
    store.referral_code(UserId(user), &ReferralCode::of_bits(user as u64), at(0)).await.unwrap()
}

async fn comes(store: &Arc<dyn Store>, code: &ReferralCode, friend: i64) -> bool {
    store.add_referral(code, UserId(friend), at(1)).await.unwrap()
}

async fn count(store: &Arc<dyn Store>, inviter: i64) -> (u32, u32, Money) {
    let ReferralCount { came, paid, earned } = store.count_referrals(UserId(inviter)).await.unwrap();
    (came, paid, earned)
}

async fn available(store: &Arc<dyn Store>, wallet: i64) -> Money {
    store.wallet(WalletId(wallet)).await.unwrap().available
}

/// An order that its person pays, on its way to the chat.
async fn on_its_way(store: &Arc<dyn Store>, user: i64, id: &str) -> Job {
    store.book(&payment(user, id, units(3))).await.unwrap();
    let job = order(user, user, id);
    store.add_job(&job).await.unwrap();
    use JobState::{Delivering, Held, Ready, Running, Submitting};
    for states in [Held, Submitting, Running, Ready, Delivering].windows(2) {
        store.decide(&job.id, states[0], states[1], &JobChange::default(), at(1)).await.unwrap();
    }
    job
}

async fn deliver(store: &Arc<dyn Store>, job: &Job, reward: Reward) {
    let change = end(job, EntryKind::Capture, &[(TransferKind::Capture, units(3))]);
    let change = JobChange { reward: Some(reward), ..change };
    store.decide(&job.id, JobState::Delivering, JobState::Delivered, &change, at(2)).await.unwrap();
}

async fn a_friend_is_new_and_comes_once(store: &Arc<dyn Store>) {
    let (mine, others) = (code(store, 1).await, code(store, 2).await);
    let again = store.referral_code(UserId(1), &ReferralCode::of_bits(99), at(5)).await.unwrap();
    assert_eq!(again, mine, "a link stays");
    let known = User { id: UserId(10), language: "en".into(), created_at: at(0) };
    store.put_user(&known).await.unwrap();
    assert!(!comes(store, &mine, 10).await, "who was here before did not come by a link");
    assert!(!comes(store, &mine, 1).await, "not oneself");
    assert!(!comes(store, &ReferralCode::of_bits(12345), 11).await, "nobody's link");
    let many = (0..20).map(|n| {
        let (store, code) = (store.clone(), if n % 2 == 0 { mine.clone() } else { others.clone() });
        tokio::spawn(async move { comes(&store, &code, 11).await })
    });
    let came: Vec<bool> = join_all(many).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(came.iter().filter(|came| **came).count(), 1);
    assert_eq!(count(store, 1).await.0 + count(store, 2).await.0, 1);
}

async fn many_captures_at_once_reward_once(store: &Arc<dyn Store>) {
    assert!(comes(store, &code(store, 3).await, 12).await);
    let mut jobs = Vec::new();
    for n in 0..20 {
        jobs.push(on_its_way(store, 12, &format!("race-{n}")).await);
    }
    let delivered = jobs.iter().cloned().map(|job| {
        let store = store.clone();
        tokio::spawn(async move { deliver(&store, &job, reward(3, 12)).await })
    });
    join_all(delivered).await.into_iter().for_each(Result::unwrap);
    for job in &jobs {
        assert_eq!(store.job(&job.id).await.unwrap().unwrap().state, JobState::Delivered, "all are delivered");
    }
    assert_eq!((available(store, 3).await, available(store, 12).await), (units(50), units(20)));
    assert_eq!(count(store, 3).await, (1, 1, units(50)));
    let by = store.referral_of(UserId(12)).await.unwrap().unwrap().rewarded_by.unwrap();
    assert!(jobs.iter().any(|job| job.id == by));
    let statement = store.transfers_of(WalletId(3), None, 10).await.unwrap();
    let [(_, transfer)] = statement.as_slice() else { panic!("{statement:?}") };
    assert_eq!((transfer.kind, &transfer.job, &transfer.note), (TransferKind::Referral, &None, &None));
}

async fn who_is_forgotten_is_named_nowhere(store: &Arc<dyn Store>) {
    let forget = async |user: i64| {
        let audit = AuditEntry::new(Actor::Person(UserId(9)), AuditAction::Forget, at(9));
        store.erase_user(UserId(user), &audit).await.unwrap();
    };
    let link = code(store, 4).await;
    assert!(comes(store, &link, 13).await && comes(store, &link, 14).await);
    let job = on_its_way(store, 13, "paid").await;
    deliver(store, &job, reward(4, 13)).await;
    forget(13).await;
    assert_eq!(store.referral_of(UserId(13)).await.unwrap(), None);
    assert_eq!(count(store, 4).await, (2, 1, units(50)), "the friend still counts");
    // Of one who was forgotten nothing is left that could reward anybody.
    forget(4).await;
    assert_eq!((count(store, 4).await, store.referral_of(UserId(14)).await.unwrap()), ((0, 0, Money::ZERO), None));
    assert!(!comes(store, &link, 15).await, "the link is gone");
    let before = available(store, 4).await;
    let job = on_its_way(store, 14, "late").await;
    deliver(store, &job, reward(4, 14)).await;
    assert_eq!(available(store, 4).await, before);
    let spent = Wallet { available: Money::ZERO, held: Money::ZERO };
    assert_eq!(store.wallet(WalletId(14)).await.unwrap(), spent, "the order is paid all the same");
}

async fn check(store: Arc<dyn Store>) {
    a_friend_is_new_and_comes_once(&store).await;
    many_captures_at_once_reward_once(&store).await;
    who_is_forgotten_is_named_nowhere(&store).await;
    let report = Books::new(store.clone(), Arc::new(ManualClock::new(at(9)))).check().await.unwrap();
    assert!(report.agrees(), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn friends_are_rewarded_once_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    check(store::open(&format!("sqlite:{}", folder.path().join("bot.db").display())).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn friends_are_rewarded_once_in_postgres() {
    database::with_database(|url| async move { check(store::open(&url).await.unwrap()).await }).await;
}
