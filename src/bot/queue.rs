//! One queue a chat: updates of a chat are handled one after another, chats beside each other.

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::job::ChatId;
use crate::service::Update;

type Waiting = Arc<Mutex<HashMap<ChatId, VecDeque<Update>>>>;

/// The queues of all chats.
#[derive(Debug, Clone, Default)]
pub(super) struct Queues {
    waiting: Waiting,
    running: TaskTracker,
}

impl Queues {
    /// Adds an update to its chat's queue. `handle` runs it; when `stop` is set, what has not begun stays undone.
    pub(super) fn push<F>(
        &self,
        update: Update,
        stop: &CancellationToken,
        handle: impl Fn(Update) -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = ()> + Send,
    {
        let chat = update.chat;
        {
            let mut waiting = self.lock();
            if let Some(queue) = waiting.get_mut(&chat) {
                queue.push_back(update);
                return;
            }
            waiting.insert(chat, VecDeque::from([update]));
        }
        let (queues, stop) = (self.clone(), stop.clone());
        self.running.spawn(async move {
            while let Some(update) = queues.next(chat, &stop) {
                let id = update.id;
                // A panic in one handler must not leave the chat without a queue for ever.
                if AssertUnwindSafe(handle(update)).catch_unwind().await.is_err() {
                    tracing::error!(update = id, chat = chat.0, "a handler panicked");
                }
            }
        });
    }

    /// Resolves when no handler runs.
    pub(super) async fn idle(&self) {
        self.running.close();
        self.running.wait().await;
        self.running.reopen();
    }

    /// The chat's next update; without one the queue ends.
    fn next(&self, chat: ChatId, stop: &CancellationToken) -> Option<Update> {
        let mut waiting = self.lock();
        let queue = waiting.get_mut(&chat)?;
        let next = if stop.is_cancelled() { None } else { queue.pop_front() };
        if next.is_none() {
            waiting.remove(&chat);
        }
        next
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<ChatId, VecDeque<Update>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use tokio::sync::{Semaphore, mpsc};

    use super::*;

    fn update(id: i64, chat: i64) -> Update {
        Update { id, chat: ChatId(chat), body: Value::Null }
    }

    #[tokio::test]
    async fn a_chat_is_handled_in_order_and_chats_side_by_side() {
        let (queues, stop) = (Queues::default(), CancellationToken::new());
        let (done, mut seen) = mpsc::unbounded_channel();
        let gate = Arc::new(Semaphore::new(0));
        for (id, chat) in [(1, 7), (2, 7), (3, 8), (4, 7)] {
            let (done, gate) = (done.clone(), gate.clone());
            queues.push(update(id, chat), &stop, move |update| {
                let (done, gate) = (done.clone(), gate.clone());
                async move {
                    // Chat 7 waits until chat 8 was served.
                    if update.chat.0 == 7 {
                        gate.acquire().await.unwrap().forget();
                    }
                    done.send(update.id).unwrap();
                }
            });
        }
        assert_eq!(seen.recv().await, Some(3));
        gate.add_permits(3);
        queues.idle().await;
        assert_eq!([seen.recv().await, seen.recv().await, seen.recv().await], [Some(1), Some(2), Some(4)]);
    }

    #[tokio::test]
    async fn a_panic_does_not_stop_the_chat_and_a_stop_leaves_the_rest() {
        let (queues, stop) = (Queues::default(), CancellationToken::new());
        let (done, mut seen) = mpsc::unbounded_channel();
        for id in 1..=3 {
            let (done, stopper) = (done.clone(), stop.clone());
            queues.push(update(id, 7), &stop, move |update| {
                let (done, stopper) = (done.clone(), stopper.clone());
                async move {
                    assert!(update.id != 1, "the first one fails");
                    done.send(update.id).unwrap();
                    stopper.cancel();
                }
            });
        }
        queues.idle().await;
        drop(done);
        assert_eq!(seen.recv().await, Some(2));
        assert!(seen.try_recv().is_err(), "the third was not begun");
    }
}
