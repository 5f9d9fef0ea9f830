//! The setting of free orders.

use super::ConfigError;
use super::part::{NO_COUNT, NO_CREDITS, parts};
use crate::quota::{count, credits};
use crate::tariff::Allowance;

const NAME: &str = "FREE";
const USAGE: &str = "use first=N, day=N, max=N with commas between, or `off`";

/// `first=3,day=1,max=20`: each part once. Counts are whole, credits have at most three decimals.
pub(super) fn allowance(value: Option<String>) -> Result<Allowance, ConfigError> {
    let (mut first, mut day, mut max) = (None, None, None);
    let value = value.filter(|value| value != "off").unwrap_or_default();
    for part in parts(NAME, USAGE, &value) {
        let part = part?;
        match part.key {
            "first" => part.put(&mut first, count(part.value), NO_COUNT)?,
            "day" => part.put(&mut day, count(part.value), NO_COUNT)?,
            "max" => part.put(&mut max, credits(part.value), NO_CREDITS)?,
            _ => return Err(part.bad("")),
        }
    }
    let allowance = Allowance { first: first.unwrap_or(0), day: day.unwrap_or(0), max };
    if max.is_some() && allowance.is_none() {
        return Err(ConfigError::Bad { name: NAME, why: format!("makes nothing free; {USAGE}") });
    }
    Ok(allowance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Credits;

    fn read(text: &str) -> Result<Allowance, String> {
        allowance(Some(text.to_owned())).map_err(|error| error.to_string())
    }

    #[test]
    fn an_allowance_is_read_part_by_part() {
        let max = Some(Credits::from_milli(20_500));
        assert_eq!(read("first=3, day=1,max=20.5"), Ok(Allowance { first: 3, day: 1, max }));
        assert_eq!(read("day=2"), Ok(Allowance { day: 2, ..Allowance::NONE }));
        assert_eq!([read("off").unwrap(), allowance(None).unwrap()], [Allowance::NONE; 2]);
    }

    #[test]
    fn a_slip_is_named() {
        for (slip, named) in [
            ("first=0", "holds `first=0`, no whole number from 1"),
            ("day=1.5", "holds `day=1.5`, no whole number from 1"),
            ("day=1,max=-1", "holds `max=-1`, no number of credits"),
            ("day=1,day=2", "holds `day=2`, the second of its kind"),
            ("max=5", "makes nothing free; use first=N"),
            ("week=1", "holds `week=1`; use first=N"),
        ] {
            let error = read(slip).unwrap_err();
            assert!(error.starts_with("FREE ") && error.contains(named), "{error}");
        }
    }
}
