//! Lets in whom the settings, the admins and invitations allow, and tells the others so, rarely.

mod cache;
mod request;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::SecretString;

use self::cache::AdmissionCache;
use super::Bot;
use super::command::{Command, CommandText};
use super::incoming::{Content, Incoming, IncomingMessage, Sender};
use super::screen::{Screen, home};
use super::telegram::{BRIEF, Destination};
use crate::access::{Access, AccessPolicy, InviteCode, Party, Redeemed};
use crate::clock::Timestamp;
use crate::job::{ChatId, UserId};
use crate::mac::derive_key;
use crate::store_error::StoreError;

/// A person who is not let in is told so once in this time.
const NOTICE_INTERVAL: Duration = Duration::from_secs(3600);
/// With fewer entries than this, old ones are not removed.
const MIN_CLEANUP: usize = 1024;
/// What stands before the code in the parameter of the owner's link.
const OWNER_PARAMETER: &str = "own-";
/// What stands before the code in the parameter of an invitation's link.
const INVITE_PARAMETER: &str = "join-";

/// What a person who is not let in is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Notice {
    NoAccess,
    InviteEnded,
}

/// Who may use the bot, and who was told that they may not.
#[derive(Debug)]
pub(super) struct Gate {
    access: Access,
    /// The code of the owner's link. `None`: there is no such link.
    code: Option<String>,
    admissions: AdmissionCache,
    told: Mutex<HashMap<(UserId, Notice), Timestamp>>,
}

impl Gate {
    /// For everybody.
    pub(super) fn open() -> Self {
        Self { access: Access::open(), code: None, admissions: AdmissionCache::default(), told: Mutex::default() }
    }

    fn new(access: Access, token: &SecretString) -> Self {
        // The same in all instances and after a restart; nobody without the token can make it.
        let code = access.needs_owner().then(|| hex::encode(&derive_key(token, "owner link")[..12]));
        Self { access, code, admissions: AdmissionCache::default(), told: Mutex::default() }
    }

    /// Whether it is time to tell this to a person who is not let in.
    fn is_notice_due(&self, user: UserId, notice: Notice, now: Timestamp) -> bool {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.get(&(user, notice)).is_none_or(|at| now.since(*at) >= NOTICE_INTERVAL)
    }

    /// Notes that a person is told this.
    fn note_notice(&self, user: UserId, notice: Notice, now: Timestamp) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= MIN_CLEANUP {
            told.retain(|_, at| now.since(*at) < NOTICE_INTERVAL);
        }
        told.insert((user, notice), now);
    }
}

impl Bot {
    /// The same bot, for those whom `access` lets in.
    #[must_use]
    pub fn with_access(self, access: Access, token: &SecretString) -> Self {
        Self { gate: Arc::new(Gate::new(access, token)), ..self }
    }

    /// Logs the owner's link, if the bot has no owner yet: whoever opens it first becomes the owner.
    pub async fn log_owner_link(&self) {
        let Some(code) = &self.gate.code else { return };
        match self.service.owner().await {
            Ok(None) => {}
            Ok(Some(_)) => return,
            Err(error) => return tracing::warn!(%error, "whether the bot has an owner is not known"),
        }
        let parameter = format!("{OWNER_PARAMETER}{code}");
        match self.telegram.user_name().await {
            Some(name) => tracing::warn!(
                "nobody may use the bot yet: open https://t.me/{name}?start={parameter} to become its owner, or set \
                 ADMIN_IDS"
            ),
            None => tracing::warn!(
                "nobody may use the bot yet: send it `/start {parameter}` to become its owner, or set ADMIN_IDS"
            ),
        }
    }

    /// For whom the bot works.
    pub(super) fn access_policy(&self) -> AccessPolicy {
        self.gate.access.policy
    }

    /// The people and chats of the settings.
    pub(super) fn listed(&self) -> impl Iterator<Item = i64> + '_ {
        self.gate.access.list.iter().copied()
    }

    /// The admins of the bot: of the settings, or else the owner.
    pub(super) async fn admins(&self) -> Result<Vec<UserId>, StoreError> {
        let access = &self.gate.access;
        if access.needs_owner() {
            return Ok(self.service.owner().await?.into_iter().collect());
        }
        Ok(access.admins.iter().copied().collect())
    }

    /// Whether a person is an admin of the bot.
    ///
    /// # Errors
    /// When the store cannot tell who the owner is.
    pub(super) async fn administers(&self, user: UserId) -> Result<bool, StoreError> {
        let access = &self.gate.access;
        let owner = if access.needs_owner() { self.service.owner().await? } else { None };
        Ok(access.is_admin(user, owner))
    }

    /// Whether a person may use the bot in a chat.
    ///
    /// # Errors
    /// When the store cannot tell who was let in.
    pub(super) async fn lets_in(&self, user: UserId, chat: ChatId) -> Result<bool, StoreError> {
        let Gate { access, admissions, .. } = &*self.gate;
        let now = self.service.now();
        let Err(changes) = admissions.get(user, chat, now) else { return Ok(true) };
        if self.administers(user).await? {
            return Ok(true);
        }
        if access.policy == AccessPolicy::Owner {
            return Ok(false);
        }
        let is_allowed = access.allows(user, chat, &self.service.access_of(user, chat).await?);
        if is_allowed {
            admissions.put(user, chat, now, changes);
        }
        Ok(is_allowed)
    }

    /// Lets in or denies a person or a chat by the word of an admin. That decides the person's open request.
    pub(super) async fn put_access(&self, party: Party, is_allowed: bool, admin: &Party) -> Result<(), StoreError> {
        let decided = self.service.put_access(party, is_allowed, admin).await;
        self.gate.admissions.clear();
        if let Some(request) = decided? {
            self.announce_decision(&request, None).await;
        }
        Ok(())
    }

    /// Forgets that a person or a chat was let in or denied.
    pub(super) async fn remove_access(&self, id: i64, admin: UserId) -> Result<bool, StoreError> {
        let removed = self.service.remove_access(id, admin).await;
        self.gate.admissions.clear();
        removed
    }

    /// A new code of an invitation.
    pub(super) fn invite_code(&self) -> InviteCode {
        InviteCode::of_bits((u128::from(self.rng.bits()) << 64) | u128::from(self.rng.bits()))
    }

    /// What leads to an invitation: its link or, while Telegram does not tell the bot's name, the command to send.
    pub(super) async fn invite_link(&self, code: &InviteCode) -> String {
        self.start_link(&format!("{INVITE_PARAMETER}{}", code.as_str())).await
    }

    /// The link that opens the bot with a parameter or, while Telegram does not tell the bot's name, the command to send.
    pub(super) async fn start_link(&self, parameter: &str) -> String {
        match self.telegram.user_name().await {
            Some(name) => format!("https://t.me/{name}?start={parameter}"),
            None => format!("/start {parameter}"),
        }
    }

    /// Handles an update of a person who is not let in: makes them the owner when they have opened the owner's link
    /// first, lets them in by an invitation, takes their request; else tells them in a private chat, once an hour, that the
    /// bot is not for them. A press is told when it is acknowledged.
    pub(super) async fn turn_away(&self, incoming: &Incoming, is_retry: bool) -> Result<(), StoreError> {
        let message = match incoming {
            Incoming::Press(press) if self.takes_request(press) => return self.ask_access(press, is_retry).await,
            Incoming::Message(message) => message,
            Incoming::Edit(_) | Incoming::Press(_) | Incoming::UploadEnd(_) | Incoming::Moved { .. } => return Ok(()),
        };
        if !message.is_private || message.content == Content::Passing {
            return Ok(());
        }
        let user = message.sender.id;
        let parameter = start_parameter(message).unwrap_or_default();
        let owner_code = parameter.strip_prefix(OWNER_PARAMETER).filter(|code| self.gate.code.as_deref() == Some(code));
        if owner_code.is_some() && self.service.become_owner(user).await? {
            tracing::warn!(user = user.0, "the bot has an owner now");
            self.tell(message, &Screen::text(self.texts(&message.sender).await.owner_set())).await;
            self.publish_admin_commands(user).await;
            return Ok(());
        }
        let code = parameter.strip_prefix(INVITE_PARAMETER).and_then(|code| code.parse().ok());
        match code.filter(|_| self.access_policy() == AccessPolicy::List) {
            Some(code) => self.redeem(message, &code).await,
            None => self.tell_no_access(message).await,
        }
    }

    async fn redeem(&self, message: &IncomingMessage, code: &InviteCode) -> Result<(), StoreError> {
        let sender = &message.sender;
        let (redeemed, decided) = self.service.redeem_invite(code, &sender.party()).await?;
        match redeemed {
            Redeemed::LetIn { .. } => {
                let texts = self.texts(sender).await;
                let assortment = self.service.shown_assortment(sender.id).await;
                let screen = home::screen(&assortment, texts).with_notice(Some(&texts.access_granted()));
                self.tell(message, &screen).await;
                if let Some(request) = decided {
                    self.show_decision(&request, None).await;
                }
            }
            Redeemed::Ended => {
                let screen = Screen::text(self.texts(sender).await.invite_ended());
                self.tell_rarely(message, Notice::InviteEnded, &screen).await;
            }
            Redeemed::Nothing => self.tell_no_access(message).await?,
        }
        Ok(())
    }

    async fn tell_no_access(&self, message: &IncomingMessage) -> Result<(), StoreError> {
        // The database is not asked what is not told.
        if self.gate.is_notice_due(message.sender.id, Notice::NoAccess, self.service.now()) {
            let screen = self.no_access_screen(&message.sender).await?;
            self.tell_rarely(message, Notice::NoAccess, &screen).await;
        }
        Ok(())
    }

    async fn tell_rarely(&self, message: &IncomingMessage, notice: Notice, screen: &Screen) {
        let (user, now) = (message.sender.id, self.service.now());
        if self.gate.is_notice_due(user, notice, now) {
            self.gate.note_notice(user, notice, now);
            self.tell(message, screen).await;
        }
    }

    /// What a person who is not let in is told.
    pub(super) async fn no_access(&self, sender: &Sender) -> String {
        self.texts(sender).await.no_access(&sender.id.0.to_string())
    }

    async fn tell(&self, message: &IncomingMessage, screen: &Screen) {
        let to = Destination { chat: message.chat, topic: message.topic, user: message.sender.id, reply_to: None };
        if let Err(error) = self.telegram.send(to, screen, BRIEF).await {
            let error = self.telegram.describe(&error);
            tracing::info!(chat = message.chat.0, error, "a person who is not let in could not be told");
        }
    }
}

/// What follows `/start`, as a link gives it.
pub(super) fn start_parameter(message: &IncomingMessage) -> Option<&str> {
    let Content::Text(text) = &message.content else { return None };
    let spoken = CommandText::of(text);
    (spoken.command() == Some(Command::Start)).then_some(spoken.rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_told_once_an_hour() {
        let gate = Gate::open();
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        let due = |user, notice, seconds| gate.is_notice_due(UserId(user), notice, at(seconds));
        assert!(due(1, Notice::NoAccess, 0));
        gate.note_notice(UserId(1), Notice::NoAccess, at(0));
        assert!(!due(1, Notice::NoAccess, 3599) && due(1, Notice::NoAccess, 3600));
        assert!(due(2, Notice::NoAccess, 0) && due(1, Notice::InviteEnded, 0));
    }
}
