//! The dispatcher: claims chats, starts their handlers, and writes all changes of the inbox in batches.

mod chats;
mod registration;

use std::collections::HashSet;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::{Disposition, HandlerContext, InboxEvent, InboxSettings};
use crate::bot::Bot;
use crate::inbox::{ClaimedUpdate, InboxBatch, ReceiveError, Update, is_upload_chat};
use crate::service::{Service, StoreOutage};
use crate::store_error::StoreError;
use chats::Chats;
use registration::Registration;

/// Changes in one transaction, at most.
const BATCH: usize = 1000;

/// The state of the loop in [`Bot::run_inbox`].
pub(super) struct Dispatcher {
    bot: Bot,
    settings: InboxSettings,
    registration: Option<Registration>,
    chats: Chats,
    /// The running handlers. They end with the dispatcher: a handler that is cut off must not run beside the next one
    /// of its chat.
    handlers: JoinSet<()>,
    /// Changes that the next transaction writes: `closed`, `released`, `ended` and `start`.
    pending: InboxBatch,
    /// Updates that the last transaction has stored.
    just_stored: HashSet<i64>,
    /// There may be chats with open updates that no worker has claimed.
    scan: bool,
    /// The same of uploads.
    scan_uploads: bool,
    outage: StoreOutage,
}

impl Dispatcher {
    pub(super) fn new(bot: Bot, settings: InboxSettings) -> Self {
        Self {
            bot,
            settings,
            registration: None,
            chats: Chats::default(),
            handlers: JoinSet::new(),
            pending: InboxBatch::default(),
            just_stored: HashSet::new(),
            // An earlier process may have left updates.
            scan: true,
            scan_uploads: true,
            outage: StoreOutage::default(),
        }
    }

    /// There may be chats with open updates that no worker has claimed: the next batch claims some.
    pub(super) fn request_scan(&mut self) {
        (self.scan, self.scan_uploads) = (true, true);
    }

    /// Handlers that have not begun yet release their update.
    pub(super) fn quit(&self) {
        if let Some(registration) = &self.registration {
            registration.quit.cancel();
        }
    }

    /// Whether a handler runs.
    pub(super) fn is_busy(&self) -> bool {
        self.chats.running() + self.chats.running_uploads() > 0
    }

    fn service(&self) -> &Service {
        &self.bot.service
    }

    /// Writes `first` and all events that wait in one transaction, then starts the handlers that may start. `open`: new
    /// handlers may start.
    pub(super) async fn run_batch(
        &mut self,
        first: Option<InboxEvent>,
        events: &mut mpsc::UnboundedReceiver<InboxEvent>,
        open: bool,
    ) {
        while self.handlers.try_join_next().is_some() {}
        let mut put = Vec::new();
        let mut senders = Vec::new();
        let mut next = first;
        while let Some(event) = next.take() {
            match event {
                InboxEvent::Received(updates, sender) => {
                    put.extend(updates);
                    senders.push(sender);
                }
                InboxEvent::HandlerEnded(chat, update, disposition) => {
                    match disposition {
                        Disposition::Closed => self.pending.closed.push(update),
                        Disposition::Released => self.pending.released.push(update),
                    }
                    self.pending.ended.push(chat);
                }
            }
            if put.len() + self.pending.closed.len() < BATCH {
                next = events.try_recv().ok();
            }
        }
        let stored = self.apply(put, open).await;
        for sender in senders {
            // The caller may have stopped waiting.
            let _ = sender.send(stored.clone());
        }
        let mut is_written = stored.is_ok();
        while is_written {
            if let Err(error) = self.start_handlers(open).await {
                self.outage.note_down(&error);
                return;
            }
            if self.pending.start.is_empty() && self.pending.ended.is_empty() {
                return;
            }
            is_written = self.apply(Vec::new(), open).await.is_ok();
        }
    }

    async fn apply(&mut self, put: Vec<Update>, open: bool) -> Result<(), ReceiveError> {
        let result = match self.heartbeat().await {
            Ok(()) => self.try_apply(put, open).await,
            Err(error) => Err(error),
        };
        match result {
            Ok(()) => {
                self.outage.note_up();
                Ok(())
            }
            Err(error) => {
                self.outage.note_down(&error);
                Err(ReceiveError::NotStored(error.to_string()))
            }
        }
    }

    async fn try_apply(&mut self, put: Vec<Update>, open: bool) -> Result<(), StoreError> {
        let now = self.service().now();
        let worker_id = self
            .registration
            .as_ref()
            .filter(|registration| now < registration.expires_at)
            .map(|registration| registration.worker_id.clone());
        if worker_id.is_none() {
            self.forget_ended();
        }
        let is_claiming = open && worker_id.is_some();
        let room = |parallel: usize, running: usize| if is_claiming { parallel.saturating_sub(running) } else { 0 };
        let upload_room = room(self.settings.parallel_uploads, self.chats.running_uploads());
        let room = room(self.settings.parallel, self.chats.running());
        self.scan_uploads |= put.iter().any(Update::is_upload);
        let batch = InboxBatch {
            claim_new_chats: room > 0,
            put,
            claim_free: if self.scan { room as u32 } else { 0 },
            claim_uploads: if self.scan_uploads { upload_room as u32 } else { 0 },
            max_attempts: if open { self.settings.max_attempts.saturating_sub(1) } else { 0 },
            ..std::mem::take(&mut self.pending)
        };
        let worker_id = worker_id.unwrap_or_default();
        let result = match self.service().inbox().apply(&worker_id, &batch, now).await {
            Ok(result) => result,
            Err(error) => {
                let InboxBatch { closed, released, ended, start, .. } = batch;
                self.pending = InboxBatch { closed, released, ended, start, ..InboxBatch::default() };
                return Err(error);
            }
        };
        // Scan again while chats may be left for which there was no room.
        let uploads = result.claimed.iter().filter(|chat| is_upload_chat(**chat)).count();
        let others = result.claimed.len() - uploads;
        self.scan = (self.scan && (room == 0 || others >= room)) || (!batch.put.is_empty() && room == 0);
        self.scan_uploads &= upload_room == 0 || uploads >= upload_room;
        for chat in batch.ended {
            self.chats.end(chat, result.still_claimed.contains(&chat));
        }
        result.claimed.into_iter().for_each(|chat| self.chats.claim(chat));
        self.just_stored = result.new.into_iter().collect();
        let new = batch.put.iter().filter(|update| self.just_stored.contains(&update.id));
        new.for_each(|update| self.bot.acknowledge(update));
        Ok(())
    }

    /// Reads the first open update of each chat that is ready, and starts its handler.
    async fn start_handlers(&mut self, open: bool) -> Result<(), StoreError> {
        let registration = self.registration.as_ref();
        let Some(registration) = registration.filter(|registration| open && !registration.quit.is_cancelled()) else {
            self.lose_claims();
            return Ok(());
        };
        let ready = self.chats.ready();
        if ready.is_empty() {
            return Ok(());
        }
        let updates = self.bot.service.inbox().claimed_updates(&registration.worker_id, &ready).await?;
        let found: HashSet<_> = updates.iter().map(|claimed| claimed.update.chat).collect();
        updates.into_iter().for_each(|claimed| self.start_handler(claimed));
        // The others have no open update: another process has closed it.
        for chat in ready.into_iter().filter(|chat| !found.contains(chat)) {
            self.chats.finish(chat);
            self.pending.ended.push(chat);
        }
        Ok(())
    }

    /// Starts the handler of an update, if the store says that it may start; otherwise asks the store for that.
    fn start_handler(&mut self, claimed: ClaimedUpdate) {
        let Some(registration) = &self.registration else { return };
        let (chat, id, limit) = (claimed.update.chat, claimed.update.id, self.settings.max_attempts);
        // Including the one that is about to start.
        let attempts = claimed.attempts + u32::from(!claimed.is_started);
        if attempts > limit + 1 {
            tracing::error!(
                update = id,
                attempts,
                "an update is closed without a report: the report ended the process too"
            );
            self.pending.closed.push(id);
            self.pending.ended.push(chat);
            self.chats.finish(chat);
            return;
        }
        if attempts >= limit && !self.chats.enter_last_attempt(chat) {
            return;
        }
        if !claimed.is_started {
            self.pending.start.push(id);
            return;
        }
        if self.chats.run(chat, self.just_stored.contains(&id)) {
            self.bot.acknowledge(&claimed.update);
        }
        let context = HandlerContext {
            worker_id: registration.worker_id.clone(),
            quit: registration.quit.clone(),
            upload_time: self.settings.upload_time,
        };
        self.handlers.spawn(self.bot.clone().run_handler(claimed, attempts > limit, context));
    }

    /// No chat is claimed any more under the present registration.
    fn lose_claims(&mut self) {
        self.chats.lose_claims();
        self.pending.start.clear();
    }

    /// Chats whose handlers have ended under a lost registration: no claim is left to release.
    fn forget_ended(&mut self) {
        for chat in std::mem::take(&mut self.pending.ended) {
            self.chats.end(chat, false);
        }
    }
}
