//! `kie-bot task`: a task by its id, from this machine or another.

use std::cell::RefCell;
use std::io::IsTerminal;
use std::time::Duration;

use super::generate::{Stage, finish, interrupted};
use super::outcome::{Summary, resume_line};
use super::output::{note, say_json};
use super::progress::{Progress, deadline};
use super::save::FileArgs;
use super::{CliError, ExitCode, load_config};
use crate::client::wait::GRACE;
use crate::client::{Cause, Client, Error, Extras, Outcome, OutcomeState, PollOutcome, Task, classify};
use crate::clock::{Clock, SystemClock};
use crate::job::TaskId;
use crate::l10n::CliMessages;
use crate::models;
use crate::schema::spec::ModelSpec;

/// A task that was just created may be unknown for a while: with --wait it is looked for so long.
const PATIENCE: Duration = Duration::from_secs(40);
/// The pause between two looks.
const PAUSE: Duration = Duration::from_secs(2);

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The task's id, as `generate` printed it.
    #[arg(value_name = "ID", value_parser = id_arg)]
    id: TaskId,
    /// Wait for its end.
    #[arg(long)]
    wait: bool,
    #[command(flatten)]
    files: FileArgs,
    /// Print nothing but the final JSON (it is printed to standard output in any case).
    #[arg(long)]
    json: bool,
}

/// Reads an id. Ids seen have 32 hexadecimal digits; older routes have others.
fn id_arg(text: &str) -> Result<TaskId, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if (8..=128).contains(&text.len()) && text.chars().all(fits) {
        Ok(TaskId::from(text))
    } else {
        Err("must be a task id: 8 or more letters, digits, - or _, e.g. 0123456789abcdef0123456789abcdef".to_owned())
    }
}

pub(super) async fn run(args: Args, phrases: &'static CliMessages) -> Result<ExitCode, CliError> {
    args.files.check(phrases)?;
    let config = load_config(Some("error"))?;
    let client = crate::app::client(&config)?;
    let stage = RefCell::new(Stage::Running(args.id.0.clone()));
    let stop = crate::app::stop_on_signal();
    let work = async {
        let missing = || note(&phrases.task_sought(&args.id.0, PATIENCE.as_secs()));
        let look = first_look(|| client.task(&args.id), args.wait, &SystemClock, missing).await;
        let spec = look.as_ref().ok().and_then(model);
        let outcome = match judge(&args.id, look.clone()) {
            running if running.state == OutcomeState::StillRunning && args.wait => {
                wait(&client, &args, spec, look.ok().as_ref(), phrases).await
            }
            outcome => {
                if let (Ok(task), false, false) = (&look, task_ended(&outcome), args.json) {
                    let state = phrases.task_state(task.state.as_str());
                    note(&phrases.task_is(&args.id.0, &state, &resume_line(&args.id.0)));
                }
                outcome
            }
        };
        let mut summary = Summary::of(&outcome);
        if task_ended(&outcome) {
            stage.replace(Stage::Ended(Box::new(Summary::of(&outcome))));
        }
        let id = spec.map_or("task", |spec| spec.id);
        let kept = !summary.success || args.files.keep(&client, &mut summary, id, args.json, phrases).await;
        say(&args, &outcome, &summary, phrases)?;
        let running = !args.wait && outcome.state == OutcomeState::StillRunning && outcome.error.is_none();
        Ok(if kept && (summary.success || running) { ExitCode::Success } else { ExitCode::Failure })
    };
    tokio::select! {
        ended = work => ended,
        () = stop.cancelled() => interrupted(&stage.borrow(), args.json, phrases),
    }
}

/// Prints the final word; a task that nobody knows in words that help.
fn say(args: &Args, outcome: &Outcome, summary: &Summary, phrases: &CliMessages) -> Result<(), CliError> {
    match &outcome.error {
        Some(Cause::Call(error)) if !args.json && error.is_not_found() => {
            note(&phrases.task_unknown(&args.id.0));
            say_json(summary)
        }
        Some(Cause::Call(error)) if !args.json => {
            note(&phrases.task_silent(&args.id.0, &phrases.call(error)));
            say_json(summary)
        }
        _ if args.wait => finish(summary, args.json, phrases),
        _ => say_json(summary),
    }
}

fn task_ended(outcome: &Outcome) -> bool {
    outcome.state != OutcomeState::StillRunning
}

/// The model of a task, where the registry has it.
fn model(task: &Task) -> Option<&'static ModelSpec> {
    Some(models::find(task.raw.get("model")?.as_str()?)?.spec)
}

/// The first answer about a task. With patience, one that says that nobody knows the task is asked for again.
async fn first_look<L: Future<Output = Result<Task, Error>>>(
    mut ask: impl FnMut() -> L,
    patient: bool,
    clock: &dyn Clock,
    wait: impl FnOnce(),
) -> Result<Task, Error> {
    let started = clock.now();
    let mut look = ask().await;
    let missing = |look: &Result<Task, Error>| look.as_ref().is_err_and(Error::is_not_found);
    if patient && missing(&look) {
        wait();
        while missing(&look) && clock.now().since(started) < PATIENCE {
            clock.sleep(PAUSE).await;
            look = ask().await;
        }
    }
    look
}

/// What one look says, as the outcome that waiting would end with. After the first look there is no grace left.
fn judge(id: &TaskId, look: Result<Task, Error>) -> Outcome {
    let task = look.as_ref().ok().cloned();
    let error = look.as_ref().err().cloned().map(Cause::Call);
    let (state, error) = match classify(GRACE, look) {
        PollOutcome::Done(_) => (OutcomeState::Succeeded, None),
        PollOutcome::Failed(failure) => (OutcomeState::Failed, Some(Cause::Task(failure))),
        PollOutcome::Fatal(error) => (OutcomeState::Unknown, Some(Cause::Call(error))),
        PollOutcome::Pending(_) | PollOutcome::Retry(_) => (OutcomeState::StillRunning, error),
    };
    let extras = task.as_ref().map_or_else(Extras::default, |task| task.extras.clone());
    let output = task.filter(|task| task.state.is_final()).map(|task| task.output).unwrap_or_default();
    Outcome { state, task: Some(id.clone()), output, extras, error }
}

async fn wait(
    client: &Client,
    args: &Args,
    spec: Option<&ModelSpec>,
    seen: Option<&Task>,
    phrases: &'static CliMessages,
) -> Outcome {
    let quiet = args.json || !std::io::stderr().is_terminal();
    let age = seen.and_then(|task| task.created).map_or(Duration::ZERO, |created| SystemClock.now().since(created));
    let progress = Progress::start(spec, "", age, quiet, phrases);
    if let Some(task) = seen {
        progress.show(&task.state);
    }
    client.wait(&args.id, deadline(spec), |task| progress.show(&task.state)).await
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::clock::{ManualClock, Timestamp};

    /// Asks about a task that is there after so many looks; returns whether it was found, how long that took, and whether a
    /// person was told.
    async fn look(after: u32, patient: bool) -> (bool, u64, bool) {
        let clock = ManualClock::new(Timestamp::from_millis(0));
        let (looks, told) = (Cell::new(0), Cell::new(false));
        let ask = || {
            looks.set(looks.get() + 1);
            let found = looks.get() > after;
            let record = serde_json::json!({ "taskId": "0123456789abcdef", "state": "waiting" });
            let task =
                if found { Task::from_record(&TaskId::from("0123456789abcdef"), record) } else { Err(Error::NotFound) };
            std::future::ready(task)
        };
        let found = first_look(ask, patient, &clock, || told.set(true)).await;
        (found.is_ok(), clock.now().since(Timestamp::from_millis(0)).as_secs(), told.get())
    }

    #[tokio::test]
    async fn a_new_task_is_looked_for_half_a_minute_and_more() {
        assert_eq!(look(0, true).await, (true, 0, false));
        assert_eq!(look(15, true).await, (true, 30, true));
        assert_eq!(look(1000, true).await, (false, PATIENCE.as_secs(), true));
        assert_eq!(look(1, false).await, (false, 0, false));
    }
}
