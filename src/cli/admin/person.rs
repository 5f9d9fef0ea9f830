//! `kie-bot admin people`, `person`, `gift`, `limit`, `block` and `unblock`.

use serde::Serialize;

use super::{Operation, failed};
use crate::access::{AccessPolicy, Party};
use crate::cli::CliError;
use crate::cli::output::{note, print_json, print_line};
use crate::cli::table::Table;
use crate::job::UserId;
use crate::ledger::{Money, WalletId};
use crate::quota::PersonQuotas;
use crate::service::{LimitError, PersonAccount};
use crate::store::Booked;
use crate::user::Person;

/// Most people that a name may mean, when it must mean one.
const SHOWN: usize = 5;

#[derive(Debug, clap::Args)]
pub(super) struct FindArgs {
    /// What to look for.
    #[arg(value_name = "TEXT")]
    text: Vec<String>,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u32,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct PersonArgs {
    /// The person.
    #[arg(value_name = "PERSON")]
    person: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct GiftArgs {
    /// The person.
    #[arg(value_name = "PERSON")]
    person: String,
    /// How much, in the unit that people pay in: a number with at most two decimals.
    #[arg(value_name = "AMOUNT", allow_hyphen_values = true)]
    amount: String,
    /// Why; the person reads it in the statement.
    #[arg(value_name = "NOTE")]
    note: Option<String>,
    /// Makes the gift one of a kind: a second one with the same key books nothing.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct LimitArgs {
    /// The person.
    #[arg(value_name = "PERSON")]
    person: String,
    /// The limits that change.
    #[arg(value_name = "LIMIT=N", required = true)]
    change: Vec<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Its JSON form is stable.
#[derive(Serialize)]
struct PersonRow<'a> {
    user: i64,
    name: &'a str,
    user_name: Option<&'a str>,
    language: &'a str,
    created_at_ms: i64,
    seen_at_ms: Option<i64>,
}

/// Its JSON form is stable. Amounts are in credits, except the balance.
#[derive(Serialize)]
struct AccountRow<'a> {
    #[serde(flatten)]
    person: PersonRow<'a>,
    allowed: bool,
    denied: bool,
    jobs: u64,
    spent_day: f64,
    spent_month: f64,
    /// As `admin limit` takes them; null without any.
    limits: Option<String>,
    available: f64,
    held: f64,
    /// Until when a subscription is paid; null without one.
    subscribed_until_ms: Option<i64>,
    /// What became of a gift: `new`, or `known` when the key was used before; absent after other commands.
    #[serde(skip_serializing_if = "Option::is_none")]
    booked: Option<&'static str>,
}

fn row(person: &Person) -> PersonRow<'_> {
    PersonRow {
        user: person.id.0,
        name: &person.name,
        user_name: person.user_name.as_deref(),
        language: &person.language,
        created_at_ms: person.created_at.millis(),
        seen_at_ms: person.seen_at.map(crate::clock::Timestamp::millis),
    }
}

fn account_row(account: &PersonAccount) -> AccountRow<'_> {
    let PersonAccount { person, access, spending, quotas, wallet, subscriptions } = account;
    AccountRow {
        person: row(person),
        allowed: access.is_allowed,
        denied: access.is_denied,
        jobs: spending.jobs,
        spent_day: spending.day.as_f64(),
        spent_month: spending.month.as_f64(),
        limits: (*quotas != PersonQuotas::default()).then(|| quotas.to_string()),
        available: wallet.available.as_f64(),
        held: wallet.held.as_f64(),
        subscribed_until_ms: subscriptions.first().map(|subscription| subscription.until.millis()),
        booked: None,
    }
}

impl Operation<'_> {
    pub(super) async fn people(&self, args: &FindArgs) -> Result<(), CliError> {
        let people = if args.text.is_empty() {
            self.users.seen_last(args.limit).await
        } else {
            self.users.find(&args.text.join(" "), args.limit as usize).await
        };
        let people = people.map_err(failed)?;
        if args.json {
            return print_json(&people.iter().map(row).collect::<Vec<_>>());
        }
        if people.is_empty() {
            note(&self.messages.people_none());
        } else {
            self.table(&people).print();
        }
        Ok(())
    }

    pub(super) async fn person(&self, args: &PersonArgs) -> Result<(), CliError> {
        let user = self.one_person(&args.person).await?;
        self.print_account(user, args.json, None).await
    }

    pub(super) async fn give(&self, args: &GiftArgs) -> Result<(), CliError> {
        let amount = args.amount.parse::<Money>().ok().filter(|amount| *amount != Money::ZERO);
        let amount = amount.ok_or_else(|| CliError::BadInput(self.messages.gift_bad_amount(&args.amount)))?;
        let user = self.one_person(&args.person).await?;
        let key = args.key.clone().unwrap_or_else(|| uuid::Uuid::now_v7().simple().to_string());
        let key = format!("cli:{}:{key}", user.0);
        let booked = match self.wallets.give(WalletId::from(user), amount, &key, args.note.clone()).await {
            Ok(Booked::New) => "new",
            Ok(Booked::Known) => "known",
            Ok(Booked::Short) => return Err(CliError::Failed(self.messages.gift_short(&user.0.to_string()))),
            Err(error) => return Err(failed(error)),
        };
        if booked == "known" {
            note(&self.messages.gift_known());
        }
        self.print_account(user, args.json, Some(booked)).await
    }

    pub(super) async fn limit(&self, args: &LimitArgs) -> Result<(), CliError> {
        let user = self.one_person(&args.person).await?;
        match self.users.limit(user, &args.change.join(" ")).await {
            Ok(_) => self.print_account(user, args.json, None).await,
            Err(LimitError::Unreadable(error)) => Err(CliError::BadInput(self.messages.limit_unreadable(&error.0))),
            Err(LimitError::Unknown) => Err(CliError::BadInput(self.messages.person_none(&args.person))),
            Err(LimitError::Store(error)) => Err(failed(error)),
        }
    }

    pub(super) async fn block(&self, args: &PersonArgs, is_blocked: bool) -> Result<(), CliError> {
        let user = self.one_person(&args.person).await?;
        if !is_blocked && self.policy == AccessPolicy::Open {
            self.users.remove_access(user.0).await.map_err(failed)?;
        } else {
            // What is known of the name is kept.
            self.users.put_access(Party::numbered(user.0), !is_blocked, "").await.map_err(failed)?;
        }
        if self.policy == AccessPolicy::Owner {
            note(&self.messages.block_owner());
        }
        self.print_account(user, args.json, None).await
    }

    /// The person whom a text names.
    ///
    /// # Errors
    /// When nobody or several people are called so.
    pub(super) async fn one_person(&self, text: &str) -> Result<UserId, CliError> {
        let people = self.users.find(text, SHOWN).await.map_err(failed)?;
        match people.as_slice() {
            [person] => Ok(person.id),
            [] => Err(CliError::BadInput(self.messages.person_none(text))),
            several => {
                let names: Vec<String> =
                    several.iter().map(|person| format!("{} {}", person.id.0, person.name)).collect();
                Err(CliError::BadInput(self.messages.person_several(text, &names.join(", "))))
            }
        }
    }

    fn table(&self, people: &[Person]) -> Table {
        let messages = self.messages;
        let head = [messages.head_user(), messages.head_name(), messages.head_user_name(), messages.head_seen()];
        let mut table = Table::new(&head);
        for person in people {
            table.add_row([
                person.id.0.to_string(),
                person.name.clone(),
                person.user_name.clone().unwrap_or_default(),
                person.seen_at.map(|at| at.date()).unwrap_or_default(),
            ]);
        }
        table
    }

    async fn print_account(&self, user: UserId, json: bool, booked: Option<&'static str>) -> Result<(), CliError> {
        let account = self.users.account(user).await.map_err(failed)?;
        let account = account.ok_or_else(|| CliError::BadInput(self.messages.person_none(&user.0.to_string())))?;
        if json {
            return print_json(&AccountRow { booked, ..account_row(&account) });
        }
        self.table(std::slice::from_ref(&account.person)).print();
        let (texts, messages) = (self.messages.texts(), self.messages);
        let access = match (account.access.is_denied, account.access.is_allowed) {
            (true, _) => "denied",
            (false, true) => "allowed",
            (false, false) => "none",
        };
        print_line(&texts.admin_person_access(access));
        print_line(&texts.admin_person_jobs(&account.spending.jobs.to_string()));
        let (day, month) = (texts.amount(account.spending.day), texts.amount(account.spending.month));
        print_line(&texts.admin_person_spent(&day, &month));
        print_line(&messages.person_balance(
            &messages.number(account.wallet.available.as_f64()),
            &messages.number(account.wallet.held.as_f64()),
        ));
        if account.quotas != PersonQuotas::default() {
            print_line(&texts.admin_person_limits(&account.quotas.to_string()));
        }
        Ok(())
    }
}
