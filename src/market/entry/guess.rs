//! Guesses from names what a schema does not state.

use crate::market::shape::{Shape, Type};
use crate::models;
use crate::schema::spec::{OutputKind, TaskSpec};

/// The registry's task type that is most similar to one of the vendor's words, or to the model's id if there are none.
pub(super) fn task(vendor: &[String], model: &str) -> Option<&'static TaskSpec> {
    let mut words: Vec<String> = vendor.iter().map(|word| plain(word)).collect();
    if words.is_empty() {
        words.push(plain(model));
    }
    let exact = words.iter().find_map(|word| models::tasks().iter().copied().find(|task| task.id == word));
    let likeness = |task: &TaskSpec| {
        words.iter().map(|word| strsim::normalized_damerau_levenshtein(word, task.id)).fold(0.0, f64::max)
    };
    exact.or_else(|| models::tasks().iter().copied().max_by(|a, b| likeness(a).total_cmp(&likeness(b))))
}

fn plain(words: &str) -> String {
    let separate = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    words.trim().chars().map(separate).collect()
}

/// The output of the first model with this main task type.
pub(super) fn output(task: &TaskSpec) -> &'static str {
    let first = models::of_task(task.id).find(|spec| spec.tasks.first().is_some_and(|own| own.id == task.id));
    match first.or_else(|| models::of_task(task.id).next()).map(|spec| spec.output) {
        Some(OutputKind::Video) => "video",
        Some(OutputKind::Audio) => "audio",
        Some(OutputKind::Text) => "text",
        Some(OutputKind::Mixed) => "mixed",
        Some(OutputKind::Image) | None => "image",
    }
}

/// The kind of file that a field takes; `None` if it takes none. Files are URLs: a text is one if its schema or its
/// name says so.
pub(super) fn media(name: &str, shape: &Shape) -> Option<&'static str> {
    if !(shape.types.is_empty() || shape.types.contains(&Type::Text)) || shape.values.is_some() {
        return None;
    }
    let name = name.to_lowercase();
    let about = shape.about.as_deref().unwrap_or_default().to_lowercase();
    let is_named = |words: &[&str]| name.split(['_', '-']).any(|part| words.iter().any(|word| part.contains(word)));
    let says_url = is_named(&["url", "uri"]) || about.contains("url");
    let kinds: [(&str, &[&str]); 4] = [
        ("video", &["video", "clip", "movie"]),
        ("audio", &["audio", "voice", "sound", "music", "song"]),
        ("document", &["document", "pdf"]),
        ("image", &["image", "photo", "picture", "frame", "mask"]),
    ];
    let by_name = kinds.iter().find(|(_, words)| is_named(words));
    if !(shape.is_link || is_named(&["url", "uri"]) || (says_url && by_name.is_some())) {
        return None;
    }
    // A webhook address is not a file.
    if is_named(&["callback", "webhook"]) {
        return None;
    }
    // The kind that is named first: `pictures, or one clip`.
    let place = |words: &[&str]| words.iter().filter_map(|word| about.find(word)).min();
    let by_words = || kinds.iter().filter_map(|found| Some((place(found.1)?, found))).min_by_key(|(at, _)| *at);
    Some(by_name.or_else(|| by_words().map(|(_, found)| found)).map_or("image", |(kind, _)| kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_found_by_the_vendors_words() {
        let of = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            task(&words, "acme/text-to-video-2").map(|task| task.id)
        };
        for task in models::tasks() {
            assert_eq!(of(&[&task.id.replace('_', " ")]), Some(task.id));
            assert_eq!(of(&["Unheard of", &task.id.replace('_', "-").to_uppercase()]), Some(task.id));
        }
        assert!(of(&["Chat"]).is_some() && of(&[]).is_some());
    }

    #[test]
    fn files_are_distinguished_from_texts() {
        let kind = |name: &str, about: &str, is_link: bool| {
            let about = Some(about.to_owned());
            media(name, &Shape { is_link, about, ..Shape::of([Type::Text]) })
        };
        assert_eq!(kind("image_url", "", false), Some("image"));
        assert_eq!(kind("first_frame_url", "", false), Some("image"));
        assert_eq!(kind("input_urls", "Videos to join", false), Some("video"));
        assert_eq!(kind("element_input_urls", "Pictures or a clip", false), Some("image"));
        assert_eq!(kind("audio", "URL of the voice", false), Some("audio"));
        assert_eq!(kind("source", "", true), Some("image"));
        assert_eq!(kind("image", "what the image shows", false), None);
        assert_eq!(kind("prompt", "may hold a url", false), None);
        assert_eq!(kind("callback_url", "", true), None);
        assert_eq!(media("image_url", &Shape::of([Type::Object])), None);
    }
}
