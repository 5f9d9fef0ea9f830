//! Short messages: help, the choice of a language, and single sentences.

use super::{Button, Screen};
use crate::bot::callback::ButtonData;
use crate::l10n::{Lang, Messages};

/// A text with a button to the menu.
pub(crate) fn with_home(text: &str, texts: &Messages) -> Screen {
    Screen::text(text).row(vec![Button::home(texts)])
}

/// How the bot works.
pub(crate) fn help(texts: &Messages) -> Screen {
    with_home(&texts.help(), texts)
}

/// The choice of a language, each by its own name.
pub(crate) fn languages(texts: &Messages) -> Screen {
    let buttons = Lang::ALL.into_iter().map(|lang| {
        let mark = if lang == texts.lang() { "✓ " } else { "" };
        Button::new(format!("{mark}{}", lang.name()), &ButtonData::Language { code: lang.code().to_owned() })
    });
    Screen::text(texts.language_choose()).grid(buttons.collect(), 2).row(vec![Button::home(texts)])
}
