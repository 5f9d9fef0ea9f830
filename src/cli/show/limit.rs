//! Short texts for limits and conditions, for tables.

use crate::l10n::CliMessages;
use crate::schema::spec::{Condition, Kind, ListSpec, Literal, MediaSpec, Range};
use crate::schema::value_ref::ValueRef;

/// A kind and its limits: `text 1-1000`, `1-8 x image jpeg/png, to 30 MB`, `TURBO (Fast), QUALITY (Best quality)`.
pub(super) fn describe(kind: &Kind, phrases: &CliMessages) -> String {
    let step = |step: &dyn ToString| phrases.kind_step(&phrases.number(step.to_string()));
    match kind {
        Kind::Text(t) => {
            let length = match t.max {
                Some(max) => phrases.kind_text_span(t.min, max),
                None if t.min > 1 => phrases.kind_text_from(t.min),
                None => phrases.kind_text(),
            };
            let format = t.format.map(|format| phrases.kind_like(format.example()));
            commas([Some(length), t.max_cjk.map(|max| phrases.kind_cjk(max)), format])
        }
        Kind::Integer(n) => {
            let range = phrases.span(n.min.map(|v| v as f64), n.max.map(|v| v as f64));
            commas([
                Some(join(&phrases.kind_integer(), &range)),
                n.step.filter(|step| *step != 1).map(|n| step(&n)),
                numbers(n.extra_values).map(|all| phrases.kind_also(&all)),
                numbers(n.excluded).map(|all| phrases.kind_except(&all)),
            ])
        }
        Kind::Decimal(n) => {
            let range = match (n.above_min, n.min) {
                (true, Some(min)) => join(&phrases.kind_above(&phrases.number(min)), &phrases.span(None, n.max)),
                _ => join(&phrases.kind_number(), &phrases.span(n.min, n.max)),
            };
            commas([Some(range), n.step.map(|n| step(&n))])
        }
        Kind::Boolean => "true, false".to_owned(),
        Kind::Choice(choice) => {
            let option = |option: &crate::schema::spec::OptionSpec| {
                let value = phrases.texts().option_typed(option);
                if option.discontinued { phrases.ends_soon(&value) } else { value }
            };
            choice.options.iter().map(option).collect::<Vec<_>>().join(", ")
        }
        Kind::Media(media) => self::media(media, phrases),
        Kind::Task(_) => phrases.kind_task(),
        Kind::List(list) => items(list, phrases),
        Kind::Object(_) => phrases.kind_group(),
    }
}

fn items(list: &ListSpec, phrases: &CliMessages) -> String {
    let count = phrases.span(Some(f64::from(list.min)), list.max.map(f64::from));
    let total = list.total_seconds.map(|most| phrases.limit_together(&phrases.number(most)));
    commas([Some(phrases.kind_items(&count, &describe(list.item, phrases))), total])
}

fn media(media: &MediaSpec, phrases: &CliMessages) -> String {
    let of: Vec<String> = media.of.iter().map(|kind| phrases.media(kind.as_str())).collect();
    let types: Vec<&str> = media.mime.iter().map(|m| m.rsplit('/').next().unwrap_or(m)).collect();
    let within = |range: Option<Range>, limit: fn(&CliMessages, &str) -> String| {
        let span = range.map(|range| phrases.span(range.min, range.max)).filter(|span| !span.is_empty())?;
        Some(limit(phrases, &span))
    };
    commas([
        Some(join(&of.join(&format!(" {} ", phrases.kind_or())), &types.join("/"))),
        media.max_mb.map(|mb| phrases.limit_size(&phrases.number(mb))),
        within(media.seconds, CliMessages::limit_seconds),
        within(media.ratio, CliMessages::limit_ratio),
        within(media.side_px, CliMessages::limit_side),
        within(media.short_side_px, CliMessages::limit_short_side),
        within(media.long_side_px, CliMessages::limit_long_side),
        within(media.total_px, CliMessages::limit_total),
        within(media.fps, CliMessages::limit_fps),
        (!media.schemes.is_empty()).then(|| phrases.limit_schemes(&media.schemes.join(", "))),
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
pub(super) fn condition(condition: &Condition, phrases: &CliMessages) -> String {
    let list = |values: &[Literal]| {
        let all: Vec<String> = values.iter().map(|v| ValueRef::from(*v).to_string()).collect();
        all.join(&format!(" {} ", phrases.kind_or()))
    };
    match condition {
        Condition::Is(path, values) => phrases.when_is(path, &list(values)),
        Condition::IsNot(path, values) => phrases.when_is_not(path, &list(values)),
        Condition::Present(path) => phrases.when_present(path),
        Condition::Absent(path) => phrases.when_absent(path),
        Condition::Items(path, count) => phrases.when_items(path, *count),
    }
}

fn join(head: &str, tail: &str) -> String {
    if tail.is_empty() { head.to_owned() } else { format!("{head} {tail}") }
}
