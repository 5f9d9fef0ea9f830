//! Finds a member of an answer by its name, wherever the vendor has put it.

use serde_json::Value;

/// How deep an answer is searched; JSON text inside JSON text counts as well.
const MAX_DEPTH: u32 = 8;

/// The first member with one of these names that says something, level by level; case and `_` do not count. A number, or
/// a flag, is given as its JSON text.
pub(crate) fn find(value: &Value, names: &[&str]) -> Option<String> {
    let mut level = vec![value.clone()];
    for _ in 0..MAX_DEPTH {
        let inner = level.iter().flat_map(members).collect::<Vec<_>>();
        for name in names {
            let called = inner.iter().filter(|(key, _)| normalize(key) == normalize(name));
            if let Some(text) = called.filter_map(|(_, value)| said(value)).next() {
                return Some(text);
            }
        }
        level = inner.into_iter().map(|(_, value)| value).collect();
    }
    None
}

/// The members of an object or, without names, the items of a list.
fn members(value: &Value) -> Vec<(String, Value)> {
    match value {
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
        Value::Array(items) => items.iter().map(|item| (String::new(), item.clone())).collect(),
        Value::String(json) if json.trim_start().starts_with(['{', '[']) => {
            serde_json::from_str(json).map(|value| vec![(String::new(), value)]).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn normalize(name: &str) -> String {
    name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

fn said(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_member_is_found_however_it_is_written() {
        for value in [
            json!({ "voiceId": " v-1 " }),
            json!({ "resultObject": { "voice_id": "v-1" } }),
            json!({ "data": [{ "voice_id": null }, { "VoiceID": "v-1" }] }),
            json!("{\"resultObject\": \"{\\\"voiceId\\\": \\\"v-1\\\"}\"}"),
        ] {
            assert_eq!(find(&value, &["voice_id"]).as_deref(), Some("v-1"), "{value}");
        }
        assert_eq!(find(&json!({ "isAvailable": true }), &["is_available"]).as_deref(), Some("true"));
    }

    #[test]
    fn the_nearest_to_the_top_counts_and_then_the_first_name() {
        let value = json!({ "kieAudioId": "new", "old": { "audioId": "deep" } });
        assert_eq!(find(&value, &["audio_id", "kie_audio_id"]).as_deref(), Some("new"));
        let value = json!({ "kieAudioId": "new", "audioId": "old" });
        assert_eq!(find(&value, &["audio_id", "kie_audio_id"]).as_deref(), Some("old"));
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        for value in [json!(null), json!({ "voice_id": "" }), json!({ "voice_id": {} }), json!("{broken")] {
            assert_eq!(find(&value, &["voice_id"]), None, "{value}");
        }
    }
}
