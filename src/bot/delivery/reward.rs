//! Tells two people that one has brought the other.

use super::ChatDelivery;
use crate::bot::screen::{Screen, friends};
use crate::bot::telegram::{BRIEF, Destination};
use crate::job::{ChatId, UserId};
use crate::l10n::Messages;
use crate::ledger::{Currency, Money};
use crate::referral::{ReferralTerms, Reward};

impl ChatDelivery {
    /// Tells each who gets something, in their language and their private chat.
    pub(super) async fn tell_reward(&self, reward: &Reward) {
        let Reward { inviter, friend, terms } = *reward;
        let Some(currency) = self.service.currency() else { return };
        let ReferralTerms { inviter: to_inviter, friend: to_friend } = terms;
        self.tell_one(inviter, to_inviter, currency, friends::inviter_reward).await;
        self.tell_one(friend, to_friend, currency, friends::friend_reward).await;
    }

    async fn tell_one(
        &self,
        user: UserId,
        amount: Money,
        currency: Currency,
        screen: fn(Money, Currency, &Messages) -> Screen,
    ) {
        if amount <= Money::ZERO {
            return;
        }
        let screen = screen(amount, currency, self.texts_of(user).await);
        let to = Destination { chat: ChatId(user.0), topic: None, user, reply_to: None };
        if let Err(error) = self.telegram.send(to, &screen, BRIEF).await {
            let error = self.telegram.describe(&error);
            tracing::info!(user = user.0, error, "a person could not be told of a reward");
        }
    }
}
