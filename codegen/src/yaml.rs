//! YAML text to a tree in which every key and value has its position.
//!
//! One pass over the events of `saphyr_parser`: `scalar` says what a value is, `mapping` reports duplicate keys and resolves
//! merge keys (`<<`), so that later steps see plain mappings.

mod mapping;
mod parse;
mod scalar;

use crate::diagnostic::{Code, Collector};
use crate::span::Span;

/// A value and its position.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) data: Data,
}

/// A YAML value.
#[derive(Debug, Clone)]
pub(crate) enum Data {
    Null,
    Boolean(bool),
    Integer(i64),
    Decimal(f64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: Node,
    /// The key as text: `5` for the number 5.
    pub(crate) name: String,
    pub(crate) value: Node,
}

impl Node {
    /// The entry of a mapping.
    pub(crate) fn get(&self, name: &str) -> Option<&Entry> {
        let Data::Map(entries) = &self.data else { return None };
        entries.iter().find(|entry| entry.name == name)
    }

    /// The value in words.
    pub(crate) fn describe(&self) -> String {
        match &self.data {
            Data::Null => "nothing".to_owned(),
            Data::Boolean(value) => format!("the flag `{value}`"),
            Data::Integer(value) => format!("the number {value}"),
            Data::Decimal(value) => format!("the number {value}"),
            Data::Text(value) => format!("the text `{value}`"),
            Data::List(_) => "a list".to_owned(),
            Data::Map(_) => "a mapping".to_owned(),
        }
    }

    /// The same value as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.data {
            Data::Null => Value::Null,
            Data::Boolean(value) => Value::from(*value),
            Data::Integer(value) => Value::from(*value),
            Data::Decimal(value) => Value::from(*value),
            Data::Text(value) => Value::from(value.as_str()),
            Data::List(items) => items.iter().map(Self::json).collect(),
            Data::Map(entries) => entries.iter().map(|entry| (entry.name.clone(), entry.value.json())).collect(),
        }
    }
}

/// Reads the file, an empty one as null; `None` when it is not YAML (reported).
pub(crate) fn read(text: &str, out: &Collector) -> Option<Node> {
    match parse::document(text, out) {
        Ok(root) => Some(root.unwrap_or(Node { span: Span::START, data: Data::Null })),
        Err(error) => {
            out.error(Code::Syntax, error.span, format!("not YAML: {}", error.message), "");
            None
        }
    }
}

#[cfg(test)]
mod tests;
