//! Claims of jobs, some of which only another version of the program can read.

use std::time::Duration;

use super::engine::{Param, Statement};
use super::row::Counts;
use super::sql::SqlStore;
use super::{ClaimedJob, JobQueue, row, statement as sql};
use crate::clock::Timestamp;
use crate::job::JobId;
use crate::store_error::StoreError;

/// A job that could not be read is due again after this. Short, so that a process of another version, which can read it,
/// soon has it.
const UNREAD_PAUSE: Duration = Duration::from_secs(10);

impl SqlStore {
    /// As [`Store::claim_from`](super::Store::claim_from): claims until there is a job that can be read.
    pub(super) async fn claim_readable(
        &self,
        queue: JobQueue,
        in_flight: &[JobId],
        worker_id: &str,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Option<ClaimedJob>, StoreError> {
        let claim = &self.engine().sql().queues[queue as usize].claim;
        let (until, due) = (self.database_time(now + lease), self.database_time(now));
        loop {
            let params = vec![worker_id.into(), until.into(), due.into(), Param::json(&in_flight)?];
            let all = self.run(vec![Statement::new(claim, params)]).await?;
            let Some(row) = all.first().and_then(|rows| rows.first()) else { return Ok(None) };
            let error = match self.read_job(row) {
                Ok((job, Counts { setbacks, fence, webhooks })) => {
                    return Ok(Some(ClaimedJob { job, worker_id: worker_id.to_owned(), fence, webhooks, setbacks }));
                }
                Err(error) if error.is_broken() => error,
                Err(error) => return Err(error),
            };
            tracing::warn!(%error, "a job is left to another version of the program");
            let (id, fence) = row::claim(row)?;
            let again = self.database_time(now + UNREAD_PAUSE);
            let params = vec![again.into(), id.0.as_str().into(), worker_id.into(), fence.into()];
            self.run(vec![Statement::new(sql::UNCLAIM, params)]).await?;
        }
    }
}
