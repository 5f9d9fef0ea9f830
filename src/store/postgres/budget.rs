//! Budgets of requests that all processes share.
//!
//! Each budget is a row and each request one statement, so the row's lock orders concurrent requests. Times are the
//! server's: the clocks of the processes may differ by more than a window.

use std::time::Duration;

use async_trait::async_trait;

use super::Connector;
use crate::store::Budgets;
use crate::store::engine::{Param, Statement, WriteResult};
use crate::store::row::RowReader;
use crate::store::statement::statements;
use crate::store_error::StoreError;

statements! {
/// $1 the budget, $2 how many requests are allowed in $3 milliseconds.
///
/// `clock.now` is read once the row is locked. `seen.recent` holds the requests of the window, oldest first; those with
/// a time ahead of the clock (it was set back) count as made now, so that they block nothing for longer than one
/// window. `judged.wait` is 0 when the request is allowed; a longer pause is asked about again every minute. The column
/// `wait` exists for `RETURNING` only.
const TAKE = "
    INSERT INTO budgets (name, taken, held_until, wait)
    VALUES ($1, ARRAY[(extract(epoch FROM clock_timestamp()) * 1000)::bigint], 0, 0)
    ON CONFLICT (name) DO UPDATE SET (taken, wait) = (
        SELECT
            CASE WHEN judged.wait = 0 THEN seen.recent || clock.now ELSE seen.recent END,
            judged.wait
        FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now) AS clock
        CROSS JOIN LATERAL (SELECT ARRAY(
            SELECT least(request, clock.now) FROM unnest(budgets.taken) AS request
            WHERE request > clock.now - $3 ORDER BY request
        ) AS recent) AS seen
        CROSS JOIN LATERAL (SELECT CASE
            WHEN budgets.held_until > clock.now THEN least(budgets.held_until - clock.now, 60000)
            WHEN cardinality(seen.recent) >= $2
                THEN greatest(seen.recent[(cardinality(seen.recent) - $2 + 1)::int] + $3 - clock.now, 1)
            ELSE 0
        END AS wait) AS judged
    )
    RETURNING wait";

/// $1 the budget, $2 the pause in milliseconds.
const PAUSE = "
    INSERT INTO budgets (name, taken, held_until, wait)
    VALUES ($1, '{}', (extract(epoch FROM clock_timestamp()) * 1000)::bigint + $2, 0)
    ON CONFLICT (name) DO UPDATE SET held_until = greatest(budgets.held_until, excluded.held_until)
    RETURNING wait";
}

/// Budgets in the database.
#[derive(Debug)]
pub(super) struct PostgresBudgets {
    pub(super) connector: Connector,
}

impl PostgresBudgets {
    /// Runs a statement that returns `wait`.
    async fn run(&self, sql: &'static str, name: &str, mut params: Vec<Param>) -> Result<i64, StoreError> {
        params.insert(0, name.into());
        match self.connector.write(vec![Statement::new(sql, params)]).await? {
            WriteResult::Committed(all) => match all.first().and_then(|rows| rows.first()) {
                Some(row) => RowReader::new(row, "budgets", name).get("wait"),
                None => Ok(0),
            },
            WriteResult::Refused(_) => Ok(0),
        }
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX / 4)
}

#[async_trait]
impl Budgets for PostgresBudgets {
    async fn take(&self, name: &str, count: u32, window: Duration) -> Result<Option<Duration>, StoreError> {
        let params = vec![i64::from(count.max(1)).into(), millis(window).into()];
        let wait = self.run(TAKE, name, params).await?;
        Ok((wait > 0).then(|| Duration::from_millis(wait.unsigned_abs())))
    }

    async fn pause(&self, name: &str, pause: Duration) -> Result<(), StoreError> {
        self.run(PAUSE, name, vec![millis(pause).into()]).await.map(drop)
    }
}
