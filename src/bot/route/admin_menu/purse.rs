//! The purses of groups, as admins of the bot look at them and give them back.

use crate::audit::Actor;
use crate::bot::incoming::IncomingMessage;
use crate::bot::route::conversation::{Conversation, HandlerError, Replied};
use crate::bot::screen::{Screen, admin as screen};
use crate::job::ChatId;
use crate::ledger::{Money, WalletId};

impl Conversation<'_> {
    /// `/admin purse GROUP` or `/admin purse GROUP PERSON AMOUNT`. The message makes the latter one of a kind: handled again,
    /// it books nothing.
    pub(super) async fn on_admin_purse(&self, rest: &str, message: &IncomingMessage) -> Result<Replied, HandlerError> {
        let texts = self.texts;
        let Some(currency) = self.bot.service.currency() else {
            return self.reply(&Screen::text(texts.admin_no_money())).await;
        };
        let words: Vec<&str> = rest.split_whitespace().collect();
        let group = words.first().and_then(|word| word.parse().ok()).map(WalletId).filter(|wallet| wallet.is_group());
        let (group, gift) = match (group, words.get(1..)) {
            (Some(group), Some([])) => (group, None),
            (Some(group), Some([who, amount])) => (group, Some((*who, *amount))),
            (Some(_) | None, _) => return self.reply(&Screen::text(texts.admin_purse_usage())).await,
        };
        // Its present number: groups become supergroups.
        let group = WalletId::from(self.bot.service.chat_now(ChatId(group.0)).await?);
        let Some((who, amount)) = gift else { return self.reply_admin_purse(group, None).await };
        let Some(amount) = amount.parse::<Money>().ok().filter(|amount| *amount > Money::ZERO) else {
            return self.reply(&Screen::text(texts.admin_purse_usage())).await;
        };
        let Some(user) = self.one_person(who).await? else {
            return self.reply(&Screen::text(texts.admin_nobody(who))).await;
        };
        let wallets = self.bot.service.wallet_admin().by(Actor::Person(self.user));
        let key = format!("chat:{}:{}", self.chat.0, message.id);
        let booked = wallets.return_purse(group, user, amount, &key).await?;
        let amount = texts.money(amount, currency);
        let notice = if booked.is_short() { texts.admin_gift_short(&amount) } else { texts.admin_gift_done(&amount) };
        self.reply_admin_purse(group, Some(&notice)).await
    }

    async fn reply_admin_purse(&self, group: WalletId, notice: Option<&str>) -> Result<Replied, HandlerError> {
        let Some(currency) = self.bot.service.currency() else {
            return self.reply(&Screen::text(self.texts.admin_no_money())).await;
        };
        let wallet = self.bot.service.wallet(group).await?;
        self.reply(&screen::purse(group, wallet, currency, self.texts).with_notice(notice)).await
    }
}
