//! The contract of a store, checked on each database, and what is special about each.

mod access;
mod alert;
mod announcement;
mod away;
mod books;
mod clock;
mod contract;
mod erasure;
mod free;
mod inbox;
mod interleaving;
mod invoice;
mod lock;
mod model_rule;
mod person;
mod plan;
mod promo;
mod purse;
mod quota;
mod referral;
mod refund;
mod retention;
mod rollback;
mod shortage;
mod star_subscription;
mod upgrade;
pub(crate) mod version;
mod wake;
mod wallet;

use crate::support::{count, database, pooler, postgres};
use std::path::Path;
use std::task::Poll;
use std::time::Duration;

use kie::inbox::Fence;
use kie::job::{ChatId, Job, JobState, UserId};
use kie::store::{self, JobList, JobQueue, Store};
use kie::store_error::StoreError;
use kie::user::Draft;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// Time limit of calls that must fail.
const SHORT: Duration = Duration::from_millis(100);

fn url_of(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

async fn change_sqlite(path: &Path, statement: &str) {
    let mut connection = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path)).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn change_postgres(url: &str, statement: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn failure(url: &str) -> String {
    let error = store::open_within(url, SHORT).await.map(drop).unwrap_err();
    assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    assert!(!error.to_string().contains("hunter2"), "{error}");
    assert!(!error.to_string().contains('\n'), "{error}");
    error.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn contract_in_a_sqlite_file_and_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/folder/bot.db");
    let store = store::open(&url_of(&path)).await.unwrap();
    contract::check(&store).await;
    contract::leave(store.as_ref()).await;
    store.close().await;
    assert!(store.ping().await.unwrap_err().is_unavailable());

    let store = store::open(&url_of(&path)).await.unwrap();
    contract::find(store.as_ref()).await;
}

/// Some mounts cannot map a file into memory, which a write-ahead log needs. Here the file cannot even be opened.
#[tokio::test(flavor = "multi_thread")]
async fn contract_in_a_sqlite_file_without_shared_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    // Written with a write-ahead log before it was moved there.
    let before = store::open(&url_of(&path)).await.unwrap();
    before.add_job(&contract::job("before", 1)).await.unwrap();
    before.close().await;
    std::fs::create_dir(folder.path().join("bot.db-shm")).unwrap();
    let store = store::open(&url_of(&path)).await.unwrap();
    assert!(store.job(&"before".into()).await.unwrap().is_some());
    store.close().await;

    let path = folder.path().join("new.db");
    std::fs::create_dir(folder.path().join("new.db-shm")).unwrap();
    let store = store::open(&url_of(&path)).await.unwrap();
    contract::check(&store).await;
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn contract_in_sqlite_memory() {
    let store = store::open("sqlite::memory:").await.unwrap();
    contract::check(&store).await;
    // Another database in memory is independent.
    let other = store::open("sqlite::memory:").await.unwrap();
    assert!(count::by_state(other.as_ref()).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn contract_in_postgres_and_after_a_restart() {
    database::with_database(|url| async move {
        let store = store::open(&url).await.unwrap();
        contract::check(&store).await;
        contract::leave(store.as_ref()).await;
        store.close().await;
        assert!(store.ping().await.unwrap_err().is_unavailable());

        let store = store::open(&url).await.unwrap();
        contract::find(store.as_ref()).await;
    })
    .await;
}

/// When a caller stops waiting, at any point, its change is written as a whole or not at all, and the store still
/// works.
async fn drop_callers(url: &str) {
    let (store, witness) = (store::open(url).await.unwrap(), store::open(url).await.unwrap());
    let names: Vec<String> = (0..120).map(|n| format!("dropped-{n:03}")).collect();
    for (n, name) in names.iter().enumerate() {
        let job = contract::job(name, 900);
        let mut call = store.add_job(&job);
        // Polled a few times, then dropped.
        let mut polls = n % 15;
        std::future::poll_fn(|context| {
            if polls == 0 {
                return Poll::Ready(());
            }
            polls -= 1;
            call.as_mut().poll(context).map(drop)
        })
        .await;
        drop(call);
        // The next changes, one of them on the same connection, are visible to all.
        for chat in (0..5).map(ChatId) {
            let draft = Draft { key: contract::draft_key(chat), body: n.into(), updated_at: job.created_at };
            store.put_draft(&draft, None).await.unwrap();
            assert_eq!(witness.draft(&contract::draft_key(chat)).await.unwrap(), Some(draft));
        }
    }
    for name in &names {
        let job = contract::job(name, 900);
        store.add_job(&job).await.unwrap();
        assert_eq!(store.job(&job.id).await.unwrap(), Some(job.clone()));
        assert_eq!(store.entries(&job.id).await.unwrap().len(), 1, "a job and its hold are one transaction");
    }
}

/// F39: a slow handler was cancelled during a transaction.
#[tokio::test(flavor = "multi_thread")]
async fn f39_dropped_callers_leave_nothing_half_done_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    drop_callers(&url_of(&folder.path().join("bot.db"))).await;
}

/// F39: a slow handler was cancelled during a transaction.
#[tokio::test(flavor = "multi_thread")]
async fn f39_dropped_callers_leave_nothing_half_done_in_postgres() {
    database::with_database(|url| async move {
        drop_callers(&url).await;
        // A transaction whose caller is gone may still run, but must end.
        let mut connection = PgConnection::connect(&url).await.unwrap();
        let ended = async {
            let open = "select count(*) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'";
            while sqlx::query_scalar::<_, i64>(open).fetch_one(&mut connection).await.unwrap() > 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), ended).await.expect("no transaction is left open");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_rows_are_named_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let store = store::open(&url_of(&path)).await.unwrap();
    for (column, value) in [("state", "'sideways'"), ("input", "'{'"), ("attempts", "-1")] {
        let job = contract::job(column, 1);
        store.add_job(&job).await.unwrap();
        change_sqlite(&path, &format!("UPDATE jobs SET {column} = {value} WHERE id = '{column}'")).await;
        contract::expect_broken(store.job(&job.id).await, "jobs", column, &job.id.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_rows_are_named_in_postgres() {
    database::with_database(|url| async move {
        let store = store::open(&url).await.unwrap();
        for (column, value) in [("state", "'sideways'"), ("input", "'[1]'"), ("attempts", "-1")] {
            let job = contract::job(column, 1);
            store.add_job(&job).await.unwrap();
            change_postgres(&url, &format!("UPDATE jobs SET {column} = {value} WHERE id = '{column}'")).await;
            contract::expect_broken(store.job(&job.id).await, "jobs", column, &job.id.0);
        }
    })
    .await;
}

/// A newer version, which runs beside this one during a deploy, has written words and values that this one does not know.
async fn newer_rows_are_left(store: &dyn Store, change: impl AsyncFn(&str)) {
    for (n, id) in (1..).zip(["state", "certainty", "output", "known"]) {
        store.add_job(&contract::job(id, n)).await.unwrap();
    }
    change("UPDATE jobs SET state = 'dreaming' WHERE id = 'state'").await;
    change("UPDATE jobs SET quote_certainty = 'about' WHERE id = 'certainty'").await;
    change(r#"UPDATE jobs SET output = '{"urls": {"new": []}}' WHERE id = 'output'"#).await;
    let (chat, now) = (contract::job("known", 4).chat, contract::at(10));
    let ids = |jobs: Vec<Job>| jobs.into_iter().map(|job| job.id.0).collect::<Vec<_>>();
    assert_eq!(ids(store.jobs_of(chat, 9, 0).await.unwrap()), ["known"]);
    assert_eq!(count::by_state(store).await, [(JobState::Held, 3)]);
    let named = |list: &JobList| {
        let newer = list.newer.iter().map(|job| format!("{} {}", job.id, job.state));
        (list.jobs.iter().map(|job| job.id.0.clone()).collect::<Vec<_>>(), newer.collect::<Vec<_>>())
    };
    let all = named(&store.jobs_in(None, 9).await.unwrap());
    assert_eq!(all.0, ["known"]);
    assert_eq!(all.1, ["output held", "certainty held", "state dreaming"], "nothing is passed over in silence");
    let few = named(&store.jobs_in(None, 2).await.unwrap());
    assert_eq!(few.0, ["known"]);
    assert_eq!(few.1, ["output held", "certainty held", "state dreaming"], "older ones of unknown words too");
    let held = named(&store.jobs_in(Some(JobState::Held), 9).await.unwrap());
    assert_eq!(held.1, ["output held", "certainty held"]);

    // Claims pass over them, and do not wait for them.
    for queue in [JobQueue::Submit, JobQueue::All] {
        let claimed = store.claim_from(queue, &[], "old", now, contract::LEASE).await.unwrap();
        let claimed = claimed.expect("the job that this version knows");
        assert_eq!(claimed.job.id.0, "known");
        store.release(&claimed, Some(now), None).await.unwrap();
    }
    let claimed = store.claim("old", now, contract::LEASE).await.unwrap().unwrap();
    store.release(&claimed, None, None).await.unwrap();
    assert!(store.claim("old", now, contract::LEASE).await.unwrap().is_none());
    // The one whose words are known was looked at: it is due again soon, for a process that can read it.
    let due = store.next_due().await.unwrap().expect("it stays in the queue");
    assert!(due > now && due < now + contract::LEASE, "{due:?}");
    change("UPDATE jobs SET output = NULL WHERE id = 'output'").await;
    let claimed = store.claim("new", due, contract::LEASE).await.unwrap().unwrap();
    assert_eq!((claimed.job.id.0.as_str(), claimed.job.attempts), ("output", 1), "looking at it was no attempt");
    // What this version could not read is as it was.
    change("UPDATE jobs SET state = 'held' WHERE id = 'state'").await;
    let back = store.job(&"state".into()).await.unwrap().unwrap();
    assert_eq!((back.state, back.attempts), (JobState::Held, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_a_newer_version_are_left_alone_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let store = store::open(&url_of(&path)).await.unwrap();
    newer_rows_are_left(store.as_ref(), async |statement: &str| change_sqlite(&path, statement).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_a_newer_version_are_left_alone_in_postgres() {
    database::with_database(|url| async move {
        let store = store::open(&url).await.unwrap();
        newer_rows_are_left(store.as_ref(), async |statement: &str| change_postgres(&url, statement).await).await;
    })
    .await;
}

#[tokio::test]
async fn locked_sqlite_database_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let mut other = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql("CREATE TABLE t (n); BEGIN EXCLUSIVE").execute(&mut other).await.unwrap();
    let text = failure(&url_of(&path)).await;
    assert_eq!(text, format!("the database {} is locked by another program", path.display()));

    sqlx::raw_sql("COMMIT").execute(&mut other).await.unwrap();
    let store = store::open_within(&url_of(&path), SHORT).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let error = store.add_job(&contract::job("locked", 1)).await.unwrap_err();
    assert!(error.is_unavailable(), "{error}");
    assert_eq!(error.to_string(), format!("the database {} is locked by another program", path.display()));
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    store.add_job(&contract::job("locked", 1)).await.unwrap();
}

#[tokio::test]
async fn places_where_no_file_can_be_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "not a database, but long enough to be taken for one: ".repeat(40)).unwrap();

    // A folder that cannot be created, even by root.
    let below = file.join("folder/bot.db");
    let text = failure(&url_of(&below)).await;
    assert!(
        text.starts_with(&format!("{}: the folder of the database cannot be created: ", below.display())),
        "{text}"
    );

    let text = failure(&url_of(folder.path())).await;
    assert!(text.contains(&folder.path().display().to_string()), "{text}");
    let text = failure(&url_of(&file)).await;
    assert_eq!(text, format!("the database {} is not a SQLite database", file.display()));
}

#[tokio::test]
async fn wrong_urls_name_the_two_kinds() {
    for url in ["mysql://bot:hunter2@host/db", "hunter2", "", "postgres:hunter2"] {
        let text = failure(url).await;
        assert!(text.contains("sqlite:PATH") && text.contains("postgres://"), "{text}");
    }
    assert!(failure("postgres://bot:hunter2@host:99999/db").await.contains("PostgreSQL"));
}

#[tokio::test]
async fn password_is_never_shown() {
    // A port without a listener: bound and closed again.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let text = failure(&format!("postgres://bot:hunter2@127.0.0.1:{port}/db")).await;
    assert!(text.contains(&format!("postgres://bot@127.0.0.1:{port}/db")), "{text}");
    // A listener that never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let text = failure(&format!("postgres://bot:hunter2@127.0.0.1:{port}/db?sslmode=disable")).await;
    assert!(text.contains("does not answer"), "{text}");

    database::with_database(|url| async move {
        let mut with_password = url::Url::parse(&url).unwrap();
        with_password.set_password(Some("hunter2")).unwrap();
        // The server requires no password, so the connection succeeds.
        let store = store::open(with_password.as_str()).await.unwrap();
        assert!(!format!("{store:?}").contains("hunter2"), "{store:?}");
        let missing = with_password.as_str().replace("/test_", "/hunter2_");
        failure(&missing).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pooler_that_mixes_clients_up_is_refused() {
    database::with_database(|url| async move {
        let name = url::Url::parse(&url).unwrap().path().trim_start_matches('/').to_owned();
        let port = pooler::start(postgres::address(), &name).await;
        let pooled = format!("postgres://postgres:hunter2@127.0.0.1:{port}/{name}");
        let error = store::open(&pooled).await.map(drop).unwrap_err().to_string();
        assert!(error.contains("pooler") && !error.contains("hunter2"), "{error}");
    })
    .await;
}

/// Writes that arrive together share one transaction, and a refused one does not affect the others.
#[tokio::test]
async fn writes_in_one_batch_are_independent_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let store = store::open(&url_of(&folder.path().join("bot.db"))).await.unwrap();
    let fence = |n: i64| (n % 2 == 0).then_some(Fence { worker_id: "unknown", chat: ChatId(n) });
    let draft = |n: i64| Draft {
        key: contract::draft_key(ChatId(n)),
        body: n.into(),
        updated_at: kie::clock::Timestamp::from_millis(n),
    };
    let writes = (0..200).map(|n| {
        let (store, draft) = (store.clone(), draft(n));
        async move { store.put_draft(&draft, fence(n)).await }
    });
    let outcomes = futures::future::join_all(writes).await;
    for (n, outcome) in (0..).zip(outcomes) {
        // A worker that has not claimed the chat is refused.
        assert_eq!(outcome.is_ok(), n % 2 == 1, "{n}: {outcome:?}");
        assert_eq!(store.draft(&contract::draft_key(ChatId(n))).await.unwrap(), (n % 2 == 1).then(|| draft(n)), "{n}");
    }
}

/// A process waited without a time limit for another one that changed the tables, and did not report why.
#[tokio::test]
async fn the_wait_for_another_migration_has_a_limit() {
    database::with_database(|url| async move {
        let mut other = PgConnection::connect(&url).await.unwrap();
        // `kie_migr` in ASCII; the same in all versions.
        sqlx::raw_sql("select pg_advisory_lock(x'6b69655f6d696772'::bigint)").execute(&mut other).await.unwrap();
        let timeout = Duration::from_millis(100);
        let error = store::open_within(&url, timeout).await.map(drop).unwrap_err();
        assert!(error.is_unavailable(), "a retry may succeed");
        assert!(error.to_string().contains("another instance has been changing its tables for 0.4 s"), "{error}");
        other.close().await.unwrap();
        store::open(&url).await.unwrap();
    })
    .await;
}

/// F10: a process whose connections were all busy was reported as one without a database, and got no requests any more.
#[tokio::test]
async fn f10_a_busy_store_answers_a_ping() {
    database::with_database(|url| async move {
        let store = store::open(&url).await.unwrap();
        let mut other = PgConnection::connect(&url).await.unwrap();
        sqlx::raw_sql("begin; lock table users in access exclusive mode").execute(&mut other).await.unwrap();
        let wait = |store: std::sync::Arc<dyn store::Store>| async move { store.user(UserId(1)).await };
        let calls: Vec<_> = (0..10).map(|_| tokio::spawn(wait(store.clone()))).collect();
        let waiting = async {
            let name = url.rsplit('/').next().unwrap();
            let count =
                format!("select count(*) from pg_stat_activity where datname = '{name}' and wait_event_type = 'Lock'");
            let mut witness = PgConnection::connect(&url).await.unwrap();
            let mut look = tokio::time::interval(Duration::from_millis(20));
            while sqlx::query_scalar::<_, i64>(AssertSqlSafe(count.clone())).fetch_one(&mut witness).await.unwrap() < 10
            {
                look.tick().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), waiting).await.expect("all connections are busy");
        tokio::time::timeout(Duration::from_secs(3), store.ping()).await.expect("at once").unwrap();
        sqlx::raw_sql("rollback").execute(&mut other).await.unwrap();
        for call in calls {
            call.await.unwrap().unwrap();
        }
    })
    .await;
}

/// The server closes all connections of a store; later calls succeed.
#[tokio::test(flavor = "multi_thread")]
async fn ended_connections_are_replaced() {
    database::with_database(|url| async move {
        let store = store::open(&url).await.unwrap();
        let job = contract::job("cut", 1);
        store.add_job(&job).await.unwrap();
        let name = url::Url::parse(&url).unwrap().path().trim_start_matches('/').to_owned();
        postgres::execute(&format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"))
            .await;
        match store.job(&job.id).await {
            Ok(found) => assert_eq!(found, Some(job.clone())),
            Err(e) => assert!(matches!(e, StoreError::Open(_)), "{e}"),
        }
        assert_eq!(store.job(&job.id).await.unwrap(), Some(job));
    })
    .await;
}

/// A temporary error is told apart from a permanent one.
#[tokio::test(flavor = "multi_thread")]
async fn temporary_errors_are_told_from_permanent_ones() {
    database::with_database(|url| async move {
        let name = url::Url::parse(&url).unwrap().path().trim_start_matches('/').to_owned();
        postgres::execute(&format!("ALTER DATABASE {name} SET lock_timeout = '100ms'")).await;
        let store = store::open(&url).await.unwrap();
        let mut other = PgConnection::connect(&url).await.unwrap();
        sqlx::raw_sql("BEGIN; LOCK TABLE users").execute(&mut other).await.unwrap();
        let error = store.user(UserId(1)).await.unwrap_err();
        assert!(error.is_unavailable(), "a lock is temporary: {error}");
        sqlx::raw_sql("ROLLBACK; DROP TABLE users").execute(&mut other).await.unwrap();
        let error = store.user(UserId(1)).await.unwrap_err();
        assert!(!error.is_unavailable(), "a missing table is permanent: {error}");
    })
    .await;
}
