//! The menu of `/admin`, people, and what admins did.

use super::{Button, Screen, Style, balance};
use crate::audit::{Actor, AuditEntry};
use crate::bot::callback::{AdminButton, AdminEntry, ButtonData};
use crate::bot::html::{Page, one_line};
use crate::l10n::Messages;
use crate::ledger::{Currency, Wallet, WalletId};
use crate::quota::PersonQuotas;
use crate::service::PersonAccount;
use crate::star_subscription::Renewal;
use crate::user::Person;

/// Most characters of a value in a row of the audit.
const MAX_VALUE: usize = 60;

pub(super) fn button(label: impl AsRef<str>, button: AdminButton) -> Button {
    Button::new(label, &ButtonData::Admin(button))
}

/// The button to the menu.
pub(crate) fn back(texts: &Messages) -> Button {
    button(texts.button_admin(), AdminButton::Menu)
}

impl AdminEntry {
    fn label(self, texts: &Messages) -> String {
        match self {
            Self::People => texts.admin_entry_people(),
            Self::Jobs => texts.admin_entry_jobs(),
            Self::Keys => texts.admin_entry_keys(),
            Self::Requests => texts.admin_entry_requests(),
            Self::Payments => texts.admin_entry_payments(),
            Self::Announcements => texts.admin_entry_announcements(),
            Self::Audit => texts.admin_entry_audit(),
        }
    }
}

/// The menu.
pub(crate) fn menu(texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(texts.admin_title()).gap().text(texts.admin_hint());
    let entries = AdminEntry::ALL.iter().map(|(_, entry)| button(entry.label(texts), AdminButton::Entry(*entry)));
    Screen::new(page).grid(entries.collect(), 2).row(vec![Button::home(texts)])
}

/// The name of a person, or else the user name or the number.
fn label(person: &Person) -> String {
    match (person.name.as_str(), &person.user_name) {
        ("", Some(user_name)) => format!("@{user_name}"),
        ("", None) => person.id.0.to_string(),
        (name, _) => name.to_owned(),
    }
}

/// People to choose from, with a sentence about them.
pub(crate) fn people(people: &[Person], sentence: &str, texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(texts.admin_entry_people()).gap().text(sentence);
    let mut screen = Screen::new(page);
    for person in people {
        let label = format!("{} · {}", one_line(&label(person), 24), person.id.0);
        screen = screen.row(vec![button(label, AdminButton::Person { user: person.id })]);
    }
    screen.row(vec![back(texts)])
}

/// What decides how a person is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PersonView {
    pub(crate) is_admin: bool,
    pub(crate) may_block: bool,
    /// The unit of money; `None` where the operator pays.
    pub(crate) currency: Option<Currency>,
}

/// The purse of a group.
pub(crate) fn purse(group: WalletId, wallet: Wallet, currency: Currency, texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(texts.admin_purse(&group.0.to_string(), &texts.money(wallet.available, currency)));
    balance::held(&mut page, wallet, currency, texts);
    let statement = AdminButton::Statement { wallet: group, before: i64::MAX };
    Screen::new(page).row(vec![button(texts.button_statement(), statement)]).row(vec![back(texts)])
}

/// A person, with all that can be done about them.
pub(crate) fn person(account: &PersonAccount, view: PersonView, texts: &Messages) -> Screen {
    let PersonAccount { person, access, spending, quotas, wallet, subscriptions } = account;
    let number = person.id.0.to_string();
    let mut page = Page::new();
    page.bold(label(person));
    if let Some(user_name) = &person.user_name {
        page.line().text(texts.party_user_name(user_name));
    }
    page.line().text(texts.party_number(&number));
    page.line().text(texts.admin_person_known(&person.created_at.date(), &person.language));
    if let Some(seen) = person.seen_at {
        page.line().text(texts.admin_person_seen(&seen.date()));
    }
    let access = match (view.is_admin, access.is_denied, access.is_allowed) {
        (true, ..) => "admin",
        (false, true, _) => "denied",
        (false, false, true) => "allowed",
        (false, false, false) => "none",
    };
    page.gap().text(texts.admin_person_access(access));
    page.line().text(texts.admin_person_jobs(&spending.jobs.to_string()));
    page.line().text(texts.admin_person_spent(&texts.amount(spending.day), &texts.amount(spending.month)));
    if let Some(currency) = view.currency {
        page.line().text(texts.admin_person_balance(&texts.money(wallet.available, currency)));
        balance::held(&mut page, *wallet, currency, texts);
        for subscription in subscriptions {
            page.line().text(balance::subscription_state(subscription, currency, texts));
        }
    }
    if *quotas != PersonQuotas::default() {
        page.line().text(texts.admin_person_limits(&quotas.to_string()));
    }
    let user = person.id;
    let block = match access {
        "denied" => button(texts.button_unblock(), AdminButton::Unblock { user }).styled(Style::Success),
        _ => button(texts.button_block(), AdminButton::Block { user }).styled(Style::Danger),
    };
    let statement = view.currency.map(|_| {
        button(texts.button_statement(), AdminButton::Statement { wallet: WalletId::from(user), before: i64::MAX })
    });
    let gift = view.currency.and_then(|_| Button::copy(&texts.button_copy_gift(), &format!("/admin gift {number} ")));
    let limit = Button::copy(&texts.button_copy_limit(), &format!("/admin limit {number} "));
    let goes_on = subscriptions.iter().any(|subscription| subscription.renewal != Renewal::Canceled);
    let cancel = goes_on.then(|| {
        button(texts.button_cancel_subscription(), AdminButton::CancelSubscriptions { user }).styled(Style::Danger)
    });
    let jobs = button(texts.admin_entry_jobs(), AdminButton::PersonJobs { user });
    let acts = button(texts.admin_entry_audit(), AdminButton::Audit { about: Some(user.0), before: i64::MAX });
    Screen::new(page)
        .row(Some(block).filter(|_| view.may_block).into_iter().chain(cancel).collect())
        .row(statement.into_iter().chain([jobs, acts]).collect())
        .row(gift.into_iter().chain(limit).collect())
        .row(vec![back(texts)])
}

/// What admins did, newest first; `more`: before which act there are others.
pub(crate) fn audit(acts: &[AuditEntry], about: Option<i64>, more: Option<i64>, texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(texts.admin_entry_audit());
    if acts.is_empty() {
        page.gap().text(texts.admin_audit_none());
    }
    for act in acts {
        let actor = match &act.actor {
            Actor::Person(user) => user.0.to_string(),
            account @ Actor::CommandLine(_) => account.to_string(),
        };
        page.gap().text(texts.admin_audit_row(&act.at.date(), &actor, act.action.as_str()));
        let short = |value: &String| one_line(value, MAX_VALUE);
        let whom = act.about.map(|id| id.to_string());
        let what = [whom, act.subject.as_ref().map(short)].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        if !what.is_empty() {
            page.line().text(what);
        }
        match (act.before.as_ref().map(short), act.after.as_ref().map(short)) {
            (Some(before), Some(after)) => drop(page.line().text(format!("{before} → {after}"))),
            (Some(only), None) | (None, Some(only)) => drop(page.line().text(only)),
            (None, None) => {}
        }
    }
    let older = more.map(|before| button(texts.button_older(), AdminButton::Audit { about, before }));
    let person = about.map(|id| button(texts.button_back(), AdminButton::Person { user: crate::job::UserId(id) }));
    Screen::new(page).row(older.into_iter().collect()).row(person.into_iter().chain([back(texts)]).collect())
}
