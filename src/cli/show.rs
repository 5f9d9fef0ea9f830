//! `kie-bot show`.

mod limit;

use serde::Serialize;
use serde_json::{Value, json};

use super::models::{output_word, price_range, status_word};
use super::output::{say, say_json, say_table, table};
use super::{CliError, Ending, input};
use crate::bot::texts::Lang;
use crate::schema::spec::{FieldSpec, Kind, Literal, ModelSpec, PriceSpec};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The model's id or another name of it.
    model: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<Ending, CliError> {
    let spec = input::model(&args.model)?;
    if args.json {
        say_json(&describe(spec, lang))?;
    } else {
        print(spec, lang);
    }
    Ok(Ending::Done)
}

fn print(spec: &'static ModelSpec, lang: Lang) {
    say(&format!("{} - {}", spec.id, lang.of(&spec.title)));
    say(lang.of(&spec.about));
    say("");
    let types: Vec<&str> = spec.tasks.iter().map(|t| t.id).collect();
    let mut facts = vec![
        ("provider", spec.provider.to_owned()),
        ("type", types.join(", ")),
        ("result", output_word(spec).to_owned()),
        ("status", status_word(spec.status).to_owned()),
        ("credits", price_range(spec)),
    ];
    if let Some(price) = spec.price {
        facts.push(("priced", price.as_of.to_owned()));
    }
    if !spec.aliases.is_empty() {
        facts.push(("also called", spec.aliases.join(", ")));
    }
    if let Some(nearest) = spec.nearest {
        facts.push(("use instead", nearest.to_owned()));
    }
    for (name, value) in facts {
        say(&format!("  {name:<12}  {value}"));
    }
    say("");
    let mut fields = table(&["FIELD", "TYPE AND LIMITS", "DEFAULT", "WHAT"]);
    add_fields(&mut fields, "", spec.fields, lang);
    say_table(&fields);
    say("  * required");
    if spec.price.is_some_and(|p| p.rows.len() > 1) {
        say("");
        say("PRICE");
        for (condition, credits) in price_rows(spec) {
            say(&format!("  {credits:>8}  {condition}"));
        }
    }
    say("");
    say("EXAMPLE");
    say(&format!("  kie-bot generate {} --input '{}'", spec.id, spec.example));
}

fn add_fields(table: &mut comfy_table::Table, prefix: &str, fields: &'static [FieldSpec], lang: Lang) {
    for field in fields {
        let star = if field.required && field.default.is_none() { " *" } else { "" };
        table.add_row([
            &format!("{prefix}{}{star}", field.name),
            &limit::describe(&field.kind),
            field.default.unwrap_or(""),
            lang.of(&field.label),
        ]);
        let (inner, prefix) = match &field.kind {
            Kind::List(list) => (list.item, format!("{prefix}{}[].", field.name)),
            other => (other, format!("{prefix}{}.", field.name)),
        };
        if let Kind::Object(inner) = inner {
            add_fields(table, &prefix, inner, lang);
        }
    }
}

/// Each row of the price table: its conditions in words, and the price.
fn price_rows(spec: &ModelSpec) -> Vec<(String, String)> {
    let Some(price) = spec.price else { return Vec::new() };
    let condition = |row: &crate::schema::spec::PriceRow| {
        let all: Vec<String> = row.when.iter().map(limit::condition).collect();
        if all.is_empty() { "otherwise".to_owned() } else { all.join(", ") }
    };
    price.rows.iter().map(|row| (condition(row), format!("{}/{}", row.credits, price.unit))).collect()
}

fn describe(spec: &'static ModelSpec, lang: Lang) -> Value {
    json!({
        "id": spec.id,
        "title": lang.of(&spec.title),
        "about": lang.of(&spec.about),
        "provider": spec.provider,
        "type": spec.tasks.first().map(|t| t.id),
        "types": spec.tasks.iter().map(|t| t.id).collect::<Vec<_>>(),
        "output": output_word(spec),
        "status": status_word(spec.status),
        "nearest": spec.nearest,
        "aliases": spec.aliases,
        "fields": fields(spec.fields, lang),
        "rules": spec.rules.len(),
        "price": spec.price.map(|p| price(spec, p)),
        "example": serde_json::from_str::<Value>(spec.example).unwrap_or(Value::Null),
        "line": spec.line,
    })
}

fn price(spec: &ModelSpec, price: &PriceSpec) -> Value {
    let rows: Vec<Value> = price_rows(spec)
        .into_iter()
        .zip(price.rows)
        .map(|((when, _), row)| json!({ "when": when, "credits": row.credits.as_f64() }))
        .collect();
    json!({ "as_of": price.as_of, "unit": price.unit, "rows": rows, "at_most": price.at_most })
}

fn fields(specs: &'static [FieldSpec], lang: Lang) -> Vec<Value> {
    let one = |field: &'static FieldSpec| {
        let mut value = kind(&field.kind, lang);
        if let Value::Object(map) = &mut value {
            map.insert("name".into(), field.name.into());
            map.insert("label".into(), lang.of(&field.label).into());
            map.insert("required".into(), field.required.into());
            map.insert(
                "default".into(),
                field.default.and_then(|d| serde_json::from_str(d).ok()).unwrap_or(Value::Null),
            );
            map.insert("aliases".into(), field.aliases.into());
            map.insert("advanced".into(), field.advanced.into());
        }
        value
    };
    specs.iter().map(one).collect()
}

#[derive(Serialize)]
struct Bounds<T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<T>,
}

fn kind(kind: &'static Kind, lang: Lang) -> Value {
    match kind {
        Kind::Text(t) => json!({ "type": "string", "min": t.min, "max": t.max }),
        Kind::Integer(n) => json!({ "type": "integer", "min": n.min, "max": n.max, "step": n.step }),
        Kind::Decimal(n) => json!({ "type": "number", "min": n.min, "max": n.max, "step": n.step }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Choice(choice) => {
            json!({ "type": "enum", "values": choice.options.iter().map(|o| literal(o.value)).collect::<Vec<_>>() })
        }
        Kind::Media(media) => {
            let of: Vec<String> = media.of.iter().map(|k| format!("{k:?}").to_lowercase()).collect();
            let seconds = media.seconds.map(|r| Bounds { min: r.min, max: r.max });
            json!({ "type": "media", "of": of, "mime": media.mime, "max_mb": media.max_mb, "seconds": seconds })
        }
        Kind::Task(task) => json!({ "type": "task", "from": task.models }),
        Kind::List(list) => {
            json!({ "type": "array", "count": Bounds { min: Some(list.min), max: list.max }, "item": self::kind(list.item, lang) })
        }
        Kind::Object(inner) => json!({ "type": "object", "fields": fields(inner, lang) }),
    }
}

fn literal(value: Literal) -> Value {
    match value {
        Literal::Text(text) => text.into(),
        Literal::Integer(number) => number.into(),
        Literal::Decimal(number) => number.into(),
        Literal::Boolean(flag) => flag.into(),
    }
}
