//! `kie-bot admin purse`.

use serde::Serialize;

use super::{Operation, failed};
use crate::cli::CliError;
use crate::cli::output::{note, print_json, print_line};
use crate::ledger::{Money, WalletId};
use crate::store::Booked;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The group's number, which is below 0.
    #[arg(value_name = "GROUP", allow_negative_numbers = true, value_parser = group_arg)]
    group: WalletId,
    /// To whom some of it is given back.
    #[arg(long, value_name = "PERSON", requires = "amount")]
    to: Option<String>,
    /// How much, in the unit that people pay in: a number with at most two decimals.
    #[arg(long, value_name = "N", allow_hyphen_values = true, value_parser = amount_arg, requires = "to")]
    amount: Option<Money>,
    /// Makes it one of a kind: a second one with the same key books nothing.
    #[arg(long, value_name = "KEY", requires = "to")]
    key: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Its JSON form is stable.
#[derive(Serialize)]
struct PurseRow {
    group: i64,
    available: f64,
    held: f64,
    /// What became of what was given back: `new`, or `known` when the key was used before; absent where nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    booked: Option<&'static str>,
}

fn group_arg(text: &str) -> Result<WalletId, String> {
    let group = text.parse().ok().map(WalletId).filter(|wallet| wallet.is_group());
    group.ok_or_else(|| "the number of a group, below 0, e.g. -1001234567890".to_owned())
}

fn amount_arg(text: &str) -> Result<Money, String> {
    let amount = text.parse().ok().filter(|amount| *amount > Money::ZERO);
    amount.ok_or_else(|| "a number above 0 with at most two decimals".to_owned())
}

impl Operation<'_> {
    pub(super) async fn purse(&self, args: &Args) -> Result<(), CliError> {
        let booked = match (&args.to, args.amount) {
            (Some(to), Some(amount)) => Some(self.return_purse(args, to, amount).await?),
            (Some(_) | None, _) => None,
        };
        let wallet = self.wallets.wallet(args.group).await.map_err(failed)?;
        let (available, held) = (wallet.available.as_f64(), wallet.held.as_f64());
        if args.json {
            return print_json(&PurseRow { group: args.group.0, available, held, booked });
        }
        let messages = self.messages;
        print_line(&messages.purse_balance(
            &args.group.0.to_string(),
            &messages.number(available),
            &messages.number(held),
        ));
        Ok(())
    }

    async fn return_purse(&self, args: &Args, to: &str, amount: Money) -> Result<&'static str, CliError> {
        let user = self.one_person(to).await?;
        let key = args.key.clone().unwrap_or_else(|| uuid::Uuid::now_v7().simple().to_string());
        let key = format!("cli:{}:{key}", args.group.0);
        match self.wallets.return_purse(args.group, user, amount, &key).await {
            Ok(Booked::New) => Ok("new"),
            Ok(Booked::Known) => {
                note(&self.messages.gift_known());
                Ok("known")
            }
            Ok(Booked::Short) => Err(CliError::Failed(self.messages.purse_short(&args.group.0.to_string()))),
            Err(error) => Err(failed(error)),
        }
    }
}
