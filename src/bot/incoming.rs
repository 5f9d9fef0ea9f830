//! Updates as the bot uses them: read key by key, so that nothing else in an update, known or new, makes it unreadable.

mod file;

use serde_json::Value;

use super::draft::{ReceivedFile, TextPart};
use super::html::one_line;
use super::upload::UploadEnd;
use crate::access::Party;
use crate::job::{ChatId, TopicId, UserId};

/// What the bot handles.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Incoming {
    /// A new message.
    Message(IncomingMessage),
    /// A message that its sender has changed, as it is now.
    Edit(IncomingMessage),
    /// A pressed button.
    Press(PressedButton),
    /// The upload of a file has ended; not from Telegram.
    UploadEnd(UploadEnd),
    /// A group has become a supergroup, which has another number. Each of the two says it.
    Moved { old: ChatId, new: ChatId },
}

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct IncomingMessage {
    pub(crate) id: i32,
    pub(crate) chat: ChatId,
    pub(crate) topic: Option<TopicId>,
    /// Whether the chat is that of one person and the bot.
    pub(crate) is_private: bool,
    /// What a group calls itself.
    pub(crate) chat_title: Option<String>,
    pub(crate) sender: Sender,
    /// The message that it replies to.
    pub(crate) replied: Option<RepliedMessage>,
    pub(crate) content: Content,
    /// When it was sent, in Unix seconds.
    pub(crate) sent_at: i64,
    /// When it was edited last, in Unix seconds.
    pub(crate) edited_at: Option<i64>,
    /// The file in the message that it replies to, in this chat or another.
    pub(crate) replied_file: Option<ReceivedFile>,
}

impl IncomingMessage {
    /// The message as the bearer of a text: its own, or a caption.
    pub(crate) fn part(&self, text: &str) -> TextPart {
        TextPart { message: self.id, sent_at: self.sent_at, edited_at: self.edited_at, text: text.to_owned() }
    }
}

/// A message of the same chat that another one replies to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RepliedMessage {
    pub(crate) id: i32,
    /// Who has sent it, if a person or a bot has.
    pub(crate) author: Option<UserId>,
    /// What it says, if it is a text.
    pub(crate) text: Option<String>,
}

/// A person.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sender {
    pub(crate) id: UserId,
    /// What they call themselves, in one line.
    pub(crate) name: String,
    /// The user name, without `@`.
    pub(crate) user_name: Option<String>,
    /// The language of their program, e.g. `pt-br`.
    pub(crate) language: Option<String>,
}

impl Sender {
    /// A person of whom no more than the number is known.
    pub(crate) const fn numbered(id: UserId) -> Self {
        Self { id, name: String::new(), user_name: None, language: None }
    }

    /// The person, for lists of people.
    pub(crate) fn party(&self) -> Party {
        Party { id: self.id.0, name: self.name.clone(), user_name: self.user_name.clone() }
    }
}

/// What a message holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    Text(String),
    File(ReceivedFile),
    /// Something else that a person has sent: a sticker, a poll, a kind that is not known yet.
    Other,
    /// Nothing that a person expects an answer to.
    Passing,
}

/// A pressed button.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PressedButton {
    /// Telegram's id of the press.
    pub(crate) id: String,
    pub(crate) sender: Sender,
    /// The data of the button.
    pub(crate) data: String,
    /// The message with the button, and its chat; `None` when Telegram does not tell. An ephemeral message has number 0.
    pub(crate) message: Option<(ChatId, i32)>,
    /// The number of that message if the person alone sees it.
    pub(crate) ephemeral: Option<i64>,
    pub(crate) topic: Option<TopicId>,
    /// The message that it replies to.
    pub(crate) replied: Option<RepliedMessage>,
    /// The length of the file in that message.
    pub(crate) seconds: Option<f64>,
    /// The keyboard of that message, in the Bot API's form.
    pub(crate) keyboard: Option<Value>,
}

impl PressedButton {
    /// The keyboard where the pressed button is one that cannot be pressed again (Bot API 10.3, `DisabledButton`).
    pub(crate) fn used_keyboard(&self) -> Option<Value> {
        let mut keyboard = self.keyboard.clone()?;
        let rows = keyboard.get_mut("inline_keyboard")?.as_array_mut()?;
        let buttons = rows.iter_mut().filter_map(Value::as_array_mut).flatten();
        let pressed = buttons
            .filter_map(Value::as_object_mut)
            .find(|button| button.get("callback_data").and_then(Value::as_str) == Some(&self.data))?;
        pressed.remove("callback_data");
        pressed.insert("disabled".to_owned(), Value::Object(serde_json::Map::new()));
        Some(keyboard)
    }

    /// The chat of the press; without a message, the private chat with the person.
    pub(crate) fn chat(&self) -> ChatId {
        self.message.map_or(ChatId(self.sender.id.0), |(chat, _)| chat)
    }
}

/// Most characters of what a person or a chat calls itself; longer ones are cut.
const MAX_TITLE: usize = 80;

/// Messages that Telegram writes itself (Bot API 10.3, `Message`).
const SERVICE: &[&str] = &[
    "boost_added",
    "channel_chat_created",
    "chat_background_set",
    "chat_owner_changed",
    "chat_owner_left",
    "chat_shared",
    "checklist_tasks_added",
    "checklist_tasks_done",
    "connected_website",
    "delete_chat_photo",
    "direct_message_price_changed",
    "forum_topic_closed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "gift",
    "gift_upgrade_sent",
    "giveaway_completed",
    "giveaway_created",
    "group_chat_created",
    "left_chat_member",
    "message_auto_delete_timer_changed",
    "new_chat_members",
    "new_chat_photo",
    "new_chat_title",
    "paid_message_price_changed",
    "passport_data",
    "pinned_message",
    "proximity_alert_triggered",
    "refunded_payment",
    "successful_payment",
    "suggested_post_approval_failed",
    "suggested_post_approved",
    "suggested_post_declined",
    "suggested_post_paid",
    "suggested_post_refunded",
    "supergroup_chat_created",
    "unique_gift",
    "users_shared",
    "video_chat_ended",
    "video_chat_participants_invited",
    "video_chat_scheduled",
    "video_chat_started",
    "web_app_data",
    "write_access_allowed",
];

/// Reads an update. `None` for kinds that the bot does not handle, and for a message without a sender.
pub(crate) fn read(update: &Value) -> Option<Incoming> {
    if let Some(message) = update.get("message") {
        return moved(message).or_else(|| self::message(message).map(Incoming::Message));
    }
    if let Some(message) = update.get("edited_message") {
        return self::message(message).map(Incoming::Edit);
    }
    let query = update.get("callback_query")?;
    let shown = query.get("message");
    let at = shown.and_then(|message| Some((chat(message)?, id(message)?)));
    let topic = shown.and_then(topic);
    let replied = shown.and_then(replied);
    Some(Incoming::Press(PressedButton {
        id: query.get("id")?.as_str()?.to_owned(),
        sender: sender(query)?,
        data: text(query, "data").unwrap_or_default(),
        message: at,
        ephemeral: shown.and_then(|message| message.get("ephemeral_message_id")?.as_i64()),
        topic,
        replied,
        seconds: shown.and_then(file::of_message).and_then(|file| file.facts.seconds),
        keyboard: shown.and_then(|message| message.get("reply_markup")).cloned(),
    }))
}

fn message(message: &Value) -> Option<IncomingMessage> {
    let chat = self::chat(message)?;
    let is_private = message["chat"]["type"] == "private";
    let number = |key: &str| message.get(key).and_then(Value::as_i64);
    // The other of the two is what the message replies to in another chat; it has the same keys for files.
    let mut quoted = ["reply_to_message", "external_reply"].iter().filter_map(|key| message.get(key));
    Some(IncomingMessage {
        id: id(message)?,
        chat,
        topic: topic(message),
        is_private,
        chat_title: text(&message["chat"], "title").map(|text| title(&text)),
        sender: sender(message)?,
        replied: replied(message),
        content: content(message),
        sent_at: number("date").unwrap_or_default(),
        edited_at: number("edit_date"),
        replied_file: quoted.find_map(file::of_message),
    })
}

/// What a message says of a move; it may have no sender.
fn moved(message: &Value) -> Option<Incoming> {
    let here = chat(message)?;
    let other = |key: &str| message.get(key).and_then(Value::as_i64).map(ChatId);
    match (other("migrate_to_chat_id"), other("migrate_from_chat_id")) {
        (Some(new), _) => Some(Incoming::Moved { old: here, new }),
        (None, Some(old)) => Some(Incoming::Moved { old, new: here }),
        (None, None) => None,
    }
}

fn content(message: &Value) -> Content {
    let is_service = SERVICE.iter().any(|key| message.get(key).is_some());
    if is_service || is_of_no_person(message) {
        return Content::Passing;
    }
    if let Some(file) = file::of_message(message) {
        return Content::File(file);
    }
    text(message, "text").map_or(Content::Other, Content::Text)
}

/// Whether no person speaks to the bot: what another bot has made, a channel's post, or a bot. An anonymous admin, who
/// appears as the group itself, is a person.
fn is_of_no_person(message: &Value) -> bool {
    let made = ["is_automatic_forward", "via_bot"].iter().any(|key| message.get(key).is_some());
    let speaker = message.get("sender_chat").and_then(|chat| chat.get("id")).and_then(Value::as_i64);
    made || speaker.map_or(message["from"]["is_bot"] == true, |speaker| chat(message) != Some(ChatId(speaker)))
}

fn chat(message: &Value) -> Option<ChatId> {
    message.get("chat")?.get("id")?.as_i64().map(ChatId)
}

/// The topic of a message. In a group without topics, the thread of a reply has a number as well, and is no topic.
fn topic(message: &Value) -> Option<TopicId> {
    let thread = message.get("message_thread_id").filter(|_| message["is_topic_message"] == true)?;
    thread.as_i64()?.try_into().ok().map(TopicId)
}

/// The message that another one replies to. In a topic, every message that replies to nothing "replies" to the service
/// message that opened the topic.
fn replied(message: &Value) -> Option<RepliedMessage> {
    let replied = message.get("reply_to_message").filter(|replied| replied.get("forum_topic_created").is_none())?;
    let author = sender(replied).map(|author| author.id);
    Some(RepliedMessage { id: id(replied)?, author, text: text(replied, "text") })
}

fn id(message: &Value) -> Option<i32> {
    message.get("message_id")?.as_i64()?.try_into().ok()
}

/// Who an update or a message is of.
pub(super) fn sender(of: &Value) -> Option<Sender> {
    let from = of.get("from")?;
    let names = ["first_name", "last_name"].into_iter().filter_map(|key| text(from, key));
    Some(Sender {
        id: UserId(from.get("id")?.as_i64()?),
        name: title(&names.collect::<Vec<_>>().join(" ")),
        user_name: text(from, "username"),
        language: text(from, "language_code"),
    })
}

/// What a person or a chat calls itself, in one line and without characters that are not shown.
fn title(text: &str) -> String {
    one_line(&text.replace(char::is_control, " "), MAX_TITLE)
}

/// A text that says something.
fn text(of: &Value, key: &str) -> Option<String> {
    of.get(key)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests;
