//! Differences between the registry and the vendor, as text.

use serde_json::Value;

use crate::cli::output::{note, print_line};
use crate::cli::table::Table;
use crate::l10n::CliMessages;
use crate::market::feed::FeedAmount;
use crate::market::shape::Type;
use crate::market::{Announcement, Change, Drift, DriftReport, FeedReport, FeedsReport};

/// Announcements that are shown.
const SHOWN_ANNOUNCEMENTS: usize = 5;

/// Prints differences as a table.
pub(super) fn print_drift<'a>(drift: impl IntoIterator<Item = &'a Drift>, messages: &CliMessages) {
    let mut drift = drift.into_iter().peekable();
    if drift.peek().is_none() {
        return;
    }
    let head = [
        messages.head_model(),
        messages.head_change(),
        messages.head_field(),
        messages.head_registry(),
        messages.head_vendor(),
    ];
    let mut table = Table::new(&head).unwrapped(&[2]);
    for Drift { model, change } in drift {
        let (ours, theirs) = sides(change, messages);
        let phrase = messages.drift(&change.phrase().replace(' ', "_"), change.phrase());
        table.add_row([model, &phrase, change.field().unwrap_or("-"), &ours, &theirs]);
    }
    table.print();
}

/// Prints a whole comparison; `known`: the number of differences that were left out.
pub(super) fn print(report: &DriftReport, known: usize, messages: &CliMessages) {
    print_drift(&report.drift, messages);
    for missing in &report.schema_missing {
        note(&messages.schema_missing(missing));
    }
    for unread in &report.unread {
        note(&format!("{}: {}", unread.model, unread.error));
    }
    let nothing = report.compared == 0 && report.prices_compared == 0;
    match report.drift.is_empty() {
        true if nothing => print_line(&messages.compared_nothing()),
        true => print_line(&messages.no_drift()),
        false => {}
    }
    print_uncompared(report, messages);
    let mut counts = vec![
        messages.count_differences(report.drift.len()),
        messages.count_models(report.compared),
        messages.count_prices(report.prices_compared),
    ];
    if known > 0 {
        counts.push(messages.count_known(known));
    }
    if !report.unread.is_empty() {
        counts.push(messages.count_unread(report.unread.len()));
    }
    note(&counts.join(", "));
    print_gaps(report, messages);
    print_lost_feeds(&report.feeds, messages);
    if !report.announcements.is_empty() {
        note(&messages.announcements_newest());
        for told in report.announcements.iter().take(SHOWN_ANNOUNCEMENTS) {
            note(&format!("  {}", announcement(told)));
        }
    }
}

/// Prints what was not compared, and why.
fn print_uncompared(report: &DriftReport, messages: &CliMessages) {
    if !report.prices_unclear.is_empty() {
        let mut reasons: Vec<&str> = report.prices_unclear.iter().map(|one| one.error.as_str()).collect();
        reasons.sort_unstable();
        reasons.dedup();
        note(&messages.prices_unclear(report.prices_unclear.len()));
        for reason in reasons {
            let models = report.prices_unclear.iter().filter(|one| one.error == reason);
            let models: Vec<&str> = models.map(|one| one.model.as_str()).collect();
            note(&format!("  {reason}: {}", models.join(", ")));
        }
    }
    if !report.unstated.is_empty() {
        note(&messages.limits_unstated(report.unstated.len()));
    }
}

/// Prints what no comparison without `--deep` looks at.
pub(super) fn print_gaps(report: &DriftReport, messages: &CliMessages) {
    if !report.not_asked.is_empty() {
        note(&messages.fields_not_asked(report.not_asked.len()));
    }
    if let FeedReport { entries, without_model: Some(nameless @ 1..), .. } = report.feeds.prices {
        note(&messages.prices_nameless(nameless, entries));
    }
}

/// Prints which public feeds cannot be used.
pub(super) fn print_lost_feeds(feeds: &FeedsReport, messages: &CliMessages) {
    if let Some(why) = &feeds.prices.error {
        note(&messages.no_price_feed(why));
    }
    if let Some(why) = &feeds.announcements.error {
        note(&messages.no_announcements(why));
    }
}

/// An announcement on one line.
pub(super) fn announcement(told: &Announcement) -> String {
    [told.date.as_deref(), Some(told.title.as_str())].into_iter().flatten().collect::<Vec<_>>().join("  ")
}

/// The value in the registry and the vendor's value.
fn sides(change: &Change, messages: &CliMessages) -> (String, String) {
    let none = || "-".to_owned();
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let list = |values: &[Value]| values.iter().map(plain).collect::<Vec<_>>().join(", ");
    let need = |required: bool| if required { messages.side_required() } else { messages.side_optional() };
    match change {
        Change::ModelGone => (messages.side_live(), messages.side_not_listed()),
        Change::ModelNew { title, task_types } => {
            let words = title.iter().cloned().chain(task_types.iter().cloned()).collect::<Vec<_>>();
            (none(), words.join(", "))
        }
        Change::ModelBack { ours } => (messages.status(ours), messages.side_listed()),
        Change::RouteChanged { theirs } => (messages.side_task(), theirs.clone()),
        Change::FieldAdded { required, .. } => (none(), need(*required)),
        Change::FieldRemoved { .. } => (messages.side_has(), none()),
        Change::RequiredChanged { ours, theirs, .. } => (need(*ours), need(*theirs)),
        Change::TypeChanged { ours, theirs, .. } => {
            let words = |types: &[Type]| {
                types.iter().map(|t| t.as_str()).collect::<Vec<_>>().join(&format!(" {} ", messages.kind_or()))
            };
            (words(ours), words(theirs))
        }
        Change::EnumChanged { added, removed, .. } => {
            let only = |values: &[Value]| if values.is_empty() { none() } else { messages.side_only(&list(values)) };
            (only(removed), only(added))
        }
        Change::LimitChanged { limit, ours, theirs, .. } => {
            let side = |number: f64| format!("{limit} {number}");
            (ours.map_or_else(none, side), side(*theirs))
        }
        Change::LimitRemoved { limit, .. } => ((*limit).to_owned(), none()),
        Change::DefaultChanged { ours, theirs, .. } => (ours.as_ref().map_or_else(none, plain), plain(theirs)),
        Change::PriceChanged { ours, theirs } => (own_price(ours, messages), theirs.clone()),
        Change::FeedPriceChanged { ours, theirs } => {
            let amount = |amount: &FeedAmount| {
                let unit = amount.unit.as_deref().unwrap_or_default();
                format!("{} {unit} ({})", messages.side_credits(&amount.credits.to_string()), amount.description)
            };
            (own_price(ours, messages), theirs.iter().map(amount).collect::<Vec<_>>().join("; "))
        }
    }
}

fn own_price(ours: &[f64], messages: &CliMessages) -> String {
    let ours: Vec<String> = ours.iter().map(f64::to_string).collect();
    if ours.is_empty() { messages.price_none() } else { messages.side_credits(&ours.join(", ")) }
}
