//! The price on a day: with a discount, or after its end.

use crate::l10n::CliMessages;
use crate::ledger::Credits;
use crate::schema::spec::{ModelSpec, PriceRow, PriceSpec};

/// The rows that are valid on a day, `YYYY-MM-DD`: the regular rows once the discount has ended.
pub(in crate::cli) fn rows_on(price: &PriceSpec, today: &str) -> &'static [PriceRow] {
    if price.discount_has_ended(today) && !price.regular.is_empty() { price.regular } else { price.rows }
}

/// The lowest and the highest price of one unit on a day.
pub(in crate::cli) fn range_on(price: &PriceSpec, today: &str) -> (Credits, Credits) {
    let prices = || rows_on(price, today).iter().map(|row| row.credits);
    (prices().min().unwrap_or_default(), prices().max().unwrap_or_default())
}

/// `18-24 per image`, `0.8 per image`, or `unknown`.
pub(in crate::cli) fn price_range(spec: &ModelSpec, today: &str, messages: &CliMessages) -> String {
    match spec.price {
        None => messages.price_none(),
        Some(price) => amounts(range_on(price, today), price.unit, messages),
    }
}

/// The end of a discount as text, e.g. `until 2026-10-07, then 9-33 per second`, or that none is named; `None` when there is
/// no discount.
pub(in crate::cli) fn discount(price: &PriceSpec, today: &str, messages: &CliMessages) -> Option<String> {
    let regular = || price.regular.iter().map(|row| row.credits);
    let range = regular().min().zip(regular().max());
    let then = range.map(|range| amounts(range, price.unit, messages));
    Some(match (price.discount_until, then) {
        (None, then) => messages.discount_open(&then?),
        (Some(last), _) if price.discount_has_ended(today) => messages.discount_ended(last),
        (Some(last), Some(then)) => messages.discount_until_then(last, &then),
        (Some(last), None) => messages.discount_until(last),
    })
}

fn amounts((low, high): (Credits, Credits), unit: &str, messages: &CliMessages) -> String {
    let (from, to) = (messages.number(low), messages.number(high));
    let amounts = if low == high { from } else { format!("{from}-{to}") };
    messages.price_per(&amounts, &messages.unit(unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::l10n::Lang;

    const fn row(milli: i64) -> PriceRow {
        PriceRow { when: &[], credits: Credits::from_milli(milli) }
    }

    const SALE: PriceSpec = PriceSpec {
        as_of: "2026-10-01",
        unit: "second",
        rows: &[row(6_800), row(15_000)],
        times: &[],
        extra: None,
        assume: &[],
        at_most: false,
        regular: &[row(9_000), row(20_000)],
        discount_until: Some("2026-10-07"),
    };

    #[test]
    fn a_discount_ends_after_its_last_day() {
        let low = |day: &str| range_on(&SALE, day).0.milli();
        assert_eq!([low("2026-10-06"), low("2026-10-07"), low("2026-10-08")], [6_800, 6_800, 9_000]);
        let words = |day: &str, lang| discount(&SALE, day, CliMessages::of(lang)).unwrap();
        assert_eq!(words("2026-10-07", Lang::En), "until 2026-10-07, then 9-20 per second");
        assert_eq!(words("2026-10-07", Lang::Ru), "до 2026-10-07, потом 9-20 за секунду");
        assert_eq!(words("2026-11-01", Lang::En), "ended on 2026-10-07");
        let open = PriceSpec { discount_until: None, ..SALE };
        assert_eq!(range_on(&open, "2027-01-01").0.milli(), 6_800);
        assert_eq!(
            discount(&open, "2027-01-01", CliMessages::of(Lang::En)).unwrap(),
            "no end named; without it 9-20 per second"
        );
        let plain = PriceSpec { regular: &[], discount_until: None, ..SALE };
        assert_eq!(
            (range_on(&plain, "2027-01-01").1.milli(), discount(&plain, "2027-01-01", CliMessages::of(Lang::En))),
            (15_000, None)
        );
    }
}
