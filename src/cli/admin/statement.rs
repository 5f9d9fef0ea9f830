//! `kie-bot admin statement`.

use serde::Serialize;

use super::{Operation, failed};
use crate::cli::CliError;
use crate::cli::output::{note, print_json};
use crate::cli::table::Table;
use crate::ledger::{Money, WalletId};
use crate::transfer::{Account, Transfer};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The person, or a group by its number below 0.
    #[arg(value_name = "PERSON", allow_hyphen_values = true)]
    person: String,
    /// Only movements before that one, by its id.
    #[arg(long, value_name = "ID")]
    before: Option<i64>,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u32,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Its JSON form is stable.
#[derive(Serialize)]
struct MovementRow<'a> {
    id: i64,
    at_ms: i64,
    /// Why: `hold`, `capture`, `release`, `payment`, `gift` and others.
    kind: &'a str,
    amount: f64,
    /// How much what may be spent changes.
    available: f64,
    /// How much what is held changes.
    held: f64,
    job: Option<&'a str>,
    note: Option<&'a str>,
}

impl MovementRow<'_> {
    fn of((id, transfer): &(i64, Transfer)) -> MovementRow<'_> {
        MovementRow {
            id: *id,
            at_ms: transfer.at.millis(),
            kind: transfer.kind.as_str(),
            amount: transfer.amount.as_f64(),
            available: transfer.change_of(Account::Available).as_f64(),
            held: transfer.change_of(Account::Held).as_f64(),
            job: transfer.job.as_ref().map(|job| job.0.as_str()),
            note: transfer.note.as_deref(),
        }
    }
}

impl Operation<'_> {
    pub(super) async fn statement(&self, args: &Args) -> Result<(), CliError> {
        let wallet = match args.person.parse::<i64>() {
            Ok(number) if WalletId(number).is_group() => WalletId(number),
            _ => WalletId::from(self.one_person(&args.person).await?),
        };
        let movements = self.wallets.statement(wallet, args.before, args.limit).await.map_err(failed)?;
        if args.json {
            return print_json(&movements.iter().map(MovementRow::of).collect::<Vec<_>>());
        }
        let messages = self.messages;
        if movements.is_empty() {
            note(&messages.statement_none());
            return Ok(());
        }
        let head = [
            messages.head_id(),
            messages.head_day(),
            messages.head_kind(),
            messages.head_available(),
            messages.head_held(),
            messages.head_job(),
            messages.head_note(),
        ];
        let mut table = Table::new(&head).unwrapped(&[0, 1, 2]);
        let signed = |money: Money| {
            let number = messages.number(money.as_f64());
            if money > Money::ZERO { format!("+{number}") } else { number }
        };
        for (id, transfer) in &movements {
            table.add_row([
                id.to_string(),
                transfer.at.date(),
                transfer.kind.as_str().to_owned(),
                signed(transfer.change_of(Account::Available)),
                signed(transfer.change_of(Account::Held)),
                transfer.job.as_ref().map(|job| job.0.clone()).unwrap_or_default(),
                transfer.note.clone().unwrap_or_default(),
            ]);
        }
        table.print();
        Ok(())
    }
}
