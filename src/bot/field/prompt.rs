//! What users are told about an open field: what to send, and its limits.

use super::{literal_text, value_text};
use crate::bot::draft::Form;
use crate::l10n::Messages;
use crate::schema::spec::{
    DecimalSpec, FieldSpec, IntegerSpec, Kind, Literal, MediaKind, MediaSpec, TextFormat, TextSpec,
};

/// Most characters of a message (Bot API, `Message.text`).
const MESSAGE: u32 = 4096;

/// What to send, one sentence per line.
pub(crate) fn lines(kind: &Kind, texts: &Messages) -> Vec<String> {
    match kind {
        Kind::Text(text) => text_lines(text, texts),
        Kind::Integer(number) => integer_lines(number, texts),
        Kind::Decimal(number) => decimal_lines(number, texts),
        Kind::Boolean | Kind::Choice(_) => vec![texts.ask_choice()],
        Kind::Media(media) => [vec![texts.ask_media(&kinds(media.of, texts))], media_lines(media, texts)].concat(),
        Kind::Task(task) if task.of_result => vec![texts.ask_task_result()],
        Kind::Task(_) => vec![texts.ask_task()],
        Kind::List(list) => match list.item {
            Kind::Media(media) => {
                [vec![texts.ask_media_many(&kinds(media.of, texts))], media_lines(media, texts)].concat()
            }
            Kind::Object(_) | Kind::List(_) => vec![texts.ask_list_items()],
            item @ (Kind::Text(_)
            | Kind::Integer(_)
            | Kind::Decimal(_)
            | Kind::Boolean
            | Kind::Choice(_)
            | Kind::Task(_)) => [lines(item, texts), vec![texts.ask_list_text()]].concat(),
        },
        Kind::Object(_) => vec![texts.ask_object()],
    }
}

/// `a picture or a video`.
pub(crate) fn kinds(of: &[MediaKind], texts: &Messages) -> String {
    let words: Vec<_> = of.iter().map(|kind| texts.media_kind(kind.as_str())).collect();
    texts.one_of(&words)
}

/// An example of a text format.
pub(crate) fn example(format: TextFormat) -> &'static str {
    match format {
        TextFormat::Speaker => "Speaker 1",
        TextFormat::HexColor => "#1A2B3C",
        TextFormat::Percent => "12.50%",
        TextFormat::SecondsRange => "1.5,12",
    }
}

fn text_lines(text: &TextSpec, texts: &Messages) -> Vec<String> {
    let mut lines = Vec::new();
    match (text.format, text.max) {
        (Some(format), _) => lines.push(texts.ask_format(example(format))),
        (None, Some(max)) if text.min > 1 => lines.push(texts.ask_text_range(text.min, max)),
        (None, Some(max)) => lines.push(texts.ask_text_max(max)),
        (None, None) => lines.push(texts.ask_text()),
    }
    lines.extend(text.max_cjk.map(|max| texts.ask_text_cjk(max)));
    if text.format.is_none() && text.max.is_none_or(|max| max > MESSAGE) {
        lines.push(texts.ask_text_file());
    }
    lines
}

fn integer_lines(number: &IntegerSpec, texts: &Messages) -> Vec<String> {
    let bound = |n: Option<i64>| n.map(|n| n as f64);
    let mut lines = vec![range_line(bound(number.min), bound(number.max), texts)];
    lines.extend(number.step.filter(|s| *s != 1).map(|step| texts.ask_number_step(&texts.number(step as f64))));
    if !number.extra_values.is_empty() {
        let also: Vec<_> = number.extra_values.iter().map(ToString::to_string).collect();
        lines.push(texts.ask_number_also(&texts.one_of(&also)));
    }
    lines
}

fn decimal_lines(number: &DecimalSpec, texts: &Messages) -> Vec<String> {
    let mut lines = vec![range_line(number.min, number.max, texts)];
    lines.extend(number.step.map(|step| texts.ask_number_step(&texts.number(step))));
    lines
}

fn range_line(min: Option<f64>, max: Option<f64>, texts: &Messages) -> String {
    match (min, max) {
        (Some(min), Some(max)) => texts.ask_number_range(&texts.number(min), &texts.number(max)),
        (Some(min), None) => texts.ask_number_from(&texts.number(min)),
        (None, Some(max)) => texts.ask_number_to(&texts.number(max)),
        (None, None) => texts.ask_number(),
    }
}

fn media_lines(media: &MediaSpec, texts: &Messages) -> Vec<String> {
    let mut lines = Vec::new();
    if !media.mime.is_empty() {
        let types: Vec<&str> = media.mime.iter().map(|m| m.split('/').next_back().unwrap_or(m)).collect();
        lines.push(texts.media_types(&types.join(", ")));
    }
    lines.extend(media.max_mb.map(|mb| texts.media_size(&texts.number(mb))));
    if let Some(range) = media.seconds.filter(|r| r.min.is_some() || r.max.is_some()) {
        lines.push(texts.media_seconds(&texts.range(range.min, range.max)));
    }
    lines
}

/// The default of a field in one line.
pub(crate) fn default_text(field: &FieldSpec, form: &Form, texts: &Messages) -> Option<String> {
    super::default(field).map(|value| value_text(&field.kind, &value, form, texts)).filter(|text| !text.is_empty())
}

/// A literal for users, where the registry has no label for it.
pub(crate) fn condition_value(literal: &Literal, texts: &Messages) -> String {
    match literal {
        Literal::Boolean(true) => texts.yes(),
        Literal::Boolean(false) => texts.no(),
        other => literal_text(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::sample::STUDIO;
    use crate::l10n::Lang;

    #[test]
    fn limits_are_named_before_they_are_exceeded() {
        let en = Messages::of(Lang::En);
        let ask = |index: usize| lines(&STUDIO.fields[index].kind, en).join(" ");
        assert_eq!(ask(0), "Send the text: at most 20 characters.");
        assert!(ask(1).starts_with("Send a picture, one by one"), "{}", ask(1));
        assert!(ask(1).ends_with("Types: jpeg, png. Up to 10 MB."), "{}", ask(1));
        assert_eq!(ask(5), "Send a number from 0 to 1.");
        assert_eq!(ask(7), "Send a video or an audio file or a voice message, or a link to it. Length: 3 to 30 s.");
        let long = TextSpec { min: 0, max: Some(5000), max_cjk: None, format: None };
        let long = lines(&Kind::Text(long), en).join(" ");
        assert_eq!(long, "Send the text: at most 5000 characters. A long one may come as a .txt file.");
        let ru = Messages::of(Lang::Ru);
        assert_eq!(lines(&STUDIO.fields[0].kind, ru), ["Пришлите текст: не больше 20 знаков."]);
    }
}
