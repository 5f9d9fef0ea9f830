//! Calls of the Bot API with keys that teloxide does not have.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use teloxide::requests::Payload;
use teloxide::types::{ChatId, LinkPreviewOptions, MessageId, ParseMode, ReplyParameters, ThreadId};

use super::Recipient;
use crate::bot::screen::{Keyboard, Markup, Screen};

/// `sendMessage`.
#[derive(Debug, Clone, Serialize)]
pub(super) struct SendMessage {
    chat_id: ChatId,
    text: String,
    parse_mode: ParseMode,
    link_preview_options: LinkPreviewOptions,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_thread_id: Option<ThreadId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_parameters: Option<ReplyParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_markup: Option<Markup>,
}

/// What `sendMessage` tells of the new message.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct SentMessage {
    pub(super) message_id: i32,
    pub(super) chat: SentChat,
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
            message_thread_id: target.thread,
            reply_parameters: target.reply(),
            reply_markup: screen.reply_markup(is_styled),
        }
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
    message_id: MessageId,
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
            message_id: MessageId(message),
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

fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}
