//! Addresses of users' files that are still on their way to the vendor. They stand in the answers of a form, so that
//! counts, checks and prices work at once; none of them may get into an order.

use serde_json::Value;

/// A host that exists nowhere: the name `invalid` is reserved for that (RFC 2606).
const PREFIX: &str = "https://upload.invalid/";

/// The placeholder of an upload with this number.
pub fn placeholder_url(number: i64) -> String {
    // The bits of the number, since a minus reads badly in an address.
    format!("{PREFIX}{:016x}", number as u64)
}

/// The number of the upload, if a text is such an address.
pub fn placeholder_number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(PREFIX).filter(|digits| digits.len() == 16)?;
    u64::from_str_radix(digits, 16).ok().map(|bits| bits as i64)
}

/// Whether a text is such an address.
pub fn is_placeholder(text: &str) -> bool {
    placeholder_number(text).is_some()
}

/// Whether there is such an address anywhere in a value.
pub fn has_placeholder(value: &Value) -> bool {
    match value {
        Value::String(text) => is_placeholder(text),
        Value::Array(items) => items.iter().any(has_placeholder),
        Value::Object(fields) => fields.values().any(has_placeholder),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_placeholder_is_known_wherever_it_stands() {
        for number in [i64::MIN, -2, 0, i64::MAX] {
            let url = placeholder_url(number);
            assert_eq!(placeholder_number(&url), Some(number), "{url}");
            assert!(has_placeholder(&json!({"shots": [{"picture": url}]})));
        }
        let text = format!("like {}", placeholder_url(1));
        assert!(!has_placeholder(&json!([text, "https://upload.invalid/x", "https://example.com/a.png", 1, null])));
    }
}
