//! What the operator is to hear: each matter once until it is over, whatever happens to a process that tells it.

use async_trait::async_trait;

use super::engine::{Row, Statement};
use super::row::RowReader;
use super::sql::SqlStore;
use super::statement::statements;
use crate::alert::{Alert, AlertKind};
use crate::clock::Timestamp;
use crate::job::{Failure, JobState};
use crate::ledger::Credits;
use crate::store_error::StoreError;

statements! {
/// $1 the kind, $2 the subject, $3 the detail, $4 the time. One that lasts stays as it is.
const RAISE_ALERT = "INSERT INTO alerts (kind, subject, detail, since, told, due_at) VALUES ($1, $2, $3, $4, FALSE, $4)
    ON CONFLICT (kind, subject) DO UPDATE SET detail = excluded.detail, since = excluded.since, over_at = NULL,
        told = excluded.told, due_at = excluded.due_at
        WHERE alerts.over_at IS NOT NULL
    RETURNING kind";
/// $1 the kind, $2 the subject, $3 since when at the latest, $4 the time. So in the next one, without the time.
const END_ALERT = "UPDATE alerts SET over_at = $4, due_at = $4
    WHERE kind = $1 AND subject = $2 AND since <= $3 AND over_at IS NULL AND told";
const DROP_UNTOLD_ALERT = "DELETE FROM alerts
    WHERE kind = $1 AND subject = $2 AND since <= $3 AND over_at IS NULL AND NOT told";
/// $1 the kind, $2 the subject.
const DROP_ALERT = "DELETE FROM alerts WHERE kind = $1 AND subject = $2";
const OPEN_ALERTS = "SELECT kind, subject, detail, since, over_at FROM alerts WHERE over_at IS NULL
    ORDER BY since, kind, subject LIMIT 1000";
/// $1 when they may be claimed again, $2 the time. What another process has just claimed is not due any more.
const CLAIM_ALERTS = "UPDATE alerts SET due_at = $1, told = TRUE WHERE due_at <= $2
    RETURNING kind, subject, detail, since, over_at";
/// $1 the kind, $2 the subject, $3 until when it was claimed. So in the next one.
const PUT_TOLD = "UPDATE alerts SET due_at = NULL WHERE kind = $1 AND subject = $2 AND due_at = $3 AND over_at IS NULL";
const DROP_TOLD = "DELETE FROM alerts WHERE kind = $1 AND subject = $2 AND due_at = $3 AND over_at IS NOT NULL";
/// $1 after which time, $2 the most. The condition is that of an index.
const RECENT_ENDS = "SELECT model, state, failure, updated_at FROM jobs
    WHERE stripped_at IS NULL AND state IN ('delivered', 'failed', 'cancelled') AND updated_at > $1
    ORDER BY updated_at DESC LIMIT $2";
/// $1 after which time.
const SPENT_SINCE = "SELECT CAST(COALESCE(SUM(quote_credits), 0) AS BIGINT) AS spent FROM jobs
    WHERE created_at > $1
        AND NOT EXISTS (SELECT 1 FROM ledger WHERE ledger.job = jobs.id AND ledger.kind = 'release')";
}

/// The end of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobEnd {
    /// The model.
    pub model: String,
    /// The code of its failure; `None` when its result was delivered.
    pub failure: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Remembers what the operator is to hear.
#[async_trait]
pub trait AlertStore: std::fmt::Debug + Send + Sync {
    /// A matter has begun, or lasts. Returns whether it is new, and so to be told.
    async fn raise_alert(
        &self,
        kind: AlertKind,
        subject: &str,
        detail: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError>;
    /// A matter was seen to be over at `seen_at`: one that began later stays. That it is over is to be told, if its
    /// beginning was.
    async fn end_alert(
        &self,
        kind: AlertKind,
        subject: &str,
        seen_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError>;
    /// A matter is over, and nothing is to be told.
    async fn drop_alert(&self, kind: AlertKind, subject: &str) -> Result<(), StoreError>;
    /// The matters that last, the first first, at most 1000.
    async fn open_alerts(&self) -> Result<Vec<Alert>, StoreError>;
    /// Claims what is to be told. It is not claimed again before `again`.
    async fn claim_alerts(&self, now: Timestamp, again: Timestamp) -> Result<Vec<Alert>, StoreError>;
    /// These were told, which were claimed until `again`.
    async fn put_alerts_told(&self, alerts: &[Alert], again: Timestamp) -> Result<(), StoreError>;

    /// The latest jobs that were delivered or failed after a time, the last first. Of `limit` that ended, cancelled ones
    /// are left out.
    async fn recent_ends(&self, after: Timestamp, limit: u32) -> Result<Vec<JobEnd>, StoreError>;
    /// The prices of all orders after a time, without those that were given back.
    async fn spent_since(&self, after: Timestamp) -> Result<Credits, StoreError>;
}

impl SqlStore {
    fn alert(&self, row: &Row) -> Result<Alert, StoreError> {
        let subject: String = RowReader::new(row, "alerts", "?").get("subject")?;
        let f = RowReader::new(row, "alerts", &subject);
        let since = f.get::<i64>("since")?.saturating_sub(self.engine().clock_offset());
        Ok(Alert {
            kind: f.word("kind", AlertKind::from_word)?,
            detail: f.get("detail")?,
            since: Timestamp::from_millis(since),
            is_over: f.get::<Option<i64>>("over_at")?.is_some(),
            subject,
        })
    }
}

#[async_trait]
impl AlertStore for SqlStore {
    async fn raise_alert(
        &self,
        kind: AlertKind,
        subject: &str,
        detail: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let params = vec![kind.as_str().into(), subject.into(), detail.into(), self.database_time(now).into()];
        let all = self.run(vec![Statement::new(RAISE_ALERT, params)]).await?;
        Ok(all.first().is_some_and(|rows| !rows.is_empty()))
    }

    async fn end_alert(
        &self,
        kind: AlertKind,
        subject: &str,
        seen_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let seen_at = self.database_time(seen_at);
        let drop = vec![kind.as_str().into(), subject.into(), seen_at.into()];
        let end = vec![kind.as_str().into(), subject.into(), seen_at.into(), self.database_time(now).into()];
        self.run(vec![Statement::new(DROP_UNTOLD_ALERT, drop), Statement::new(END_ALERT, end)]).await.map(drop_rows)
    }

    async fn drop_alert(&self, kind: AlertKind, subject: &str) -> Result<(), StoreError> {
        let params = vec![kind.as_str().into(), subject.into()];
        self.run(vec![Statement::new(DROP_ALERT, params)]).await.map(drop_rows)
    }

    async fn open_alerts(&self) -> Result<Vec<Alert>, StoreError> {
        self.readable(Statement::new(OPEN_ALERTS, vec![]), |row| self.alert(row)).await
    }

    async fn claim_alerts(&self, now: Timestamp, again: Timestamp) -> Result<Vec<Alert>, StoreError> {
        let params = vec![self.database_time(again).into(), self.database_time(now).into()];
        let all = self.run(vec![Statement::new(CLAIM_ALERTS, params)]).await?;
        let mut alerts = Vec::new();
        for row in all.iter().flatten() {
            match self.alert(row) {
                Ok(alert) => alerts.push(alert),
                Err(error) if error.is_broken() => tracing::warn!(%error, "an alert is left to another version"),
                Err(error) => return Err(error),
            }
        }
        // The order in which their rows are locked later.
        alerts.sort_by(|one, other| (one.kind.as_str(), &one.subject).cmp(&(other.kind.as_str(), &other.subject)));
        Ok(alerts)
    }

    async fn put_alerts_told(&self, alerts: &[Alert], again: Timestamp) -> Result<(), StoreError> {
        let again = self.database_time(again);
        let told = |alert: &Alert| {
            let params = vec![alert.kind.as_str().into(), alert.subject.as_str().into(), again.into()];
            Statement::new(if alert.is_over { DROP_TOLD } else { PUT_TOLD }, params)
        };
        self.run(alerts.iter().map(told).collect()).await.map(drop_rows)
    }

    async fn recent_ends(&self, after: Timestamp, limit: u32) -> Result<Vec<JobEnd>, StoreError> {
        let end = |row: &Row| {
            let f = RowReader::new(row, "jobs", "recent");
            let failure = f.maybe_json::<Failure>("failure")?.map(|failure| failure.code);
            let end = JobEnd { model: f.get("model")?, failure: None, at: f.time("updated_at")? };
            Ok(match f.word("state", JobState::from_word)? {
                JobState::Delivered => Some(end),
                JobState::Failed => Some(JobEnd { failure: Some(failure.unwrap_or_default()), ..end }),
                JobState::Held
                | JobState::Submitting
                | JobState::Running
                | JobState::Ready
                | JobState::Delivering
                | JobState::Unknown
                | JobState::Unreadable
                | JobState::Undeliverable
                | JobState::Cancelled => None,
            })
        };
        let params = vec![after.millis().into(), i64::from(limit).into()];
        Ok(self.all(Statement::new(RECENT_ENDS, params), end).await?.into_iter().flatten().collect())
    }

    async fn spent_since(&self, after: Timestamp) -> Result<Credits, StoreError> {
        let spent = |row: &Row| RowReader::new(row, "jobs", "sum").get("spent").map(Credits::from_milli);
        let statement = Statement::new(SPENT_SINCE, vec![after.millis().into()]);
        Ok(self.one(statement, spent).await?.unwrap_or(Credits::ZERO))
    }
}

/// Nothing is read from the rows of these.
fn drop_rows(_: Vec<Vec<Row>>) {}
