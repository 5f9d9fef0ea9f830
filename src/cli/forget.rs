//! `kie-bot forget`.

use std::io::{BufRead, IsTerminal};
use std::sync::Arc;

use serde::Serialize;

use super::output::{note, print_json, print_line};
use super::{CliError, ExitCode, example, jobs, load_config, open_database, operator};
use crate::clock::{Clock, SystemClock};
use crate::job::UserId;
use crate::l10n::CliMessages;
use crate::ledger::Wallet;
use crate::service::{EraseError, Erasure, UserAdmin};
use crate::store::JobList;

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
pub(super) struct Args {
    /// The person's number at Telegram, as `kie-bot jobs` shows it.
    #[arg(value_name = "USER", allow_hyphen_values = true)]
    user: String,
    /// Also give up results that could not be sent, jobs in state `undeliverable`. They are paid for.
    #[arg(long)]
    give_up_results: bool,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn examples() -> Vec<String> {
    vec!["forget 5000001".into(), "forget 5000001 --yes --json".into()]
}

/// The final word.
#[derive(Serialize)]
struct ErasureRow<'a> {
    user: i64,
    erased: bool,
    /// How many; each 0 where nothing was kept.
    jobs: u64,
    drafts: u64,
    updates: u64,
    /// Whether the person was known.
    known: bool,
    /// The jobs that must end first; absent when there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    open_jobs: Vec<jobs::JobRow<'a>>,
}

pub(super) async fn run(args: Args, messages: &CliMessages) -> Result<ExitCode, CliError> {
    let config = load_config(Some("warn"))?;
    let id = args.user.trim().parse().ok().filter(|id| *id > 0);
    let user = UserId(id.ok_or_else(|| CliError::BadInput(messages.forget_bad_user(&args.user)))?);
    if !args.yes && !std::io::stdin().is_terminal() {
        return Err(CliError::BadInput(messages.forget_needs_yes()));
    }
    let store = open_database(&config).await?;
    let admin = UserAdmin::new(store.clone(), Arc::new(SystemClock), operator());
    let result = forget(&admin, user, &args, messages).await;
    store.close().await;
    result
}

async fn forget(admin: &UserAdmin, user: UserId, args: &Args, messages: &CliMessages) -> Result<ExitCode, CliError> {
    let erased = match admin.check_erasable(user, args.give_up_results).await {
        Ok(()) if !args.yes && !is_confirmed(user, messages) => {
            return Err(CliError::Failed(messages.forget_not_confirmed()));
        }
        Ok(()) => admin.erase(user, args.give_up_results).await,
        Err(error) => Err(error),
    };
    let number = user.0.to_string();
    let why = match erased {
        Ok(erasure) => {
            print_erasure(user, erasure, args.json, messages)?;
            return Ok(ExitCode::Success);
        }
        Err(EraseError::Store(error)) => error.to_string(),
        Err(EraseError::Owner) => messages.forget_owner(&number),
        Err(EraseError::OpenRefund) => messages.forget_open_refund(&number),
        Err(EraseError::Subscription) => messages.forget_subscription(&number),
        Err(EraseError::Money(Wallet { available, held })) => {
            messages.forget_money(&messages.number((available + held).as_f64()), &number)
        }
        Err(EraseError::OpenJobs(open)) => {
            print_open_jobs(user, &open, args.json, messages)?;
            messages.forget_open_jobs(&number)
        }
    };
    Err(CliError::Failed(why))
}

/// Asks on the terminal. Anything but `yes` is a no.
fn is_confirmed(user: UserId, messages: &CliMessages) -> bool {
    note(&messages.forget_question(&user.0.to_string()));
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).is_ok() && answer.trim() == "yes"
}

fn row(user: UserId, erasure: Option<Erasure>) -> ErasureRow<'static> {
    let Erasure { jobs, rows } = erasure.unwrap_or_default();
    ErasureRow {
        user: user.0,
        erased: erasure.is_some(),
        jobs,
        drafts: rows.drafts,
        updates: rows.updates,
        known: rows.users > 0,
        open_jobs: Vec::new(),
    }
}

fn print_erasure(user: UserId, erasure: Erasure, json: bool, messages: &CliMessages) -> Result<(), CliError> {
    let number = user.0.to_string();
    if json {
        print_json(&row(user, Some(erasure)))?;
    } else if erasure == Erasure::default() {
        print_line(&messages.forget_nothing(&number));
    } else {
        print_line(&messages.forget_done(&number, erasure.jobs, erasure.rows.drafts));
    }
    Ok(())
}

fn print_open_jobs(user: UserId, open: &JobList, json: bool, messages: &CliMessages) -> Result<(), CliError> {
    if json {
        print_json(&ErasureRow { open_jobs: jobs::rows(open), ..row(user, None) })?;
    } else {
        let clock: &dyn Clock = &SystemClock;
        jobs::table(open, clock, messages).print();
    }
    Ok(())
}
