//! `kie-bot models`.

use std::collections::BTreeSet;

use clap::ValueEnum;
use serde::Serialize;
use serde_json::{Map, Value};

use super::output::{note, print_json};
use super::price::{price_range, range_on};
use super::table::Table;
use super::{CliError, ExitCode, example, input};
use crate::clock::{Clock, SystemClock};
use crate::l10n::{CliMessages, Lang};
use crate::models;
use crate::schema::spec::{AliasSpec, ModelSpec, Status, TaskSpec};

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
pub(super) struct Args {
    /// Only models with all these words in their id, title, provider or description, in any language.
    #[arg(value_name = "WORDS")]
    search: Vec<String>,
    /// Only models of this type, e.g. text_to_image.
    #[arg(long = "type", value_name = "TYPE")]
    task: Option<String>,
    /// Only models of this provider, e.g. Google; the beginning is enough.
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
    /// Which models.
    #[arg(long, value_enum, default_value_t = StatusFilter::Offered)]
    status: StatusFilter,
    /// Print a JSON array.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StatusFilter {
    /// Live and troubled.
    Offered,
    /// Offered without a warning.
    Live,
    /// Offered with a warning: its tasks fail often.
    Troubled,
    /// Withdrawn by the vendor.
    Retired,
    /// Gone from the vendor's list without a word.
    Removed,
    /// Reported dead.
    Suspect,
    /// All of these.
    All,
}

/// A model. Its JSON form is stable.
#[derive(Serialize)]
struct ModelRow {
    id: &'static str,
    title: &'static str,
    about: &'static str,
    provider: &'static str,
    #[serde(rename = "type")]
    task: &'static str,
    types: Vec<&'static str>,
    output: &'static str,
    status: &'static str,
    nearest: Option<&'static str>,
    aliases: Vec<&'static str>,
    alias_values: Map<String, Value>,
    price_from: Option<f64>,
    price_to: Option<f64>,
    price_unit: Option<&'static str>,
}

fn examples() -> Vec<String> {
    let model = example::TextModel::find();
    vec![
        format!("models --type {}", model.task),
        format!("models --provider '{}' fast", model.provider),
        "models --status all --json".into(),
    ]
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<ExitCode, CliError> {
    let messages = CliMessages::of(lang);
    let task = args.task.as_deref().map(|name| input::task(name, messages)).transpose()?;
    let provider = args.provider.as_deref().map(|name| provider(name, messages)).transpose()?;
    let words: Vec<String> =
        args.search.iter().flat_map(|text| text.split_whitespace()).map(str::to_lowercase).collect();
    let fits = |spec: &&&'static ModelSpec| {
        let status = match args.status {
            StatusFilter::Offered => spec.status.is_offered(),
            StatusFilter::Live => spec.status == Status::Live,
            StatusFilter::Troubled => spec.status == Status::Troubled,
            StatusFilter::Retired => spec.status == Status::Retired,
            StatusFilter::Removed => spec.status == Status::Removed,
            StatusFilter::Suspect => spec.status == Status::Suspect,
            StatusFilter::All => true,
        };
        status
            && task.is_none_or(|t| spec.tasks.iter().any(|own| own.id == t.id))
            && provider.as_ref().is_none_or(|start| spec.provider.to_lowercase().starts_with(start))
            && (words.is_empty() || matches_words(spec, &words))
    };
    let today = SystemClock.now().date();
    let specs: Vec<&'static ModelSpec> = models::all().iter().filter(fits).copied().collect();
    if args.json {
        let rows: Vec<ModelRow> = specs.iter().map(|s| row(s, lang, &today)).collect();
        print_json(&rows)?;
    } else {
        list(&specs, task, messages, &today).print();
        note(&messages.models_counted(specs.len(), models::all().len()));
    }
    Ok(ExitCode::Success)
}

/// The models as a table; with `task`, the type column shows that type and not the model's main type.
fn list(specs: &[&'static ModelSpec], task: Option<&TaskSpec>, messages: &CliMessages, today: &str) -> Table {
    let head = [
        messages.head_id(),
        messages.head_title(),
        messages.head_type(),
        messages.head_provider(),
        messages.head_credits(),
        messages.head_status(),
    ];
    let mut table = Table::new(&head).unwrapped(&[2]);
    for spec in specs {
        table.add_row([
            spec.id,
            spec.title.get(messages.lang()),
            task.or(spec.tasks.first().copied()).map_or("", |t| t.id),
            spec.provider,
            &price_range(spec, today, messages),
            &messages.status(spec.status.as_str()),
        ]);
    }
    table
}

/// The beginning of a provider's name in lower case.
///
/// # Errors
/// When no provider's name begins so, with the list.
fn provider(given: &str, messages: &CliMessages) -> Result<String, CliError> {
    let start = given.to_lowercase();
    let all: BTreeSet<&str> = models::all().iter().map(|spec| spec.provider).collect();
    if all.iter().any(|name| name.to_lowercase().starts_with(&start)) {
        return Ok(start);
    }
    let all: Vec<&str> = all.into_iter().collect();
    Err(CliError::BadInput(messages.no_such_provider(given, &all.join(", "))))
}

/// Whether the model's id, names and descriptions contain every word; `words` are in lower case.
fn matches_words(spec: &ModelSpec, words: &[String]) -> bool {
    let mut texts = vec![spec.id, spec.provider];
    texts.extend(spec.title.all().iter().chain(spec.about.all()));
    texts.extend(spec.aliases.iter().map(|alias| alias.name));
    texts.extend(spec.tasks.iter().flat_map(|task| std::iter::once(&task.id).chain(task.title.all())));
    let text = texts.join("\n").to_lowercase();
    words.iter().all(|word| text.contains(word))
}

fn row(spec: &'static ModelSpec, lang: Lang, today: &str) -> ModelRow {
    let range = spec.price.map(|price| range_on(price, today));
    ModelRow {
        id: spec.id,
        title: spec.title.get(lang),
        about: spec.about.get(lang),
        provider: spec.provider,
        task: spec.tasks.first().map_or("", |t| t.id),
        types: spec.tasks.iter().map(|t| t.id).collect(),
        output: spec.output.as_str(),
        status: spec.status.as_str(),
        nearest: spec.nearest,
        aliases: spec.aliases.iter().map(|alias| alias.name).collect(),
        alias_values: alias_values(spec),
        price_from: range.map(|(low, _)| low.as_f64()),
        price_to: range.map(|(_, high)| high.as_f64()),
        price_unit: spec.price.map(|p| p.unit),
    }
}

/// The input values that the aliases of a model stand for, by alias and field; without aliases that are mere names.
pub(super) fn alias_values(spec: &ModelSpec) -> Map<String, Value> {
    let values = |alias: &AliasSpec| -> Map<String, Value> {
        alias.presets.iter().map(|preset| (preset.field.to_owned(), preset.json())).collect()
    };
    let with_values = spec.aliases.iter().filter(|alias| !alias.presets.is_empty());
    with_values.map(|alias| (alias.name.to_owned(), values(alias).into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_types_can_be_copied_in_every_width() {
        for width in [20, 40, 72, 80, 100, 120, 200] {
            let lines = list(models::all(), None, CliMessages::of(Lang::Ru), "2026-10-01").lines(Some(width));
            let words: BTreeSet<&str> = lines.iter().flat_map(|line| line.split_whitespace()).collect();
            for spec in models::all() {
                assert!(words.contains(spec.id) && words.contains(spec.tasks[0].id), "{} at {width}", spec.id);
            }
        }
    }
}
