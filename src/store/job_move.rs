//! A move of a job from one state to the next, and the ledger entries that belong to it: one transaction.

use super::engine::{Param, Statement, WriteResult};
use super::row::Counts;
use super::sql::SqlStore;
use super::{ClaimedJob, audit, free, referral, row, statement as sql, wallet};
use crate::audit::AuditEntry;
use crate::clock::Timestamp;
use crate::job::{Failure, Job, JobId, JobInput, JobState, Output, TaskId};
use crate::ledger::{Credits, Entry, EntryKind};
use crate::referral::Reward;
use crate::store_error::StoreError;
use crate::transfer::Transfer;

/// What changes in a job together with its state. A field that is `None` leaves the stored value as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JobChange {
    /// The vendor's task.
    pub task: Option<TaskId>,
    /// Label of the key that created the task; written together with `task`.
    pub key: Option<String>,
    /// When the vendor accepted the task.
    pub submitted_at: Option<Timestamp>,
    /// The input with files that were uploaded again.
    pub input: Option<JobInput>,
    /// The result.
    pub output: Option<Output>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// A ledger entry that belongs to the move, of a hold or its end.
    pub entry: Option<Entry>,
    /// Movements of people's money that belong to the move, each with a key that nothing else has.
    pub transfers: Vec<Transfer>,
    /// What is given for the payer, who came by a friend's link. When another job was faster, it is not given, and the move
    /// is made all the same.
    pub reward: Option<Reward>,
    /// The order came to nothing for its person: if it was free, they may place another free one.
    pub is_unused: bool,
    /// What the vendor says that it has charged, booked as [`EntryKind::Cost`]. Only the first word about a job is: a
    /// later one changes nothing and is no error.
    pub cost: Option<Credits>,
    /// The job is not claimed again before this time.
    pub not_before: Option<Timestamp>,
    /// The new count of setbacks.
    pub setbacks: Option<Setbacks>,
    /// The user is still to be told of this final state: the claim is kept, and the job can be claimed again when the
    /// lease ends.
    pub is_untold: bool,
    /// The act of an admin that the move is.
    pub audit: Option<AuditEntry>,
}

/// Unsuccessful tries within one task: creates that were refused, polls that gave no result, messages that did not reach
/// the chat. The count restarts together with that of attempts, see [`JobState::restarts_attempts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Setbacks {
    /// How many.
    pub count: u32,
    /// Time of the first.
    pub since: Option<Timestamp>,
    /// Time of the first of the last ones that were all "no such task"; `None` when the last one was another.
    pub not_found_since: Option<Timestamp>,
}

/// A move of a job, with the parameters of [`MOVE_JOB`](sql::MOVE_JOB).
pub(super) struct JobMove<'a> {
    pub(super) id: &'a JobId,
    /// The state that the job must have.
    pub(super) from: JobState,
    pub(super) next: JobState,
    pub(super) change: &'a JobChange,
    /// The claim that the job must have; `None` for a person's decision, which needs none.
    pub(super) claimed: Option<&'a ClaimedJob>,
    /// Whether a claim on the job is released.
    pub(super) is_released: bool,
    /// When a released job is due, in milliseconds on the database's clock.
    pub(super) due: Option<i64>,
    pub(super) now: Timestamp,
}

impl JobMove<'_> {
    /// `clock_offset`: how many milliseconds the database's clock is ahead.
    fn params(&self, clock_offset: i64) -> Result<Vec<Param>, StoreError> {
        let Self { id, from, next, change, claimed, is_released, due, now } = *self;
        let mut params = vec![
            id.0.as_str().into(),
            from.as_str().into(),
            claimed.map(|claimed| claimed.worker_id.as_str()).into(),
            claimed.map(|claimed| claimed.fence).into(),
            claimed.map(|claimed| claimed.webhooks).into(),
            next.as_str().into(),
            now.millis().into(),
            from.restarts_attempts(next).into(),
            next.has_failure().into(),
            is_released.into(),
            due.into(),
            change.task.as_ref().map(|task| task.0.as_str()).into(),
            change.key.as_deref().into(),
            change.submitted_at.map(Timestamp::millis).into(),
            Param::maybe_json(change.output.as_ref())?,
            Param::maybe_json(change.failure.as_ref())?,
        ];
        params.extend(row::setbacks_params(change.setbacks.map(|it| row::shifted(it, clock_offset))));
        params.push(Param::maybe_json(change.input.as_ref().map(|input| &input.fields))?);
        params.push(Param::maybe_json(change.input.as_ref().map(|input| &input.attachments))?);
        Ok(params)
    }
}

impl SqlStore {
    /// Moves a job and adds its ledger entries in one transaction.
    pub(super) async fn move_job(&self, job_move: JobMove<'_>) -> Result<(Job, Counts), StoreError> {
        let JobMove { id, from, next, change, .. } = job_move;
        if !from.may_become(next) {
            return Err(StoreError::Illegal { job: id.clone(), from, next });
        }
        if let Some(reward) = &change.reward
            && let Some(moved) = self.try_move(&job_move, Some(reward)).await?
        {
            return Ok(moved);
        }
        let moved = self.try_move(&job_move, None).await?;
        moved.ok_or_else(|| StoreError::Stale(id.clone()))
    }

    /// Moves a job and gives a reward; `None`, and nothing is done, when it was given before.
    async fn try_move(
        &self,
        job_move: &JobMove<'_>,
        reward: Option<&Reward>,
    ) -> Result<Option<(Job, Counts)>, StoreError> {
        let JobMove { id, change, now, .. } = *job_move;
        let entry = change.entry;
        let cost = change.cost.map(|credits| Entry { kind: EntryKind::Cost, credits });
        let mut statements =
            vec![Statement::new(sql::MOVE_JOB, job_move.params(self.engine().clock_offset())?).required()];
        statements.extend(entry.map(|entry| add_entry(id, entry, now).required()));
        // Not required: a result that is stored again finds its cost booked.
        statements.extend(cost.map(|entry| add_entry(id, entry, now)));
        let reward_at = statements.len();
        statements.extend(reward.map(|reward| referral::reward(reward, id, now)));
        let mut transfers = change.transfers.clone();
        transfers.extend(reward.into_iter().flat_map(|reward| reward.transfers(id, now)));
        // In the order of locks, see the module of the store.
        transfers.sort_by_key(|transfer| transfer.wallet);
        statements.extend(transfers.iter().flat_map(wallet::book));
        statements.extend(change.is_unused.then(|| free::give_back(id)));
        statements.extend(change.audit.as_ref().map(audit::add));
        match (self.engine().write(statements).await?, entry) {
            (WriteResult::Committed(all), _) => match all.first().and_then(|rows| rows.first()) {
                Some(row) => self.read_job(row).map(Some),
                None => Err(StoreError::Stale(id.clone())),
            },
            (WriteResult::Refused(at), _) if reward.is_some() && at == reward_at => Ok(None),
            (WriteResult::Refused(1), Some(Entry { kind, .. })) => Err(StoreError::Booked { job: id.clone(), kind }),
            (WriteResult::Refused(_), _) => Err(StoreError::Stale(id.clone())),
        }
    }
}

/// A ledger entry of a job. Returns no row when the job has one of this kind.
pub(super) fn add_entry(id: &JobId, entry: Entry, now: Timestamp) -> Statement {
    Statement::new(
        sql::ADD_ENTRY,
        vec![id.0.as_str().into(), entry.kind.as_str().into(), entry.credits.milli().into(), now.millis().into()],
    )
}
