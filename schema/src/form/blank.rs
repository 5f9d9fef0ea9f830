//! Values that say nothing. Forms of many services, the vendor's pages among them, send them for what was left empty.

use serde_json::Value;

use crate::spec::Kind;

/// Whether the value is `null`, or an empty text where a field of this kind cannot hold one.
pub(super) fn is_blank(kind: &Kind, value: &Value) -> bool {
    let may_be_empty = || matches!(kind, Kind::Text(spec) if spec.check("").is_ok());
    value.is_null() || value.as_str() == Some("") && !may_be_empty()
}

/// Whether the value is a list of nothing but such values.
pub(super) fn is_blank_list(kind: &Kind, value: &Value) -> bool {
    match (kind, value) {
        (Kind::List(list), Value::Array(items)) => items.iter().all(|item| is_blank(list.item, item)),
        _ => false,
    }
}
