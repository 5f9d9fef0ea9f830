//! The data of the simulated Telegram.

use std::collections::{BTreeMap, HashMap, VecDeque};

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::chat_file::ChatFile;
use super::chat_state::SimChat;
use super::error::ApiError;
use super::fault::TelegramFault;
use super::markup::KeySupport;
use super::message::Message;
use super::stars::StarState;
use super::topic::SimTopic;
use crate::clock::Timestamp;

/// A call of a Bot API method.
#[derive(Debug, Clone, PartialEq)]
pub struct MethodCall {
    /// The method, in lower case.
    pub method: String,
    /// Its arguments, without files.
    pub args: Map<String, Value>,
    /// When it was made.
    pub at: Timestamp,
    /// The error code of its reply, if it failed.
    pub refused: Option<u16>,
}

/// A press of an inline button.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CallbackQuery {
    /// Its id.
    pub id: String,
    /// The chat.
    pub chat: i64,
    /// The user who pressed it.
    pub user: i64,
    /// The message with the button.
    pub message: i32,
    /// The button's `callback_data`.
    pub data: String,
    /// When it was pressed.
    pub at: Timestamp,
    /// The bot's answer, if it has answered.
    pub answer: Option<CallbackAnswer>,
    #[serde(skip)]
    pub(super) revision: u64,
}

/// The bot's answer to a press (`answerCallbackQuery`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallbackAnswer {
    /// Shown to the user when not empty.
    pub text: String,
    /// Shown as a dialogue that must be closed, not as a notification.
    pub alert: bool,
    /// When it was given.
    pub at: Timestamp,
}

/// A `getUpdates` call that was refused with code 409.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollConflict {
    /// When it was refused.
    pub at: Timestamp,
    /// The text of the error.
    pub description: String,
}

/// The webhook that the bot has set.
#[derive(Debug, Clone)]
pub(super) struct BotWebhook {
    pub(super) url: String,
    pub(super) secret: Option<String>,
    pub(super) last_error: Option<(Timestamp, String)>,
}

/// A file, with its path for downloads and its content.
#[derive(Debug, Clone)]
pub(super) struct StoredFile {
    pub(super) media: ChatFile,
    pub(super) path: String,
    pub(super) body: Bytes,
}

/// One of the bot's command lists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CommandList {
    /// The chat that it is for; `None` for all.
    pub(super) chat: Option<i64>,
    /// The language that it is for; empty for all.
    pub(super) language: String,
}

/// Everything that changes while the simulator runs.
#[derive(Default)]
pub(super) struct TelegramState {
    pub(super) chats: BTreeMap<i64, SimChat>,
    pub(super) updates: VecDeque<(i64, Value)>,
    pub(super) allowed: Vec<String>,
    pub(super) webhook: Option<BotWebhook>,
    pub(super) files: HashMap<String, StoredFile>,
    pub(super) callbacks: Vec<CallbackQuery>,
    pub(super) conflicts: Vec<PollConflict>,
    pub(super) calls: Vec<MethodCall>,
    pub(super) faults: Vec<TelegramFault>,
    pub(super) commands: BTreeMap<CommandList, Value>,
    /// Whether the bot is in privacy mode.
    pub(super) privacy: bool,
    /// How newer keys and methods are taken.
    pub(super) key_support: KeySupport,
    /// Number of the newest `getUpdates` call: an older one that still waits is refused.
    pub(super) poll: u64,
    pub(super) polls_waiting: u32,
    pub(super) next_file: u64,
    pub(super) stars: StarState,
    next_update: i64,
    next_message: i32,
    next_ephemeral: i32,
    next_callback: u64,
    revision: u64,
}

impl TelegramState {
    pub(super) fn new(privacy: bool) -> Self {
        Self { privacy, ..Self::default() }
    }

    /// A chat that the bot can write to.
    ///
    /// # Errors
    /// The Bot API's error when the chat is unknown, was upgraded, or does not let the bot write.
    pub(super) fn writable(&mut self, chat_id: i64) -> Result<&mut SimChat, ApiError> {
        let chat = self.chats.get_mut(&chat_id).ok_or_else(|| ApiError::bad("chat not found"))?;
        chat.check_writable()?;
        Ok(chat)
    }

    /// The seconds for which a chat still answers this method with code 429.
    pub(super) fn flood(&self, chat: i64, method: &str, now: Timestamp) -> Option<u64> {
        // Chat actions are limited apart.
        let is_limited = (method.starts_with("send") || method.starts_with("edit")) && method != "sendchataction";
        let until = self.chats.get(&chat)?.flooded_until.filter(|until| is_limited && *until > now)?;
        // Whole seconds, after which the call is taken.
        Some(until.since(now).as_millis().div_ceil(1000) as u64)
    }

    /// Counts a change and returns its number.
    pub(super) fn change(&mut self) -> u64 {
        self.revision += 1;
        self.revision
    }

    /// Adds a message to a known chat; returns it with its id.
    pub(super) fn append(&mut self, mut message: Message) -> Message {
        message.revision = self.change();
        if let Some(ephemeral) = &mut message.ephemeral {
            self.next_ephemeral += 1;
            ephemeral.id = self.next_ephemeral;
            // Below the ids of other messages, with which it has nothing in common.
            message.id = -ephemeral.id;
        } else {
            let own = self.chats.get_mut(&message.chat).and_then(|chat| chat.group.as_mut()?.own_count.as_mut());
            let count = own.unwrap_or(&mut self.next_message);
            *count += 1;
            message.id = *count;
        }
        if let Some(chat) = self.chats.get_mut(&message.chat) {
            if message.from_bot {
                chat.action = None;
            }
            let created = message.service.as_ref().and_then(|service| service.get("forum_topic_created"));
            if let Some(name) = created.and_then(|topic| topic["name"].as_str()) {
                chat.topics.insert(message.id, SimTopic { name: name.to_owned(), is_closed: false });
                message.topic = Some(message.id);
            }
            chat.messages.push(message.clone());
        }
        message
    }

    /// Queues an update, unless its kind is not in the bot's `allowed_updates`; returns its id.
    pub(super) fn push_update(&mut self, kind: &str, body: Value) -> i64 {
        if self.next_update == 0 {
            self.next_update = 100_000_000;
        }
        self.next_update += 1;
        let is_allowed = match self.allowed.is_empty() {
            // Bot API, `getUpdates`: kinds that are sent only when they are named.
            true => !["chat_member", "message_reaction", "message_reaction_count"].contains(&kind),
            false => self.allowed.iter().any(|allowed| allowed == kind),
        };
        if is_allowed {
            let mut update = json!({ "update_id": self.next_update });
            update[kind] = body;
            self.updates.push_back((self.next_update, update));
        }
        self.next_update
    }

    /// Adds a press and returns its id.
    pub(super) fn add_callback(&mut self, chat: i64, user: i64, message: i32, data: String, at: Timestamp) -> String {
        self.next_callback += 1;
        let id = (4_000_000_000_000_000_u64 + self.next_callback).to_string();
        let revision = self.change();
        self.callbacks.push(CallbackQuery { id: id.clone(), chat, user, message, data, at, answer: None, revision });
        id
    }
}
