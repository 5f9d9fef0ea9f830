//! `kie-bot registry`: statistics of the registry, and its comparison with the vendor's list.

mod check;
mod fetch;
mod file;
mod import;
mod report;
mod stats;
mod watch;

use clap::Subcommand;

use super::{CliError, ExitCode, example};
use crate::l10n::{CliMessages, Lang};

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
pub(super) struct Args {
    #[command(subcommand)]
    command: RegistryCommand,
}

fn examples() -> Vec<String> {
    vec![
        "registry stats".into(),
        "registry check --live --save answers.json".into(),
        "registry check --offline answers.json --json".into(),
        "registry watch --state /var/lib/kie-bot/watch.json".into(),
        format!("registry import {}", example::TextModel::find().id),
    ]
}

#[derive(Debug, Subcommand)]
enum RegistryCommand {
    /// Count the models by type and status.
    Stats(stats::Args),
    /// Compare the registry with the vendor's models, schemas and prices.
    ///
    /// It reads the vendor's list and its public feeds of prices and announcements, which takes seconds, and the schemas
    /// of new models, of the models named, or with --deep of all. What was not compared is named with the reason; a feed
    /// that cannot be read is a notice and no failure. The registry knows more than the vendor's schemas say: what a
    /// schema leaves out is no difference, unless --known names a report in which it was stated. Prices are compared by
    /// the amounts that the vendor names, and named where that is not possible. Ends with 1 when something differs or
    /// could not be read.
    ///
    /// The keys of --json: drift, schema_missing, unread, compared, unstated, prices_compared, prices_unclear, not_asked
    /// (live models whose fields were not compared), feeds, announcements, known.
    Check(check::Args),
    /// Print what is new since the last run, for a daily timer.
    ///
    /// New are differences as `registry check` finds them, changes of the vendor's price feed, and announcements. The
    /// first run records and prints no news. What a run cannot see (a feed that does not answer, schemas without --deep)
    /// stays as it was known. Ends with 0 when nothing is new and with 1 when something is, or when the vendor's list
    /// cannot be read; with 2 when the state cannot be used.
    ///
    /// The keys of --json: first, drift, prices, announcements, feeds, unread, not_asked.
    Watch(watch::Args),
    /// Print an entry for models/kie_models.yaml, made from the vendor's schema.
    ///
    /// The entry builds as it is printed. Words marked `to do` and the comments say what an author should look at.
    Import(import::Args),
}

pub(super) async fn run(args: Args, lang: Lang) -> Result<ExitCode, CliError> {
    let messages = CliMessages::of(lang);
    match args.command {
        RegistryCommand::Stats(args) => stats::run(&args, messages),
        RegistryCommand::Check(args) => check::run(args, messages).await,
        RegistryCommand::Watch(args) => watch::run(args, messages).await,
        RegistryCommand::Import(args) => import::run(args, messages).await,
    }
}
