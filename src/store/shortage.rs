//! A shortage of credits at the vendor: since when, and what is left. One row, which all processes share.

use std::time::Duration;

use async_trait::async_trait;

use super::engine::{Row, Statement};
use super::row::RowReader;
use super::sql::SqlStore;
use super::statement::statements;
use crate::backoff::Backoff;
use crate::clock::Timestamp;
use crate::ledger::Credits;
use crate::store_error::StoreError;

/// A shortage that comes back within this time goes on with the pauses of the one before.
const RECENT: Duration = Duration::from_secs(600);

statements! {
const SHORTAGE = "SELECT since, needed, remaining FROM shortage WHERE one = 1 AND ended_at IS NULL";
/// $1 the time, $2 what was refused, $3 the first pause, $4 its end, $5 after which an earlier shortage is recent. What was
/// known of the balance is wrong, so it is read again.
const BEGIN_SHORTAGE = "INSERT INTO shortage (one, since, needed, probe_at, pause) VALUES (1, $1, $2, $4, $3)
    ON CONFLICT (one) DO UPDATE SET
        since = CASE WHEN shortage.ended_at IS NULL THEN shortage.since ELSE excluded.since END,
        needed = CASE WHEN shortage.ended_at IS NULL AND shortage.needed > excluded.needed
            THEN shortage.needed ELSE excluded.needed END,
        probe_at = CASE WHEN shortage.ended_at IS NULL AND shortage.remaining IS NULL THEN shortage.probe_at
            WHEN shortage.ended_at <= $5 THEN excluded.probe_at ELSE excluded.since + shortage.pause END,
        pause = CASE WHEN shortage.ended_at <= $5 THEN excluded.pause ELSE shortage.pause END,
        remaining = NULL, ended_at = NULL
    RETURNING since";
/// $1 the time, $2 the longest pause.
const CLAIM_PROBE = "UPDATE shortage SET
        pause = CASE WHEN pause * 2 > $2 THEN $2 ELSE pause * 2 END,
        probe_at = $1 + CASE WHEN pause * 2 > $2 THEN $2 ELSE pause * 2 END
    WHERE one = 1 AND ended_at IS NULL AND probe_at <= $1 RETURNING since";
/// $1 the balance, $2 the time.
const END_SHORTAGE = "UPDATE shortage SET ended_at = $2, remaining = NULL
    WHERE one = 1 AND ended_at IS NULL AND needed <= $1 RETURNING since";
/// $1 the balance.
const PUT_REMAINING = "UPDATE shortage SET remaining = $1 WHERE one = 1 AND ended_at IS NULL";
}

/// A shortage of credits at the vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortage {
    /// When it began.
    pub since: Timestamp,
    /// The most that the vendor refused: with so much it is over.
    pub needed: Credits,
    /// The balance that was read last; `None` while it is not known.
    pub remaining: Option<Credits>,
}

/// Remembers a shortage of credits at the vendor.
#[async_trait]
pub trait ShortageStore: std::fmt::Debug + Send + Sync {
    /// The present shortage.
    async fn shortage(&self) -> Result<Option<Shortage>, StoreError>;
    /// The vendor has refused an order of this price for want of credits. The balance is to be read after the first pause,
    /// or after that of a shortage that has just ended. Returns whether the shortage is new.
    async fn begin_shortage(&self, needed: Credits, pauses: Backoff, now: Timestamp) -> Result<bool, StoreError>;
    /// Whether the balance is to be read now, which one caller of all is told. The pause until the next time is twice the
    /// one before.
    async fn claim_probe(&self, pauses: Backoff, now: Timestamp) -> Result<bool, StoreError>;
    /// The balance was read. Returns whether that ends the shortage.
    async fn note_balance(&self, balance: Credits, now: Timestamp) -> Result<bool, StoreError>;
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[async_trait]
impl ShortageStore for SqlStore {
    async fn shortage(&self) -> Result<Option<Shortage>, StoreError> {
        let ahead = self.engine().clock_offset();
        let shortage = |row: &Row| {
            let f = RowReader::new(row, "shortage", 1);
            Ok(Shortage {
                since: Timestamp::from_millis(f.get::<i64>("since")?.saturating_sub(ahead)),
                needed: f.get("needed").map(Credits::from_milli)?,
                remaining: f.get::<Option<i64>>("remaining")?.map(Credits::from_milli),
            })
        };
        self.one(Statement::new(SHORTAGE, vec![]), shortage).await
    }

    async fn begin_shortage(&self, needed: Credits, pauses: Backoff, now: Timestamp) -> Result<bool, StoreError> {
        let at = self.database_time(now);
        let recent = at.saturating_sub(millis(RECENT));
        let (first, probe_at) = (millis(pauses.first), at.saturating_add(millis(pauses.first)));
        let params = vec![at.into(), needed.milli().into(), first.into(), probe_at.into(), recent.into()];
        let all = self.run(vec![Statement::new(BEGIN_SHORTAGE, params)]).await?;
        let row = all.first().and_then(|rows| rows.first());
        row.map_or(Ok(false), |row| Ok(RowReader::new(row, "shortage", 1).get::<i64>("since")? == at))
    }

    async fn claim_probe(&self, pauses: Backoff, now: Timestamp) -> Result<bool, StoreError> {
        let params = vec![self.database_time(now).into(), millis(pauses.longest).into()];
        let all = self.run(vec![Statement::new(CLAIM_PROBE, params)]).await?;
        Ok(all.first().is_some_and(|rows| !rows.is_empty()))
    }

    async fn note_balance(&self, balance: Credits, now: Timestamp) -> Result<bool, StoreError> {
        let end = vec![balance.milli().into(), self.database_time(now).into()];
        let rest = vec![balance.milli().into()];
        let all = self.run(vec![Statement::new(END_SHORTAGE, end), Statement::new(PUT_REMAINING, rest)]).await?;
        Ok(all.first().is_some_and(|rows| !rows.is_empty()))
    }
}
