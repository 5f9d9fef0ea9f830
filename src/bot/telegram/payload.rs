//! Calls of the Bot API with keys that teloxide does not have.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use teloxide::requests::Payload;
use teloxide::types::{ChatId, LinkPreviewOptions, ParseMode, ReplyParameters};

use super::Recipient;
use crate::bot::screen::{Keyboard, Markup, Screen};
use crate::job::UserId;

/// `sendMessage`.
#[derive(Debug, Clone, Serialize)]
pub(super) struct SendMessage {
    chat_id: ChatId,
    text: String,
    parse_mode: ParseMode,
    link_preview_options: LinkPreviewOptions,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_thread_id: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_parameters: Option<ReplyParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_markup: Option<Markup>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ephemeral_message_parameters: Option<EphemeralMessageParameters>,
}

/// Who sees a message alone (Bot API 10.3).
#[derive(Debug, Clone, Serialize)]
struct EphemeralMessageParameters {
    receiver_user_id: i64,
    callback_query_id: String,
}

/// What `sendMessage` tells of the new message.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct SentMessage {
    pub(super) message_id: i32,
    pub(super) chat: SentChat,
    pub(super) ephemeral_message_id: Option<i64>,
}

/// The chat of a new message.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct SentChat {
    pub(super) id: i64,
}

impl SendMessage {
    pub(super) fn new(target: &Recipient, screen: &Screen, is_styled: bool) -> Self {
        Self {
            chat_id: target.chat,
            text: screen.page.html().to_owned(),
            parse_mode: ParseMode::Html,
            link_preview_options: no_preview(),
            message_thread_id: target.thread.map(|thread| thread.0.0),
            reply_parameters: target.reply(),
            reply_markup: screen.reply_markup(is_styled),
            ephemeral_message_parameters: None,
        }
    }

    /// The same for one person alone, in answer to their press.
    pub(super) fn for_one(self, user: UserId, press: &str) -> Self {
        let parameters = EphemeralMessageParameters { receiver_user_id: user.0, callback_query_id: press.to_owned() };
        Self { ephemeral_message_parameters: Some(parameters), ..self }
    }
}

impl Payload for SendMessage {
    type Output = SentMessage;
    const NAME: &'static str = "SendMessage";
}

/// `editMessageText`.
#[derive(Debug, Clone, Serialize)]
pub(super) struct EditMessageText {
    chat_id: ChatId,
    message_id: i32,
    text: String,
    parse_mode: ParseMode,
    link_preview_options: LinkPreviewOptions,
    /// Always given: an edit without a keyboard would keep the old one.
    reply_markup: Keyboard,
}

impl EditMessageText {
    pub(super) fn new(chat: ChatId, message: i32, screen: &Screen, is_styled: bool) -> Self {
        Self {
            chat_id: chat,
            message_id: message,
            text: screen.page.html().to_owned(),
            parse_mode: ParseMode::Html,
            link_preview_options: no_preview(),
            reply_markup: screen.keyboard(is_styled),
        }
    }
}

impl Payload for EditMessageText {
    type Output = IgnoredAny;
    const NAME: &'static str = "EditMessageText";
}

/// `editMessageReplyMarkup`, with a keyboard as Telegram has given it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct EditMessageReplyMarkup {
    pub(super) chat_id: ChatId,
    pub(super) message_id: i32,
    pub(super) reply_markup: Value,
}

impl Payload for EditMessageReplyMarkup {
    type Output = IgnoredAny;
    const NAME: &'static str = "EditMessageReplyMarkup";
}

/// `editEphemeralMessageText` (Bot API 10.2).
#[derive(Debug, Clone, Serialize)]
pub(super) struct EditEphemeralMessageText {
    chat_id: ChatId,
    receiver_user_id: i64,
    ephemeral_message_id: i64,
    text: String,
    parse_mode: ParseMode,
    link_preview_options: LinkPreviewOptions,
    reply_markup: Keyboard,
}

impl EditEphemeralMessageText {
    pub(super) fn new(chat: ChatId, user: UserId, message: i64, screen: &Screen, is_styled: bool) -> Self {
        Self {
            chat_id: chat,
            receiver_user_id: user.0,
            ephemeral_message_id: message,
            text: screen.page.html().to_owned(),
            parse_mode: ParseMode::Html,
            link_preview_options: no_preview(),
            reply_markup: screen.keyboard(is_styled),
        }
    }
}

impl Payload for EditEphemeralMessageText {
    type Output = IgnoredAny;
    const NAME: &'static str = "EditEphemeralMessageText";
}

fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}
