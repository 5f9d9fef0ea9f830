//! `kie-bot registry`: statistics of the registry, and its comparison with the vendor's list.

mod check;
mod fetch;
mod import;
mod stats;

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
        format!("registry import {}", example::TextModel::find().id),
    ]
}

#[derive(Debug, Subcommand)]
enum RegistryCommand {
    /// Count the models by type and status.
    Stats(stats::Args),
    /// Compare the registry with the vendor's models, schemas and prices.
    ///
    /// The registry knows more than the vendor's schemas say: what a schema leaves out is no difference, unless --known
    /// names a report in which it was stated. Prices are compared by the amounts that the vendor names, and named where
    /// that is not possible. The vendor answers one question a second: all models take about four minutes. Ends with 1
    /// when something differs or could not be read.
    Check(check::Args),
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
        RegistryCommand::Import(args) => import::run(args, messages).await,
    }
}
