//! Lets in whom the settings allow, and tells the others so, rarely.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::SecretString;

use super::Bot;
use super::command::{Command, CommandText};
use super::incoming::{Content, Incoming, IncomingMessage, Sender};
use super::screen::Screen;
use super::telegram::{BRIEF, Destination};
use crate::access::Access;
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

/// Who may use the bot, and who was told that they may not.
#[derive(Debug)]
pub(super) struct Gate {
    access: Access,
    /// The code of the owner's link. `None`: there is no such link.
    code: Option<String>,
    told: Mutex<HashMap<UserId, Timestamp>>,
}

impl Gate {
    /// For everybody.
    pub(super) fn open() -> Self {
        Self { access: Access::open(), code: None, told: Mutex::default() }
    }

    fn new(access: Access, token: &SecretString) -> Self {
        // The same in all instances and after a restart; nobody without the token can make it.
        let code = access.needs_owner().then(|| hex::encode(&derive_key(token, "owner link")[..12]));
        Self { access, code, told: Mutex::default() }
    }

    /// Whether it is time to tell a person that they are not let in; if so, that is noted.
    fn note_notice(&self, user: UserId, now: Timestamp) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.get(&user).is_some_and(|at| now.since(*at) < NOTICE_INTERVAL) {
            return false;
        }
        if told.len() >= MIN_CLEANUP {
            told.retain(|_, at| now.since(*at) < NOTICE_INTERVAL);
        }
        told.insert(user, now);
        true
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

    /// Whether a person may use the bot in a chat.
    ///
    /// # Errors
    /// When the store cannot tell who the owner is.
    pub(super) async fn lets_in(&self, user: UserId, chat: ChatId) -> Result<bool, StoreError> {
        let access = &self.gate.access;
        if access.allows(user, chat, None) {
            return Ok(true);
        }
        if !access.needs_owner() {
            return Ok(false);
        }
        Ok(access.allows(user, chat, self.service.owner().await?))
    }

    /// Handles an update of a person who is not let in: makes them the owner when they have opened the owner's link
    /// first, else tells them in a private chat, once an hour, that the bot is not for them. A press is told when it is
    /// acknowledged.
    pub(super) async fn turn_away(&self, incoming: &Incoming) -> Result<(), StoreError> {
        let Incoming::Message(message) = incoming else { return Ok(()) };
        if !message.is_private || message.content == Content::Passing {
            return Ok(());
        }
        if self.opens_owner_link(message) && self.service.become_owner(message.sender.id).await? {
            tracing::warn!(user = message.sender.id.0, "the bot has an owner now");
            let text = self.texts(&message.sender).await.owner_set();
            self.tell(message, &text).await;
        } else if self.gate.note_notice(message.sender.id, self.service.now()) {
            let text = self.no_access(&message.sender).await;
            self.tell(message, &text).await;
        }
        Ok(())
    }

    /// What a person who is not let in is told.
    pub(super) async fn no_access(&self, sender: &Sender) -> String {
        self.texts(sender).await.no_access(&sender.id.0.to_string())
    }

    fn opens_owner_link(&self, message: &IncomingMessage) -> bool {
        let Content::Text(text) = &message.content else { return false };
        let spoken = CommandText::of(text);
        let code = spoken.rest.strip_prefix(OWNER_PARAMETER);
        spoken.command() == Some(Command::Start) && code.is_some() && code == self.gate.code.as_deref()
    }

    async fn tell(&self, message: &IncomingMessage, text: &str) {
        let to = Destination { chat: message.chat, topic: message.topic, user: message.sender.id, reply_to: None };
        if let Err(error) = self.telegram.send(to, &Screen::text(text), BRIEF).await {
            let error = self.telegram.describe(&error);
            tracing::info!(chat = message.chat.0, error, "a person who is not let in could not be told");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_told_once_an_hour() {
        let gate = Gate::open();
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        assert!(gate.note_notice(UserId(1), at(0)) && gate.note_notice(UserId(2), at(0)));
        assert!(!gate.note_notice(UserId(1), at(3599)) && gate.note_notice(UserId(1), at(3600)));
    }
}
