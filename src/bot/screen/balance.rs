//! What a person has to spend, and the statement of every movement.

use super::{Button, Screen, form, job as job_screen};
use crate::bot::callback::{AdminButton, ButtonData};
use crate::bot::html::Page;
use crate::invoice::StarPack;
use crate::job::{Job, UserId};
use crate::l10n::Messages;
use crate::ledger::{Currency, Money, Wallet, WalletId};
use crate::tariff::FreeCount;
use crate::transfer::{Account, Transfer, TransferKind};

/// The balance; `sells`: whether more can be bought.
pub(crate) fn balance(wallet: Wallet, free: FreeCount, currency: Currency, sells: bool, texts: &Messages) -> Screen {
    let mut page = Page::new();
    amounts(&mut page, wallet, currency, texts);
    if free.sum() > 0 {
        page.line().text(form::free_left(free, texts));
    }
    let top_up = sells.then(|| Button::new(texts.button_top_up(), &ButtonData::TopUp));
    let statement = Button::new(texts.button_statement(), &ButtonData::Statement { before: i64::MAX });
    Screen::new(page).row(top_up.into_iter().chain([statement]).collect()).row(vec![Button::home(texts)])
}

/// What is in the purse of a group, and how it is filled.
pub(crate) fn purse(wallet: Wallet, currency: Currency, texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(texts.purse_available(&texts.money(wallet.available, currency)));
    held(&mut page, wallet, currency, texts);
    page.gap().text(texts.purse_hint());
    let statement = Button::new(texts.button_statement(), &ButtonData::PurseStatement { before: i64::MAX });
    Screen::new(page).row(vec![statement]).row(vec![Button::home(texts)])
}

/// Movements of the purse of a group, as [`statement`] of a person's.
pub(crate) fn purse_statement(
    movements: &[(Transfer, Option<Job>)],
    more: Option<i64>,
    currency: Currency,
    texts: &Messages,
) -> Screen {
    let older = more.map(|before| Button::new(texts.button_older(), &ButtonData::PurseStatement { before }));
    let back = Button::new(texts.button_back(), &ButtonData::Purse);
    Screen::new(movements_page(movements, currency, texts))
        .row(older.into_iter().collect())
        .row(vec![back, Button::home(texts)])
}

/// What can be bought for Telegram Stars.
pub(crate) fn packs(packs: &[StarPack], currency: Currency, texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(texts.packs_title());
    let button = |pack: &StarPack| {
        let label = texts.pack(&texts.money(pack.amount, currency), pack.stars.get());
        vec![Button::new(label, &ButtonData::Pack { stars: pack.stars.get(), amount: pack.amount })]
    };
    let back = Button::new(texts.button_back(), &ButtonData::Balance);
    packs.iter().map(button).fold(Screen::new(page), Screen::row).row(vec![back, Button::home(texts)])
}

/// What was paid for, what there is now, and the number of the payment. It has no buttons, which would put something else in
/// its place: it is kept.
pub(crate) fn receipt(amount: Money, wallet: Wallet, currency: Currency, payment: &str, texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.text(texts.receipt(&texts.money(amount, currency))).gap();
    amounts(&mut page, wallet, currency, texts);
    page.gap().text(texts.receipt_number()).text(" ").code(payment);
    Screen::new(page)
}

fn amounts(page: &mut Page, wallet: Wallet, currency: Currency, texts: &Messages) {
    page.bold(texts.balance_available(&texts.money(wallet.available, currency)));
    held(page, wallet, currency, texts);
}

/// What is held, if anything is.
pub(super) fn held(page: &mut Page, wallet: Wallet, currency: Currency, texts: &Messages) {
    if wallet.held > Money::ZERO {
        page.line().text(texts.balance_held(&texts.money(wallet.held, currency)));
    }
}

/// Movements, newest first, each with its job if it has one that is still known; `more`: before which one there are others.
pub(crate) fn statement(
    movements: &[(Transfer, Option<Job>)],
    more: Option<i64>,
    currency: Currency,
    texts: &Messages,
) -> Screen {
    let older = more.map(|before| Button::new(texts.button_older(), &ButtonData::Statement { before }));
    let back = Button::new(texts.button_back(), &ButtonData::Balance);
    Screen::new(movements_page(movements, currency, texts))
        .row(older.into_iter().collect())
        .row(vec![back, Button::home(texts)])
}

/// The same of the wallet of a person or a group, for an admin.
pub(crate) fn statement_for_admin(
    movements: &[(Transfer, Option<Job>)],
    wallet: WalletId,
    more: Option<i64>,
    currency: Currency,
    texts: &Messages,
) -> Screen {
    let button = |label, button| Button::new(label, &ButtonData::Admin(button));
    let older = more.map(|before| button(texts.button_older(), AdminButton::Statement { wallet, before }));
    let back = if wallet.is_group() { AdminButton::Menu } else { AdminButton::Person { user: UserId(wallet.0) } };
    let back = button(texts.button_back(), back);
    Screen::new(movements_page(movements, currency, texts)).row(older.into_iter().collect()).row(vec![back])
}

fn movements_page(movements: &[(Transfer, Option<Job>)], currency: Currency, texts: &Messages) -> Page {
    let mut page = Page::new();
    page.bold(texts.statement_title());
    if movements.is_empty() {
        page.line().text(texts.statement_empty());
    }
    for (transfer, job) in movements {
        let change = transfer.change_of(Account::Available);
        let amount = match change {
            // The available amount stays, and what is held changes.
            Money::ZERO => texts.money(transfer.amount, currency),
            change if change > Money::ZERO => format!("+{}", texts.money(change, currency)),
            change => texts.money(change, currency),
        };
        page.line().text(texts.statement_row(&transfer.at.date(), &amount, &reason(transfer, job.as_ref(), texts)));
    }
    page
}

/// Why money moved.
fn reason(transfer: &Transfer, job: Option<&Job>, texts: &Messages) -> String {
    let order = || match (job, &transfer.job) {
        (Some(job), _) => job_screen::title(job, texts).to_owned(),
        (None, Some(id)) => id.0.chars().take(8).collect(),
        (None, None) => String::new(),
    };
    let why = match transfer.kind {
        TransferKind::Hold => texts.moved_hold(&order()),
        TransferKind::Capture if job.is_some_and(Job::is_free) => texts.moved_free_capture(&order()),
        TransferKind::Capture => texts.moved_capture(&order()),
        TransferKind::Release => texts.moved_release(&order()),
        TransferKind::FreeHold => texts.moved_free_hold(&order()),
        TransferKind::FreeRelease => texts.moved_free_release(&order()),
        TransferKind::Payment => texts.moved_payment(),
        TransferKind::Refund => texts.moved_refund(),
        TransferKind::RefundReversal => texts.moved_refund_reversal(),
        TransferKind::Gift => texts.moved_gift(),
        TransferKind::TakeBack => texts.moved_take_back(),
        TransferKind::Promo => texts.moved_promo(),
        TransferKind::Referral => texts.moved_referral(),
        TransferKind::Welcome => texts.moved_welcome(),
        TransferKind::FillOut => texts.moved_fill_out(),
        TransferKind::FillIn => texts.moved_fill_in(),
        TransferKind::ReturnOut => texts.moved_return_out(),
        TransferKind::ReturnIn => texts.moved_return_in(),
    };
    match &transfer.note {
        Some(note) => format!("{why}: {note}"),
        None => why,
    }
}
