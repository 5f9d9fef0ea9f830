//! The menu: what can be generated.

use super::models::listed;
use super::{Button, Screen};
use crate::assortment::Assortment;
use crate::bot::callback::ButtonData;
use crate::bot::html::Page;
use crate::l10n::Messages;
use crate::models;

/// The task types with a model that the person can order, in two columns.
pub(crate) fn screen(assortment: &Assortment, texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(texts.home()).gap().text(texts.home_hint());
    let offered = models::tasks().iter().filter(|task| listed(task, assortment).next().is_some());
    let buttons = offered.map(|task| {
        let label = texts.task_title(task.icon, texts.localized(&task.title));
        Button::new(label, &ButtonData::Task { task: task.id.to_owned(), page: 0 })
    });
    Screen::new(page).grid(buttons.collect(), 2).row(vec![
        Button::new(texts.button_jobs(), &ButtonData::Jobs),
        Button::new(texts.button_language(), &ButtonData::Languages),
    ])
}
