//! The parser's events to a tree of nodes, in one pass.

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, Tag};

use crate::diagnostic::Collector;
use crate::span::Span;
use crate::yaml::{Data, Node, mapping, scalar};

/// How many lists and mappings may lie in one another.
const MAX_DEPTH: usize = 128;
/// How many nodes a file may have once its aliases are copied: some hundred bytes of aliases of aliases could make billions.
const MAX_NODES: usize = 1_000_000;

/// Why a text is not a YAML document that the registry can be read from.
#[derive(Debug)]
pub(super) struct SyntaxError {
    pub(super) span: Span,
    pub(super) message: String,
}

/// A list or mapping whose end is not reached.
struct Open {
    start: Marker,
    anchor: usize,
    is_map: bool,
    nodes: Vec<Node>,
}

/// A node with an anchor. Its copies for aliases keep its position, because that is where a mistake is corrected.
struct Anchored {
    node: Node,
    nodes: usize,
    depth: usize,
}

struct Tree<'a> {
    out: &'a Collector,
    open: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    root: Option<Node>,
    /// Nodes so far, copies for aliases included.
    nodes: usize,
}

/// The only document of the text; `None` when there is none.
pub(super) fn document(text: &str, out: &Collector) -> Result<Option<Node>, SyntaxError> {
    let mut tree = Tree { out, open: Vec::new(), anchors: HashMap::new(), root: None, nodes: 0 };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, range) = event.map_err(|error| SyntaxError {
            span: Span::between(*error.marker(), *error.marker()),
            message: error.info().to_owned(),
        })?;
        tree.take(event, range.start, range.end)
            .map_err(|message| SyntaxError { span: Span::between(range.start, range.start), message })?;
    }
    Ok(tree.root)
}

impl Tree<'_> {
    fn take(&mut self, event: Event<'_>, start: Marker, end: Marker) -> Result<(), String> {
        match event {
            Event::SequenceStart(anchor, tag) => self.begin(Open { start, anchor, is_map: false, nodes: vec![] }, tag),
            Event::MappingStart(anchor, tag) => self.begin(Open { start, anchor, is_map: true, nodes: vec![] }, tag),
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else { return Ok(()) };
                let data = if open.is_map {
                    Data::Map(mapping::entries(open.nodes, self.out))
                } else {
                    Data::List(open.nodes)
                };
                self.put(Node { span: Span::between(open.start, end), data }, open.anchor)
            }
            Event::Scalar(text, style, anchor, tag) => {
                untagged(tag.as_ref())?;
                let data = scalar::read(&text, style, tag.as_ref())?;
                self.put(Node { span: Span::between(start, end), data }, anchor)
            }
            Event::Alias(anchor) => {
                let Some(known) = self.anchors.get(&anchor) else {
                    return Err("an alias inside the value of its own anchor".to_owned());
                };
                if self.open.len() + known.depth > MAX_DEPTH {
                    return Err(too_deep());
                }
                self.nodes += known.nodes;
                if self.nodes > MAX_NODES {
                    return Err(format!("with its aliases the file has more than {MAX_NODES} values"));
                }
                let node = known.node.clone();
                self.put(node, 0)
            }
            Event::DocumentStart(_) if self.root.is_some() => Err("a second document".to_owned()),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                Ok(())
            }
        }
    }

    fn begin(&mut self, open: Open, tag: Option<Cow<'_, Tag>>) -> Result<(), String> {
        untagged(tag.as_ref())?;
        self.open.push(open);
        if self.open.len() > MAX_DEPTH { Err(too_deep()) } else { Ok(()) }
    }

    fn put(&mut self, node: Node, anchor: usize) -> Result<(), String> {
        self.nodes += 1;
        if anchor > 0 {
            let (nodes, depth) = size(&node);
            self.anchors.insert(anchor, Anchored { node: node.clone(), nodes, depth });
        }
        match self.open.last_mut() {
            Some(parent) => parent.nodes.push(node),
            None => self.root = Some(node),
        }
        Ok(())
    }
}

fn too_deep() -> String {
    format!("more than {MAX_DEPTH} lists and mappings in one another")
}

/// Tags of YAML's own schema say what a value is; any other means nothing here.
fn untagged(tag: Option<&Cow<'_, Tag>>) -> Result<(), String> {
    match tag {
        Some(tag) if !tag.is_yaml_core_schema() => Err(format!("a plain value without the tag `{tag}` is expected")),
        _ => Ok(()),
    }
}

/// How many nodes there are in a node, itself included, and how many lists and mappings lie in one another.
fn size(node: &Node) -> (usize, usize) {
    let sum = |sizes: &mut dyn Iterator<Item = (usize, usize)>| {
        let (nodes, depth) = sizes.fold((1, 0), |(nodes, depth), (more, deep)| (nodes + more, depth.max(deep)));
        (nodes, depth + 1)
    };
    match &node.data {
        Data::List(items) => sum(&mut items.iter().map(size)),
        Data::Map(entries) => sum(&mut entries.iter().map(|entry| {
            let (nodes, depth) = size(&entry.value);
            (nodes + 1, depth)
        })),
        _ => (1, 0),
    }
}
