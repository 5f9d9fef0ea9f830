//! The process's own part in the inbox: one loop that talks to it, and one task for each chat that is ours.
//!
//! Everything that has come in while a transaction ran goes into the next one: new updates, handled ones, chats that have
//! ended. So the work of many chats costs few transactions, and an update is answered for as soon as it is stored.

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

/// A process can end for reasons of its own while an update is in its hands, and once more the next time: a machine that goes
/// down, a deploy that is killed. Three times is no chance, and the last attempt is made while no other update is at its
/// last one: whoever takes the process down then is found out, and takes nobody along.
pub const ATTEMPTS: u32 = 3;

/// How this process handles updates.
#[derive(Debug, Clone)]
pub struct InboxSettings {
    /// How long the chats of a process that has died stay its own. A living one says so three times as often.
    pub lease: Duration,
    /// How often a quiet process looks for chats that others have left.
    pub idle: Duration,
    /// Chats handled at once; what is more waits in the store, for any process.
    pub parallel: usize,
    /// Nobody else works on this database, so what others seem to hold is free.
    pub alone: bool,
    /// After so many attempts that came to no end, each with the end of its process, an update is set aside. At least 1.
    pub attempts: u32,
}

impl Default for InboxSettings {
    fn default() -> Self {
        let (lease, idle) = (Duration::from_secs(12), Duration::from_secs(1));
        Self { lease, idle, parallel: 256, alone: false, attempts: ATTEMPTS }
    }
}

/// What reaches the loop.
enum Mail {
    /// To be stored; the sender is told when they are.
    Put(Vec<Update>, oneshot::Sender<Result<(), ReceiveError>>),
    /// A turn has ended.
    Ended(ChatId, i64, Outcome),
}

/// What has become of a turn's update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It is done with.
    Closed,
    /// It is to be handled again, for no fault of its own; what was done may stand.
    Released,
}

/// The way into the loop. Clones share it.
#[derive(Clone)]
pub(super) struct Post {
    send: mpsc::UnboundedSender<Mail>,
    receive: Arc<Mutex<mpsc::UnboundedReceiver<Mail>>>,
    wake: Arc<Notify>,
}

impl Default for Post {
    fn default() -> Self {
        let (send, receive) = mpsc::unbounded_channel();
        Self { send, receive: Arc::new(Mutex::new(receive)), wake: Arc::default() }
    }
}

impl Bot {
    /// Stores updates, and returns when they are stored. Pressed buttons are acknowledged at once; everything else is
    /// handled later, in order.
    ///
    /// # Errors
    /// [`ReceiveError::NotStored`].
    pub(super) async fn store_updates(&self, updates: Vec<Update>) -> Result<(), ReceiveError> {
        let (tell, done) = oneshot::channel();
        let gone = || ReceiveError::NotStored("the inbox is closed".to_owned());
        self.post.send.send(Mail::Put(updates, tell)).map_err(|_| gone())?;
        done.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Looks for chats that nobody has, now instead of after the next pause. Whoever hears that another process has
    /// stored an update calls this.
    pub fn wake_inbox(&self) {
        self.post.wake.notify_one();
    }

    /// Handles updates until `stop`, then finishes the ones in hand, at most for `limit`, and leaves the rest to others.
    /// A second call waits for the end of the first.
    pub async fn work(&self, settings: InboxSettings, stop: CancellationToken, limit: Duration) {
        let mut mail = self.post.receive.lock().await;
        let mut tick = tokio::time::interval(settings.idle);
        let mut dispatcher = Dispatcher::new(self.clone(), settings);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !stop.is_cancelled() {
            let first = tokio::select! {
                () = stop.cancelled() => break,
                first = mail.recv() => first,
                () = self.post.wake.notified() => None,
                _ = tick.tick() => None,
            };
            if first.is_none() {
                dispatcher.request_scan();
            }
            dispatcher.turn_over(first, &mut mail, true).await;
        }
        dispatcher.quit();
        let finish = async {
            while dispatcher.is_busy() {
                let Some(first) = mail.recv().await else { return };
                dispatcher.turn_over(Some(first), &mut mail, false).await;
            }
            dispatcher.turn_over(None, &mut mail, false).await;
        };
        if tokio::time::timeout(limit, finish).await.is_err() {
            tracing::warn!("handlers are cut off; their updates are handled again");
        }
        dispatcher.deregister().await;
    }

    /// One update of one chat. `is_hopeless`: there were attempts enough, and its person is told.
    async fn take_turn(self, turn: ClaimedUpdate, is_hopeless: bool, worker_id: String, quit: CancellationToken) {
        let update = &turn.update;
        let outcome = if quit.is_cancelled() {
            Outcome::Released
        } else if is_hopeless {
            self.set_aside(&turn).await;
            Outcome::Closed
        } else {
            self.attempt(&turn, &worker_id).await
        };
        let _ = self.post.send.send(Mail::Ended(update.chat, update.id, outcome));
    }

    async fn attempt(&self, turn: &ClaimedUpdate, worker_id: &str) -> Outcome {
        let update = &turn.update;
        // A panic in one handler must not leave the chat without answers for ever.
        match AssertUnwindSafe(self.handle(update, turn.starts > 1, worker_id)).catch_unwind().await {
            Ok(Handled::Done) => Outcome::Closed,
            Ok(Handled::NotNow) => {
                self.telegram.clock.sleep(Duration::from_secs(1)).await;
                Outcome::Released
            }
            Err(_) => {
                tracing::error!(update = update.id, chat = update.chat.0, "a handler panicked");
                self.report_failure_to_user(update, Messages::broken).await;
                Outcome::Closed
            }
        }
    }

    /// Says to the log and to the person that an update is not tried again.
    async fn set_aside(&self, turn: &ClaimedUpdate) {
        let (update, attempts) = (&turn.update, turn.attempts - 1);
        let kind = kind(update);
        tracing::error!(update = update.id, kind, attempts, "an update is set aside: no attempt at it came to an end");
        self.report_failure_to_user(update, Messages::set_aside).await;
    }
}

/// What an update is about: Telegram's word, and nothing of what it says.
fn kind(update: &Update) -> &str {
    let keys = update.body.as_object().into_iter().flat_map(|body| body.keys());
    keys.map(String::as_str).find(|key| *key != "update_id").unwrap_or("nothing")
}

#[async_trait]
impl Mailbox for Bot {
    async fn receive(&self, body: Value) -> Result<(), ReceiveError> {
        let update = super::poll::envelope(body).ok_or(ReceiveError::NotAnUpdate)?;
        self.store_updates(vec![update]).await
    }
}
