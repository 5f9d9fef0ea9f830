//! The process's own part in the inbox: one loop that talks to it, and one task for each chat that is ours.
//!
//! Everything that has come in while a transaction ran goes into the next one: new updates, handled ones, chats that have
//! ended. So the work of many chats costs few transactions, and an update is answered for as soon as it is stored.

mod desk;

use std::collections::HashSet;
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
use crate::job::ChatId;
use crate::service::{Mailbox, ReceiveError, Turn, Update};
use desk::Desk;

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
}

impl Default for InboxSettings {
    fn default() -> Self {
        Self { lease: Duration::from_secs(12), idle: Duration::from_secs(1), parallel: 256, alone: false }
    }
}

/// What reaches the loop.
enum Mail {
    /// To be kept; the answer comes when they are.
    Put(Vec<Update>, oneshot::Sender<Result<(), String>>),
    /// A handler has finished.
    Closed(i64),
    /// A handler came to no end; what it has done may stand.
    Begun(i64),
    /// A turn has ended.
    Ended(ChatId),
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
    /// Keeps updates; returns when they are stored. Buttons among them are answered at once, the rest in its turn.
    ///
    /// # Errors
    /// When they are not stored, in words.
    pub(super) async fn keep(&self, updates: Vec<Update>) -> Result<(), String> {
        let (tell, done) = oneshot::channel();
        let gone = || "the inbox is closed".to_owned();
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
        let mut desk = Desk::new(self.clone(), settings);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !stop.is_cancelled() {
            let first = tokio::select! {
                () = stop.cancelled() => break,
                first = mail.recv() => first,
                () = self.post.wake.notified() => None,
                _ = tick.tick() => None,
            };
            if first.is_none() {
                desk.look_around();
            }
            desk.turn_over(first, &mut mail, true).await;
        }
        desk.quit();
        let finish = async {
            while desk.is_busy() {
                let Some(first) = mail.recv().await else { return };
                desk.turn_over(Some(first), &mut mail, false).await;
            }
            desk.turn_over(None, &mut mail, false).await;
        };
        if tokio::time::timeout(limit, finish).await.is_err() {
            tracing::warn!("handlers are cut off; their updates are handled again");
        }
        desk.leave().await;
    }

    /// One chat's updates, one after another. What is `old` may have been begun by a process that died.
    async fn take_turn(self, turn: Turn, old: HashSet<i64>, holder: String, quit: CancellationToken) {
        for update in turn.updates {
            if quit.is_cancelled() {
                break;
            }
            // A panic in one handler must not leave the chat without answers for ever.
            let handled =
                AssertUnwindSafe(self.handle(&update, old.contains(&update.id), &holder)).catch_unwind().await;
            let handled = match handled {
                Ok(handled) => handled,
                Err(_) => {
                    tracing::error!(update = update.id, chat = turn.chat.0, "a handler panicked");
                    // What broke the answer may break this too.
                    let _ = AssertUnwindSafe(self.confess(&update)).catch_unwind().await;
                    Handled::Done
                }
            };
            if handled == Handled::NotNow {
                let _ = self.post.send.send(Mail::Begun(update.id));
                self.telegram.clock.sleep(Duration::from_secs(1)).await;
                break;
            }
            let _ = self.post.send.send(Mail::Closed(update.id));
        }
        let _ = self.post.send.send(Mail::Ended(turn.chat));
    }
}

#[async_trait]
impl Mailbox for Bot {
    async fn receive(&self, body: Value) -> Result<(), ReceiveError> {
        let update = super::poll::envelope(body).ok_or(ReceiveError::NotAnUpdate)?;
        self.keep(vec![update]).await.map_err(ReceiveError::Unkept)
    }
}
