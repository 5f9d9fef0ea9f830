//! What a result has besides files, and the steps after it.

use kie_schema::spec::{Fill, FillValue, NextSpec, ResultSpec};

use crate::diagnostic::{Code, Collector};
use crate::leak;
use crate::reader::{self, Mapping};
use crate::span::Span;
use crate::yaml::{Data, Node};

/// A step with the positions of its parts, for the check of the file as a whole.
pub(crate) struct NextEntry {
    pub(crate) spec: NextSpec,
    pub(crate) model: Span,
    /// The position and the value of each field that is filled in, in the order of [`NextSpec::fill`].
    pub(crate) fill: Vec<(Span, Node)>,
}

/// `route`: a path at the vendor's host.
pub(super) fn route(node: &Node, out: &Collector) -> Option<&'static str> {
    let path = reader::text(node, "route", out)?;
    let is_path = |c: char| c.is_ascii_alphanumeric() || "/-_.".contains(c);
    if path.starts_with('/') && path.chars().all(is_path) {
        return Some(leak::text(path));
    }
    out.error(
        Code::BadName,
        node.span,
        format!("`{path}` is no path"),
        "it begins with `/`, e.g. `/api/v1/voice/create`",
    );
    None
}

/// `result`: the names of its members.
pub(super) fn result(node: &Node, out: &Collector) -> Option<ResultSpec> {
    let mut object = Mapping::open(node, node.span, "result", out)?;
    let mut names = |key: &'static str| {
        let found = object.take(key).map(|node| reader::texts(node, key, out)).unwrap_or_default();
        leak::list(found.iter().map(|(name, _)| leak::text(name)))
    };
    let spec = ResultSpec { id: names("id"), text: names("text") };
    object.finish();
    if spec == ResultSpec::DEFAULT {
        out.error(Code::Empty, node.span, "`result` says nothing", "it has `id`, `text` or both");
    }
    Some(spec)
}

/// `next`: the steps, in the order of their buttons.
pub(crate) fn steps(node: &Node, out: &Collector) -> Vec<NextEntry> {
    let items = reader::items(node, "next", out).unwrap_or_default();
    if items.is_empty() && matches!(node.data, Data::List(_)) {
        out.error(Code::Empty, node.span, "`next` is empty", "");
    }
    items.iter().filter_map(|item| step(item, out)).collect()
}

fn step(node: &Node, out: &Collector) -> Option<NextEntry> {
    let mut object = Mapping::open(node, node.span, "next", out)?;
    let (model, label, fill) = (object.need("model"), object.need("label"), object.need("fill"));
    let id = model.and_then(|node| reader::text(node, "model", out));
    let label = label.and_then(|node| reader::localized(node, "label", out));
    let entries = fill.and_then(|node| reader::entries(node, "fill", out));
    if let (Some([]), Some(node)) = (entries, fill) {
        out.error(Code::Empty, node.span, "`fill` is empty", "the next model gets something of this one's result");
    }
    object.finish();
    let (model, entries) = (model?, entries?);
    let filled = entries.iter().map(|entry| Fill { field: leak::text(&entry.name), value: value(&entry.value) });
    let spec = NextSpec { model: leak::text(id?), label: label?, fill: leak::list(filled) };
    let fill = entries.iter().map(|entry| (entry.key.span, entry.value.clone())).collect();
    Some(NextEntry { spec, model: model.span, fill })
}

fn value(node: &Node) -> FillValue {
    match &node.data {
        Data::Text(text) if text == "$task" => FillValue::Task,
        Data::Text(text) if text == "$result" => FillValue::Result,
        _ => FillValue::Value(leak::text(node.json().to_string())),
    }
}
