//! Announcements, as admins write and watch them.

use super::admin::{back, button};
use super::{Screen, Style};
use crate::announcement::{Announcement, AnnouncementState, AnnouncementTextError, MAX_TEXT};
use crate::bot::callback::{AdminButton, AdminEntry, AnnouncementAction};
use crate::bot::html::{Page, clip, one_line};
use crate::l10n::Messages;

/// Most characters of a text in the list.
const MAX_ROW: usize = 60;
/// Most characters of each text before it is sent.
const MAX_PREVIEW: usize = 1500;

/// The latest announcements, and how to make one.
pub(crate) fn list(announcements: &[Announcement], texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(texts.admin_entry_announcements()).gap().text(texts.announcement_hint());
    let mut screen_rows = Vec::new();
    for announcement in announcements {
        let Announcement { id, texts: said, made_at, state, told, unreachable, failed, .. } = announcement;
        page.gap().text(texts.announcement_row(&id.to_string(), &made_at.date(), state.as_str()));
        if *state != AnnouncementState::Draft {
            page.line().text(texts.announcement_counts(*told, &unreachable.to_string(), &failed.to_string()));
        }
        page.line().text(one_line(said.in_language(texts.lang()), MAX_ROW));
        if *state == AnnouncementState::Sending {
            let stop = AdminButton::Announcement { id: *id, action: AnnouncementAction::Stop };
            screen_rows.push(button(texts.button_stop_announcement(&id.to_string()), stop).styled(Style::Danger));
        }
    }
    let refresh = button(texts.button_refresh(), AdminButton::Entry(AdminEntry::Announcements));
    let mut screen = Screen::new(page);
    for stop in screen_rows {
        screen = screen.row(vec![stop]);
    }
    screen.row(vec![refresh, back(texts)])
}

/// A draft: what people would be told, and how many they are.
pub(crate) fn draft(draft: &Announcement, people: u64, texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(texts.announcement_draft(people));
    for (lang, text) in draft.texts.all() {
        page.gap();
        if let Some(lang) = lang {
            page.bold(lang.name()).line();
        }
        page.text(clip(text, MAX_PREVIEW));
    }
    let of = |action| AdminButton::Announcement { id: draft.id, action };
    Screen::new(page)
        .row(vec![button(texts.button_announce(), of(AnnouncementAction::Start)).styled(Style::Success)])
        .row(vec![button(texts.button_discard(), of(AnnouncementAction::Stop)), back(texts)])
}

/// What is wrong with a text.
pub(crate) fn text_error(error: AnnouncementTextError, texts: &Messages) -> String {
    match error {
        AnnouncementTextError::Empty(None) => texts.announcement_hint(),
        AnnouncementTextError::Empty(Some(lang)) => texts.announcement_empty(lang.name()),
        AnnouncementTextError::TooLong { length, lang: None } => {
            texts.announcement_too_long(&length.to_string(), &MAX_TEXT.to_string())
        }
        AnnouncementTextError::TooLong { length, lang: Some(lang) } => {
            texts.announcement_too_long_in(lang.name(), &length.to_string(), &MAX_TEXT.to_string())
        }
        AnnouncementTextError::Repeated(lang) => texts.announcement_repeated(lang.name()),
    }
}
