//! Writes YAML: on one line if it fits, with quotes where a plain scalar could be read as something else.

use serde_json::Value;

/// The longest line, in characters; longer mappings are written on several lines.
const WIDTH: usize = 150;

/// A piece of YAML.
pub(super) enum Yaml {
    /// YAML text on one line.
    Word(String),
    /// Keys in order.
    Map(Vec<(String, Yaml)>),
}

impl Yaml {
    pub(super) fn word(text: impl Into<String>) -> Self {
        Self::Word(text.into())
    }

    fn flow(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Map(pairs) => mapping(pairs.iter().map(|(key, value)| (key.as_str(), value.flow()))),
        }
    }

    /// The lines of a key and its value.
    pub(super) fn lines(&self, key: &str, indent: usize, lines: &mut Vec<String>) {
        let blank = " ".repeat(indent);
        let line = format!("{blank}{}: {}", text(key), self.flow());
        match self {
            Self::Map(pairs) if !pairs.is_empty() && line.chars().count() > WIDTH => {
                lines.push(format!("{blank}{}:", text(key)));
                for (key, value) in pairs {
                    value.lines(key, indent + 2, lines);
                }
            }
            _ => lines.push(line),
        }
    }
}

/// Words that YAML readers take for booleans or null.
const RESERVED: &[&str] = &["true", "false", "yes", "no", "on", "off", "null", "y", "n"];

/// A string as YAML.
pub(super) fn text(text: &str) -> String {
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let bare = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(letters)
        && !RESERVED.contains(&text.to_ascii_lowercase().as_str());
    if bare {
        return text.to_owned();
    }
    if text.chars().all(is_printable) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut quoted = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if is_printable(c) => quoted.push(c),
            c => quoted += &format!("\\U{:08X}", u32::from(c)),
        }
    }
    quoted.push('"');
    quoted
}

/// A number as YAML, without exponent.
pub(super) fn number(number: f64) -> String {
    let plain = number.to_string();
    if plain == "-0" { "0".to_owned() } else { plain }
}

/// A JSON value as YAML.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::String(words) => text(words),
        Value::Number(digits) if digits.is_f64() => {
            let plain = number(digits.as_f64().unwrap_or_default());
            if plain.contains('.') { plain } else { format!("{plain}.0") }
        }
        Value::Array(items) => format!("[{}]", items.iter().map(self::value).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => mapping(fields.iter().map(|(name, field)| (name.as_str(), self::value(field)))),
        other => other.to_string(),
    }
}

/// A flow mapping whose values are YAML text.
pub(super) fn mapping<'a>(pairs: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{}: {value}", text(name))).collect();
    if pairs.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", pairs.join(", ")) }
}

/// Whether a character can be written without an escape on one line of YAML.
pub(super) fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_quoted_where_necessary() {
        for (given, written) in [
            (json!("prompt"), "prompt"),
            (json!("acme/draw-1.5"), "acme/draw-1.5"),
            (json!("16:9"), "'16:9'"),
            (json!("4K"), "'4K'"),
            (json!("No"), "'No'"),
            (json!(""), "''"),
            (json!("it's"), "'it''s'"),
            (json!("a\nb\"\u{85}"), "\"a\\U0000000Ab\\\"\\U00000085\""),
            (json!("рыжая лиса"), "'рыжая лиса'"),
            (json!(5), "5"),
            (json!(5.0), "5.0"),
            (json!(-0.25), "-0.25"),
            (json!(true), "true"),
            (json!([1, "a"]), "[1, a]"),
            (json!({ "on": [], "b": {} }), "{ 'on': [], b: {} }"),
        ] {
            assert_eq!(value(&given), written);
        }
        assert_eq!(number(1e15), "1000000000000000");
    }
}
