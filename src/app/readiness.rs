//! Updates what `/ready` shows.

use std::time::Duration;

use tokio::sync::watch::Receiver;

use crate::http::{DatabaseState, Readiness};
use crate::leader::{LeaderStatus, Obstacle};
use crate::service::Service;

/// How often the database is pinged.
const PING_INTERVAL: Duration = Duration::from_secs(2);
/// The time limit of a ping.
const PING_TIMEOUT: Duration = Duration::from_secs(3);

/// Reports the states of the database and of the polling lock, until it is aborted.
pub(super) async fn watch(service: Service, mut leader: Receiver<LeaderStatus>, readiness: Readiness) {
    let database = async {
        let mut interval = tokio::time::interval(PING_INTERVAL);
        loop {
            interval.tick().await;
            let answer = tokio::time::timeout(PING_TIMEOUT, service.ping()).await;
            readiness.database(if matches!(answer, Ok(Ok(()))) {
                DatabaseState::Available
            } else {
                DatabaseState::Unavailable
            });
        }
    };
    let lock = async {
        loop {
            readiness.leader(match &*leader.borrow_and_update() {
                // The server's error is only for the log.
                LeaderStatus::Campaigning { why: Obstacle::DatabaseDown(_) } => {
                    "campaigning: the lock database cannot be used".to_owned()
                }
                other => other.to_string(),
            });
            if leader.changed().await.is_err() {
                return;
            }
        }
    };
    tokio::join!(database, lock);
}
