//! Who waits for something new is told, instead of asking again and again.

use std::future::pending;

use tokio::sync::watch;

/// What may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A job may have become due.
    Jobs,
    /// There may be chats with updates that another instance does not handle itself.
    Updates,
}

impl Event {
    pub(super) const ALL: [Self; 2] = [Self::Jobs, Self::Updates];

    /// A stable word.
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

/// What is heard from one moment on. Many changes of a kind may count as one; none is lost between two waits.
#[derive(Debug, Clone)]
pub struct Subscription {
    jobs: watch::Receiver<()>,
    updates: watch::Receiver<()>,
}

impl Subscription {
    /// Resolves when a job may have become due since the last call. May be dropped at any point.
    pub async fn jobs(&mut self) {
        heard(&mut self.jobs).await;
    }

    /// Resolves when another instance may have left updates to whoever takes them since the last call. May be dropped at
    /// any point.
    pub async fn updates(&mut self) {
        heard(&mut self.updates).await;
    }
}

async fn heard(bell: &mut watch::Receiver<()>) {
    if bell.changed().await.is_err() {
        // The store is gone: nothing changes any more.
        pending::<()>().await;
    }
}

/// The bells of one process.
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
