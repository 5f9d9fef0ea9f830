//! Sending a request, waiting for its end, and being interrupted on the way.

use std::cell::RefCell;
use std::time::Duration;

use super::super::outcome::{Summary, resume_line};
use super::super::output::note;
use super::super::progress::{Progress, deadline};
use super::super::{CliError, ExitCode};
use crate::client::{Client, CreateError, Created, Outcome};
use crate::l10n::CliMessages;
use crate::schema::Quote;
use crate::schema::Unpriced;
use crate::schema::input::Request;

/// How far it has come.
#[derive(Debug)]
pub(in crate::cli) enum Stage {
    /// Nothing was sent.
    Before,
    /// The create is on its way: nobody knows whether it arrived.
    Sending,
    /// The vendor has it.
    Running(String),
    /// It has ended; files may still be on their way.
    Ended(Box<Summary>),
}

/// One request on its way.
pub(super) struct Send<'a> {
    pub(super) client: &'a Client,
    pub(super) request: &'a Request,
    pub(super) quote: Result<Quote, Unpriced>,
    pub(super) stage: &'a RefCell<Stage>,
    pub(super) json: bool,
    pub(super) quiet: bool,
    pub(super) phrases: &'static CliMessages,
}

impl Send<'_> {
    /// Sends without waiting.
    pub(super) async fn leave(&self) -> Summary {
        match self.create().await {
            Ok(created) => Summary::left(Some(created.id.0), "submitted"),
            Err(error) => Summary::of(&error.into()),
        }
    }

    /// Sends and waits, with a bar on a terminal.
    pub(super) async fn wait(&self) -> Summary {
        let spec = Some(self.request.spec());
        let price = self.phrases.price(self.quote);
        let progress = Progress::start(spec, &price, Duration::ZERO, self.quiet, self.phrases);
        let outcome: Outcome = match self.create().await {
            Err(error) => error.into(),
            Ok(created) => {
                // At once: whatever becomes of this process, the task can be found again.
                if !self.json {
                    progress.say(&format!("  {}", self.phrases.task_line(&created.id.0)));
                }
                let mut started = self.client.resume(created.id, Some(created.key), deadline(spec));
                while let Some(task) = started.next().await {
                    progress.show(&task.state);
                }
                started.finish().await
            }
        };
        self.stage.replace(Stage::Ended(Box::new(Summary::of(&outcome))));
        Summary::of(&outcome)
    }

    async fn create(&self) -> Result<Created, CreateError> {
        let permit = self.client.acquire_create().await;
        self.stage.replace(Stage::Sending);
        let created = self.client.create_task_with(permit, self.request, None).await;
        self.stage.replace(match &created {
            Ok(created) => Stage::Running(created.id.0.clone()),
            Err(error) => Stage::Ended(Box::new(Summary::of(&error.clone().into()))),
        });
        created
    }
}

/// The final word when a person breaks off: what is known, and how to go on.
pub(in crate::cli) fn interrupted(stage: &Stage, json: bool, phrases: &CliMessages) -> Result<ExitCode, CliError> {
    let said = match stage {
        Stage::Before => {
            note(&phrases.interrupted_before());
            super::finish(&Summary::left(None, "not_submitted"), json, phrases)
        }
        Stage::Sending => {
            note(&phrases.interrupted_sending());
            super::finish(&Summary::left(None, "unknown"), json, phrases)
        }
        Stage::Running(task) => {
            note(&phrases.interrupted_running(task, &resume_line(task)));
            super::super::output::say_json(&Summary::left(Some(task.clone()), "still_running"))
        }
        Stage::Ended(summary) => {
            if let Some(task) = &summary.task_id {
                note(&phrases.interrupted_saving(&resume_line(task)));
            }
            super::super::output::say_json(&summary)
        }
    };
    said.map(|()| ExitCode::Interrupted)
}
