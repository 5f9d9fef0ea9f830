//! Short answers: help, language, and texts with a way on.

use super::{Button, Screen};
use crate::bot::callback::Press;
use crate::bot::texts::{Lang, Texts};

/// A text and the way to the menu.
pub(crate) fn with_home(text: &str, texts: &Texts) -> Screen {
    Screen::text(text).row(vec![Button::home(texts)])
}

/// How it works.
pub(crate) fn help(texts: &Texts) -> Screen {
    with_home(&texts.help(), texts)
}

/// Every language by its own name.
pub(crate) fn languages(texts: &Texts) -> Screen {
    let buttons = Lang::ALL.into_iter().map(|lang| {
        let mark = if lang == texts.lang() { "✓ " } else { "" };
        Button::new(format!("{mark}{}", lang.name()), &Press::Language { code: lang.code().to_owned() })
    });
    Screen::text(texts.language_choose()).grid(buttons.collect(), 2).row(vec![Button::home(texts)])
}
