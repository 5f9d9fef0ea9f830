//! Everything the simulated Telegram remembers.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde_json::{Map, Value, json};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::SimTelegramOptions;
use super::error::ApiError;
use super::fault::Fault;
use super::file::StoredFile;
use super::message::{Media, Message, User};
use super::room::Room;
use crate::clock::Timestamp;

/// A call of a method.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The method, in lower case.
    pub method: String,
    /// Its plain arguments.
    pub args: Map<String, Value>,
    /// When.
    pub at: Timestamp,
    /// The error code of its reply, if it was refused.
    pub refused: Option<u16>,
}

/// A press of a button.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Callback {
    /// Its id.
    pub id: String,
    /// In which chat.
    pub chat: i64,
    /// Who pressed.
    pub user: i64,
    /// Under which message.
    pub message: i32,
    /// What the button carries.
    pub data: String,
    /// When.
    pub at: Timestamp,
    /// The bot's answer.
    pub answer: Option<Answer>,
    #[serde(skip)]
    pub(super) revision: u64,
}

/// The bot's answer to a press.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Shown to the user when not empty.
    pub text: String,
    /// As a dialogue that must be closed, not as a passing note.
    pub alert: bool,
    /// When.
    pub at: Timestamp,
}

/// A refused poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// When.
    pub at: Timestamp,
    /// What the poller was told.
    pub description: String,
}

#[derive(Debug, Clone)]
pub(super) struct Webhook {
    pub(super) url: String,
    pub(super) secret: Option<String>,
    pub(super) last_error: Option<(Timestamp, String)>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) rooms: BTreeMap<i64, Room>,
    pub(super) updates: VecDeque<(i64, Value)>,
    pub(super) allowed: Vec<String>,
    pub(super) webhook: Option<Webhook>,
    pub(super) files: HashMap<String, StoredFile>,
    pub(super) callbacks: Vec<Callback>,
    pub(super) conflicts: Vec<Conflict>,
    pub(super) calls: Vec<Call>,
    pub(super) faults: Vec<Fault>,
    pub(super) commands: Map<String, Value>,
    /// Number of the newest getUpdates call: an older one that is still waiting must give way.
    pub(super) poll: u64,
    pub(super) polls_waiting: u32,
    pub(super) next_file: u64,
    next_update: i64,
    next_message: i32,
    next_callback: u64,
    revision: u64,
}

impl State {
    /// The room of a chat that may be written to.
    pub(super) fn writable(&mut self, chat: i64) -> Result<&mut Room, ApiError> {
        let room = self.rooms.get_mut(&chat).ok_or_else(|| ApiError::bad("chat not found"))?;
        if let Some(new) = room.group.as_ref().and_then(|group| group.upgraded) {
            return Err(ApiError::upgraded(new));
        }
        if room.blocked {
            return Err(ApiError::new(403, "Forbidden: bot was blocked by the user"));
        }
        Ok(room)
    }

    /// Number of the next change.
    pub(super) fn change(&mut self) -> u64 {
        self.revision += 1;
        self.revision
    }

    /// Puts a message into a room that is known to exist.
    pub(super) fn append(&mut self, mut message: Message) -> Message {
        let own = self.rooms.get_mut(&message.chat).and_then(|room| room.group.as_mut()?.own_count.as_mut());
        let count = own.unwrap_or(&mut self.next_message);
        *count += 1;
        message.id = *count;
        message.revision = self.change();
        if let Some(room) = self.rooms.get_mut(&message.chat) {
            if message.from_bot {
                room.action = None;
            }
            room.messages.push(message.clone());
        }
        message
    }

    /// Queues an update, unless the bot has said that it does not want this kind.
    pub(super) fn push(&mut self, kind: &str, body: Value) -> i64 {
        if self.next_update == 0 {
            self.next_update = 100_000_000;
        }
        self.next_update += 1;
        if self.allowed.is_empty() || self.allowed.iter().any(|allowed| allowed == kind) {
            let mut update = json!({ "update_id": self.next_update });
            update[kind] = body;
            self.updates.push_back((self.next_update, update));
        }
        self.next_update
    }

    /// Registers a press and gives its id.
    pub(super) fn pressed(&mut self, chat: i64, user: i64, message: i32, data: String, at: Timestamp) -> String {
        self.next_callback += 1;
        let id = (4_000_000_000_000_000_u64 + self.next_callback).to_string();
        let revision = self.change();
        self.callbacks.push(Callback { id: id.clone(), chat, user, message, data, at, answer: None, revision });
        id
    }
}

pub(super) struct World {
    pub(super) options: SimTelegramOptions,
    pub(super) stop: CancellationToken,
    pub(super) web: reqwest::Client,
    state: Mutex<State>,
    changes: watch::Sender<u64>,
}

impl World {
    pub(super) fn new(options: SimTelegramOptions, stop: CancellationToken) -> Self {
        let (changes, _) = watch::channel(0);
        let world = Self { options, stop, web: reqwest::Client::new(), state: Mutex::default(), changes };
        world.meet(world.options.page_user.clone());
        world
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.options.clock.now()
    }

    /// Wakes whoever waits for a change: pollers, pages, tests.
    pub(super) fn touch(&self) {
        self.changes.send_modify(|n| *n += 1);
    }

    pub(super) fn watch(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Makes the chat of a user known; a known one keeps its messages.
    pub(super) fn meet(&self, user: User) {
        let mut state = self.state();
        match state.rooms.get_mut(&user.id) {
            Some(room) => room.user = user,
            None => drop(state.rooms.insert(user.id, Room::new(user, None))),
        }
    }

    /// The bot as a user of the Bot API.
    pub(super) fn bot(&self) -> Value {
        json!({
            "id": self.bot_id(),
            "is_bot": true,
            "first_name": self.options.bot_name,
            "username": self.options.bot_username,
        })
    }

    /// The digits before the colon of the token.
    fn bot_id(&self) -> i64 {
        self.options.token.split(':').next().and_then(|id| id.parse().ok()).unwrap_or(1)
    }

    /// A message that is not yet in a chat.
    pub(super) fn draft(&self, chat: i64, from_bot: bool) -> Message {
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
    pub(super) fn show(&self, state: &State, message: &Message) -> Value {
        let stranger = Room::new(User::new(message.chat), None);
        let room = state.rooms.get(&message.chat).unwrap_or(&stranger);
        let chat = room.to_api(message.chat);
        let mut shown = message.to_api(&self.bot(), &room.user, &chat);
        let answered = message.reply_to.and_then(|id| room.messages.iter().find(|m| m.id == id));
        if let Some(answered) = answered {
            shown["reply_to_message"] = answered.to_api(&self.bot(), &room.user, &chat);
        }
        shown
    }

    /// A user's message: into the chat and to the bot.
    pub(super) fn hear(&self, chat: i64, fill: impl FnOnce(&mut Message)) -> i32 {
        let mut draft = self.draft(chat, false);
        fill(&mut draft);
        let mut state = self.state();
        let message = state.append(draft);
        let shown = self.show(&state, &message);
        state.push("message", shown);
        drop(state);
        self.touch();
        message.id
    }

    /// A user's files as one album.
    pub(super) fn album_from_user(&self, chat: i64, files: Vec<Media>, caption: &str) -> Vec<i32> {
        let album = format!("{}{:04}", self.now().millis(), self.state().change() % 10_000);
        let mut caption = Some(caption.to_owned());
        files
            .into_iter()
            .map(|media| {
                self.hear(chat, |message| {
                    message.text = caption.take().unwrap_or_default();
                    message.media = Some(media);
                    message.album = Some(album.clone());
                })
            })
            .collect()
    }

    /// A press by a user: to the bot.
    pub(super) fn press(&self, chat: i64, message_id: i32, data: &str) -> Option<String> {
        let now = self.now();
        let mut state = self.state();
        let room = state.rooms.get(&chat)?;
        let (user, shown_chat) = (room.user.clone(), room.to_api(chat));
        let message = room.messages.iter().find(|m| m.id == message_id).cloned();
        let shown = match &message {
            Some(message) if !message.deleted => self.show(&state, message),
            // A deleted message still has buttons on a client that has not heard of it.
            _ => {
                json!({ "chat": shown_chat, "message_id": message_id, "date": 0 })
            }
        };
        let id = state.pressed(chat, user.id, message_id, data.to_owned(), now);
        let query = json!({
            "id": id, "from": user.to_api(), "message": shown, "chat_instance": chat.to_string(), "data": data,
        });
        state.push("callback_query", query);
        drop(state);
        self.touch();
        Some(id)
    }
}

/// The entities that a client adds by itself: a command at the start of the text.
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
