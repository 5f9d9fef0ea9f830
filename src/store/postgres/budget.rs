//! Requests that all instances count together.
//!
//! One row a budget, one statement a question: the row's lock puts the askers in order. The server's clock is the judge
//! because the instances have no other in common: theirs may differ by more than the window that is counted, and a
//! request would then be counted in the wrong one.

use std::time::Duration;

use async_trait::async_trait;

use super::Line;
use crate::store::Budgets;
use crate::store::engine::{Arg, Step, Written};
use crate::store::row::Fields;
use crate::store_error::StoreError;

/// Milliseconds on the server's clock. Read again at each mention, and never less: a row that had to be waited for is
/// judged by the time at which it was got.
macro_rules! now {
    () => {
        "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    };
}

/// The requests of the window, oldest first. A clock that was set back stops nobody for longer than a window.
macro_rules! recent {
    () => {
        concat!("ARRAY(SELECT least(t, ", now!(), ") FROM unnest(b.taken) t WHERE t > ", now!(), " - $3 ORDER BY t)")
    };
}

/// $1 the budget, $2 how many, $3 the window. A longer hold is asked about again every minute. The row keeps the answer,
/// since that is what a statement can return.
const TAKE: &str = concat!(
    "INSERT INTO budgets AS b (name, taken, held_until, wait) VALUES ($1, ARRAY[",
    now!(),
    "], 0, 0)
    ON CONFLICT (name) DO UPDATE SET (taken, wait) = (
        SELECT CASE WHEN w = 0 THEN r || n ELSE r END, w FROM (
            SELECT r, n, CASE
                WHEN b.held_until > n THEN least(b.held_until - n, 60000)
                WHEN cardinality(r) >= $2 THEN greatest(r[(cardinality(r) - $2 + 1)::int] + $3 - n, 1)
                ELSE 0 END AS w
            FROM (SELECT ",
    recent!(),
    " AS r, ",
    now!(),
    " AS n) seen
        ) judged
    ) RETURNING wait"
);

/// $1 the budget, $2 for how long.
const HOLD: &str = concat!(
    "INSERT INTO budgets AS b (name, taken, held_until, wait) VALUES ($1, '{}', ",
    now!(),
    " + $2, 0) ON CONFLICT (name) DO UPDATE SET held_until = greatest(b.held_until, excluded.held_until) RETURNING wait"
);

/// The count in the database.
#[derive(Debug)]
pub(super) struct PostgresBudgets {
    pub(super) line: Line,
}

impl PostgresBudgets {
    async fn ask(&self, sql: &'static str, name: &str, mut args: Vec<Arg>) -> Result<i64, StoreError> {
        args.insert(0, name.into());
        match self.line.write(vec![Step::new(sql, args)]).await? {
            Written::Done(all) => match all.first().and_then(|rows| rows.first()) {
                Some(record) => Fields::new(record, "budgets", name).get("wait"),
                None => Ok(0),
            },
            Written::Refused(_) => Ok(0),
        }
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX / 4)
}

#[async_trait]
impl Budgets for PostgresBudgets {
    async fn take(&self, name: &str, count: u32, window: Duration) -> Result<Option<Duration>, StoreError> {
        let args = vec![i64::from(count.max(1)).into(), millis(window).into()];
        let wait = self.ask(TAKE, name, args).await?;
        Ok((wait > 0).then(|| Duration::from_millis(wait.unsigned_abs())))
    }

    async fn pause(&self, name: &str, pause: Duration) -> Result<(), StoreError> {
        self.ask(HOLD, name, vec![millis(pause).into()]).await.map(drop)
    }
}
