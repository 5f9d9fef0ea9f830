//! What a person has to spend, and how it came to that.

use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::screen::{Screen, balance as screen, notice};
use crate::job::Job;
use crate::ledger::WalletId;
use crate::transfer::Transfer;

/// Movements on one page.
const PAGE: u32 = 10;

/// Movements of money, each with its job.
type Movements = Vec<(Transfer, Option<Job>)>;

impl Conversation<'_> {
    /// The balance; in a group only where it is: it is nobody else's business.
    pub(super) async fn reply_balance(&self, is_private: bool) -> Result<Replied, HandlerError> {
        if is_private || !self.bot.service.charges() {
            return self.reply(&self.balance_screen().await?).await;
        }
        self.reply(&Screen::text(self.texts.balance_private_only())).await
    }

    pub(super) async fn balance_screen(&self) -> Result<Screen, HandlerError> {
        let Some(currency) = self.bot.service.currency() else {
            return Ok(notice::with_home(&self.texts.balance_free(), self.texts));
        };
        let wallet = self.bot.service.wallet(WalletId::from(self.user)).await?;
        let free = self.bot.service.free_left(self.user).await?;
        let subscriptions = self.bot.service.star_subscriptions(self.user).await?;
        let view = screen::BalanceView { wallet, free, currency, sells: self.bot.service.sells() };
        Ok(screen::balance(view, &subscriptions, self.texts))
    }

    /// The movements before one, or the last ones.
    pub(super) async fn statement_screen(&self, before: Option<i64>) -> Result<Screen, HandlerError> {
        let Some(currency) = self.bot.service.currency() else {
            return Ok(notice::with_home(&self.texts.balance_free(), self.texts));
        };
        let (movements, more) = self.movements(self.user.into(), before.unwrap_or(i64::MAX)).await?;
        Ok(screen::statement(&movements, more, currency, self.texts))
    }

    /// A page of movements before one, each with its job if that is still known; and before which one there are others.
    pub(super) async fn movements(
        &self,
        wallet: WalletId,
        before: i64,
    ) -> Result<(Movements, Option<i64>), HandlerError> {
        let mut list = self.bot.service.statement(wallet, Some(before), PAGE + 1).await?;
        let has_more = list.len() > PAGE as usize;
        list.truncate(PAGE as usize);
        let more = list.last().filter(|_| has_more).map(|(id, _)| *id);
        let mut movements = Vec::with_capacity(list.len());
        for (_, transfer) in list {
            let job = match &transfer.job {
                Some(id) => self.bot.service.job(id).await?,
                None => None,
            };
            movements.push((transfer, job));
        }
        Ok((movements, more))
    }
}
