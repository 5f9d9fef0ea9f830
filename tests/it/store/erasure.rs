//! A person is forgotten, and the sums of money stay.

use std::sync::Arc;

use kie::audit::Actor;
use kie::clock::ManualClock;
use kie::inbox::{InboxBatch, Update};
use kie::job::{ChatId, Job, JobState, UserId};
use kie::ledger::{Entry, EntryKind, Money, WalletId};
use kie::service::{Books, EraseError, Erasure, UserAdmin};
use kie::store::{self, Erased, JobChange, NOBODY, Store};
use kie::transfer::{Transfer, TransferKind};
use kie::user::{Draft, DraftKey, User};
use serde_json::json;

use crate::store::contract::{self, at};
use crate::store::retention::{add, add_settled, beside};
use crate::support::database;

/// Whose the jobs of the contract are.
const ANN: UserId = UserId(7);
const BOB: UserId = UserId(8);
const PRIVATE: ChatId = ChatId(7);

async fn find(store: &dyn Store, id: &str) -> Job {
    store.job(&id.into()).await.unwrap().unwrap()
}

fn key(chat: ChatId, user: UserId) -> DraftKey {
    DraftKey { chat, topic: None, user }
}

async fn open_jobs(admin: &UserAdmin, user: UserId) -> Vec<String> {
    match admin.erase(user, false).await {
        Err(EraseError::OpenJobs(open)) => open.jobs.into_iter().map(|job| job.id.0).collect(),
        other => panic!("{other:?}"),
    }
}

async fn check(store: Arc<dyn Store>) {
    let admin = UserAdmin::new(store.clone(), Arc::new(ManualClock::new(at(9))), Actor::Person(UserId(1)));
    let shared = store.clone();
    let store = store.as_ref();
    let group = contract::job("any", 0).chat;
    for id in [ANN, BOB] {
        store.put_user(&User { id, language: "en".to_owned(), created_at: at(0) }).await.unwrap();
        for chat in [ChatId(id.0), group] {
            store.put_draft(&Draft { key: key(chat, id), body: json!({}), updated_at: at(0) }, None).await.unwrap();
        }
    }
    add_settled(store, "done", JobState::Delivering, JobState::Delivered).await;
    for (id, user, chat) in [("private", ANN, PRIVATE), ("bob", BOB, group)] {
        let job = Job { user, chat, quote: None, state: JobState::Cancelled, ..contract::job(id, 0) };
        store.add_job(&job).await.unwrap();
    }
    add(store, "lost", JobState::Unknown).await;
    add(store, "kept", JobState::Undeliverable).await;
    let update = |id: i64, chat: ChatId| Update { id, chat, body: json!({"message": {}}) };
    let put = vec![update(1, PRIVATE), update(2, group), update(3, ChatId(BOB.0))];
    store.apply("w", &InboxBatch { put, ..InboxBatch::default() }, at(0)).await.unwrap();
    let bob = find(store, "bob").await;

    // Money in flight must end first; nothing is changed until then.
    assert_eq!(open_jobs(&admin, ANN).await, ["kept", "lost"], "what waits for a decision, and what is owed");
    assert!(store.user(ANN).await.unwrap().is_some());
    assert_eq!(find(store, "done").await.user, ANN);
    let given_up = JobChange {
        entry: Some(Entry { kind: EntryKind::Release, credits: contract::job("any", 0).quote.unwrap().credits }),
        ..JobChange::default()
    };
    store.decide(&"lost".into(), JobState::Unknown, JobState::Failed, &given_up, at(1)).await.unwrap();
    assert_eq!(open_jobs(&admin, ANN).await, ["kept"]);
    // The hold of an undeliverable result is captured: here it is open, so not even that is enough.
    assert!(matches!(admin.erase(ANN, true).await, Err(EraseError::OpenJobs(_))));
    store.decide(&"kept".into(), JobState::Undeliverable, JobState::Ready, &JobChange::default(), at(1)).await.unwrap();
    let captured = JobChange {
        entry: given_up.entry.map(|entry| Entry { kind: EntryKind::Capture, ..entry }),
        ..JobChange::default()
    };
    store.decide(&"kept".into(), JobState::Ready, JobState::Delivering, &JobChange::default(), at(1)).await.unwrap();
    store.decide(&"kept".into(), JobState::Delivering, JobState::Undeliverable, &captured, at(1)).await.unwrap();
    assert_eq!(open_jobs(&admin, ANN).await, ["kept"]);

    let erased = admin.erase(ANN, true).await.unwrap();
    assert_eq!(erased, Erasure { jobs: 4, rows: Erased { users: 1, drafts: 2, updates: 1 } });
    assert_eq!(store.user(ANN).await.unwrap(), None);
    for (id, state, entries) in [
        ("done", JobState::Delivered, 2),
        ("private", JobState::Cancelled, 0),
        ("lost", JobState::Failed, 2),
        ("kept", JobState::Undeliverable, 2),
    ] {
        let job = find(store, id).await;
        let nobody = Job {
            state,
            user: NOBODY,
            chat: ChatId(NOBODY.0),
            draft: id.to_owned(),
            stripped: true,
            quote: job.quote,
            doubted: job.doubted,
            created_at: job.created_at,
            updated_at: job.updated_at,
            attempts: job.attempts,
            ..Job::new(id.into(), NOBODY, ChatId(0), "", "maker/model", at(0))
        };
        assert_eq!(job, nobody, "no word, no file and no number is left");
        assert_eq!(beside(store, id).await, [0; 3], "{id}");
        assert_eq!(store.entries(&id.into()).await.unwrap().len(), entries, "{id}: the ledger stays");
    }
    // The others in the group are not affected.
    assert_eq!(find(store, "bob").await, bob);
    assert_eq!(store.jobs_of(group, 9, 0).await.unwrap(), [bob]);
    for (key, is_kept) in
        [(key(PRIVATE, ANN), false), (key(group, ANN), false), (key(group, BOB), true), (key(ChatId(BOB.0), BOB), true)]
    {
        assert_eq!(store.draft(&key).await.unwrap().is_some(), is_kept, "{key:?}");
    }
    assert_eq!(store.open_updates(9).await.unwrap(), [update(2, group), update(3, ChatId(BOB.0))]);
    assert_eq!(admin.erase(ANN, false).await.unwrap(), Erasure::default(), "nothing is left to erase");

    // More jobs than one transaction takes, and the owner, whom the bot needs.
    for n in 0..1001 {
        let job =
            Job { quote: None, user: UserId(9), state: JobState::Cancelled, ..contract::job(&format!("n-{n}"), 0) };
        store.add_job(&job).await.unwrap();
    }
    assert_eq!(admin.erase(UserId(9), false).await.unwrap().jobs, 1001);
    // Money must go back first; then its movements stay without a name.
    let moved = |key: &str, kind| Transfer {
        key: key.to_owned(),
        kind,
        wallet: WalletId(9),
        amount: Money::from_hundredths(250),
        job: None,
        note: Some("for Ann".to_owned()),
        at: at(1),
    };
    store.book(&moved("in", TransferKind::Payment)).await.unwrap();
    let Err(EraseError::Money(wallet)) = admin.erase(UserId(9), true).await else { panic!("money was lost") };
    assert_eq!((wallet.available, wallet.held), (Money::from_hundredths(250), Money::ZERO));
    store.book(&moved("out", TransferKind::Refund)).await.unwrap();
    admin.erase(UserId(9), false).await.unwrap();
    assert_eq!(store.transfers_of(WalletId(9), None, 9).await.unwrap(), []);
    let nameless = store.transfers_of(WalletId(NOBODY.0), None, 9).await.unwrap();
    assert_eq!(nameless.len(), 2);
    assert!(nameless.iter().all(|(_, transfer)| transfer.note.is_none()), "{nameless:?}");
    let report = Books::new(shared, Arc::new(ManualClock::new(at(9)))).check().await.unwrap();
    assert!(report.wrong_wallets.is_empty(), "{report:?}");
    store.add_owner(BOB, at(0)).await.unwrap();
    assert!(matches!(admin.erase(BOB, true).await, Err(EraseError::Owner)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_forgotten_in_sqlite() {
    check(store::open("sqlite::memory:").await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_forgotten_in_postgres() {
    database::with_database(|url| async move { check(store::open(&url).await.unwrap()).await }).await;
}
