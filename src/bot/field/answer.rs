//! An answer to a field: read from text, and checked at its path in the form.

use serde_json::{Map, Value};

use super::{literal_json, literal_text, option_label};
use crate::bot::draft::Form;
use crate::bot::field_path::{FieldPath, Target};
use crate::form::{self, Origin};
use crate::job::is_placeholder;
use crate::l10n::{Lang, Messages};
use crate::schema::Files;
use crate::schema::report::{Violation, ViolationKind};
use crate::schema::spec::{ChoiceSpec, FieldSpec, Kind, MediaKind, ModelSpec};

/// A text as a JSON value of this kind. What cannot be converted stays a text, which the check refuses with a reason.
pub(crate) fn read(kind: &Kind, text: &str) -> Value {
    let trimmed = text.trim();
    match kind {
        Kind::Text(_) => Value::from(text),
        Kind::Integer(_) => trimmed.parse::<i64>().map_or_else(|_| Value::from(trimmed), Value::from),
        Kind::Decimal(_) => {
            let number = trimmed.replace(',', ".").parse::<f64>().ok().filter(|n| n.is_finite());
            number.map_or_else(|| Value::from(trimmed), Value::from)
        }
        Kind::Boolean => boolean(trimmed).map_or_else(|| Value::from(trimmed), Value::from),
        Kind::Choice(choice) => option(choice, trimmed).unwrap_or_else(|| Value::from(trimmed)),
        Kind::Media(_) | Kind::Task(_) => Value::from(trimmed),
        Kind::List(list) => Value::Array(vec![read(list.item, text)]),
        Kind::Object(_) => Value::from(trimmed),
    }
}

fn boolean(text: &str) -> Option<bool> {
    for (value, words) in [(true, ["1", "true", "on", "+"]), (false, ["0", "false", "off", "-"])] {
        let word = |lang: Lang| if value { Messages::of(lang).yes() } else { Messages::of(lang).no() };
        let is_word = Lang::ALL.into_iter().any(|lang| word(lang).to_lowercase() == text.to_lowercase());
        if is_word || words.contains(&text.to_lowercase().as_str()) {
            return Some(value);
        }
    }
    None
}

fn option(choice: &ChoiceSpec, text: &str) -> Option<Value> {
    let wanted = text.to_lowercase();
    let found = choice.options.iter().find(|o| {
        literal_text(&o.value).to_lowercase() == wanted
            || Lang::ALL.into_iter().any(|lang| option_label(o, Messages::of(lang)).to_lowercase() == wanted)
    });
    found.map(|o| literal_json(&o.value))
}

/// Whether a text is a link that a media field of this kind accepts.
pub(crate) fn is_link(kind: &Kind, text: &str) -> bool {
    let Some((scheme, rest)) = text.trim().split_once("://") else { return false };
    let own: &[&str] = match kind {
        Kind::Media(media) => media.schemes,
        Kind::List(list) => return is_link(list.item, text),
        _ => return false,
    };
    let known = ["http", "https"].iter().chain(own).any(|s| s.eq_ignore_ascii_case(scheme));
    // That would count as a file that is on its way.
    known && !is_placeholder(text.trim()) && !rest.is_empty() && !text.trim().contains(char::is_whitespace)
}

/// The kinds of files that a field of this kind accepts; empty when it accepts none.
pub(crate) fn media_of(kind: &Kind) -> &'static [MediaKind] {
    match kind {
        Kind::Media(media) => media.of,
        Kind::List(list) => media_of(list.item),
        Kind::Text(_)
        | Kind::Integer(_)
        | Kind::Decimal(_)
        | Kind::Boolean
        | Kind::Choice(_)
        | Kind::Task(_)
        | Kind::Object(_) => &[],
    }
}

/// Checks a value for a path of the form, and returns it as it has to be written there. `files`: facts about files that
/// are not in the form yet.
///
/// A list that is too short, and missing parts of an object, are accepted: the whole form is checked again when it is
/// ordered.
///
/// # Errors
/// What is wrong with the value.
pub(crate) fn check(
    form: &Form,
    spec: &'static ModelSpec,
    path: &FieldPath,
    value: Value,
    files: &Files,
) -> Result<Value, Vec<Violation>> {
    let Some(Target { field, depth, .. }) = path.target(spec) else { return Ok(value) };
    let mut known = form.files();
    known.extend(files.clone());
    let around = FieldPath(path.0[..depth].to_vec());
    if around == *path {
        return match form::check_field(field, &value, &known, Origin::Text) {
            Err(found) => final_violations(found).map_or(Ok(value), Err),
            ok => ok,
        };
    }
    // An item is checked as a part of its list.
    let mut answers: Map<String, Value> = form.answers.clone();
    path.put(spec, &mut answers, value.clone());
    let whole = around.get(spec, &answers).cloned().unwrap_or_default();
    match form::check_field(field, &whole, &known, Origin::Text) {
        Err(found) => final_violations(found).map_or(Ok(value), Err),
        Ok(whole) => {
            // The check may have converted the item ("5" became 5).
            around.put(spec, &mut answers, whole);
            Ok(path.get(spec, &answers).cloned().unwrap_or(value))
        }
    }
}

/// The violations that later answers cannot remove; `None` when there are none.
fn final_violations(found: Vec<Violation>) -> Option<Vec<Violation>> {
    let found: Vec<_> = found.into_iter().filter(|v| !is_fixable_later(v)).collect();
    if found.is_empty() { None } else { Some(found) }
}

fn is_fixable_later(violation: &Violation) -> bool {
    let inner = violation.field.contains(['.', '[']);
    matches!(violation.kind, ViolationKind::TooFew { .. })
        || (inner && matches!(violation.kind, ViolationKind::Required))
}

/// Indices of the fields that could take a text.
pub(crate) fn fields_for_text(fields: &'static [FieldSpec], text: &str) -> Vec<usize> {
    indices(fields, |field| {
        matches!(field.kind, Kind::Text(_) | Kind::Task(_))
            && !matches!(field.kind, Kind::Task(_) if text.contains(' '))
            || is_link(&field.kind, text)
            || matches!(&field.kind, Kind::List(list) if matches!(list.item, Kind::Text(_)))
    })
}

/// Whether a field of this kind takes a text of any words, or a list of them.
pub(crate) fn is_text(kind: &Kind) -> bool {
    match kind {
        Kind::Text(text) => text.format.is_none(),
        Kind::List(list) => is_text(list.item),
        Kind::Integer(_)
        | Kind::Decimal(_)
        | Kind::Boolean
        | Kind::Choice(_)
        | Kind::Media(_)
        | Kind::Task(_)
        | Kind::Object(_) => false,
    }
}

/// Indices of the fields that take a text of any words.
pub(crate) fn text_fields(fields: &'static [FieldSpec]) -> Vec<usize> {
    indices(fields, |field| is_text(&field.kind))
}

/// Indices of the fields that accept a file of one of these kinds.
pub(crate) fn fields_for_file(fields: &'static [FieldSpec], kinds: &[MediaKind]) -> Vec<usize> {
    indices(fields, |field| media_of(&field.kind).iter().any(|of| kinds.contains(of)))
}

fn indices(fields: &'static [FieldSpec], fits: impl Fn(&FieldSpec) -> bool) -> Vec<usize> {
    // Advanced fields only where no other fits; a deprecated field is never offered.
    let found = |advanced: bool| {
        let fields = fields.iter().enumerate();
        fields.filter(|(_, f)| !f.deprecated && f.advanced == advanced && fits(f)).map(|(i, _)| i).collect::<Vec<_>>()
    };
    let usual = found(false);
    if usual.is_empty() { found(true) } else { usual }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::bot::sample::STUDIO;
    use crate::job::placeholder_url;

    fn kind(index: usize) -> &'static Kind {
        &STUDIO.fields[index].kind
    }

    #[test]
    fn text_is_converted_to_the_type_of_the_field() {
        for (index, text, value) in [
            (0, " a fox ", json!(" a fox ")),
            (3, "square", json!("1:1")),
            (3, "Квадрат", json!("1:1")),
            (3, "5:1", json!("5:1")),
            (4, "да", json!(true)),
            (4, "NO", json!(false)),
            (4, "maybe", json!("maybe")),
            (5, "0,25", json!(0.25)),
            (5, "1e999", json!("1e999")),
            (6, " task-1 ", json!("task-1")),
        ] {
            assert_eq!(read(kind(index), text), value, "{text}");
        }
        let seconds = FieldPath(vec![2, 0, 1]).target(&STUDIO).unwrap().kind;
        assert_eq!(read(seconds, " 7 "), json!(7));
        assert_eq!(read(seconds, "7.5"), json!("7.5"));
    }

    #[test]
    fn links_are_known_by_their_scheme() {
        assert!(is_link(kind(7), "https://example.com/a.mp4"));
        assert!(is_link(kind(1), " http://example.com/a.png"));
        for bad in ["example.com", "ftp://x/y", "https://", "https://x/a b", "a fox", &placeholder_url(1)] {
            assert!(!is_link(kind(7), bad), "{bad}");
        }
        assert!(!is_link(kind(0), "https://example.com"));
    }

    #[test]
    fn what_is_sent_finds_the_fields_that_take_it() {
        assert_eq!(fields_for_text(STUDIO.fields, "a fox"), [0]);
        assert_eq!(fields_for_text(STUDIO.fields, "https://x/a.mp4"), [0, 1, 7]);
        assert_eq!(fields_for_file(STUDIO.fields, &[MediaKind::Image]), [1]);
        assert_eq!(fields_for_file(STUDIO.fields, &[MediaKind::Audio]), [7]);
        assert!(fields_for_file(STUDIO.fields, &[MediaKind::Document]).is_empty());
    }
}
