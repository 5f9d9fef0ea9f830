//! What a message shows: text and buttons. A screen is made from data alone, and sent elsewhere.

pub(crate) mod card;
pub(crate) mod editor;
pub(crate) mod field_choice;
pub(crate) mod follow_up;
pub(crate) mod form;
pub(crate) mod health;
pub(crate) mod home;
pub(crate) mod job;
pub(crate) mod jobs;
pub(crate) mod models;
mod nearest;
pub(crate) mod notice;

use teloxide::types::{CopyTextButton, ForceReply, InlineKeyboardButton, InlineKeyboardMarkup, ReplyMarkup};
use url::Url;

use super::callback::ButtonData;
use super::html::{Page, one_line};
use crate::l10n::Messages;

/// Most characters of a button; phones cut longer labels.
const MAX_LABEL: usize = 40;
/// Most characters of the hint in an empty reply (Bot API, `ForceReply`).
const MAX_HINT: usize = 64;

/// Most characters of a text that a button copies (Bot API, `CopyTextButton`).
const MAX_COPY: usize = 256;

/// A message: text and buttons.
#[derive(Debug, Clone, Default)]
pub(crate) struct Screen {
    pub(crate) page: Page,
    pub(crate) rows: Vec<Vec<Button>>,
    /// Without buttons: opens a reply to the message for the person whom it answers, with this hint in the empty line.
    pub(crate) reply_hint: Option<String>,
}

/// A button under a message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Button {
    label: String,
    target: ButtonTarget,
}

/// What a pressed button does.
#[derive(Debug, Clone, PartialEq)]
enum ButtonTarget {
    /// Sends callback data to the bot.
    Callback(String),
    /// Opens a page.
    Url(Url),
    /// Copies a text.
    Copy(String),
}

impl Button {
    pub(crate) fn new(label: impl AsRef<str>, data: &ButtonData) -> Self {
        Self { label: one_line(label.as_ref(), MAX_LABEL), target: ButtonTarget::Callback(data.to_string()) }
    }

    /// A button that opens a page.
    pub(crate) fn open(label: &str, url: Url) -> Self {
        Self { label: one_line(label, MAX_LABEL), target: ButtonTarget::Url(url) }
    }

    /// A button that copies a text; `None` for a text that is empty or too long for it.
    pub(crate) fn copy(label: &str, text: &str) -> Option<Self> {
        let fits = (1..=MAX_COPY).contains(&text.encode_utf16().count());
        let target = ButtonTarget::Copy(text.to_owned());
        fits.then(|| Self { label: one_line(label, MAX_LABEL), target })
    }

    pub(crate) fn home(texts: &Messages) -> Self {
        Self::new(texts.button_home(), &ButtonData::Home)
    }
}

impl Screen {
    pub(crate) fn new(page: Page) -> Self {
        Self { page, rows: Vec::new(), reply_hint: None }
    }

    /// Plain text without buttons.
    pub(crate) fn text(text: impl AsRef<str>) -> Self {
        let mut page = Page::new();
        page.text(text);
        Self::new(page)
    }

    /// Adds a row of buttons, unless it is empty.
    pub(crate) fn row(mut self, buttons: Vec<Button>) -> Self {
        if !buttons.is_empty() {
            self.rows.push(buttons);
        }
        self
    }

    /// Adds buttons in rows of `columns`.
    pub(crate) fn grid(mut self, buttons: Vec<Button>, columns: usize) -> Self {
        self.rows.extend(buttons.chunks(columns).map(<[Button]>::to_vec));
        self
    }

    /// Adds a notice above everything else, e.g. about what was just done.
    pub(crate) fn with_notice(mut self, notice: Option<&str>) -> Self {
        if let Some(notice) = notice {
            let mut page = Page::new();
            page.text(notice).gap();
            self.page = page.then(&self.page);
        }
        self
    }

    /// A question that is answered by a reply, which reaches the bot in any group.
    pub(crate) fn question(text: impl AsRef<str>, hint: &str) -> Self {
        Self { reply_hint: Some(one_line(hint, MAX_HINT)), ..Self::text(text) }
    }

    /// What a new message has below its text.
    pub(crate) fn reply_markup(&self) -> Option<ReplyMarkup> {
        let force_reply = |hint: &String| {
            ReplyMarkup::ForceReply(ForceReply::new().input_field_placeholder(hint.clone()).selective())
        };
        self.markup().map(ReplyMarkup::InlineKeyboard).or_else(|| self.reply_hint.as_ref().map(force_reply))
    }

    /// The keyboard for the Bot API; `None` without buttons.
    pub(crate) fn markup(&self) -> Option<InlineKeyboardMarkup> {
        if self.rows.is_empty() {
            return None;
        }
        let rows = self.rows.iter().map(|row| {
            row.iter().map(|button| match &button.target {
                ButtonTarget::Callback(data) => InlineKeyboardButton::callback(button.label.clone(), data.clone()),
                ButtonTarget::Url(url) => InlineKeyboardButton::url(button.label.clone(), url.clone()),
                ButtonTarget::Copy(text) => {
                    let copied = CopyTextButton { text: text.clone() };
                    InlineKeyboardButton::copy_text_button(button.label.clone(), copied)
                }
            })
        });
        Some(InlineKeyboardMarkup::new(rows))
    }
}
