//! Wallets: what people and groups have.

use serde::{Deserialize, Serialize};

use super::Money;

/// The wallet of a person or of a group, by Telegram's number: a group's is below 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WalletId(pub i64);

impl WalletId {
    /// Whether it is a group's.
    pub const fn is_group(self) -> bool {
        self.0 < 0
    }
}

/// What a wallet has. Neither is ever below 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Wallet {
    /// What may be spent.
    pub available: Money,
    /// What is held for orders that have not ended.
    pub held: Money,
}
