//! Commands. They win over everything a form may be waiting for.

use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::screen::{Screen, home, job, jobs, notice};
use crate::job::{Job, JobState};

/// Jobs shown by /jobs.
const JOBS: u32 = 10;

impl Conversation<'_> {
    /// `/word@bot rest`.
    pub(super) async fn command(&self, text: &str) -> Result<Replied, HandlerError> {
        let word = text.split_whitespace().next().unwrap_or_default();
        match word.split('@').next().unwrap_or_default() {
            "/start" | "/menu" => self.start().await,
            "/cancel" => self.cancel().await,
            "/help" => self.reply(&notice::help(self.texts)).await,
            "/language" => self.reply(&notice::languages(self.texts)).await,
            "/jobs" => self.reply(&self.jobs().await?).await,
            other => self.home(Some(&self.texts.unknown_command(other))).await,
        }
    }

    /// The menu. A form in progress stays, but no longer waits for an answer.
    async fn start(&self) -> Result<Replied, HandlerError> {
        if let Some((mut form, _)) = self.form().await? {
            form.at = None;
            form.pending = None;
            self.keep(&form).await?;
        }
        self.reply(&home::screen(self.texts)).await
    }

    pub(super) async fn jobs(&self) -> Result<Screen, HandlerError> {
        let list = self.bot.service.jobs_of(self.chat, JOBS, 0).await?;
        Ok(jobs::screen(&list, self.bot.service.now(), self.texts))
    }

    /// Drops the form; without one, stops waiting for the newest running job.
    async fn cancel(&self) -> Result<Replied, HandlerError> {
        if let Some((form, _)) = self.form().await?.filter(|(form, _)| !form.resting) {
            self.bot.service.delete_draft(self.chat, self.fence).await?;
            if let Some(message) = form.message {
                self.bot.telegram.delete(self.chat, message).await;
            }
            return self.reply(&notice::with_home(&self.texts.draft_dropped(), self.texts)).await;
        }
        if self.again {
            // The first time may have dropped a form; it must not reach for a job now.
            return self.reply(&self.jobs().await?).await;
        }
        let list = self.bot.service.jobs_of(self.chat, JOBS, 0).await?;
        match list.into_iter().find(|job| !job.state.is_final() && !job.detached) {
            Some(job) => self.stop_waiting(&job).await,
            None => self.reply(&notice::with_home(&self.texts.nothing_to_cancel(), self.texts)).await,
        }
    }

    /// Takes a job back if it was not sent yet; else no longer reports on it, and says honestly what that means.
    pub(super) async fn stop_waiting(&self, job: &Job) -> Result<Replied, HandlerError> {
        let title = job::title(job, self.texts);
        let taken_back = self.bot.service.cancel(&job.id).await?;
        let text = match taken_back {
            Some(job) if job.state == JobState::Cancelled => self.texts.job_taken_back(title),
            _ => {
                self.bot.service.detach(&job.id).await?;
                self.texts.job_detached(title)
            }
        };
        let screen = notice::with_home(&text, self.texts);
        match job.progress_message {
            // The progress message says it itself; below a command a new message is needed as well.
            Some(message) if self.pressed == Some(message) => self.edit_or_reply(&screen).await,
            Some(message) => {
                self.bot.telegram.delete(self.chat, message).await;
                self.reply(&screen).await
            }
            None => self.edit_or_reply(&screen).await,
        }
    }
}
