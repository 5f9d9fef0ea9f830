//! One model.

use kie_schema::spec::{ModelSpec, OutputKind, ResultSpec, Status, WebhookNeed};
use kie_schema::{Localized, advice};

use crate::diagnostic::{Code, Collector};
use crate::kind;
use crate::leak;
use crate::reader::{self, Mapping};
use crate::schema::path::FieldScope;
use crate::schema::{Env, ModelEntry, Pricing, alias, field, next, price, rule};
use crate::span::Span;
use crate::yaml::{self, Node};

const OUTPUTS: &[(&str, OutputKind)] = &[
    ("image", OutputKind::Image),
    ("video", OutputKind::Video),
    ("audio", OutputKind::Audio),
    ("text", OutputKind::Text),
    ("mixed", OutputKind::Mixed),
];

const STATES: &[(&str, Status)] = &[
    ("live", Status::Live),
    ("troubled", Status::Troubled),
    ("retired", Status::Retired),
    ("removed", Status::Removed),
    ("suspect", Status::Suspect),
];

const WEBHOOKS: &[(&str, WebhookNeed)] = &[("required", WebhookNeed::Required), ("result", WebhookNeed::Result)];

pub(super) fn read_all(node: &Node, owner: Span, env: &Env<'_>) -> Vec<ModelEntry> {
    let entries = reader::entries(node, "models", env.out).unwrap_or_default();
    if entries.is_empty() {
        env.out.error(Code::Empty, owner, "there are no models", "");
    }
    entries.iter().filter_map(|entry| read(entry, env)).collect()
}

fn read(entry: &yaml::Entry, env: &Env<'_>) -> Option<ModelEntry> {
    let out = env.out;
    let id = entry.key.span;
    let mut object = Mapping::open(&entry.value, id, &entry.name, out)?;
    let title = localized(&mut object, "title", out);
    let about = localized(&mut object, "about", out);
    let provider = object.need("provider").and_then(|node| reader::text(node, "provider", out)).unwrap_or_default();
    let tasks = object.need("model_type").map(|node| reader::texts(node, "model_type", out)).unwrap_or_default();
    let output = object.need("output").and_then(|node| reader::word(node, "output", OUTPUTS, out));
    let webhook = object.take("webhook").and_then(|node| reader::word(node, "webhook", WEBHOOKS, out));
    let status = object.take("status").map_or(Some(Status::Live), |node| reader::word(node, "status", STATES, out));
    let nearest = object
        .take("nearest")
        .and_then(|node| reader::text(node, "nearest", out).map(|text| (text.to_owned(), node.span)));
    let aliases = object.take("aliases");
    let route = object.take("route").and_then(|node| next::route(node, out));
    let result = object.take("result").and_then(|node| next::result(node, out)).unwrap_or(ResultSpec::DEFAULT);
    let is_listed = object.take("menu").and_then(|node| reader::flag(node, "menu", out)).unwrap_or(true);
    let next = object.take("next").cloned();
    let fields = object.need("input").map(|node| field::read_all(node, "input", env)).unwrap_or_default();
    let aliases = aliases.map(|node| alias::read_all(node, fields, env)).unwrap_or_default();
    let (aliases, alias_spans): (Vec<_>, _) = aliases.into_iter().unzip();
    let ignored_fields = object.take("drops").map(|node| field::drops(node, fields, env)).unwrap_or_default();
    let scope = FieldScope { env, fields };
    let rules = object.take("rules").map(|node| rule::read_all(node, &scope)).unwrap_or_default();
    let (price, mut pricing) = price::read(object.take("price"), &scope);
    if object.misspelt("price") {
        pricing = Pricing::Unknown;
    }
    let example = object.need("example").cloned();
    object.finish();
    let task_of = |name: &String| env.tasks.iter().find(|(task, _)| task.id == name).map(|(task, _)| *task);
    let model = ModelSpec {
        id: leak::text(&entry.name),
        aliases: leak::list(aliases),
        title,
        about,
        provider: leak::text(provider),
        tasks: leak::list(tasks.iter().filter_map(|(name, _)| task_of(name))),
        output: output.unwrap_or(OutputKind::Mixed),
        webhook: webhook.unwrap_or(WebhookNeed::Optional),
        // What cannot be read counts as withdrawn, so that no further mistakes follow from it.
        status: status.unwrap_or(Status::Suspect),
        nearest: nearest.as_ref().map(|(nearest, _)| leak::text(nearest)),
        route,
        result,
        next: next.as_ref().map_or(&[], |node| leak::list(next::steps(node, out).into_iter().map(|step| step.spec))),
        is_listed,
        fields,
        ignored_fields,
        rules: leak::list(rules),
        price: price.map(leak::one),
        example: "",
        advises: advice::possible(fields),
        line: id.line,
    };
    let model = leak::one(with_example(model, example.as_ref()));
    Some(ModelEntry { model, id, aliases: alias_spans, tasks, nearest, pricing, example, next })
}

/// The model with its example as it goes on the wire; [`crate::check`] says what is wrong with it.
fn with_example(model: ModelSpec, example: Option<&Node>) -> ModelSpec {
    let Some(node) = example else { return model };
    let input = kind::fit_input(&model, node, node.span);
    let value = input.map_or_else(|_| node.json(), Into::into);
    ModelSpec { example: leak::text(value.to_string()), ..model }
}

fn localized(object: &mut Mapping<'_>, key: &'static str, out: &Collector) -> Localized {
    object.need(key).and_then(|node| reader::localized(node, key, out)).unwrap_or_default()
}
