//! What people can buy for Telegram Stars: packs once, plans every 30 days.

use super::ConfigError;
use crate::invoice::{StarPack, Stars};
use crate::ledger::Money;

const USAGE: &str = "use STARS=UNITS with commas between, e.g. `100=120,500=650`";
/// Most offers of a setting: each is a button.
const MOST: usize = 8;

/// `100=120,500=650`, the value of the setting `name`: for 100 Stars 120 units, for 500 Stars 650. Who sells must say where
/// people ask about payments: Telegram's terms demand an answer to `/paysupport`
/// (https://core.telegram.org/bots/payments-stars).
pub(super) fn offers(
    name: &'static str,
    text: Option<&str>,
    support: Option<&str>,
) -> Result<Vec<StarPack>, ConfigError> {
    let bad = |why: String| ConfigError::Bad { name, why };
    let mut offers: Vec<StarPack> = Vec::new();
    for part in text.unwrap_or_default().split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (stars, amount) = part.split_once('=').ok_or_else(|| bad(format!("holds `{part}`; {USAGE}")))?;
        let stars = stars.trim().parse().ok().and_then(Stars::new);
        let stars =
            stars.ok_or_else(|| bad(format!("holds `{part}`, not from 1 to {} Stars; {USAGE}", Stars::MOST)))?;
        let amount = amount.trim().parse().ok().filter(|amount| *amount > Money::ZERO);
        let amount = amount.ok_or_else(|| bad(format!("holds `{part}`, no amount above 0; {USAGE}")))?;
        if offers.iter().any(|offer| offer.stars == stars) {
            return Err(bad(format!("holds `{part}`, the second offer for so many Stars; {USAGE}")));
        }
        offers.push(StarPack { stars, amount });
    }
    if offers.len() > MOST {
        return Err(bad(format!("holds {} offers, more than {MOST}", offers.len())));
    }
    if !offers.is_empty() && support.is_none() {
        return Err(bad("needs SUPPORT: where people ask about payments, e.g. `SUPPORT=@name`".to_owned()));
    }
    Ok(offers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_are_read_and_slips_are_named() {
        let read = |text: Option<&str>, support: Option<&str>| offers("STAR_PLANS", text, support);
        let packs = read(Some("100=120, 500=650.5"), Some("@help")).unwrap();
        let amounts: Vec<_> = packs.iter().map(|pack| (pack.stars.get(), pack.amount.hundredths())).collect();
        assert_eq!(amounts, [(100, 12_000), (500, 65_050)]);
        assert_eq!(read(None, None).unwrap(), []);
        let alone = read(Some("100=120"), None).unwrap_err().to_string();
        assert!(alone.starts_with("STAR_PLANS needs SUPPORT"), "{alone}");
        let many: String = (1..=9).map(|n| format!("{n}=1,")).collect();
        for (slip, named) in [
            ("100", "`100`; use STARS=UNITS"),
            ("0=5", "not from 1 to 10000 Stars"),
            ("10001=5", "not from 1 to 10000 Stars"),
            ("x=5", "not from 1 to 10000 Stars"),
            ("5=0", "no amount above 0"),
            ("5=-1", "no amount above 0"),
            ("5=1,5=2", "the second offer"),
            (many.as_str(), "holds 9 offers, more than 8"),
        ] {
            let error = read(Some(slip), Some("@help")).unwrap_err().to_string();
            assert!(error.starts_with("STAR_PLANS holds ") && error.contains(named), "{error}");
        }
    }
}
