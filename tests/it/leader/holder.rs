//! The session that holds the lock, and what others may do to it: nothing.

use std::collections::HashSet;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use kie::leader::{Leader, Timing, polling_key};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::leader::wire::Relay;
use crate::leader::{LIMIT, is_cut_off, is_waiting, on_server, quick, reach, send_into_campaign, sessions, soon, win};
use crate::support::{database, postgres};

/// Waits until the session of this process has asked the server so often.
async fn beats(pid: i32, count: usize) {
    let mut connection = PgConnection::connect(&postgres::server()).await.unwrap();
    let mut seen = HashSet::new();
    let asked = async {
        while seen.len() < count {
            let last: Option<String> =
                sqlx::query_scalar("select query_start::text from pg_stat_activity where pid = $1")
                    .bind(pid)
                    .fetch_optional(&mut connection)
                    .await
                    .unwrap();
            seen.insert(last.expect("the session lives"));
        }
    };
    soon("heartbeats", asked).await;
}

/// F5: a new instance ended the old one's session because it looked stale, and was ended by the next one in its turn.
#[tokio::test]
async fn f5_who_waits_leaves_the_holder_alone() {
    let key = polling_key("alone");
    // Nothing is heard of this holder for as long as the test lasts.
    let silent = Timing { heartbeat: LIMIT * 2, ..quick() };
    let lease = win(&on_server(key).with_timing(silent)).await;
    let holder = sessions(key).await.1;
    assert!(holder.is_some());

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let relay = Relay::start(listener, postgres::address());
    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres?sslmode=disable");
    let two = Arc::new(Leader::postgres(&url, key).unwrap().with_timing(quick()));
    let other = send_into_campaign(&two);
    soon("twenty tries", relay.hears("select pg_advisory_lock(", 20)).await;
    assert!(is_waiting(&two.status().borrow()) && !other.is_finished());
    assert!(!lease.is_lost());
    assert_eq!(sessions(key).await.1, holder);
    let said = relay.said();
    for threat in ["pg_terminate", "pg_cancel", "pg_advisory_unlock", "pg_stat_activity", "pg_locks"] {
        assert!(!said.contains(threat), "who waits neither judges the holder nor ends it: {said}");
    }
    lease.release().await;
    drop(soon("the hand-over", other).await.unwrap().unwrap());
}

/// An instance that found the lock free polled beside the one whose session the server had just ended.
#[tokio::test]
async fn a_lock_that_is_found_free_is_not_used_before_its_last_holder_knows() {
    let key = polling_key("free");
    let slow = || on_server(key).with_timing(Timing { heartbeat: Duration::from_millis(300), ..quick() });
    let mut lease = win(&slow()).await;
    for _ in 0..3 {
        let holder = sessions(key).await.1.unwrap();
        postgres::execute(&format!("select pg_terminate_backend({holder}, 5000)")).await;
        let next = win(&slow()).await;
        assert!(lease.is_lost(), "two at once");
        lease = next;
    }
}

/// F6: the whole key was compared with one half of it, and any program's lock was taken for ours.
#[tokio::test]
async fn f6_a_key_is_found_in_its_two_halves_and_nowhere_else() {
    // As signed numbers of 32 bits the lower halves are below zero, or zero, or the upper ones are zero.
    for key in [i64::MAX, 3_747_396_083_370_361_346, 0x7fff_ffff_0000_0000, 0xffff_ffff, 0x8000_0000, 1] {
        let mut stranger = PgConnection::connect(&postgres::server()).await.unwrap();
        // The same two numbers in the server's other form, and keys that share one half with ours.
        let (high, low) = ((key >> 32) as i32, key as i32);
        let strange = format!(
            "select pg_advisory_lock('{high}'::int, '{low}'::int), pg_advisory_lock({}), pg_advisory_lock({})",
            key ^ 1,
            key ^ (1 << 32)
        );
        sqlx::raw_sql(AssertSqlSafe(strange)).execute(&mut stranger).await.unwrap();

        let lease = win(&on_server(key)).await;
        let (count, holder) = sessions(key).await;
        assert_eq!(count, 1, "{key}");
        beats(holder.unwrap(), 3).await;
        assert!(!lease.is_lost(), "{key}");
        lease.release().await;
        assert_eq!(sessions(key).await, (0, None), "{key}");
    }
}

/// F8: the lock's connection stood in an open transaction, and the server ended it for that.
#[tokio::test]
async fn f8_the_lock_is_held_outside_of_any_transaction() {
    let mut url = url::Url::parse(&postgres::server()).unwrap();
    url.query_pairs_mut().append_pair("options", "-c idle_in_transaction_session_timeout=5ms");
    // That is a server that ends such connections.
    let mut idle = PgConnection::connect(url.as_str()).await.unwrap();
    let pid: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut idle).await.unwrap();
    sqlx::raw_sql("begin").execute(&mut idle).await.unwrap();
    let mut witness = PgConnection::connect(&postgres::server()).await.unwrap();
    let ended = async {
        let lives = "select count(*) from pg_stat_activity where pid = $1";
        while sqlx::query_scalar::<_, i64>(lives).bind(pid).fetch_one(&mut witness).await.unwrap() > 0 {}
    };
    soon("the end of an idle transaction", ended).await;

    let key = polling_key("transaction");
    let lease = win(&Leader::postgres(url.as_str(), key).unwrap().with_timing(quick())).await;
    let holder = sessions(key).await.1.unwrap();
    beats(holder, 10).await;
    assert!(!lease.is_lost());
    assert_eq!(sessions(key).await, (1, Some(holder)));
    lease.release().await;
}

/// F6: whoever looked found any program's lock, or only whether the connection lived.
///
/// F8: a lock that had gone was taken to be there for as long as its connection was.
#[tokio::test]
async fn f8_a_lock_that_is_gone_is_missed_while_its_connection_lives() {
    database::with_database(|database| async move {
        // The session sees this view instead of the server's own, and lets go of its locks when it is told to.
        let trap = "create schema trap;
            create table trap.sprung as select false as now;
            create function trap.touch() returns boolean language plpgsql volatile as $$ begin
                if (select now from trap.sprung) then perform pg_advisory_unlock_all(); end if;
                return true;
            end $$;
            create view trap.pg_locks as select * from pg_catalog.pg_locks where trap.touch()";
        postgres::execute_in(&database, trap).await;
        let key = polling_key("gone");
        let mut url = url::Url::parse(&database).unwrap();
        url.query_pairs_mut().append_pair("options", "-c search_path=trap,pg_catalog");
        let lease = win(&Leader::postgres(url.as_str(), key).unwrap().with_timing(quick())).await;
        beats(sessions(key).await.1.unwrap(), 3).await;
        assert!(!lease.is_lost());
        postgres::execute_in(&database, "update trap.sprung set now = true").await;
        soon("the loss", lease.lost()).await;
        assert_eq!(sessions(key).await, (0, None));
    })
    .await;
}

/// F9: connecting to a lock server that said nothing took tens of seconds.
#[tokio::test]
async fn f9_a_lock_server_that_says_nothing_is_not_waited_for() {
    // The system takes the connection, and nobody is there.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://postgres@{}/postgres?sslmode=disable", listener.local_addr().unwrap());
    let timing = Timing { timeout: Duration::from_millis(100), ..quick() };
    let leader = Arc::new(Leader::postgres(&url, polling_key("silent")).unwrap().with_timing(timing));
    let campaign = send_into_campaign(&leader);
    let status = reach(&mut leader.status(), is_cut_off).await;
    assert!(status.to_string().ends_with("no answer within 0.1 s"), "{status}");
    assert!(!campaign.is_finished(), "it tries again");
    campaign.abort();
}
