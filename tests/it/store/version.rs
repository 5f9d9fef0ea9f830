//! Programs and tables of different versions: upgrades with rows in the tables, and older programs beside newer tables.

use std::path::Path;
use std::time::{Duration, Instant};

use kie::job::Job;
use kie::store;
use kie::store_error::StoreError;
use serde_json::json;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, PgConnection, migrate};

use crate::store::{change_postgres, change_sqlite, contract, url_of};
use crate::support::database;

pub(crate) static SQLITE: Migrator = migrate!("src/store/sqlite/migrations");
static POSTGRES: Migrator = migrate!("src/store/postgres/migrations");

/// The oldest tables that are tried.
pub(crate) const FIRST: i64 = 9;

/// The migrations of an earlier version of the program.
pub(crate) fn until(all: &Migrator, version: i64) -> Migrator {
    Migrator::with_migrations(all.iter().filter(|migration| migration.version <= version).cloned().collect())
}

/// The rows that an earlier version has written.
fn rows() -> String {
    let job = contract::job("before", 1);
    let Job { user, chat, topic, draft, model, created_at, .. } = &job;
    let (input, attachments) = (json!(job.input), json!(job.attachments));
    let (topic, at, price) = (topic.unwrap().0, created_at.millis(), job.quote.unwrap().credits.milli());
    format!(
        "INSERT INTO users (id, language, created_at) VALUES ({user}, 'ru', {at});
        INSERT INTO jobs (id, user_id, chat_id, topic, draft, model, input, attachments, quote_credits, quote_certainty, state,
            detached, attempts, created_at, updated_at, due_at)
        VALUES ('before', {user}, {chat}, {topic}, '{draft}', '{model}', '{input}', '{attachments}', {price}, 'at_most',
            'held', FALSE, 0, {at}, {at}, {at});
        INSERT INTO ledger (job, kind, credits, booked_at) VALUES ('before', 'hold', {price}, {at});
        INSERT INTO updates (id, chat_id, body, received_at, closed_at) VALUES (1, {user}, '{{}}', {at}, {at});
        INSERT INTO updates (id, chat_id, body, received_at) VALUES (2, {user}, '{{}}', {at});
        INSERT INTO person_drafts (chat_id, topic, user_id, body, updated_at) VALUES ({user}, 0, {user}, '{{}}', {at})",
        user = user.0,
        chat = chat.0,
    )
}

/// The row of a migration that this program does not know.
const NEXT_IN_SQLITE: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
    VALUES (9998, 'next', 1, x'00', 0);";
const NEXT_IN_POSTGRES: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
    VALUES (9998, 'next', true, '', 0);";

/// The next version allows no older program, or it allows this one again.
const ALONE: &str = "UPDATE schema_compat SET oldest = 9998";
const SHARED: &str = "UPDATE schema_compat SET oldest = 10";

fn expect_version<T>(result: Result<T, StoreError>, words: &str) {
    match result.map(drop) {
        Err(StoreError::Version(text)) => assert!(text.contains(words), "{text}"),
        other => panic!("{other:?}"),
    }
}

/// A job that was stored by another version is found.
async fn finds_the_job(url: &str) {
    for opened in [store::open(url).await, store::open_as_is(url).await] {
        let store = opened.unwrap();
        assert_eq!(store.job(&"before".into()).await.unwrap(), Some(contract::job("before", 1)));
        assert_eq!(store.entries(&"before".into()).await.unwrap().len(), 1);
        store.close().await;
    }
}

/// Stores a job.
async fn fill(url: &str) {
    let store = store::open(url).await.unwrap();
    store.add_job(&contract::job("before", 1)).await.unwrap();
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_and_rows_of_earlier_versions_are_upgraded_in_sqlite() {
    for version in SQLITE.iter().map(|migration| migration.version).filter(|version| *version >= FIRST) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bot.db");
        let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        let mut before = SqliteConnection::connect_with(&options).await.unwrap();
        until(&SQLITE, version).run(&mut before).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(rows())).execute(&mut before).await.unwrap();
        before.close().await.unwrap();
        let url = url_of(&path);
        if SQLITE.iter().any(|migration| migration.version > version) {
            expect_version(store::open_as_is(&url).await, "is of an older version: start the bot once");
        }
        finds_the_job(&url).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_and_rows_of_earlier_versions_are_upgraded_in_postgres() {
    database::with_database(|url| async move {
        expect_version(store::open_as_is(&url).await, "has no tables yet");
    })
    .await;
    for version in POSTGRES.iter().map(|migration| migration.version).filter(|version| *version >= FIRST) {
        database::with_database(|url| async move {
            let mut before = PgConnection::connect(&url).await.unwrap();
            until(&POSTGRES, version).run(&mut before).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(rows())).execute(&mut before).await.unwrap();
            before.close().await.unwrap();
            if POSTGRES.iter().any(|migration| migration.version > version) {
                expect_version(store::open_as_is(&url).await, "is of an older version: start the bot once");
            }
            finds_the_job(&url).await;
        })
        .await;
    }
}

/// A deploy was taken back, or the old version is started again while the new one runs.
#[tokio::test(flavor = "multi_thread")]
async fn an_older_program_works_on_newer_tables_that_allow_it_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let url = url_of(&path);
    fill(&url).await;
    change_sqlite(&path, NEXT_IN_SQLITE).await;
    change_sqlite(&path, SHARED).await;
    finds_the_job(&url).await;
    change_sqlite(&path, ALONE).await;
    expect_version(store::open(&url).await, "written by another version of the bot");
    expect_version(store::open_as_is(&url).await, "its tables are of version 9998");
}

/// As with SQLite.
#[tokio::test(flavor = "multi_thread")]
async fn an_older_program_works_on_newer_tables_that_allow_it_in_postgres() {
    database::with_database(|url| async move {
        fill(&url).await;
        change_postgres(&url, NEXT_IN_POSTGRES).await;
        change_postgres(&url, SHARED).await;
        finds_the_job(&url).await;
        change_postgres(&url, ALONE).await;
        expect_version(store::open(&url).await, "written by another version of the bot");
        expect_version(store::open_as_is(&url).await, "its tables are of version 9998");
    })
    .await;
}

/// A look at a database that is not there makes none.
#[tokio::test]
async fn a_look_creates_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/bot.db");
    expect_version(store::open_as_is(&url_of(&path)).await, "has no tables yet");
    assert!(!Path::new(&path).exists() && !folder.path().join("new").exists());
}

/// A migration waited for ever for a table that somebody had open, and every other process waited behind it.
#[tokio::test(flavor = "multi_thread")]
async fn a_migration_waits_for_a_table_within_a_limit() {
    database::with_database(|url| async move {
        fill(&url).await;
        let before = "DROP TABLE replies; ALTER TABLE jobs DROP COLUMN doubted;
            DELETE FROM _sqlx_migrations WHERE version = 7";
        change_postgres(&url, before).await;
        let mut other = PgConnection::connect(&url).await.unwrap();
        sqlx::raw_sql("BEGIN; LOCK TABLE jobs IN ACCESS SHARE MODE").execute(&mut other).await.unwrap();
        let begun = Instant::now();
        let opened = store::open_within(&url, Duration::from_millis(500));
        let opened = tokio::time::timeout(Duration::from_secs(20), opened).await.expect("it has a limit");
        let error = opened.map(drop).unwrap_err();
        assert!(begun.elapsed() >= Duration::from_secs(2), "as long as for another instance");
        assert!(error.is_unavailable(), "a retry may succeed: {error}");
        assert!(error.to_string().contains("another session has been using them for 2 s"), "{error}");
        other.close().await.unwrap();
        finds_the_job(&url).await;
    })
    .await;
}
