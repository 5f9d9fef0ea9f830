//! `kie-bot payments`: what people have paid in Telegram Stars.

use std::sync::Arc;

use serde::Serialize;

use super::output::{note, print_json, print_line};
use super::table::Table;
use super::{CliError, ExitCode, example, load_config, open_database, operator};
use crate::app;
use crate::clock::SystemClock;
use crate::invoice::{PaymentId, RefundState, StoredPayment};
use crate::job::UserId;
use crate::l10n::CliMessages;
use crate::service::{PaymentAdmin, RefundError, StarCalls};
use crate::star_subscription::StarSubscription;

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
pub(super) struct Args {
    #[command(subcommand)]
    command: PaymentCommand,
}

#[derive(Debug, clap::Subcommand)]
enum PaymentCommand {
    /// List payments, newest first.
    List(ListArgs),
    /// Give a payment back: all its Stars, and what was credited for them is taken from the balance. Refused when that is
    /// spent. Needs the bot's token.
    Refund(RefundArgs),
    /// Cancel a person's subscriptions: no payment follows the terms that are paid. Needs the bot's token.
    Unsubscribe(UnsubscribeArgs),
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Only those of this person, by number.
    #[arg(long, value_name = "USER")]
    user: Option<i64>,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u32,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct RefundArgs {
    /// The number of the payment, as the list and the receipt show it.
    #[arg(value_name = "PAYMENT")]
    id: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct UnsubscribeArgs {
    /// The person's number at Telegram.
    #[arg(value_name = "USER")]
    user: i64,
    /// Print JSON: those that were canceled now.
    #[arg(long)]
    json: bool,
}

fn examples() -> Vec<String> {
    vec![
        "payments list --user 5000001".into(),
        "payments list --json".into(),
        "payments refund PAYMENT".into(),
        "payments unsubscribe 5000001".into(),
    ]
}

/// Its JSON form is stable.
#[derive(Serialize)]
struct PaymentRow<'a> {
    id: &'a str,
    /// 0: whoever has paid was erased.
    user: i64,
    currency: &'a str,
    total: i64,
    /// In the unit that people pay in; 0 when nothing was credited.
    credited: f64,
    received_at_ms: i64,
    /// `none`, `asked` (Telegram has not answered yet) or `done`.
    refund: &'static str,
    /// What was taken from the balance.
    taken: Option<f64>,
}

impl PaymentRow<'_> {
    fn of(payment: &StoredPayment) -> PaymentRow<'_> {
        PaymentRow {
            id: &payment.id.0,
            user: payment.person.0,
            currency: &payment.currency,
            total: payment.total,
            credited: payment.amount.as_f64(),
            received_at_ms: payment.at.millis(),
            refund: payment.refund.as_str(),
            taken: match payment.refund {
                RefundState::Done { taken, .. } => Some(taken.as_f64()),
                RefundState::Asked => Some(payment.amount.as_f64()),
                RefundState::None => None,
            },
        }
    }
}

pub(super) async fn run(args: Args, messages: &CliMessages) -> Result<ExitCode, CliError> {
    let config = load_config(Some("warn"))?;
    let store = open_database(&config).await?;
    let admin = PaymentAdmin::new(store.clone(), Arc::new(SystemClock), operator());
    let result = match args.command {
        PaymentCommand::List(args) => list(&admin, &args, messages).await,
        PaymentCommand::Refund(RefundArgs { id, json }) => {
            let id = PaymentId(id);
            let refunded = match app::star_calls(&config) {
                Ok(stars) => admin.refund(&id, &stars).await.map_err(|error| refusal(error, &id, messages)),
                Err(error) => Err(CliError::BadInput(error.to_string())),
            };
            refunded.and_then(|payment| show(std::slice::from_ref(&payment), json, messages))
        }
        PaymentCommand::Unsubscribe(UnsubscribeArgs { user, json }) => match app::star_calls(&config) {
            Ok(stars) => unsubscribe(&admin, UserId(user), &stars, json, messages).await,
            Err(error) => Err(CliError::BadInput(error.to_string())),
        },
    };
    store.close().await;
    result.map(|()| ExitCode::Success)
}

/// Its JSON form is stable.
#[derive(Serialize)]
struct SubscriptionRow<'a> {
    user: i64,
    /// The first payment.
    payment: &'a str,
    stars: u32,
    /// What each term brings, in the unit that people pay in.
    amount: f64,
    until_ms: i64,
}

impl SubscriptionRow<'_> {
    fn of(subscription: &StarSubscription) -> SubscriptionRow<'_> {
        SubscriptionRow {
            user: subscription.person.0,
            payment: &subscription.payment.0,
            stars: subscription.pack.stars.get(),
            amount: subscription.pack.amount.as_f64(),
            until_ms: subscription.until.millis(),
        }
    }
}

async fn unsubscribe(
    admin: &PaymentAdmin,
    user: UserId,
    stars: &dyn StarCalls,
    json: bool,
    messages: &CliMessages,
) -> Result<(), CliError> {
    let canceled =
        admin.cancel_subscriptions(user, stars).await.map_err(|error| CliError::Failed(error.to_string()))?;
    if json {
        return print_json(&canceled.iter().map(SubscriptionRow::of).collect::<Vec<_>>());
    }
    if canceled.is_empty() {
        note(&messages.payments_not_subscribed(&user.0.to_string()));
    }
    for subscription in &canceled {
        print_line(&messages.payments_unsubscribed(&subscription.until.date()));
    }
    Ok(())
}

async fn list(admin: &PaymentAdmin, args: &ListArgs, messages: &CliMessages) -> Result<(), CliError> {
    let found = admin.list(args.user.map(UserId), args.limit).await;
    show(&found.map_err(|error| CliError::Failed(error.to_string()))?, args.json, messages)
}

fn show(payments: &[StoredPayment], json: bool, messages: &CliMessages) -> Result<(), CliError> {
    if json {
        return print_json(&payments.iter().map(PaymentRow::of).collect::<Vec<_>>());
    }
    if payments.is_empty() {
        note(&messages.payments_none());
        return Ok(());
    }
    let head = [
        messages.head_day(),
        messages.head_user(),
        messages.head_paid(),
        messages.head_credited(),
        messages.head_refund(),
        messages.head_payment(),
    ];
    let mut table = Table::new(&head).unwrapped(&[0, 5]);
    for payment in payments {
        let refund = match payment.refund {
            RefundState::None => String::new(),
            RefundState::Asked => messages.payment_refund_asked(),
            RefundState::Done { taken, at } => {
                messages.payment_refund_done(&at.date(), &messages.number(taken.as_f64()))
            }
        };
        table.add_row([
            payment.at.date(),
            payment.person.0.to_string(),
            format!("{} {}", payment.total, payment.currency),
            messages.number(payment.amount.as_f64()),
            refund,
            payment.id.to_string(),
        ]);
    }
    table.print();
    Ok(())
}

fn refusal(error: RefundError, id: &PaymentId, messages: &CliMessages) -> CliError {
    match error {
        RefundError::Store(error) => CliError::Failed(error.to_string()),
        RefundError::Unknown => CliError::BadInput(messages.payment_unknown(&id.0)),
        RefundError::Done => CliError::BadInput(messages.payment_refunded_before()),
        RefundError::Erased => CliError::BadInput(messages.payment_erased()),
        RefundError::Spent { amount, available } => CliError::Failed(
            messages.payment_spent(&messages.number(amount.as_f64()), &messages.number(available.as_f64())),
        ),
        RefundError::Refused(why) => CliError::Failed(messages.payment_refund_refused(&why)),
        RefundError::Unanswered(why) => CliError::Failed(messages.payment_refund_unanswered(&why)),
    }
}
