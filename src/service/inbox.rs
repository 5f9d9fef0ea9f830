//! How an update from outside gets in: the trait that the edge with the inbox implements, for the edge with the network.

use async_trait::async_trait;
use serde_json::Value;

/// Why an update was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiveError {
    /// It has no number; sending it again does not help.
    #[error("this is no update")]
    NotAnUpdate,
    /// It is not stored; sending it again later may help. Never holds a password.
    #[error("the update could not be kept: {0}")]
    Unkept(String),
}

/// Takes updates and keeps them before it answers.
#[async_trait]
pub trait Mailbox: Send + Sync {
    /// Keeps an update, as Telegram sends it; one that is known already is fine. It is handled later.
    async fn receive(&self, body: Value) -> Result<(), ReceiveError>;
}
