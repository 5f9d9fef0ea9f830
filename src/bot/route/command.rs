//! Handlers of the commands, which come before everything that a form asks for.

use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::command::{Command, CommandText};
use crate::bot::incoming::IncomingMessage;
use crate::bot::screen::{Screen, job, jobs, notice};
use crate::job::{Job, JobState};

/// Jobs shown by /jobs.
const JOBS: u32 = 10;

impl Conversation<'_> {
    /// A message that begins with a slash. What is meant for another bot is not answered; in a group, nor is a word that
    /// the bot does not know.
    pub(super) async fn on_command(&self, message: &IncomingMessage, text: &str) -> Result<Replied, HandlerError> {
        let (spoken, is_private) = (CommandText::of(text), message.is_private);
        if let Some(bot) = spoken.bot
            && !self.is_own_name(bot, is_private).await
        {
            return Ok(Replied::nothing_to_do());
        }
        if let Some(command) = spoken.admin_command()
            && self.bot.administers(self.user).await?
        {
            return self.on_admin_command(command, spoken.rest, message).await;
        }
        let refers = self.bot.service.referral().is_some();
        match spoken.command().filter(|command| refers || *command != Command::Friends) {
            Some(Command::Start) => {
                let promo = self.take_linked_promo(spoken.rest).await?;
                let told = promo.or(self.linked_friend_notice(spoken.rest).await?);
                self.start(told.as_deref()).await
            }
            Some(Command::Jobs) => self.reply(&self.jobs_screen().await?).await,
            Some(Command::Balance) => self.reply_balance(is_private).await,
            Some(Command::Promo) => self.on_promo(spoken.rest, is_private).await,
            Some(Command::Friends) => self.reply_friends(is_private).await,
            Some(Command::Purse) => self.reply_purse().await,
            Some(Command::Fill) => self.fill_purse(spoken.rest).await,
            Some(Command::PaySupport) => self.reply_pay_support().await,
            Some(Command::Terms) => self.reply_terms().await,
            Some(Command::Cancel) => self.cancel().await,
            Some(Command::Language) => self.reply(&notice::languages(self.texts)).await,
            Some(Command::Help) => self.reply(&notice::help(self.texts)).await,
            None if !is_private => Ok(Replied::nothing_to_do()),
            // `/imagine a red fox`, as people know it from other bots: the words are the answer.
            None if !spoken.rest.is_empty() && self.load_form().await?.is_some() => {
                self.on_text(message.part(prompt_of(spoken.rest)), message.replied_file.clone()).await
            }
            None => self.reply_home(Some(&self.texts.unknown_command(spoken.word))).await,
        }
    }

    /// Whether the bot has this name. While Telegram does not tell the name, it counts as the bot's in a private chat.
    async fn is_own_name(&self, name: &str, is_private: bool) -> bool {
        match self.bot.telegram.user_name().await {
            Some(own) => own.eq_ignore_ascii_case(name),
            None => is_private,
        }
    }

    /// The menu, with a notice above it. A form in progress is kept, but no field of it is open any more.
    async fn start(&self, notice: Option<&str>) -> Result<Replied, HandlerError> {
        if let Some((mut form, _)) = self.load_form_if_readable().await? {
            self.remove_question(&mut form).await;
            form.at = None;
            form.pending = None;
            self.store_form(&form).await?;
        }
        self.reply_home(notice).await
    }

    pub(super) async fn jobs_screen(&self) -> Result<Screen, HandlerError> {
        let list = self.bot.service.jobs_of(self.chat, JOBS, 0).await?;
        Ok(jobs::screen(&list, self.bot.service.now(), self.texts))
    }

    /// Drops the form; without one, stops waiting for the newest running job.
    async fn cancel(&self) -> Result<Replied, HandlerError> {
        if let Some((mut form, _)) = self.load_form().await?.filter(|(form, _)| !form.resting) {
            self.remove_question(&mut form).await;
            self.bot.service.delete_draft(&self.draft_key(), self.fence).await?;
            if let Some(message) = form.message {
                self.bot.telegram.delete(self.chat, message).await;
            }
            return self.reply(&notice::with_home(&self.texts.draft_dropped(), self.texts)).await;
        }
        if self.is_retry {
            // The first attempt may have dropped a form; this one must not cancel a job as well.
            return self.reply(&self.jobs_screen().await?).await;
        }
        let list = self.bot.service.jobs_of(self.chat, JOBS, 0).await?;
        let own = |job: &Job| job.user == self.user && !job.state.is_final() && !job.detached;
        match list.into_iter().find(own) {
            Some(job) => self.stop_waiting(&job).await,
            None => self.reply(&notice::with_home(&self.texts.nothing_to_cancel(), self.texts)).await,
        }
    }

    /// Cancels a job that was not submitted yet. A submitted one continues, without progress messages, and the user is
    /// told so.
    pub(super) async fn stop_waiting(&self, job: &Job) -> Result<Replied, HandlerError> {
        let title = job::title(job, self.texts);
        let cancelled = self.bot.service.cancel(&job.id).await?;
        let text = match cancelled {
            Some(job) if job.state == JobState::Cancelled => self.texts.job_taken_back(title),
            _ => {
                self.bot.service.detach(&job.id).await?;
                self.texts.job_detached(title)
            }
        };
        let screen = notice::with_home(&text, self.texts);
        match job.progress_message {
            // The button is under the progress message, which is edited.
            Some(message) if self.pressed == Some(message) => self.edit_or_reply(&screen).await,
            Some(message) => {
                self.bot.telegram.delete(self.chat, message).await;
                self.reply(&screen).await
            }
            None => self.edit_or_reply(&screen).await,
        }
    }
}

/// The words after `prompt:`, which some bots want before them, or all words.
pub(super) fn prompt_of(words: &str) -> &str {
    let rest =
        words.get(..7).filter(|head| head.eq_ignore_ascii_case("prompt:")).map(|head| words[head.len()..].trim());
    rest.filter(|rest| !rest.is_empty()).unwrap_or(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_after_another_bots_command_are_the_prompt() {
        for (words, prompt) in [
            ("a red fox", "a red fox"),
            ("prompt: a red fox", "a red fox"),
            ("Prompt:a red fox", "a red fox"),
            ("prompt:", "prompt:"),
            ("рыжая лиса", "рыжая лиса"),
        ] {
            assert_eq!(prompt_of(words), prompt, "{words:?}");
        }
    }
}
