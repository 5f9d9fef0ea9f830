//! `kie-bot jobs`.

use std::sync::Arc;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use serde::Serialize;
use serde_json::Value;

use super::output::{note, print_json, print_line};
use super::table::Table;
use super::{CliError, ExitCode, example, load_config, open_database, operator};
use crate::app;
use crate::clock::{Clock, SystemClock, Timestamp};
use crate::config::Config;
use crate::job::{Failure, Job, JobId, JobState, ReplySource, UserId, VendorReply};
use crate::l10n::CliMessages;
use crate::service::{Delivery, JobAdmin, UserAdmin};
use crate::store::{JobList, NewerJob, Store};
use crate::store_error::StoreError;

/// The time limit for the message to the user.
const NOTIFY_TIMEOUT: Duration = Duration::from_secs(15);

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<JobCommand>,
    /// Only jobs in this state; `unknown` and `unreadable` are those that wait for a decision.
    #[arg(long, value_name = "STATE", value_parser = PossibleValuesParser::new(JobState::ALL.map(JobState::as_str)))]
    state: Option<String>,
    /// Only jobs of this person, by number; those of all chats.
    #[arg(long, value_name = "USER", conflicts_with = "state")]
    user: Option<i64>,
    /// At most so many, the newest first.
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u32,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Subcommand)]
enum JobCommand {
    /// Show a job, by its id or by that of KIE's task.
    Show(JobArgs),
    /// Send the result of a job in state `undeliverable` to its chat once more; the running bot does.
    Redeliver(JobArgs),
    /// Send a job in state `unknown` again as a new task: KIE may have the first one, and it may cost twice. A job in
    /// state `unreadable` is not sent again: KIE is asked once more for its result, which costs nothing.
    Retry(JobArgs),
    /// Give up a job in state `unknown` or `unreadable` and free what was held for it. The person is told, where the
    /// bot's token and key are set here too.
    Refund(JobArgs),
}

#[derive(Debug, clap::Args)]
struct JobArgs {
    /// The job.
    #[arg(value_name = "ID")]
    id: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
pub(super) struct JobRow<'a> {
    id: &'a str,
    state: &'a str,
    model: &'a str,
    user: i64,
    chat: i64,
    task: Option<&'a str>,
    key: Option<&'a str>,
    credits: Option<f64>,
    created_at_ms: i64,
    updated_at_ms: i64,
    failure: Option<&'a Failure>,
    /// What the vendor said that could not be read; absent in all states but `unreadable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    replies: Option<Vec<ReplyRow>>,
    /// Only a newer version of the program can read the whole job; absent otherwise.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    newer_version: bool,
}

/// A reply of the vendor, as JSON where it is whole.
#[derive(Serialize)]
struct ReplyRow {
    source: ReplySource,
    received_at_ms: i64,
    body: Value,
}

impl From<VendorReply> for ReplyRow {
    fn from(VendorReply { source, body, received_at }: VendorReply) -> Self {
        let body = serde_json::from_str(&body).unwrap_or(Value::String(body));
        Self { source, received_at_ms: received_at.millis(), body }
    }
}

fn row(job: &Job) -> JobRow<'_> {
    JobRow {
        id: &job.id.0,
        state: job.state.as_str(),
        model: &job.model,
        user: job.user.0,
        chat: job.chat.0,
        task: job.task.as_ref().map(|task| task.0.as_str()),
        key: job.key.as_deref(),
        credits: job.quote.map(|quote| quote.credits.as_f64()),
        created_at_ms: job.created_at.millis(),
        updated_at_ms: job.updated_at.millis(),
        failure: job.failure.as_ref(),
        replies: None,
        newer_version: false,
    }
}

fn newer_row(job: &NewerJob) -> JobRow<'_> {
    JobRow {
        id: &job.id.0,
        state: &job.state,
        model: &job.model,
        user: job.user.0,
        chat: job.chat.0,
        task: None,
        key: None,
        credits: None,
        created_at_ms: job.created_at.millis(),
        updated_at_ms: job.updated_at.millis(),
        failure: None,
        replies: None,
        newer_version: true,
    }
}

/// Jobs for JSON, those of a newer version first.
pub(super) fn rows(JobList { jobs, newer }: &JobList) -> Vec<JobRow<'_>> {
    newer.iter().map(newer_row).chain(jobs.iter().map(row)).collect()
}

fn examples() -> Vec<String> {
    vec![
        "jobs --state unknown".into(),
        "jobs --user 5000001 --json".into(),
        "jobs show TASK".into(),
        "jobs retry JOB".into(),
    ]
}

pub(super) async fn run(args: Args, messages: &CliMessages) -> Result<ExitCode, CliError> {
    let config = load_config(Some("warn"))?;
    let failed = |error: StoreError| CliError::Failed(error.to_string());
    let store = open_database(&config).await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let admin = JobAdmin::new(store.clone(), clock.clone()).by(operator());
    let result = match args.command {
        None => {
            let state = args.state.as_deref().and_then(JobState::from_word);
            let users = UserAdmin::new(store.clone(), clock.clone(), operator());
            let found = match args.user {
                Some(user) => users.jobs(UserId(user), args.limit).await,
                None => admin.jobs(state, args.limit).await,
            };
            let found = found.map_err(failed)?;
            if args.json { list_json(&admin, &found).await } else { print_list(&found, clock.as_ref(), messages) }
        }
        Some(JobCommand::Show(args)) => show(&admin, args, clock.as_ref(), messages).await,
        Some(JobCommand::Redeliver(args)) => redeliver(&admin, args, messages).await,
        Some(JobCommand::Retry(args)) => decide(&admin, args, true, messages).await.map(|_| ExitCode::Success),
        Some(JobCommand::Refund(args)) => match decide(&admin, args, false, messages).await {
            Ok(job) => {
                notify_user(&config, store.clone(), &job, messages).await;
                Ok(ExitCode::Success)
            }
            Err(error) => Err(error),
        },
    };
    store.close().await;
    result
}

/// The job with this id, or that of the task with it.
async fn found(admin: &JobAdmin, id: &str, messages: &CliMessages) -> Result<Job, CliError> {
    let job = admin.find(id).await.map_err(|error| CliError::Failed(error.to_string()))?;
    job.ok_or_else(|| CliError::BadInput(messages.job_none(id)))
}

async fn show(
    admin: &JobAdmin,
    JobArgs { id, json }: JobArgs,
    clock: &dyn Clock,
    messages: &CliMessages,
) -> Result<ExitCode, CliError> {
    let job = found(admin, &id, messages).await?;
    let list = JobList { jobs: vec![job], newer: Vec::new() };
    if json { list_json(admin, &list).await } else { print_list(&list, clock, messages) }
}

async fn redeliver(
    admin: &JobAdmin,
    JobArgs { id, json }: JobArgs,
    messages: &CliMessages,
) -> Result<ExitCode, CliError> {
    let job = found(admin, &id, messages).await?;
    match admin.redeliver(&job.id).await {
        Ok(job) if json => print_json(&row(&job))?,
        Ok(job) => print_line(&messages.job_redelivered(&job.id.0)),
        Err(error) if error.is_stale() => {
            return Err(CliError::Failed(messages.job_not_undeliverable(&job.id.0, job.state.as_str())));
        }
        Err(error) => return Err(CliError::Failed(error.to_string())),
    }
    Ok(ExitCode::Success)
}

/// Prints jobs as JSON, each unreadable one with what the vendor said.
async fn list_json(admin: &JobAdmin, found: &JobList) -> Result<ExitCode, CliError> {
    let mut rows = rows(found);
    for row in rows.iter_mut().filter(|row| row.state == JobState::Unreadable.as_str() && !row.newer_version) {
        let replies = admin.replies(&row.id.into()).await.map_err(|error| CliError::Failed(error.to_string()))?;
        row.replies = Some(replies.into_iter().map(ReplyRow::from).collect());
    }
    print_json(&rows)?;
    Ok(ExitCode::Success)
}

fn print_list(found: &JobList, clock: &dyn Clock, messages: &CliMessages) -> Result<ExitCode, CliError> {
    if found.is_empty() {
        note(&messages.jobs_none());
        return Ok(ExitCode::Success);
    }
    table(found, clock, messages).print();
    Ok(ExitCode::Success)
}

/// Jobs as a table, those of a newer version first.
pub(super) fn table(JobList { jobs, newer }: &JobList, clock: &dyn Clock, messages: &CliMessages) -> Table {
    let head = [
        messages.head_job(),
        messages.head_state(),
        messages.head_model(),
        messages.head_user(),
        messages.head_credits(),
        messages.head_age(),
        messages.head_why(),
    ];
    let mut table = Table::new(&head).unwrapped(&[1, 2, 6]);
    let age = |since: Timestamp| {
        let minutes = clock.now().since(since).as_secs() / 60;
        if minutes < 120 { messages.age_minutes(minutes) } else { messages.age_hours(minutes / 60) }
    };
    for job in newer {
        table.add_row(vec![
            job.id.0.clone(),
            job.state.clone(),
            job.model.clone(),
            job.user.0.to_string(),
            String::new(),
            age(job.created_at),
            messages.job_newer(),
        ]);
    }
    for job in jobs {
        table.add_row(vec![
            job.id.0.clone(),
            job.state.as_str().to_owned(),
            job.model.clone(),
            job.user.0.to_string(),
            job.quote.map(|quote| messages.number(quote.credits)).unwrap_or_default(),
            age(job.created_at),
            job.failure.as_ref().map(|failure| failure.code.clone()).unwrap_or_default(),
        ]);
    }
    table
}

/// Decides about a job in state `unknown` or `unreadable`: sends it, or asks for it, again; or gives it up.
///
/// # Errors
/// When there is no such job, or when it is in another state.
async fn decide(
    admin: &JobAdmin,
    JobArgs { id, json }: JobArgs,
    again: bool,
    messages: &CliMessages,
) -> Result<Job, CliError> {
    let id = JobId(id);
    let failed = |error: StoreError| CliError::Failed(error.to_string());
    let none = || CliError::BadInput(messages.job_none(&id.0));
    let from = admin.job(&id).await.map_err(failed)?.ok_or_else(none)?.state;
    let decided = match from {
        JobState::Unreadable if again => admin.reread(&id).await,
        JobState::Unknown if again => admin.retry_unknown(&id).await,
        JobState::Unknown | JobState::Unreadable => admin.give_up(&id, from).await,
        other => return Err(CliError::Failed(messages.job_not_unknown(&id.0, other.as_str()))),
    };
    let job = match decided {
        Ok(job) => job,
        Err(error) if error.is_stale() => {
            let state = admin.job(&id).await.map_err(failed)?.ok_or_else(none)?.state;
            return Err(CliError::Failed(messages.job_not_unknown(&id.0, state.as_str())));
        }
        Err(error) => return Err(failed(error)),
    };
    if json {
        print_json(&row(&job))?;
    } else if again && from == JobState::Unreadable {
        print_line(&messages.job_reread(&id.0));
    } else if again {
        print_line(&messages.job_again(&id.0));
    } else {
        print_line(&messages.job_given_up(&id.0));
    }
    Ok(job)
}

/// Tells the user in Telegram that the job was given up, and prints whether that worked.
async fn notify_user(config: &Config, store: Arc<dyn Store>, job: &Job, messages: &CliMessages) {
    let sent = async {
        let delivery = app::delivery(config, store).map_err(|error| error.to_string())?;
        match tokio::time::timeout(NOTIFY_TIMEOUT, delivery.failed(job)).await {
            Ok(sent) => sent.map_err(|error| error.to_string()),
            Err(_) => Err(messages.telegram_silent()),
        }
    };
    match sent.await {
        Ok(()) => note(&messages.person_told()),
        Err(why) => note(&messages.person_not_told(&why)),
    }
}
