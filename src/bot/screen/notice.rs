//! Short messages: help, the choice of a language, and single sentences.

use std::time::Duration;

use super::{Button, Screen};
use crate::bot::callback::ButtonData;
use crate::clock::Timestamp;
use crate::l10n::{Lang, Messages};
use crate::quota::{Quota, QuotaExceeded};
use crate::service::Unfunded;
use crate::tariff::{Amount, Tariff};

/// A text with a button to the menu.
pub(crate) fn with_home(text: &str, texts: &Messages) -> Screen {
    Screen::text(text).row(vec![Button::home(texts)])
}

/// Why an order is over a limit, and what to do.
pub(crate) fn over_quota(exceeded: QuotaExceeded, now: Timestamp, tariff: Option<&Tariff>, texts: &Messages) -> String {
    let QuotaExceeded { quota, again } = exceeded;
    let wait = again.map(|at| texts.time(at.since(now).max(Duration::from_secs(1))));
    let limit_of = |credits| texts.limit_of(Amount::share_of(credits, tariff));
    let why = match quota {
        Quota::Running(count) => return texts.quota_running(count),
        Quota::Starts(count) => return texts.quota_starts(count, &wait.unwrap_or_else(|| texts.seconds(60))),
        Quota::Order(limit) => return texts.quota_order(&limit_of(limit)),
        Quota::Day(limit) => texts.quota_day(&limit_of(limit)),
        Quota::Month(limit) => texts.quota_month(&limit_of(limit)),
        Quota::Total(_) => texts.quota_total(),
    };
    format!("{why} {}", wait.map_or_else(|| texts.quota_cheaper(), |wait| texts.quota_again(&wait)))
}

/// Why an order cannot be paid, and what to do.
pub(crate) fn unfunded(unfunded: Unfunded, texts: &Messages) -> String {
    let Unfunded { payer, price, available, currency } = unfunded;
    let (available, price) = (texts.money(available, currency), texts.money(price, currency));
    if payer.is_group() { texts.purse_short(&available, &price) } else { texts.unfunded(&available, &price) }
}

/// How the bot works.
pub(crate) fn help(texts: &Messages) -> Screen {
    with_home(&texts.help(), texts)
}

/// The choice of a language, each by its own name.
pub(crate) fn languages(texts: &Messages) -> Screen {
    let buttons = Lang::ALL.into_iter().map(|lang| {
        let mark = if lang == texts.lang() { "✓ " } else { "" };
        Button::new(format!("{mark}{}", lang.name()), &ButtonData::Language { code: lang.code().to_owned() })
    });
    Screen::text(texts.language_choose()).grid(buttons.collect(), 2).row(vec![Button::home(texts)])
}
