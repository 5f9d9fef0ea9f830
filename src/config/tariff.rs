//! The settings of what people pay.

use super::ConfigError;
use super::part::parts;
use crate::ledger::{Currency, Money};
use crate::tariff::{Markup, Rate, Tariff};

const NAME: &str = "PRICE";
const USAGE: &str = "use rate=N, markup=N%, round=N, min=N with commas between";

/// What people pay: nothing with `CHARGE=off`, though a slip in the price is an error all the same.
pub(super) fn tariff(
    charge: bool,
    price: Option<String>,
    currency: Option<String>,
) -> Result<Option<Tariff>, ConfigError> {
    let currency = currency.unwrap_or_default();
    let bad = |e| ConfigError::Bad { name: "CURRENCY", why: format!("is `{currency}`, {e}") };
    let tariff = read(price.as_deref().unwrap_or_default(), currency.parse::<Currency>().map_err(bad)?)?;
    Ok(charge.then_some(tariff))
}

/// `rate=0.5,markup=30%,round=1,min=5`: each part once. The rate is needed and has at most six decimals.
fn read(text: &str, currency: Currency) -> Result<Tariff, ConfigError> {
    let (mut rate, mut markup, mut rounding, mut minimum) = (None, None, None, None);
    for part in parts(NAME, USAGE, text) {
        let part = part?;
        match part.key {
            "rate" => {
                let value = decimal(part.value, 6).filter(|rate| *rate > 0);
                part.put(&mut rate, value.map(Rate), ", no rate from 0.000001 to 4294")?;
            }
            "markup" => {
                let value = decimal(part.value.strip_suffix('%').unwrap_or(part.value), 2);
                part.put(&mut markup, value.map(Markup), ", no percentage")?;
            }
            "round" => {
                let value = money(part.value).filter(|step| *step > Money::ZERO);
                part.put(&mut rounding, value, ", no amount from 0.01")?;
            }
            "min" => part.put(&mut minimum, money(part.value), ", no amount")?,
            _ => return Err(part.bad("")),
        }
    }
    let rate = rate.ok_or_else(|| ConfigError::Bad { name: NAME, why: format!("holds no rate; {USAGE}") })?;
    Ok(Tariff {
        rate,
        markup: markup.unwrap_or(Markup(0)),
        rounding: rounding.unwrap_or(Money::from_hundredths(1)),
        minimum: minimum.unwrap_or(Money::ZERO),
        fixed: None,
        currency,
    })
}

fn money(text: &str) -> Option<Money> {
    text.parse().ok().filter(|money| *money >= Money::ZERO)
}

/// A decimal number as a whole number of its smallest part.
fn decimal(text: &str, decimals: usize) -> Option<u32> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(rest) || rest.len() > decimals {
        return None;
    }
    format!("{whole}{rest:0<decimals$}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Option<Tariff>, String> {
        tariff(true, Some(text.to_owned()), Some("₽".to_owned())).map_err(|error| error.to_string())
    }

    #[test]
    fn a_price_is_read_part_by_part() {
        let read = of("rate=0.45, markup=12.5%,round=0.50,min=3").unwrap().unwrap();
        assert_eq!((read.rate, read.markup), (Rate(450_000), Markup(1250)));
        assert_eq!((read.rounding.hundredths(), read.minimum.hundredths()), (50, 300));
        let bare = of("rate=1").unwrap().unwrap();
        assert_eq!((bare.markup, bare.rounding.hundredths(), bare.minimum), (Markup(0), 1, Money::ZERO));
        assert_eq!(tariff(false, Some("rate=1".into()), Some("₽".into())).unwrap(), None);
    }

    #[test]
    fn a_slip_is_named() {
        for (slip, named) in [
            ("", "no rate"),
            ("markup=5%", "no rate"),
            ("rate=0", "`rate=0`, no rate"),
            ("rate=0.0000001", "no rate from"),
            ("rate=1,markup=-5%", "no percentage"),
            ("rate=1,round=0", "no amount from 0.01"),
            ("rate=1,min=0.001", "no amount"),
            ("rate=1,rate=2", "the second of its kind"),
            ("fee=1", "`fee=1`; use rate=N"),
        ] {
            let error = of(slip).unwrap_err();
            assert!(error.starts_with("PRICE holds ") && error.contains(named), "{error}");
        }
        let unit = tariff(true, Some("rate=1".into()), Some("two words".into())).unwrap_err();
        assert!(unit.to_string().starts_with("CURRENCY is `two words`, not the name of a unit"), "{unit}");
    }
}
