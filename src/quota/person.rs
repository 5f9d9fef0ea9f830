//! Limits of a person's own, in place of those of the settings.

use std::fmt;

use super::Quotas;
use crate::ledger::Credits;

/// What holds in place of a limit of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Override<T> {
    /// The limit of the settings.
    #[default]
    Setting,
    /// No limit.
    Unlimited,
    /// Another limit.
    Limit(T),
}

impl<T> Override<T> {
    fn over(self, setting: Option<T>) -> Option<T> {
        match self {
            Self::Setting => setting,
            Self::Unlimited => None,
            Self::Limit(limit) => Some(limit),
        }
    }
}

/// Limits of a person's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PersonQuotas {
    /// In place of [`Quotas::running`].
    pub running: Override<u32>,
    /// In place of [`Quotas::starts`].
    pub starts: Override<u32>,
    /// In place of [`Quotas::order`].
    pub order: Override<Credits>,
    /// In place of [`Quotas::day`].
    pub day: Override<Credits>,
    /// In place of [`Quotas::month`].
    pub month: Override<Credits>,
}

/// A part of a text that changes no limit of a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no limit: use running=N, starts=N, order=N, day=N, month=N, with `off` or `default` in place of N")]
pub struct PersonQuotasError(pub String);

impl PersonQuotas {
    /// The limits that hold where those of the settings are `quotas`.
    #[must_use]
    pub fn over(self, quotas: Quotas) -> Quotas {
        let Self { running, starts, order, day, month } = self;
        Quotas {
            running: running.over(quotas.running),
            starts: starts.over(quotas.starts),
            order: order.over(quotas.order),
            day: day.over(quotas.day),
            month: month.over(quotas.month),
            total: quotas.total,
        }
    }

    /// The limits after a change: `running=3 day=off month=default`, with spaces or commas between; or `default` for all.
    ///
    /// # Errors
    /// The part that says nothing.
    pub fn changed(mut self, text: &str) -> Result<Self, PersonQuotasError> {
        let mut parts = text.split([' ', ',']).filter(|part| !part.is_empty()).peekable();
        if parts.peek().is_none() {
            return Err(PersonQuotasError(String::new()));
        }
        for part in parts {
            let bad = || PersonQuotasError(part.to_owned());
            match part.split_once('=') {
                None if part == "default" => self = Self::default(),
                Some(("running", value)) => self.running = read(value, count).ok_or_else(bad)?,
                Some(("starts", value)) => self.starts = read(value, count).ok_or_else(bad)?,
                Some(("order", value)) => self.order = read(value, credits).ok_or_else(bad)?,
                Some(("day", value)) => self.day = read(value, credits).ok_or_else(bad)?,
                Some(("month", value)) => self.month = read(value, credits).ok_or_else(bad)?,
                Some(_) | None => return Err(bad()),
            }
        }
        Ok(self)
    }
}

/// As [`PersonQuotas::changed`] reads it.
impl fmt::Display for PersonQuotas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { running, starts, order, day, month } = self;
        let parts = [
            part("running", running),
            part("starts", starts),
            part("order", order),
            part("day", day),
            part("month", month),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        f.write_str(if parts.is_empty() { "default" } else { "" })?;
        f.write_str(&parts.join(" "))
    }
}

fn part(name: &str, limit: &Override<impl fmt::Display>) -> Option<String> {
    match limit {
        Override::Setting => None,
        Override::Unlimited => Some(format!("{name}=off")),
        Override::Limit(limit) => Some(format!("{name}={limit}")),
    }
}

fn read<T>(value: &str, number: impl Fn(&str) -> Option<T>) -> Option<Override<T>> {
    match value {
        "default" => Some(Override::Setting),
        "off" => Some(Override::Unlimited),
        other => number(other).map(Override::Limit),
    }
}

/// A whole number from 1.
pub(crate) fn count(text: &str) -> Option<u32> {
    text.parse().ok().filter(|count| *count > 0)
}

/// Credits from 0, which lets nothing through that costs anything; with at most three decimals.
pub(crate) fn credits(text: &str) -> Option<Credits> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(decimals) || decimals.len() > 3 {
        return None;
    }
    let milli: i64 = format!("{decimals:0<3}").parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(1000)?.checked_add(milli).map(Credits::from_milli)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_read_written_and_holds() {
        let settings = Quotas { running: Some(2), day: Some(Credits::from_milli(5000)), ..Quotas::NONE };
        let none = PersonQuotas::default();
        assert_eq!((none.to_string().as_str(), none.over(settings)), ("default", settings));
        let own = none.changed("running=off, day=7.5 month=0").unwrap();
        assert_eq!(own.to_string(), "running=off day=7.5 month=0");
        assert_eq!(none.changed(&own.to_string()), Ok(own));
        let holds = own.over(settings);
        assert_eq!((holds.running, holds.day), (None, Some(Credits::from_milli(7500))));
        assert_eq!(holds.month, Some(Credits::ZERO));
        let changed = own.changed("day=default").unwrap();
        assert_eq!(changed.to_string(), "running=off month=0", "what is not named stays");
        assert_eq!(changed.changed("default"), Ok(none));
    }

    #[test]
    fn a_slip_is_named() {
        for (text, named) in
            [("", ""), ("week=1", "week=1"), ("day=5 running=0", "running=0"), ("day=-1", "day=-1"), ("off", "off")]
        {
            assert_eq!(PersonQuotas::default().changed(text), Err(PersonQuotasError(named.into())), "{text}");
        }
    }
}
