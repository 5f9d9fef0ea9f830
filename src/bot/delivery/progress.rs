//! The progress messages of jobs: shown in the background, so that no step of a job waits for Telegram.
//!
//! One task at a time sends for a job. While it waits for Telegram only the newest stage is kept. The end of a job takes
//! over: what the task still sends after that, it removes itself.

use std::collections::HashMap;
use std::mem::Discriminant;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio_util::task::TaskTracker;

use super::ChatDelivery;
use crate::bot::screen::job as screen;
use crate::bot::telegram::{Destination, ONCE};
use crate::clock::Timestamp;
use crate::job::{Job, JobId};
use crate::service::{MessageRef, ProgressStage};

/// Least pause between two edits within one stage; a new stage is shown at once.
const EDIT_INTERVAL: Duration = Duration::from_secs(3);
/// How long a job without news is remembered: its message is in the store.
const MEMORY: Duration = Duration::from_secs(60);
/// With fewer jobs than this, old ones are not removed.
const MIN_CLEANUP: usize = 256;

/// What this process shows of each job.
#[derive(Debug, Default)]
pub(super) struct ProgressBoard {
    jobs: Mutex<Jobs>,
    tasks: TaskTracker,
}

#[derive(Debug, Default)]
struct Jobs {
    shown: HashMap<JobId, Shown>,
    /// Old ones are removed when there are this many.
    cleanup_at: usize,
}

#[derive(Debug)]
struct Shown {
    /// The last stage that was accepted.
    stage: ProgressStage,
    at: Timestamp,
    /// It is not sent yet.
    is_new: bool,
    /// A task sends.
    is_sending: bool,
    /// The job has ended: nothing more is sent, and what is on its way is removed.
    is_ended: bool,
    /// The message, until the end takes it. The store has it too, unless that failed.
    message: Option<MessageRef>,
}

/// What the task of a job does next.
#[derive(Debug, PartialEq)]
enum SenderAction {
    Show(ProgressStage, Option<MessageRef>),
    /// The job has ended meanwhile.
    Remove(Option<MessageRef>),
    Stop,
}

impl ProgressBoard {
    /// Accepts a stage, unless a like one was accepted a moment ago. Returns whether a task is to be started.
    fn accept(&self, job: &JobId, stage: ProgressStage, now: Timestamp) -> bool {
        let mut jobs = self.jobs();
        let kind = |stage: &ProgressStage| -> Discriminant<ProgressStage> { std::mem::discriminant(stage) };
        if let Some(shown) = jobs.shown.get_mut(job) {
            let is_soon = kind(&shown.stage) == kind(&stage) && now.since(shown.at) < EDIT_INTERVAL;
            if shown.is_ended || is_soon {
                return false;
            }
            (shown.stage, shown.at, shown.is_new) = (stage, now, true);
            return !std::mem::replace(&mut shown.is_sending, true);
        }
        if jobs.shown.len() >= jobs.cleanup_at.max(MIN_CLEANUP) {
            jobs.shown.retain(|_, shown| shown.is_sending || now.since(shown.at) < MEMORY);
            jobs.cleanup_at = jobs.shown.len() * 2;
        }
        let new = Shown { stage, at: now, is_new: true, is_sending: true, is_ended: false, message: None };
        jobs.shown.insert(job.clone(), new);
        true
    }

    /// What the task that sends for the job does next. After anything but [`SenderAction::Show`] there is none.
    fn next(&self, job: &JobId) -> SenderAction {
        let mut jobs = self.jobs();
        let Some(shown) = jobs.shown.get_mut(job) else { return SenderAction::Stop };
        if shown.is_ended {
            let message = shown.message.take();
            jobs.shown.remove(job);
            return SenderAction::Remove(message);
        }
        if std::mem::take(&mut shown.is_new) {
            return SenderAction::Show(shown.stage, shown.message);
        }
        shown.is_sending = false;
        SenderAction::Stop
    }

    /// Records the message of the job.
    fn keep(&self, job: &JobId, message: MessageRef) {
        if let Some(shown) = self.jobs().shown.get_mut(job) {
            shown.message = Some(message);
        }
    }

    /// Ends the progress of a job, and returns its message, if this process knows it.
    fn end(&self, job: &JobId) -> Option<MessageRef> {
        let mut jobs = self.jobs();
        let shown = jobs.shown.get_mut(job)?;
        let message = shown.message.take();
        shown.is_ended = true;
        if !shown.is_sending {
            jobs.shown.remove(job);
        }
        message
    }

    fn jobs(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ChatDelivery {
    /// Shows a stage of a job in the background: tried once, and left out while the chat's limits are used up.
    pub(super) fn show_progress(&self, job: &JobId, stage: ProgressStage) {
        if self.progress.accept(job, stage, self.telegram.clock.now()) {
            let (delivery, job) = (self.clone(), job.clone());
            self.progress.tasks.spawn(async move { delivery.send_progress(&job).await });
        }
    }

    async fn send_progress(&self, id: &JobId) {
        loop {
            match self.progress.next(id) {
                SenderAction::Show(stage, message) => self.send_stage(id, stage, message).await,
                SenderAction::Remove(Some(message)) => {
                    return self.telegram.delete(message.chat, message.message).await;
                }
                SenderAction::Remove(None) | SenderAction::Stop => return,
            }
        }
    }

    async fn send_stage(&self, id: &JobId, stage: ProgressStage, own: Option<MessageRef>) {
        let job = match self.service.job(id).await {
            Ok(Some(job)) if !job.detached && !job.state.is_final() => job,
            // Nobody waits for it.
            Ok(_) => return,
            Err(error) => return tracing::debug!(job = %id, %error, "progress could not be shown"),
        };
        let screen = screen::progress(&job, stage, self.texts(&job).await);
        let to = Destination::of_job(&job);
        // Another process may have sent one; the store may not know of ours.
        let old = job.progress_message.or(own.filter(|own| own.chat == job.chat).map(|own| own.message));
        let shown = match old {
            Some(message) => self.telegram.edit(to, message, &screen, ONCE).await,
            None => self.telegram.send(to, &screen, ONCE).await,
        };
        match shown {
            Ok(sent) if old == Some(sent.message) && sent.chat == job.chat => self.progress.keep(id, sent),
            Ok(sent) => self.store_progress(id, sent, old).await,
            Err(error) => {
                tracing::debug!(job = %id, error = self.telegram.describe(&error), "progress could not be shown");
            }
        }
    }

    /// Stores the id of a new progress message. When the job has no use for it any more, it is removed.
    async fn store_progress(&self, id: &JobId, sent: MessageRef, replaced: Option<i32>) {
        match self.service.put_progress_message(id, sent, replaced).await {
            Ok(true) => self.progress.keep(id, sent),
            Ok(false) => self.telegram.delete(sent.chat, sent.message).await,
            Err(error) => {
                tracing::warn!(job = %id, %error, "the id of the progress message could not be stored");
                self.progress.keep(id, sent);
            }
        }
    }

    /// Removes the progress message of a job that has ended, also one that is on its way.
    pub(super) async fn end_progress(&self, job: &Job) {
        let own = self.progress.end(&job.id);
        // It may have been sent since the job was read.
        let stored = self.service.job(&job.id).await.ok().flatten();
        let (chat, message) = stored.map_or((job.chat, job.progress_message), |job| (job.chat, job.progress_message));
        let stored = message.map(|message| MessageRef { chat, message });
        for MessageRef { chat, message } in stored.into_iter().chain(own.filter(|own| Some(*own) != stored)) {
            if self.telegram.try_delete(chat, message, ONCE).await.is_err() {
                let telegram = self.telegram.clone();
                self.progress.tasks.spawn(async move { telegram.delete(chat, message).await });
            }
        }
    }

    /// Waits for what is on its way.
    pub(super) async fn drain_progress(&self) {
        self.progress.tasks.close();
        self.progress.tasks.wait().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::ChatId;

    const WAITING: ProgressStage = ProgressStage::Waiting { elapsed: Duration::from_secs(1) };
    const MESSAGE: MessageRef = MessageRef { chat: ChatId(7), message: 5 };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    #[test]
    fn a_new_stage_is_shown_at_once_and_the_same_one_after_a_pause() {
        let (board, job) = (ProgressBoard::default(), JobId::from("one"));
        let show = |stage, seconds| {
            let is_started = board.accept(&job, stage, at(seconds));
            while is_started && board.next(&job) != SenderAction::Stop {}
            is_started
        };
        assert!(show(ProgressStage::Accepted, 0) && show(WAITING, 0));
        assert!(!show(ProgressStage::Waiting { elapsed: Duration::from_secs(3) }, 2));
        assert!(show(ProgressStage::Waiting { elapsed: Duration::from_secs(5) }, 4));
    }

    #[test]
    fn only_the_newest_stage_is_sent() {
        let (board, job) = (ProgressBoard::default(), JobId::from("one"));
        assert!(board.accept(&job, ProgressStage::Accepted, at(0)));
        assert_eq!(board.next(&job), SenderAction::Show(ProgressStage::Accepted, None));
        // Telegram does not answer yet.
        assert!(!board.accept(&job, WAITING, at(1)) && !board.accept(&job, ProgressStage::Sending, at(2)));
        board.keep(&job, MESSAGE);
        assert_eq!(board.next(&job), SenderAction::Show(ProgressStage::Sending, Some(MESSAGE)));
        assert_eq!(board.next(&job), SenderAction::Stop);
        assert!(board.accept(&job, ProgressStage::Sending, at(9)), "a task is started again");
    }

    #[test]
    fn the_end_takes_the_message_or_leaves_it_to_the_task_that_sends_it() {
        let (board, job) = (ProgressBoard::default(), JobId::from("one"));
        board.accept(&job, ProgressStage::Accepted, at(0));
        board.next(&job);
        board.keep(&job, MESSAGE);
        assert_eq!(board.next(&job), SenderAction::Stop);
        assert_eq!(board.end(&job), Some(MESSAGE));
        assert!(board.jobs().shown.is_empty());

        board.accept(&job, ProgressStage::Accepted, at(0));
        board.next(&job);
        assert_eq!(board.end(&job), None, "it is on its way");
        assert!(!board.accept(&job, WAITING, at(1)));
        board.keep(&job, MESSAGE);
        assert_eq!(board.next(&job), SenderAction::Remove(Some(MESSAGE)));
        assert!(board.jobs().shown.is_empty());
        assert_eq!(board.end(&job), None);
    }

    /// F39: an entry for every job that was ever shown.
    #[test]
    fn f39_entries_of_past_jobs_are_removed() {
        let board = ProgressBoard::default();
        for n in 0..100_000 {
            let job = JobId(n.to_string());
            assert!(board.accept(&job, ProgressStage::Accepted, Timestamp::from_millis(n * 1000)));
            while board.next(&job) != SenderAction::Stop {}
        }
        let kept = board.jobs().shown.len();
        assert!(kept <= MIN_CLEANUP, "{kept}");
    }
}
