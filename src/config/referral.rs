//! The setting of what is given for friends.

use super::ConfigError;
use super::part::parts;
use crate::ledger::Money;
use crate::referral::ReferralTerms;

const NAME: &str = "REFERRAL";
const USAGE: &str = "use inviter=N, friend=N with a comma between, or `off`";
const NO_AMOUNT: &str = ", no amount above 0";

/// `inviter=50,friend=20`: each part once. `None`: nothing is given.
pub(super) fn referral(value: Option<String>) -> Result<Option<ReferralTerms>, ConfigError> {
    let (mut inviter, mut friend) = (None, None);
    let value = value.filter(|value| value != "off").unwrap_or_default();
    for part in parts(NAME, USAGE, &value) {
        let part = part?;
        let amount = part.value.parse().ok().filter(|amount| *amount > Money::ZERO);
        match part.key {
            "inviter" => part.put(&mut inviter, amount, NO_AMOUNT)?,
            "friend" => part.put(&mut friend, amount, NO_AMOUNT)?,
            _ => return Err(part.bad("")),
        }
    }
    if inviter.is_none() && friend.is_none() {
        return Ok(None);
    }
    Ok(Some(ReferralTerms { inviter: inviter.unwrap_or_default(), friend: friend.unwrap_or_default() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<(i64, i64)>, String> {
        let read = referral(Some(text.to_owned())).map_err(|error| error.to_string())?;
        Ok(read.map(|terms| (terms.inviter.hundredths(), terms.friend.hundredths())))
    }

    #[test]
    fn terms_are_read_part_by_part_and_slips_are_named() {
        assert_eq!(read("inviter=50, friend=20.5"), Ok(Some((5000, 2050))));
        assert_eq!((read("inviter=50"), read("friend=1")), (Ok(Some((5000, 0))), Ok(Some((0, 100)))));
        assert_eq!((read("off"), referral(None).unwrap()), (Ok(None), None));
        for (slip, named) in [
            ("inviter=0", "holds `inviter=0`, no amount above 0"),
            ("friend=-1", "holds `friend=-1`, no amount above 0"),
            ("friend=1,friend=2", "holds `friend=2`, the second of its kind"),
            ("uncle=1", "holds `uncle=1`; use inviter=N"),
            ("50", "holds `50`; use inviter=N"),
        ] {
            let error = read(slip).unwrap_err();
            assert!(error.starts_with("REFERRAL ") && error.contains(named), "{error}");
        }
    }
}
