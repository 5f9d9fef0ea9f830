//! What chats have received, and the results that reached no chat, until the operator has been told of them.

use super::engine::Statement;
use super::sql::SqlStore;
use super::{row, statement as sql};
use crate::clock::Timestamp;
use crate::job::{DeliveredFile, Job, JobId};
use crate::store_error::StoreError;

impl SqlStore {
    /// As [`Store::put_files`](super::Store::put_files).
    pub(super) async fn add_files(&self, id: &JobId, files: &[DeliveredFile]) -> Result<(), StoreError> {
        let statement = |file: &DeliveredFile| {
            let params = vec![
                id.0.as_str().into(),
                i64::from(file.index).into(),
                file.file_id.as_str().into(),
                file.sent_as.as_str().into(),
                i64::from(file.message).into(),
            ];
            Statement::new(sql::PUT_FILE, params)
        };
        if files.is_empty() {
            return Ok(());
        }
        self.run(files.iter().map(statement).collect()).await.map(drop)
    }

    /// As [`Store::claim_reports`](super::Store::claim_reports).
    pub(super) async fn take_reports(
        &self,
        limit: u32,
        now: Timestamp,
        again: Timestamp,
    ) -> Result<Vec<Job>, StoreError> {
        let params = vec![self.database_time(again).into(), self.database_time(now).into(), i64::from(limit).into()];
        let all = self.run(vec![Statement::new(&self.engine().sql().claim_reports, params)]).await?;
        let mut jobs = Vec::new();
        for row in all.iter().flatten() {
            match row::job(row) {
                Ok((job, _)) => jobs.push(job),
                Err(error) if error.is_broken() => tracing::warn!(%error, "a report is left to another version"),
                Err(error) => return Err(error),
            }
        }
        // The order in which their rows are locked later.
        jobs.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(jobs)
    }

    /// As [`Store::put_reported`](super::Store::put_reported).
    pub(super) async fn end_reports(&self, jobs: &[JobId], again: Timestamp) -> Result<(), StoreError> {
        let again = self.database_time(again);
        let end = |job: &JobId| Statement::new(sql::END_REPORT, vec![job.0.as_str().into(), again.into()]);
        self.run(jobs.iter().map(end).collect()).await.map(drop)
    }
}
