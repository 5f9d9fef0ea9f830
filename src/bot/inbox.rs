//! How this process handles updates: one loop (the dispatcher) that talks to the inbox in the store, and one handler
//! task for each claimed chat that has something to do.
//!
//! All events that arrive while a transaction runs go into the next one: new updates, handled ones, chats that have
//! nothing left. So the work of many chats needs few transactions, and an update is confirmed as soon as it is stored.

mod dispatcher;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::FutureExt;
use serde_json::Value;
use tokio::sync::{Mutex, Notify, mpsc, oneshot};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::Bot;
use super::route::Handled;
use crate::inbox::{ClaimedUpdate, Mailbox, ReceiveError, Update};
use crate::job::ChatId;
use crate::l10n::Messages;
use dispatcher::Dispatcher;

/// How often an update is attempted by default. A process can end during an update for reasons of its own (a machine
/// that goes down, a deploy that is killed), and again during the next attempt; three times is no coincidence. Only one
/// chat at a time handles an update at its last attempt, so that the update that ends the process is identified.
pub const ATTEMPTS: u32 = 3;

/// How this process handles updates.
#[derive(Debug, Clone)]
pub struct InboxSettings {
    /// How long the chats of a process stay claimed after its last heartbeat. Heartbeats are sent every third of it.
    pub lease: Duration,
    /// Pause between two scans for unclaimed chats while nothing else happens.
    pub idle: Duration,
    /// Handlers that run at the same time; further updates wait in the store, for any process.
    pub parallel: usize,
    /// Uploads that run at the same time, beside the handlers; further ones wait in the store, for any process.
    pub parallel_uploads: usize,
    /// How long an upload may take, besides the time that its size needs.
    pub upload_time: Duration,
    /// No other process uses this database, so all claims of earlier workers are void.
    pub exclusive: bool,
    /// An update is set aside after this many attempts that each ended the process. At least 1.
    pub max_attempts: u32,
}

impl Default for InboxSettings {
    fn default() -> Self {
        let (lease, idle) = (Duration::from_secs(12), Duration::from_secs(1));
        Self {
            lease,
            idle,
            parallel: 256,
            parallel_uploads: 32,
            upload_time: Duration::from_secs(60),
            exclusive: false,
            max_attempts: ATTEMPTS,
        }
    }
}

/// What the dispatcher acts on.
enum InboxEvent {
    /// Updates to be stored; the sender is told when they are.
    Received(Vec<Update>, oneshot::Sender<Result<(), ReceiveError>>),
    /// The handler of an update has ended.
    HandlerEnded(ChatId, i64, Disposition),
}

/// What becomes of an update when its handler has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Disposition {
    /// It is handled.
    Closed,
    /// It is to be handled again, through no fault of its own; a part of its effects may remain.
    Released,
}

/// What a handler gets from the dispatcher besides its update.
#[derive(Debug)]
struct HandlerContext {
    /// The worker that has claimed the chat.
    worker_id: String,
    /// Cancelled when no new handler may begin.
    quit: CancellationToken,
    /// See [`InboxSettings::upload_time`].
    upload_time: Duration,
}

/// The channel to the dispatcher. Clones share it.
#[derive(Clone)]
pub(super) struct InboxChannel {
    sender: mpsc::UnboundedSender<InboxEvent>,
    receiver: Arc<Mutex<mpsc::UnboundedReceiver<InboxEvent>>>,
    wake: Arc<Notify>,
}

impl Default for InboxChannel {
    fn default() -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        Self { sender, receiver: Arc::new(Mutex::new(receiver)), wake: Arc::default() }
    }
}

impl Bot {
    /// Stores updates, and returns when they are stored. Pressed buttons are acknowledged at once; everything else is
    /// handled later, in order.
    ///
    /// # Errors
    /// [`ReceiveError::NotStored`].
    pub(super) async fn store_updates(&self, updates: Vec<Update>) -> Result<(), ReceiveError> {
        let (sender, stored) = oneshot::channel();
        let closed = || ReceiveError::NotStored("the inbox is closed".to_owned());
        self.inbox.sender.send(InboxEvent::Received(updates, sender)).map_err(|_| closed())?;
        stored.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Scans for unclaimed chats now instead of after the next pause: to be called when another process has stored an
    /// update.
    pub fn wake_inbox(&self) {
        self.inbox.wake.notify_one();
    }

    /// Handles updates until `stop`, then waits for the running handlers, `limit` at most, and releases all other
    /// updates. A second call waits for the end of the first.
    pub async fn run_inbox(&self, settings: InboxSettings, stop: CancellationToken, limit: Duration) {
        let mut events = self.inbox.receiver.lock().await;
        let mut tick = tokio::time::interval(settings.idle);
        let mut dispatcher = Dispatcher::new(self.clone(), settings);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !stop.is_cancelled() {
            let first = tokio::select! {
                () = stop.cancelled() => break,
                first = events.recv() => first,
                () = self.inbox.wake.notified() => None,
                _ = tick.tick() => None,
            };
            if first.is_none() {
                dispatcher.request_scan();
            }
            dispatcher.run_batch(first, &mut events, true).await;
        }
        dispatcher.quit();
        let finish = async {
            while dispatcher.is_busy() {
                let Some(first) = events.recv().await else { return };
                dispatcher.run_batch(Some(first), &mut events, false).await;
            }
            dispatcher.run_batch(None, &mut events, false).await;
        };
        if tokio::time::timeout(limit, finish).await.is_err() {
            tracing::warn!("handlers are cut off; their updates are handled again");
        }
        dispatcher.deregister().await;
    }

    /// Handles one update. `is_exhausted`: all attempts are used up, and only the user is told.
    async fn run_handler(self, claimed: ClaimedUpdate, is_exhausted: bool, context: HandlerContext) {
        let (update, quit) = (&claimed.update, &context.quit);
        let disposition = if quit.is_cancelled() {
            Disposition::Released
        } else if is_exhausted {
            self.set_aside(&claimed).await;
            Disposition::Closed
        } else if update.is_upload() {
            // A stop does not wait for it: the next process begins it anew.
            tokio::select! {
                biased;
                () = quit.cancelled() => Disposition::Released,
                disposition = self.attempt(&claimed, &context) => disposition,
            }
        } else {
            self.attempt(&claimed, &context).await
        };
        // The dispatcher may have ended at its time limit.
        let _ = self.inbox.sender.send(InboxEvent::HandlerEnded(update.chat, update.id, disposition));
    }

    async fn attempt(&self, claimed: &ClaimedUpdate, context: &HandlerContext) -> Disposition {
        let update = &claimed.update;
        let handler = async {
            if update.is_upload() {
                self.run_upload(update, context.upload_time).await
            } else {
                self.handle(update, claimed.starts > 1, &context.worker_id).await
            }
        };
        // A panic in one handler must not block its chat for ever.
        match AssertUnwindSafe(handler).catch_unwind().await {
            Ok(Handled::Done) => Disposition::Closed,
            Ok(Handled::NotNow) => {
                self.telegram.clock.sleep(Duration::from_secs(1)).await;
                Disposition::Released
            }
            Err(_) => {
                tracing::error!(update = update.id, chat = update.chat.0, "a handler panicked");
                self.give_up(update, Messages::broken).await;
                Disposition::Closed
            }
        }
    }

    /// Logs, and tells the user, that an update is not attempted again.
    async fn set_aside(&self, claimed: &ClaimedUpdate) {
        let (update, attempts) = (&claimed.update, claimed.attempts - 1);
        let kind = kind(update);
        tracing::error!(update = update.id, kind, attempts, "an update is set aside: every attempt ended its process");
        self.give_up(update, Messages::set_aside).await;
    }

    /// Tells the user that an update is not handled: in a message, or at the file whose upload it is.
    async fn give_up(&self, update: &Update, text: fn(&Messages) -> String) {
        if update.is_upload() {
            self.give_up_upload(update).await;
        } else {
            self.report_failure_to_user(update, text).await;
        }
    }
}

/// The kind of an update by Telegram's name, e.g. `message`; nothing of its content.
fn kind(update: &Update) -> &str {
    let keys = update.body.as_object().into_iter().flat_map(|body| body.keys());
    keys.map(String::as_str).find(|key| *key != "update_id").unwrap_or("nothing")
}

#[async_trait]
impl Mailbox for Bot {
    async fn receive(&self, body: Value) -> Result<(), ReceiveError> {
        let update = super::poll::parse_update(body).ok_or(ReceiveError::NotAnUpdate)?;
        self.store_updates(vec![update]).await
    }
}
