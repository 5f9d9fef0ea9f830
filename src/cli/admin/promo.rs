//! `kie-bot admin promo`.

use std::time::Duration;

use serde::Serialize;

use crate::cli::output::{note, print_json};
use crate::cli::table::Table;
use crate::cli::{CliError, example};
use crate::clock::Timestamp;
use crate::l10n::{CliMessages, Lang};
use crate::ledger::Money;
use crate::promo::{Promo, PromoCode, PromoState};
use crate::service::{PromoAdmin, PromoAdminError};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// Most days that a code may be for.
const MAX_DAYS: u32 = 3650;

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
pub(super) struct Args {
    #[command(subcommand)]
    command: PromoCommand,
}

#[derive(Debug, clap::Subcommand)]
enum PromoCommand {
    /// List the codes, newest first.
    List(ListArgs),
    /// Make a code. People send it to the bot with /promo, or open https://t.me/BOT?start=p_CODE.
    Add(AddArgs),
    /// Stop a code. Who has used it keeps what it gave.
    Stop(StopArgs),
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("end").required(true).args(["until", "life"]))]
struct AddArgs {
    /// The code: 4 to 32 Latin letters, digits, `_` and `-`, in any case.
    #[arg(value_name = "CODE", value_parser = code_arg)]
    code: PromoCode,
    /// What each person gets, in the unit that people pay in: a number with at most two decimals.
    #[arg(long, value_name = "N", value_parser = amount_arg)]
    amount: Money,
    /// How many people may use it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    uses: u32,
    /// The last day on which it gives something, in UTC: YYYY-MM-DD.
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    until: Option<Timestamp>,
    /// For how many days from now it gives something, e.g. 30d.
    #[arg(long = "for", id = "life", value_name = "DAYS", value_parser = days_arg)]
    life: Option<Duration>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct StopArgs {
    /// The code.
    #[arg(value_name = "CODE", value_parser = code_arg)]
    code: PromoCode,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

fn code_arg(text: &str) -> Result<PromoCode, String> {
    text.parse().map_err(|_| "must have 4 to 32 Latin letters, digits, `_` and `-`".to_owned())
}

fn amount_arg(text: &str) -> Result<Money, String> {
    let money = text.parse().ok().filter(|money| *money > Money::ZERO);
    money.ok_or_else(|| "must be an amount above 0, e.g. 12.5".to_owned())
}

fn date_arg(text: &str) -> Result<Timestamp, String> {
    Timestamp::from_date(text).ok_or_else(|| "must be a day, e.g. 2030-12-31".to_owned())
}

fn days_arg(text: &str) -> Result<Duration, String> {
    let days = text.strip_suffix('d').unwrap_or(text).parse().ok().filter(|days| (1..=MAX_DAYS).contains(days));
    days.map(|days| DAY * days).ok_or_else(|| format!("must be 1 to {MAX_DAYS} days, e.g. 30d"))
}

fn examples() -> Vec<String> {
    vec!["admin promo add NEW-YEAR --amount 50 --uses 100 --for 30d".into(), "admin promo list --json".into()]
}

/// Its JSON form is stable.
#[derive(Serialize)]
struct PromoRow<'a> {
    code: &'a str,
    amount: f64,
    uses: u32,
    used: u32,
    state: &'static str,
    made_at_ms: i64,
    ends_at_ms: i64,
    stopped_at_ms: Option<i64>,
}

impl PromoRow<'_> {
    fn of(promo: &Promo, now: Timestamp) -> PromoRow<'_> {
        PromoRow {
            code: promo.code.as_str(),
            amount: promo.amount.as_f64(),
            uses: promo.uses,
            used: promo.used,
            state: promo.state(now).as_str(),
            made_at_ms: promo.made_at.millis(),
            ends_at_ms: promo.ends_at.millis(),
            stopped_at_ms: promo.stopped_at.map(Timestamp::millis),
        }
    }
}

pub(super) async fn run(args: Args, admin: &PromoAdmin, lang: Lang) -> Result<(), CliError> {
    let (messages, now) = (CliMessages::of(lang), admin.now());
    let (result, code, json) = match args.command {
        PromoCommand::List(ListArgs { json }) => {
            let promos = admin.list().await.map_err(super::failed)?;
            if json {
                return print_json(&promos.iter().map(|promo| PromoRow::of(promo, now)).collect::<Vec<_>>());
            }
            print_promos(&promos, now, messages);
            return Ok(());
        }
        PromoCommand::Add(AddArgs { code, amount, uses, until, life, json }) => {
            // The day of `--until` counts as a whole.
            let ends_at = until.map(|day| day + DAY).unwrap_or_else(|| now + life.unwrap_or_default());
            (admin.add(code.clone(), amount, uses, ends_at).await, code, json)
        }
        PromoCommand::Stop(StopArgs { code, json }) => (admin.stop(&code).await, code, json),
    };
    let promo = result.map_err(|error| refusal(error, &code, messages))?;
    if json {
        return print_json(&PromoRow::of(&promo, now));
    }
    print_promos(std::slice::from_ref(&promo), now, messages);
    Ok(())
}

fn refusal(error: PromoAdminError, code: &PromoCode, messages: &CliMessages) -> CliError {
    CliError::BadInput(match error {
        PromoAdminError::Store(error) => return super::failed(error),
        PromoAdminError::Known => messages.promo_known(code.as_str()),
        PromoAdminError::Unknown => messages.promo_unknown(code.as_str()),
        PromoAdminError::Stopped => messages.promo_stopped_before(code.as_str()),
        PromoAdminError::Empty => messages.promo_empty(),
    })
}

fn print_promos(promos: &[Promo], now: Timestamp, messages: &CliMessages) {
    if promos.is_empty() {
        return note(&messages.promo_none());
    }
    let head = [
        messages.head_code(),
        messages.head_amount(),
        messages.head_used(),
        messages.head_until(),
        messages.head_state(),
    ];
    let mut table = Table::new(&head).unwrapped(&[0]);
    for promo in promos {
        let state = match promo.state(now) {
            PromoState::Open => messages.promo_open(),
            PromoState::UsedUp => messages.promo_used_up(),
            PromoState::Ended => messages.promo_ended(),
            PromoState::Stopped => messages.promo_stopped(),
        };
        table.add_row([
            promo.code.to_string(),
            messages.number(promo.amount.as_f64()),
            format!("{} / {}", promo.used, promo.uses),
            // The last moment, not the first one after it.
            (promo.ends_at - Duration::from_millis(1)).date(),
            state,
        ]);
    }
    table.print();
}
