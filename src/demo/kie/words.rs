//! What the simulator reads out of an input: the words to draw, the size, the number of files, and requests for trouble.

use std::time::Duration;

use serde_json::{Map, Value};

use super::task::{Fate, Pace, Plan};

type Input = Map<String, Value>;

/// The text that a person typed: `prompt`, else `text`, else the longest text that is not a link.
pub(super) fn prompt(input: &Input) -> String {
    let named = ["prompt", "text"].into_iter().find_map(|name| input.get(name).and_then(Value::as_str));
    if let Some(text) = named.filter(|text| !text.trim().is_empty()) {
        return text.to_owned();
    }
    let mut found = Vec::new();
    input.values().for_each(|value| texts(value, &mut found));
    found.into_iter().max_by_key(|text| text.chars().count()).unwrap_or_default().to_owned()
}

fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) if !text.contains("://") => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| texts(field, found)),
        _ => {}
    }
}

/// Name of the first file that the input links to.
pub(super) fn file_name(input: &Input) -> Option<String> {
    fn link(value: &Value) -> Option<&str> {
        match value {
            Value::String(text) if text.contains("://") => Some(text),
            Value::Array(items) => items.iter().find_map(link),
            _ => None,
        }
    }
    let url = input.values().find_map(link)?;
    Some(url.rsplit('/').next().unwrap_or(url).to_owned())
}

/// The aspect ratio that was asked for, in whatever field and spelling.
pub(super) fn ratio(input: &Input) -> Option<&str> {
    ["aspect_ratio", "aspectRatio", "image_size", "ratio", "size"]
        .into_iter()
        .find_map(|name| input.get(name)?.as_str())
}

/// Whether the last frame was asked for as a picture of its own.
pub(super) fn wants_last_frame(input: &Input) -> bool {
    input.get("return_last_frame").and_then(Value::as_bool) == Some(true)
}

/// How many files were asked for, at most 6.
pub(super) fn count(input: &Input) -> u32 {
    let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok());
    let asked = ["num_images", "max_images", "n"].into_iter().find_map(|name| input.get(name).and_then(number));
    asked.unwrap_or(1).clamp(1, 6) as u32
}

/// Trouble that a person asked for in the prompt.
#[derive(Debug, PartialEq)]
pub(super) struct Wish {
    pub(super) plan: Option<Plan>,
    /// The reply to the create is lost.
    pub(super) lost: bool,
}

/// Reads `[fail]`, `[empty]`, `[never]`, `[slow]` and `[lost]`.
pub(super) fn wish(prompt: &str, pace: Pace) -> Wish {
    let says = |word: &str| prompt.to_lowercase().contains(word);
    let fate = if says("[fail]") {
        let msg = "The model could not complete this request (demo: [fail] in the prompt).".to_owned();
        Some(Fate::Fail { code: Value::from("500"), msg })
    } else if says("[empty]") {
        Some(Fate::Empty)
    } else if says("[never]") {
        Some(Fate::Never { state: None })
    } else {
        None
    };
    let slower = says("[slow]").then(|| match pace {
        Pace::Time(total) => Pace::Time((total * 6).max(Duration::from_secs(1))),
        Pace::Polls(count) => Pace::Polls(count.max(1) * 6),
    });
    let plan = (fate.is_some() || slower.is_some()).then(|| Plan {
        fate: fate.unwrap_or_default(),
        pace: slower,
        ..Plan::default()
    });
    Wish { plan, lost: says("[lost]") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(text: &str) -> Input {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_prompt_is_found_in_any_shape() {
        assert_eq!(prompt(&input(r#"{"prompt":"a boat","style":"a very long style text"}"#)), "a boat");
        assert_eq!(
            prompt(&input(r#"{"dialogue":[{"text":"hello there","voice":"Ann"}],"u":"https://x/y.png"}"#)),
            "hello there"
        );
        assert_eq!(prompt(&input(r#"{"image_url":"https://x/y.png"}"#)), "");
        assert_eq!(file_name(&input(r#"{"image_urls":["https://x/a/y.png"]}"#)), Some("y.png".into()));
    }

    #[test]
    fn counts_and_wishes() {
        assert_eq!(count(&input(r#"{"num_images":"4"}"#)), 4);
        assert_eq!(count(&input(r#"{"n":99}"#)), 6);
        assert_eq!(wish("a boat", Pace::Polls(1)), Wish { plan: None, lost: false });
        assert!(wish("a boat [LOST]", Pace::Polls(1)).lost);
        assert_eq!(wish("[slow]", Pace::Polls(2)).plan.and_then(|p| p.pace), Some(Pace::Polls(12)));
        assert!(matches!(wish("[fail]", Pace::Polls(2)).plan.map(|p| p.fate), Some(Fate::Fail { .. })));
    }
}
