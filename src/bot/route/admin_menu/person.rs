//! People, as admins find them, look at them, give to them, limit and block them.

use super::PAGE;
use crate::access::{AccessPolicy, Party};
use crate::audit::Actor;
use crate::bot::html::one_line;
use crate::bot::incoming::{IncomingMessage, PressedButton};
use crate::bot::route::conversation::{Conversation, HandlerError, Replied};
use crate::bot::screen::{Screen, admin as screen, balance};
use crate::job::UserId;
use crate::ledger::{Money, WalletId};
use crate::service::LimitError;

/// Most characters of a note.
const MAX_NOTE: usize = 100;

impl Conversation<'_> {
    /// The people who were here last.
    pub(super) async fn seen_people_screen(&self) -> Result<Screen, HandlerError> {
        let people = self.bot.service.user_admin(self.user).seen_last(PAGE as u32).await?;
        Ok(screen::people(&people, &self.texts.admin_people_hint(), self.texts))
    }

    /// The person whom a text names, or those who it may be.
    pub(super) async fn find(&self, text: &str) -> Result<Replied, HandlerError> {
        if let Some(job) = self.job_named(text).await? {
            return self.reply(&self.admin_job_screen(&job)).await;
        }
        let people = self.bot.service.user_admin(self.user).find(text, PAGE + 1).await?;
        let screen = match people.as_slice() {
            [] => Screen::text(self.texts.admin_nobody(&one_line(text, MAX_NOTE))).row(vec![screen::back(self.texts)]),
            [person] => self.person_screen(person.id).await?,
            [shown @ .., _] if people.len() > PAGE => screen::people(shown, &self.texts.admin_too_many(), self.texts),
            several => screen::people(several, &self.texts.admin_several(), self.texts),
        };
        self.reply(&screen).await
    }

    pub(super) async fn person_screen(&self, user: UserId) -> Result<Screen, HandlerError> {
        let Some(account) = self.bot.service.user_admin(self.user).account(user).await? else {
            let nobody = self.texts.admin_nobody(&user.0.to_string());
            return Ok(Screen::text(nobody).row(vec![screen::back(self.texts)]));
        };
        let is_admin = self.bot.administers(user).await?;
        // Where only admins are let in there is nobody to block.
        let may_block = !is_admin && self.bot.access_policy() != AccessPolicy::Owner;
        let currency = self.bot.service.currency();
        Ok(screen::person(&account, screen::PersonView { is_admin, may_block, currency }, self.texts))
    }

    pub(super) async fn statement_of(&self, wallet: WalletId, before: i64) -> Result<Screen, HandlerError> {
        let Some(currency) = self.bot.service.currency() else {
            return Ok(Screen::text(self.texts.admin_no_money()).row(vec![screen::back(self.texts)]));
        };
        let (movements, more) = self.movements(wallet, before).await?;
        Ok(balance::statement_for_admin(&movements, wallet, more, currency, self.texts))
    }

    /// Blocks a person, or lets them in again.
    pub(super) async fn block(
        &self,
        user: UserId,
        is_blocked: bool,
        press: &PressedButton,
    ) -> Result<Replied, HandlerError> {
        let party = match self.bot.service.user_admin(self.user).account(user).await? {
            Some(account) => Party { id: user.0, name: account.person.name, user_name: account.person.user_name },
            None => Party::numbered(user.0),
        };
        let number = user.0.to_string();
        let notice = match self.bot.access_policy() {
            AccessPolicy::Owner => self.texts.access_needs_list(),
            AccessPolicy::List | AccessPolicy::Open if self.bot.administers(user).await? => {
                self.texts.admin_always_in()
            }
            AccessPolicy::Open if !is_blocked => {
                self.bot.remove_access(user.0, self.user).await?;
                self.texts.party_allowed(&number)
            }
            AccessPolicy::List | AccessPolicy::Open => {
                self.bot.put_access(party, !is_blocked, &press.sender.party()).await?;
                if is_blocked { self.texts.party_denied(&number) } else { self.texts.party_allowed(&number) }
            }
        };
        self.edit_or_reply(&self.person_screen(user).await?.with_notice(Some(&notice))).await
    }

    /// `/admin gift PERSON AMOUNT NOTE`. The message makes it one of a kind: handled again, it books nothing.
    pub(super) async fn give(&self, rest: &str, message: &IncomingMessage) -> Result<Replied, HandlerError> {
        let texts = self.texts;
        let Some(currency) = self.bot.service.currency() else {
            return self.reply(&Screen::text(texts.admin_no_money())).await;
        };
        let mut words = rest.splitn(3, char::is_whitespace);
        let (who, amount) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let note = words.next().map(|note| one_line(note.trim(), MAX_NOTE)).filter(|note| !note.is_empty());
        let Some(amount) = amount.parse::<Money>().ok().filter(|amount| *amount != Money::ZERO) else {
            return self.reply(&Screen::text(texts.admin_gift_usage())).await;
        };
        let Some(user) = self.one_person(who).await? else {
            return self.reply(&Screen::text(texts.admin_nobody(who))).await;
        };
        let wallets = self.bot.service.wallet_admin().by(Actor::Person(self.user));
        let key = format!("chat:{}:{}", self.chat.0, message.id);
        let booked = wallets.give(WalletId::from(user), amount, &key, note).await?;
        let amount = texts.money(amount, currency);
        let notice = if booked.is_short() { texts.admin_gift_short(&amount) } else { texts.admin_gift_done(&amount) };
        self.reply(&self.person_screen(user).await?.with_notice(Some(&notice))).await
    }

    /// `/admin limit PERSON CHANGE`.
    pub(super) async fn limit(&self, rest: &str) -> Result<Replied, HandlerError> {
        let texts = self.texts;
        let (who, change) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let Some(user) = self.one_person(who).await? else {
            let text = if who.is_empty() { texts.admin_limit_usage() } else { texts.admin_nobody(who) };
            return self.reply(&Screen::text(text)).await;
        };
        match self.bot.service.user_admin(self.user).limit(user, change).await {
            Ok(_) => {
                let notice = texts.admin_limit_done();
                self.reply(&self.person_screen(user).await?.with_notice(Some(&notice))).await
            }
            Err(LimitError::Unreadable(_)) => self.reply(&Screen::text(texts.admin_limit_usage())).await,
            Err(LimitError::Unknown) => self.reply(&Screen::text(texts.admin_nobody(who))).await,
            Err(LimitError::Store(error)) => Err(error.into()),
        }
    }

    /// The only person whom a word names.
    pub(super) async fn one_person(&self, word: &str) -> Result<Option<UserId>, HandlerError> {
        let people = self.bot.service.user_admin(self.user).find(word, 2).await?;
        Ok(if let [person] = people.as_slice() { Some(person.id) } else { None })
    }
}
