//! `kie-bot task`: shows or waits for a task by its id, also one that another machine created.

use std::cell::RefCell;
use std::io::IsTerminal;
use std::time::Duration;

use super::generate::{SendState, report_interrupt};
use super::output::{note, print_json};
use super::progress::{Progress, deadline};
use super::save::FileArgs;
use super::summary::{self, Summary, resume_command};
use super::{CliError, ExitCode, example, load_config};
use crate::client::wait::GRACE;
use crate::client::{Cause, Client, Error, Extras, Outcome, OutcomeState, PollOutcome, Task, classify};
use crate::clock::{Clock, SystemClock};
use crate::job::TaskId;
use crate::l10n::CliMessages;
use crate::models;
use crate::schema::spec::ModelSpec;

/// KIE may not know a task yet that was just created: how long `--wait` repeats the query.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(40);
/// The pause between two such queries.
const LOOKUP_INTERVAL: Duration = Duration::from_secs(2);

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
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

/// Reads an id. Most ids have 32 hexadecimal digits; those of older routes have other forms.
fn id_arg(text: &str) -> Result<TaskId, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if (8..=128).contains(&text.len()) && text.chars().all(fits) {
        Ok(TaskId::from(text))
    } else {
        Err("must be a task id: 8 or more letters, digits, - or _, e.g. 0123456789abcdef0123456789abcdef".to_owned())
    }
}

fn examples() -> Vec<String> {
    const TASK: &str = "0123456789abcdef0123456789abcdef";
    vec![format!("task {TASK}"), format!("task {TASK} --wait --out .")]
}

pub(super) async fn run(args: Args, messages: &'static CliMessages) -> Result<ExitCode, CliError> {
    args.files.check(messages)?;
    let config = load_config(Some("error"))?;
    let client = crate::app::client(&config)?;
    let state = RefCell::new(SendState::Running(args.id.0.clone()));
    let stop = crate::app::stop_on_signal();
    let work = async {
        let on_missing = || note(&messages.task_sought(&args.id.0, LOOKUP_TIMEOUT.as_secs()));
        let first = first_poll(|| client.task(&args.id), args.wait, &SystemClock, on_missing).await;
        let spec = first.as_ref().ok().and_then(model);
        let outcome = match outcome_of(&args.id, first.clone()) {
            open if !task_ended(&open) && args.wait => wait(&client, &args, spec, first.ok().as_ref(), messages).await,
            outcome => {
                if let (Ok(task), false) = (&first, args.json)
                    && outcome.state == OutcomeState::StillRunning
                {
                    let state = messages.task_state(task.state.as_str());
                    note(&messages.task_is(&args.id.0, &state, &resume_command(&args.id.0)));
                }
                outcome
            }
        };
        let mut summary = Summary::of(&outcome);
        if task_ended(&outcome) {
            state.replace(SendState::Ended(Box::new(Summary::of(&outcome))));
        }
        let id = spec.map_or("task", |spec| spec.id);
        let saved = !summary.success || args.files.save(&client, &mut summary, id, args.json, messages).await;
        report(&args, &outcome, &summary, spec, messages)?;
        let running = !args.wait && outcome.state == OutcomeState::StillRunning && outcome.error.is_none();
        Ok(if saved && (summary.success || running) { ExitCode::Success } else { ExitCode::Failure })
    };
    tokio::select! {
        result = work => result,
        () = stop.cancelled() => report_interrupt(&state.borrow(), args.json, messages),
    }
}

/// Whether waiting would change nothing. The result of a task that has succeeded may come later than its state.
fn task_ended(outcome: &Outcome) -> bool {
    !matches!(outcome.state, OutcomeState::StillRunning | OutcomeState::Unreadable)
}

/// Prints the result; without `--json` also a sentence when KIE does not know the task or does not answer.
fn report(
    args: &Args,
    outcome: &Outcome,
    summary: &Summary,
    spec: Option<&ModelSpec>,
    messages: &CliMessages,
) -> Result<(), CliError> {
    match &outcome.error {
        Some(Cause::Call(error)) if !args.json && error.is_not_found() => {
            note(&messages.task_unknown(&args.id.0));
            print_json(summary)
        }
        Some(Cause::Call(error)) if !args.json => {
            note(&messages.task_silent(&args.id.0, &messages.call(error)));
            print_json(summary)
        }
        _ if args.wait || summary.success || outcome.state == OutcomeState::Unreadable => {
            summary::print(summary, spec, args.json, messages)
        }
        _ => print_json(summary),
    }
}

/// The model of a task, if the registry has it.
fn model(task: &Task) -> Option<&'static ModelSpec> {
    Some(models::find(task.raw.get("model")?.as_str()?)?.spec)
}

/// The first answer about a task. With `repeat`, the query is repeated while KIE does not know the task, for at most
/// [`LOOKUP_TIMEOUT`]; `on_missing` is called before the first repetition.
async fn first_poll<L: Future<Output = Result<Task, Error>>>(
    mut ask: impl FnMut() -> L,
    repeat: bool,
    clock: &dyn Clock,
    on_missing: impl FnOnce(),
) -> Result<Task, Error> {
    let started = clock.now();
    let mut answer = ask().await;
    let is_missing = |answer: &Result<Task, Error>| answer.as_ref().is_err_and(Error::is_not_found);
    if repeat && is_missing(&answer) {
        on_missing();
        while is_missing(&answer) && clock.now().since(started) < LOOKUP_TIMEOUT {
            clock.sleep(LOOKUP_INTERVAL).await;
            answer = ask().await;
        }
    }
    answer
}

/// One answer as the outcome that waiting would end with. [`GRACE`] counts as over, so that an unknown task is an
/// error.
fn outcome_of(id: &TaskId, answer: Result<Task, Error>) -> Outcome {
    let task = answer.as_ref().ok().cloned();
    let error = answer.as_ref().err().cloned().map(Cause::Call);
    let (state, error) = match classify(GRACE, answer) {
        PollOutcome::Done(_) => (OutcomeState::Succeeded, None),
        PollOutcome::Unreadable(_) => (OutcomeState::Unreadable, Some(Cause::Unreadable)),
        PollOutcome::Failed(failure) => (OutcomeState::Failed, Some(Cause::Task(failure))),
        PollOutcome::Fatal(error) => (OutcomeState::Unknown, Some(Cause::Call(error))),
        PollOutcome::Pending(_) | PollOutcome::Retry(_) => (OutcomeState::StillRunning, error),
    };
    let extras = task.as_ref().map_or_else(Extras::default, |task| task.extras.clone());
    let record = task.as_ref().filter(|_| state == OutcomeState::Unreadable).map(|task| task.raw.clone());
    let output = task.filter(|task| task.state.is_final()).map(|task| task.output).unwrap_or_default();
    Outcome { state, task: Some(id.clone()), output, extras, record, error }
}

async fn wait(
    client: &Client,
    args: &Args,
    spec: Option<&ModelSpec>,
    seen: Option<&Task>,
    messages: &'static CliMessages,
) -> Outcome {
    let quiet = args.json || !std::io::stderr().is_terminal();
    let age = seen.and_then(|task| task.created).map_or(Duration::ZERO, |created| SystemClock.now().since(created));
    let progress = Progress::start(spec, "", age, quiet, messages);
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

    /// Queries a task that is missing for the first `missing` queries; returns whether it was found, the time that took
    /// in seconds, and whether `on_missing` was called.
    async fn query(missing: u32, repeat: bool) -> (bool, u64, bool) {
        let clock = ManualClock::new(Timestamp::from_millis(0));
        let (queries, reported) = (Cell::new(0), Cell::new(false));
        let ask = || {
            queries.set(queries.get() + 1);
            let found = queries.get() > missing;
            let record = serde_json::json!({ "taskId": "0123456789abcdef", "state": "waiting" });
            let task =
                if found { Task::from_record(&TaskId::from("0123456789abcdef"), record) } else { Err(Error::NotFound) };
            std::future::ready(task)
        };
        let found = first_poll(ask, repeat, &clock, || reported.set(true)).await;
        (found.is_ok(), clock.now().since(Timestamp::from_millis(0)).as_secs(), reported.get())
    }

    #[tokio::test]
    async fn a_new_task_is_queried_again_for_forty_seconds() {
        assert_eq!(query(0, true).await, (true, 0, false));
        assert_eq!(query(15, true).await, (true, 30, true));
        assert_eq!(query(1000, true).await, (false, LOOKUP_TIMEOUT.as_secs(), true));
        assert_eq!(query(1, false).await, (false, 0, false));
    }
}
