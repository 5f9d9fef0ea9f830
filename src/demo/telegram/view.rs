//! What a person sees of a chat.

use std::fmt;

use super::chat_file::ChatFileKind;
use super::markup::InlineButton;
use super::message::Message;
use super::state::CallbackQuery;

/// A snapshot of a chat as the user sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatView {
    /// The messages that are not deleted, oldest first.
    pub messages: Vec<Message>,
    /// The presses in the chat, oldest first, with the bot's answers.
    pub callbacks: Vec<CallbackQuery>,
    /// The bot's chat action, e.g. `upload_photo`.
    pub action: Option<String>,
}

impl ChatView {
    /// The newest message of the bot.
    pub fn last(&self) -> Option<&Message> {
        self.from_bot().next_back()
    }

    /// The bot's messages, oldest first.
    pub fn from_bot(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.iter().filter(|message| message.from_bot)
    }

    /// The newest message of the bot that contains this text.
    pub fn with_text(&self, text: &str) -> Option<&Message> {
        self.from_bot().rev().find(|message| message.text.contains(text))
    }

    /// The newest message of the bot with a file of this kind.
    pub fn with_attachment(&self, kind: ChatFileKind) -> Option<&Message> {
        self.from_bot().rev().find(|message| message.media.as_ref().is_some_and(|media| media.kind == kind))
    }

    /// The newest message with this button. An equal label is preferred to one that contains the text.
    pub fn button(&self, label: &str) -> Option<(&Message, &InlineButton)> {
        let newest = || self.from_bot().rev();
        let exact = newest().find_map(|message| {
            let button = message.buttons.iter().flatten().find(|button| button.text == label)?;
            Some((message, button))
        });
        exact.or_else(|| newest().find_map(|message| Some((message, message.button(label)?))))
    }
}

/// The transcript.
impl fmt::Display for ChatView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for message in &self.messages {
            writeln!(f, "{message}")?;
        }
        Ok(())
    }
}
