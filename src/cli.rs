//! The command line: one file a command. Results go to standard output, everything else to standard error.

mod credits;
mod demo;
mod example;
mod generate;
mod input;
mod jobs;
mod models;
mod outcome;
mod output;
mod preview;
mod price;
mod progress;
mod registry;
mod run;
mod sanity;
mod save;
mod show;
mod table;
mod task;
mod upload;
mod validate;
mod verdict;

use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::app::AppError;
use crate::bot::texts::Lang;
use crate::bot::{ConnectError, PollError};
use crate::config::{Config, ConfigError};
use crate::kie;
use crate::leader::LeaderError;
use crate::store::StoreError;

/// How a command ended. The numbers are the exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It did what was asked.
    Done = 0,
    /// It was tried and failed.
    Failed = 1,
    /// What was given cannot be used.
    BadInput = 2,
    /// A person broke it off (128 + SIGINT, as shells have it).
    Interrupted = 130,
}

/// Why a command could not do what was asked: one line for a person.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// What was given cannot be used.
    #[error("{0}")]
    BadInput(String),
    /// It was tried and failed.
    #[error("{0}")]
    Failed(String),
}

impl CliError {
    fn ending(&self) -> Ending {
        match self {
            Self::BadInput(_) => Ending::BadInput,
            Self::Failed(_) => Ending::Failed,
        }
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        Self::BadInput(error.to_string())
    }
}

impl From<AppError> for CliError {
    fn from(error: AppError) -> Self {
        let text = error.to_string();
        // A setting that cannot be used is the person's to mend; trying again does not help.
        let given = match &error {
            AppError::Config(_) | AppError::Poll(PollError::Token) | AppError::Connect(ConnectError::Token) => true,
            AppError::Store(error) => matches!(error, StoreError::Url(_)),
            AppError::Leader(error) => matches!(error, LeaderError::Url | LeaderError::Pooler),
            AppError::Kie(error) => matches!(error, kie::Error::Settings(_)),
            AppError::Listen(_)
            | AppError::InUse(_)
            | AppError::Connect(ConnectError::Client(_))
            | AppError::Broken(_) => false,
        };
        if given { Self::BadInput(text) } else { Self::Failed(text) }
    }
}

/// Telegram bot and command line for KIE.ai's image, video, music and speech models.
#[derive(Debug, Parser)]
#[command(name = "kie-bot", version, about, max_term_width = 110)]
pub struct Cli {
    /// Language of messages about inputs: en or ru (from LANG when absent).
    #[arg(long, global = true, value_name = "en|ru", value_parser = lang_arg)]
    lang: Option<Lang>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the bot: get updates from Telegram (by polling or a webhook), work on jobs, deliver results.
    Run(run::Args),
    /// Try the whole bot on this machine, with a simulated KIE and a simulated Telegram.
    Demo(demo::Args),
    /// List the models.
    Models(models::Args),
    /// Look at the registry as a whole, and compare it with the vendor's list.
    Registry(registry::Args),
    /// Show a model: its fields, limits, rules, price and an example.
    Show(show::Args),
    /// Check an input against a model without sending it.
    Validate(validate::Args),
    /// Show what each combination of options costs, or what one input costs.
    Price(price::Args),
    /// Make something: send an input to KIE and wait for the result.
    Generate(generate::Args),
    /// Look at a task, wait for it, fetch its result.
    Task(task::Args),
    /// Upload files and print their links.
    Upload(upload::Args),
    /// Show what is left on the account of each key.
    Credits(credits::Args),
    /// List jobs, and decide about those whose reply was lost.
    Jobs(jobs::Args),
    /// Try models end to end against the configured KIE endpoint, each paid for once.
    Sanity(sanity::Args),
}

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    let env_file = read_env_file(Path::new(".env"));
    let matches = example::add(Cli::command()).get_matches();
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    let lang = cli.lang.unwrap_or_else(terminal_lang);
    let ended = env_file.and_then(|()| dispatch(cli.command, lang));
    let ending = ended.unwrap_or_else(|error| {
        output::complain(&error.to_string());
        error.ending()
    });
    ExitCode::from(ending as u8)
}

/// Reads settings from a file in the working folder; what the environment says wins. A missing file is normal, a broken one
/// is the person's to mend.
fn read_env_file(path: &Path) -> Result<(), CliError> {
    let bad = |why: &dyn std::fmt::Display| CliError::BadInput(format!("{} cannot be read: {why}", path.display()));
    match dotenvy::from_path(path) {
        Ok(()) => Ok(()),
        Err(error) if error.not_found() => Ok(()),
        Err(dotenvy::Error::LineParse(part, _)) => {
            // The line itself may hold a key: only its number is shown. What is handed over may be its value alone.
            let text = std::fs::read_to_string(path).unwrap_or_default();
            let number = text.lines().position(|line| line.trim().ends_with(part.trim())).map(|at| at + 1);
            let place = number.map_or("a line".to_owned(), |number| format!("line {number}"));
            Err(bad(&format!("{place} is not NAME=VALUE (quote values with spaces)")))
        }
        Err(dotenvy::Error::Io(error)) => Err(bad(&error)),
        Err(_) => Err(bad(&"a value in it cannot be used")),
    }
}

fn dispatch(command: Command, lang: Lang) -> Result<Ending, CliError> {
    match command {
        Command::Run(args) => wait_for(|| run::run(args)),
        Command::Demo(args) => wait_for(|| demo::run(args)),
        Command::Models(args) => models::run(&args, lang),
        Command::Registry(args) => wait_for(|| registry::run(args)),
        Command::Show(args) => show::run(&args, lang),
        Command::Validate(args) => validate::run(&args, lang),
        Command::Price(args) => price::run(&args, lang),
        Command::Generate(args) => wait_for(|| generate::run(args, lang)),
        Command::Task(args) => wait_for(|| task::run(args)),
        Command::Upload(args) => wait_for(|| upload::run(args)),
        Command::Credits(args) => wait_for(|| credits::run(args)),
        Command::Sanity(args) => wait_for(|| sanity::run(args, lang)),
        Command::Jobs(args) => wait_for(|| jobs::run(args)),
    }
}

/// Runs an asynchronous command to its end.
fn wait_for<F: Future<Output = Result<Ending, CliError>>>(command: impl FnOnce() -> F) -> Result<Ending, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| CliError::Failed(format!("the runtime cannot start: {e}")))?;
    let ended = runtime.block_on(command());
    // A blocking read of standard input must not hold the exit.
    runtime.shutdown_background();
    ended
}

/// Logging alone, for commands that must not touch real accounts.
fn settle_log(default_log: &str) -> Result<(), CliError> {
    let only_log = |name: &str| name.starts_with("LOG").then(|| std::env::var(name).ok()).flatten();
    let config = Config::load(only_log)?;
    let filter = if std::env::var_os("LOG").is_some() { &config.log } else { default_log };
    Ok(crate::telemetry::start(filter, config.log_format)?)
}

/// The settings, and logging as they ask for it.
fn settle(default_log: Option<&str>) -> Result<Config, CliError> {
    let mut config = Config::from_env()?;
    if let (Some(quiet), None) = (default_log, std::env::var_os("LOG")) {
        quiet.clone_into(&mut config.log);
    }
    crate::telemetry::start(&config.log, config.log_format)?;
    Ok(config)
}

fn lang_arg(code: &str) -> Result<Lang, String> {
    Lang::from_code(code).ok_or_else(|| "must be en or ru".to_owned())
}

/// The language of this terminal.
fn terminal_lang() -> Lang {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|n| std::env::var(n).ok().filter(|v| !v.is_empty()));
    Lang::guess(set.as_deref())
}
