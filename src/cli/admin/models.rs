//! `kie-bot admin models`.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::Serialize;
use serde_json::Value;

use crate::assortment::{ModelOption, ModelOptionError, ModelRule, RuleChange, RuleChangeError};
use crate::cli::output::{note, print_json};
use crate::cli::table::Table;
use crate::cli::{CliError, example, input};
use crate::job::UserId;
use crate::l10n::{CliMessages, Lang, Messages};
use crate::ledger::{Credits, Money};
use crate::models;
use crate::schema::spec::ModelSpec;
use crate::schema::value_ref::AsValueRef;
use crate::service::{ModelAdmin, ModelAdminError};
use crate::tariff::Markup;

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
pub(super) struct Args {
    #[command(subcommand)]
    command: ModelsCommand,
}

#[derive(Debug, clap::Subcommand)]
enum ModelsCommand {
    /// List the rules.
    List(ListArgs),
    /// Change the rule of a model: all of what is said, or nothing.
    Set(SetArgs),
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("change").required(true).multiple(true)
    .args(["off", "on", "only", "for_all", "deny", "allow", "credits", "price", "markup"]))]
struct SetArgs {
    /// The model.
    #[arg(value_name = "MODEL")]
    model: String,
    /// Nobody may order it, admins neither. What was ordered before is made.
    #[arg(long, conflicts_with = "on")]
    off: bool,
    /// It may be ordered again.
    #[arg(long)]
    on: bool,
    /// Only these people, by their numbers at Telegram, and admins may order it.
    #[arg(long, value_name = "ID", value_delimiter = ',', conflicts_with = "for_all")]
    only: Vec<i64>,
    /// All may order it.
    #[arg(long)]
    for_all: bool,
    /// A value that nobody may order.
    #[arg(long, value_name = "FIELD=VALUE", value_parser = option_arg)]
    deny: Vec<OptionArg>,
    /// A value that may be ordered again.
    #[arg(long, value_name = "FIELD=VALUE", value_parser = option_arg)]
    allow: Vec<OptionArg>,
    /// What an order costs at KIE, for a model whose price is not known; 0 is free. Without it, it cannot be ordered.
    #[arg(long, value_name = "N|none", value_parser = decided(input::credits_arg))]
    credits: Option<Decided<Credits>>,
    /// What people pay for an order, whatever it costs at KIE.
    #[arg(long, value_name = "N|none", value_parser = decided(price_arg))]
    price: Option<Decided<Money>>,
    /// What is added to the price at KIE, instead of the markup of PRICE.
    #[arg(long, value_name = "N%|none", value_parser = decided(markup_arg))]
    markup: Option<Decided<Markup>>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// A value, or `none`.
#[derive(Debug, Clone, Copy)]
struct Decided<T>(Option<T>);

/// A field and one of its values, as text.
#[derive(Debug, Clone)]
struct OptionArg {
    field: String,
    value: String,
}

fn decided<T>(
    read: impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static,
) -> impl Fn(&str) -> Result<Decided<T>, String> + Clone + Send + Sync + 'static {
    move |text| if text == "none" { Ok(Decided(None)) } else { read(text).map(|value| Decided(Some(value))) }
}

fn option_arg(text: &str) -> Result<OptionArg, String> {
    let parts = text.split_once('=').map(|(field, value)| (field.trim(), value.trim()));
    let (field, value) = parts.filter(|(field, _)| !field.is_empty()).ok_or("must be FIELD=VALUE")?;
    Ok(OptionArg { field: field.to_owned(), value: value.to_owned() })
}

fn price_arg(text: &str) -> Result<Money, String> {
    let money = Money::from_str(text).ok().filter(|money| *money >= Money::ZERO);
    money.ok_or_else(|| "must be an amount, e.g. 12.5".to_owned())
}

fn markup_arg(text: &str) -> Result<Markup, String> {
    let percent = Money::from_str(text.strip_suffix('%').unwrap_or(text)).ok();
    let markup = percent.and_then(|percent| u32::try_from(percent.hundredths()).ok());
    markup.map(Markup).ok_or_else(|| "must be a percentage, e.g. 30%".to_owned())
}

fn examples() -> Vec<String> {
    let model = example::TextModel::find().id;
    vec!["admin models list".into(), format!("admin models set {model} --only 5000001,5000002 --price 12.5")]
}

/// Its JSON form is stable.
#[derive(Serialize)]
struct RuleRow {
    model: String,
    /// Whether the registry has the model.
    known: bool,
    off: bool,
    /// The people who may order it, besides admins; null is all.
    only: Option<Vec<i64>>,
    /// Values, by field.
    denied: BTreeMap<String, Vec<Value>>,
    credits: Option<f64>,
    price: Option<f64>,
    /// In percent.
    markup: Option<f64>,
}

impl RuleRow {
    fn new(model: String, rule: ModelRule) -> Self {
        Self {
            known: models::find(&model).is_some(),
            model,
            off: rule.is_off,
            only: rule.only_for.map(|people| people.into_iter().map(|user| user.0).collect()),
            denied: rule.denied,
            credits: rule.credits.map(Credits::as_f64),
            price: rule.price.map(Money::as_f64),
            markup: rule.markup.map(|markup| f64::from(markup.0) / 100.0),
        }
    }
}

pub(super) async fn run(args: Args, admin: &ModelAdmin, lang: Lang) -> Result<(), CliError> {
    let messages = CliMessages::of(lang);
    match args.command {
        ModelsCommand::List(ListArgs { json }) => match admin.rules().await {
            Ok(rules) => print_rules(rules, json, messages),
            Err(error) => Err(CliError::Failed(error.to_string())),
        },
        ModelsCommand::Set(args) => {
            let spec = input::model(&args.model, Messages::of(lang))?.spec;
            match admin.change(spec, &changes(spec, &args, messages)?).await {
                Ok((_, rule)) if args.json => print_json(&RuleRow::new(spec.id.to_owned(), rule)),
                Ok((_, rule)) => print_rules(vec![(spec.id.to_owned(), rule)], false, messages),
                Err(error) => Err(refusal(spec, error, messages)),
            }
        }
    }
}

/// What was said, checked against the registry.
fn changes(spec: &'static ModelSpec, args: &SetArgs, messages: &CliMessages) -> Result<Vec<RuleChange>, CliError> {
    let SetArgs { off, on, only, for_all, deny, allow, credits, price, markup, .. } = args;
    let mut changes = Vec::new();
    changes.extend(off.then_some(RuleChange::Off));
    changes.extend(on.then_some(RuleChange::On));
    changes.extend(for_all.then_some(RuleChange::ForAll));
    if !only.is_empty() {
        if let Some(wrong) = only.iter().find(|id| **id <= 0) {
            return Err(CliError::BadInput(messages.forget_bad_user(&wrong.to_string())));
        }
        changes.push(RuleChange::OnlyFor(only.iter().map(|id| UserId(*id)).collect()));
    }
    // What is allowed again comes first: with what is denied then, something must be left.
    for option in allow {
        changes.push(RuleChange::Allow(find(spec, option, messages)?));
    }
    for option in deny {
        changes.push(RuleChange::Deny(find(spec, option, messages)?));
    }
    changes.extend(credits.map(|Decided(credits)| RuleChange::Credits(credits)));
    changes.extend(price.map(|Decided(price)| RuleChange::Price(price)));
    changes.extend(markup.map(|Decided(markup)| RuleChange::Markup(markup)));
    Ok(changes)
}

fn find(spec: &'static ModelSpec, option: &OptionArg, messages: &CliMessages) -> Result<ModelOption, CliError> {
    let OptionArg { field, value } = option;
    ModelOption::find(spec, field, value).map_err(|error| {
        CliError::BadInput(match error {
            ModelOptionError::UnknownField { nearest } => {
                let text = messages.rule_no_field(field, spec.id);
                nearest.map_or(text.clone(), |nearest| messages.rule_nearest(&nearest, &text))
            }
            ModelOptionError::NoValues { field } => messages.rule_no_values(field),
            ModelOptionError::UnknownValue { field, nearest, values } => {
                let text = if values.is_empty() {
                    messages.rule_no_value(field, value)
                } else {
                    messages.rule_no_value_of(field, value, &values.join(", "))
                };
                nearest.map_or(text.clone(), |nearest| messages.rule_nearest(&nearest, &text))
            }
        })
    })
}

fn refusal(spec: &ModelSpec, error: ModelAdminError, messages: &CliMessages) -> CliError {
    match error {
        ModelAdminError::Store(error) => CliError::Failed(error.to_string()),
        ModelAdminError::Busy => CliError::Failed(messages.rule_busy()),
        ModelAdminError::Change(RuleChangeError::Priced) => CliError::BadInput(messages.rule_priced(spec.id)),
        ModelAdminError::Change(RuleChangeError::NothingLeft { field }) => {
            CliError::BadInput(messages.rule_nothing_left(field))
        }
        ModelAdminError::Change(error @ RuleChangeError::Nobody) => CliError::BadInput(error.to_string()),
    }
}

fn print_rules(rules: Vec<(String, ModelRule)>, json: bool, messages: &CliMessages) -> Result<(), CliError> {
    let rows: Vec<RuleRow> = rules.into_iter().map(|(model, rule)| RuleRow::new(model, rule)).collect();
    if json {
        return print_json(&rows);
    }
    if rows.is_empty() {
        note(&messages.rule_none());
        return Ok(());
    }
    let mut table = Table::new(&[
        messages.head_model(),
        messages.head_state(),
        messages.head_only(),
        messages.head_denied(),
        messages.head_credits(),
        messages.head_price(),
        messages.head_markup(),
    ]);
    for row in rows {
        let state = match (row.known, row.off) {
            (false, _) => messages.rule_unknown(),
            (true, true) => messages.rule_off(),
            (true, false) => messages.rule_on(),
        };
        let only = row.only.unwrap_or_default().iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        let denied = row
            .denied
            .iter()
            .flat_map(|(field, values)| values.iter().map(move |value| format!("{field}={}", value.as_value_ref())));
        let number = |amount: Option<f64>| amount.map(|amount| messages.number(amount)).unwrap_or_default();
        let denied = denied.collect::<Vec<_>>().join(", ");
        let markup = row.markup.map(|percent| format!("{}%", messages.number(percent))).unwrap_or_default();
        table.add_row([row.model, state, only, denied, number(row.credits), number(row.price), markup]);
    }
    table.print();
    Ok(())
}
