//! A list of values as an `enum`: of one type, each with a name of its own in Rust.

use std::collections::HashMap;

use serde_json::Value;

use super::ParamKind;

/// Larger numbers are no values of a list.
const MAX_LIMIT: f64 = 1e15;

/// `None` when the values make no enum.
pub(super) fn kind(name: &str, values: &[Value], notes: &mut Vec<String>) -> Option<ParamKind> {
    let given: Vec<&Value> = values.iter().filter(|value| value.as_str() != Some("")).collect();
    if given.is_empty() {
        return None;
    }
    if given.iter().all(|value| value.is_boolean()) {
        return Some(ParamKind::Boolean);
    }
    let all = |fits: fn(&Value) -> bool| given.iter().all(|value| fits(value));
    let mut listed: Vec<Value> = if all(|value| value.is_i64()) || all(Value::is_string) {
        given.into_iter().cloned().collect()
    } else if all(|value| value.as_f64().is_some_and(|number| number.abs() < MAX_LIMIT)) {
        given.iter().filter_map(|value| value.as_f64()).map(Value::from).collect()
    } else if all(Value::is_number) {
        return None;
    } else {
        notes.push(format!("{name}: the vendor lists values of several types; they are texts here"));
        given.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned).into()).collect()
    };
    let mut seen: Vec<Value> = Vec::new();
    listed.retain(|value| {
        let is_new = !seen.contains(value);
        seen.push(value.clone());
        is_new
    });
    let texts: Vec<&str> = listed.iter().filter_map(Value::as_str).collect();
    if !are_distinct(&texts) {
        notes.push(format!("{name}: the vendor's values cannot be told apart in Rust: {}", texts.join(", ")));
        return None;
    }
    Some(ParamKind::Choice(listed))
}

/// Whether each text can have a name of its own, judged more strictly than the registry does.
fn are_distinct(texts: &[&str]) -> bool {
    let mut by_name: HashMap<String, Vec<&str>> = HashMap::new();
    for text in texts {
        // `$name` is a set of the registry.
        if text.starts_with('$') || !text.chars().all(has_name) {
            return false;
        }
        by_name.entry(key(text)).or_default().push(text);
    }
    let is_upper = |text: &str| text.chars().any(char::is_uppercase);
    by_name.values().all(|alike| match alike.as_slice() {
        [_] => true,
        // The registry tells two spellings apart by the case of their letters.
        [one, two] => one.eq_ignore_ascii_case(two) && is_upper(one) != is_upper(two),
        _ => false,
    })
}

/// Symbols that the registry can spell, and letters that Rust takes.
fn has_name(c: char) -> bool {
    let alphabets = ['\u{C0}'..='\u{24F}', '\u{410}'..='\u{44F}', '\u{3041}'..='\u{3094}', '\u{4E00}'..='\u{9FFF}'];
    c.is_ascii_graphic() || c == ' ' || (c.is_alphabetic() && alphabets.iter().any(|letters| letters.contains(&c)))
}

/// What is left of a text in its name: letters, digits, symbols that are spelled, and signs between digits.
fn key(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let is_digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
    let whole_number = text.strip_prefix('-').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit() || b == b'.'));
    let mut key = String::new();
    for (at, c) in chars.iter().enumerate() {
        let between = is_digit(at.checked_sub(1)) && is_digit(Some(at + 1));
        if c.is_alphanumeric() {
            key.extend(c.to_lowercase());
        } else if matches!(c, '#' | '+' | '%' | '&' | '@' | '*') || (whole_number && at == 0) {
            key.push(*c);
        } else if between {
            // `1.5`, `1:5` and `1-5` may or may not become one name.
            key.push('_');
        }
    }
    if key.is_empty() { text.to_owned() } else { key }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn listed(values: Value) -> Option<Vec<Value>> {
        match kind("f", values.as_array().map(Vec::as_slice).unwrap_or_default(), &mut Vec::new()) {
            Some(ParamKind::Choice(values)) => Some(values),
            _ => None,
        }
    }

    #[test]
    fn values_of_one_type_stay() {
        for same in [json!(["16:9", "9:16", "auto"]), json!([5, 10]), json!(["768P", "768p"]), json!(["C", "C#", "Cm"])]
        {
            assert_eq!(listed(same.clone()), same.as_array().cloned());
        }
        assert_eq!(listed(json!([1, 1.5, 1.0])), Some(vec![json!(1.0), json!(1.5)]));
        assert_eq!(listed(json!(["auto", 5, "auto", "", "5"])), Some(vec![json!("auto"), json!("5")]));
    }

    #[test]
    fn what_has_no_name_is_no_choice() {
        for none in [
            json!([]),
            json!([""]),
            json!(["a-b", "a b"]),
            json!(["½", "¼"]),
            json!([1e300]),
            json!(["AB", "Ab", "ab"]),
        ] {
            assert_eq!(listed(none.clone()), None, "{none}");
        }
        assert!(matches!(kind("f", &[json!(true), json!(false)], &mut Vec::new()), Some(ParamKind::Boolean)));
    }
}
