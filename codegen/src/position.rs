//! Where each YAML node stands in the text. Used for diagnostics only: values come from `serde_yaml` (see `yaml`).

use std::collections::HashMap;
use std::rc::Rc;

use saphyr_parser::{Event, Marker, Parser};

/// A place on one line of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Length in characters, at least 1; a node that goes on over several lines counts 1.
    pub length: u32,
}

impl Span {
    /// The first character of the file.
    pub const START: Self = Self { line: 1, column: 1, length: 1 };

    fn between(start: Marker, end: Marker) -> Self {
        let length = if start.line() == end.line() { end.col().saturating_sub(start.col()) } else { 1 };
        // The parser counts columns from 0.
        Self { line: count(start.line()), column: count(start.col() + 1), length: count(length.max(1)) }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The places of a node and of everything below it, in the order of the text: items of a list; key, value, key, value of a
/// mapping. An alias has the places of its anchor, because that is where a mistake is mended.
#[derive(Debug)]
pub(crate) struct Marks {
    pub(crate) span: Span,
    pub(crate) children: Vec<Rc<Self>>,
}

/// A text that the position parser does not take, although `serde_yaml` did.
#[derive(Debug)]
pub(crate) struct Unreadable {
    pub(crate) span: Span,
    pub(crate) message: String,
}

struct Open {
    start: Marker,
    anchor: usize,
    children: Vec<Rc<Marks>>,
}

/// Reads the places of the first document; `None` when the file is empty.
pub(crate) fn marks(text: &str) -> Result<Option<Rc<Marks>>, Unreadable> {
    let mut anchors: HashMap<usize, Rc<Marks>> = HashMap::new();
    let mut open: Vec<Open> = Vec::new();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| Unreadable {
            span: Span::between(*error.marker(), *error.marker()),
            message: error.info().to_owned(),
        })?;
        let done = match event {
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                open.push(Open { start: span.start, anchor, children: Vec::new() });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(node) = open.pop() else { continue };
                let marks = Rc::new(Marks { span: Span::between(node.start, span.end), children: node.children });
                if node.anchor > 0 {
                    anchors.insert(node.anchor, Rc::clone(&marks));
                }
                marks
            }
            Event::Scalar(_, _, anchor, _) => {
                let marks = Rc::new(Marks { span: Span::between(span.start, span.end), children: Vec::new() });
                if anchor > 0 {
                    anchors.insert(anchor, Rc::clone(&marks));
                }
                marks
            }
            Event::Alias(anchor) => anchors.get(&anchor).map_or_else(
                || Rc::new(Marks { span: Span::between(span.start, span.end), children: Vec::new() }),
                Rc::clone,
            ),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                continue;
            }
        };
        match open.last_mut() {
            Some(parent) => parent.children.push(done),
            None => return Ok(Some(done)),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(line: u32, column: u32, length: u32) -> Span {
        Span { line, column, length }
    }

    #[test]
    fn columns_count_characters_from_one_for_keys_and_values() {
        let root = marks("имя: Кот\nlist: [a, 'b c']\n").unwrap().unwrap();
        let places: Vec<Span> = root.children.iter().map(|node| node.span).collect();
        assert_eq!(places, [span(1, 1, 3), span(1, 6, 3), span(2, 1, 4), span(2, 7, 10)]);
        assert_eq!(root.children[3].children[1].span, span(2, 11, 5));
    }

    #[test]
    fn an_alias_stands_where_its_anchor_stands() {
        let root = marks("a: &x { max: 5 }\nb: *x\nc:\n  <<: *x\n").unwrap().unwrap();
        assert_eq!(root.children[3].children[1].span, span(1, 14, 1));
        assert_eq!(root.children[5].children[1].children[1].span, span(1, 14, 1));
    }

    #[test]
    fn a_node_over_several_lines_is_one_character_long() {
        let root = marks("a:\n  b: 1\n  c: 2\n").unwrap().unwrap();
        assert_eq!(root.children[1].span, span(2, 3, 1));
    }

    #[test]
    fn an_empty_file_has_no_places() {
        assert!(marks("# nothing\n").unwrap().is_none());
    }
}
