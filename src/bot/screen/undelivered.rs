//! For those who run the bot: results that reached no chat.

use super::{Screen, job as job_screen};
use crate::bot::html::Page;
use crate::job::Job;
use crate::l10n::Messages;
use crate::service::CHAT_GONE;

/// Most jobs that are named; of the others the number is enough.
const NAMED: usize = 10;

/// Which jobs they are, and why. What people have asked for is not in it.
pub(crate) fn list(jobs: &[Job], texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(texts.undelivered(jobs.len() as u64));
    for job in jobs.iter().take(NAMED) {
        let is_gone = job.failure.as_ref().is_some_and(|failure| failure.code == CHAT_GONE);
        let why = if is_gone { texts.undelivered_gone() } else { texts.undelivered_refused() };
        let title = job_screen::title(job, texts);
        page.gap().text(title).line().code(&job.id.0).line();
        page.text(texts.undelivered_chat(&job.chat.0.to_string(), &why));
    }
    if let Some(more) = jobs.len().checked_sub(NAMED).filter(|more| *more > 0) {
        page.gap().text(texts.undelivered_more(more as u64));
    }
    page.gap().text(texts.undelivered_hint());
    Screen::new(page)
}
