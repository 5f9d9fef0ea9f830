//! Announcements: how far each is moves with every person, so that after a crash at most one is told twice, and none is left
//! out.

use std::time::Duration;

use async_trait::async_trait;

use super::audit;
use super::engine::{Param, Row, Statement};
use super::row::{RowReader, key};
use super::sql::SqlStore;
use super::statement::statements;
use crate::announcement::{
    Announcement, AnnouncementId, AnnouncementOutcome, AnnouncementState, AnnouncementTexts, ClaimedAnnouncement,
};
use crate::audit::AuditEntry;
use crate::clock::Timestamp;
use crate::job::UserId;
use crate::store_error::StoreError;

/// The columns of an announcement.
macro_rules! columns {
    () => {
        "id, texts, made_at, seen_after, after_user, told, unreachable, failed, attempts, due_at, claim, ended_at, is_stopped"
    };
}

statements! {
/// $1 the texts, $2 the time, $3 after when people must have been there.
const ADD_ANNOUNCEMENT = concat!("INSERT INTO announcements (texts, made_at, seen_after) VALUES ($1, $2, $3)
    RETURNING ", columns!());
const ANNOUNCEMENT = concat!("SELECT ", columns!(), " FROM announcements WHERE id = $1");
const ANNOUNCEMENTS = concat!("SELECT ", columns!(), " FROM announcements ORDER BY id DESC LIMIT $1");
/// $1 the announcement, $2 the time on the database's clock. Returns no row unless it is a draft.
const START_ANNOUNCEMENT = "UPDATE announcements SET due_at = $2
    WHERE id = $1 AND due_at IS NULL AND ended_at IS NULL RETURNING id";
/// $1 the announcement, $2 the time. Who was told last is nobody's business afterwards.
const STOP_ANNOUNCEMENT = "UPDATE announcements
    SET ended_at = $2, is_stopped = TRUE, due_at = NULL, worker = NULL, after_user = 0
    WHERE id = $1 AND ended_at IS NULL RETURNING id";
/// $1 the worker, $2 the end of the lease, $3 the time. The condition is there twice: of two workers that choose the same one,
/// the second finds that it is not due any more.
const CLAIM_ANNOUNCEMENT = concat!("UPDATE announcements SET worker = $1, due_at = $2, claim = claim + 1
    WHERE due_at <= $3 AND id = (SELECT id FROM announcements WHERE due_at <= $3 ORDER BY due_at, id LIMIT 1)
    RETURNING ", columns!());
/// $1 the announcement, $2 the worker, $3 the claim, $4 the person, $5 to $7 what to add to the counts, $8 the end of the lease.
const NOTE_TURN = "UPDATE announcements SET after_user = $4, told = told + $5, unreachable = unreachable + $6,
        failed = failed + $7, attempts = 0, due_at = $8
    WHERE id = $1 AND worker = $2 AND claim = $3 AND ended_at IS NULL RETURNING id";
/// $1 the announcement, $2 the worker, $3 the claim, $4 when it may be claimed again, $5 what to add to the attempts.
const RELEASE_ANNOUNCEMENT = "UPDATE announcements SET due_at = $4, worker = NULL, attempts = attempts + $5
    WHERE id = $1 AND worker = $2 AND claim = $3 AND ended_at IS NULL";
/// $1 the announcement, $2 the worker, $3 the claim, $4 the time.
const END_ANNOUNCEMENT = "UPDATE announcements SET ended_at = $4, due_at = NULL, worker = NULL, after_user = 0
    WHERE id = $1 AND worker = $2 AND claim = $3 AND ended_at IS NULL";
/// $1 after whom, $2 when they must have come, $3 after when they must have been there, $4 the most.
const NEXT_PEOPLE = "SELECT id FROM users
    WHERE id > $1 AND created_at <= $2 AND COALESCE(seen_at, created_at) > $3 ORDER BY id LIMIT $4";
/// $1 after whom, $2 after when they must have been there.
const COUNT_PEOPLE = "SELECT COUNT(*) AS people FROM users WHERE id > $1 AND COALESCE(seen_at, created_at) > $2";
}

/// Keeps announcements, and how far they are.
#[async_trait]
pub trait AnnouncementStore: std::fmt::Debug + Send + Sync {
    /// How many people there are that were there after a time; some of them may not use the bot any more.
    async fn count_people(&self, seen_after: Timestamp) -> Result<u64, StoreError>;
    /// Adds a draft.
    async fn add_announcement(
        &self,
        texts: &AnnouncementTexts,
        seen_after: Timestamp,
        now: Timestamp,
    ) -> Result<Announcement, StoreError>;
    /// An announcement.
    async fn announcement(&self, id: AnnouncementId) -> Result<Option<Announcement>, StoreError>;
    /// The announcements, newest first, at most `limit`.
    async fn announcements(&self, limit: u32) -> Result<Vec<Announcement>, StoreError>;
    /// Begins a draft. False: it is none, or there is no such announcement.
    async fn start_announcement(
        &self,
        id: AnnouncementId,
        now: Timestamp,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError>;
    /// Stops one that has not ended. False: it has, or there is no such announcement.
    async fn stop_announcement(
        &self,
        id: AnnouncementId,
        now: Timestamp,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError>;

    /// Claims the announcement that is due and that no live worker has.
    async fn claim_announcement(
        &self,
        worker_id: &str,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Option<ClaimedAnnouncement>, StoreError>;
    /// The next people whose turn it is after one, at most `limit`.
    async fn next_people(
        &self,
        announcement: &Announcement,
        after: UserId,
        limit: u32,
    ) -> Result<Vec<UserId>, StoreError>;
    /// A person's turn is over; renews the claim. False: it was stopped, or another worker has it.
    async fn note_turn(
        &self,
        claimed: &ClaimedAnnouncement,
        user: UserId,
        outcome: AnnouncementOutcome,
        now: Timestamp,
        lease: Duration,
    ) -> Result<bool, StoreError>;
    /// Releases the claim until a time; `is_attempt`: the next person could not be told for now.
    async fn release_announcement(
        &self,
        claimed: &ClaimedAnnouncement,
        until: Timestamp,
        is_attempt: bool,
    ) -> Result<(), StoreError>;
    /// Everybody has had their turn.
    async fn end_announcement(&self, claimed: &ClaimedAnnouncement, now: Timestamp) -> Result<(), StoreError>;
}

/// The parameters that name a claim.
fn claim_params(claimed: &ClaimedAnnouncement) -> Vec<Param> {
    vec![claimed.announcement.id.0.into(), claimed.worker_id.as_str().into(), claimed.fence.into()]
}

#[async_trait]
impl AnnouncementStore for SqlStore {
    async fn count_people(&self, seen_after: Timestamp) -> Result<u64, StoreError> {
        let statement = Statement::new(COUNT_PEOPLE, vec![0.into(), seen_after.millis().into()]);
        let count = self.one(statement, |row| RowReader::new(row, "users", "all").small("people")).await?;
        Ok(count.unwrap_or_default())
    }

    async fn add_announcement(
        &self,
        texts: &AnnouncementTexts,
        seen_after: Timestamp,
        now: Timestamp,
    ) -> Result<Announcement, StoreError> {
        let params = vec![Param::json(texts)?, now.millis().into(), seen_after.millis().into()];
        let all = self.run(vec![Statement::new(ADD_ANNOUNCEMENT, params)]).await?;
        match all.first().and_then(|rows| rows.first()) {
            Some(row) => announcement(row),
            None => Err(StoreError::Statement("the row of an announcement was not returned".to_owned())),
        }
    }

    async fn announcement(&self, id: AnnouncementId) -> Result<Option<Announcement>, StoreError> {
        self.one(Statement::new(ANNOUNCEMENT, vec![id.0.into()]), announcement).await
    }

    async fn announcements(&self, limit: u32) -> Result<Vec<Announcement>, StoreError> {
        self.all(Statement::new(ANNOUNCEMENTS, vec![i64::from(limit).into()]), announcement).await
    }

    async fn start_announcement(
        &self,
        id: AnnouncementId,
        now: Timestamp,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let start = Statement::new(START_ANNOUNCEMENT, vec![id.0.into(), self.database_time(now).into()]).required();
        self.try_write(vec![start, audit::add(audit)]).await
    }

    async fn stop_announcement(
        &self,
        id: AnnouncementId,
        now: Timestamp,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let stop = Statement::new(STOP_ANNOUNCEMENT, vec![id.0.into(), now.millis().into()]).required();
        self.try_write(vec![stop, audit::add(audit)]).await
    }

    async fn claim_announcement(
        &self,
        worker_id: &str,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Option<ClaimedAnnouncement>, StoreError> {
        let (until, now) = (self.database_time(now + lease), self.database_time(now));
        let claim = Statement::new(CLAIM_ANNOUNCEMENT, vec![worker_id.into(), until.into(), now.into()]);
        let all = self.run(vec![claim]).await?;
        let Some(row) = all.first().and_then(|rows| rows.first()) else { return Ok(None) };
        let f = RowReader::new(row, "announcements", key(row, "id"));
        Ok(Some(ClaimedAnnouncement {
            announcement: announcement(row)?,
            worker_id: worker_id.to_owned(),
            fence: f.get("claim")?,
            after: UserId(f.get("after_user")?),
            attempts: f.small("attempts")?,
        }))
    }

    async fn next_people(
        &self,
        announcement: &Announcement,
        after: UserId,
        limit: u32,
    ) -> Result<Vec<UserId>, StoreError> {
        let Announcement { made_at, seen_after, .. } = announcement;
        let params = vec![after.0.into(), made_at.millis().into(), seen_after.millis().into(), i64::from(limit).into()];
        let id = |row: &Row| RowReader::new(row, "users", key(row, "id")).get("id").map(UserId);
        self.all(Statement::new(NEXT_PEOPLE, params), id).await
    }

    async fn note_turn(
        &self,
        claimed: &ClaimedAnnouncement,
        user: UserId,
        outcome: AnnouncementOutcome,
        now: Timestamp,
        lease: Duration,
    ) -> Result<bool, StoreError> {
        let mut params = claim_params(claimed);
        params.push(user.0.into());
        for counted in [AnnouncementOutcome::Told, AnnouncementOutcome::Unreachable, AnnouncementOutcome::Failed] {
            params.push(i64::from(outcome == counted).into());
        }
        params.push(self.database_time(now + lease).into());
        self.try_write(vec![Statement::new(NOTE_TURN, params).required()]).await
    }

    async fn release_announcement(
        &self,
        claimed: &ClaimedAnnouncement,
        until: Timestamp,
        is_attempt: bool,
    ) -> Result<(), StoreError> {
        let mut params = claim_params(claimed);
        params.extend([self.database_time(until).into(), i64::from(is_attempt).into()]);
        self.run(vec![Statement::new(RELEASE_ANNOUNCEMENT, params)]).await.map(drop)
    }

    async fn end_announcement(&self, claimed: &ClaimedAnnouncement, now: Timestamp) -> Result<(), StoreError> {
        let mut params = claim_params(claimed);
        params.push(now.millis().into());
        self.run(vec![Statement::new(END_ANNOUNCEMENT, params)]).await.map(drop)
    }
}

fn announcement(row: &Row) -> Result<Announcement, StoreError> {
    let f = RowReader::new(row, "announcements", key(row, "id"));
    let is_due = f.get::<Option<i64>>("due_at")?.is_some();
    let state = match (f.get::<Option<i64>>("ended_at")?, f.get::<bool>("is_stopped")?) {
        (Some(_), true) => AnnouncementState::Stopped,
        (Some(_), false) => AnnouncementState::Done,
        (None, _) if is_due => AnnouncementState::Sending,
        (None, _) => AnnouncementState::Draft,
    };
    Ok(Announcement {
        id: AnnouncementId(f.get("id")?),
        texts: f.json("texts")?,
        made_at: f.time("made_at")?,
        seen_after: f.time("seen_after")?,
        state,
        told: f.small("told")?,
        unreachable: f.small("unreachable")?,
        failed: f.small("failed")?,
    })
}
