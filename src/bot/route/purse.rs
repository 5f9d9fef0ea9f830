//! The purse of a group: what is in it, and how its admins fill it.

use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::screen::{Screen, balance as screen, notice};
use crate::ledger::{Money, WalletId};
use crate::store_error::StoreError;

impl Conversation<'_> {
    /// What is in the purse of the group.
    pub(super) async fn reply_purse(&self) -> Result<Replied, HandlerError> {
        self.reply(&self.purse_screen().await?).await
    }

    /// The purse, or why there is none here.
    pub(super) async fn purse_screen(&self) -> Result<Screen, HandlerError> {
        let Some(currency) = self.bot.service.currency() else {
            return Ok(notice::with_home(&self.texts.balance_free(), self.texts));
        };
        if self.is_private() {
            return Ok(notice::with_home(&self.texts.purse_group_only(), self.texts));
        }
        let wallet = self.bot.service.wallet(WalletId::from(self.chat)).await?;
        Ok(screen::purse(wallet, currency, self.texts))
    }

    /// The movements of the purse before one.
    pub(super) async fn purse_statement_screen(&self, before: i64) -> Result<Screen, HandlerError> {
        let Some(currency) = self.bot.service.currency().filter(|_| !self.is_private()) else {
            return self.purse_screen().await;
        };
        let (movements, more) = self.movements(self.chat.into(), before).await?;
        Ok(screen::purse_statement(&movements, more, currency, self.texts))
    }

    /// `/fill AMOUNT`: moves an amount from the balance of an admin of the group, or of the bot, to the purse. Handled again,
    /// it books nothing.
    pub(super) async fn fill_purse(&self, amount: &str) -> Result<Replied, HandlerError> {
        let texts = self.texts;
        let Some(currency) = self.bot.service.currency().filter(|_| !self.is_private()) else {
            return self.reply_purse().await;
        };
        if !self.may_fill().await? {
            return self.reply(&Screen::text(texts.purse_admins_only())).await;
        }
        let Some(amount) = amount.parse::<Money>().ok().filter(|amount| *amount > Money::ZERO) else {
            return self.reply(&Screen::text(texts.purse_usage())).await;
        };
        let booked = self.bot.service.fill_purse(self.user, self.chat, amount, &self.update.to_string()).await?;
        let amount = texts.money(amount, currency);
        if booked.is_short() {
            // How much it is, is nobody else's business.
            return self.reply(&Screen::text(texts.purse_balance_short(&amount))).await;
        }
        self.reply(&self.purse_screen().await?.with_notice(Some(&texts.purse_filled(&amount)))).await
    }

    async fn may_fill(&self) -> Result<bool, StoreError> {
        Ok(self.bot.telegram.is_admin(self.chat, self.user).await || self.bot.administers(self.user).await?)
    }
}
