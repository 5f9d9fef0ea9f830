//! Fields as users see them: icons, values, limits.

pub(crate) mod answer;
pub(crate) mod price_delta;
pub(crate) mod prompt;
pub(crate) mod upload;

use serde_json::Value;

use super::draft::{Form, is_empty};
use super::html::one_line;
use crate::l10n::Messages;
use crate::schema::spec::{ChoiceSpec, FieldSpec, Kind, Literal, MediaKind, OptionSpec};
use crate::schema::value_ref::ValueRef;

/// Most characters of a value in one line.
const MAX_VALUE: usize = 60;

/// A literal of the registry as text, without quotes.
pub(crate) fn literal_text(literal: &Literal) -> String {
    ValueRef::from(*literal).to_string()
}

/// A literal as JSON.
pub(crate) fn literal_json(literal: &Literal) -> Value {
    ValueRef::from(*literal).to_json()
}

/// What users see of an option.
pub(crate) fn option_label(option: &OptionSpec, texts: &Messages) -> String {
    option.label.as_ref().map_or_else(|| literal_text(&option.value), |words| texts.localized(words).to_owned())
}

/// The option with this value.
pub(crate) fn option_of<'a>(choice: &'a ChoiceSpec, value: &Value) -> Option<&'a OptionSpec> {
    choice.options.iter().find(|o| literal_json(&o.value) == *value)
}

/// One emoji for a kind of field.
pub(crate) fn icon(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text(_) => "✏️",
        Kind::Integer(_) | Kind::Decimal(_) => "🔢",
        Kind::Boolean => "🔘",
        Kind::Choice(_) => "▫️",
        Kind::Media(media) => match media.of.first() {
            Some(MediaKind::Video) => "🎬",
            Some(MediaKind::Audio) => "🎧",
            Some(MediaKind::Document) => "📄",
            Some(MediaKind::Image) | None => "🖼",
        },
        Kind::Task(_) => "🔗",
        Kind::List(list) => match list.item {
            Kind::Media(_) | Kind::Task(_) => icon(list.item),
            _ => "📋",
        },
        Kind::Object(_) => "📋",
    }
}

/// The value of a field in one line: the answer, else the default, else that it is required or empty.
pub(crate) fn shown(field: &FieldSpec, value: Option<&Value>, form: &Form, texts: &Messages) -> String {
    if let Some(value) = value.filter(|v| !is_empty(Some(v))) {
        return value_text(&field.kind, value, form, texts);
    }
    match default(field) {
        Some(default) if !is_empty(Some(&default)) => {
            texts.value_default(&value_text(&field.kind, &default, form, texts))
        }
        _ if field.required => texts.value_missing(),
        _ => texts.value_empty(),
    }
}

/// A field's default as JSON.
pub(crate) fn default(field: &FieldSpec) -> Option<Value> {
    field.default.and_then(|text| serde_json::from_str(text).ok())
}

/// A value in one line.
pub(crate) fn value_text(kind: &Kind, value: &Value, form: &Form, texts: &Messages) -> String {
    match kind {
        Kind::Text(_) | Kind::Task(_) => text_value(value, form, texts),
        Kind::Integer(_) | Kind::Decimal(_) => value.as_f64().map_or_else(|| plain(value), |n| texts.number(n)),
        Kind::Boolean => match value.as_bool() {
            Some(true) => texts.yes(),
            Some(false) => texts.no(),
            None => plain(value),
        },
        Kind::Choice(choice) => option_of(choice, value).map_or_else(|| plain(value), |o| option_label(o, texts)),
        Kind::Media(_) => value.as_str().map_or_else(String::new, |url| file_text(url, form, texts)),
        Kind::List(list) => {
            let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
            match (list.item, list.max) {
                (Kind::Media(_), max) => {
                    let count = max
                        .map_or_else(|| texts.value_files(items.len()), |max| texts.value_files_of(items.len(), max));
                    [vec![count], upload::marks(items, form, texts)].concat().join(", ")
                }
                (Kind::Object(_) | Kind::List(_), _) => texts.value_items(items.len()),
                (item, _) => {
                    let all: Vec<_> = items.iter().map(|i| value_text(item, i, form, texts)).collect();
                    one_line(&all.join(", "), MAX_VALUE)
                }
            }
        }
        Kind::Object(fields) => {
            let parts = fields.iter().filter_map(|f| {
                let value = value.get(f.name).filter(|v| !is_empty(Some(v)))?;
                Some(value_text(&f.kind, value, form, texts))
            });
            one_line(&parts.collect::<Vec<_>>().join(" · "), MAX_VALUE)
        }
    }
}

fn file_text(url: &str, form: &Form, texts: &Messages) -> String {
    let Some(file) = form.attachment(url) else {
        return format!("{} {}", texts.value_link(), one_line(url, MAX_VALUE / 2));
    };
    let facts = &file.facts;
    let mark = form.upload(url).and_then(|upload| upload::mark(upload, texts));
    let mut parts = vec![mark.unwrap_or_else(|| "✓".to_owned())];
    match (facts.width, facts.height) {
        (Some(width), Some(height)) => parts.push(format!("{width}×{height}")),
        _ => parts.extend(facts.name.as_deref().map(|name| one_line(name, MAX_VALUE / 2))),
    }
    if let Some(seconds) = facts.seconds {
        parts.push(texts.time(std::time::Duration::from_secs_f64(seconds.clamp(0.0, 1e6))));
    }
    parts.join(" ")
}

/// A text in quotes. One that is cut is shown with its length; of a text file, what becomes of it.
fn text_value(value: &Value, form: &Form, texts: &Messages) -> String {
    let Some(text) = value.as_str() else { return plain(value) };
    if let Some((upload, mark)) = form.upload(text).and_then(|upload| Some((upload, upload::mark(upload, texts)?))) {
        let name = upload.file.facts.name.as_deref().unwrap_or_default();
        return format!("{mark} {}", one_line(name, MAX_VALUE / 2)).trim_end().to_owned();
    }
    let line = format!("«{}»", one_line(text, MAX_VALUE));
    let is_cut = line.ends_with("…»") && !text.ends_with('…');
    if is_cut { texts.value_long_text(&line, &texts.length(text.chars().count())) } else { line }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => one_line(text, MAX_VALUE),
        other => one_line(&other.to_string(), MAX_VALUE),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::bot::sample::STUDIO;
    use crate::clock::Timestamp;
    use crate::job::Attachment;
    use crate::l10n::Lang;
    use crate::schema::FileFacts;

    fn show(index: usize, value: Option<Value>, lang: Lang) -> String {
        let mut form = Form::new(&STUDIO, "n".into());
        form.attachments.push(Attachment {
            url: "https://x/clip.mp4".into(),
            source: Some("id".into()),
            uploaded_at: Timestamp::default(),
            facts: FileFacts { name: Some("clip.mp4".into()), seconds: Some(12.0), ..FileFacts::default() },
            is_result: false,
        });
        shown(&STUDIO.fields[index], value.as_ref(), &form, Messages::of(lang))
    }

    #[test]
    fn values_read_as_people_write_them() {
        for (index, value, en, ru) in [
            (0, None, "needed", "нужно"),
            (0, Some(json!("a\nfox")), "«a fox»", "«a fox»"),
            (1, Some(json!(["https://x/1", "https://x/2"])), "2 of 3", "2 из 3"),
            (1, None, "–", "–"),
            (2, Some(json!([{"text": "a"}])), "1 item", "1 пункт"),
            (3, None, "Square (default)", "Квадрат (обычно)"),
            (3, Some(json!("16:9")), "16:9", "16:9"),
            (4, None, "Yes (default)", "Да (обычно)"),
            (4, Some(json!(false)), "No", "Нет"),
            (5, Some(json!(0.25)), "0.25", "0,25"),
            (6, Some(json!("task-1")), "«task-1»", "«task-1»"),
            (7, Some(json!("https://x/clip.mp4")), "✓ clip.mp4 12 s", "✓ clip.mp4 12 с"),
            (7, Some(json!("https://y/z")), "link https://y/z", "ссылка https://y/z"),
        ] {
            assert_eq!(show(index, value.clone(), Lang::En), en, "{index} {value:?}");
            assert_eq!(show(index, value, Lang::Ru), ru);
        }
    }

    #[test]
    fn long_values_are_cut_to_one_line() {
        let text = show(0, Some(json!("слово".repeat(1200))), Lang::Ru);
        let (line, length) = text.split_at(text.find('(').unwrap());
        assert!(line.chars().count() <= MAX_VALUE + 3 && line.ends_with("…» "), "{text}");
        assert_eq!(length, "(6 000 знаков)");
    }
}
