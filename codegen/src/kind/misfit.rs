//! How a value of the file fails to fit its field: what the product's own check finds, at its position in the file.

use std::collections::HashSet;

use kie_schema::form::{self, Accepted, Origin};
use kie_schema::report::{Report, Violation, ViolationKind};
use kie_schema::spec::{ChoiceSpec, FieldSpec, Kind, ListSpec, ModelRef, ModelSpec, TextFormat};
use kie_schema::{Files, value_ref::AsValueRef};
use serde_json::{Map, Value};

use super::{choice, is_broken, leaf};
use crate::diagnostic::suggestion;
use crate::leak;
use crate::span::Span;
use crate::yaml::{Data, Entry, Node};

/// How a value fails to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Not one of the values of a choice.
    NotListed,
    /// Of another type, or outside the limits.
    Outside,
    /// A required field of an object is not there.
    Missing,
    /// An object has a field that it should not have.
    Unknown,
}

/// One way in which a value does not fit its field.
#[derive(Debug)]
pub(crate) struct Misfit {
    pub(crate) span: Span,
    pub(crate) class: Class,
    pub(crate) title: String,
    pub(crate) label: String,
    pub(crate) help: Option<String>,
}

/// A value as it goes on the wire.
///
/// # Errors
/// All ways in which it does not fit the type.
pub(crate) fn fit(kind: Kind, node: &Node, name: &str) -> Result<Value, Vec<Misfit>> {
    if is_broken(&kind) {
        return Ok(node.json());
    }
    let fields = leak::list([FieldSpec { name: leak::text(name), kind, required: true, ..FieldSpec::DEFAULT }]);
    let root = wrap(name, node);
    let value = node.json();
    let mut found = Vec::new();
    unwritable(&kind, node, name.to_owned(), &mut found);
    let wire = match form::check_field(&fields[0], &value, &Files::new(), Origin::Json) {
        Ok(wire) => Some(wire),
        Err(violations) => {
            add(violations, &mut found);
            None
        }
    };
    let misfits = locate(fields, &root, root.span, &found);
    if misfits.is_empty() { Ok(wire.unwrap_or(value)) } else { Err(misfits) }
}

/// What callers may write and the registry may not: nothing at all, which would count as not given, numbers that JSON cannot hold,
/// and values that stand for others.
fn unwritable(kind: &Kind, node: &Node, path: String, found: &mut Vec<Violation>) {
    let violation = match (kind, &node.data) {
        (_, Data::Null) => ViolationKind::WrongType { needed: "" },
        (_, Data::Decimal(number)) if !number.is_finite() => ViolationKind::WrongType { needed: "" },
        (Kind::Text(text), Data::Text(empty)) if empty.is_empty() => match text.check(empty) {
            Ok(()) => return,
            Err(violation) => violation,
        },
        (_, Data::Text(empty)) if empty.is_empty() => ViolationKind::WrongType { needed: "" },
        (Kind::Choice(choice), data) if !matches!(data, Data::List(_) | Data::Map(_)) => {
            match choice.position(node.json().as_value_ref()) {
                Some(_) => return,
                None => ViolationKind::NotOffered { values: Vec::new() },
            }
        }
        (Kind::List(list), Data::List(items)) => {
            for (index, item) in items.iter().enumerate() {
                unwritable(list.item, item, format!("{path}[{index}]"), found);
            }
            return;
        }
        (Kind::Object(fields), Data::Map(_)) => return unwritable_fields(fields, node, &path, found),
        _ => return,
    };
    found.push(Violation { field: path.into(), kind: violation, given: None });
}

fn unwritable_fields(fields: &[FieldSpec], node: &Node, prefix: &str, found: &mut Vec<Violation>) {
    let Data::Map(entries) = &node.data else { return };
    for entry in entries {
        let path = join(prefix, &entry.name);
        match fields.iter().find(|field| field.name == entry.name) {
            Some(field) => unwritable(&field.kind, &entry.value, path, found),
            // The product's check passes over `null`, whatever its name.
            None if matches!(entry.value.data, Data::Null) => {
                let kind = ViolationKind::UnknownField { nearest: None };
                found.push(Violation { field: path.into(), kind, given: None });
            }
            None => {}
        }
    }
}

/// Adds what the product's check has found at other places.
fn add(violations: Vec<Violation>, found: &mut Vec<Violation>) {
    let known: HashSet<String> = found.iter().map(|violation| violation.field.to_string()).collect();
    found.extend(violations.into_iter().filter(|violation| !known.contains(&*violation.field)));
}

/// The object that has the value under this name.
fn wrap(name: &str, node: &Node) -> Node {
    let key = Node { span: node.span, data: Data::Text(name.to_owned()) };
    let entry = Entry { key, name: name.to_owned(), value: node.clone() };
    Node { span: node.span, data: Data::Map(vec![entry]) }
}

/// An input of a model, checked without the rules across fields; `owner` is where a missing field is reported.
///
/// # Errors
/// All ways in which it does not fit the fields.
pub(crate) fn fit_input(spec: &ModelSpec, node: &Node, owner: Span) -> Result<Map<String, Value>, Vec<Misfit>> {
    let wrong = |misfit| Err(vec![misfit]);
    let Value::Object(input) = node.json() else {
        let title = format!("it must be a mapping, this is {}", node.describe());
        return wrong(Misfit { span: node.span, class: Class::Outside, title, label: String::new(), help: None });
    };
    let fields: &'static ModelSpec = leak::one(ModelSpec { rules: &[], advises: false, ..*spec });
    let (accepted, report) = match form::check(ModelRef::from(fields), &input, &Files::new(), Origin::Json) {
        Ok(Accepted { request, warnings }) => {
            (Some(request.input().clone()), Report { violations: Vec::new(), warnings })
        }
        Err(report) => (None, report),
    };
    let mut found = Vec::new();
    unwritable_fields(spec.fields, node, "", &mut found);
    add(report.violations, &mut found);
    found.extend(
        report
            .warnings
            .into_iter()
            .filter(|warning| warning.kind == ViolationKind::NotSent)
            .map(|warning| Violation { kind: ViolationKind::UnknownField { nearest: None }, ..warning }),
    );
    aliased(spec.fields, node, "", &mut found);
    let misfits = locate(spec.fields, node, owner, &found);
    if misfits.is_empty() { Ok(accepted.unwrap_or(input)) } else { Err(misfits) }
}

/// Fields that are given under another of their names.
fn aliased(fields: &[FieldSpec], node: &Node, prefix: &str, found: &mut Vec<Violation>) {
    match &node.data {
        Data::Map(entries) => {
            for entry in entries {
                let path = join(prefix, &entry.name);
                let by_name = fields.iter().find(|field| field.name == entry.name);
                match by_name.map(|field| leaf(&field.kind)) {
                    Some(Kind::Object(inner)) => aliased(inner, &entry.value, &path, found),
                    Some(_) => {}
                    None if fields.iter().any(|field| field.is_called(&entry.name)) => {
                        let kind = ViolationKind::UnknownField { nearest: None };
                        found.push(Violation { field: path.into(), kind, given: None });
                    }
                    None => {}
                }
            }
        }
        Data::List(items) => {
            for (index, item) in items.iter().enumerate() {
                aliased(fields, item, &format!("{prefix}[{index}]"), found);
            }
        }
        _ => {}
    }
}

fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

/// What a path leads to.
struct Target<'a> {
    /// The limits; none below a name that no field has.
    kind: Option<&'a Kind>,
    /// The fields beside the last name of the path.
    beside: &'a [FieldSpec],
    /// The value or, where the path ends in a name that is not given, the object that lacks it.
    node: &'a Node,
    /// Where the last name of the path is written.
    key: Option<Span>,
}

/// Follows the path of a violation through the fields and the file.
fn follow<'a>(fields: &'a [FieldSpec], root: &'a Node, path: &str) -> Target<'a> {
    let mut target = Target { kind: None, beside: fields, node: root, key: None };
    let mut inside: &[FieldSpec] = fields;
    for part in path.split(['.', '[']).filter(|part| !part.is_empty()) {
        if let Some(index) = part.strip_suffix(']').and_then(|index| index.parse::<usize>().ok()) {
            target.kind = target.kind.and_then(|kind| if let Kind::List(list) = kind { Some(list.item) } else { None });
            if let Data::List(items) = &target.node.data {
                target.node = items.get(index).unwrap_or(target.node);
            }
        } else {
            let entry = target.node.get(part);
            target.beside = inside;
            target.kind = inside.iter().find(|field| field.name == part).map(|field| &field.kind);
            target.key = entry.map(|entry| entry.key.span);
            target.node = entry.map_or(target.node, |entry| &entry.value);
        }
        inside = if let Some(Kind::Object(fields)) = target.kind { fields } else { &[] };
    }
    target
}

/// The violations at their positions, in the order of the file's own report: one for each place. Those of fields that could not
/// be read are left out.
fn locate(fields: &'static [FieldSpec], root: &Node, owner: Span, violations: &[Violation]) -> Vec<Misfit> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for violation in violations {
        let path = &*violation.field;
        let target = follow(fields, root, path);
        if target.kind.is_some_and(is_broken) || !seen.insert((path, violation.kind.code())) {
            continue;
        }
        found.push(misfit(violation, path, &target, owner, root));
    }
    found
}

fn misfit(violation: &Violation, path: &str, target: &Target<'_>, owner: Span, root: &Node) -> Misfit {
    let node = target.node;
    let outside = |says: &str, label: String| Misfit {
        span: node.span,
        class: Class::Outside,
        title: format!("`{path}` {says}"),
        label,
        help: None,
    };
    let number = || node.json().as_f64().unwrap_or_default();
    match &violation.kind {
        ViolationKind::Required => {
            let span = if std::ptr::eq(node, root) { owner } else { node.span };
            let title = format!("`{path}` is missing");
            Misfit { span, class: Class::Missing, title, label: String::new(), help: None }
        }
        ViolationKind::UnknownField { .. } => {
            let name = path.rsplit('.').next().unwrap_or(path);
            let help = suggestion(name, target.beside.iter().map(|field| field.name));
            let (span, title) = (target.key.unwrap_or(owner), format!("there is no field `{path}`"));
            Misfit { span, class: Class::Unknown, title, label: String::new(), help: Some(help) }
        }
        ViolationKind::WrongType { .. } | ViolationKind::NotOffered { .. } => {
            if let Some(Kind::Choice(ChoiceSpec { options, .. })) = target.kind {
                let (title, help) = (format!("`{path}` is not one of `values`"), choice::advice(options, node));
                let label = "not listed".to_owned();
                return Misfit { span: node.span, class: Class::NotListed, title, label, help: Some(help) };
            }
            if matches!(node.data, Data::Decimal(number) if !number.is_finite()) {
                return outside("is not a number that JSON can hold", "must be finite".to_owned());
            }
            let wanted = target.kind.map_or("another value", wanted);
            outside(&format!("must be {wanted}, this is {}", node.describe()), String::new())
        }
        ViolationKind::TooShort { min, length: 0 } => outside("is empty", format!("at least {min} needed")),
        ViolationKind::TooShort { min, length } => {
            outside("is too short", format!("{length} characters, at least {min}"))
        }
        ViolationKind::TooLong { max, length } => outside("is too long", format!("{length} characters, at most {max}")),
        ViolationKind::WrongFormat { example } => {
            let form = if let Some(Kind::Text(text)) = target.kind { text.format.map(form_of) } else { None };
            outside(&format!("is not {}", form.unwrap_or("of its form")), format!("looks like `{example}`"))
        }
        ViolationKind::OutOfRange { min: Some(min), .. } if number() <= *min => {
            let above = matches!(target.kind, Some(Kind::Decimal(spec)) if spec.above_min);
            outside("is too small", if above { format!("must be above {min}") } else { format!("at least {min}") })
        }
        ViolationKind::OutOfRange { max, .. } => {
            outside("is too large", max.map_or_else(String::new, |max| format!("at most {max}")))
        }
        ViolationKind::OffStep { step } => {
            let from = if let Some(Kind::Integer(spec)) = target.kind { Some(spec.min.unwrap_or(0)) } else { None };
            let label = from
                .map_or_else(|| format!("must be a multiple of {step}"), |from| format!("steps of {step} from {from}"));
            outside("is between two steps", label)
        }
        ViolationKind::Refused { .. } => outside("is not allowed", "one of `except`".to_owned()),
        ViolationKind::TooFew { min, count } => outside("has too few items", format!("{count}, at least {min}")),
        ViolationKind::TooMany { max, count } => outside("has too many items", format!("{count}, at most {max}")),
        ViolationKind::NotUrl { .. } => {
            let (says, label) = no_url(node);
            outside(says, label.to_owned())
        }
        other => outside("does not fit", other.to_string()),
    }
}

/// What is wrong with a URL.
fn no_url(node: &Node) -> (&'static str, &'static str) {
    let Data::Text(url) = &node.data else { return ("is not a URL", "") };
    match url.split_once("://") {
        Some((_, host)) if host.is_empty() || host.starts_with('/') => ("is not a URL", "names no host"),
        Some(_) if url.contains(|symbol: char| symbol.is_whitespace() || symbol.is_control()) => {
            ("is not a URL", "has white space in it")
        }
        _ => ("is not a URL of a scheme that is taken", "begins with https://, say"),
    }
}

fn wanted(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text(_) => "a text",
        Kind::Integer(_) => "a whole number",
        Kind::Decimal(_) => "a number",
        Kind::Boolean => "true or false",
        Kind::Choice(_) => "one of `values`",
        Kind::Media(_) => "a URL",
        Kind::Task(_) => "a task id",
        Kind::List(ListSpec { .. }) => "a list",
        Kind::Object(_) => "a mapping",
    }
}

fn form_of(format: TextFormat) -> &'static str {
    match format {
        TextFormat::Speaker => "a speaker",
        TextFormat::HexColor => "a colour",
        TextFormat::Percent => "a percentage",
        TextFormat::SecondsRange => "a range of seconds",
    }
}
