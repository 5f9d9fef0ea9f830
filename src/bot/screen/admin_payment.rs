//! Payments, as admins look at them and give them back.

use super::admin::{back, button};
use super::{Screen, Style};
use crate::bot::callback::{AdminButton, AdminEntry, AdminPaymentAction, PaymentMark};
use crate::bot::html::Page;
use crate::invoice::{RefundState, StoredPayment};
use crate::l10n::Messages;
use crate::ledger::Currency;
use crate::service::RefundError;

fn payments(texts: &Messages) -> super::Button {
    button(texts.admin_entry_payments(), AdminButton::Entry(AdminEntry::Payments))
}

fn of(payment: &StoredPayment, action: AdminPaymentAction) -> AdminButton {
    AdminButton::Payment { payment: PaymentMark::of(payment), action }
}

/// The newest payments, each a button.
pub(crate) fn list(newest: &[StoredPayment], texts: &Messages) -> Screen {
    let mut page = Page::new();
    let hint = if newest.is_empty() { texts.admin_payments_none() } else { texts.admin_payments_hint() };
    page.bold(texts.admin_entry_payments()).gap().text(hint);
    let mut screen = Screen::new(page);
    for payment in newest {
        let mark = match payment.refund {
            RefundState::None => "",
            RefundState::Asked => "⏳ ",
            RefundState::Done { .. } => "↩️ ",
        };
        let StoredPayment { at, total, currency, person, .. } = payment;
        let label = format!("{mark}{} · {total} {currency} · {}", at.date(), person.0);
        screen = screen.row(vec![button(label, of(payment, AdminPaymentAction::Show))]);
    }
    screen.row(vec![back(texts)])
}

fn facts(payment: &StoredPayment, unit: Option<Currency>, texts: &Messages) -> Page {
    let StoredPayment { id, person, currency, total, amount, at, refund, .. } = payment;
    let mut page = Page::new();
    page.bold(format!("{total} {currency}"));
    page.line().text(at.date()).line().text(texts.party_number(&person.0.to_string()));
    if let Some(unit) = unit {
        page.line().text(texts.admin_payment_credited(&texts.money(*amount, unit)));
    }
    match refund {
        RefundState::None => {}
        RefundState::Asked => drop(page.line().text(texts.admin_payment_asked())),
        RefundState::Done { at, .. } => drop(page.line().text(texts.admin_payment_done(&at.date()))),
    }
    page.gap().code(&id.0);
    page
}

/// A payment, with the button that gives it back; with `is_sure` the one that does it at once.
pub(crate) fn payment(payment: &StoredPayment, unit: Option<Currency>, is_sure: bool, texts: &Messages) -> Screen {
    let mut page = facts(payment, unit, texts);
    let is_open = !matches!(payment.refund, RefundState::Done { .. });
    let refund = match is_sure {
        true => {
            page.gap().text(texts.admin_payment_sure());
            button(texts.button_refund_now(), of(payment, AdminPaymentAction::Refund)).styled(Style::Danger)
        }
        false => button(texts.button_refund(), of(payment, AdminPaymentAction::Ask)).styled(Style::Danger),
    };
    let person = button(texts.button_person(), AdminButton::Person { user: payment.person });
    Screen::new(page)
        .row(Some(refund).filter(|_| is_open).into_iter().collect())
        .row(vec![person, payments(texts)])
        .row(vec![back(texts)])
}

/// Why a payment was not given back.
pub(crate) fn refusal(error: RefundError, unit: Option<Currency>, texts: &Messages) -> String {
    let money = |amount| unit.map_or_else(String::new, |unit| texts.money(amount, unit));
    match error {
        RefundError::Store(_) | RefundError::Unknown => texts.admin_payment_unknown(),
        RefundError::Done => texts.admin_payment_before(),
        RefundError::Erased => texts.admin_payment_erased(),
        RefundError::Spent { amount, available } => texts.admin_payment_spent(&money(amount), &money(available)),
        RefundError::Refused(why) => texts.admin_payment_refused(&why),
        RefundError::Unanswered(why) => texts.admin_payment_unanswered(&why),
    }
}
