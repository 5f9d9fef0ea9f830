//! The time between winning the lock and losing it or letting it go.

use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{oneshot, watch};

use super::{Board, Standing};

/// A lock that is held.
#[async_trait]
pub(super) trait HeldLock: Send + 'static {
    /// Checks that it is still ours. `Err` says why it is not, or why that cannot be known.
    async fn check(&mut self) -> Result<(), String>;
    /// Clears away what is left of a lost lock.
    async fn abandon(self);
    /// Unlocks explicitly, at once.
    async fn release(self);
}

/// Leadership. While it lives, a watch looks at the lock; when it is dropped, the lock is let go.
#[derive(Debug)]
pub struct Lease {
    lost: watch::Receiver<bool>,
    /// Dropped or used, it ends the watch; the answer comes when the lock is free.
    release: Option<oneshot::Sender<oneshot::Sender<()>>>,
}

impl Lease {
    /// Starts the watch.
    pub(super) fn begin(mut lock: impl HeldLock, board: Board, heartbeat: Duration, timeout: Duration) -> Self {
        let (tell, lost) = watch::channel(false);
        let (release, mut released) = oneshot::channel::<oneshot::Sender<()>>();
        board.post(Standing::Leader);
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
                board.lost.store(true, Ordering::Relaxed);
                // First of all: whoever polls must stop.
                tell.send_replace(true);
                board.post(Standing::Standby);
                lock.abandon().await;
                return;
            };
            board.post(Standing::SteppingDown);
            if tokio::time::timeout(timeout, lock.release()).await.is_err() {
                tracing::warn!(
                    "polling lock: the database does not answer; it frees the lock when the connection ends"
                );
            }
            board.post(Standing::Standby);
            tell.send_replace(true);
            if let Some(done) = done {
                // The caller may have stopped waiting.
                let _ = done.send(());
            }
        });
        Self { lost, release: Some(release) }
    }

    /// Resolves when the lock is lost, at once if it is already. Whoever polls must stop then.
    pub async fn lost(&self) {
        let mut lost = self.lost.clone();
        // An error means that the watch has ended: nobody looks at the lock any more.
        let _ = lost.wait_for(|lost| *lost).await;
    }

    /// Whether the lock is lost.
    pub fn is_lost(&self) -> bool {
        *self.lost.borrow()
    }

    /// Lets the lock go. When this returns, another instance can have it. After a loss it returns at once.
    pub async fn release(mut self) {
        let (done, wait) = oneshot::channel();
        if let Some(release) = self.release.take()
            && release.send(done).is_ok()
        {
            // An error means that the watch ended by a loss.
            let _ = wait.await;
        }
    }
}
