//! How the process stands, as the parts report it. Readers never wait.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::watch;

/// Where the process is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Its parts are not there yet.
    Starting,
    /// It does its work.
    Serving,
    /// It was told to stop and finishes what it has.
    Draining,
}

/// How it stands with the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// It was not asked yet.
    Unasked,
    /// It answers.
    Answers,
    /// It does not answer, or not in time.
    Silent,
    /// The process before this one has not left it yet.
    Taken,
}

/// What `/ready` shows. Clones share it; parts write, requests read.
///
/// The answer is JSON: `ready`, `mode`, `leader` (the polling lock, in words) and `reasons`, empty when ready. To stand
/// by for the lock is no reason: a bot without it works on jobs and answers people.
#[derive(Debug, Clone)]
pub struct Status {
    board: Arc<watch::Sender<Board>>,
}

#[derive(Debug, Clone)]
struct Board {
    mode: &'static str,
    phase: Phase,
    database: Database,
    leader: String,
}

impl Status {
    /// Of a process that starts in a mode (`polling` or `webhook`).
    pub fn new(mode: &'static str) -> Self {
        let board = Board { mode, phase: Phase::Starting, database: Database::Unasked, leader: "standby".to_owned() };
        Self { board: Arc::new(watch::Sender::new(board)) }
    }

    /// Where the process is in its life.
    pub fn phase(&self) -> Phase {
        self.board.borrow().phase
    }

    /// It is there now. What drains does not serve again.
    pub fn enter(&self, phase: Phase) {
        self.board.send_modify(|board| {
            if board.phase != Phase::Draining {
                board.phase = phase;
            }
        });
    }

    /// How it stands with the database.
    pub fn database(&self, database: Database) {
        self.board.send_modify(|board| board.database = database);
    }

    /// How it stands with the polling lock, for anybody to read: no addresses, no secrets.
    pub fn leader(&self, words: String) {
        self.board.send_modify(|board| board.leader = words);
    }

    /// Whether it can serve, and the answer to `/ready`.
    pub fn report(&self) -> (bool, Value) {
        let board = self.board.borrow();
        let mut reasons = Vec::new();
        match board.phase {
            Phase::Starting => reasons.push("not started yet"),
            Phase::Serving => {}
            Phase::Draining => reasons.push("draining: it was told to stop"),
        }
        match board.database {
            Database::Answers => {}
            Database::Silent => reasons.push("the database does not answer"),
            Database::Unasked => reasons.push("the database was not reached yet"),
            Database::Taken => reasons.push("another process has the database file; waiting for it to leave"),
        }
        let ready = reasons.is_empty();
        (ready, json!({ "ready": ready, "mode": board.mode, "leader": board.leader, "reasons": reasons }))
    }
}

/// `GET /ready`.
pub(super) async fn ready(State(status): State<Status>) -> Response {
    let (ready, report) = status.report();
    let code = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(report)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// F10: a check that always said 200 hid that nothing worked.
    #[test]
    fn f10_reasons_are_named_and_a_drain_is_final() {
        let status = Status::new("webhook");
        let reasons = |status: &Status| status.report().1["reasons"].to_string();
        assert_eq!(reasons(&status), r#"["not started yet","the database was not reached yet"]"#);
        status.enter(Phase::Serving);
        status.database(Database::Answers);
        status.leader("campaigning: another instance holds the lock".to_owned());
        let (ready, report) = status.report();
        assert!(ready, "who stands by serves: {report}");
        assert_eq!(report["leader"], "campaigning: another instance holds the lock");
        assert_eq!(report["mode"], "webhook");
        status.database(Database::Taken);
        assert_eq!(reasons(&status), r#"["another process has the database file; waiting for it to leave"]"#);
        status.database(Database::Silent);
        assert_eq!(reasons(&status), r#"["the database does not answer"]"#);
        status.database(Database::Answers);
        status.enter(Phase::Draining);
        status.enter(Phase::Serving);
        assert_eq!(reasons(&status), r#"["draining: it was told to stop"]"#);
    }
}
