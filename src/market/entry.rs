//! Writes a first registry entry for a model of the vendor, with fields and limits from its schema.
//!
//! The entry builds as it is. What a schema does not state is marked for an author: texts, kinds of files, prices with
//! several rows, rules across fields. What the registry's language cannot express (a list of mixed types, contradictory
//! limits) is left out with a comment.

mod guess;
mod param;
mod yaml;

use serde_json::{Map, Value};

use super::answer::VendorAnswers;
use super::price;
use super::schema::{self, SchemaResult, TASK_ROUTE};
use crate::models;
use param::{EntryParam, ParamKind};
use yaml::Yaml;

/// The longest model id, in bytes: a Telegram button has 64 bytes of data, of which the bot needs up to 16.
const MAX_ID: usize = 48;
/// The longest comment, in characters; longer texts of the vendor are truncated.
const MAX_COMMENT: usize = 140;

/// Why an entry cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// There is no answer about the model.
    #[error("there is no answer about `{0}`")]
    Unknown(String),
    /// The vendor has no schema for it.
    #[error("the vendor has made no schema for `{0}` yet")]
    SchemaMissing(String),
    /// It creates no tasks.
    #[error("`{model}` makes no task: it is called by {route}")]
    Elsewhere {
        /// The model.
        model: String,
        /// Its route.
        route: String,
    },
    /// The schema cannot be read.
    #[error("the schema of `{model}` cannot be read: {why}")]
    Unclear {
        /// The model.
        model: String,
        /// The reason.
        why: &'static str,
    },
    /// Its id is not valid in the registry.
    #[error("`{0}` cannot be an id of the registry: at most 48 letters, digits and `-_./:`")]
    Id(String),
}

/// The text of an entry, indented as in the registry. `today` is a date, `YYYY-MM-DD`.
///
/// # Errors
/// When there is no schema of fields, or the id does not fit.
pub fn write(answers: &VendorAnswers, model: &str, today: &str) -> Result<String, EntryError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/' | b':');
    let fits = model.len() <= MAX_ID && model.bytes().all(plain);
    if !fits || !model.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
        return Err(EntryError::Id(model.to_owned()));
    }
    let openapi = answers.schemas.get(model).ok_or_else(|| EntryError::Unknown(model.to_owned()))?;
    let openapi = openapi.as_ref().ok_or_else(|| EntryError::SchemaMissing(model.to_owned()))?;
    let unclear = |why| EntryError::Unclear { model: model.to_owned(), why };
    let shape = match schema::read(openapi, model, TASK_ROUTE) {
        SchemaResult::Input(shape) => shape,
        SchemaResult::Elsewhere(route) => return Err(EntryError::Elsewhere { model: model.to_owned(), route }),
        SchemaResult::Unclear(why) => return Err(unclear(why)),
    };
    let mut left_out = Vec::new();
    let fields = param::fields(&shape, &mut left_out);
    if fields.is_empty() {
        return Err(unclear("none of its fields can be one of the registry"));
    }
    Ok(text(answers, model, today, &fields, &left_out))
}

fn text(answers: &VendorAnswers, model: &str, today: &str, fields: &[EntryParam], left_out: &[String]) -> String {
    let offer = answers.offer(model).cloned().unwrap_or_default();
    let task = guess::task(&offer.task_types, model);
    let mut lines = vec![
        format!(
            "  # From the vendor's schema of {today}. Words that begin with `to do` are for an author, in every language."
        ),
        "  # Check as well: model_type and output, what files may be, the price, and the rules across fields, which no"
            .to_owned(),
        "  # schema states. The example is a valid one, and no more.".to_owned(),
    ];
    let mut remark = |indent: &str, text: &str| lines.push(format!("{indent}# {}", comment(text)));
    if let Some(known) = models::all().iter().find(|spec| spec.id == model) {
        remark(
            "  ",
            &format!("The registry has this model: this entry takes the place of the one on line {}.", known.line),
        );
    }
    if !offer.task_types.is_empty() {
        remark("  ", &format!("The vendor lists it under: {}", offer.task_types.join(", ")));
    }
    lines.push(format!("  {}:", yaml::text(model)));
    let mut key = |name: &str, value: &str| lines.push(format!("    {name}: {value}"));
    key("title", &yaml::text(&words(offer.title.as_deref().unwrap_or(model))));
    key("about", &yaml::text("to do: one sentence on what it does"));
    key("provider", &yaml::text(&words(offer.provider.as_deref().unwrap_or("to do"))));
    key("model_type", task.map_or("utility", |task| task.id));
    key("output", task.map_or("image", guess::output));
    let openapi = answers.schemas.get(model).and_then(Option::as_ref);
    if openapi.is_some_and(|openapi| schema::needs_webhook(openapi, model)) {
        key("webhook", "required");
    }
    lines.push("    input:".to_owned());
    for field in fields {
        let about = field.about.as_deref().map(|about| format!("{}: {about}", field.name));
        lines.extend(about.iter().chain(&field.notes).map(|note| format!("      # {}", comment(note))));
        param(field).lines(&field.name, 6, &mut lines);
    }
    lines.extend(left_out.iter().map(|note| format!("      # {}", comment(note))));
    let (price, prose) = pricing(answers.price(model), today);
    lines.extend(prose.map(|prose| format!("    # the vendor's price: {}", comment(&prose))));
    lines.push(format!("    price: {price}"));
    lines.push(format!("    example: {}", yaml::value(&Value::Object(example(fields)))));
    lines.join("\n") + "\n"
}

/// A text of the vendor in one line; `to do` if it is empty.
fn words(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() { "to do".to_owned() } else { words }
}

fn comment(text: &str) -> String {
    let plain: String = text.chars().map(|c| if yaml::is_printable(c) { c } else { ' ' }).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    match plain.char_indices().nth(MAX_COMMENT) {
        Some((end, _)) => format!("{}...", &plain[..end]),
        None => plain,
    }
}

fn param(field: &EntryParam) -> Yaml {
    let mut keys = kind(&field.kind);
    if field.required {
        keys.insert(1, ("required".to_owned(), Yaml::word("true")));
    }
    let default = field.default.as_ref().map(|default| ("default", yaml::value(default)));
    let deprecated = field.deprecated.then(|| ("deprecated", "true".to_owned()));
    let label = ("label", yaml::text(&format!("to do: {}", field.name.replace(['_', '-'], " "))));
    let more = default.into_iter().chain(deprecated).chain([label]);
    keys.extend(more.map(|(key, value)| (key.to_owned(), Yaml::Word(value))));
    Yaml::Map(keys)
}

/// The keys of a kind; the type is the first.
fn kind(of: &ParamKind) -> Vec<(String, Yaml)> {
    let mut keys = Vec::new();
    let mut add = |key: &str, value: Option<Yaml>| keys.extend(value.map(|value| (key.to_owned(), value)));
    let word = |word: &str| Some(Yaml::word(word));
    let whole = |number: Option<i64>| number.map(|number| Yaml::Word(number.to_string()));
    let range = |min: u32, max: Option<u32>| {
        Some(Yaml::Word(format!("[{min}, {}]", max.map_or("null".to_owned(), |max| max.to_string()))))
    };
    match of {
        ParamKind::Text { min, max } => {
            add("type", word("string"));
            add("min", whole(min.map(i64::from)));
            add("max", whole(max.map(i64::from)));
        }
        ParamKind::Integer { min, max, step, or_text } => {
            add("type", word("integer"));
            add("min", whole(*min));
            add("max", whole(*max));
            add("step", whole(*step));
            add("accepts", or_text.then(|| Yaml::word("number_or_string")));
        }
        ParamKind::Decimal { min, above, max, step } => {
            let number = |number: Option<f64>| number.map(|number| Yaml::Word(yaml::number(number)));
            add("type", word("number"));
            add(if *above { "above" } else { "min" }, number(*min));
            add("max", number(*max));
            add("step", number(*step));
        }
        ParamKind::Boolean => add("type", word("boolean")),
        ParamKind::Choice(values) => {
            add("type", word("enum"));
            add("values", Some(Yaml::Word(yaml::value(&Value::Array(values.clone())))));
        }
        ParamKind::Media { of, count } => {
            add("type", word("media"));
            add("of", word(of));
            add("count", count.and_then(|(min, max)| range(min, max)));
        }
        ParamKind::List { item, min, max } => {
            add("type", word("array"));
            add("count", range(*min, *max));
            add("item", Some(Yaml::Map(kind(item))));
        }
        ParamKind::Object(fields) => {
            add("type", word("object"));
            let inner = fields.iter().map(|field| (field.name.clone(), param(field)));
            add("fields", Some(Yaml::Map(inner.collect())));
        }
    }
    keys
}

/// The registry's price, and the vendor's text. A price that has to be multiplied by something is left to an author.
fn pricing(prose: Option<&str>, today: &str) -> (String, Option<String>) {
    let unknown = "unknown".to_owned();
    let Some(prose) = prose.filter(|prose| !prose.trim().is_empty()) else { return (unknown, None) };
    let whole =
        ["image", "picture", "video", "clip", "song", "track", "audio", "task", "request", "generation", "run", "call"];
    let says_per = prose.split_whitespace().any(|word| word.eq_ignore_ascii_case("per")) || prose.contains("/s");
    let unit = match price::unit(prose) {
        Some(unit) => whole.contains(&unit.as_str()).then_some(unit),
        None => (!says_per).then(|| "request".to_owned()),
    };
    let price = match (price::amounts(prose).as_slice(), unit) {
        ([credits], Some(unit)) if (0.001..1e6).contains(credits) => {
            let credits = (credits * 1000.0).round() / 1000.0;
            let keys = [("as_of", today.to_owned()), ("unit", yaml::text(&unit)), ("credits", yaml::number(credits))];
            yaml::mapping(keys)
        }
        _ => unknown,
    };
    (price, Some(prose.to_owned()))
}

/// The example: the required fields, or the first field if none is required.
fn example(fields: &[EntryParam]) -> Map<String, Value> {
    let mut needed: Vec<&EntryParam> =
        fields.iter().filter(|field| field.required && field.default.is_none()).collect();
    if needed.is_empty() {
        needed.extend(fields.first());
    }
    needed.into_iter().map(|field| (field.name.clone(), param::sample(&field.kind))).collect()
}
