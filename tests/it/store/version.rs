//! Programs and tables of different versions: upgrades with rows in the tables, and older programs beside newer tables.

use std::path::Path;
use std::time::{Duration, Instant};

use kie::store;
use kie::store_error::StoreError;
use sqlx::{Connection, PgConnection};

use crate::store::{change_postgres, change_sqlite, contract, url_of};
use crate::support::database;

/// As the version before left it.
const BEFORE: &str = "DROP INDEX jobs_settled; ALTER TABLE jobs DROP COLUMN stripped_at;
    ALTER TABLE jobs DROP COLUMN not_found_since; DROP TABLE bot; DROP TABLE schema_compat;
    DELETE FROM _sqlx_migrations WHERE version >= 10;";

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
async fn tables_of_the_version_before_are_upgraded_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let url = url_of(&path);
    fill(&url).await;
    change_sqlite(&path, BEFORE).await;
    expect_version(store::open_as_is(&url).await, "start the bot once");
    expect_version(store::open_as_is(&url).await, "is of an older version");
    finds_the_job(&url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_the_version_before_are_upgraded_in_postgres() {
    database::with_database(|url| async move {
        expect_version(store::open_as_is(&url).await, "has no tables yet");
        fill(&url).await;
        change_postgres(&url, BEFORE).await;
        expect_version(store::open_as_is(&url).await, "is of an older version");
        expect_version(store::open_as_is(&url).await, "start the bot once");
        finds_the_job(&url).await;
    })
    .await;
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
