//! Short texts for limits and conditions, for tables.

use crate::l10n::CliMessages;
use crate::schema::spec::{Condition, Kind, ListSpec, Literal, MediaSpec, Range};
use crate::schema::value_ref::ValueRef;

/// A kind and its limits: `text 1-1000`, `1-8 x image jpeg/png, to 30 MB`, `TURBO (Fast), QUALITY (Best quality)`.
pub(super) fn describe(kind: &Kind, messages: &CliMessages) -> String {
    let step = |step: &dyn ToString| messages.kind_step(&messages.number(step.to_string()));
    match kind {
        Kind::Text(t) => {
            let length = match t.max {
                Some(max) => messages.kind_text_span(t.min, max),
                None if t.min > 1 => messages.kind_text_from(t.min),
                None => messages.kind_text(),
            };
            let format = t.format.map(|format| messages.kind_like(format.example()));
            commas([Some(length), t.max_cjk.map(|max| messages.kind_cjk(max)), format])
        }
        Kind::Integer(n) => {
            let range = messages.span(n.min.map(|v| v as f64), n.max.map(|v| v as f64));
            commas([
                Some(join(&messages.kind_integer(), &range)),
                n.step.filter(|step| *step != 1).map(|n| step(&n)),
                numbers(n.extra_values).map(|all| messages.kind_also(&all)),
                numbers(n.excluded).map(|all| messages.kind_except(&all)),
            ])
        }
        Kind::Decimal(n) => {
            let range = match (n.above_min, n.min) {
                (true, Some(min)) => join(&messages.kind_above(&messages.number(min)), &messages.span(None, n.max)),
                _ => join(&messages.kind_number(), &messages.span(n.min, n.max)),
            };
            commas([Some(range), n.step.map(|n| step(&n))])
        }
        Kind::Boolean => "true, false".to_owned(),
        Kind::Choice(choice) => {
            let option = |option: &crate::schema::spec::OptionSpec| {
                let value = messages.texts().option_typed(option);
                if option.discontinued { messages.ends_soon(&value) } else { value }
            };
            let values = choice.options.iter().map(option).collect::<Vec<_>>().join(", ");
            commas([Some(values), choice.named.then(|| messages.kind_by_name())])
        }
        Kind::Media(media) => self::media(media, messages),
        Kind::Task(task) if task.of_result => messages.kind_task_result(),
        Kind::Task(_) => messages.kind_task(),
        Kind::List(list) => items(list, messages),
        Kind::Object(_) => messages.kind_group(),
    }
}

fn items(list: &ListSpec, messages: &CliMessages) -> String {
    let count = messages.span(Some(f64::from(list.min)), list.max.map(f64::from));
    let total = list.total_seconds.map(|most| messages.limit_together(&messages.number(most)));
    commas([Some(messages.kind_items(&count, &describe(list.item, messages))), total])
}

fn media(media: &MediaSpec, messages: &CliMessages) -> String {
    let of: Vec<String> = media.of.iter().map(|kind| messages.media(kind.as_str())).collect();
    let types: Vec<&str> = media.mime.iter().map(|m| m.rsplit('/').next().unwrap_or(m)).collect();
    let within = |range: Option<Range>, limit: fn(&CliMessages, &str) -> String| {
        let span = range.map(|range| messages.span(range.min, range.max)).filter(|span| !span.is_empty())?;
        Some(limit(messages, &span))
    };
    commas([
        Some(join(&of.join(&format!(" {} ", messages.kind_or())), &types.join("/"))),
        media.max_mb.map(|mb| messages.limit_size(&messages.number(mb))),
        within(media.seconds, CliMessages::limit_seconds),
        within(media.ratio, CliMessages::limit_ratio),
        within(media.side_px, CliMessages::limit_side),
        within(media.short_side_px, CliMessages::limit_short_side),
        within(media.long_side_px, CliMessages::limit_long_side),
        within(media.total_px, CliMessages::limit_total),
        within(media.fps, CliMessages::limit_fps),
        (!media.schemes.is_empty()).then(|| messages.limit_schemes(&media.schemes.join(", "))),
    ])
}

fn commas<const N: usize>(parts: [Option<String>; N]) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn numbers(all: &[i64]) -> Option<String> {
    let all: Vec<String> = all.iter().map(i64::to_string).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// A condition of a price row: `resolution = 4K`.
pub(super) fn condition(condition: &Condition, messages: &CliMessages) -> String {
    let list = |values: &[Literal]| {
        let all: Vec<String> = values.iter().map(|v| ValueRef::from(*v).to_string()).collect();
        all.join(&format!(" {} ", messages.kind_or()))
    };
    match condition {
        Condition::Is(path, values) => messages.when_is(path, &list(values)),
        Condition::IsNot(path, values) => messages.when_is_not(path, &list(values)),
        Condition::Present(path) => messages.when_present(path),
        Condition::Absent(path) => messages.when_absent(path),
        Condition::Items(path, count) => messages.when_items(path, *count),
    }
}

fn join(head: &str, tail: &str) -> String {
    if tail.is_empty() { head.to_owned() } else { format!("{head} {tail}") }
}
