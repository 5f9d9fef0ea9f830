//! Sends a request and waits for its end; reports how far it has come when interrupted.

use std::cell::RefCell;
use std::time::Duration;

use super::super::output::{note, print_json};
use super::super::progress::{Progress, deadline};
use super::super::summary::{self, Summary, resume_command};
use super::super::{CliError, ExitCode};
use crate::client::{Client, CreateError, Created, Outcome, Resend};
use crate::l10n::CliMessages;
use crate::schema::PriceError;
use crate::schema::Quote;
use crate::schema::input::Request;

/// How far a request has come.
#[derive(Debug)]
pub(in crate::cli) enum SendState {
    /// Nothing was sent.
    NotSent,
    /// The create request was sent and is not answered: KIE may have accepted it.
    Sending,
    /// KIE has accepted it: the task id.
    Running(String),
    /// It has ended; its files may not be saved yet.
    Ended(Box<Summary>),
}

/// A request and how to report on it.
pub(super) struct Submission<'a> {
    pub(super) client: &'a Client,
    pub(super) request: &'a Request,
    pub(super) quote: Result<Quote, PriceError>,
    pub(super) state: &'a RefCell<SendState>,
    pub(super) json: bool,
    /// No progress bar.
    pub(super) quiet: bool,
    pub(super) messages: &'static CliMessages,
}

impl Submission<'_> {
    /// Sends without waiting.
    pub(super) async fn submit(&self) -> Summary {
        match self.create().await {
            Ok(created) if created.finished.is_some() => {
                Summary::of(&self.client.follow(created, Duration::ZERO).finish().await)
            }
            Ok(created) => Summary::unfinished(Some(created.id.0), "submitted"),
            Err(error) => Summary::of(&error.into()),
        }
    }

    /// Sends and waits for the end, with a progress bar on a terminal.
    pub(super) async fn submit_and_wait(&self) -> Summary {
        let spec = Some(self.request.spec());
        let price = self.messages.price(self.quote);
        let progress = Progress::start(spec, &price, Duration::ZERO, self.quiet, self.messages);
        let outcome: Outcome = match self.create().await {
            Err(error) => error.into(),
            Ok(created) => {
                // Printed at once: the task can be resumed by its id even if this process is killed.
                if !self.json && created.finished.is_none() {
                    progress.print_line(&format!("  {}", self.messages.task_line(&created.id.0)));
                }
                let mut handle = self.client.follow(created, deadline(spec));
                while let Some(task) = handle.next().await {
                    progress.show(&task.state);
                }
                handle.finish().await
            }
        };
        self.state.replace(SendState::Ended(Box::new(Summary::of(&outcome))));
        Summary::of(&outcome)
    }

    async fn create(&self) -> Result<Created, CreateError> {
        let mut attempts = self.client.create_attempts(self.request);
        let created = loop {
            let permit = attempts.acquire().await;
            self.state.replace(SendState::Sending);
            let sent = self.client.create_task_with(permit, self.request, None).await;
            let Err(error) = &sent else { break sent };
            if self.client.resend(error) != Resend::Never {
                self.state.replace(SendState::NotSent);
            }
            if !attempts.may_repeat(error).await {
                break sent;
            }
        };
        self.state.replace(match &created {
            Ok(created) => SendState::Running(created.id.0.clone()),
            Err(error) => SendState::Ended(Box::new(Summary::of(&error.clone().into()))),
        });
        created
    }
}

/// Reports an interrupted command: what is known of the task, and how to resume it.
///
/// # Errors
/// When the result cannot be written as JSON.
pub(in crate::cli) fn report_interrupt(
    state: &SendState,
    json: bool,
    messages: &CliMessages,
) -> Result<ExitCode, CliError> {
    let printed = match state {
        SendState::NotSent => {
            note(&messages.interrupted_before());
            summary::print(&Summary::unfinished(None, "not_submitted"), None, json, messages)
        }
        SendState::Sending => {
            note(&messages.interrupted_sending());
            summary::print(&Summary::unfinished(None, "unknown"), None, json, messages)
        }
        SendState::Running(task) => {
            note(&messages.interrupted_running(task, &resume_command(task)));
            print_json(&Summary::unfinished(Some(task.clone()), "still_running"))
        }
        SendState::Ended(summary) => {
            if let Some(task) = &summary.task_id {
                note(&messages.interrupted_saving(&resume_command(task)));
            }
            print_json(&summary)
        }
    };
    printed.map(|()| ExitCode::Interrupted)
}
