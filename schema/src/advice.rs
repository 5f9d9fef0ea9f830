//! Warnings that no rule gives: fields and values that the vendor will soon stop taking.

use super::report::{Violation, ViolationKind};
use super::spec::{FieldSpec, Kind, ModelSpec};
use super::value_ref::{ObjectRef, ValueRef};

/// Every deprecated field and discontinued value in an input.
pub fn of(spec: &'static ModelSpec, input: &dyn ObjectRef) -> Vec<Violation> {
    let mut found = Vec::new();
    fields(spec.fields, input, "", &mut found);
    found
}

fn fields(specs: &'static [FieldSpec], input: &dyn ObjectRef, prefix: &str, found: &mut Vec<Violation>) {
    for spec in specs {
        let Some(value) = input.field(spec.name) else { continue };
        if spec.deprecated {
            let given = Some(value.shortened());
            found.push(Violation {
                field: format!("{prefix}{}", spec.name).into(),
                kind: ViolationKind::Discontinued,
                given,
            });
        }
        walk(&spec.kind, value, &|| format!("{prefix}{}", spec.name), found);
    }
}

/// Whether one of these fields, or a value of one, can be advised against. The compiler asks once for every model.
pub const fn possible(fields: &[FieldSpec]) -> bool {
    let mut index = 0;
    while index < fields.len() {
        if fields[index].deprecated || advises(&fields[index].kind) {
            return true;
        }
        index += 1;
    }
    false
}

const fn advises(kind: &Kind) -> bool {
    match kind {
        Kind::Choice(choice) => {
            let mut index = 0;
            while index < choice.options.len() {
                if choice.options[index].discontinued {
                    return true;
                }
                index += 1;
            }
            false
        }
        Kind::List(list) => advises(list.item),
        Kind::Object(fields) => possible(fields),
        _ => false,
    }
}

fn walk(kind: &'static Kind, value: ValueRef<'_>, path: &dyn Fn() -> String, found: &mut Vec<Violation>) {
    match (kind, value) {
        (Kind::Choice(choice), value)
            if choice.options.iter().any(|o| o.discontinued && value == ValueRef::from(o.value)) =>
        {
            found.push(Violation {
                field: path().into(),
                kind: ViolationKind::Discontinued,
                given: Some(value.shortened()),
            });
        }
        (Kind::List(list), ValueRef::List(items)) if matches!(list.item, Kind::Choice(_) | Kind::Object(_)) => {
            for index in 0..items.count() {
                walk(list.item, items.item(index), &|| format!("{}[{index}]", path()), found);
            }
        }
        (Kind::Object(specs), ValueRef::Object(inner)) => fields(specs, inner, &format!("{}.", path()), found),
        _ => {}
    }
}
