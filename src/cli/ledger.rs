//! `kie-bot ledger`.

use std::sync::Arc;

use serde::Serialize;

use super::output::{note, print_json, print_line};
use super::table::Table;
use super::{CliError, ExitCode, example, load_config, open_database};
use crate::clock::SystemClock;
use crate::l10n::{CliMessages, Lang};
use crate::ledger::{Credits, Money, Wallet};
use crate::service::{Books, BooksReport, DayMoney, Noted};
use crate::store::{DayTotals, WalletAccount};
use crate::store_error::StoreError;

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<LedgerCommand>,
    /// Of the last N days in UTC, today included.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3660))]
    days: u32,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Subcommand)]
enum LedgerCommand {
    /// Prove the books: compare the ledger of every job with the job, and every wallet with its transfers. Exits with 1
    /// when something is wrong.
    Check(CheckArgs),
}

#[derive(Debug, clap::Args)]
struct CheckArgs {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Its JSON form is stable. All amounts are in credits, except people's money.
#[derive(Serialize)]
struct TotalsJson {
    days: Vec<DayJson>,
    total: AmountsJson,
    money: Vec<MoneyJson>,
}

/// In the operator's unit.
#[derive(Serialize)]
struct MoneyJson {
    day: String,
    received: f64,
    given: f64,
    revenue: f64,
    owed: f64,
}

impl From<&DayMoney> for MoneyJson {
    fn from(money: &DayMoney) -> Self {
        let [received, given, revenue, owed] = parts(money).map(Money::as_f64);
        Self { day: money.day.date(), received, given, revenue, owed }
    }
}

#[derive(Serialize)]
struct DayJson {
    day: String,
    #[serde(flatten)]
    amounts: AmountsJson,
}

#[derive(Serialize)]
struct AmountsJson {
    held: f64,
    open: f64,
    captured: f64,
    released: f64,
    cost: f64,
    difference: f64,
}

/// Its JSON form is stable.
#[derive(Serialize)]
struct CheckJson<'a> {
    agrees: bool,
    jobs: u64,
    newer_version: u64,
    mistakes: Vec<MistakeJson<'a>>,
    wallets: u64,
    owed: WalletJson,
    wrong_wallets: Vec<WrongWalletJson>,
    payments: u64,
    /// Numbers of payments.
    wrong_payments: Vec<&'a str>,
    cost_without_capture: NotedJson<'a>,
    capture_without_cost: NotedJson<'a>,
}

#[derive(Serialize)]
struct WalletJson {
    available: f64,
    held: f64,
}

impl From<Wallet> for WalletJson {
    fn from(Wallet { available, held }: Wallet) -> Self {
        Self { available: available.as_f64(), held: held.as_f64() }
    }
}

#[derive(Serialize)]
struct WrongWalletJson {
    wallet: i64,
    stored: WalletJson,
    booked: WalletJson,
}

impl From<&WalletAccount> for WrongWalletJson {
    fn from(WalletAccount { id, stored, booked }: &WalletAccount) -> Self {
        Self { wallet: id.0, stored: (*stored).into(), booked: (*booked).into() }
    }
}

#[derive(Serialize)]
struct MistakeJson<'a> {
    job: &'a str,
    mistake: &'static str,
    message: String,
}

#[derive(Serialize)]
struct NotedJson<'a> {
    count: u64,
    /// Some of them.
    jobs: Vec<&'a str>,
}

impl<'a> From<&'a Noted> for NotedJson<'a> {
    fn from(Noted { count, first }: &'a Noted) -> Self {
        Self { count: *count, jobs: first.iter().map(|job| job.0.as_str()).collect() }
    }
}

fn examples() -> Vec<String> {
    vec!["ledger --days 7".into(), "ledger --json".into(), "ledger check".into()]
}

pub(super) async fn run(args: Args, lang: Lang) -> Result<ExitCode, CliError> {
    let config = load_config(Some("warn"))?;
    let failed = |error: StoreError| CliError::Failed(error.to_string());
    let store = open_database(&config).await?;
    let books = Books::new(store.clone(), Arc::new(SystemClock));
    let result = match args.command {
        None => match futures::try_join!(books.totals(args.days), books.money(args.days)) {
            Ok((days, money)) => print_totals(&days, &money, args.json, CliMessages::of(lang)),
            Err(error) => Err(failed(error)),
        },
        Some(LedgerCommand::Check(CheckArgs { json })) => match books.check().await {
            Ok(report) => print_report(&report, json, CliMessages::unless_json(lang, json)),
            Err(error) => Err(failed(error)),
        },
    };
    store.close().await;
    result
}

/// The sum of days; its own day means nothing.
fn sum(days: &[DayTotals]) -> DayTotals {
    days.iter().fold(DayTotals::default(), |sum, day| DayTotals {
        day: sum.day,
        held: sum.held + day.held,
        open: sum.open + day.open,
        captured: sum.captured + day.captured,
        released: sum.released + day.released,
        cost: sum.cost + day.cost,
    })
}

/// Held, open, captured, released, cost, and what was captured above the cost.
fn amounts(totals: &DayTotals) -> [Credits; 6] {
    let DayTotals { held, open, captured, released, cost, .. } = *totals;
    [held, open, captured, released, cost, captured - cost]
}

fn amounts_json(totals: &DayTotals) -> AmountsJson {
    let [held, open, captured, released, cost, difference] = amounts(totals).map(Credits::as_f64);
    AmountsJson { held, open, captured, released, cost, difference }
}

/// Received, given, paid for results, and how much more is owed to people.
fn parts(money: &DayMoney) -> [Money; 4] {
    let DayMoney { received, given, revenue, owed, .. } = *money;
    [received, given, revenue, owed]
}

fn print_totals(
    days: &[DayTotals],
    money: &[DayMoney],
    json: bool,
    messages: &CliMessages,
) -> Result<ExitCode, CliError> {
    let total = sum(days);
    if json {
        let row = |day: &DayTotals| DayJson { day: day.day.date(), amounts: amounts_json(day) };
        let money = money.iter().map(MoneyJson::from).collect();
        print_json(&TotalsJson { days: days.iter().map(row).collect(), total: amounts_json(&total), money })?;
        return Ok(ExitCode::Success);
    }
    if days.is_empty() && money.is_empty() {
        note(&messages.ledger_none());
    }
    if !days.is_empty() {
        print_credits(days, &total, messages);
    }
    if !money.is_empty() {
        print_money(money, messages);
    }
    Ok(ExitCode::Success)
}

fn print_money(days: &[DayMoney], messages: &CliMessages) {
    print_line("");
    print_line(&messages.ledger_money());
    let mut table = Table::new(&[
        messages.head_day(),
        messages.head_received(),
        messages.head_given(),
        messages.head_revenue(),
        messages.head_owed(),
    ]);
    let cells = |money: [Money; 4]| money.map(|money| messages.number(money.as_f64()));
    for day in days {
        table.add_row([day.day.date()].into_iter().chain(cells(parts(day))));
    }
    let sums = [0, 1, 2, 3].map(|part| days.iter().map(|day| parts(day)[part]).sum::<Money>());
    table.add_row([messages.head_total()].into_iter().chain(cells(sums)));
    table.print();
}

fn print_credits(days: &[DayTotals], total: &DayTotals, messages: &CliMessages) {
    let mut table = Table::new(&[
        messages.head_day(),
        messages.head_held(),
        messages.head_open(),
        messages.head_captured(),
        messages.head_released(),
        messages.head_cost(),
        messages.head_difference(),
    ]);
    let cells = |totals: &DayTotals| amounts(totals).map(|credits| messages.number(credits));
    for day in days {
        table.add_row([day.day.date()].into_iter().chain(cells(day)));
    }
    table.add_row([messages.head_total()].into_iter().chain(cells(total)));
    table.print();
}

fn print_report(report: &BooksReport, json: bool, messages: &CliMessages) -> Result<ExitCode, CliError> {
    let BooksReport { jobs, newer, mistakes, wallets, owed, wrong_wallets, wrong_payments, .. } = report;
    let BooksReport { cost_without_capture, capture_without_cost, .. } = report;
    let agrees = report.agrees();
    if json {
        let mistakes = mistakes.iter().map(|(job, mistake)| MistakeJson {
            job: &job.0,
            mistake: mistake.as_str(),
            message: messages.ledger_mistake(mistake.as_str()),
        });
        print_json(&CheckJson {
            agrees,
            jobs: *jobs,
            newer_version: *newer,
            mistakes: mistakes.collect(),
            wallets: *wallets,
            owed: (*owed).into(),
            wrong_wallets: wrong_wallets.iter().map(WrongWalletJson::from).collect(),
            payments: report.payments,
            wrong_payments: wrong_payments.iter().map(|payment| payment.id.0.as_str()).collect(),
            cost_without_capture: cost_without_capture.into(),
            capture_without_cost: capture_without_cost.into(),
        })?;
    } else {
        for (job, mistake) in mistakes {
            print_line(&format!("{}: {}", job.0, messages.ledger_mistake(mistake.as_str())));
        }
        for WalletAccount { id, stored, booked } in wrong_wallets {
            let [stored, booked] = [stored, booked].map(|it| {
                format!("{} + {}", messages.number(it.available.as_f64()), messages.number(it.held.as_f64()))
            });
            print_line(&messages.ledger_wrong_wallet(&booked, &stored, &id.0.to_string()));
        }
        for payment in wrong_payments {
            let [credited, booked_credit, taken, booked_taken] =
                [payment.amount, payment.booked_amount, payment.taken, payment.booked_taken]
                    .map(|money| messages.number(money.as_f64()));
            let (stored, booked) = (format!("{credited} - {taken}"), format!("{booked_credit} - {booked_taken}"));
            print_line(&messages.ledger_wrong_payment(&booked, &stored, &payment.id.0));
        }
        let ids = |noted: &Noted| {
            let named: Vec<&str> = noted.first.iter().map(|job| job.0.as_str()).collect();
            let more = if noted.count > named.len() as u64 { ", …" } else { "" };
            format!("{}{more}", named.join(", "))
        };
        if cost_without_capture.count > 0 {
            note(&messages.ledger_not_captured(&ids(cost_without_capture), cost_without_capture.count));
        }
        if capture_without_cost.count > 0 {
            note(&messages.ledger_no_cost(&ids(capture_without_cost), capture_without_cost.count));
        }
        if *newer > 0 {
            note(&messages.ledger_newer(*newer));
        }
        if *wallets > 0 {
            note(&messages.ledger_owed(
                &messages.number(owed.available.as_f64()),
                &messages.number(owed.held.as_f64()),
                *wallets,
            ));
        }
        let count = (mistakes.len() + wrong_wallets.len() + wrong_payments.len()) as u64;
        print_line(&if agrees { messages.ledger_agrees(*jobs) } else { messages.ledger_disagrees(count, *jobs) });
    }
    Ok(if agrees { ExitCode::Success } else { ExitCode::Failure })
}
