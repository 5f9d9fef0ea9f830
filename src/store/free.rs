//! Free orders: a row for each, added with its job and counted in the same transaction, so that of many orders at once no
//! more are free than the allowance says.

use async_trait::async_trait;

use super::engine::{Row, Statement};
use super::row::RowReader;
use super::sql::SqlStore;
use super::statement::statements;
use crate::clock::Timestamp;
use crate::job::{Job, JobId, UserId};
use crate::store_error::StoreError;
use crate::tariff::{Allowance, FreeCount, FreeUse};

statements! {
/// $1 the person, $2 since when those of a day count.
const FREE_USED = "SELECT
    (SELECT COUNT(*) FROM free_uses WHERE user_id = $1 AND allowance = 'first') AS first_used,
    (SELECT COUNT(*) FROM free_uses WHERE user_id = $1 AND allowance = 'day' AND used_at > $2) AS day_used";
/// $1 the person, $2 the allowance, $3 since when, $4 how many are free. Returns a row when one is left.
const CHECK_FREE = "SELECT 1 AS one WHERE
    (SELECT COUNT(*) FROM free_uses WHERE user_id = $1 AND allowance = $2 AND used_at > $3) < $4";
/// $1 the job, $2 the person, $3 the allowance, $4 the time.
const ADD_FREE = "INSERT INTO free_uses (job, user_id, allowance, used_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (job) DO NOTHING RETURNING job";
const GIVE_BACK_FREE = "DELETE FROM free_uses WHERE job = $1";
}

/// Counts free orders.
#[async_trait]
pub trait FreeStore: std::fmt::Debug + Send + Sync {
    /// How many free orders a person has used up by now.
    async fn free_used(&self, user: UserId, now: Timestamp) -> Result<FreeCount, StoreError>;
}

/// Since when free orders count.
fn begin(free: FreeUse, now: Timestamp) -> i64 {
    match free {
        FreeUse::First => i64::MIN,
        FreeUse::Day => (now - Allowance::WINDOW).millis(),
    }
}

/// The statement that lets a free order pass if its person has one left. It is to run under the lock of the person.
pub(super) fn check(job: &Job, free: FreeUse, allowance: Allowance) -> Statement {
    let params = vec![
        job.user.0.into(),
        free.as_str().into(),
        begin(free, job.created_at).into(),
        i64::from(allowance.of(free)).into(),
    ];
    Statement::new(CHECK_FREE, params).required()
}

/// The statement that counts a free order.
pub(super) fn add(job: &Job, free: FreeUse) -> Statement {
    let params =
        vec![job.id.0.as_str().into(), job.user.0.into(), free.as_str().into(), job.created_at.millis().into()];
    Statement::new(ADD_FREE, params).required()
}

/// The statement by which a job counts no longer, if it was free.
pub(super) fn give_back(job: &JobId) -> Statement {
    Statement::new(GIVE_BACK_FREE, vec![job.0.as_str().into()])
}

#[async_trait]
impl FreeStore for SqlStore {
    async fn free_used(&self, user: UserId, now: Timestamp) -> Result<FreeCount, StoreError> {
        let params = vec![user.0.into(), begin(FreeUse::Day, now).into()];
        let count = |row: &Row| {
            let f = RowReader::new(row, "free_uses", user.0);
            Ok(FreeCount { first: f.small("first_used")?, day: f.small("day_used")? })
        };
        Ok(self.one(Statement::new(FREE_USED, params), count).await?.unwrap_or_default())
    }
}
