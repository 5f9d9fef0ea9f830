//! Jobs and keys, as admins look at them and decide.

use super::PAGE;
use crate::audit::Actor;
use crate::bot::callback::AdminJobAction;
use crate::bot::delivery::ChatDelivery;
use crate::bot::route::conversation::{Conversation, HandlerError, Replied};
use crate::bot::screen::{Screen, admin_job as screen};
use crate::job::{Job, JobId, JobState, UserId};
use crate::service::{Delivery, JobAdmin};
use crate::store_error::StoreError;

/// The states that wait for an admin.
const WAITING: [JobState; 3] = [JobState::Unknown, JobState::Unreadable, JobState::Undeliverable];
/// Most jobs of each of these states in the list.
const WAITING_SHOWN: u32 = 5;

/// A shorter text is the id of no job and of no task.
const MIN_ID: usize = 16;

impl Conversation<'_> {
    fn jobs(&self) -> JobAdmin {
        self.bot.service.job_admin().by(Actor::Person(self.user))
    }

    /// The jobs that wait for an admin, and the newest ones.
    pub(super) async fn admin_jobs_screen(&self) -> Result<Screen, HandlerError> {
        let admin = self.jobs();
        let mut waiting = Vec::new();
        for state in WAITING {
            waiting.extend(admin.jobs(Some(state), WAITING_SHOWN).await?.jobs);
        }
        let newest = admin.jobs(None, PAGE as u32).await?.jobs;
        Ok(screen::overview(&waiting, &newest, self.texts))
    }

    pub(super) async fn jobs_of_person_screen(&self, user: UserId) -> Result<Screen, HandlerError> {
        let list = self.bot.service.user_admin(self.user).jobs(user, PAGE as u32).await?;
        Ok(screen::of_person(user, &list.jobs, self.texts))
    }

    /// The job that a text names, by its id or by that of its task.
    pub(super) async fn job_named(&self, text: &str) -> Result<Option<Job>, StoreError> {
        if text.len() < MIN_ID || text.contains(char::is_whitespace) {
            return Ok(None);
        }
        self.jobs().find(text).await
    }

    pub(super) fn admin_job_screen(&self, job: &Job) -> Screen {
        screen::job(job, self.texts)
    }

    /// Shows a job, or decides about it.
    pub(super) async fn on_admin_job(&self, id: &JobId, action: AdminJobAction) -> Result<Replied, HandlerError> {
        let admin = self.jobs();
        let Some(job) = admin.job(id).await? else {
            return self.edit_or_reply(&Screen::text(self.texts.job_unknown())).await;
        };
        let texts = self.texts;
        let (decided, notice) = match (action, job.state) {
            (AdminJobAction::Show, _) => return self.edit_or_reply(&screen::job(&job, texts)).await,
            (AdminJobAction::Retry, JobState::Unknown) => (admin.retry_unknown(id).await, texts.admin_job_again()),
            (AdminJobAction::Retry, JobState::Unreadable) => (admin.reread(id).await, texts.admin_job_reread()),
            (AdminJobAction::GiveUp, JobState::Unknown | JobState::Unreadable) => {
                (admin.give_up(id, job.state).await, texts.admin_job_given_up())
            }
            (AdminJobAction::Redeliver, JobState::Undeliverable) => {
                (admin.redeliver(id).await, texts.admin_job_redelivered())
            }
            // Decided since the button was shown.
            (AdminJobAction::Retry | AdminJobAction::GiveUp | AdminJobAction::Redeliver, _) => {
                (Err(StoreError::Stale(id.clone())), String::new())
            }
        };
        match decided {
            Ok(job) => {
                if action == AdminJobAction::GiveUp {
                    self.tell_given_up(&job).await;
                }
                self.edit_or_reply(&screen::job(&job, texts).with_notice(Some(&notice))).await
            }
            Err(error) if error.is_stale() => {
                let job = admin.job(id).await?.unwrap_or(job);
                let notice = texts.unknown_moved();
                self.edit_or_reply(&screen::job(&job, texts).with_notice(Some(&notice))).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Tells the person who has ordered a job that it was given up.
    async fn tell_given_up(&self, job: &Job) {
        let delivery = ChatDelivery::new(self.bot.telegram.clone(), self.bot.service.clone());
        if let Err(error) = delivery.failed(job).await {
            tracing::warn!(job = %job.id, %error, "a person could not be told that their job was given up");
        }
    }

    /// What is left on the account of each key, asked for now.
    pub(super) async fn keys_screen(&self) -> Screen {
        screen::keys(&self.bot.service.credits_by_key().await, self.texts)
    }
}
