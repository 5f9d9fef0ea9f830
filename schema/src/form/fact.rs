//! What is known of the files in an input, against the limits of their fields.

use crate::file::Files;
use crate::media::SECONDS_SLACK;
use crate::report::{Violation, ViolationKind};
use crate::spec::{FieldSpec, Kind, ListSpec};
use crate::value_ref::{ObjectRef, ValueRef};

/// Everything in the files that breaks a limit.
pub(super) fn check(fields: &'static [FieldSpec], input: &dyn ObjectRef, files: &Files) -> Vec<Violation> {
    let mut found = Vec::new();
    object(fields, input, "", files, &mut found);
    found
}

/// The same for one field.
pub(super) fn check_value(kind: &'static Kind, value: ValueRef<'_>, path: &str, files: &Files) -> Vec<Violation> {
    let mut found = Vec::new();
    walk(kind, value, path, files, &mut found);
    found
}

fn object(
    fields: &'static [FieldSpec],
    input: &dyn ObjectRef,
    prefix: &str,
    files: &Files,
    found: &mut Vec<Violation>,
) {
    for field in fields {
        if let Some(value) = input.field(field.name)
            && holds_files(&field.kind)
        {
            walk(&field.kind, value, &format!("{prefix}{}", field.name), files, found);
        }
    }
}

fn holds_files(kind: &Kind) -> bool {
    match kind {
        Kind::Media(_) => true,
        Kind::List(list) => holds_files(list.item),
        Kind::Object(fields) => fields.iter().any(|f| holds_files(&f.kind)),
        Kind::Text(_) | Kind::Integer(_) | Kind::Decimal(_) | Kind::Boolean | Kind::Choice(_) | Kind::Task(_) => false,
    }
}

fn walk(kind: &'static Kind, value: ValueRef<'_>, path: &str, files: &Files, found: &mut Vec<Violation>) {
    match (kind, value) {
        (Kind::Media(spec), ValueRef::Text(url)) => {
            if let Some(facts) = files.get(url) {
                let given = facts.name.clone().unwrap_or_else(|| value.shortened());
                let kinds = spec.check_facts(facts).into_iter();
                found.extend(kinds.map(|kind| Violation {
                    field: path.to_owned().into(),
                    kind,
                    given: Some(given.clone()),
                }));
            }
        }
        (Kind::List(list), ValueRef::List(items)) => {
            for index in 0..items.count() {
                walk(list.item, items.item(index), &format!("{path}[{index}]"), files, found);
            }
            found.extend(total(list, value, path, files));
        }
        (Kind::Object(fields), ValueRef::Object(inner)) => object(fields, inner, &format!("{path}."), files, found),
        _ => {}
    }
}

/// The length of all files of a list together. What is known may already be too much.
fn total(list: &ListSpec, value: ValueRef<'_>, path: &str, files: &Files) -> Option<Violation> {
    let max = list.total_seconds?;
    let sum: f64 = value.files().filter_map(|url| files.get(url)?.seconds).sum();
    (sum > max + SECONDS_SLACK).then(|| {
        let kind = ViolationKind::Sum { fields: vec![path.to_owned()], count: "seconds", max, exact: false, sum };
        Violation { field: path.to_owned().into(), kind, given: None }
    })
}
