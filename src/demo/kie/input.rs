//! What the simulator reads from a task's input: the prompt, the size and number of files, and commands in the prompt.

use std::time::Duration;

use serde_json::{Map, Value};

use super::task::{Pace, TaskEnd, TaskPlan};

type Input = Map<String, Value>;

/// The prompt of an input: `prompt`, else `text`, else the longest text that is not a URL.
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

/// The name of the first file whose URL is in the input.
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

/// The requested aspect ratio, from any of the fields that models use for it.
pub(super) fn ratio(input: &Input) -> Option<&str> {
    ["aspect_ratio", "aspectRatio", "image_size", "ratio", "size"]
        .into_iter()
        .find_map(|name| input.get(name)?.as_str())
}

/// Whether the last frame is requested as an image.
pub(super) fn wants_last_frame(input: &Input) -> bool {
    input.get("return_last_frame").and_then(Value::as_bool) == Some(true)
}

/// The requested number of files, at most 6.
pub(super) fn count(input: &Input) -> u32 {
    let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok());
    let asked = ["num_images", "max_images", "n"].into_iter().find_map(|name| input.get(name).and_then(number));
    asked.unwrap_or(1).clamp(1, 6) as u32
}

/// What the commands in a prompt ask for.
#[derive(Debug, PartialEq)]
pub(super) struct PromptCommands {
    pub(super) plan: Option<TaskPlan>,
    /// The reply to the create request is to be lost.
    pub(super) lost: bool,
}

/// How many polls show a late success without its result.
const LATE_POLLS: u32 = 3;

/// Reads `[fail]`, `[empty]`, `[late]`, `[never]`, `[slow]` and `[lost]` in a prompt.
pub(super) fn commands(prompt: &str, pace: Pace) -> PromptCommands {
    let says = |word: &str| prompt.to_lowercase().contains(word);
    let end = if says("[fail]") {
        let msg = "The model could not complete this request (demo: [fail] in the prompt).".to_owned();
        Some(TaskEnd::Fail { code: Value::from("500"), msg })
    } else if says("[empty]") {
        Some(TaskEnd::Empty)
    } else if says("[never]") {
        Some(TaskEnd::Never { state: None })
    } else {
        None
    };
    let slower = says("[slow]").then(|| match pace {
        Pace::Time(total) => Pace::Time((total * 6).max(Duration::from_secs(1))),
        Pace::Polls(count) => Pace::Polls(count.max(1) * 6),
    });
    let late_polls = if says("[late]") { LATE_POLLS } else { 0 };
    let plan = (end.is_some() || slower.is_some() || late_polls > 0).then(|| TaskPlan {
        end: end.unwrap_or_default(),
        late_polls,
        pace: slower,
        ..TaskPlan::default()
    });
    PromptCommands { plan, lost: says("[lost]") }
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
    fn counts_and_commands() {
        assert_eq!(count(&input(r#"{"num_images":"4"}"#)), 4);
        assert_eq!(count(&input(r#"{"n":99}"#)), 6);
        assert_eq!(commands("a boat", Pace::Polls(1)), PromptCommands { plan: None, lost: false });
        assert!(commands("a boat [LOST]", Pace::Polls(1)).lost);
        assert_eq!(commands("[slow]", Pace::Polls(2)).plan.and_then(|p| p.pace), Some(Pace::Polls(12)));
        assert!(matches!(commands("[fail]", Pace::Polls(2)).plan.map(|p| p.end), Some(TaskEnd::Fail { .. })));
    }
}
