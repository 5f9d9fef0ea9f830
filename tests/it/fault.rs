//! The real program between the simulators, with random kills, faults and outages during hundreds of orders; then the
//! invariants are checked. The seed is printed; `FAULT_SEED=... FAULT_ORDERS=... cargo test --test it fault:: --
//! --nocapture` repeats a run or makes it longer. The seed does not determine the effects of timing.

mod audit;
mod clock;
mod cluster;
mod crowd;
mod disturbance;
pub(crate) mod proxy;

use crate::support::database;
use std::time::Duration;

use crate::support::server::{Server, Stop};
use cluster::{Cluster, Mode};
use crowd::Crowd;
use disturbance::Disturbance;

/// After this time there are no more disturbances.
const STORM: Duration = Duration::from_secs(30);

/// The number of users, each in a private chat.
fn people(default: usize) -> usize {
    std::env::var("FAULT_ORDERS").ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

/// Users order during random `disturbances`; then these end, and the invariants are checked.
async fn play(cluster: &mut Cluster, people: usize, disturbances: &[Disturbance]) -> audit::Figures {
    let crowd = Crowd::enter(cluster, people).await;
    cluster.pause().await;
    cluster.disturb(&[Disturbance::Kill]).await;
    while !crowd.is_served() && cluster.started.elapsed() < STORM {
        cluster.pause().await;
        cluster.disturb(disturbances).await;
    }
    cluster.clear_faults();
    cluster.remove_newer_jobs().await;
    let orders = crowd.leave().await;
    println!("{:.1} s: everybody has ordered", cluster.started.elapsed().as_secs_f64());
    cluster.calm().await;
    audit::take(cluster, &orders).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_process_on_sqlite_is_killed_again_and_again() {
    let mut cluster = Cluster::sqlite().await;
    cluster.enter(1).await;
    let figures = play(&mut cluster, people(120), Disturbance::ON_SQLITE).await;
    figures.hold(&cluster);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_replicas_on_postgres_are_killed_and_cut_off() {
    database::with_database(|url| async move {
        let mut cluster = Cluster::postgres(url, Mode::Polling).await;
        cluster.enter(3).await;
        let figures = play(&mut cluster, people(120), Disturbance::ON_POSTGRES).await;
        figures.hold(&cluster);
        assert_eq!(figures.conflicts, 0, "two processes polled at once");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_replicas_behind_a_webhook_are_killed_and_cut_off() {
    database::with_database(|url| async move {
        let mut cluster = Cluster::postgres(url, Mode::Webhook).await;
        cluster.enter(2).await;
        let figures = play(&mut cluster, people(100), Disturbance::ON_POSTGRES).await;
        figures.hold(&cluster);
    })
    .await;
}

/// Deploys: a new process is started and the oldest stopped, again and again.
async fn roll(url: String, mode: Mode, people: usize) {
    let mut cluster = Cluster::postgres(url, mode).await;
    cluster.enter(2).await;
    let crowd = Crowd::enter(&cluster, people).await;
    let mut deploys = 0;
    while !crowd.is_served() && deploys < 30 {
        tokio::time::sleep(Duration::from_millis(500)).await;
        cluster.deploy().await;
        deploys += 1;
    }
    let orders = crowd.leave().await;
    cluster.calm().await;
    let figures = audit::take(&cluster, &orders).await;
    figures.hold(&cluster);
    assert_eq!(figures.conflicts, 0, "two processes polled at once, or one polled beside the webhook");
    assert_eq!(figures.twice, 0, "nobody was killed, so nothing may come twice");
    assert!(deploys > 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rolling_restarts_under_load_lose_nothing_and_never_poll_twice() {
    database::with_database(|url| roll(url, Mode::Polling, people(100))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rolling_restarts_behind_a_webhook_lose_nothing() {
    database::with_database(|url| roll(url, Mode::Webhook, people(100))).await;
}

/// The database server is stopped or killed and started again during orders and jobs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_server_that_restarts_loses_nothing() {
    let server = Server::start();
    let mut cluster = Cluster::postgres(server.url(), Mode::Webhook).await;
    cluster.enter(2).await;
    let crowd = Crowd::enter(&cluster, people(60)).await;
    let mut restarts = 0;
    while !crowd.is_served() && cluster.started.elapsed() < STORM {
        cluster.pause().await;
        let how = if restarts % 2 == 0 { Stop::Immediate } else { Stop::Fast };
        tokio::task::block_in_place(|| server.down(how));
        cluster.pause().await;
        tokio::task::block_in_place(|| server.up());
        restarts += 1;
    }
    let orders = crowd.leave().await;
    cluster.calm().await;
    let figures = audit::take(&cluster, &orders).await;
    figures.hold(&cluster);
    assert_eq!(figures.twice, 0, "who has sent a picture waits for the database, to say so");
    println!("{restarts} restarts of the server");
    assert!(restarts > 3);
}
