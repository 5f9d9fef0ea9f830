//! What a person has to spend, and the statement of every movement.

use url::Url;

use super::{Button, Screen, Style, form, job as job_screen};
use crate::bot::callback::{AdminButton, ButtonData, SubscriptionAction};
use crate::bot::html::Page;
use crate::clock::Timestamp;
use crate::invoice::StarPack;
use crate::job::{Job, UserId};
use crate::l10n::Messages;
use crate::ledger::{Currency, Money, Wallet, WalletId};
use crate::star_subscription::{Renewal, StarSubscription};
use crate::tariff::FreeCount;
use crate::transfer::{Account, Transfer, TransferKind};

/// What a person has, and what decides how it is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BalanceView {
    pub(crate) wallet: Wallet,
    pub(crate) free: FreeCount,
    pub(crate) currency: Currency,
    /// Whether more can be bought.
    pub(crate) sells: bool,
}

/// The balance.
pub(crate) fn balance(view: BalanceView, subscriptions: &[StarSubscription], texts: &Messages) -> Screen {
    let BalanceView { wallet, free, currency, sells } = view;
    let mut page = Page::new();
    amounts(&mut page, wallet, currency, texts);
    if free.sum() > 0 {
        page.line().text(form::free_left(free, texts));
    }
    for subscription in subscriptions {
        page.gap().text(subscription_state(subscription, currency, texts));
    }
    let top_up = sells.then(|| Button::new(texts.button_top_up(), &ButtonData::TopUp));
    let statement = Button::new(texts.button_statement(), &ButtonData::Statement { before: i64::MAX });
    let change = |subscription: &StarSubscription| {
        let (label, action) = match subscription.renewal {
            Renewal::Automatic | Renewal::Allowed => (texts.button_cancel_subscription(), SubscriptionAction::Ask),
            Renewal::Canceled => (texts.button_allow_subscription(), SubscriptionAction::Allow),
        };
        vec![Button::new(label, &ButtonData::Subscription { invoice: subscription.invoice.clone(), action })]
    };
    let screen = Screen::new(page).row(top_up.into_iter().chain([statement]).collect());
    subscriptions.iter().map(change).fold(screen, Screen::row).row(vec![Button::home(texts)])
}

/// What a subscription brings, until when it is paid, and whether it goes on.
pub(super) fn subscription_state(subscription: &StarSubscription, currency: Currency, texts: &Messages) -> String {
    let StarSubscription { pack, until, renewal, .. } = subscription;
    let plan = plan_name(pack, currency, texts);
    let until = until.date();
    match renewal {
        Renewal::Automatic => texts.subscription_automatic(&plan, &until),
        Renewal::Canceled => texts.subscription_canceled(&plan, &until),
        Renewal::Allowed => texts.subscription_allowed(&plan, &until),
    }
}

fn plan_name(plan: &StarPack, currency: Currency, texts: &Messages) -> String {
    texts.plan(&texts.money(plan.amount, currency), plan.stars.get())
}

/// A plan, and the link to subscribe to it.
pub(crate) fn plan_offer(plan: &StarPack, link: Url, currency: Currency, texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(plan_name(plan, currency, texts)).gap().text(texts.plan_offer());
    let back = Button::new(texts.button_back(), &ButtonData::TopUp);
    Screen::new(page).row(vec![Button::open(&texts.button_subscribe(), link)]).row(vec![back, Button::home(texts)])
}

/// Asks whether a subscription is to be canceled.
pub(crate) fn cancel_subscription(subscription: &StarSubscription, currency: Currency, texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.text(subscription_state(subscription, currency, texts)).gap().text(texts.subscription_sure());
    let invoice = subscription.invoice.clone();
    let data = ButtonData::Subscription { invoice, action: SubscriptionAction::Cancel };
    let yes = Button::new(texts.button_cancel_subscription(), &data).styled(Style::Danger);
    let back = Button::new(texts.button_back(), &ButtonData::Balance);
    Screen::new(page).row(vec![yes]).row(vec![back, Button::home(texts)])
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

/// What can be bought for Telegram Stars: once, or every 30 days.
pub(crate) fn packs(packs: &[StarPack], plans: &[StarPack], currency: Currency, texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(texts.packs_title());
    let button = |pack: &StarPack| {
        let label = texts.pack(&texts.money(pack.amount, currency), pack.stars.get());
        vec![Button::new(label, &ButtonData::Pack { stars: pack.stars.get(), amount: pack.amount })]
    };
    let plan_button = |plan: &StarPack| {
        let data = ButtonData::Plan { stars: plan.stars.get(), amount: plan.amount };
        vec![Button::new(plan_name(plan, currency, texts), &data)]
    };
    let back = Button::new(texts.button_back(), &ButtonData::Balance);
    let rows = packs.iter().map(button).chain(plans.iter().map(plan_button));
    rows.fold(Screen::new(page), Screen::row).row(vec![back, Button::home(texts)])
}

/// What was paid for, until when a subscription is paid, what there is now, and the number of the payment. It has no buttons, which would put something else in
/// its place: it is kept.
pub(crate) fn receipt(
    amount: Money,
    until: Option<Timestamp>,
    wallet: Wallet,
    currency: Currency,
    payment: &str,
    texts: &Messages,
) -> Screen {
    let mut page = Page::new();
    page.text(texts.receipt(&texts.money(amount, currency)));
    if let Some(until) = until {
        page.line().text(texts.receipt_until(&until.date()));
    }
    page.gap();
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
