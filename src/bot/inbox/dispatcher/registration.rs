//! The dispatcher's registration as a worker of the inbox: made, renewed by heartbeats, lost, and given up at the end.

use tokio_util::sync::CancellationToken;

use super::Dispatcher;
use crate::clock::Timestamp;
use crate::store_error::StoreError;

/// The name under which this process claims chats, and for how long.
pub(super) struct Registration {
    pub(super) worker_id: String,
    renewed_at: Timestamp,
    pub(super) expires_at: Timestamp,
    /// Cancelled when the registration is lost: its handlers finish their update and start no other. A chat that is
    /// claimed again under the next registration waits for that.
    pub(super) quit: CancellationToken,
}

impl Dispatcher {
    /// Renews the registration when a third of the lease has passed, or makes a new one when it has expired.
    pub(super) async fn heartbeat(&mut self) -> Result<(), StoreError> {
        let (now, lease) = (self.service().now(), self.settings.lease);
        if let Some(registration) = &mut self.registration {
            if now.since(registration.renewed_at) < lease / 3 {
                return Ok(());
            }
            let inbox = self.bot.service.inbox();
            if now < registration.expires_at && inbox.heartbeat(&registration.worker_id, now, lease).await? {
                (registration.renewed_at, registration.expires_at) = (now, now + lease);
                // The reply to a batch may have been lost: a chat that it claimed would never be handled.
                let claimed = inbox.claimed_chats(&registration.worker_id).await?;
                claimed.into_iter().for_each(|chat| self.chats.confirm_claim(chat));
                return Ok(());
            }
            tracing::warn!("the lease of this process's chats has expired; other processes may have claimed them");
            registration.quit.cancel();
            // This process lives, so what it has started has not failed.
            if let Err(error) = inbox.deregister(&registration.worker_id).await {
                tracing::debug!(%error, "updates that were started under a lost registration count as attempted");
            }
            self.registration = None;
            self.lose_claims();
        }
        self.forget_ended();
        self.register(now).await
    }

    async fn register(&mut self, now: Timestamp) -> Result<(), StoreError> {
        let (inbox, lease) = (self.bot.service.inbox(), self.settings.lease);
        if std::mem::take(&mut self.settings.exclusive) {
            inbox.expire_workers().await.inspect_err(|_| self.settings.exclusive = true)?;
        }
        let worker_id = uuid::Uuid::new_v4().simple().to_string();
        inbox.register(&worker_id, now, lease).await?;
        let quit = CancellationToken::new();
        self.registration = Some(Registration { worker_id, renewed_at: now, expires_at: now + lease, quit });
        self.request_scan();
        Ok(())
    }

    /// Cuts off the handlers that still run, and releases all chats.
    pub(in crate::bot::inbox) async fn deregister(&mut self) {
        self.handlers.shutdown().await;
        let Some(registration) = self.registration.take() else { return };
        if let Err(error) = self.service().inbox().deregister(&registration.worker_id).await {
            tracing::warn!(%error, "the chats of this process are free when its lease expires");
        }
    }
}
