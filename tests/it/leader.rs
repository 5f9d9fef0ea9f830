//! One leader at a time, whatever happens to its lock.

mod holder;
mod wire;

use crate::support::{log, pooler, postgres};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use kie::leader::{Leader, LeaderError, LeaderStatus, Lease, Obstacle, Timing, polling_key};
use sqlx::{Connection, PgConnection};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// No wait of these tests is longer.
const LIMIT: Duration = Duration::from_secs(20);
const TOKEN: &str = "123456789:AA-secret-token";

fn quick() -> Timing {
    let ms = Duration::from_millis;
    Timing { retry: ms(10)..ms(30), heartbeat: ms(20), timeout: ms(2_000) }
}

async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(LIMIT, future).await {
        Ok(value) => value,
        Err(_) => panic!("waited too long: {what}"),
    }
}

async fn reach(status: &mut watch::Receiver<LeaderStatus>, wanted: impl Fn(&LeaderStatus) -> bool) -> LeaderStatus {
    soon("a status", status.wait_for(|s| wanted(s))).await.unwrap().clone()
}

fn is_waiting(status: &LeaderStatus) -> bool {
    *status == LeaderStatus::Campaigning { why: Obstacle::HeldByAnother }
}

fn is_cut_off(status: &LeaderStatus) -> bool {
    matches!(status, LeaderStatus::Campaigning { why: Obstacle::DatabaseDown(_) })
}

fn on_server(key: i64) -> Leader {
    Leader::postgres(&postgres::server(), key).unwrap().with_timing(quick()).with_seed(1)
}

async fn win(leader: &Leader) -> Lease {
    soon("leadership", leader.campaign(&CancellationToken::new())).await.unwrap()
}

/// Starts a campaign in the background.
fn send_into_campaign(leader: &Arc<Leader>) -> tokio::task::JoinHandle<Result<Lease, LeaderError>> {
    let leader = Arc::clone(leader);
    tokio::spawn(async move { leader.campaign(&CancellationToken::new()).await })
}

/// How many sessions hold or await the lock of this key, and the process of one that holds it.
async fn sessions(key: i64) -> (usize, Option<i32>) {
    let mut connection = PgConnection::connect(&postgres::server()).await.unwrap();
    let rows: Vec<(i32, bool)> = sqlx::query_as(
        "select pid, granted from pg_locks where locktype = 'advisory' and classid = $1::bigint::oid
         and objid = $2::bigint::oid and objsubid = 1",
    )
    .bind(key >> 32)
    .bind(key & 0xffff_ffff)
    .fetch_all(&mut connection)
    .await
    .unwrap();
    (rows.len(), rows.iter().find(|(_, granted)| *granted).map(|(pid, _)| *pid))
}

/// The first leads, the second waits; the second leads when the first lets go, and the first may come back.
async fn take_turns(make: impl Fn() -> Leader) {
    let (one, two) = (make(), Arc::new(make()));
    let (mut one_status, mut two_status) = (one.status(), two.status());
    assert_eq!(*one_status.borrow(), LeaderStatus::Standby);
    let lease = win(&one).await;
    assert_eq!(*one_status.borrow(), LeaderStatus::Leader);

    let other = send_into_campaign(&two);
    reach(&mut two_status, is_waiting).await;
    assert!(!other.is_finished() && !lease.is_lost());
    soon("the release", lease.release()).await;
    reach(&mut one_status, |s| *s == LeaderStatus::Standby).await;
    let lease = soon("the hand-over", other).await.unwrap().unwrap();
    assert_eq!(*two_status.borrow(), LeaderStatus::Leader);

    let one = Arc::new(one);
    let back = send_into_campaign(&one);
    reach(&mut one_status, is_waiting).await;
    // A lease that is only dropped is let go as well.
    drop(lease);
    reach(&mut two_status, |s| *s == LeaderStatus::Standby).await;
    soon("the way back", back).await.unwrap().unwrap().release().await;
}

#[tokio::test]
async fn two_instances_take_turns_on_a_server() {
    let key = polling_key("turns");
    take_turns(|| on_server(key)).await;
    assert_eq!(sessions(key).await, (0, None));
}

#[tokio::test]
async fn two_instances_take_turns_on_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/poll.lock");
    take_turns(|| Leader::file(&path).with_timing(quick()).with_seed(1)).await;
}

/// F3: a new instance tried three times and then stood by for ever.
#[tokio::test]
async fn f3_hand_over_on_a_server_does_not_wait_for_the_next_try() {
    let key = polling_key("hand-over");
    let slow = Timing { retry: LIMIT..LIMIT * 2, ..quick() };
    let (one, two) = (on_server(key), Arc::new(on_server(key).with_timing(slow)));
    let lease = win(&one).await;
    let other = send_into_campaign(&two);
    reach(&mut two.status(), is_waiting).await;
    lease.release().await;
    // Bounded by LIMIT, which is shorter than any pause.
    drop(soon("the hand-over", other).await.unwrap().unwrap());
}

/// F8: the server ended the lock's connection, and the bot polled on without a lock.
#[tokio::test]
async fn f8_killed_connection_is_noticed_and_the_other_takes_over() {
    let key = polling_key("killed");
    let (one, two) = (Arc::new(on_server(key)), Arc::new(on_server(key)));
    let lease = win(&one).await;
    let other = send_into_campaign(&two);
    reach(&mut two.status(), is_waiting).await;
    let pid = sessions(key).await.1.unwrap();
    postgres::execute(&format!("select pg_terminate_backend({pid})")).await;

    soon("the loss", lease.lost()).await;
    assert!(lease.is_lost());
    soon("a second look", lease.lost()).await;
    let new = soon("the take-over", other).await.unwrap().unwrap();
    assert_eq!(*one.status().borrow(), LeaderStatus::Standby);
    // After a loss there is nothing to let go; the way back is a new campaign.
    soon("the release", lease.release()).await;
    let back = send_into_campaign(&one);
    reach(&mut one.status(), is_waiting).await;
    new.release().await;
    drop(soon("the way back", back).await.unwrap().unwrap());
}

/// F2: without its database the lock fell back to one that held nobody off.
#[tokio::test]
async fn f2_database_that_is_down_is_waited_for_and_a_cut_is_a_loss() {
    let key = polling_key("down");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres?sslmode=disable");
    let timing = Timing { timeout: Duration::from_millis(500), ..quick() };
    let leader = Arc::new(Leader::postgres(&url, key).unwrap().with_timing(timing));
    let campaign = send_into_campaign(&leader);
    let status = reach(&mut leader.status(), is_cut_off).await;
    assert!(status.to_string().starts_with("campaigning: the lock database cannot be used: "), "{status}");
    assert!(!campaign.is_finished(), "it waits, it does not give up");

    let relay = wire::Relay::start(TcpListener::bind(("127.0.0.1", port)).unwrap(), postgres::address());
    let lease = soon("leadership", campaign).await.unwrap().unwrap();
    let direct = Arc::new(on_server(key));
    let other = send_into_campaign(&direct);
    reach(&mut direct.status(), is_waiting).await;

    relay.cut();
    soon("the loss", lease.lost()).await;
    relay.close();
    drop(soon("the take-over", other).await.unwrap().unwrap());
}

/// F2: a database that could not be used and a lock that another holds were one and the same answer.
#[tokio::test]
async fn f2_database_that_refuses_us_is_no_other_holder() {
    let url = postgres::in_database("there_is_none");
    let leader = Arc::new(Leader::postgres(&url, polling_key("refused")).unwrap().with_timing(quick()));
    let campaign = send_into_campaign(&leader);
    let status = reach(&mut leader.status(), is_cut_off).await;
    assert!(status.to_string().contains("does not exist"), "{status}");
    campaign.abort();
    reach(&mut leader.status(), |s| *s == LeaderStatus::Standby).await;
}

#[tokio::test]
async fn stopped_campaign_leaves_nothing_behind() {
    let key = polling_key("stopped");
    let (one, two) = (on_server(key), Arc::new(on_server(key)));
    let lease = win(&one).await;
    let stop = CancellationToken::new();
    let campaign = tokio::spawn({
        let (two, stop) = (Arc::clone(&two), stop.clone());
        async move { two.campaign(&stop).await }
    });
    reach(&mut two.status(), is_waiting).await;
    stop.cancel();
    assert!(matches!(soon("the end", campaign).await.unwrap(), Err(LeaderError::Stopped)));
    assert_eq!(*two.status().borrow(), LeaderStatus::Standby);
    lease.release().await;
    drop(win(&one).await);
}

/// F8: an attempt that was broken off left its lock behind, held by nobody.
#[tokio::test]
async fn f8_dropped_campaign_leaves_no_lock() {
    let key = polling_key("dropped");
    let leader = on_server(key);
    let stop = CancellationToken::new();
    for polls in 0..40 {
        let mut campaign = Box::pin(leader.campaign(&stop));
        for _ in 0..polls {
            let waker = std::task::Waker::noop();
            if campaign.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_ready() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    win(&on_server(key)).await.release().await;
}

/// F8: a pooler gave the lock's session to others, and it meant nothing.
///
/// With more than one server connection the second client may get another one than the first, and so may the first one's
/// next statement: the lock stayed with a connection of the pooler, and everybody waited for it for ever.
#[tokio::test]
async fn f8_pooler_is_found_out() {
    for connections in 1..=5 {
        let key = polling_key(&format!("pooler of {connections}"));
        let port = pooler::start_as(pooler::Manner::of(connections), postgres::address(), "postgres").await;
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let leader = Leader::postgres(&url, key).unwrap().with_timing(quick());
        let error = soon("the refusal", leader.campaign(&CancellationToken::new())).await.unwrap_err();
        assert!(matches!(error, LeaderError::Pooler), "{connections}: {error}");
        assert!(error.to_string().contains("LOCK_DATABASE_URL"), "{error}");
        assert_eq!(*leader.status().borrow(), LeaderStatus::Standby);
        assert_eq!(sessions(key).await, (0, None), "no shared connection of {connections} keeps the lock");
    }
}

/// F8: a lock whose connection was cut at the wrong moment looked like one behind a pooler, and the bot gave up.
#[tokio::test]
async fn f8_a_lost_connection_is_no_pooler() {
    let key = polling_key("lost");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("postgres://postgres@{}/postgres", listener.local_addr().unwrap());
    let wire = async {
        let mut before: Vec<tokio::task::JoinHandle<()>> = Vec::new();
        loop {
            let (mut client, _) = listener.accept().await.unwrap();
            if before.len() == 1 {
                // The second comes to see whether the first has the lock: it has lost it.
                before[0].abort();
                let gone = async {
                    let mut look = tokio::time::interval(Duration::from_millis(10));
                    while sessions(key).await.0 > 0 {
                        look.tick().await;
                    }
                };
                soon("the end of the first", gone).await;
            }
            before.push(tokio::spawn(async move {
                let mut server = tokio::net::TcpStream::connect(postgres::address()).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            }));
        }
    };
    let leader = Leader::postgres(&url, key).unwrap().with_timing(quick());
    tokio::select! {
        lease = win(&leader) => lease.release().await,
        () = wire => {}
    }
    assert_eq!(sessions(key).await, (0, None));
}

/// F9: a role's own limit for statements ended the wait for the lock, and that was told as a database that is down.
#[tokio::test]
async fn f9_a_short_limit_for_statements_is_no_database_that_is_down() {
    let key = polling_key("limit");
    let lease = win(&on_server(key)).await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let relay = wire::Relay::start(listener, postgres::address());
    let limit = "options=-c%20statement_timeout%3D20ms";
    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres?sslmode=disable&{limit}");
    let slow = Timing { retry: LIMIT..LIMIT * 2, ..quick() };
    let two = Arc::new(Leader::postgres(&url, key).unwrap().with_timing(slow));
    let other = send_into_campaign(&two);
    let mut status = two.status();
    reach(&mut status, is_waiting).await;
    soon("five tries", relay.hears("select pg_advisory_lock(", 5)).await;
    assert!(!status.has_changed().unwrap(), "{}", *status.borrow());
    lease.release().await;
    drop(soon("the hand-over", other).await.unwrap().unwrap());
}

#[tokio::test]
async fn removed_lock_file_is_a_loss() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("poll.lock");
    let leader = Leader::file(&path).with_timing(quick());
    let lease = win(&leader).await;
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, "another").unwrap();
    soon("the loss", lease.lost()).await;
    win(&leader).await.release().await;
}

#[tokio::test]
async fn lock_file_that_cannot_be_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file/poll.lock");
    std::fs::write(folder.path().join("file"), "").unwrap();
    let error = soon("the error", Leader::file(&path).campaign(&CancellationToken::new())).await.unwrap_err();
    assert!(error.to_string().contains(&path.display().to_string()), "{error}");
}

/// F9: an instance that stood by wrote the same warning 720 times an hour.
#[tokio::test]
async fn f9_changes_are_logged_once_and_secrets_never() {
    log::capture();
    let key = polling_key(TOKEN);
    let mut url = url::Url::parse(&postgres::server()).unwrap();
    url.set_password(Some("hunter2")).unwrap();
    let quicker = Timing { retry: Duration::from_millis(1)..Duration::from_millis(2), ..quick() };
    let make = || Leader::postgres(url.as_str(), key).unwrap().with_timing(quicker.clone());
    let (one, two) = (make(), Arc::new(make()));
    let lease = win(&one).await;
    let other = send_into_campaign(&two);
    reach(&mut two.status(), is_waiting).await;
    // Several tries pass: the waiting session shows up anew with each of them.
    let mut seen = std::collections::HashSet::new();
    let mut connection = PgConnection::connect(&postgres::server()).await.unwrap();
    let tries = async {
        while seen.len() < 5 {
            let started: Option<String> = sqlx::query_scalar(
                "select query_start::text from pg_stat_activity where query like '%pg_advisory_lock(' || $1 || ')%' and pid <> pg_backend_pid()",
            )
            .bind(key.to_string())
            .fetch_optional(&mut connection)
            .await
            .unwrap();
            seen.extend(started);
        }
    };
    soon("five tries", tries).await;
    let shown = format!("{one:?} {two:?} {lease:?}");
    lease.release().await;
    soon("the hand-over", other).await.unwrap().unwrap().release().await;

    url.set_port(Some(TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port())).unwrap();
    let down = Arc::new(Leader::postgres(url.as_str(), key).unwrap().with_timing(quick()));
    let campaign = send_into_campaign(&down);
    let status = reach(&mut down.status(), is_cut_off).await;
    campaign.abort();

    let error = Leader::postgres("mysql://bot:hunter2@host/db", key).unwrap_err();
    let error_of_part = Leader::postgres("postgres://bot:hunter2@host:99999/db", key).unwrap_err();
    let log = log::captured();
    let everything = format!("{log} {shown} {status:?} {error} {error:?} {error_of_part} {error_of_part:?}");
    for secret in ["hunter2", TOKEN, "AA-secret-token"] {
        assert!(!everything.contains(secret), "{everything}");
    }
    let ours: Vec<&str> = log.lines().filter(|l| l.contains("polling lock:")).collect();
    assert_eq!(ours.iter().filter(|l| l.contains("another instance holds the lock")).count(), 1, "{ours:#?}");
    assert_eq!(ours.iter().filter(|l| l.contains("cannot be used")).count(), 1, "{ours:#?}");
    assert_eq!(ours.iter().filter(|l| l.ends_with("polling lock: leader")).count(), 2, "{ours:#?}");
    assert_eq!(ours.iter().filter(|l| l.ends_with("polling lock: stepping down")).count(), 2, "{ours:#?}");
}
