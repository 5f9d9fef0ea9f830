//! The last jobs of a chat.

use super::job::{button, head, prompt};
use super::{Button, Screen};
use crate::bot::callback::JobAction;
use crate::bot::html::{Page, one_line};
use crate::clock::Timestamp;
use crate::job::Job;
use crate::l10n::Messages;

/// Newest first, each with its state and buttons.
pub(crate) fn screen(jobs: &[Job], now: Timestamp, texts: &Messages) -> Screen {
    if jobs.is_empty() {
        return super::notice::with_home(&texts.jobs_none(), texts);
    }
    let mut page = Page::new();
    page.bold(texts.jobs_title());
    let mut rows = Vec::new();
    for (n, job) in jobs.iter().enumerate() {
        let age = texts.job_ago(&texts.time(now.since(job.created_at)));
        page.gap().text(format!("{}. {}", n + 1, head(job, texts))).line();
        page.italic(format!("{}, {age}", texts.job_state(job.state.as_str())));
        if let Some(words) = prompt(job) {
            page.line().text(one_line(words, 80));
        }
        rows.push(vec![
            button(&format!("{}. {}", n + 1, texts.button_show()), job, JobAction::Show),
            button(&texts.button_repeat(), job, JobAction::Change),
        ]);
    }
    let mut screen = Screen::new(page);
    screen.rows = rows;
    screen.row(vec![Button::home(texts)])
}
