//! Local `$ref`s as the vendor writes them: keys of components may be percent-encoded or end in a space, and a
//! reference may spell them in another way (vendor's agent guide, September 2026).

use serde_json::Value;

/// The node that a local reference names; `None` for other references, and if there is no such node.
pub(super) fn find<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    let pointer = reference.trim_start().strip_prefix('#')?;
    let mut node = root;
    for part in pointer.split('/').skip(1) {
        node = step(node, part)?;
    }
    Some(node)
}

fn step<'a>(node: &'a Value, part: &str) -> Option<&'a Value> {
    let exact = part.replace("~1", "/").replace("~0", "~");
    match node {
        Value::Object(map) => map.get(&exact).or_else(|| {
            let wanted = plain(&exact);
            map.iter().find(|(key, _)| plain(key) == wanted).map(|(_, value)| value)
        }),
        Value::Array(items) => items.get(exact.trim().parse::<usize>().ok()?),
        _ => None,
    }
}

/// A key without percent-encoding and without spaces at its ends.
fn plain(key: &str) -> String {
    let bytes = key.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let digits = pair.and_then(|pair| std::str::from_utf8(pair).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_spelling_is_found() {
        let root = json!({ "components": { "schemas": {
            "Fox input ": 1, "Fox%20draw": 2, "a/b": 3, "a~b": 4, "Лиса": 5, "100%": 6,
        } }, "list": [7, 8] });
        let at = |name: &str| find(&root, &format!("#/components/schemas/{name}")).and_then(Value::as_i64);
        for (name, value) in [
            ("Fox%20input%20", 1),
            ("Fox input", 1),
            ("Fox%20input", 1),
            ("Fox draw", 2),
            ("Fox%20draw%20", 2),
            ("a~1b", 3),
            ("a%2Fb", 3),
            ("a~0b", 4),
            ("%D0%9B%D0%B8%D1%81%D0%B0", 5),
            ("100%", 6),
            ("100%25", 6),
        ] {
            assert_eq!(at(name), Some(value), "{name}");
        }
        assert_eq!(at("none"), None);
        assert_eq!(find(&root, "#/list/1"), Some(&json!(8)));
        assert_eq!(find(&root, "#"), Some(&root));
        for elsewhere in ["", "https://h/x#/list", "other.json", "#/list/9", "#/list/x", "#/list/0/0"] {
            assert_eq!(find(&root, elsewhere), None, "{elsewhere}");
        }
    }

    proptest! {
        #[test]
        fn no_reference_breaks_it(reference in ".*", key in ".*") {
            find(&json!({ key: 1 }), &reference);
            find(&json!({ "a": 1 }), &format!("#/{reference}"));
        }
    }
}
