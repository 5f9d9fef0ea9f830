//! The purses of groups: what pays for the orders of a group's people while it has enough.

use super::{PricedOrder, Service};
use crate::job::{ChatId, UserId};
use crate::ledger::{Money, WalletId};
use crate::store::Booked;
use crate::store_error::StoreError;
use crate::tariff::Price;
use crate::transfer::{Transfer, TransferKind};

/// Who pays for an order in a group, where people pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupPayer {
    /// The person who orders.
    Person,
    /// The purse of the group, which has so much.
    Purse(Money),
}

impl Service {
    /// Notes in a priced order who pays for it in a chat: in a group its purse, if that has the whole price. To be called
    /// after [`Service::note_free`]: nobody pays for a free order.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_payer(&self, order: &mut PricedOrder, chat: ChatId) -> Result<(), StoreError> {
        let purse = WalletId::from(chat);
        order.payer = match order.price() {
            Ok(Price::Money { money, .. }) if purse.is_group() && order.free.is_none() => {
                let available = self.wallet(purse).await?.available;
                let is_enough = available > Money::ZERO && available >= money;
                Some(if is_enough { GroupPayer::Purse(available) } else { GroupPayer::Person })
            }
            Ok(_) | Err(_) => None,
        };
        Ok(())
    }

    /// Moves an amount above 0 from a person's balance to the purse of a group, as far as they have it. `key` makes it one of
    /// a kind. Whether they may is for the caller to know.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn fill_purse(&self, user: UserId, chat: ChatId, amount: Money, key: &str) -> Result<Booked, StoreError> {
        // In the order of locks: the numbers of groups are below 0.
        let parts = [(TransferKind::FillIn, chat.into()), (TransferKind::FillOut, user.into())];
        let booked = self.inner.store.book_all(&Transfer::pass(parts, amount, key, self.now())).await?;
        if booked == Booked::New {
            tracing::info!(user = user.0, chat = chat.0, %amount, "the purse of a group is filled");
        }
        Ok(booked)
    }
}
