//! `kie-bot show`.

mod health;
mod limit;
mod registry;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::models::alias_values;
use super::output::{print_json, print_line};
use super::price::{discount, notes, price_range, rows_on};
use super::table::Table;
use super::{CliError, ExitCode, example, input};
use crate::clock::{Clock, SystemClock};
use crate::l10n::{CliMessages, Lang, Messages};
use crate::schema::spec::{
    AliasSpec, FieldSpec, Kind, ModelRef, ModelSpec, OptionSpec, PriceRow, Range, RuleSpec, WebhookNeed,
};
use crate::schema::value_ref::{AsValueRef, ValueRef};
use crate::service::Health;

/// Width of the labels, in characters.
const LABEL_WIDTH: usize = 12;

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
pub(super) struct Args {
    /// The model's id or another name of it.
    model: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn examples() -> Vec<String> {
    let id = example::TextModel::find().id;
    vec![format!("show {id}"), format!("show {id} --json")]
}

pub(super) async fn run(args: Args, lang: Lang) -> Result<ExitCode, CliError> {
    let model = input::model(&args.model, Messages::of(lang))?;
    let today = SystemClock.now().date();
    let health = health::read(model.spec).await;
    if args.json {
        print_json(&describe(model.spec, health, lang))?;
    } else {
        print(model, health, CliMessages::of(lang), &today);
    }
    Ok(ExitCode::Success)
}

fn print(model: ModelRef, health: Option<Health>, messages: &CliMessages, today: &str) {
    let (spec, texts) = (model.spec, messages.texts());
    print_line(&format!("{} - {}", spec.id, texts.localized(&spec.title)));
    print_line(texts.localized(&spec.about));
    print_line("");
    let types: Vec<&str> = spec.tasks.iter().map(|t| t.id).collect();
    let mut facts = vec![
        (messages.fact_provider(), spec.provider.to_owned()),
        (messages.fact_type(), types.join(", ")),
        (messages.fact_result(), messages.output(spec.output.as_str())),
        (messages.fact_status(), messages.status(spec.status.as_str())),
        (messages.fact_credits(), price_range(spec, today, messages)),
    ];
    if let Some(price) = spec.price {
        facts.push((messages.fact_priced(), price.as_of.to_owned()));
        facts.extend(discount(price, today, messages).map(|words| (messages.fact_discount(), words)));
    }
    if let Some(health) = health {
        let percent = health.percent();
        let words = if health.is_poor() { messages.health_poor(percent) } else { messages.health(percent) };
        facts.push((messages.fact_health(), words));
    }
    if !spec.aliases.is_empty() {
        let names: Vec<String> = spec.aliases.iter().map(alias).collect();
        facts.push((messages.fact_aliases(), names.join(", ")));
    }
    if let Some(values) = input::presets(model.presets) {
        facts.push((messages.fact_name(), messages.name_implies(model.name, &values)));
    }
    for next in spec.next {
        facts.push((messages.fact_next(), format!("{}: {}", next.model, next.label.get(messages.lang()))));
    }
    if spec.webhook != WebhookNeed::Optional {
        facts.push((messages.fact_webhook(), messages.webhook_need(spec.webhook.as_str())));
    }
    if let Some(nearest) = spec.nearest {
        facts.push((messages.fact_nearest(), nearest.to_owned()));
    }
    for (name, value) in facts {
        print_line(&format!("  {name:<LABEL_WIDTH$}  {value}"));
    }
    if let Some(trouble) = input::trouble(spec, texts) {
        print_line(&trouble);
    }
    print_line("");
    let head = [messages.head_field(), messages.head_limits(), messages.head_default(), messages.head_what()];
    let mut fields = Table::new(&head);
    add_fields(&mut fields, "", spec.fields, messages);
    fields.print();
    print_line(&format!("  {}", messages.required_star()));
    if !spec.rules.is_empty() {
        print_line("");
        print_line(&messages.part_rules());
        spec.rules.iter().for_each(|rule| print_line(&format!("  {}", texts.rule(rule))));
    }
    print_price(spec, today, messages);
    print_line("");
    print_line(&messages.part_example());
    print_line(&format!("  kie-bot generate {} --input '{}'", spec.id, spec.example));
}

/// An alias with the input values that it stands for.
fn alias(alias: &AliasSpec) -> String {
    let values = input::presets(alias.presets).map(|values| format!(" ({values})"));
    alias.name.to_owned() + &values.unwrap_or_default()
}

fn add_fields(table: &mut Table, prefix: &str, fields: &'static [FieldSpec], messages: &CliMessages) {
    for field in fields {
        let label = field.label.get(messages.lang());
        let what = if field.deprecated { messages.ends_soon(label) } else { label.to_owned() };
        let default = field.default.and_then(|text| serde_json::from_str::<Value>(text).ok());
        let default = default.map_or_else(String::new, |value| value.as_value_ref().to_string());
        let star = if field.required && field.default.is_none() { " *" } else { "" };
        table.add_row([
            &format!("{prefix}{}{star}", field.name),
            &limit::describe(&field.kind, messages),
            &default,
            &what,
        ]);
        let (inner, prefix) = match &field.kind {
            Kind::List(list) => (list.item, format!("{prefix}{}[].", field.name)),
            other => (other, format!("{prefix}{}.", field.name)),
        };
        if let Kind::Object(inner) = inner {
            add_fields(table, &prefix, inner, messages);
        }
    }
}

/// Prints the price table, unless the price is a single amount.
fn print_price(spec: &ModelSpec, today: &str, messages: &CliMessages) {
    let Some(price) = spec.price else { return };
    let rows = rows_on(price, today);
    let notes = notes(price, messages);
    let is_plain = rows.iter().all(|row| row.when.is_empty());
    if is_plain && notes.is_empty() {
        return;
    }
    print_line("");
    print_line(&messages.part_price());
    let rows = if is_plain { &[] } else { rows };
    let unit = messages.unit(price.unit);
    let amounts: Vec<String> =
        rows.iter().map(|row| messages.price_for(&messages.number(row.credits), &unit)).collect();
    let width = amounts.iter().map(|amount| amount.chars().count()).max().unwrap_or(0);
    for (amount, row) in amounts.iter().zip(rows) {
        print_line(&format!("  {amount:>width$}  {}", row_words(row, messages)));
    }
    notes.iter().for_each(|line| print_line(&format!("  {line}")));
}

/// The conditions of a price row as text.
fn row_words(row: &PriceRow, messages: &CliMessages) -> String {
    let all: Vec<String> = row.when.iter().map(|one| limit::condition(one, messages)).collect();
    if all.is_empty() { messages.when_otherwise() } else { all.join(", ") }
}

fn describe(spec: &'static ModelSpec, health: Option<Health>, lang: Lang) -> Value {
    json!({
        "id": spec.id,
        "title": spec.title.get(lang),
        "about": spec.about.get(lang),
        "provider": spec.provider,
        "type": spec.tasks.first().map(|t| t.id),
        "types": spec.tasks.iter().map(|t| t.id).collect::<Vec<_>>(),
        "output": spec.output.as_str(),
        "webhook": spec.webhook.as_str(),
        "status": spec.status.as_str(),
        "health": health::json(health),
        "nearest": spec.nearest,
        "route": spec.route,
        "next": spec.next.iter().map(|next| registry::next(next, lang)).collect::<Vec<_>>(),
        "aliases": spec.aliases.iter().map(|alias| alias.name).collect::<Vec<_>>(),
        "alias_values": alias_values(spec),
        "fields": fields(spec.fields, lang),
        "rules": spec.rules.iter().map(|rule| self::rule(rule, lang)).collect::<Vec<_>>(),
        "price": spec.price.map(registry::price),
        "example": serde_json::from_str::<Value>(spec.example).unwrap_or(Value::Null),
        "line": spec.line,
    })
}

/// A rule in the registry's form, with its sentence in `text`.
fn rule(rule: &RuleSpec, lang: Lang) -> Value {
    let mut map = registry::rule(rule);
    map.insert("text".into(), Messages::of(lang).rule(rule).into());
    Value::Object(map)
}

fn fields(specs: &'static [FieldSpec], lang: Lang) -> Vec<Value> {
    let one = |field: &'static FieldSpec| {
        let mut value = kind(&field.kind, lang);
        if let Value::Object(map) = &mut value {
            map.insert("name".into(), field.name.into());
            map.insert("label".into(), field.label.get(lang).into());
            map.insert("required".into(), field.required.into());
            map.insert(
                "default".into(),
                field.default.and_then(|d| serde_json::from_str(d).ok()).unwrap_or(Value::Null),
            );
            map.insert("aliases".into(), field.aliases.into());
            map.insert("advanced".into(), field.advanced.into());
            map.insert("deprecated".into(), field.deprecated.into());
        }
        value
    };
    specs.iter().map(one).collect()
}

#[derive(Serialize)]
struct JsonRange<T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<T>,
}

fn kind(kind: &'static Kind, lang: Lang) -> Value {
    let bounds = |range: Option<Range>| range.map(|r| JsonRange { min: r.min, max: r.max });
    match kind {
        Kind::Text(t) => json!({
            "type": "string", "min": t.min, "max": t.max, "max_cjk": t.max_cjk,
            "format": t.format.map(|format| format.example()),
        }),
        Kind::Integer(n) => json!({
            "type": "integer", "min": n.min, "max": n.max, "step": n.step, "also": n.extra_values, "except": n.excluded,
        }),
        Kind::Decimal(n) => json!({
            "type": "number", "min": n.min, "max": n.max, "step": n.step, "above_min": n.above_min,
        }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Choice(choice) => {
            let value = |option: &OptionSpec| ValueRef::from(option.value).to_json();
            let label = |option: &OptionSpec| {
                let label = option.label?.get(lang);
                Some((ValueRef::from(option.value).to_string(), label.into()))
            };
            let labels: Map<String, Value> = choice.options.iter().filter_map(label).collect();
            json!({
                "type": "enum",
                "values": choice.options.iter().map(value).collect::<Value>(),
                "value_names": choice.named,
                "labels": labels,
                "discontinued": choice.options.iter().filter(|option| option.discontinued).map(value).collect::<Value>(),
            })
        }
        Kind::Media(media) => json!({
            "type": "media",
            "of": media.of.iter().map(|kind| kind.as_str()).collect::<Value>(),
            "mime": media.mime,
            "max_mb": media.max_mb,
            "seconds": bounds(media.seconds),
            "ratio": bounds(media.ratio),
            "side_px": bounds(media.side_px),
            "short_side_px": bounds(media.short_side_px),
            "long_side_px": bounds(media.long_side_px),
            "total_px": bounds(media.total_px),
            "fps": bounds(media.fps),
            "schemes": media.schemes,
        }),
        Kind::Task(task) => json!({
            "type": "task", "from": task.models, "id_of": if task.of_result { "result" } else { "task" },
        }),
        Kind::List(list) => json!({
            "type": "array",
            "count": JsonRange { min: Some(list.min), max: list.max },
            "total_seconds": list.total_seconds,
            "item": self::kind(list.item, lang),
        }),
        Kind::Object(inner) => json!({ "type": "object", "fields": fields(inner, lang) }),
    }
}
