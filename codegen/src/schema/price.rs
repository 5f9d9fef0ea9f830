//! What a run costs.

mod factor;

use kie_schema::Credits;
use kie_schema::spec::{ExtraPrice, Factor, Literal, Path, PriceRow, PriceSpec};

use crate::diagnostic::{Code, Collector};
use crate::leak;
use crate::reader::{self, Mapping};
use crate::schema::condition;
use crate::schema::path::{FieldScope, Need};
use crate::span::Span;
use crate::yaml::{Data, Node};
use factor::factors;

/// How the author stated the price.
pub(crate) enum Pricing {
    /// Not at all.
    Missing,
    /// `price: unknown`, or a price with mistakes in it.
    Unknown,
    /// In full, with the positions of `rows` and `regular`.
    Known { rows: Vec<Span>, regular: Vec<Span> },
}

pub(super) fn read(node: Option<&Node>, scope: &FieldScope<'_>) -> (Option<PriceSpec>, Pricing) {
    let Some(node) = node else { return (None, Pricing::Missing) };
    if matches!(&node.data, Data::Text(word) if word == "unknown") {
        return (None, Pricing::Unknown);
    }
    let before = scope.env.out.count();
    match price(node, scope) {
        // Which row wins is known only when every condition could be read.
        Some((price, rows, regular)) if scope.env.out.count() == before => {
            (Some(price), Pricing::Known { rows, regular })
        }
        _ => (None, Pricing::Unknown),
    }
}

fn price(node: &Node, scope: &FieldScope<'_>) -> Option<(PriceSpec, Vec<Span>, Vec<Span>)> {
    let out = scope.env.out;
    let mut object = Mapping::open(node, node.span, "price", out)?;
    let as_of = object.need("as_of").and_then(|node| date(node, "as_of", out));
    let unit = object.need("unit").and_then(|node| reader::text(node, "unit", out)).map(leak::text);
    object.conflict("credits", "rows");
    let credits = object.take("credits");
    let table = object.take("rows");
    if credits.is_none() && table.is_none() {
        object.missing("credits");
    }
    let (rows, row_spans) = match (credits, table) {
        (Some(node), _) => {
            let row = amount(node, out).map(|credits| PriceRow { when: &[], credits });
            (row.into_iter().collect(), vec![node.span])
        }
        (None, Some(node)) => table_rows(node, "rows", scope),
        (None, None) => (Vec::new(), Vec::new()),
    };
    let times = object.take("times").map(|node| factors(node, scope)).unwrap_or_default();
    let extra = object.take("extra").map(|node| extra(node, scope));
    let assume = object.take("assume").map(|node| assume(node, scope)).unwrap_or_default();
    for factor in &times {
        if let Factor::Value { field, or: Some(_), .. } = factor
            && let Some(node) = object.take("assume").filter(|_| assume.iter().any(|(path, _)| path == field))
        {
            out.error(
                Code::UselessDefault,
                node.span,
                format!("`{field}` has an `or` already"),
                "one of them is never used",
            );
        }
    }
    let at_most = object.flag("at_most");
    object.goes_with("discount_until", "regular");
    let (regular, regular_spans) =
        object.take("regular").map(|node| table_rows(node, "regular", scope)).unwrap_or_default();
    let discount_until = object.take("discount_until").and_then(|node| date(node, "discount_until", out));
    if let Some(node) = object.take("note") {
        reader::text(node, "note", out);
    }
    object.finish();
    let extra = match extra {
        Some(extra) => Some(extra?),
        None => None,
    };
    let price = PriceSpec {
        as_of: as_of?,
        unit: unit?,
        rows: leak::list(rows),
        times: leak::list(times),
        extra,
        assume: leak::list(assume),
        at_most,
        regular: leak::list(regular),
        discount_until,
    };
    Some((price, row_spans, regular_spans))
}

fn table_rows(node: &Node, what: &str, scope: &FieldScope<'_>) -> (Vec<PriceRow>, Vec<Span>) {
    let out = scope.env.out;
    // A single amount is short for a single row, in `regular` as in `rows`.
    if let Data::Integer(_) | Data::Decimal(_) = node.data {
        let row = amount(node, out).map(|credits| PriceRow { when: &[], credits });
        return (row.into_iter().collect(), vec![node.span]);
    }
    let items = reader::items(node, what, out).unwrap_or_default();
    if items.is_empty() && matches!(node.data, Data::List(_)) {
        out.error(Code::Empty, node.span, format!("`{what}` is empty"), "");
    }
    let mut rows = Vec::new();
    let mut spans = Vec::new();
    for item in items {
        let Some(mut object) = Mapping::open(item, item.span, "a row", out) else { continue };
        let when = condition::read(object.take("when"), scope);
        let credits = object.need("credits").and_then(|node| amount(node, out));
        object.finish();
        if let Some(credits) = credits {
            rows.push(PriceRow { when, credits });
            spans.push(item.span);
        }
    }
    (rows, spans)
}

/// Credits to thousandths, exactly.
// What is cast is bounded by the check before it.
pub(super) fn amount(node: &Node, out: &Collector) -> Option<Credits> {
    let credits = reader::number(node, "credits", out)?;
    let thousandths = (credits * 1000.0).round();
    let exact = (credits * 1000.0 - thousandths).abs() < 1e-6 * thousandths.abs().max(1.0);
    if !exact || !(0.0..1e12).contains(&thousandths) {
        let title = format!("{credits} is not an amount of credits");
        out.error(Code::BadAmount, node.span, title, "0 or more, at most three decimals");
        return None;
    }
    Some(Credits::from_milli(thousandths as i64))
}

/// A day of the calendar as `YYYY-MM-DD`.
fn date(node: &Node, what: &str, out: &Collector) -> Option<&'static str> {
    let text = reader::text(node, what, out)?;
    if !is_date(text) {
        out.error(Code::BadDate, node.span, format!("`{text}` is not a date"), "write YYYY-MM-DD");
        return None;
    }
    Some(leak::text(text))
}

fn is_date(text: &str) -> bool {
    let form = text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    if !form {
        return false;
    }
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=last).contains(&day)
}

fn extra(node: &Node, scope: &FieldScope<'_>) -> Option<ExtraPrice> {
    let out = scope.env.out;
    let mut object = Mapping::open(node, node.span, "extra", out)?;
    object.conflict("of", "times");
    object.goes_with("free", "of");
    let times = object.take("times").map(|node| factors(node, scope));
    let of = if times.is_some() { object.take("of") } else { object.need("of") };
    let of = of.and_then(|node| scope.path(node, Need::Countable));
    let free = object.count("free").unwrap_or(0);
    let credits = object.need("credits").and_then(|node| amount(node, out));
    object.finish();
    Some(match times {
        Some(times) => ExtraPrice::Units { times: leak::list(times), credits: credits? },
        None => ExtraPrice::Items { of: of?, free, credits: credits? },
    })
}

fn assume(node: &Node, scope: &FieldScope<'_>) -> Vec<(Path, Literal)> {
    let out = scope.env.out;
    let mut list = Vec::new();
    for entry in reader::entries(node, "assume", out).unwrap_or_default() {
        let Some(target) = scope.named(&entry.name, entry.key.span, Need::Value) else { continue };
        if target.field.is_some_and(|field| field.default.is_some()) {
            let title = format!("`{}` has a default, nothing is to be assumed", entry.name);
            out.error(Code::KeyConflict, entry.key.span, title, "");
        }
        if let Some(literal) = condition::value(&entry.value, &target, scope) {
            list.push((target.path, literal));
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn dates_are_days_of_the_calendar() {
        for day in ["2026-10-01", "2024-02-29", "2000-02-29"] {
            assert!(is_date(day), "{day}");
        }
        for day in [
            "2026-13-01",
            "2026-02-29",
            "1900-02-29",
            "2026-04-31",
            "26-10-01",
            "2026-10-1",
            "2026/10/01",
            "2026-10-00",
        ] {
            assert!(!is_date(day), "{day}");
        }
    }
}
