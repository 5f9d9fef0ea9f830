//! Reads the vendor's schema of a model: an OpenAPI 3.1 document with the model's route and request.
//!
//! The fields are under `input` in the body of the request; of a route that answers with the result, they are the body. Branches (`oneOf`, `anyOf`, `allOf`) are merged into one
//! shape: a field is required if all branches require it, a value is accepted if one branch accepts it. Unresolved and
//! circular references, unknown types and limits that are not numbers count as not stated.

use std::cell::Cell;

use serde_json::{Map, Value};

use super::reference;
use super::shape::{Bounds, Shape, Type};

/// The route of models that create tasks; any other route answers with the result.
pub const TASK_ROUTE: &str = "/api/v1/jobs/createTask";

/// Deeper parts of a schema are ignored; the deepest known schema has seven levels.
const MAX_DEPTH: usize = 40;
/// The most nodes of a document that are read, counting references each time.
const MAX_NODES: u32 = 20_000;

/// What was read from a schema.
#[derive(Debug, Clone, PartialEq)]
pub enum SchemaResult {
    /// The fields of the model's input.
    Input(Box<Shape>),
    /// The model has this route, and not the expected one.
    Elsewhere(String),
    /// The input was not found, with the reason.
    Unclear(&'static str),
}

/// Reads the document of a model that is expected at a route: [`TASK_ROUTE`], or one that answers with the result. Never
/// fails: see [`SchemaResult::Unclear`].
pub fn read(openapi: &Value, model: &str, expected: &str) -> SchemaResult {
    let reader = SchemaReader { root: openapi, model, left: Cell::new(MAX_NODES) };
    let Some(paths) = openapi.get("paths").and_then(Value::as_object) else {
        return SchemaResult::Unclear("it names no route");
    };
    let found = paths.iter().find(|(route, _)| route.trim() == expected);
    let Some((route, item)) = found.or_else(|| paths.iter().next()) else {
        return SchemaResult::Unclear("it names no route");
    };
    if route.trim() != expected {
        return SchemaResult::Elsewhere(route.trim().to_owned());
    }
    let Some(body) = reader.body(item) else { return SchemaResult::Unclear("its request has no body") };
    let body = reader.shape(body, &mut Vec::new());
    let input = if expected == TASK_ROUTE { body.field("input") } else { Some(&body) };
    match input {
        Some(input) if !input.fields.is_empty() => SchemaResult::Input(Box::new(input.clone())),
        Some(_) => SchemaResult::Unclear("its input has no fields"),
        None => SchemaResult::Unclear("its request has no input"),
    }
}

/// Whether requests to the model must have an address to call (`callBackUrl`).
pub fn needs_webhook(openapi: &Value, model: &str) -> bool {
    let reader = SchemaReader { root: openapi, model, left: Cell::new(MAX_NODES) };
    let item = openapi.get("paths").and_then(Value::as_object).and_then(|paths| paths.get(TASK_ROUTE));
    let body = item.and_then(|item| reader.body(item));
    body.is_some_and(|body| reader.shape(body, &mut Vec::new()).required.contains("callBackUrl"))
}

struct SchemaReader<'a> {
    root: &'a Value,
    model: &'a str,
    left: Cell<u32>,
}

impl<'a> SchemaReader<'a> {
    /// The schema of the request's body.
    fn body(&self, item: &'a Value) -> Option<&'a Value> {
        let item = self.resolved(item);
        let with_body = |operation: &&'a Value| operation.get("requestBody").is_some();
        let operation = item.get("post").or_else(|| item.as_object()?.values().find(with_body))?;
        let content = self.resolved(operation.get("requestBody")?).get("content")?.as_object()?;
        let json = content.iter().find(|(mime, _)| mime.contains("json")).or_else(|| content.iter().next());
        json?.1.get("schema")
    }

    /// Follows references outside of schemas.
    fn resolved(&self, node: &'a Value) -> &'a Value {
        let mut node = node;
        for _ in 0..MAX_DEPTH {
            match node.get("$ref").and_then(Value::as_str).and_then(|to| reference::find(self.root, to)) {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }

    fn shape(&self, node: &'a Value, trail: &mut Vec<&'a Value>) -> Shape {
        let Some(map) = node.as_object() else { return Shape::default() };
        let circle = trail.iter().any(|seen| std::ptr::eq(*seen, node));
        if circle || trail.len() >= MAX_DEPTH || self.left.get() == 0 {
            return Shape::default();
        }
        self.left.set(self.left.get() - 1);
        trail.push(node);
        let mut shape = self.own(map, trail);
        if let Some(to) = map.get("$ref").and_then(Value::as_str).and_then(|to| reference::find(self.root, to)) {
            shape = shape.and(self.shape(to, trail));
        }
        for part in branches(map, "allOf") {
            shape = shape.and(self.shape(part, trail));
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(one) = self.alternatives(branches(map, key), trail) {
                shape = shape.and(one);
            }
        }
        trail.pop();
        shape
    }

    /// The shape of values that fit one of the branches.
    fn alternatives(&self, all: &'a [Value], trail: &mut Vec<&'a Value>) -> Option<Shape> {
        let given = || all.iter().filter(|branch| !is_null(branch));
        let mut fitting: Vec<&'a Value> = given().filter(|branch| self.is_ours(branch)).collect();
        if fitting.is_empty() {
            fitting = given().collect();
        }
        fitting.into_iter().map(|branch| self.shape(branch, trail)).reduce(Shape::or)
    }

    /// Whether a branch of the request may be for this model; a document may be for several models.
    fn is_ours(&self, branch: &'a Value) -> bool {
        let properties = self.resolved(branch).get("properties");
        let field = |name: &str| properties.and_then(|fields| fields.get(name));
        let (Some(model), Some(_)) = (field("model"), field("input")) else { return true };
        let model = self.resolved(model);
        let named = |value: &Value| value.as_str().is_some_and(|id| id.trim() == self.model);
        match (model.get("const"), model.get("enum").and_then(Value::as_array)) {
            (Some(only), _) => named(only),
            (None, Some(some)) => some.iter().any(named),
            (None, None) => true,
        }
    }

    /// The shape of a node itself, without references and branches.
    fn own(&self, map: &'a Map<String, Value>, trail: &mut Vec<&'a Value>) -> Shape {
        let number = |key: &str| map.get(key).and_then(number);
        let limits = |low: &str, high: &str| Bounds { min: number(low), max: number(high) };
        let mut shape = Shape {
            length: limits("minLength", "maxLength"),
            range: limits("minimum", "maximum"),
            step: number("multipleOf").filter(|step| *step > 0.0),
            count: limits("minItems", "maxItems"),
            values: values(map),
            default: map.get("default").filter(|value| !value.is_null()).cloned(),
            about: ["description", "title"].iter().find_map(|key| words(map.get(*key)?)),
            is_link: map.get("format").and_then(Value::as_str).is_some_and(|form| matches!(form, "uri" | "url")),
            deprecated: map.get("deprecated").and_then(Value::as_bool).unwrap_or(false),
            ..Shape::of(types(map))
        };
        if let Some(fields) = map.get("properties").and_then(Value::as_object) {
            for (name, field) in fields {
                let field = self.shape(field, trail);
                shape.fields.push((name.trim().to_owned(), field));
            }
        }
        if let Some(names) = map.get("required").and_then(Value::as_array) {
            shape.required = names.iter().filter_map(|name| Some(name.as_str()?.trim().to_owned())).collect();
        }
        if let Some(item) = map.get("items").filter(|item| item.is_object()) {
            shape.item = Some(Box::new(self.shape(item, trail)));
        }
        if shape.types.is_empty() {
            shape.types = implied(&shape);
        }
        exclude_ends(map, &mut shape);
        shape
    }
}

fn branches<'a>(map: &'a Map<String, Value>, key: &str) -> &'a [Value] {
    map.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null")
}

fn types(map: &Map<String, Value>) -> Vec<Type> {
    let word = |value: &Value| {
        Some(match value.as_str()?.trim().to_ascii_lowercase().as_str() {
            "string" => Type::Text,
            "integer" => Type::Integer,
            "number" => Type::Number,
            "boolean" => Type::Boolean,
            "array" => Type::List,
            "object" => Type::Object,
            _ => return None,
        })
    };
    match map.get("type") {
        Some(Value::Array(all)) => all.iter().filter_map(word).collect(),
        Some(one) => word(one).into_iter().collect(),
        None => Vec::new(),
    }
}

/// The type of a node without `type`, from its other keywords.
fn implied(shape: &Shape) -> std::collections::BTreeSet<Type> {
    if let Some(values) = &shape.values {
        return values.iter().filter_map(Type::of).collect();
    }
    let sure = [(Type::Object, !shape.fields.is_empty()), (Type::List, shape.item.is_some())];
    sure.into_iter().filter(|(_, holds)| *holds).map(|(kind, _)| kind).collect()
}

fn values(map: &Map<String, Value>) -> Option<Vec<Value>> {
    let listed = match (map.get("const"), map.get("enum")) {
        (Some(only), _) => vec![only.clone()],
        (None, Some(Value::Array(all))) => all.clone(),
        _ => return None,
    };
    let plain = |value: &Value| matches!(value, Value::Bool(_) | Value::Number(_) | Value::String(_));
    let mut values: Vec<Value> = Vec::new();
    for value in listed.into_iter().filter(plain) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    (!values.is_empty()).then_some(values)
}

/// Applies `exclusiveMinimum` and `exclusiveMaximum`: numbers since OpenAPI 3.1, before that booleans beside `minimum`
/// and `maximum`.
fn exclude_ends(map: &Map<String, Value>, shape: &mut Shape) {
    let is_whole = shape.types.iter().all(|kind| *kind != Type::Number);
    let end = |key: &str, inclusive: Option<f64>| match map.get(key) {
        Some(Value::Bool(true)) => inclusive,
        Some(value) => number(value),
        None => None,
    };
    if let Some(low) = end("exclusiveMinimum", shape.range.min) {
        shape.range.min = Some(if is_whole { low.floor() + 1.0 } else { low });
        shape.above = !is_whole;
    }
    if let Some(high) = end("exclusiveMaximum", shape.range.max) {
        shape.range.max = Some(if is_whole { high.ceil() - 1.0 } else { high });
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(digits) => digits.trim().parse().ok(),
        _ => None,
    }
    .filter(|number: &f64| number.is_finite())
}

fn words(value: &Value) -> Option<String> {
    let text = value.as_str()?.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests;
