//! A person's link for friends: what it is, what it brought, and who came by it.

use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::Bot;
use crate::bot::gate::start_parameter;
use crate::bot::incoming::IncomingMessage;
use crate::bot::screen::{Screen, friends as screen};
use crate::ledger::Money;
use crate::referral::ReferralCode;
use crate::store_error::StoreError;

/// What stands before the code in the parameter of a link.
const LINK_PARAMETER: &str = "r_";

impl Bot {
    /// Notes that a person came by another's link, if a message says so. It is to be called before anything of the person is
    /// stored, since whoever is known did not come by it.
    pub(super) async fn note_referral(&self, message: &IncomingMessage) -> Result<(), StoreError> {
        let parameter = start_parameter(message).filter(|_| message.is_private);
        match parameter.and_then(linked_code) {
            Some(code) => self.service.add_referral(&code, message.sender.id).await,
            None => Ok(()),
        }
    }

    /// The code of a person's link, which is made when it is asked for first.
    async fn referral_code(&self, conversation: &Conversation<'_>) -> Result<ReferralCode, StoreError> {
        let fresh = ReferralCode::of_bits(self.rng.bits());
        self.service.referral_code(conversation.user, &fresh).await
    }
}

impl Conversation<'_> {
    /// The person's link; in a group only where it is.
    pub(super) async fn reply_friends(&self, is_private: bool) -> Result<Replied, HandlerError> {
        let (Some(terms), Some(currency)) = (self.bot.service.referral(), self.bot.service.currency()) else {
            return self.reply_home(None).await;
        };
        if !is_private {
            return self.reply(&Screen::text(self.texts.friends_private_only())).await;
        }
        let parameter = format!("{LINK_PARAMETER}{}", self.bot.referral_code(self).await?);
        let count = self.bot.service.count_referrals(self.user).await?;
        let link = self.bot.start_link(&parameter).await;
        self.reply(&screen::friends(&link, terms, count, currency, self.texts)).await
    }

    /// What a person who has opened a link for friends is told above the menu, if it is such a link: what they can get by it,
    /// or that it is their own.
    pub(super) async fn linked_friend_notice(&self, parameter: &str) -> Result<Option<String>, HandlerError> {
        let (Some(terms), Some(currency)) = (self.bot.service.referral(), self.bot.service.currency()) else {
            return Ok(None);
        };
        let Some(code) = linked_code(parameter).filter(|_| self.is_private()) else { return Ok(None) };
        let is_owed = self.bot.service.referral_of(self.user).await?.is_some_and(|it| it.rewarded_by.is_none());
        if is_owed && terms.friend > Money::ZERO {
            return Ok(Some(self.texts.friends_came(&self.texts.money(terms.friend, currency))));
        }
        let is_own = self.bot.referral_code(self).await? == code;
        Ok(is_own.then(|| self.texts.friends_own_link()))
    }
}

/// The code in the parameter of a link for friends.
fn linked_code(parameter: &str) -> Option<ReferralCode> {
    parameter.strip_prefix(LINK_PARAMETER)?.parse().ok()
}
