//! [`Store`] over an [`Engine`]: what is read and written, in which transaction.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::dialect::DialectSql;
use super::engine::{Engine, Param, Row, Statement, WriteResult};
use super::job_move::JobMove;
use super::row::Counts;
use super::{
    Added, Budgets, ClaimedJob, Erased, Event, JobChange, JobList, JobQueue, Prunable, Setbacks, Store, Subscription,
    access, row, statement as sql, wallet,
};
use crate::audit::AuditEntry;
use crate::clock::Timestamp;
use crate::inbox::Fence;
use crate::job::{ChatId, DeliveredFile, Job, JobId, JobState, TaskId, UserId, VendorReply};
use crate::ledger::Entry;
use crate::quota::Quotas;
use crate::store_error::StoreError;
use crate::tariff::Allowance;
use crate::user::{Draft, DraftKey, User};

/// A store in an SQL database.
#[derive(Debug)]
pub(super) struct SqlStore {
    engine: Arc<dyn Engine>,
}

impl SqlStore {
    pub(super) fn new(engine: Arc<dyn Engine>) -> Self {
        Self { engine }
    }

    pub(super) fn engine(&self) -> &dyn Engine {
        self.engine.as_ref()
    }

    pub(super) async fn all<T>(
        &self,
        statement: Statement,
        read: impl Fn(&Row) -> Result<T, StoreError> + Send,
    ) -> Result<Vec<T>, StoreError> {
        self.engine.read(statement).await?.iter().map(read).collect()
    }

    pub(super) async fn one<T>(
        &self,
        statement: Statement,
        read: impl Fn(&Row) -> Result<T, StoreError> + Send,
    ) -> Result<Option<T>, StoreError> {
        self.engine.read(statement).await?.first().map(read).transpose()
    }

    async fn maybe_job(&self, statement: Statement) -> Result<Option<Job>, StoreError> {
        self.one(statement, |row| row::job(row).map(|(job, _)| job)).await
    }

    /// Runs statements of which none is required.
    pub(super) async fn run(&self, statements: Vec<Statement>) -> Result<Vec<Vec<Row>>, StoreError> {
        match self.engine.write(statements).await? {
            WriteResult::Committed(all) => Ok(all),
            WriteResult::Refused(_) => Ok(Vec::new()),
        }
    }

    /// Runs statements; false when a required one returned no row, and nothing has changed.
    pub(super) async fn try_write(&self, statements: Vec<Statement>) -> Result<bool, StoreError> {
        Ok(matches!(self.engine.write(statements).await?, WriteResult::Committed(_)))
    }

    /// A time in milliseconds on the database's clock.
    pub(super) fn database_time(&self, time: Timestamp) -> i64 {
        time.millis().saturating_add(self.engine.clock_offset())
    }

    /// A job, and what else its row has, with times on this process's clock.
    pub(super) fn read_job(&self, row: &Row) -> Result<(Job, Counts), StoreError> {
        let (job, counts) = row::job(row)?;
        let setbacks = row::shifted(counts.setbacks, self.engine.clock_offset().saturating_neg());
        Ok((job, Counts { setbacks, ..counts }))
    }

    /// Runs one statement that is refused when the job is not as the caller expects.
    async fn update_job(&self, id: &JobId, sql: &'static str, params: Vec<Param>) -> Result<(), StoreError> {
        match self.engine.write(vec![Statement::new(sql, params).required()]).await? {
            WriteResult::Committed(_) => Ok(()),
            WriteResult::Refused(_) => Err(StoreError::Stale(id.clone())),
        }
    }
}

/// The parameters that name a draft.
fn draft_params(DraftKey { chat, topic, user }: &DraftKey) -> Vec<Param> {
    vec![chat.0.into(), topic.map_or(0, |topic| i64::from(topic.0)).into(), user.0.into()]
}

/// The parameters of [`RENEW`](sql::RENEW) and [`RELEASE`](sql::RELEASE).
fn claim_params(due: Param, ClaimedJob { job, worker_id, fence, .. }: &ClaimedJob) -> Vec<Param> {
    vec![due, job.id.0.as_str().into(), worker_id.as_str().into(), (*fence).into()]
}

#[async_trait]
impl Store for SqlStore {
    async fn ping(&self) -> Result<(), StoreError> {
        self.engine.ping(Statement::new(sql::PING, vec![])).await
    }

    async fn close(&self) {
        self.engine.close().await;
    }

    fn subscribe(&self) -> Subscription {
        self.engine.subscribe()
    }

    fn budgets(&self) -> Option<Arc<dyn Budgets>> {
        self.engine.budgets()
    }

    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.one(Statement::new(sql::USER, vec![id.0.into()]), row::user).await
    }

    async fn put_user(&self, user: &User) -> Result<(), StoreError> {
        let params = vec![user.id.0.into(), user.language.as_str().into(), user.created_at.millis().into()];
        self.run(vec![Statement::new(sql::PUT_USER, params)]).await.map(drop)
    }

    async fn put_bot(&self, bot: UserId, takes_over: bool, now: Timestamp) -> Result<UserId, StoreError> {
        let params = vec![bot.0.into(), now.millis().into(), takes_over.into()];
        let rows = self.run(vec![Statement::new(sql::PUT_BOT, params), Statement::new(sql::BOT, vec![])]).await?;
        match rows.last().and_then(|rows| rows.first()) {
            Some(row) => Ok(UserId(row::RowReader::new(row, "bot", "1").get("bot_id")?)),
            None => Err(StoreError::Statement("the row of the bot was not returned".to_owned())),
        }
    }

    async fn owner(&self) -> Result<Option<UserId>, StoreError> {
        let user = |row: &Row| row::RowReader::new(row, "owner", "1").get("user_id").map(UserId);
        self.one(Statement::new(sql::OWNER, vec![]), user).await
    }

    async fn add_owner(&self, user: UserId, now: Timestamp) -> Result<bool, StoreError> {
        let add = Statement::new(sql::ADD_OWNER, vec![user.0.into(), now.millis().into()]);
        let all = self.run(vec![add]).await?;
        Ok(all.first().is_some_and(|rows| !rows.is_empty()))
    }

    async fn draft(&self, key: &DraftKey) -> Result<Option<Draft>, StoreError> {
        self.one(Statement::new(sql::DRAFT, draft_params(key)), row::draft).await
    }

    async fn drafts_in(&self, chat: ChatId, limit: u32) -> Result<Vec<Draft>, StoreError> {
        let params = vec![chat.0.into(), i64::from(limit).into()];
        self.readable(Statement::new(sql::DRAFTS_IN, params), row::draft).await
    }

    async fn put_draft(&self, draft: &Draft, fence: Option<Fence<'_>>) -> Result<(), StoreError> {
        let mut params = draft_params(&draft.key);
        params.extend([Param::json(&draft.body)?, draft.updated_at.millis().into()]);
        let Some(fence) = fence else { return self.run(vec![Statement::new(sql::PUT_DRAFT, params)]).await.map(drop) };
        params.extend([fence.worker_id.into(), fence.chat.0.into()]);
        match self.engine.write(vec![Statement::new(&self.engine.sql().inbox.put_draft, params).required()]).await? {
            WriteResult::Committed(_) => Ok(()),
            WriteResult::Refused(_) => Err(StoreError::Fenced(draft.key.chat)),
        }
    }

    async fn delete_draft(&self, key: &DraftKey, fence: Option<Fence<'_>>) -> Result<(), StoreError> {
        let mut params = draft_params(key);
        let statement = match fence {
            None => Statement::new(sql::DELETE_DRAFT, params),
            Some(fence) => {
                params.extend([fence.worker_id.into(), fence.chat.0.into()]);
                Statement::new(&self.engine.sql().inbox.delete_draft, params)
            }
        };
        self.run(vec![statement]).await.map(drop)
    }

    async fn move_chat(&self, old: ChatId, new: ChatId) -> Result<(), StoreError> {
        let both = || vec![old.0.into(), new.0.into()];
        let DialectSql { move_jobs, move_drafts, .. } = self.engine.sql();
        let mut statements: Vec<Statement> =
            [sql::MOVE, move_jobs, move_drafts].map(|sql| Statement::new(sql, both())).into();
        statements.push(Statement::new(sql::DROP_DRAFTS, vec![old.0.into()]));
        statements.extend(access::move_entry(old, new));
        statements.extend(wallet::move_wallet(old, new));
        self.run(statements).await.map(drop)
    }

    async fn chat_now(&self, chat: ChatId) -> Result<ChatId, StoreError> {
        let new = |row: &Row| row::RowReader::new(row, "moves", chat.0).get("became").map(ChatId);
        Ok(self.one(Statement::new(sql::CHAT_NOW, vec![chat.0.into()]), new).await?.unwrap_or(chat))
    }

    async fn add_job_within(&self, job: &Job, quotas: &Quotas, allowance: Allowance) -> Result<Added, StoreError> {
        self.add_within(job, quotas, allowance).await
    }

    async fn job(&self, id: &JobId) -> Result<Option<Job>, StoreError> {
        self.maybe_job(Statement::new(sql::JOB, vec![id.0.as_str().into()])).await
    }

    async fn job_of_draft(&self, chat: ChatId, draft: &str) -> Result<Option<Job>, StoreError> {
        self.maybe_job(Statement::new(sql::JOB_BY_DRAFT, vec![chat.0.into(), draft.into()])).await
    }

    async fn job_by_task(&self, task: &TaskId) -> Result<Option<Job>, StoreError> {
        self.maybe_job(Statement::new(sql::JOB_BY_TASK, vec![task.0.as_str().into()])).await
    }

    async fn jobs_of(&self, chat: ChatId, limit: u32, offset: u32) -> Result<Vec<Job>, StoreError> {
        let params = vec![chat.0.into(), i64::from(limit).into(), i64::from(offset).into()];
        self.jobs(Statement::new(sql::JOBS_OF, params)).await
    }

    async fn jobs_in(&self, state: Option<JobState>, limit: u32) -> Result<JobList, StoreError> {
        self.jobs_in_state(state, limit).await
    }

    async fn undeliverable(&self, chat: ChatId) -> Result<Vec<Job>, StoreError> {
        self.jobs(Statement::new(sql::UNDELIVERABLE, vec![chat.0.into()])).await
    }

    async fn claim_reports(&self, limit: u32, now: Timestamp, again: Timestamp) -> Result<Vec<Job>, StoreError> {
        self.take_reports(limit, now, again).await
    }

    async fn put_reported(&self, jobs: &[JobId], again: Timestamp) -> Result<(), StoreError> {
        self.end_reports(jobs, again).await
    }

    async fn claim_from(
        &self,
        queue: JobQueue,
        in_flight: &[JobId],
        worker_id: &str,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Option<ClaimedJob>, StoreError> {
        self.claim_readable(queue, in_flight, worker_id, now, lease).await
    }

    async fn next_due_in(&self, queue: JobQueue) -> Result<Option<Timestamp>, StoreError> {
        let due = |row: &Row| row::RowReader::new(row, "jobs", "MIN(due_at)").get::<Option<i64>>("due_at");
        let due = self.one(Statement::new(&self.engine.sql().queues[queue as usize].next_due, vec![]), due).await?;
        Ok(due.flatten().map(|due| Timestamp::from_millis(due.saturating_sub(self.engine.clock_offset()))))
    }

    async fn advance(
        &self,
        claimed: &ClaimedJob,
        next: JobState,
        change: &JobChange,
        now: Timestamp,
    ) -> Result<ClaimedJob, StoreError> {
        let ClaimedJob { job, worker_id, webhooks, .. } = claimed;
        // A final state has no due time.
        let due = if next.is_final() { None } else { change.not_before.map(|at| self.database_time(at)) };
        let is_released = (next.is_final() && !change.is_untold) || due.is_some();
        let job_move =
            JobMove { id: &job.id, from: job.state, next, change, claimed: Some(claimed), is_released, due, now };
        let (job, Counts { fence, setbacks, .. }) = self.move_job(job_move).await?;
        // The webhooks that the claim has seen: later ones count until the job is released.
        Ok(ClaimedJob { job, worker_id: worker_id.clone(), fence, webhooks: *webhooks, setbacks })
    }

    async fn renew(&self, claimed: &ClaimedJob, now: Timestamp, lease: Duration) -> Result<(), StoreError> {
        let until = self.database_time(now + lease);
        self.update_job(&claimed.job.id, sql::RENEW, claim_params(until.into(), claimed)).await
    }

    async fn release(
        &self,
        claimed: &ClaimedJob,
        until: Option<Timestamp>,
        setbacks: Option<Setbacks>,
    ) -> Result<(), StoreError> {
        let until = until.map(|at| self.database_time(at));
        let mut params = claim_params(until.into(), claimed);
        params.extend(row::setbacks_params(setbacks.map(|it| row::shifted(it, self.engine.clock_offset()))));
        self.update_job(&claimed.job.id, sql::RELEASE, params).await
    }

    async fn decide(
        &self,
        id: &JobId,
        from: JobState,
        next: JobState,
        change: &JobChange,
        now: Timestamp,
    ) -> Result<Job, StoreError> {
        let due = (!next.is_final()).then(|| self.database_time(change.not_before.unwrap_or(now)));
        let job_move = JobMove { id, from, next, change, claimed: None, is_released: true, due, now };
        let (job, _) = self.move_job(job_move).await?;
        if !next.is_final() {
            self.engine.notify(Event::Jobs);
        }
        Ok(job)
    }

    async fn record_webhook(
        &self,
        id: &JobId,
        task: Option<&TaskId>,
        now: Timestamp,
    ) -> Result<Option<Job>, StoreError> {
        let job = id.0.as_str();
        // The job first: this waits for a transaction that is just moving it, and returns its state after that.
        let mut statements = vec![Statement::new(sql::RECORD_WEBHOOK, vec![job.into()]).required()];
        statements.extend(task.map(|task| {
            Statement::new(sql::PUT_WEBHOOK_TASK, vec![job.into(), task.0.as_str().into(), now.millis().into()])
        }));
        let WriteResult::Committed(all) = self.engine.write(statements).await? else { return Ok(None) };
        let Some(row) = all.first().and_then(|rows| rows.first()) else { return Ok(None) };
        let (job, _) = row::job(row)?;
        if job.state == JobState::Running {
            self.engine.notify(Event::Jobs);
        }
        Ok(Some(job))
    }

    async fn webhook_tasks(&self, id: &JobId) -> Result<Vec<TaskId>, StoreError> {
        let task = |row: &Row| row::RowReader::new(row, "callbacks", id).get("task").map(TaskId);
        self.all(Statement::new(sql::WEBHOOK_TASKS, vec![id.0.as_str().into()]), task).await
    }

    async fn put_progress_message(
        &self,
        id: &JobId,
        chat: ChatId,
        message: i32,
        replaced: Option<i32>,
    ) -> Result<(), StoreError> {
        let (message, replaced) = (i64::from(message), replaced.map(i64::from));
        let params = vec![id.0.as_str().into(), message.into(), chat.0.into(), replaced.into()];
        self.update_job(id, sql::PUT_PROGRESS_MESSAGE, params).await
    }

    async fn detach(&self, id: &JobId) -> Result<(), StoreError> {
        self.update_job(id, sql::DETACH, vec![id.0.as_str().into(), true.into()]).await
    }

    async fn put_reply(&self, id: &JobId, reply: &VendorReply) -> Result<Timestamp, StoreError> {
        let VendorReply { source, body, received_at } = reply;
        let params =
            vec![id.0.as_str().into(), source.as_str().into(), body.as_str().into(), received_at.millis().into()];
        let all = self.run(vec![Statement::new(sql::PUT_REPLY, params)]).await?;
        let first = all.first().and_then(|rows| rows.first());
        first.map_or(Ok(*received_at), |row| {
            row::RowReader::new(row, "replies", id).get("received_at").map(Timestamp::from_millis)
        })
    }

    async fn replies(&self, id: &JobId) -> Result<Vec<VendorReply>, StoreError> {
        self.readable(Statement::new(sql::REPLIES, vec![id.0.as_str().into()]), |row| row::reply(row, id)).await
    }

    async fn put_files(&self, id: &JobId, files: &[DeliveredFile]) -> Result<(), StoreError> {
        self.add_files(id, files).await
    }

    async fn files(&self, id: &JobId) -> Result<Vec<DeliveredFile>, StoreError> {
        self.all(Statement::new(sql::FILES, vec![id.0.as_str().into()]), |row| row::file(row, id)).await
    }

    async fn entries(&self, id: &JobId) -> Result<Vec<Entry>, StoreError> {
        self.all(Statement::new(sql::ENTRIES, vec![id.0.as_str().into()]), |row| row::entry(row, id)).await
    }
    async fn prune(&self, what: Prunable, before: Timestamp, now: Timestamp) -> Result<u64, StoreError> {
        self.prune_batch(what, before, now).await
    }

    async fn open_jobs_of(&self, user: UserId, gives_up_results: bool, limit: u32) -> Result<JobList, StoreError> {
        self.open_jobs(user, gives_up_results, limit).await
    }

    async fn erase_jobs(&self, user: UserId, gives_up_results: bool, now: Timestamp) -> Result<u64, StoreError> {
        self.erase_batch(user, gives_up_results, now).await
    }

    async fn erase_user(&self, user: UserId, audit: &AuditEntry) -> Result<Erased, StoreError> {
        self.erase_rows(user, audit).await
    }
}
