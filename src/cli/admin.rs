//! `kie-bot admin`: what an operator looks at and decides.

mod announce;
mod audit;
mod models;
mod person;
mod promo;
mod purse;
mod requests;
mod statement;

use std::sync::Arc;

use super::{CliError, ExitCode, example, load_config, open_database, operator};
use crate::access::AccessPolicy;
use crate::clock::SystemClock;
use crate::l10n::{CliMessages, Lang};
use crate::service::{AnnouncementAdmin, ModelAdmin, PromoAdmin, UserAdmin, WalletAdmin};
use crate::store_error::StoreError;

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
pub(super) struct Args {
    #[command(subcommand)]
    command: AdminCommand,
}

/// In each, PERSON is a number, an @name, or as much of a name as one person alone has.
#[derive(Debug, clap::Subcommand)]
enum AdminCommand {
    /// Find people by a number, an @name or the beginnings of words in their names; without any, list who was there last.
    People(person::FindArgs),
    /// Show a person: access, jobs, what was spent, balance and limits.
    Person(person::PersonArgs),
    /// Give money to a person; an amount below 0 takes it back, as far as there is some.
    Gift(person::GiftArgs),
    /// Change a person's own limits: running=N, starts=N, order=N, day=N, month=N, with `off` for none and `default` for
    /// that of the settings; `default` alone brings back all.
    Limit(person::LimitArgs),
    /// Block a person.
    Block(person::PersonArgs),
    /// Let in a person again who was blocked.
    Unblock(person::PersonArgs),
    /// List who asks to be let in, and decide.
    Requests(requests::Args),
    /// List the movements of a wallet, newest first.
    Statement(statement::Args),
    /// Decide which models and values people may order, and at what price. The running bot follows within seconds.
    Models(models::Args),
    /// Make, list and stop promo codes, which give people something once.
    Promo(promo::Args),
    /// Show the purse of a group, or give some of it back to a person.
    Purse(purse::Args),
    /// Tell all people of the bot something; list and stop such announcements.
    Announce(announce::Args),
    /// List what admins did, newest first.
    Audit(audit::Args),
}

fn examples() -> Vec<String> {
    vec![
        "admin people anna".into(),
        "admin gift 5000001 10.50 \"for the first bug\"".into(),
        "admin limit @anna day=500 running=off".into(),
        "admin statement @anna --json".into(),
        "admin models set MODEL --deny FIELD=VALUE".into(),
        "admin promo add NEW-YEAR --amount 50 --uses 100 --for 30d".into(),
        "admin purse -1001234567890 --to 5000001 --amount 50".into(),
        "admin announce send @news.txt --dry-run".into(),
        "admin audit --about 5000001 --json".into(),
    ]
}

/// What the commands work with.
struct Operation<'a> {
    users: UserAdmin,
    wallets: WalletAdmin,
    policy: AccessPolicy,
    messages: &'a CliMessages,
}

fn failed(error: StoreError) -> CliError {
    CliError::Failed(error.to_string())
}

pub(super) async fn run(args: Args, lang: Lang) -> Result<ExitCode, CliError> {
    let (config, messages) = (load_config(Some("warn"))?, CliMessages::of(lang));
    let store = open_database(&config).await?;
    let clock = Arc::new(SystemClock);
    let operation = Operation {
        users: UserAdmin::new(store.clone(), clock.clone(), operator()),
        wallets: WalletAdmin::new(store.clone(), clock.clone()).by(operator()),
        policy: config.access.policy,
        messages,
    };
    let result = match args.command {
        AdminCommand::People(args) => operation.people(&args).await,
        AdminCommand::Person(args) => operation.person(&args).await,
        AdminCommand::Gift(args) => operation.give(&args).await,
        AdminCommand::Limit(args) => operation.limit(&args).await,
        AdminCommand::Block(args) => operation.block(&args, true).await,
        AdminCommand::Unblock(args) => operation.block(&args, false).await,
        AdminCommand::Models(args) => models::run(args, &ModelAdmin::new(store.clone(), clock, operator()), lang).await,
        AdminCommand::Promo(args) => promo::run(args, &PromoAdmin::new(store.clone(), clock, operator()), lang).await,
        AdminCommand::Purse(args) => operation.purse(&args).await,
        AdminCommand::Announce(args) => {
            announce::run(args, &AnnouncementAdmin::new(store.clone(), clock, operator()), lang).await
        }
        AdminCommand::Requests(args) => operation.requests(args).await,
        AdminCommand::Statement(args) => operation.statement(&args).await,
        AdminCommand::Audit(args) => operation.audit(&args).await,
    };
    store.close().await;
    result.map(|()| ExitCode::Success)
}
