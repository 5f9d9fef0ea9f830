//! Jobs and keys, as `/admin` shows them.

use super::admin::{back, button};
use super::job::{prompt, title};
use super::{Button, Screen, Style};
use crate::bot::callback::{AdminButton, AdminEntry, AdminJobAction};
use crate::bot::html::{Page, one_line};
use crate::job::{Job, JobState, UserId};
use crate::l10n::Messages;
use crate::service::KeyCredits;

/// Most characters of the vendor's reason for a failure.
const MAX_REASON: usize = 300;

fn show(job: &Job, texts: &Messages) -> Button {
    let state = texts.job_state(job.state.as_str());
    let label = format!("{} · {} · {state}", job.created_at.date(), one_line(title(job, texts), 20));
    button(label, AdminButton::Job { id: job.id.clone(), action: AdminJobAction::Show })
}

/// The jobs that wait for an admin, then the newest.
pub(crate) fn overview(waiting: &[Job], newest: &[Job], texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(texts.admin_entry_jobs()).gap().text(texts.admin_jobs_hint());
    let count = waiting.len();
    page.line().text(if count == 0 { texts.admin_jobs_none_wait() } else { texts.admin_jobs_wait(&count.to_string()) });
    let newest = newest.iter().filter(|job| waiting.iter().all(|waits| waits.id != job.id));
    let jobs =
        waiting.iter().map(|job| show(job, texts).styled(Style::Danger)).chain(newest.map(|job| show(job, texts)));
    Screen::new(page).grid(jobs.collect(), 1).row(vec![back(texts)])
}

/// The newest jobs of a person.
pub(crate) fn of_person(user: UserId, jobs: &[Job], texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(texts.admin_entry_jobs()).line().text(texts.party_number(&user.0.to_string()));
    if jobs.is_empty() {
        page.gap().text(texts.jobs_none());
    }
    let person = button(texts.button_back(), AdminButton::Person { user });
    Screen::new(page).grid(jobs.iter().map(|job| show(job, texts)).collect(), 1).row(vec![person, back(texts)])
}

/// All about a job, with what can be decided about it.
pub(crate) fn job(job: &Job, texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(title(job, texts)).line().text(texts.job_state(job.state.as_str()));
    if let Some(words) = prompt(job) {
        page.line().italic(one_line(words, 200));
    }
    page.gap().text(texts.admin_job_id(&job.id.0));
    if let Some(task) = &job.task {
        page.line().text(texts.admin_job_task(&task.0));
    }
    if let Some(key) = &job.key {
        page.line().text(texts.admin_job_key(key));
    }
    page.line().text(texts.admin_job_person(&job.user.0.to_string(), &job.chat.0.to_string()));
    if let Some(price) = job.price() {
        page.line().text(texts.admin_job_price(&texts.price(price)));
    }
    page.line().text(texts.admin_job_times(&job.created_at.date(), &job.updated_at.date()));
    if let Some(failure) = &job.failure {
        page.gap().text(texts.failed_code(&failure.code));
        if !failure.message.trim().is_empty() {
            page.line().text(one_line(&failure.message, MAX_REASON));
        }
    }
    let act = |label, action| button(label, AdminButton::Job { id: job.id.clone(), action });
    let give_up = || act(texts.button_give_up(), AdminJobAction::GiveUp).styled(Style::Danger);
    let acts = match job.state {
        JobState::Unknown => vec![act(texts.button_send_again(), AdminJobAction::Retry), give_up()],
        JobState::Unreadable => vec![act(texts.button_reread(), AdminJobAction::Retry), give_up()],
        JobState::Undeliverable => {
            vec![act(texts.button_redeliver(), AdminJobAction::Redeliver)]
        }
        JobState::Held
        | JobState::Submitting
        | JobState::Running
        | JobState::Ready
        | JobState::Delivering
        | JobState::Delivered
        | JobState::Failed
        | JobState::Cancelled => Vec::new(),
    };
    let person = button(texts.button_person(), AdminButton::Person { user: job.user });
    let jobs = button(texts.admin_entry_jobs(), AdminButton::Entry(AdminEntry::Jobs));
    Screen::new(page).row(acts).row(vec![person, jobs]).row(vec![back(texts)])
}

/// What is left on the account of each key.
pub(crate) fn keys(keys: &[KeyCredits], texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(texts.admin_entry_keys());
    for key in keys {
        let left = match &key.credits {
            Ok(credits) => texts.amount(*credits),
            Err(error) => texts.admin_key_silent(&error.code()),
        };
        page.line().text(format!("{}: {left}", key.label.0));
    }
    Screen::new(page).row(vec![back(texts)])
}
