//! The setting of limits on orders.

use super::ConfigError;
use super::part::{NO_COUNT, NO_CREDITS, parts};
use crate::ledger::Credits;
use crate::quota::{Quotas, count, credits};

const NAME: &str = "QUOTAS";
const USAGE: &str = "use running=N, starts=N, order=N, day=N, month=N, total=N with commas between, or `off`";

/// `running=3,day=500.5`: each limit once. Counts are whole, credits have at most three decimals.
pub(super) fn quotas(value: Option<String>) -> Result<Quotas, ConfigError> {
    let mut quotas = Quotas::NONE;
    let value = value.filter(|value| value != "off").unwrap_or_default();
    for part in parts(NAME, USAGE, &value) {
        let part = part?;
        match part.key {
            "running" => part.put(&mut quotas.running, count(part.value), NO_COUNT)?,
            "starts" => part.put(&mut quotas.starts, count(part.value), NO_COUNT)?,
            "order" => part.put(&mut quotas.order, credits(part.value), NO_CREDITS)?,
            "day" => part.put(&mut quotas.day, credits(part.value), NO_CREDITS)?,
            "month" => part.put(&mut quotas.month, credits(part.value), NO_CREDITS)?,
            "total" => part.put(&mut quotas.total, credits(part.value), NO_CREDITS)?,
            _ => return Err(part.bad("")),
        }
    }
    Ok(quotas)
}

/// `500`: a mark of credits; none, or `off`, for nothing.
pub(super) fn alert_credits(value: Option<String>) -> Result<Option<Credits>, ConfigError> {
    let Some(text) = value.filter(|value| value != "off") else { return Ok(None) };
    let bad = || ConfigError::Bad {
        name: "ALERT_CREDITS",
        why: format!("holds `{text}`, no number of credits; use a number like 500, or `off`"),
    };
    credits(text.trim()).map(Some).ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_of_credits_is_a_number_or_nothing() {
        let read = |text: &str| alert_credits(Some(text.to_owned()));
        assert_eq!(alert_credits(None), Ok(None));
        assert_eq!(read("off"), Ok(None));
        assert_eq!(read("12.5"), Ok(Some(Credits::from_milli(12_500))));
        for bad in ["-1", "many", "1,5"] {
            let told = read(bad).unwrap_err().to_string();
            assert!(told.contains("ALERT_CREDITS") && told.contains(bad), "{told}");
        }
    }

    fn read(text: &str) -> Result<Quotas, String> {
        quotas(Some(text.to_owned())).map_err(|error| error.to_string())
    }

    #[test]
    fn limits_are_read_one_by_one() {
        let milli = |milli| Some(Credits::from_milli(milli));
        let all = read("running=3, starts=6,order=300,day=500.5,month=5000,total=0").unwrap();
        let expected = Quotas {
            running: Some(3),
            starts: Some(6),
            order: milli(300_000),
            day: milli(500_500),
            month: milli(5_000_000),
            total: milli(0),
        };
        assert_eq!(all, expected);
        assert_eq!([read("off").unwrap(), quotas(None).unwrap()], [Quotas::NONE; 2]);
    }

    #[test]
    fn a_slip_is_named() {
        for (slip, named) in [
            ("running=0", "`running=0`, no whole number from 1"),
            ("starts=1.5", "`starts=1.5`, no whole number from 1"),
            ("day=-5", "`day=-5`, no number of credits"),
            ("day=1.2345", "`day=1.2345`, no number of credits"),
            ("month=9223372036854775807", "no number of credits"),
            ("running=3,running=4", "`running=4`, the second of its kind"),
            ("week=5", "`week=5`; use running=N"),
            ("5", "`5`; use running=N"),
        ] {
            let error = read(slip).unwrap_err();
            assert!(error.starts_with("QUOTAS holds ") && error.contains(named), "{error}");
        }
    }
}
