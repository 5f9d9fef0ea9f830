//! Notifications of changes in the store, so that waiting tasks need not ask again and again.

use std::future::pending;

use tokio::sync::watch;

/// What may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A job may have become due.
    Jobs,
    /// There may be chats with open updates that no process handles.
    Updates,
}

impl Event {
    pub(super) const ALL: [Self; 2] = [Self::Jobs, Self::Updates];

    /// The word in a notification between processes.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Jobs => "jobs",
            Self::Updates => "updates",
        }
    }

    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.as_str() == word)
    }
}

/// Receives events from the moment of subscription. Several events of a kind may count as one; none is lost between two
/// waits.
#[derive(Debug, Clone)]
pub struct Subscription {
    jobs: watch::Receiver<()>,
    updates: watch::Receiver<()>,
}

impl Subscription {
    /// Resolves when a job may have become due since the last call. Cancel-safe.
    pub async fn jobs(&mut self) {
        changed(&mut self.jobs).await;
    }

    /// Resolves when another process may have left updates to be handled since the last call. Cancel-safe.
    pub async fn updates(&mut self) {
        changed(&mut self.updates).await;
    }
}

async fn changed(receiver: &mut watch::Receiver<()>) {
    if receiver.changed().await.is_err() {
        // The store is gone: nothing changes any more.
        pending::<()>().await;
    }
}

/// The senders of one process.
#[derive(Debug, Default)]
pub(super) struct Wakeups {
    jobs: watch::Sender<()>,
    updates: watch::Sender<()>,
}

impl Wakeups {
    pub(super) fn notify(&self, event: Event) {
        match event {
            Event::Jobs => self.jobs.send_replace(()),
            Event::Updates => self.updates.send_replace(()),
        }
    }

    pub(super) fn subscribe(&self) -> Subscription {
        Subscription { jobs: self.jobs.subscribe(), updates: self.updates.subscribe() }
    }
}
