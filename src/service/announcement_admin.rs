//! What an operator does about announcements. Needs a store and nothing else: the worker of a running bot sends them.

use std::sync::Arc;
use std::time::Duration;

use crate::announcement::{Announcement, AnnouncementId, AnnouncementTexts};
use crate::audit::{Actor, AuditAction, AuditEntry};
use crate::clock::{Clock, Timestamp};
use crate::store::Store;
use crate::store_error::StoreError;

/// Most announcements that are listed.
const LISTED: u32 = 100;

/// Writes, begins, lists and stops announcements. Cheap to clone.
#[derive(Debug, Clone)]
pub struct AnnouncementAdmin {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// Who acts.
    actor: Actor,
}

/// Why an announcement was not begun or stopped. Nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum AnnouncementAdminError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such announcement.
    #[error("there is no such announcement")]
    Unknown,
    /// It has ended, or was begun before.
    #[error("it has ended, or was begun before")]
    TooLate(Announcement),
}

impl AnnouncementAdmin {
    /// Over a store, on a clock, for whoever acts: each act is written to the audit.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, actor: Actor) -> Self {
        Self { store, clock, actor }
    }

    /// The announcements, newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(&self) -> Result<Vec<Announcement>, StoreError> {
        self.store.announcements(LISTED).await
    }

    /// How many people would be told: all, or those who were there `within` this time. Some of them may not use the bot any
    /// more, and are left out when their turn comes.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn count_people(&self, within: Option<Duration>) -> Result<u64, StoreError> {
        self.store.count_people(self.seen_after(within)).await
    }

    /// Writes a draft to all people, or to those who were there `within` this time.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn draft(&self, texts: &AnnouncementTexts, within: Option<Duration>) -> Result<Announcement, StoreError> {
        self.store.add_announcement(texts, self.seen_after(within), self.clock.now()).await
    }

    /// Begins a draft.
    ///
    /// # Errors
    /// [`AnnouncementAdminError`].
    pub async fn start(&self, id: AnnouncementId) -> Result<Announcement, AnnouncementAdminError> {
        let (now, audit) = (self.clock.now(), self.audit(AuditAction::Announce, id));
        let is_started = self.store.start_announcement(id, now, &audit).await?;
        self.after(id, is_started).await
    }

    /// Stops one that has not ended. Who was told was told.
    ///
    /// # Errors
    /// [`AnnouncementAdminError`].
    pub async fn stop(&self, id: AnnouncementId) -> Result<Announcement, AnnouncementAdminError> {
        let (now, audit) = (self.clock.now(), self.audit(AuditAction::StopAnnouncement, id));
        let is_stopped = self.store.stop_announcement(id, now, &audit).await?;
        self.after(id, is_stopped).await
    }

    fn seen_after(&self, within: Option<Duration>) -> Timestamp {
        within.map_or(Timestamp::from_millis(0), |within| self.clock.now() - within)
    }

    fn audit(&self, action: AuditAction, id: AnnouncementId) -> AuditEntry {
        AuditEntry::new(self.actor.clone(), action, self.clock.now()).on(&id.to_string())
    }

    async fn after(&self, id: AnnouncementId, is_done: bool) -> Result<Announcement, AnnouncementAdminError> {
        let announcement = self.store.announcement(id).await?.ok_or(AnnouncementAdminError::Unknown)?;
        if is_done { Ok(announcement) } else { Err(AnnouncementAdminError::TooLate(announcement)) }
    }
}
