//! Whether the process can serve, as its parts report it. Reading never waits.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::watch;

/// The phase of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Its parts are not made yet.
    Starting,
    /// It works.
    Serving,
    /// It was told to stop, and finishes its running work.
    Draining,
}

/// The state of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseState {
    /// It was not queried yet.
    Unknown,
    /// It answers.
    Available,
    /// It does not answer in time, or takes no changes.
    Unavailable,
    /// Another process still has the database file open.
    Locked,
}

/// What `/ready` shows. Clones share it.
///
/// The response is JSON: `ready`, `mode`, `leader` (a description of the polling lock) and `reasons`, empty when ready.
/// Waiting for the lock is no reason: an instance without it works on jobs and handles updates too.
#[derive(Debug, Clone)]
pub struct Readiness {
    state: Arc<watch::Sender<Snapshot>>,
}

#[derive(Debug, Clone)]
struct Snapshot {
    mode: &'static str,
    phase: Phase,
    database: DatabaseState,
    is_token_refused: bool,
    leader: String,
}

impl Readiness {
    /// For a process that starts in a mode (`polling` or `webhook`).
    pub fn new(mode: &'static str) -> Self {
        let snapshot = Snapshot {
            mode,
            phase: Phase::Starting,
            database: DatabaseState::Unknown,
            is_token_refused: false,
            leader: "standby".to_owned(),
        };
        Self { state: Arc::new(watch::Sender::new(snapshot)) }
    }

    /// The phase of the process.
    pub fn phase(&self) -> Phase {
        self.state.borrow().phase
    }

    /// Changes the phase, except that a draining process stays so.
    pub fn enter(&self, phase: Phase) {
        self.state.send_modify(|snapshot| {
            if snapshot.phase != Phase::Draining {
                snapshot.phase = phase;
            }
        });
    }

    /// Records the state of the database.
    pub fn database(&self, database: DatabaseState) {
        self.state.send_modify(|snapshot| snapshot.database = database);
    }

    /// Records whether Telegram refuses the bot's token.
    pub fn token_refused(&self, is_token_refused: bool) {
        self.state.send_modify(|snapshot| snapshot.is_token_refused = is_token_refused);
    }

    /// Records the description of the polling lock. It is public: it must contain no addresses and no secrets.
    pub fn leader(&self, description: String) {
        self.state.send_modify(|snapshot| snapshot.leader = description);
    }

    /// Whether the process can serve, and the response of `/ready`.
    pub fn report(&self) -> (bool, Value) {
        let snapshot = self.state.borrow();
        let mut reasons = Vec::new();
        match snapshot.phase {
            Phase::Starting => reasons.push("not started yet"),
            Phase::Serving => {}
            Phase::Draining => reasons.push("draining: it was told to stop"),
        }
        match snapshot.database {
            DatabaseState::Available => {}
            DatabaseState::Unavailable => reasons.push("the database does not answer, or takes no changes"),
            DatabaseState::Unknown => reasons.push("the database was not reached yet"),
            DatabaseState::Locked => reasons.push("another process uses the database file; waiting for it to stop"),
        }
        if snapshot.is_token_refused {
            reasons.push("Telegram refuses the bot token");
        }
        let ready = reasons.is_empty();
        (ready, json!({ "ready": ready, "mode": snapshot.mode, "leader": snapshot.leader, "reasons": reasons }))
    }
}

/// `GET /ready`.
pub(super) async fn ready(State(readiness): State<Readiness>) -> Response {
    let (ready, report) = readiness.report();
    let code = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(report)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// F10: a check that always answered 200 hid every failure.
    #[test]
    fn f10_reasons_are_named_and_a_drain_is_final() {
        let readiness = Readiness::new("webhook");
        let reasons = |readiness: &Readiness| readiness.report().1["reasons"].to_string();
        assert_eq!(reasons(&readiness), r#"["not started yet","the database was not reached yet"]"#);
        readiness.enter(Phase::Serving);
        readiness.database(DatabaseState::Available);
        readiness.leader("campaigning: another instance holds the lock".to_owned());
        let (ready, report) = readiness.report();
        assert!(ready, "an instance without the lock is ready: {report}");
        assert_eq!(report["leader"], "campaigning: another instance holds the lock");
        assert_eq!(report["mode"], "webhook");
        readiness.database(DatabaseState::Locked);
        assert_eq!(reasons(&readiness), r#"["another process uses the database file; waiting for it to stop"]"#);
        readiness.database(DatabaseState::Unavailable);
        assert_eq!(reasons(&readiness), r#"["the database does not answer, or takes no changes"]"#);
        readiness.database(DatabaseState::Available);
        readiness.token_refused(true);
        assert_eq!(reasons(&readiness), r#"["Telegram refuses the bot token"]"#);
        readiness.token_refused(false);
        readiness.enter(Phase::Draining);
        readiness.enter(Phase::Serving);
        assert_eq!(reasons(&readiness), r#"["draining: it was told to stop"]"#);
    }
}
