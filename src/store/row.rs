//! Converts rows to values and values to parameters, the same for all databases.

use serde::de::DeserializeOwned;
use sqlx::types::Json;

use super::engine::{Column, Param, Row};
use super::{NewerJob, Setbacks};
use crate::clock::Timestamp;
use crate::inbox::{ClaimedUpdate, Update};
use crate::job::{ChatId, DeliveredFile, Job, JobId, JobState, ReplySource, TaskId, TopicId, UserId, VendorReply};
use crate::ledger::{Credits, Entry, EntryKind};
use crate::schema::{Certainty, Quote};
use crate::store_error::StoreError;
use crate::user::{Draft, DraftKey, User};

/// The stored words for how sure a price is.
pub(super) const CERTAINTIES: [(&str, Certainty); 2] = [("exact", Certainty::Exact), ("at_most", Certainty::AtMost)];

/// A row that is being converted. Table and key are for the error.
pub(super) struct RowReader<'a> {
    row: &'a Row,
    table: &'static str,
    key: String,
}

impl<'a> RowReader<'a> {
    pub(super) fn new(row: &'a Row, table: &'static str, key: impl ToString) -> Self {
        Self { row, table, key: key.to_string() }
    }

    pub(super) fn broken(&self, column: &'static str, why: impl ToString) -> StoreError {
        StoreError::Broken { table: self.table, column, key: self.key.clone(), why: why.to_string() }
    }

    pub(super) fn get<T: Column>(&self, column: &'static str) -> Result<T, StoreError> {
        self.row.column(column).map_err(|e| match e {
            sqlx::Error::ColumnDecode { source, .. } => self.broken(column, source),
            other => self.broken(column, other),
        })
    }

    pub(super) fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, StoreError>
    where
        Json<T>: Column,
    {
        self.get::<Json<T>>(column).map(|json| json.0)
    }

    pub(super) fn maybe_json<T: DeserializeOwned>(&self, column: &'static str) -> Result<Option<T>, StoreError>
    where
        Json<T>: Column,
    {
        self.get::<Option<Json<T>>>(column).map(|json| json.map(|j| j.0))
    }

    /// An integer that must fit a smaller type.
    pub(super) fn small<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, StoreError> {
        let wide: i64 = self.get(column)?;
        T::try_from(wide).map_err(|_| self.broken(column, format!("{wide} is out of range")))
    }

    pub(super) fn maybe_small<T: TryFrom<i64>>(&self, column: &'static str) -> Result<Option<T>, StoreError> {
        let wide: Option<i64> = self.get(column)?;
        wide.map(|w| T::try_from(w).map_err(|_| self.broken(column, format!("{w} is out of range")))).transpose()
    }

    pub(super) fn time(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.get(column).map(Timestamp::from_millis)
    }

    /// One of a fixed set of words.
    pub(super) fn word<T>(&self, column: &'static str, read: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
        let word: String = self.get(column)?;
        read(&word).ok_or_else(|| self.broken(column, format!("unknown word {word:?}")))
    }
}

/// The key of a row, for an error.
pub(super) fn key(row: &Row, column: &str) -> String {
    row.column::<String>(column)
        .or_else(|_| row.column::<i64>(column).map(|n| n.to_string()))
        .unwrap_or_else(|_| "?".to_owned())
}

pub(super) fn user(row: &Row) -> Result<User, StoreError> {
    let f = RowReader::new(row, "users", key(row, "id"));
    Ok(User { id: UserId(f.get("id")?), language: f.get("language")?, created_at: f.time("created_at")? })
}

pub(super) fn draft(row: &Row) -> Result<Draft, StoreError> {
    let f = RowReader::new(row, "person_drafts", key(row, "chat_id"));
    let topic: i32 = f.small("topic")?;
    let key = DraftKey {
        chat: ChatId(f.get("chat_id")?),
        topic: Some(TopicId(topic)).filter(|topic| topic.0 != 0),
        user: UserId(f.get("user_id")?),
    };
    Ok(Draft { key, body: f.json("body")?, updated_at: f.time("updated_at")? })
}

pub(super) fn update(row: &Row) -> Result<Update, StoreError> {
    let f = RowReader::new(row, "updates", key(row, "id"));
    Ok(Update { id: f.get("id")?, chat: ChatId(f.get("chat_id")?), body: f.json("body")? })
}

pub(super) fn claimed_update(row: &Row, worker_id: &str) -> Result<ClaimedUpdate, StoreError> {
    let update = update(row)?;
    let f = RowReader::new(row, "updates", update.id);
    let (starts, released): (u32, u32) = (f.small("begun")?, f.small("released")?);
    let started_by: Option<String> = f.get("begun_by")?;
    let is_started = started_by.is_some_and(|name| name == worker_id);
    Ok(ClaimedUpdate { update, starts, attempts: starts.saturating_sub(released), is_started })
}

/// Counts that are stored with a job and belong to its claims.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    pub(super) setbacks: Setbacks,
    /// The number of claims so far: the fencing token of the last one.
    pub(super) fence: i64,
    /// The number of webhooks so far.
    pub(super) webhooks: i64,
}

/// A job and its counts.
pub(super) fn job(row: &Row) -> Result<(Job, Counts), StoreError> {
    let f = RowReader::new(row, "jobs", key(row, "id"));
    let quote = match f.get::<Option<i64>>("quote_credits")? {
        None => None,
        Some(milli) => Some(Quote {
            credits: Credits::from_milli(milli),
            certainty: f.word("quote_certainty", |word| {
                CERTAINTIES.iter().find(|(known, _)| *known == word).map(|(_, certainty)| *certainty)
            })?,
        }),
    };
    let job = Job {
        id: JobId(f.get("id")?),
        user: UserId(f.get("user_id")?),
        chat: ChatId(f.get("chat_id")?),
        topic: f.maybe_small("topic")?.map(TopicId),
        draft: f.get("draft")?,
        model: f.get("model")?,
        input: f.json("input")?,
        attachments: f.json("attachments")?,
        quote,
        charge: f.maybe_json("charge")?,
        state: f.word("state", JobState::from_word)?,
        task: f.get::<Option<String>>("task")?.map(TaskId),
        key: f.get("key_label")?,
        output: f.maybe_json("output")?,
        failure: f.maybe_json("failure")?,
        doubted: f.get("doubted")?,
        progress_message: f.maybe_small("progress_message")?,
        detached: f.get("detached")?,
        stripped: f.get::<Option<i64>>("stripped_at")?.is_some(),
        attempts: f.small("attempts")?,
        created_at: f.time("created_at")?,
        submitted_at: f.get::<Option<i64>>("submitted_at")?.map(Timestamp::from_millis),
        updated_at: f.time("updated_at")?,
    };
    let since = f.get::<Option<i64>>("setbacks_since")?.map(Timestamp::from_millis);
    // A program of the version before resets the setbacks and knows nothing of the other time.
    let not_found_since = f.get::<Option<i64>>("not_found_since")?.map(Timestamp::from_millis);
    let not_found_since = not_found_since.filter(|at| since.is_some_and(|since| *at >= since));
    let setbacks = Setbacks { count: f.small("setbacks")?, since, not_found_since };
    Ok((job, Counts { setbacks, fence: f.get("claim")?, webhooks: f.get("calls")? }))
}

/// The same setbacks, with their times later by so many milliseconds: on another clock.
pub(super) fn shifted(setbacks: Setbacks, millis: i64) -> Setbacks {
    let shift = |at: Timestamp| Timestamp::from_millis(at.millis().saturating_add(millis));
    Setbacks { since: setbacks.since.map(shift), not_found_since: setbacks.not_found_since.map(shift), ..setbacks }
}

/// The parameters of a new count of setbacks on the database's clock, all null when it has not changed.
pub(super) fn setbacks_params(setbacks: Option<Setbacks>) -> [Param; 3] {
    let since = setbacks.and_then(|setbacks| setbacks.since);
    let not_found_since = setbacks.and_then(|setbacks| setbacks.not_found_since);
    [
        setbacks.map(|setbacks| i64::from(setbacks.count)).into(),
        since.map(Timestamp::millis).into(),
        not_found_since.map(Timestamp::millis).into(),
    ]
}

/// The id of a job, whatever else is in the row.
pub(super) fn job_id(row: &Row) -> Result<JobId, StoreError> {
    RowReader::new(row, "jobs", "?").get("id").map(JobId)
}

/// A job that [`job`] cannot read.
pub(super) fn newer_job(row: &Row) -> Result<NewerJob, StoreError> {
    let f = RowReader::new(row, "jobs", key(row, "id"));
    Ok(NewerJob {
        id: JobId(f.get("id")?),
        state: f.get("state")?,
        model: f.get("model")?,
        user: UserId(f.get("user_id")?),
        chat: ChatId(f.get("chat_id")?),
        created_at: f.time("created_at")?,
        updated_at: f.time("updated_at")?,
    })
}

/// The job and the fence of a claim, whatever else is in the row.
pub(super) fn claim(row: &Row) -> Result<(JobId, i64), StoreError> {
    let f = RowReader::new(row, "jobs", key(row, "id"));
    Ok((JobId(f.get("id")?), f.get("claim")?))
}

pub(super) fn entry(row: &Row, id: &JobId) -> Result<Entry, StoreError> {
    let f = RowReader::new(row, "ledger", id);
    Ok(Entry { kind: f.word("kind", EntryKind::from_word)?, credits: Credits::from_milli(f.get("credits")?) })
}

pub(super) fn reply(row: &Row, id: &JobId) -> Result<VendorReply, StoreError> {
    let f = RowReader::new(row, "replies", id);
    Ok(VendorReply {
        source: f.word("source", ReplySource::from_word)?,
        body: f.get("body")?,
        received_at: f.time("received_at")?,
    })
}

pub(super) fn file(row: &Row, id: &JobId) -> Result<DeliveredFile, StoreError> {
    let f = RowReader::new(row, "files", id);
    Ok(DeliveredFile {
        index: f.small("position")?,
        file_id: f.get("file_id")?,
        sent_as: f.get("sent_as")?,
        message: f.small("message")?,
    })
}

/// The parameters of [`ADD_JOB`](super::statement::ADD_JOB). `due` is on the database's clock.
pub(super) fn new_job(job: &Job, due: i64) -> Result<Vec<Param>, StoreError> {
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
        Param::json(&job.input)?,
        Param::json(&job.attachments)?,
        job.quote.map(|q| q.credits.milli()).into(),
        certainty.into(),
        job.state.as_str().into(),
        job.task.as_ref().map(|t| t.0.as_str()).into(),
        Param::maybe_json(job.output.as_ref())?,
        Param::maybe_json(job.failure.as_ref())?,
        job.progress_message.map(i64::from).into(),
        job.detached.into(),
        i64::from(job.attempts).into(),
        job.created_at.millis().into(),
        job.submitted_at.map(Timestamp::millis).into(),
        job.updated_at.millis().into(),
        (!job.state.is_final()).then_some(due).into(),
        job.key.as_deref().into(),
        job.topic.map(|topic| i64::from(topic.0)).into(),
        Param::maybe_json(job.charge.as_ref())?,
    ])
}
