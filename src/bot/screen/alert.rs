//! For those who run the bot: what only they can see to, in one message.

use super::Screen;
use crate::alert::{Alert, AlertKind};
use crate::bot::html::Page;
use crate::l10n::Messages;
use crate::ledger::Credits;
use crate::models;
use crate::service::{IP_REFUSED, KEY_LIMIT, OUT_OF_CREDITS};

/// Most jobs that are named; of the others the number is enough.
const NAMED: usize = 10;

/// A line for each matter, and one for all jobs of a kind. What people have asked for is not in it.
pub(crate) fn list(alerts: &[Alert], texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(texts.alerts());
    for kind in AlertKind::ALL {
        let of_kind: Vec<&Alert> = alerts.iter().filter(|alert| alert.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        match kind {
            AlertKind::UnknownJob => {
                let head = texts.alert_unknown(of_kind.len() as u64);
                jobs(&mut page, &of_kind, &head, "unknown", texts);
            }
            AlertKind::UnreadableJob => {
                let head = texts.alert_unreadable(of_kind.len() as u64);
                jobs(&mut page, &of_kind, &head, "unreadable", texts);
            }
            AlertKind::OutOfCredits
            | AlertKind::LowCredits
            | AlertKind::KeyRefused
            | AlertKind::DailyCap
            | AlertKind::FailureRate
            | AlertKind::ModelRefuses
            | AlertKind::PoorHealth => {
                for alert in of_kind {
                    let mark = if alert.is_over { "🟢" } else { "🔴" };
                    page.gap().text(format!("{mark} {}", sentence(alert, texts)));
                }
            }
        }
    }
    Screen::new(page)
}

/// Jobs that wait for a decision.
fn jobs(page: &mut Page, alerts: &[&Alert], head: &str, state: &str, texts: &Messages) {
    page.gap().text(format!("🔴 {head}")).line();
    for alert in alerts.iter().take(NAMED) {
        page.text(format!("{}: ", title(&alert.detail, texts))).code(&alert.subject).line();
    }
    if let Some(more) = alerts.len().checked_sub(NAMED).filter(|more| *more > 0) {
        page.text(texts.undelivered_more(more as u64)).line();
    }
    page.text(texts.alert_decide(&format!("kie-bot jobs --state {state}")));
}

fn title(model: &str, texts: &Messages) -> String {
    models::find(model).map_or(model, |model| texts.localized(&model.spec.title)).to_owned()
}

fn sentence(alert: &Alert, texts: &Messages) -> String {
    let Alert { kind, subject, detail, is_over, .. } = alert;
    let percent = || detail.parse::<u32>().unwrap_or_default();
    match (kind, is_over) {
        (AlertKind::OutOfCredits, false) => texts.alert_out_of_credits(),
        (AlertKind::OutOfCredits, true) => texts.alert_out_of_credits_over(),
        (AlertKind::LowCredits, false) => {
            texts.alert_low_credits(&texts.amount(Credits::from_milli(detail.parse().unwrap_or_default())))
        }
        (AlertKind::LowCredits, true) => texts.alert_low_credits_over(),
        (AlertKind::KeyRefused, false) => {
            let why = match detail.as_str() {
                OUT_OF_CREDITS => texts.alert_key_credits(),
                KEY_LIMIT => texts.alert_key_limit(),
                IP_REFUSED => texts.alert_key_address(),
                code => texts.alert_key_code(code),
            };
            texts.alert_key(subject, &why)
        }
        (AlertKind::KeyRefused, true) => texts.alert_key_over(subject),
        (AlertKind::DailyCap, false) => texts.alert_cap(),
        (AlertKind::DailyCap, true) => texts.alert_cap_over(),
        (AlertKind::FailureRate, false) => texts.alert_failures(percent()),
        (AlertKind::FailureRate, true) => texts.alert_failures_over(),
        (AlertKind::ModelRefuses, false) => texts.alert_model(&title(subject, texts), detail),
        (AlertKind::ModelRefuses, true) => texts.alert_model_over(&title(subject, texts)),
        (AlertKind::PoorHealth, false) => texts.alert_health(&title(subject, texts), percent()),
        (AlertKind::PoorHealth, true) => texts.alert_health_over(&title(subject, texts)),
        // Those have a list of their own.
        (AlertKind::UnknownJob | AlertKind::UnreadableJob, _) => String::new(),
    }
}
