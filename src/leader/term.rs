//! The time of leadership: from getting the lock to its loss or release.

use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{oneshot, watch};

use super::{LeaderStatus, StatusSender};

/// A lock that is held.
#[async_trait]
pub(super) trait HeldLock: Send + 'static {
    /// Checks that this process still has the lock. `Err` tells why not, or why that is not known.
    async fn check(&mut self) -> Result<(), String>;
    /// Cleans up after the loss of the lock.
    async fn abandon(self);
    /// Releases the lock.
    async fn release(self);
}

/// Leadership. A task checks the lock until this is dropped, which releases the lock.
#[derive(Debug)]
pub struct Lease {
    lost: watch::Receiver<bool>,
    /// Ends the task when it is used or dropped; the inner sender is used when the lock is released.
    release: Option<oneshot::Sender<oneshot::Sender<()>>>,
}

impl Lease {
    /// Starts the task.
    pub(super) fn begin(mut lock: impl HeldLock, status: StatusSender, heartbeat: Duration, timeout: Duration) -> Self {
        let (lost_sender, lost) = watch::channel(false);
        let (release, mut released) = oneshot::channel::<oneshot::Sender<()>>();
        status.set(LeaderStatus::Leader);
        tokio::spawn(async move {
            let done = loop {
                tokio::select! {
                    biased;
                    done = &mut released => break done.ok(),
                    () = tokio::time::sleep(heartbeat) => {}
                }
                let state = tokio::select! {
                    biased;
                    done = &mut released => break done.ok(),
                    state = tokio::time::timeout(timeout, lock.check()) => state,
                };
                let why = match state {
                    Ok(Ok(())) => continue,
                    Ok(Err(why)) => why,
                    Err(_) => "no answer in time".to_owned(),
                };
                tracing::warn!("polling lock: lost: {why}");
                status.lost.store(true, Ordering::Relaxed);
                // First of all, so that polling stops at once.
                lost_sender.send_replace(true);
                status.set(LeaderStatus::Standby);
                lock.abandon().await;
                return;
            };
            status.set(LeaderStatus::SteppingDown);
            if tokio::time::timeout(timeout, lock.release()).await.is_err() {
                tracing::warn!(
                    "polling lock: the database does not answer; it frees the lock when the connection ends"
                );
            }
            status.set(LeaderStatus::Standby);
            lost_sender.send_replace(true);
            if let Some(done) = done {
                // The caller may have stopped waiting.
                let _ = done.send(());
            }
        });
        Self { lost, release: Some(release) }
    }

    /// Resolves when the lock is lost, at once if it is lost already. Polling must stop then.
    pub async fn lost(&self) {
        let mut lost = self.lost.clone();
        // An error means that the task has ended and the lock is not checked any more.
        let _ = lost.wait_for(|lost| *lost).await;
    }

    /// Whether the lock is lost.
    pub fn is_lost(&self) -> bool {
        *self.lost.borrow()
    }

    /// Releases the lock. When this returns, another process can get it. After a loss it returns at once.
    pub async fn release(mut self) {
        let (done, wait) = oneshot::channel();
        if let Some(release) = self.release.take()
            && release.send(done).is_ok()
        {
            // An error means that the task has ended by a loss.
            let _ = wait.await;
        }
    }
}
