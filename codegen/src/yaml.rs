//! YAML text to a tree in which every key and value knows its place.
//!
//! `serde_yaml` says what a value is, `position` says where. Duplicate keys are reported here and merge keys (`<<`) are
//! resolved here, so that later steps see plain mappings.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::diagnostic::{Code, Collector};
use crate::position::{self, Marks, Span};

/// A value and its place.
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

    /// What the value is, for people.
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

/// Reads the file; `None` when it is not YAML (reported).
pub(crate) fn read(text: &str, out: &Collector) -> Option<Node> {
    let raw: Raw = match serde_yaml::from_str(text) {
        Ok(raw) => raw,
        Err(error) => {
            let span = error.location().map_or(Span::START, |place| Span {
                line: u32::try_from(place.line()).unwrap_or(1).max(1),
                column: u32::try_from(place.column()).unwrap_or(1).max(1),
                length: 1,
            });
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or(&message);
            out.error(Code::Syntax, span, format!("not YAML: {message}"), "");
            return None;
        }
    };
    match position::marks(text) {
        Ok(marks) => Some(locate(raw, marks.as_deref(), Span::START, out)),
        Err(error) => {
            out.error(Code::Syntax, error.span, format!("not YAML: {}", error.message), "");
            None
        }
    }
}

fn locate(raw: Raw, marks: Option<&Marks>, parent: Span, out: &Collector) -> Node {
    let span = marks.map_or(parent, |marks| marks.span);
    let child = |index: usize| marks.and_then(|marks| marks.children.get(index)).map(AsRef::as_ref);
    let data = match raw {
        Raw::Null => Data::Null,
        Raw::Boolean(value) => Data::Boolean(value),
        Raw::Integer(value) => Data::Integer(value),
        Raw::Decimal(value) => Data::Decimal(value),
        Raw::Text(value) => Data::Text(value),
        Raw::List(items) => Data::List(
            items.into_iter().enumerate().map(|(index, item)| locate(item, child(index), span, out)).collect(),
        ),
        Raw::Map(pairs) => {
            let entries = pairs.into_iter().enumerate().map(|(index, (key, value))| {
                let key = locate(key, child(2 * index), span, out);
                let value = locate(value, child(2 * index + 1), key.span, out);
                (key, value)
            });
            Data::Map(unique(entries, out))
        }
    };
    Node { span, data }
}

/// Refuses keys that are written twice, then adds merged keys where the mapping has none of its own.
fn unique(pairs: impl Iterator<Item = (Node, Node)>, out: &Collector) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut merged: Vec<Node> = Vec::new();
    for (key, value) in pairs {
        let name = match &key.data {
            Data::Text(text) if text == "<<" => {
                merged.push(value);
                continue;
            }
            Data::Text(text) => text.clone(),
            Data::Integer(number) => number.to_string(),
            Data::Decimal(number) => number.to_string(),
            Data::Boolean(flag) => flag.to_string(),
            Data::Null | Data::List(_) | Data::Map(_) => {
                out.error(Code::WrongType, key.span, format!("a key must be a word, this is {}", key.describe()), "");
                continue;
            }
        };
        match entries.iter().find(|entry| entry.name == name) {
            Some(first) => {
                let line = first.key.span.line;
                out.error(
                    Code::DuplicateKey,
                    key.span,
                    format!("`{name}` is written twice"),
                    format!("first on line {line}"),
                );
            }
            None => entries.push(Entry { key, name, value }),
        }
    }
    for node in merged {
        merge(node, &mut entries, out);
    }
    entries
}

fn merge(node: Node, entries: &mut Vec<Entry>, out: &Collector) {
    match node.data {
        Data::Map(more) => {
            for entry in more {
                if !entries.iter().any(|own| own.name == entry.name) {
                    entries.push(entry);
                }
            }
        }
        Data::List(items) if items.iter().all(|item| matches!(item.data, Data::Map(_))) => {
            for item in items {
                merge(item, entries, out);
            }
        }
        _ => {
            let title = format!("`<<` takes a mapping or a list of mappings, this is {}", node.describe());
            out.error(Code::WrongType, node.span, title, "");
        }
    }
}

/// A value as `serde_yaml` reads it. Its own `Value` refuses duplicate keys at once and without a place.
enum Raw {
    Null,
    Boolean(bool),
    Integer(i64),
    Decimal(f64),
    Text(String),
    List(Vec<Self>),
    Map(Vec<(Self, Self)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a plain value without a tag")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(i64::try_from(value).map_or(Raw::Decimal(value as f64), Raw::Integer))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Decimal(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut input: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = input.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut input: A) -> Result<Raw, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = input.next_entry()? {
            pairs.push(pair);
        }
        Ok(Raw::Map(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> (Node, Vec<String>) {
        let out = Collector::default();
        let node = read(text, &out).unwrap();
        let titles = out.finish("f", text).list().iter().map(|mistake| mistake.title.clone()).collect();
        (node, titles)
    }

    #[test]
    fn merged_keys_fill_gaps_and_keep_their_place() {
        let (node, titles) = tree("base: &b { max: 5, min: 1 }\nuse:\n  <<: *b\n  min: 3\n");
        assert_eq!(titles, [""; 0]);
        let entry = &node.get("use").unwrap().value;
        assert_eq!(entry.json(), serde_json::json!({ "min": 3, "max": 5 }));
        assert_eq!(entry.get("max").unwrap().key.span.line, 1);
        assert_eq!(entry.get("min").unwrap().key.span.line, 4);
    }

    #[test]
    fn a_list_of_mappings_merges_in_order() {
        let (node, _) = tree("a: &a { x: 1 }\nb: &b { x: 2, y: 2 }\nuse: { <<: [*a, *b] }\n");
        assert_eq!(node.get("use").unwrap().value.json(), serde_json::json!({ "x": 1, "y": 2 }));
    }

    #[test]
    fn every_duplicate_key_is_reported() {
        let (_, titles) = tree("a: 1\na: 2\nb: { c: 1, c: 2 }\n");
        assert_eq!(titles, ["`a` is written twice", "`c` is written twice"]);
    }

    #[test]
    fn numbers_flags_and_ratios_are_told_apart() {
        let (node, _) = tree("[5, '5', 16:9, 0.5, true, on, 2026-10-01, ~]");
        assert_eq!(node.json(), serde_json::json!([5, "5", "16:9", 0.5, true, "on", "2026-10-01", null]));
    }
}
