//! Paths of fields in rules and prices: `duration`, or `shots[].duration` for a field of every item.

use kie_schema::spec::{ChoiceSpec, FieldSpec, Kind, ListSpec, Literal, MediaKind, OptionSpec, Path};

use crate::diagnostic::{Code, suggestion};
use crate::env::Env;
use crate::kind;
use crate::leak;
use crate::reader;
use crate::span::Span;
use crate::yaml::Node;

/// The fields of a model, for looking up paths.
pub(super) struct FieldScope<'a> {
    pub(super) env: &'a Env<'a>,
    pub(super) fields: &'static [FieldSpec],
}

/// What a path leads to.
pub(super) struct PathTarget {
    pub(super) path: Path,
    pub(super) kind: &'static Kind,
    /// The field itself; `None` for the items of a list of plain values.
    pub(super) field: Option<&'static FieldSpec>,
    /// Goes through the items of a list.
    pub(super) many: bool,
}

/// What a rule or price needs a field to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Anything.
    Any,
    /// A text or texts.
    Text,
    /// A number, numbers, or a choice among numbers.
    Number,
    /// A list.
    List,
    /// A list, or a number or file that can be counted.
    Countable,
    /// A file or files.
    File,
    /// A picture or pictures.
    Picture,
    /// Values that can be compared.
    Value,
}

impl Need {
    fn says(self) -> &'static str {
        match self {
            Self::Any => "a field",
            Self::Text => "a text",
            Self::Number => "a number",
            Self::List => "a list",
            Self::Countable => "a list or a file",
            Self::File => "a file",
            Self::Picture => "a picture or clip",
            Self::Value => "a field with plain values",
        }
    }

    fn met_by(self, target: &PathTarget) -> bool {
        let leaf = kind::leaf(target.kind);
        match self {
            Self::Any => true,
            Self::Text => matches!(leaf, Kind::Text(_)),
            Self::Number => match leaf {
                Kind::Integer(_) | Kind::Decimal(_) => true,
                Kind::Choice(ChoiceSpec { options, .. }) => options.iter().any(is_number),
                _ => false,
            },
            Self::List => matches!(target.kind, Kind::List(_)) || target.many,
            Self::Countable => matches!(target.kind, Kind::List(_) | Kind::Media(_)) || target.many,
            Self::File => matches!(leaf, Kind::Media(_)),
            Self::Picture => matches!(leaf, Kind::Media(spec)
                if spec.of.iter().any(|of| matches!(of, MediaKind::Image | MediaKind::Video))),
            Self::Value => !matches!(leaf, Kind::Object(_)),
        }
    }
}

/// Numbers, and texts that are numbers: `'5'`.
fn is_number(option: &OptionSpec) -> bool {
    match &option.value {
        Literal::Integer(_) | Literal::Decimal(_) => true,
        Literal::Text(text) => text.trim_end_matches(|unit: char| unit.is_ascii_alphabetic()).parse::<f64>().is_ok(),
        Literal::Boolean(_) => false,
    }
}

impl FieldScope<'_> {
    /// The path in a node, when it leads to a field of the right kind.
    pub(super) fn path(&self, node: &Node, need: Need) -> Option<Path> {
        let path = reader::text(node, "the field", self.env.out)?;
        self.named(path, node.span, need).map(|target| target.path)
    }

    /// Several paths: a list, or a single one.
    pub(super) fn paths(&self, node: &Node, what: &str, need: Need) -> &'static [Path] {
        if reader::one_or_many(node).is_empty() {
            self.env.out.error(Code::Empty, node.span, format!("`{what}` is empty"), "");
        }
        leak::list(reader::one_or_many(node).iter().filter_map(|item| self.path(item, need)))
    }

    /// Follows a path and reports where it leads nowhere or to a field of the wrong kind.
    pub(super) fn named(&self, path: &str, span: Span, need: Need) -> Option<PathTarget> {
        let target = self.follow(path, span)?;
        if kind::is_broken(target.kind) || need.met_by(&target) {
            return Some(target);
        }
        let title = format!("`{path}` must be {} here, it is {}", need.says(), describe(target.kind));
        self.env.out.error(Code::RequirementMisfit, span, title, "");
        None
    }

    fn follow(&self, path: &str, span: Span) -> Option<PathTarget> {
        let out = self.env.out;
        if self.fields.is_empty() {
            // The input could not be read, which is reported already.
            return None;
        }
        let root = path.split(['.', '[']).next().unwrap_or(path);
        let root = self.fields.iter().position(|field| field.name == root);
        let whole_path = Path::at(root.and_then(|root| u16::try_from(root).ok()).unwrap_or_default(), leak::text(path));
        let mut fields = self.fields;
        let mut target: Option<PathTarget> = None;
        let mut many = false;
        let mut done: Vec<&str> = Vec::new();
        for part in path.split('.') {
            let (name, each) = part.strip_suffix("[]").map_or((part, false), |name| (name, true));
            let Some(field) = fields.iter().find(|field| field.name == name) else {
                let title = format!("there is no field `{path}`");
                let label = if done.is_empty() { String::new() } else { format!("not in `{}`", done.join(".")) };
                let help = suggestion(name, fields.iter().map(|field| field.name));
                out.hint(Code::UnknownField, span, title, label, help);
                return None;
            };
            let mut kind = &field.kind;
            done.push(part);
            let whole = PathTarget { path: whole_path, kind, field: Some(field), many };
            if kind::is_broken(kind) {
                return Some(whole);
            }
            target = Some(whole);
            if each {
                let Kind::List(ListSpec { item, .. }) = *kind else {
                    let title = format!("`{name}` is no list, it has no items");
                    out.hint(Code::UnknownField, span, title, "", format!("write `{}`", path.replacen("[]", "", 1)));
                    return None;
                };
                kind = item;
                many = true;
                target = Some(PathTarget { path: whole_path, kind, field: None, many });
            }
            fields = match kind {
                Kind::Object(fields) => fields,
                Kind::List(ListSpec { item, .. })
                    if matches!(**item, Kind::Object(_)) && path.len() > done.join(".").len() =>
                {
                    let title = format!("`{name}` is a list");
                    let help = format!("write `{}`", path.replacen(name, &format!("{name}[]"), 1));
                    out.hint(Code::UnknownField, span, title, "", help);
                    return None;
                }
                _ => &[],
            };
        }
        target
    }
}

/// A kind in words.
pub(super) fn describe(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text(_) => "a text",
        Kind::Integer(_) | Kind::Decimal(_) => "a number",
        Kind::Boolean => "a flag",
        Kind::Choice(_) => "a choice",
        Kind::Media(_) => "a file",
        Kind::Task(_) => "a task id",
        Kind::List(_) => "a list",
        Kind::Object(_) => "an object",
    }
}
