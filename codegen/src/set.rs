//! Named lists of values, or of values with words.

use std::collections::HashSet;

use crate::diagnostic::{Code, Collector, suggestion};
use crate::name::{self, Name};
use crate::reader;
use crate::yaml::{Data, Node};

/// A value as written, and the words for it where they are given.
#[derive(Clone, Copy)]
pub(crate) struct Value<'a> {
    pub(crate) node: &'a Node,
    pub(crate) words: Option<&'a Node>,
}

struct Set<'a> {
    name: Name,
    /// `None` when the set could not be read.
    values: Option<Vec<Value<'a>>>,
}

/// All sets of the file.
#[derive(Default)]
pub(crate) struct Sets<'a> {
    list: Vec<Set<'a>>,
}

pub(crate) fn read<'a>(node: &'a Node, out: &Collector) -> Sets<'a> {
    let mut list = Vec::new();
    for entry in reader::entries(node, "sets", out).unwrap_or_default() {
        name::check_plain(&entry.name, entry.key.span, "a set", out);
        let name = (entry.name.clone(), entry.key.span);
        let values = match &entry.value.data {
            Data::Map(_) => Some(of_map(&entry.value)),
            _ => reader::items(&entry.value, &entry.name, out).map(|items| items.iter().map(plain).collect()),
        };
        if values.as_ref().is_some_and(Vec::is_empty) {
            out.error(Code::Empty, entry.value.span, format!("set `{}` is empty", entry.name), "");
        }
        list.push(Set { name, values: values.filter(|values| !values.is_empty()) });
    }
    Sets { list }
}

fn plain(node: &Node) -> Value<'_> {
    Value { node, words: None }
}

fn of_map(node: &Node) -> Vec<Value<'_>> {
    let Data::Map(entries) = &node.data else { return Vec::new() };
    entries
        .iter()
        .map(|entry| Value {
            node: &entry.key,
            words: Some(&entry.value).filter(|words| !matches!(words.data, Data::Null)),
        })
        .collect()
}

impl<'a> Sets<'a> {
    /// The values in a node: a list, a mapping from value to words, or `$name`, alone or as an item, which names a set.
    /// `None` when it is none of them (reported).
    pub(crate) fn values(&self, node: &'a Node, what: &str, out: &Collector) -> Option<Vec<Value<'a>>> {
        if let Some(name) = reference(node) {
            return self.find(name, node, out).map(<[_]>::to_vec);
        }
        if matches!(node.data, Data::Map(_)) {
            return Some(of_map(node));
        }
        let mut all = Vec::new();
        for item in reader::items(node, what, out)? {
            match reference(item) {
                Some(name) => all.extend_from_slice(self.find(name, item, out).unwrap_or_default()),
                None => all.push(plain(item)),
            }
        }
        Some(all)
    }

    fn find(&self, name: &str, node: &Node, out: &Collector) -> Option<&[Value<'a>]> {
        let Some(set) = self.list.iter().find(|set| set.name.0 == name) else {
            let help = suggestion(name, self.list.iter().map(|set| set.name.0.as_str()));
            out.hint(Code::UnknownSet, node.span, format!("there is no set `{name}`"), "", help);
            return None;
        };
        set.values.as_deref()
    }

    /// The sets that no `$name` anywhere in the file names, not even in a field that could not be read.
    pub(crate) fn unused(&self, root: &Node) -> Vec<Name> {
        let mut used = HashSet::new();
        references(root, &mut used);
        self.list.iter().map(|set| &set.name).filter(|(name, _)| !used.contains(name.as_str())).cloned().collect()
    }
}

fn references<'n>(node: &'n Node, used: &mut HashSet<&'n str>) {
    match &node.data {
        Data::List(items) => items.iter().for_each(|item| references(item, used)),
        Data::Map(entries) => entries.iter().for_each(|entry| references(&entry.value, used)),
        _ => used.extend(reference(node)),
    }
}

fn reference(node: &Node) -> Option<&str> {
    match &node.data {
        Data::Text(text) => text.strip_prefix('$'),
        _ => None,
    }
}
