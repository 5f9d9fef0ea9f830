//! What a message shows: text and buttons. A screen is made from data alone, and sent elsewhere.

pub(crate) mod access;
pub(crate) mod admin;
pub(crate) mod admin_job;
pub(crate) mod admin_payment;
pub(crate) mod alert;
pub(crate) mod announcement;
pub(crate) mod balance;
pub(crate) mod card;
pub(crate) mod editor;
pub(crate) mod field_choice;
pub(crate) mod follow_up;
pub(crate) mod form;
pub(crate) mod friends;
pub(crate) mod health;
pub(crate) mod home;
pub(crate) mod job;
pub(crate) mod jobs;
mod markup;
pub(crate) mod models;
mod nearest;
pub(crate) mod notice;
pub(crate) mod undelivered;

use teloxide::types::{CopyTextButton, ForceReply, InlineKeyboardButton, InlineKeyboardMarkup};
use url::Url;

use self::markup::StyledButton;
pub(crate) use self::markup::{Keyboard, Markup, Style};
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
    style: Option<Style>,
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
        Self {
            label: one_line(label.as_ref(), MAX_LABEL),
            target: ButtonTarget::Callback(data.to_string()),
            style: None,
        }
    }

    /// A button that opens a page.
    pub(crate) fn open(label: &str, url: Url) -> Self {
        Self { label: one_line(label, MAX_LABEL), target: ButtonTarget::Url(url), style: None }
    }

    /// The same button in this colour.
    pub(crate) fn styled(self, style: Style) -> Self {
        Self { style: Some(style), ..self }
    }

    /// The button in teloxide's form, which has no style.
    fn to_api(&self) -> InlineKeyboardButton {
        match &self.target {
            ButtonTarget::Callback(data) => InlineKeyboardButton::callback(self.label.clone(), data.clone()),
            ButtonTarget::Url(url) => InlineKeyboardButton::url(self.label.clone(), url.clone()),
            ButtonTarget::Copy(text) => {
                InlineKeyboardButton::copy_text_button(self.label.clone(), CopyTextButton { text: text.clone() })
            }
        }
    }

    /// A button that copies a text; `None` for a text that is empty or too long for it.
    pub(crate) fn copy(label: &str, text: &str) -> Option<Self> {
        let fits = (1..=MAX_COPY).contains(&text.encode_utf16().count());
        let target = ButtonTarget::Copy(text.to_owned());
        fits.then(|| Self { label: one_line(label, MAX_LABEL), target, style: None })
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

    /// What a new message has below its text, with the styles of its buttons or without.
    pub(crate) fn reply_markup(&self, is_styled: bool) -> Option<Markup> {
        let force_reply =
            |hint: &String| Markup::ForceReply(ForceReply::new().input_field_placeholder(hint.clone()).selective());
        if self.rows.is_empty() {
            return self.reply_hint.as_ref().map(force_reply);
        }
        Some(Markup::Keyboard(self.keyboard(is_styled)))
    }

    /// The keyboard of a message with a text, with the styles of its buttons or without.
    pub(crate) fn keyboard(&self, is_styled: bool) -> Keyboard {
        let styled =
            |button: &Button| StyledButton { button: button.to_api(), style: button.style.filter(|_| is_styled) };
        Keyboard { inline_keyboard: self.rows.iter().map(|row| row.iter().map(styled).collect()).collect() }
    }

    /// Whether a button has a style.
    pub(crate) fn has_styles(&self) -> bool {
        self.rows.iter().flatten().any(|button| button.style.is_some())
    }

    /// The keyboard of a message with a file, without styles; `None` without buttons.
    pub(crate) fn markup(&self) -> Option<InlineKeyboardMarkup> {
        let rows = self.rows.iter().map(|row| row.iter().map(Button::to_api));
        (!self.rows.is_empty()).then(|| InlineKeyboardMarkup::new(rows))
    }
}
