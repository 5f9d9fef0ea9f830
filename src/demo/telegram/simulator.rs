//! The simulated Telegram: its options, its data, and what users do in it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::SimTelegramOptions;
use super::chat_state::SimChat;
use super::message::{Message, TelegramUser};
use super::state::{CommandList, TelegramState};
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
        let state = TelegramState::new(options.privacy);
        let sim = Self { options, stop, web: reqwest::Client::new(), state: Mutex::new(state), changes };
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
    pub(super) fn bot_id(&self) -> i64 {
        self.options.token.split(':').next().and_then(|id| id.parse().ok()).unwrap_or(1)
    }

    /// The bot's command list that a person sees in a chat: the list of the chat comes before that for everybody, and in each
    /// that of the language before that for all languages.
    pub(super) fn commands(&self, chat: i64, language: &str) -> Value {
        let state = self.state();
        let seen = [Some(chat), None]
            .into_iter()
            .flat_map(|chat| [language, ""].map(|language| CommandList { chat, language: language.to_owned() }));
        let found = seen.into_iter().find_map(|list| state.commands.get(&list));
        found.cloned().unwrap_or_else(|| json!([]))
    }

    /// One of the bot's command lists.
    pub(super) fn commands_at(&self, list: &CommandList) -> Value {
        self.state().commands.get(list).cloned().unwrap_or_else(|| json!([]))
    }

    /// A message that is not yet in a chat.
    pub(super) fn new_message(&self, chat: i64, from_bot: bool) -> Message {
        Message {
            id: 0,
            chat,
            from_bot,
            sender: 0,
            is_anonymous: false,
            date: self.now().millis() / 1000,
            edits: 0,
            text: String::new(),
            entities: Vec::new(),
            media: None,
            album: None,
            buttons: Vec::new(),
            force_reply: None,
            reply_to: None,
            quote: None,
            topic: None,
            ephemeral: None,
            deleted: false,
            edited: None,
            markup: None,
            external_reply: None,
            service: None,
            revision: 0,
        }
    }

    /// A message in the Bot API's form.
    pub(super) fn message_json(&self, state: &TelegramState, message: &Message) -> Value {
        let unknown = SimChat::new(TelegramUser::new(message.chat), None);
        let chat = state.chats.get(&message.chat).unwrap_or(&unknown);
        let chat_json = chat.to_api(message.chat);
        let show = |message: &Message| {
            let person = message.ephemeral.map_or(message.sender, |ephemeral| ephemeral.receiver);
            let mut shown = message.to_api(&self.bot(), &chat.person(person), &chat_json);
            if let Some((thread, is_topic)) = chat.thread_of(message) {
                shown["message_thread_id"] = json!(thread);
                if is_topic {
                    shown["is_topic_message"] = json!(true);
                }
            }
            shown
        };
        let mut shown = show(message);
        if let Some(answered) = chat.answered(message) {
            shown["reply_to_message"] = show(answered);
        }
        shown
    }

    /// Adds a person's message to the chat and sends it to the bot, if it gets it; returns its id. `fill` sets its
    /// content.
    pub(super) fn post_user_message(&self, chat: i64, fill: impl FnOnce(&mut Message)) -> i32 {
        let mut draft = self.new_message(chat, false);
        fill(&mut draft);
        let mut state = self.state();
        // A reply is written in the topic of what it answers.
        let answered = draft.reply_to.and_then(|id| state.chats.get(&chat)?.message(id)?.topic);
        draft.topic = draft.topic.or(answered);
        let message = state.append(draft);
        self.tell_bot(&mut state, "message", &message);
        drop(state);
        self.notify_changed();
        message.id
    }

    /// Queues an update with a person's message, unless privacy mode keeps it from the bot.
    pub(super) fn tell_bot(&self, state: &mut TelegramState, kind: &str, message: &Message) {
        let username = &self.options.bot_username;
        let is_kept =
            state.privacy && state.chats.get(&message.chat).is_some_and(|chat| chat.is_private_to(message, username));
        if !is_kept {
            let shown = self.message_json(state, message);
            state.push_update(kind, shown);
        }
    }

    /// A new `media_group_id`.
    pub(super) fn new_album(&self) -> String {
        format!("{}{:04}", self.now().millis(), self.state().change() % 10_000)
    }

    /// Sends a person's press to the bot; returns its id, or `None` for an unknown chat.
    pub(super) fn press(&self, chat_id: i64, user: &TelegramUser, message_id: i32, data: &str) -> Option<String> {
        let now = self.now();
        let mut state = self.state();
        let chat = state.chats.get(&chat_id)?;
        let chat_json = chat.to_api(chat_id);
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
