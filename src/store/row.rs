//! Rows into values and values into arguments, the same for both databases.

use serde::de::DeserializeOwned;
use sqlx::types::Json;
use sqlx::{Decode, Postgres, Sqlite, Type};

use super::engine::{Arg, Record};
use super::{Change, Setbacks};
use crate::clock::Timestamp;
use crate::inbox::{ClaimedUpdate, Update};
use crate::job::{ChatId, DeliveredFile, Job, JobId, JobState, TaskId, UserId};
use crate::ledger::{Credits, Entry, EntryKind};
use crate::schema::{Certainty, Quote};
use crate::store_error::StoreError;
use crate::user::{Draft, User};

/// A row on its way to a value; knows where it comes from, for the error.
pub(super) struct Fields<'a> {
    record: &'a Record,
    table: &'static str,
    key: String,
}

impl<'a> Fields<'a> {
    pub(super) fn new(record: &'a Record, table: &'static str, key: impl ToString) -> Self {
        Self { record, table, key: key.to_string() }
    }

    fn broken(&self, column: &'static str, why: impl ToString) -> StoreError {
        StoreError::Broken { table: self.table, column, key: self.key.clone(), why: why.to_string() }
    }

    pub(super) fn get<T>(&self, column: &'static str) -> Result<T, StoreError>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>,
    {
        self.record.column(column).map_err(|e| match e {
            sqlx::Error::ColumnDecode { source, .. } => self.broken(column, source),
            other => self.broken(column, other),
        })
    }

    fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, StoreError>
    where
        Json<T>: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>,
    {
        self.get::<Json<T>>(column).map(|json| json.0)
    }

    fn maybe_json<T: DeserializeOwned>(&self, column: &'static str) -> Result<Option<T>, StoreError>
    where
        Json<T>: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>,
    {
        self.get::<Option<Json<T>>>(column).map(|json| json.map(|j| j.0))
    }

    /// An integer that must fit a smaller type.
    fn small<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, StoreError> {
        let wide: i64 = self.get(column)?;
        T::try_from(wide).map_err(|_| self.broken(column, format!("{wide} is out of range")))
    }

    fn maybe_small<T: TryFrom<i64>>(&self, column: &'static str) -> Result<Option<T>, StoreError> {
        let wide: Option<i64> = self.get(column)?;
        wide.map(|w| T::try_from(w).map_err(|_| self.broken(column, format!("{w} is out of range")))).transpose()
    }

    fn time(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.get(column).map(Timestamp::from_millis)
    }

    /// A word of a closed list.
    fn word<T>(&self, column: &'static str, read: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
        let word: String = self.get(column)?;
        read(&word).ok_or_else(|| self.broken(column, format!("unknown word {word:?}")))
    }
}

/// The key of a row for an error, where the query does not name it.
fn key(record: &Record, column: &str) -> String {
    record
        .column::<String>(column)
        .or_else(|_| record.column::<i64>(column).map(|n| n.to_string()))
        .unwrap_or_else(|_| "?".to_owned())
}

pub(super) fn user(record: &Record) -> Result<User, StoreError> {
    let f = Fields::new(record, "users", key(record, "id"));
    Ok(User { id: UserId(f.get("id")?), language: f.get("language")?, created_at: f.time("created_at")? })
}

pub(super) fn draft(record: &Record) -> Result<Draft, StoreError> {
    let f = Fields::new(record, "drafts", key(record, "chat_id"));
    Ok(Draft { chat: ChatId(f.get("chat_id")?), body: f.json("body")?, updated_at: f.time("updated_at")? })
}

pub(super) fn update(record: &Record) -> Result<Update, StoreError> {
    let f = Fields::new(record, "updates", key(record, "id"));
    Ok(Update { id: f.get("id")?, chat: ChatId(f.get("chat_id")?), body: f.json("body")? })
}

pub(super) fn claimed_update(record: &Record, worker_id: &str) -> Result<ClaimedUpdate, StoreError> {
    let update = update(record)?;
    let f = Fields::new(record, "updates", update.id);
    let (starts, released): (u32, u32) = (f.small("begun")?, f.small("released")?);
    let started_by: Option<String> = f.get("begun_by")?;
    let is_started = started_by.is_some_and(|name| name == worker_id);
    Ok(ClaimedUpdate { update, starts, attempts: starts.saturating_sub(released), is_started })
}

/// What a claim has seen of a job beside the job itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    pub(super) setbacks: Setbacks,
    /// The number of its claims.
    pub(super) claim: i64,
    /// How often the vendor has called about it.
    pub(super) webhooks: i64,
}

/// A job, and what is counted about it.
pub(super) fn job(record: &Record) -> Result<(Job, Counts), StoreError> {
    let f = Fields::new(record, "jobs", key(record, "id"));
    let quote = match f.get::<Option<i64>>("quote_credits")? {
        None => None,
        Some(milli) => Some(Quote {
            credits: Credits::from_milli(milli),
            certainty: f.word("quote_certainty", |word| match word {
                "exact" => Some(Certainty::Exact),
                "at_most" => Some(Certainty::AtMost),
                _ => None,
            })?,
        }),
    };
    let job = Job {
        id: JobId(f.get("id")?),
        user: UserId(f.get("user_id")?),
        chat: ChatId(f.get("chat_id")?),
        draft: f.get("draft")?,
        model: f.get("model")?,
        input: f.json("input")?,
        attachments: f.json("attachments")?,
        quote,
        state: f.word("state", JobState::from_word)?,
        task: f.get::<Option<String>>("task")?.map(TaskId),
        key: f.get("key_label")?,
        output: f.maybe_json("output")?,
        failure: f.maybe_json("failure")?,
        progress_message: f.maybe_small("progress_message")?,
        detached: f.get("detached")?,
        attempts: f.small("attempts")?,
        created_at: f.time("created_at")?,
        submitted_at: f.get::<Option<i64>>("submitted_at")?.map(Timestamp::from_millis),
        updated_at: f.time("updated_at")?,
    };
    let since = f.get::<Option<i64>>("setbacks_since")?.map(Timestamp::from_millis);
    let setbacks = Setbacks { count: f.small("setbacks")?, since };
    Ok((job, Counts { setbacks, claim: f.get("claim")?, webhooks: f.get("calls")? }))
}

pub(super) fn count(record: &Record) -> Result<(JobState, u64), StoreError> {
    let f = Fields::new(record, "jobs", key(record, "state"));
    Ok((f.word("state", JobState::from_word)?, f.small("jobs")?))
}

pub(super) fn entry(record: &Record, id: &JobId) -> Result<Entry, StoreError> {
    let f = Fields::new(record, "ledger", id);
    Ok(Entry { kind: f.word("kind", EntryKind::from_word)?, credits: Credits::from_milli(f.get("credits")?) })
}

pub(super) fn file(record: &Record, id: &JobId) -> Result<DeliveredFile, StoreError> {
    let f = Fields::new(record, "files", id);
    Ok(DeliveredFile {
        index: f.small("position")?,
        file_id: f.get("file_id")?,
        sent_as: f.get("sent_as")?,
        message: f.small("message")?,
    })
}

/// The arguments of [`ADD_JOB`](super::statement::ADD_JOB), with the database's time of when it is due.
pub(super) fn new_job(job: &Job, due: i64) -> Result<Vec<Arg>, StoreError> {
    let certainty = job.quote.map(|q| match q.certainty {
        Certainty::Exact => "exact",
        Certainty::AtMost => "at_most",
    });
    Ok(vec![
        job.id.0.as_str().into(),
        job.user.0.into(),
        job.chat.0.into(),
        job.draft.as_str().into(),
        job.model.as_str().into(),
        Arg::json(&job.input)?,
        Arg::json(&job.attachments)?,
        job.quote.map(|q| q.credits.milli()).into(),
        certainty.into(),
        job.state.as_str().into(),
        job.task.as_ref().map(|t| t.0.as_str()).into(),
        Arg::maybe_json(job.output.as_ref())?,
        Arg::maybe_json(job.failure.as_ref())?,
        job.progress_message.map(i64::from).into(),
        job.detached.into(),
        i64::from(job.attempts).into(),
        job.created_at.millis().into(),
        job.submitted_at.map(Timestamp::millis).into(),
        job.updated_at.millis().into(),
        (!job.state.is_final()).then_some(due).into(),
        job.key.as_deref().into(),
    ])
}

/// The first eleven arguments of a move, see [`ADVANCE`](super::statement::ADVANCE).
pub(super) fn moved(from: JobState, next: JobState, change: &Change, now: Timestamp) -> Result<Vec<Arg>, StoreError> {
    Ok(vec![
        next.as_str().into(),
        change.task.as_ref().map(|t| t.0.as_str()).into(),
        change.submitted_at.map(Timestamp::millis).into(),
        Arg::maybe_json(change.output.as_ref())?,
        Arg::maybe_json(change.failure.as_ref())?,
        from.restarts_attempts(next).into(),
        now.millis().into(),
        matches!(next, JobState::Failed | JobState::Unknown | JobState::Undeliverable).into(),
        change.key.as_deref().into(),
        change.setbacks.map(|setbacks| i64::from(setbacks.count)).into(),
        change.setbacks.and_then(|setbacks| setbacks.since).map(Timestamp::millis).into(),
    ])
}
