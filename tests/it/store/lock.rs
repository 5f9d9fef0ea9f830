//! Transactions on PostgreSQL lock rows in one order, and a circle that is found all the same is waited out.

use std::sync::Arc;
use std::time::Duration;

use kie::inbox::{InboxBatch, Update};
use kie::job::{ChatId, Job, JobState};
use kie::store::{self, Store};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::task::JoinHandle;

use crate::store::contract::{self, LEASE, at};
use crate::support::{database, postgres};

/// Time limit of every wait.
const LIMIT: Duration = Duration::from_secs(20);

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap()
}

async fn run(connection: &mut PgConnection, statements: &str) {
    sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(connection).await.unwrap();
}

/// Waits until so many sessions of the database wait for a lock.
async fn until_waiting(url: &str, sessions: i64) {
    let count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let mut witness = connect(url).await;
    let waiting = async {
        while sqlx::query_scalar::<_, i64>(count).fetch_one(&mut witness).await.unwrap() < sessions {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LIMIT, waiting).await.expect("it waits");
}

/// Locks the row that is first in the order; until the change ends, the row that is last must be free: a change that locked
/// it before it waits could be waited for by another one that has the first.
async fn last_is_free(url: &str, first: &str, last: &str, change: impl FnOnce() -> JoinHandle<()>) {
    let (mut holder, mut witness) = (connect(url).await, connect(url).await);
    run(&mut holder, &format!("BEGIN; SELECT FROM {first} FOR UPDATE")).await;
    let change = change();
    until_waiting(url, 1).await;
    run(&mut witness, &format!("BEGIN; SELECT FROM {last} FOR UPDATE NOWAIT; COMMIT")).await;
    run(&mut holder, "COMMIT").await;
    tokio::time::timeout(LIMIT, change).await.expect("it ends").unwrap();
    holder.close().await.unwrap();
    witness.close().await.unwrap();
}

fn update(id: i64, chat: i64) -> Update {
    Update { id, chat: ChatId(chat), body: json!({}) }
}

fn put(updates: &[Update]) -> InboxBatch {
    InboxBatch { put: updates.to_vec(), claim_new_chats: true, ..InboxBatch::default() }
}

/// Two processes, each with a chat that ends and an update for the other's, waited for one another.
async fn chats(url: &str, store: &Arc<dyn Store>) {
    for (worker, id, chat) in [("a", 1, 10), ("b", 2, 5), ("a", 3, 4)] {
        store.register(worker, at(0), LEASE).await.unwrap();
        store.apply(worker, &put(&[update(id, chat)]), at(0)).await.unwrap();
    }
    last_is_free(url, "turns WHERE chat_id = 5", "turns WHERE chat_id = 10", || {
        let store = store.clone();
        tokio::spawn(async move {
            let batch = InboxBatch { closed: vec![1], ended: vec![ChatId(10)], ..put(&[update(4, 5)]) };
            let done = store.apply("a", &batch, at(1)).await.unwrap();
            assert_eq!((done.claimed, done.still_claimed), (vec![], vec![]), "b has chat 5, and chat 10 is free");
        })
    })
    .await;
    store.apply("a", &put(&[update(5, 10)]), at(1)).await.unwrap();
    last_is_free(url, "turns WHERE chat_id = 4", "turns WHERE chat_id = 10", || {
        let store = store.clone();
        tokio::spawn(async move { store.deregister("a").await.unwrap() })
    })
    .await;
}

async fn jobs(url: &str, store: &Arc<dyn Store>) {
    // The last one in the order is the first one in the table.
    for id in ["z", "a"] {
        store.add_job(&Job { state: JobState::Cancelled, quote: None, ..contract::job(id, 0) }).await.unwrap();
    }
    let job = contract::job("a", 0);
    last_is_free(url, "jobs WHERE id = 'a'", "jobs WHERE id = 'z'", || {
        let store = store.clone();
        tokio::spawn(async move { store.move_chat(job.chat, ChatId(-77)).await.unwrap() })
    })
    .await;
    last_is_free(url, "jobs WHERE id = 'a'", "jobs WHERE id = 'z'", || {
        let store = store.clone();
        tokio::spawn(async move { assert_eq!(store.erase_jobs(job.user, false, at(1)).await.unwrap(), 2) })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_locked_in_one_order() {
    database::with_database(|url| async move {
        let store = store::open(&url).await.unwrap();
        chats(&url, &store).await;
        jobs(&url, &store).await;
    })
    .await;
}

/// What retention deletes is of no hurry: it waits for nobody.
#[tokio::test(flavor = "multi_thread")]
async fn retention_passes_over_what_is_locked() {
    database::with_database(|url| async move {
        let store = store::open(&url).await.unwrap();
        for id in ["a", "b"] {
            store.add_job(&Job { state: JobState::Cancelled, quote: None, ..contract::job(id, 0) }).await.unwrap();
        }
        let mut holder = connect(&url).await;
        run(&mut holder, "BEGIN; SELECT FROM jobs WHERE id = 'a' FOR UPDATE").await;
        let prune = async || {
            let pruning = store.prune(store::Prunable::Jobs, at(1), at(2));
            tokio::time::timeout(LIMIT, pruning).await.expect("it does not wait").unwrap()
        };
        assert_eq!(prune().await, 1);
        run(&mut holder, "COMMIT").await;
        assert_eq!(prune().await, 1);
    })
    .await;
}

/// A deadlock ends one of the two transactions: the caller may try again.
#[tokio::test(flavor = "multi_thread")]
async fn a_deadlock_is_temporary() {
    database::with_database(|url| async move {
        // The session that has waited for so long looks for a circle; only that of the store does.
        let name = url.rsplit('/').next().unwrap();
        postgres::execute(&format!("ALTER DATABASE {name} SET deadlock_timeout = '2s'")).await;
        let store = store::open(&url).await.unwrap();
        let job = contract::job("a", 0);
        store.add_job(&job).await.unwrap();
        let mut other = connect(&url).await;
        run(&mut other, "SET deadlock_timeout = '1h'; BEGIN; SELECT FROM jobs WHERE id = 'a' FOR UPDATE").await;
        let mover = store.clone();
        let moving = tokio::spawn(async move { mover.move_chat(job.chat, ChatId(-77)).await });
        until_waiting(&url, 1).await;
        let circle = format!(
            "INSERT INTO moves (chat_id, became) VALUES ({}, 1) ON CONFLICT (chat_id) DO UPDATE SET became = 1; ROLLBACK",
            job.chat.0
        );
        let closing = tokio::spawn(async move { run(&mut other, &circle).await });
        let error = tokio::time::timeout(LIMIT, moving).await.expect("it ends").unwrap().unwrap_err();
        assert!(error.is_unavailable() && error.to_string().contains("deadlock"), "{error}");
        closing.await.unwrap();
        store.move_chat(job.chat, ChatId(-77)).await.unwrap();
    })
    .await;
}
