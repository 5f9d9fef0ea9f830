//! Lists of jobs, some of which only another version of the program can read.

use std::collections::HashSet;

use super::engine::{Row, Statement};
use super::sql::SqlStore;
use super::{row, statement as sql};
use crate::clock::Timestamp;
use crate::job::{ChatId, Job, JobId, JobState, UserId};
use crate::store_error::StoreError;

/// A list of jobs, newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JobList {
    /// Those that this version of the program can read.
    pub jobs: Vec<Job>,
    /// Those that it cannot.
    pub newer: Vec<NewerJob>,
}

impl JobList {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty() && self.newer.is_empty()
    }
}

/// A job that this version of the program cannot read, since it does not know its state, its kind of price or something
/// inside it: a newer version, which runs beside it during a deploy, has written it and goes on with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewerJob {
    /// Its id.
    pub id: JobId,
    /// The stored word for its state.
    pub state: String,
    /// The model's id.
    pub model: String,
    /// Who asked.
    pub user: UserId,
    /// Where the result goes.
    pub chat: ChatId,
    /// When it was ordered.
    pub created_at: Timestamp,
    /// Its last move.
    pub updated_at: Timestamp,
}

impl SqlStore {
    /// As [`Store::jobs_in`](super::Store::jobs_in).
    pub(super) async fn jobs_in_state(&self, state: Option<JobState>, limit: u32) -> Result<JobList, StoreError> {
        let limit = i64::from(limit);
        if let Some(state) = state {
            return self.job_list(Statement::new(sql::JOBS_IN, vec![state.as_str().into(), limit.into()])).await;
        }
        let mut list = self.job_list(Statement::new(sql::NEWEST_JOBS, vec![limit.into()])).await?;
        let listed: HashSet<_> = list.newer.iter().map(|job| job.id.clone()).collect();
        let older = Statement::new(&self.engine().sql().newer_jobs, vec![limit.into()]);
        let older = self.job_list(older).await?.newer;
        list.newer.extend(older.into_iter().filter(|job| !listed.contains(&job.id)));
        Ok(list)
    }

    /// Jobs of all kinds, in the order of the rows.
    pub(super) async fn job_list(&self, statement: Statement) -> Result<JobList, StoreError> {
        let mut list = JobList::default();
        for found in &self.engine().read(statement).await? {
            match row::job(found) {
                Ok((job, _)) => list.jobs.push(job),
                Err(error) if error.is_broken() => match row::newer_job(found) {
                    Ok(job) => list.newer.push(job),
                    Err(_) => note_unreadable(&error),
                },
                Err(error) => return Err(error),
            }
        }
        Ok(list)
    }

    /// The jobs that this version can read.
    pub(super) async fn jobs(&self, statement: Statement) -> Result<Vec<Job>, StoreError> {
        self.readable(statement, |row| row::job(row).map(|(job, _)| job)).await
    }

    /// The rows that this version can read.
    pub(super) async fn readable<T>(
        &self,
        statement: Statement,
        read: impl Fn(&Row) -> Result<T, StoreError> + Send,
    ) -> Result<Vec<T>, StoreError> {
        let mut list = Vec::new();
        for found in &self.engine().read(statement).await? {
            match read(found) {
                Ok(value) => list.push(value),
                Err(error) if error.is_broken() => note_unreadable(&error),
                Err(error) => return Err(error),
            }
        }
        Ok(list)
    }
}

fn note_unreadable(error: &StoreError) {
    tracing::warn!(%error, "a row is left out of a list");
}
