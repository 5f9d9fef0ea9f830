//! People, as admins see them: names, what they have spent, and limits of their own.

use async_trait::async_trait;

use super::engine::{Param, Row, Statement};
use super::row::{RowReader, key};
use super::sql::SqlStore;
use super::statement::{job_columns, statements};
use super::{JobList, audit};
use crate::access::Party;
use crate::audit::AuditEntry;
use crate::clock::Timestamp;
use crate::job::UserId;
use crate::ledger::Credits;
use crate::quota::{Override, PersonQuotas};
use crate::store_error::StoreError;
use crate::user::Person;

statements! {
const PERSON = "SELECT id, name, user_name, language, created_at, seen_at FROM users WHERE id = $1";
/// $1 the person, $2 and $3 the names, $4 the time.
const SEE_PERSON = "UPDATE users SET name = $2, user_name = $3, seen_at = $4 WHERE id = $1 RETURNING id";
const DROP_NAME_WORDS = "DELETE FROM name_words WHERE user_id = $1";
const ADD_NAME_WORD = "INSERT INTO name_words (word, user_id) VALUES ($2, $1) ON CONFLICT (word, user_id) DO NOTHING";
/// $1 the beginning of a word, $2 what comes after all words that begin so, $3 the most people.
const FIND_PEOPLE = "SELECT id, name, user_name, language, created_at, seen_at FROM users WHERE id IN (
        SELECT user_id FROM name_words WHERE word >= $1 AND word < $2 ORDER BY word, user_id LIMIT $3)
    ORDER BY id";
const SEEN_LAST = "SELECT id, name, user_name, language, created_at, seen_at FROM users WHERE seen_at IS NOT NULL
    ORDER BY seen_at DESC, id DESC LIMIT $1";
const COUNT_JOBS = "SELECT COUNT(*) AS jobs FROM jobs WHERE user_id = $1";
/// $1 the person, $2 the beginning. What was given back does not count.
const SPENT_SINCE = "SELECT CAST(COALESCE(SUM(quote_credits), 0) AS BIGINT) AS spent FROM jobs
    WHERE user_id = $1 AND created_at > $2
        AND NOT EXISTS (SELECT 1 FROM ledger WHERE ledger.job = jobs.id AND ledger.kind = 'release')";
/// $1 the person, $2 the most rows. Ids are in the order of time.
const JOBS_OF_PERSON = concat!(
    "SELECT ", job_columns!(), " FROM jobs WHERE user_id = $1 ORDER BY id DESC LIMIT $2"
);
const PERSON_QUOTAS = "SELECT user_id, running, starts, order_credits, day_credits, month_credits FROM person_quotas
    WHERE user_id = $1";
const PUT_PERSON_QUOTAS = "INSERT INTO person_quotas
        (user_id, running, starts, order_credits, day_credits, month_credits) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (user_id) DO UPDATE SET running = excluded.running, starts = excluded.starts,
        order_credits = excluded.order_credits, day_credits = excluded.day_credits,
        month_credits = excluded.month_credits";
}

/// What stands in the table for no limit.
const UNLIMITED: i64 = -1;

/// What a person has ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spending {
    /// All jobs that are kept.
    pub jobs: u64,
    /// Prices of the orders of 24 hours; not of those that failed.
    pub day: Credits,
    /// The same, of 30 days.
    pub month: Credits,
}

/// Reads and writes what admins look for in people.
#[async_trait]
pub trait PersonStore: std::fmt::Debug + Send + Sync {
    /// The person, if known.
    async fn person(&self, user: UserId) -> Result<Option<Person>, StoreError>;
    /// Stores a known person's names and that they are there. With `is_renamed` also what they are found by.
    async fn see_person(&self, party: &Party, is_renamed: bool, now: Timestamp) -> Result<(), StoreError>;
    /// People with a word in their names that begins with `word`, at most `limit`.
    async fn find_people(&self, word: &str, limit: u32) -> Result<Vec<Person>, StoreError>;
    /// The people who were there last.
    async fn seen_last(&self, limit: u32) -> Result<Vec<Person>, StoreError>;
    /// What a person has ordered, and what they have spent since two moments.
    async fn spending(&self, user: UserId, day: Timestamp, month: Timestamp) -> Result<Spending, StoreError>;
    /// A person's jobs in all chats, newest first.
    async fn jobs_of_person(&self, user: UserId, limit: u32) -> Result<JobList, StoreError>;
    /// A person's own limits.
    async fn person_quotas(&self, user: UserId) -> Result<PersonQuotas, StoreError>;
    /// Replaces a person's own limits.
    async fn put_person_quotas(
        &self,
        user: UserId,
        quotas: &PersonQuotas,
        audit: &AuditEntry,
    ) -> Result<(), StoreError>;
}

#[async_trait]
impl PersonStore for SqlStore {
    async fn person(&self, user: UserId) -> Result<Option<Person>, StoreError> {
        self.one(Statement::new(PERSON, vec![user.0.into()]), person).await
    }

    async fn see_person(&self, party: &Party, is_renamed: bool, now: Timestamp) -> Result<(), StoreError> {
        let Party { id, name, user_name } = party;
        let params = vec![(*id).into(), name.as_str().into(), user_name.as_deref().into(), now.millis().into()];
        let mut statements = vec![Statement::new(SEE_PERSON, params).required()];
        if is_renamed {
            statements.push(Statement::new(DROP_NAME_WORDS, vec![(*id).into()]));
            let words = Person::search_words(name, user_name.as_deref());
            let add = |word: &String| Statement::new(ADD_NAME_WORD, vec![(*id).into(), word.as_str().into()]);
            statements.extend(words.iter().map(add));
        }
        self.try_write(statements).await.map(drop)
    }

    async fn find_people(&self, word: &str, limit: u32) -> Result<Vec<Person>, StoreError> {
        let end = format!("{word}{}", char::MAX);
        let params = vec![word.into(), end.as_str().into(), i64::from(limit).into()];
        self.all(Statement::new(FIND_PEOPLE, params), person).await
    }

    async fn seen_last(&self, limit: u32) -> Result<Vec<Person>, StoreError> {
        self.all(Statement::new(SEEN_LAST, vec![i64::from(limit).into()]), person).await
    }

    async fn spending(&self, user: UserId, day: Timestamp, month: Timestamp) -> Result<Spending, StoreError> {
        let jobs = |row: &Row| RowReader::new(row, "jobs", user.0).get::<i64>("jobs");
        let jobs = self.one(Statement::new(COUNT_JOBS, vec![user.0.into()]), jobs).await?;
        let jobs = jobs.and_then(|jobs| u64::try_from(jobs).ok()).unwrap_or_default();
        let spent = |row: &Row| RowReader::new(row, "jobs", user.0).get("spent").map(Credits::from_milli);
        let since = |begin: Timestamp| Statement::new(SPENT_SINCE, vec![user.0.into(), begin.millis().into()]);
        let day = self.one(since(day), spent).await?.unwrap_or_default();
        let month = self.one(since(month), spent).await?.unwrap_or_default();
        Ok(Spending { jobs, day, month })
    }

    async fn jobs_of_person(&self, user: UserId, limit: u32) -> Result<JobList, StoreError> {
        self.job_list(Statement::new(JOBS_OF_PERSON, vec![user.0.into(), i64::from(limit).into()])).await
    }

    async fn person_quotas(&self, user: UserId) -> Result<PersonQuotas, StoreError> {
        Ok(self.one(Statement::new(PERSON_QUOTAS, vec![user.0.into()]), quotas).await?.unwrap_or_default())
    }

    async fn put_person_quotas(
        &self,
        user: UserId,
        quotas: &PersonQuotas,
        audit: &AuditEntry,
    ) -> Result<(), StoreError> {
        let PersonQuotas { running, starts, order, day, month } = *quotas;
        let params = vec![
            user.0.into(),
            limit(running, i64::from),
            limit(starts, i64::from),
            limit(order, Credits::milli),
            limit(day, Credits::milli),
            limit(month, Credits::milli),
        ];
        self.run(vec![Statement::new(PUT_PERSON_QUOTAS, params), audit::add(audit)]).await.map(drop)
    }
}

fn person(row: &Row) -> Result<Person, StoreError> {
    let f = RowReader::new(row, "users", key(row, "id"));
    Ok(Person {
        id: UserId(f.get("id")?),
        name: f.get("name")?,
        user_name: f.get("user_name")?,
        language: f.get("language")?,
        created_at: f.time("created_at")?,
        seen_at: f.get::<Option<i64>>("seen_at")?.map(Timestamp::from_millis),
    })
}

fn quotas(row: &Row) -> Result<PersonQuotas, StoreError> {
    let f = RowReader::new(row, "person_quotas", key(row, "user_id"));
    let count = |stored: i64| u32::try_from(stored).unwrap_or(u32::MAX);
    Ok(PersonQuotas {
        running: over(f.get("running")?, count),
        starts: over(f.get("starts")?, count),
        order: over(f.get("order_credits")?, Credits::from_milli),
        day: over(f.get("day_credits")?, Credits::from_milli),
        month: over(f.get("month_credits")?, Credits::from_milli),
    })
}

fn over<T>(stored: Option<i64>, limit: impl Fn(i64) -> T) -> Override<T> {
    match stored {
        None => Override::Setting,
        Some(UNLIMITED) => Override::Unlimited,
        Some(number) => Override::Limit(limit(number)),
    }
}

fn limit<T>(limit: Override<T>, number: impl Fn(T) -> i64) -> Param {
    let stored = match limit {
        Override::Setting => None,
        Override::Unlimited => Some(UNLIMITED),
        Override::Limit(limit) => Some(number(limit)),
    };
    stored.into()
}
