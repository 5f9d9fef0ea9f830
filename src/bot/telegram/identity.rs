//! Who the bot is, and who is an admin of a chat.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use secrecy::ExposeSecret;
use serde::Serialize;
use serde_json::Value;
use teloxide::requests::{JsonRequest, Payload, Request};

use super::Telegram;
use crate::clock::Timestamp;
use crate::job::{ChatId, UserId};

/// Time limit of a call that asks who the bot is: a person waits for what depends on it.
const IDENTITY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long it is remembered who is an admin. A press is checked twice: when it is acknowledged, and when it is handled.
const ADMIN_LIFE: Duration = Duration::from_secs(60);
/// With fewer entries than this, old ones are not removed.
const MIN_CLEANUP: usize = 1024;

/// Who the bot is (Bot API, `getMe`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    /// The user name, without `@`.
    name: String,
    /// Whether it sees all messages of a group. With privacy mode on (the default) it sees commands and replies to its
    /// own messages, unless it is an admin of the group.
    reads_groups: bool,
}

/// `getMe` as JSON: teloxide's type requires fields that a server may not send.
#[derive(Debug, Clone, Serialize)]
struct GetMe {}

impl Payload for GetMe {
    type Output = Value;
    const NAME: &'static str = "GetMe";
}

/// `getChatMember` as JSON: teloxide's type fails on rights that it does not know.
#[derive(Debug, Clone, Serialize)]
struct GetChatMember {
    chat_id: i64,
    user_id: i64,
}

impl Payload for GetChatMember {
    type Output = Value;
    const NAME: &'static str = "GetChatMember";
}

/// Whether persons are admins of chats, and when Telegram said so.
#[derive(Debug, Default)]
pub(super) struct AdminCache {
    known: Mutex<HashMap<(ChatId, UserId), (bool, Timestamp)>>,
}

impl AdminCache {
    fn get(&self, of: (ChatId, UserId), now: Timestamp) -> Option<bool> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&of).filter(|(_, at)| now.since(*at) < ADMIN_LIFE).map(|(is_admin, _)| *is_admin)
    }

    fn put(&self, of: (ChatId, UserId), is_admin: bool, now: Timestamp) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MIN_CLEANUP {
            known.retain(|_, (_, at)| now.since(*at) < ADMIN_LIFE);
        }
        known.insert(of, (is_admin, now));
    }
}

impl Telegram {
    /// The bot's own number, which is the first part of its token.
    pub(crate) fn user_id(&self) -> Option<UserId> {
        self.token.expose_secret().split_once(':').and_then(|(id, _)| id.parse().ok()).map(UserId)
    }

    /// The bot's user name, without `@`: asked for once. `None` while Telegram does not answer.
    pub(crate) async fn user_name(&self) -> Option<&str> {
        self.identity().await.map(|identity| identity.name.as_str())
    }

    /// Whether the bot sees all messages of a group in which it is no admin. `None` while Telegram does not answer.
    pub(crate) async fn reads_groups(&self) -> Option<bool> {
        self.identity().await.map(|identity| identity.reads_groups)
    }

    async fn identity(&self) -> Option<&Identity> {
        if let Some(known) = self.identity.get() {
            return Some(known);
        }
        // Each caller asks for itself: behind a call that Telegram does not answer, all chats would wait in a row. In real
        // time, since the network does not follow our clock.
        let me =
            match tokio::time::timeout(IDENTITY_TIMEOUT, JsonRequest::new(self.calls.clone(), GetMe {}).send()).await {
                Ok(Ok(me)) => me,
                Ok(Err(error)) => {
                    tracing::debug!(error = %self.describe(&error), "the bot's name could not be asked for");
                    return None;
                }
                Err(_) => {
                    tracing::debug!("Telegram does not tell the bot's name");
                    return None;
                }
            };
        let name = me["username"].as_str().unwrap_or_default().to_owned();
        let reads_groups = me["can_read_all_group_messages"] == true;
        if self.identity.set(Identity { name: name.clone(), reads_groups }).is_ok() {
            if reads_groups {
                tracing::info!(bot = name, "in groups the bot sees all messages");
            } else {
                tracing::info!(
                    bot = name,
                    "in groups the bot sees commands and replies to it alone; /setprivacy of @BotFather changes that"
                );
            }
        }
        self.identity.get()
    }

    /// Whether a person is an admin of a chat. While Telegram does not tell, nobody is.
    pub(crate) async fn is_admin(&self, chat: ChatId, user: UserId) -> bool {
        let now = self.clock.now();
        if let Some(is_admin) = self.admins.get((chat, user), now) {
            return is_admin;
        }
        let payload = GetChatMember { chat_id: chat.0, user_id: user.0 };
        let asked = JsonRequest::new(self.calls.clone(), payload).await;
        match asked {
            Ok(member) => {
                let is_admin = matches!(member["status"].as_str(), Some("creator" | "administrator"));
                self.admins.put((chat, user), is_admin, now);
                is_admin
            }
            Err(error) => {
                tracing::debug!(chat = chat.0, error = %self.describe(&error), "a person's rights are not known");
                false
            }
        }
    }
}
