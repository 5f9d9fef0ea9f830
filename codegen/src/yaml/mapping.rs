//! Keys of a mapping: each written once, merge keys (`<<`) resolved.

use crate::diagnostic::{Code, Collector};
use crate::yaml::{Data, Entry, Node};

/// Reports keys that are written twice, then adds merged keys where the mapping has none of its own. `nodes` are key, value,
/// key, value.
pub(super) fn entries(nodes: Vec<Node>, out: &Collector) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut merged: Vec<Node> = Vec::new();
    let mut nodes = nodes.into_iter();
    while let (Some(key), Some(value)) = (nodes.next(), nodes.next()) {
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
                let label = format!("first on line {}", first.key.span.line);
                out.error(Code::DuplicateKey, key.span, format!("`{name}` is written twice"), label);
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
