//! The simulated vendor's catalogue, made from the registry: the list entry and the schema of each model.
//!
//! The schema has the form of the real one: an OpenAPI document for each model, with references whose names are
//! percent-encoded in one place and end in a space in another.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::kie::Listing;
use crate::ledger::Credits;
use crate::models;
use crate::schema::Lang;
use crate::schema::spec::{FieldSpec, Kind, ModelSpec, NumberForm, PriceSpec, WebhookNeed};
use crate::schema::value_ref::ValueRef;

/// What the vendor takes for a credit.
const USD_PER_CREDIT: f64 = 0.005;

/// The listings of all offered models of the registry.
pub fn all() -> Vec<Listing> {
    models::all().iter().copied().filter(|spec| spec.status.is_offered()).map(of).collect()
}

/// The listing of one model.
pub fn of(spec: &'static ModelSpec) -> Listing {
    Listing {
        model: spec.id.to_owned(),
        title: spec.title.get(Lang::En).to_owned(),
        provider: spec.provider.to_owned(),
        task_types: spec.tasks.iter().map(|task| task.id.replace('_', "-")).collect(),
        pricing: pricing(spec),
        openapi: Some(openapi(spec)),
    }
}

/// The public price feed: a record for each amount of each offered model, and one without a model's id.
pub fn price_feed() -> Vec<Value> {
    let nameless = json!({
        "modelDescription": "Chat, input", "interfaceType": "chat", "provider": "Vendor", "creditPrice": "40",
        "creditUnit": "per million tokens", "usdPrice": "0.20", "anchor": "https://kie.ai/chat",
    });
    let live = models::all().iter().filter(|spec| spec.status.is_offered());
    live.flat_map(|spec| feed_records(spec)).chain([nameless]).collect()
}

fn feed_records(spec: &ModelSpec) -> Vec<Value> {
    let Some(table) = spec.price else { return Vec::new() };
    let slug = spec.id.replace('/', "-");
    let record = |credits: Credits| {
        json!({
            "modelDescription": format!("{}, {credits}", spec.title.get(Lang::En)),
            "interfaceType": spec.output.as_str(),
            "provider": spec.provider,
            "creditPrice": credits.to_string(),
            "creditUnit": format!("per {}", table.unit),
            "usdPrice": (credits.as_f64() * USD_PER_CREDIT).to_string(),
            "anchor": format!("https://kie.ai/{slug}?model={}", encoded(spec.id)),
        })
    };
    amounts(table).into_iter().map(record).collect()
}

/// The distinct amounts of a price table.
fn amounts(table: &PriceSpec) -> BTreeSet<Credits> {
    table.rows.iter().map(|row| row.credits).collect()
}

/// The distinct amounts of the price table, as the vendor's text.
fn pricing(spec: &ModelSpec) -> Option<String> {
    let table = spec.price?;
    let one = |credits: &Credits| format!("{credits} credits ({} USD)", credits.as_f64() * USD_PER_CREDIT);
    let amounts: Vec<String> = amounts(table).iter().map(one).collect();
    Some(format!("{} per {}", amounts.join(" / "), table.unit))
}

fn openapi(spec: &ModelSpec) -> Value {
    // The key and the reference are two spellings of the same name.
    let name = format!("{} input", spec.title.get(Lang::En));
    let reference = format!("#/components/schemas/{}%20", encoded(&name));
    let mut schemas = Map::new();
    schemas.insert(format!("{name} "), object(spec.fields));
    let mut required = vec!["model", "input"];
    if spec.webhook != WebhookNeed::Optional {
        required.push("callBackUrl");
    }
    // A route that answers with the result takes the input itself.
    let body = match spec.route {
        Some(_) => json!({ "$ref": reference }),
        None => json!({
            "type": "object",
            "required": required,
            "properties": {
                "model": { "type": "string", "enum": [spec.id], "default": spec.id },
                "callBackUrl": { "type": "string", "format": "uri" },
                "input": { "$ref": reference },
            },
        }),
    };
    let content = json!({ "application/json": { "schema": body } });
    json!({
        "openapi": "3.1.0",
        "info": { "title": spec.title.get(Lang::En), "version": "1" },
        "paths": {
            spec.route.unwrap_or("/api/v1/jobs/createTask"): {
                "post": { "requestBody": { "required": true, "content": content } },
            },
        },
        "components": { "schemas": schemas },
    })
}

fn encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    name.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn object(fields: &[FieldSpec]) -> Value {
    let properties: Map<String, Value> = fields.iter().map(|field| (field.name.to_owned(), property(field))).collect();
    let required: Vec<&str> = fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

fn property(field: &FieldSpec) -> Value {
    let mut schema = kind(&field.kind);
    let map = schema.as_object_mut();
    let default = field.default.and_then(|text| serde_json::from_str::<Value>(text).ok());
    let beside = [
        ("description", Some(json!(field.label.get(Lang::En)))),
        ("default", default),
        ("deprecated", field.deprecated.then_some(json!(true))),
    ];
    map.into_iter().for_each(|map| {
        map.extend(beside.clone().into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
    });
    schema
}

fn kind(kind: &Kind) -> Value {
    let known = |pairs: &[(&str, Value)]| -> Value {
        pairs
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| ((*key).to_owned(), value.clone()))
            .collect()
    };
    match kind {
        Kind::Text(text) => {
            known(&[("type", json!("string")), ("minLength", json!(text.min)), ("maxLength", json!(text.max))])
        }
        Kind::Integer(integer) => {
            let least = integer.extra_values.iter().copied().chain(integer.min).min();
            let number = known(&[
                ("type", json!("integer")),
                ("minimum", json!(least)),
                ("maximum", json!(integer.max)),
                ("multipleOf", json!(integer.step)),
            ]);
            match integer.form {
                NumberForm::Number => number,
                NumberForm::NumberOrString => json!({ "oneOf": [number, { "type": "string" }] }),
            }
        }
        Kind::Decimal(decimal) => {
            let low = if decimal.above_min { "exclusiveMinimum" } else { "minimum" };
            known(&[
                ("type", json!("number")),
                (low, json!(decimal.min)),
                ("maximum", json!(decimal.max)),
                ("multipleOf", json!(decimal.step)),
            ])
        }
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Choice(choice) => {
            let values: Vec<Value> =
                choice.options.iter().map(|option| ValueRef::from(option.value).to_json()).collect();
            json!({ "type": json_type(values.first()), "enum": values })
        }
        Kind::Media(_) => json!({ "type": "string", "format": "uri" }),
        Kind::Task(_) => json!({ "type": "string" }),
        Kind::List(list) => known(&[
            ("type", json!("array")),
            ("items", self::kind(list.item)),
            ("minItems", json!(list.min)),
            ("maxItems", json!(list.max)),
        ]),
        Kind::Object(fields) => object(fields),
    }
}

fn json_type(value: Option<&Value>) -> &'static str {
    match value {
        Some(Value::Number(_)) => "number",
        Some(Value::Bool(_)) => "boolean",
        _ => "string",
    }
}
