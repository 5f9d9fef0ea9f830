//! The command line: one file a command. Results go to standard output, everything else to standard error.

mod admin;
mod completions;
mod credits;
#[cfg(feature = "demo")]
mod demo;
mod env_file;
mod example;
mod failed_call;
mod forget;
mod generate;
mod input;
mod jobs;
mod ledger;
mod man;
mod models;
mod next_step;
mod output;
mod payments;
mod preview;
mod price;
mod progress;
mod ready;
mod registry;
mod run;
mod sanity;
mod save;
mod show;
mod summary;
mod table;
mod task;
mod upload;
mod validate;
mod verdict;

use std::path::Path;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use secrecy::ExposeSecret;

use crate::app::AppError;
use crate::audit::Actor;
use crate::bot::{ConnectError, PollError};
use crate::client;
use crate::config::{Config, ConfigError};
use crate::l10n::{CliMessages, Lang};
use crate::leader::LeaderError;
use crate::store::{self, Store};
use crate::store_error::StoreError;

/// The exit code of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ExitCode {
    /// The command did what was asked.
    Success = 0,
    /// The command failed.
    Failure = 1,
    /// The arguments, the input or the settings cannot be used.
    BadInput = 2,
    /// Stopped by a signal: 128 + SIGINT, as shells report it.
    Interrupted = 130,
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code as u8)
    }
}

/// Why a command could not do what was asked: one line for a person.
#[derive(Debug, thiserror::Error)]
enum CliError {
    /// The arguments or the input cannot be used.
    #[error("{0}")]
    BadInput(String),
    /// The command failed.
    #[error("{0}")]
    Failed(String),
    /// The program cannot start, or had to stop.
    #[error(transparent)]
    App(#[from] AppError),
    /// A result cannot be written as JSON.
    #[error("the result cannot be written as JSON: {0}")]
    NoJson(serde_json::Error),
}

impl CliError {
    fn exit_code(&self) -> ExitCode {
        // A bad setting is bad input: trying again does not help.
        let is_bad_input = match self {
            Self::BadInput(_) => true,
            Self::Failed(_) | Self::NoJson(_) => false,
            Self::App(error) => match error {
                AppError::Config(_)
                | AppError::Poll(PollError::Token | PollError::TokenOrServer)
                | AppError::Connect(ConnectError::Token) => true,
                AppError::Store(error) => matches!(error, StoreError::Url(_)),
                AppError::Leader(error) => matches!(error, LeaderError::Url | LeaderError::Pooler),
                AppError::Kie(error) => matches!(error, client::Error::Settings(_)),
                AppError::OtherBot { .. } => true,
                AppError::Listen(_)
                | AppError::InUse(_)
                | AppError::Connect(ConnectError::Client(_))
                | AppError::Scratch { .. }
                | AppError::Broken(_) => false,
            },
        };
        if is_bad_input { ExitCode::BadInput } else { ExitCode::Failure }
    }

    /// The sentence for a person. Errors of the lower layers keep their English text.
    fn sentence(&self, messages: &CliMessages) -> String {
        match self {
            Self::BadInput(text) | Self::Failed(text) => text.clone(),
            Self::NoJson(why) => messages.no_result_json(&why.to_string()),
            Self::App(error) => match error {
                AppError::Config(ConfigError::Missing { name, meaning }) => messages.setting_missing(name, meaning),
                AppError::Kie(error) => messages.client_cannot_start(&messages.call(error)),
                AppError::InUse(path) => messages.file_in_use(&path.display().to_string()),
                AppError::OtherBot { theirs, ours } => messages.other_bot(&theirs.0.to_string(), &ours.0.to_string()),
                AppError::Broken(why) => messages.program_broke(why),
                AppError::Config(ConfigError::Bad { .. })
                | AppError::Store(_)
                | AppError::Listen(_)
                | AppError::Leader(_)
                | AppError::Connect(_)
                | AppError::Scratch { .. }
                | AppError::Poll(_) => error.to_string(),
            },
        }
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        Self::App(error.into())
    }
}

/// Telegram bot and command line for KIE.ai's image, video, music and speech models.
#[derive(Debug, Parser)]
#[command(name = "kie-bot", version, about, max_term_width = 110, after_help = help_footer())]
pub struct Cli {
    // The help and the name of the value come from `Lang::ALL`.
    #[arg(long, global = true, value_name = lang_codes("|"), value_parser = lang_arg, help = lang_help())]
    lang: Option<Lang>,
    #[command(subcommand)]
    command: CliCommand,
}

#[derive(Debug, Subcommand)]
enum CliCommand {
    /// Run the bot: get updates from Telegram (by polling or a webhook), work on jobs, deliver results.
    Run(run::Args),
    /// Try the whole bot on this machine, with a simulated KIE and a simulated Telegram.
    #[cfg(feature = "demo")]
    Demo(demo::Args),
    /// List the models.
    Models(models::Args),
    /// Look at the registry as a whole, and compare it with the vendor's list.
    Registry(registry::Args),
    /// Show a model: its fields, limits, rules, price and an example; with KIE_API_KEY also how well it does now.
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
    /// Show what was held, captured, released and charged by KIE, day by day; and prove that the books agree.
    Ledger(ledger::Args),
    /// List what people have paid in Telegram Stars, and give a payment back.
    Payments(payments::Args),
    /// Look after people: find, give, limit, block; and see what admins did.
    Admin(admin::Args),
    /// Erase what is kept of a person: language, conversations, and of jobs the name, the input, files and the result.
    Forget(forget::Args),
    /// Try models end to end against the configured KIE endpoint, each paid for once.
    Sanity(sanity::Args),
    /// Ask the bot that runs on this machine whether it serves people, e.g. for a container's health check. Needs HTTP_ADDR or PORT.
    Ready(ready::Args),
    /// Print the completions of a shell.
    Completions(completions::Args),
    /// Print the manual page, or write one for every command.
    Man(man::Args),
}

/// The end of the program's help: examples, settings and exit codes.
fn help_footer() -> String {
    let mut described = vec![
        ("run", "run it for real (TELEGRAM_BOT_TOKEN, KIE_API_KEY)"),
        ("models --type text_to_image", "what can be made, and for how much"),
    ];
    if cfg!(feature = "demo") {
        described.insert(0, ("demo", "try the bot in the browser: no accounts, no cost"));
    }
    let mut lines: Vec<String> = described.iter().map(|(line, what)| format!("{line:<29} {what}")).collect();
    for examples in [show::examples(), validate::examples(), generate::examples()] {
        lines.extend(examples.into_iter().take(1));
    }
    format!(
        "{}\n\nSettings come from the environment and from a .env file in the working folder; docs/settings.md and .env.example list them.\n\
         Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted.",
        example::help(&lines)
    )
}

/// Runs the command that the arguments name.
pub fn main() -> std::process::ExitCode {
    let path = Path::new(".env");
    let env_file = env_file::read(path);
    let cli = Cli::parse();
    let lang = cli.lang.unwrap_or_else(terminal_lang);
    let messages = CliMessages::of(lang);
    let env_file = env_file.map_err(|error| CliError::BadInput(error.sentence(path, messages)));
    let result = env_file.and_then(|()| dispatch(cli.command, lang));
    let exit_code = result.unwrap_or_else(|error| {
        output::print_error(&error.sentence(messages), messages);
        error.exit_code()
    });
    exit_code.into()
}

fn dispatch(command: CliCommand, lang: Lang) -> Result<ExitCode, CliError> {
    let messages = CliMessages::of(lang);
    match command {
        CliCommand::Run(args) => wait_for(messages, || run::run(args)),
        #[cfg(feature = "demo")]
        CliCommand::Demo(args) => wait_for(messages, || demo::run(args, messages)),
        CliCommand::Models(args) => models::run(&args, lang),
        CliCommand::Registry(args) => wait_for(messages, || registry::run(args, lang)),
        CliCommand::Show(args) => wait_for(messages, || show::run(args, lang)),
        CliCommand::Validate(args) => validate::run(&args, lang),
        CliCommand::Price(args) => price::run(&args, lang),
        CliCommand::Generate(args) => wait_for(messages, || generate::run(args, lang)),
        CliCommand::Task(args) => wait_for(messages, || task::run(args, messages)),
        CliCommand::Upload(args) => wait_for(messages, || upload::run(args, messages)),
        CliCommand::Credits(args) => wait_for(messages, || credits::run(args, messages)),
        CliCommand::Sanity(args) => wait_for(messages, || sanity::run(args, lang)),
        CliCommand::Forget(args) => wait_for(messages, || forget::run(args, messages)),
        CliCommand::Admin(args) => wait_for(messages, || admin::run(args, lang)),
        CliCommand::Jobs(args) => wait_for(messages, || jobs::run(args, messages)),
        CliCommand::Ledger(args) => wait_for(messages, || ledger::run(args, lang)),
        CliCommand::Ready(args) => wait_for(messages, || ready::run(args, messages)),
        CliCommand::Completions(args) => completions::run(&args),
        CliCommand::Man(args) => man::run(&args),
        CliCommand::Payments(args) => wait_for(messages, || payments::run(args, messages)),
    }
}

/// Runs an asynchronous command on a runtime of its own.
fn wait_for<F: Future<Output = Result<ExitCode, CliError>>>(
    messages: &CliMessages,
    command: impl FnOnce() -> F,
) -> Result<ExitCode, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| CliError::Failed(messages.no_runtime(&e.to_string())))?;
    let result = runtime.block_on(command());
    // A blocking read of standard input must not delay the exit.
    runtime.shutdown_background();
    result
}

/// Starts logging without reading any other setting, for commands that must not touch real accounts. `default_log` is
/// the filter when `LOG` is not set.
///
/// # Errors
/// When a logging setting is invalid.
fn init_logging(default_log: &str) -> Result<(), CliError> {
    let only_log = |name: &str| name.starts_with("LOG").then(|| std::env::var(name).ok()).flatten();
    let config = Config::load(only_log)?;
    let filter = if std::env::var_os("LOG").is_some() { &config.log } else { default_log };
    Ok(crate::telemetry::start(filter, config.log_format)?)
}

/// The bot's database, which may be in use, with its tables as they are.
async fn open_database(config: &Config) -> Result<Arc<dyn Store>, CliError> {
    store::open_as_is(config.database_url.expose_secret()).await.map_err(|error| match error {
        StoreError::Url(text) => CliError::BadInput(text),
        other => CliError::Failed(other.to_string()),
    })
}

/// Who acts at the command line: the account of the system.
fn operator() -> Actor {
    Actor::CommandLine(whoami::username().unwrap_or_else(|_| "?".to_owned()))
}

/// Reads the settings from the environment and starts logging. `default_log` is the filter when `LOG` is not set;
/// without it the setting's own default counts.
///
/// # Errors
/// When a setting is missing or invalid.
fn load_config(default_log: Option<&str>) -> Result<Config, CliError> {
    let mut config = Config::from_env()?;
    if let (Some(quiet), None) = (default_log, std::env::var_os("LOG")) {
        quiet.clone_into(&mut config.log);
    }
    crate::telemetry::start(&config.log, config.log_format)?;
    Ok(config)
}

fn lang_arg(code: &str) -> Result<Lang, String> {
    Lang::from_code(code).ok_or_else(|| format!("must be {}", lang_codes(" or ")))
}

/// The codes of all languages.
fn lang_codes(separator: &str) -> String {
    Lang::ALL.map(Lang::code).join(separator)
}

fn lang_help() -> String {
    format!("Language of pages and messages: {} (from LANG when absent). Help is in English", lang_codes(" or "))
}

/// The language of the locale variables.
fn terminal_lang() -> Lang {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|n| std::env::var(n).ok().filter(|v| !v.is_empty()));
    Lang::guess(set.as_deref())
}
