//! [`Store`] over an [`Engine`]: what is read and written, in which transaction.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::engine::{Arg, Engine, Record, Step, Written};
use super::row::Counts;
use super::{Added, Budgets, Change, Claimed, Event, JobQueue, Store, Subscription, row, statement as sql};
use crate::clock::Timestamp;
use crate::inbox::Fence;
use crate::job::{ChatId, DeliveredFile, Job, JobId, JobState, TaskId, UserId};
use crate::ledger::{Entry, EntryKind};
use crate::store_error::StoreError;
use crate::user::{Draft, User};

/// The store of a database.
#[derive(Debug)]
pub(super) struct Sql {
    engine: Arc<dyn Engine>,
}

impl Sql {
    pub(super) fn new(engine: Arc<dyn Engine>) -> Self {
        Self { engine }
    }

    pub(super) fn engine(&self) -> &dyn Engine {
        self.engine.as_ref()
    }

    pub(super) async fn all<T>(
        &self,
        step: Step,
        read: impl Fn(&Record) -> Result<T, StoreError> + Send,
    ) -> Result<Vec<T>, StoreError> {
        self.engine.read(step).await?.iter().map(read).collect()
    }

    async fn one<T>(
        &self,
        step: Step,
        read: impl Fn(&Record) -> Result<T, StoreError> + Send,
    ) -> Result<Option<T>, StoreError> {
        self.engine.read(step).await?.first().map(read).transpose()
    }

    /// Runs steps of which none is needed.
    pub(super) async fn run(&self, steps: Vec<Step>) -> Result<Vec<Vec<Record>>, StoreError> {
        match self.engine.write(steps).await? {
            Written::Done(all) => Ok(all),
            Written::Refused(_) => Ok(Vec::new()),
        }
    }

    /// The same moment on the database's clock.
    pub(super) fn there(&self, time: Timestamp) -> i64 {
        time.millis().saturating_add(self.engine.ahead())
    }

    /// Runs one statement on a job that must be there.
    async fn touch(&self, id: &JobId, sql: &'static str, args: Vec<Arg>) -> Result<(), StoreError> {
        match self.engine.write(vec![Step::new(sql, args).needed()]).await? {
            Written::Done(_) => Ok(()),
            Written::Refused(_) => Err(StoreError::Stale(id.clone())),
        }
    }

    /// Moves a job and books the money in one transaction.
    async fn shift(
        &self,
        id: &JobId,
        (from, next): (JobState, JobState),
        step: Step,
        entry: Option<Entry>,
        now: Timestamp,
    ) -> Result<(Job, Counts), StoreError> {
        if !from.may_become(next) {
            return Err(StoreError::Illegal { job: id.clone(), from, next });
        }
        let mut steps = vec![step.needed()];
        steps.extend(entry.map(|entry| book(id, entry, now).needed()));
        match (self.engine.write(steps).await?, entry) {
            (Written::Done(all), _) => match all.first().and_then(|rows| rows.first()) {
                Some(record) => row::job(record),
                None => Err(StoreError::Stale(id.clone())),
            },
            (Written::Refused(1), Some(Entry { kind, .. })) => Err(StoreError::Booked { job: id.clone(), kind }),
            (Written::Refused(_), _) => Err(StoreError::Stale(id.clone())),
        }
    }
}

fn book(id: &JobId, entry: Entry, now: Timestamp) -> Step {
    Step::new(
        sql::BOOK,
        vec![id.0.as_str().into(), entry.kind.as_str().into(), entry.credits.milli().into(), now.millis().into()],
    )
}

#[async_trait]
impl Store for Sql {
    async fn ping(&self) -> Result<(), StoreError> {
        self.engine.ping(Step::new(sql::PING, vec![])).await
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
        self.one(Step::new(sql::USER, vec![id.0.into()]), row::user).await
    }

    async fn put_user(&self, user: &User) -> Result<(), StoreError> {
        let args = vec![user.id.0.into(), user.language.as_str().into(), user.created_at.millis().into()];
        self.run(vec![Step::new(sql::PUT_USER, args)]).await.map(drop)
    }

    async fn draft(&self, chat: ChatId) -> Result<Option<Draft>, StoreError> {
        self.one(Step::new(sql::DRAFT, vec![chat.0.into()]), row::draft).await
    }

    async fn put_draft(&self, draft: &Draft, fence: Option<Fence<'_>>) -> Result<(), StoreError> {
        let mut args = vec![draft.chat.0.into(), Arg::json(&draft.body)?, draft.updated_at.millis().into()];
        let Some(fence) = fence else { return self.run(vec![Step::new(sql::PUT_DRAFT, args)]).await.map(drop) };
        args.extend([fence.worker_id.into(), fence.chat.0.into()]);
        match self.engine.write(vec![Step::new(self.engine.inbox().put_draft, args).needed()]).await? {
            Written::Done(_) => Ok(()),
            Written::Refused(_) => Err(StoreError::Fenced(draft.chat)),
        }
    }

    async fn delete_draft(&self, chat: ChatId, fence: Option<Fence<'_>>) -> Result<(), StoreError> {
        let step = match fence {
            None => Step::new(sql::DELETE_DRAFT, vec![chat.0.into()]),
            Some(fence) => {
                let args = vec![chat.0.into(), fence.worker_id.into(), fence.chat.0.into()];
                Step::new(self.engine.inbox().delete_draft, args)
            }
        };
        self.run(vec![step]).await.map(drop)
    }

    async fn move_chat(&self, old: ChatId, new: ChatId) -> Result<(), StoreError> {
        let both = || vec![old.0.into(), new.0.into()];
        let mut steps: Vec<Step> =
            [sql::MOVE, sql::MOVE_JOBS, sql::MOVE_DRAFT].map(|sql| Step::new(sql, both())).into();
        steps.push(Step::new(sql::DROP_DRAFT, vec![old.0.into()]));
        self.run(steps).await.map(drop)
    }

    async fn chat_now(&self, chat: ChatId) -> Result<ChatId, StoreError> {
        let became = |record: &Record| row::Fields::new(record, "moves", chat.0).get("became").map(ChatId);
        Ok(self.one(Step::new(sql::CHAT_NOW, vec![chat.0.into()]), became).await?.unwrap_or(chat))
    }

    async fn add_job(&self, job: &Job) -> Result<Added, StoreError> {
        let mut steps = vec![Step::new(sql::ADD_JOB, row::new_job(job, self.there(job.created_at))?).needed()];
        let hold = job.quote.map(|quote| Entry { kind: EntryKind::Hold, credits: quote.credits });
        steps.extend(hold.map(|entry| book(&job.id, entry, job.created_at).needed()));
        if let Written::Done(_) = self.engine.write(steps).await? {
            self.engine.notify(Event::Jobs);
            return Ok(Added::New);
        }
        let known = Step::new(sql::JOB_BY_DRAFT, vec![job.chat.0.into(), job.draft.as_str().into()]);
        match self.one(known, row::job).await? {
            Some((known, _)) => Ok(Added::Known(Box::new(known))),
            None => Err(StoreError::Stale(job.id.clone())),
        }
    }

    async fn job(&self, id: &JobId) -> Result<Option<Job>, StoreError> {
        let found = self.one(Step::new(sql::JOB, vec![id.0.as_str().into()]), row::job).await?;
        Ok(found.map(|(job, _)| job))
    }

    async fn job_by_task(&self, task: &TaskId) -> Result<Option<Job>, StoreError> {
        let found = self.one(Step::new(sql::JOB_BY_TASK, vec![task.0.as_str().into()]), row::job).await?;
        Ok(found.map(|(job, _)| job))
    }

    async fn jobs_of(&self, chat: ChatId, limit: u32, offset: u32) -> Result<Vec<Job>, StoreError> {
        let args = vec![chat.0.into(), i64::from(limit).into(), i64::from(offset).into()];
        self.all(Step::new(sql::JOBS_OF, args), |record| row::job(record).map(|(job, _)| job)).await
    }

    async fn jobs_in(&self, state: Option<JobState>, limit: u32) -> Result<Vec<Job>, StoreError> {
        let args = vec![state.map(JobState::as_str).into(), i64::from(limit).into()];
        self.all(Step::new(sql::JOBS_IN, args), |record| row::job(record).map(|(job, _)| job)).await
    }

    async fn undeliverable(&self, chat: ChatId) -> Result<Vec<Job>, StoreError> {
        self.all(Step::new(sql::UNDELIVERABLE, vec![chat.0.into()]), |record| row::job(record).map(|(job, _)| job))
            .await
    }

    async fn count_jobs(&self) -> Result<Vec<(JobState, u64)>, StoreError> {
        self.all(Step::new(sql::COUNT_JOBS, vec![]), row::count).await
    }

    async fn claim_from(
        &self,
        queue: JobQueue,
        in_flight: &[JobId],
        worker: &str,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Option<Claimed>, StoreError> {
        let args = vec![worker.into(), self.there(now + lease).into(), self.there(now).into(), Arg::json(&in_flight)?];
        let all = self.run(vec![Step::new(self.engine.queue_sql(queue).claim, args)]).await?;
        let Some(record) = all.first().and_then(|rows| rows.first()) else { return Ok(None) };
        let (job, Counts { setbacks, claim, webhooks }) = row::job(record)?;
        Ok(Some(Claimed { job, worker: worker.to_owned(), claim, webhooks, setbacks }))
    }

    async fn next_due_in(&self, queue: JobQueue) -> Result<Option<Timestamp>, StoreError> {
        let due = |record: &Record| row::Fields::new(record, "jobs", "MIN(due_at)").get::<Option<i64>>("due_at");
        let due = self.one(Step::new(self.engine.queue_sql(queue).next_due, vec![]), due).await?;
        Ok(due.flatten().map(|due| Timestamp::from_millis(due.saturating_sub(self.engine.ahead()))))
    }

    async fn advance(
        &self,
        claimed: &Claimed,
        next: JobState,
        change: &Change,
        now: Timestamp,
    ) -> Result<Claimed, StoreError> {
        let Claimed { job, worker, claim, webhooks, .. } = claimed;
        let mut args = row::moved(job.state, next, change, now)?;
        // A final state has no due time; a pause is one.
        let due = if next.is_final() { None } else { change.not_before.map(|at| self.there(at)) };
        args.extend([
            ((next.is_final() && !change.untold) || due.is_some()).into(),
            due.into(),
            job.id.0.as_str().into(),
            job.state.as_str().into(),
            worker.as_str().into(),
            (*claim).into(),
            (*webhooks).into(),
        ]);
        let step = Step::new(sql::ADVANCE, args);
        let (job, Counts { claim, setbacks, .. }) =
            self.shift(&job.id, (job.state, next), step, change.entry, now).await?;
        // Not the webhooks of this moment: one that came since the claim counts until the job is let go.
        Ok(Claimed { job, worker: worker.clone(), claim, webhooks: *webhooks, setbacks })
    }

    async fn renew(&self, claimed: &Claimed, now: Timestamp, lease: Duration) -> Result<(), StoreError> {
        let Claimed { job, worker, claim, .. } = claimed;
        let until = self.there(now + lease);
        let args = vec![until.into(), job.id.0.as_str().into(), worker.as_str().into(), (*claim).into()];
        self.touch(&job.id, sql::RENEW, args).await
    }

    async fn let_go(&self, claimed: &Claimed, until: Option<Timestamp>) -> Result<(), StoreError> {
        let Claimed { job, worker, claim, .. } = claimed;
        let until = until.map(|at| self.there(at));
        let args = vec![until.into(), job.id.0.as_str().into(), worker.as_str().into(), (*claim).into()];
        self.touch(&job.id, sql::LET_GO, args).await
    }

    async fn decide(
        &self,
        id: &JobId,
        from: JobState,
        next: JobState,
        change: &Change,
        now: Timestamp,
    ) -> Result<Job, StoreError> {
        let mut args = row::moved(from, next, change, now)?;
        let due = if next.is_final() { None } else { Some(self.there(change.not_before.unwrap_or(now))) };
        args.extend([due.into(), id.0.as_str().into(), from.as_str().into()]);
        let (job, _) = self.shift(id, (from, next), Step::new(sql::DECIDE, args), change.entry, now).await?;
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
        // The job first: it waits here for a worker that is just moving it, and shows where it stands afterwards.
        let mut steps = vec![Step::new(sql::RECORD_WEBHOOK, vec![job.into()]).needed()];
        steps.extend(task.map(|task| {
            Step::new(sql::PUT_WEBHOOK_TASK, vec![job.into(), task.0.as_str().into(), now.millis().into()])
        }));
        let Written::Done(all) = self.engine.write(steps).await? else { return Ok(None) };
        let Some(record) = all.first().and_then(|rows| rows.first()) else { return Ok(None) };
        let (job, _) = row::job(record)?;
        if job.state == JobState::Running {
            self.engine.notify(Event::Jobs);
        }
        Ok(Some(job))
    }

    async fn webhook_tasks(&self, id: &JobId) -> Result<Vec<TaskId>, StoreError> {
        let task = |record: &Record| row::Fields::new(record, "callbacks", id).get("task").map(TaskId);
        self.all(Step::new(sql::WEBHOOK_TASKS, vec![id.0.as_str().into()]), task).await
    }

    async fn set_progress_message(&self, id: &JobId, chat: ChatId, message: i32) -> Result<(), StoreError> {
        let args = vec![id.0.as_str().into(), i64::from(message).into(), chat.0.into()];
        self.touch(id, sql::SET_PROGRESS_MESSAGE, args).await
    }

    async fn detach(&self, id: &JobId) -> Result<(), StoreError> {
        self.touch(id, sql::DETACH, vec![id.0.as_str().into(), true.into()]).await
    }

    async fn put_files(&self, id: &JobId, files: &[DeliveredFile]) -> Result<(), StoreError> {
        let step = |file: &DeliveredFile| {
            let args = vec![
                id.0.as_str().into(),
                i64::from(file.index).into(),
                file.file_id.as_str().into(),
                file.sent_as.as_str().into(),
                i64::from(file.message).into(),
            ];
            Step::new(sql::PUT_FILE, args)
        };
        if files.is_empty() {
            return Ok(());
        }
        self.run(files.iter().map(step).collect()).await.map(drop)
    }

    async fn files(&self, id: &JobId) -> Result<Vec<DeliveredFile>, StoreError> {
        self.all(Step::new(sql::FILES, vec![id.0.as_str().into()]), |record| row::file(record, id)).await
    }

    async fn entries(&self, id: &JobId) -> Result<Vec<Entry>, StoreError> {
        self.all(Step::new(sql::ENTRIES, vec![id.0.as_str().into()]), |record| row::entry(record, id)).await
    }
}
