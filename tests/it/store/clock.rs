//! Processes whose clocks differ work on the same jobs.

use std::time::Duration;

use kie::clock::{Clock, SystemClock, Timestamp};
use kie::inbox::{InboxBatch, Update};
use kie::job::{ChatId, Job, JobState};
use kie::store::{self, JobChange, JobQueue, Setbacks, Store};
use serde_json::json;

use crate::store::{change_postgres, contract, url_of};
use crate::support::{database, postgres};

/// A job was given up at once by a process whose clock was ahead of that of the first try.
#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_setbacks_is_the_same_for_all_processes() {
    database::with_database(|url| async move {
        store::open(&url).await.unwrap().close().await;
        // The clock of the first process seems an hour behind, because its server's is an hour ahead.
        let name = url.rsplit_once('/').unwrap().1;
        postgres::execute(&format!("ALTER DATABASE {name} SET search_path = public, pg_catalog")).await;
        let ahead = "CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
            $$ SELECT pg_catalog.clock_timestamp() + interval '1 hour' $$";
        change_postgres(&url, ahead).await;
        let behind = store::open(&url).await.unwrap();
        change_postgres(&url, "DROP FUNCTION clock_timestamp()").await;
        let right = store::open(&url).await.unwrap();

        let now = SystemClock.now();
        behind.add_job(&contract::job("one", 1)).await.unwrap();
        let claimed = behind.claim_from(JobQueue::Submit, &[], "behind", now, contract::LEASE).await.unwrap().unwrap();
        let setbacks = Setbacks { count: 1, since: Some(now), not_found_since: Some(now) };
        let change = JobChange { setbacks: Some(setbacks), not_before: Some(now), ..JobChange::default() };
        let moved = behind.advance(&claimed, JobState::Held, &change, now).await.unwrap();
        let near = |at: Option<Timestamp>, expected: Timestamp| {
            let at = at.unwrap();
            at.since(expected).max(expected.since(at)) < Duration::from_secs(10)
        };
        assert!(near(moved.setbacks.since, now), "{moved:?}");

        let hour = Duration::from_secs(3600);
        // The measured difference is not exact.
        let due = now + hour + Duration::from_secs(5);
        let claimed = right.claim_from(JobQueue::Submit, &[], "right", due, contract::LEASE).await.unwrap();
        let Setbacks { count, since, not_found_since } = claimed.unwrap().setbacks;
        assert_eq!(count, 1);
        assert!(near(since, now + hour) && near(not_found_since, now + hour), "{since:?} {not_found_since:?}");
        behind.close().await;
        right.close().await;
    })
    .await;
}

/// After a restart everything waited until the clock had caught up.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_set_back_holds_up_nothing_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = url_of(&folder.path().join("bot.db"));
    let (now, hour) = (SystemClock.now(), Duration::from_secs(3600));
    let before = store::open(&url).await.unwrap();
    // The program ran an hour from now, and was killed while it had the job.
    let receive = async |store: &dyn Store, worker: &str, id: i64, at: Timestamp| {
        store.register(worker, at, contract::LEASE).await.unwrap();
        let update = Update { id, chat: ChatId(7), body: json!({}) };
        store.apply(worker, &InboxBatch { put: vec![update], ..InboxBatch::default() }, at).await.unwrap();
    };
    before.add_job(&Job { created_at: now, ..contract::job("one", 1) }).await.unwrap();
    receive(before.as_ref(), "before", 1, now + hour).await;
    assert!(before.claim("before", now + hour, contract::LEASE).await.unwrap().is_some());
    before.close().await;

    let after = store::open(&url).await.unwrap();
    assert!(after.claim("after", now, contract::LEASE).await.unwrap().is_none(), "the lease has not ended");
    let due = after.next_due().await.unwrap().unwrap();
    assert!(due.since(now) <= contract::LEASE + Duration::from_secs(10), "{:?}", due.since(now));
    let later = now + contract::LEASE + Duration::from_secs(10);
    assert!(after.claim("after", later, contract::LEASE).await.unwrap().is_some());
    // That process is killed too, after updates of its own with the time of its clock. The next one goes on as it did.
    receive(after.as_ref(), "after", 2, later).await;
    after.close().await;
    let third = store::open(&url).await.unwrap();
    let due = third.next_due().await.unwrap().unwrap();
    assert!(due.since(later) <= contract::LEASE + Duration::from_secs(10), "{:?}", due.since(later));
}
