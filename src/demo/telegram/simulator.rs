//! The simulated Telegram: its options, its data, and what users do in it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::SimTelegramOptions;
use super::chat_state::{SimChat, SimGroup};
use super::message::{ChatFile, Message, TelegramUser};
use super::state::TelegramState;
use crate::clock::Timestamp;

/// The extractor of the simulator in a handler.
pub(super) type Shared = axum::extract::State<Arc<TelegramSimulator>>;

/// The simulated Telegram, shared by its handlers.
pub(super) struct TelegramSimulator {
    pub(super) options: SimTelegramOptions,
    pub(super) stop: CancellationToken,
    pub(super) web: reqwest::Client,
    state: Mutex<TelegramState>,
    changes: watch::Sender<u64>,
}

impl TelegramSimulator {
    pub(super) fn new(options: SimTelegramOptions, stop: CancellationToken) -> Self {
        let (changes, _) = watch::channel(0);
        let sim = Self { options, stop, web: reqwest::Client::new(), state: Mutex::default(), changes };
        sim.add_user(sim.options.page_user.clone());
        sim
    }

    /// Locks the data.
    pub(super) fn state(&self) -> MutexGuard<'_, TelegramState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.options.clock.now()
    }

    /// Wakes those who wait for a change: pollers, pages, tests.
    pub(super) fn notify_changed(&self) {
        self.changes.send_modify(|n| *n += 1);
    }

    /// A receiver that is notified of every change.
    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Adds the private chat of a user; of a known chat, replaces the user.
    pub(super) fn add_user(&self, user: TelegramUser) {
        let mut state = self.state();
        match state.chats.get_mut(&user.id) {
            Some(chat) => chat.user = user,
            None => drop(state.chats.insert(user.id, SimChat::new(user, None))),
        }
    }

    /// The bot as a `User` of the Bot API.
    pub(super) fn bot(&self) -> Value {
        json!({
            "id": self.bot_id(),
            "is_bot": true,
            "first_name": self.options.bot_name,
            "username": self.options.bot_username,
        })
    }

    /// The bot's id: the digits before the colon of the token.
    fn bot_id(&self) -> i64 {
        self.options.token.split(':').next().and_then(|id| id.parse().ok()).unwrap_or(1)
    }

    /// The bot's command list for a language, else the list for all languages.
    pub(super) fn commands(&self, language: &str) -> Value {
        let state = self.state();
        state.commands.get(language).or_else(|| state.commands.get("")).cloned().unwrap_or_else(|| json!([]))
    }

    /// A message that is not yet in a chat.
    pub(super) fn new_message(&self, chat: i64, from_bot: bool) -> Message {
        Message {
            id: 0,
            chat,
            from_bot,
            date: self.now().millis() / 1000,
            edits: 0,
            text: String::new(),
            entities: Vec::new(),
            media: None,
            album: None,
            buttons: Vec::new(),
            reply_to: None,
            deleted: false,
            edited: None,
            markup: None,
            service: None,
            revision: 0,
        }
    }

    /// A message in the Bot API's form.
    pub(super) fn message_json(&self, state: &TelegramState, message: &Message) -> Value {
        let unknown = SimChat::new(TelegramUser::new(message.chat), None);
        let chat = state.chats.get(&message.chat).unwrap_or(&unknown);
        let chat_json = chat.to_api(message.chat);
        let mut shown = message.to_api(&self.bot(), &chat.user, &chat_json);
        let answered = message.reply_to.and_then(|id| chat.messages.iter().find(|m| m.id == id));
        if let Some(answered) = answered {
            shown["reply_to_message"] = answered.to_api(&self.bot(), &chat.user, &chat_json);
        }
        shown
    }

    /// Adds a user's message to the chat and sends it to the bot; returns its id. `fill` sets its content.
    pub(super) fn post_user_message(&self, chat: i64, fill: impl FnOnce(&mut Message)) -> i32 {
        let mut draft = self.new_message(chat, false);
        fill(&mut draft);
        let mut state = self.state();
        let message = state.append(draft);
        let shown = self.message_json(&state, &message);
        state.push_update("message", shown);
        drop(state);
        self.notify_changed();
        message.id
    }

    /// Adds a user's files as an album: one message for each; returns their ids.
    pub(super) fn album_from_user(&self, chat: i64, files: Vec<ChatFile>, caption: &str) -> Vec<i32> {
        let album = format!("{}{:04}", self.now().millis(), self.state().change() % 10_000);
        let mut caption = Some(caption.to_owned());
        files
            .into_iter()
            .map(|media| {
                self.post_user_message(chat, |message| {
                    message.text = caption.take().unwrap_or_default();
                    message.media = Some(media);
                    message.album = Some(album.clone());
                })
            })
            .collect()
    }

    /// Sends a user's press to the bot; returns its id, or `None` for an unknown chat.
    pub(super) fn press(&self, chat_id: i64, message_id: i32, data: &str) -> Option<String> {
        let now = self.now();
        let mut state = self.state();
        let chat = state.chats.get(&chat_id)?;
        let (user, chat_json) = (chat.user.clone(), chat.to_api(chat_id));
        let message = chat.messages.iter().find(|m| m.id == message_id).cloned();
        let shown = match &message {
            Some(message) if !message.deleted => self.message_json(&state, message),
            // A client that does not know of the deletion yet can still press a button.
            _ => {
                json!({ "chat": chat_json, "message_id": message_id, "date": 0 })
            }
        };
        let id = state.add_callback(chat_id, user.id, message_id, data.to_owned(), now);
        let query = json!({
            "id": id, "from": user.to_api(), "message": shown, "chat_instance": chat_id.to_string(), "data": data,
        });
        state.push_update("callback_query", query);
        drop(state);
        self.notify_changed();
        Some(id)
    }

    /// Adds a group with one member.
    pub(super) fn add_group(&self, id: i64, member: TelegramUser) {
        let group = SimGroup { title: format!("Group {id}"), own_count: None, upgraded: None };
        self.state().chats.insert(id, SimChat::new(member, Some(group)));
    }

    /// Upgrades a group to a supergroup with this id, without telling the bot.
    pub(super) fn upgrade(&self, chat: i64, id: i64) {
        let mut state = self.state();
        let Some(chat) = state.chats.get_mut(&chat) else { return };
        let Some(group) = &mut chat.group else { return };
        let new = SimGroup { own_count: Some(0), ..group.clone() };
        group.upgraded = Some(id);
        let new = SimChat::new(chat.user.clone(), Some(new));
        state.chats.insert(id, new);
        drop(state);
        self.notify_changed();
    }

    /// Sends the two service messages of an upgrade: the old chat names the new one, and the new one the old one.
    pub(super) fn announce_upgrade(&self, chat: i64) {
        let group = self.state().chats.get(&chat).and_then(|chat| chat.group.clone());
        let Some(new) = group.and_then(|group| group.upgraded) else { return };
        let shown = self.state().chats.get(&new).map(|chat| chat.to_api(new));
        // The sender of messages in the name of the group itself.
        let anonymous = json!({
            "id": 1_087_968_824, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot",
        });
        let here = json!({ "migrate_to_chat_id": new });
        let there = json!({ "migrate_from_chat_id": chat, "from": anonymous, "sender_chat": shown });
        for (chat, service) in [(chat, here), (new, there)] {
            self.post_user_message(chat, |message| message.service = service.as_object().cloned());
        }
    }
}

/// The entities that a client adds itself: a command at the start of the text.
pub(super) fn command_entity(text: &str) -> Vec<super::message::Entity> {
    let command = text.split_whitespace().next().filter(|word| word.starts_with('/') && word.len() > 1);
    command
        .filter(|_| text.starts_with('/'))
        .map(|word| super::message::Entity {
            kind: "bot_command".to_owned(),
            offset: 0,
            length: word.encode_utf16().count(),
            url: None,
            language: None,
        })
        .into_iter()
        .collect()
}
