//! The buttons of `/admin`, which work for admins of the bot in their private chat alone.
//!
//! ```text
//! 1A                     the menu                1Ae<entry>             an entry of it
//! 1Ap<number>            a person                1Ab<number>            block a person
//! 1As<number>:<id>       movements of a wallet   1Au<number>            unblock a person
//! 1AJ<number>            a person's jobs       1Aj<action><job>       a job, or a decision about it
//! 1An<action><id>        begin or stop an announcement
//! 1AP<action><mark>      a payment, or give it back   1Ac<number>   cancel a person's subscription
//! 1Aa<number>:<id>       acts of admins before that one, about a person or (0) about all
//! ```

use std::fmt;
use std::str::FromStr;

use super::ParseError;
use super::parse::job;
use super::payment_mark::PaymentMark;
use crate::announcement::AnnouncementId;
use crate::job::{JobId, UserId};
use crate::ledger::WalletId;

/// An entry of the menu of `/admin`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AdminEntry {
    People,
    Jobs,
    Keys,
    Requests,
    Payments,
    Announcements,
    Audit,
}

impl AdminEntry {
    /// All entries in the order of the menu, each with its letter.
    pub(crate) const ALL: &[(char, Self)] = &[
        ('p', Self::People),
        ('j', Self::Jobs),
        ('k', Self::Keys),
        ('r', Self::Requests),
        ('m', Self::Payments),
        ('n', Self::Announcements),
        ('a', Self::Audit),
    ];
}

/// What an admin does about a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AdminJobAction {
    Show,
    /// Send it, or ask for its result, again.
    Retry,
    GiveUp,
    /// Send the result to the chat again.
    Redeliver,
}

impl AdminJobAction {
    const ALL: [(char, Self); 4] = [('s', Self::Show), ('r', Self::Retry), ('g', Self::GiveUp), ('d', Self::Redeliver)];
}

/// What an admin does about a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AdminPaymentAction {
    Show,
    /// Ask whether it is to be given back.
    Ask,
    Refund,
}

impl AdminPaymentAction {
    const ALL: [(char, Self); 3] = [('s', Self::Show), ('a', Self::Ask), ('r', Self::Refund)];
}

/// What an admin does about an announcement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AnnouncementAction {
    Start,
    /// Stop it, or discard a draft.
    Stop,
}

impl AnnouncementAction {
    const ALL: [(char, Self); 2] = [('b', Self::Start), ('s', Self::Stop)];
}

/// What a button of `/admin` does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AdminButton {
    Menu,
    Entry(AdminEntry),
    Person {
        user: UserId,
    },
    PersonJobs {
        user: UserId,
    },
    Job {
        id: JobId,
        action: AdminJobAction,
    },
    Block {
        user: UserId,
    },
    Unblock {
        user: UserId,
    },
    CancelSubscriptions {
        user: UserId,
    },
    Payment {
        payment: PaymentMark,
        action: AdminPaymentAction,
    },
    Announcement {
        id: AnnouncementId,
        action: AnnouncementAction,
    },
    /// The movements of a wallet before that one.
    Statement {
        wallet: WalletId,
        before: i64,
    },
    /// What admins did before that act; with `about`, to one person or chat.
    Audit {
        about: Option<i64>,
        before: i64,
    },
}

impl fmt::Display for AdminButton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Menu => Ok(()),
            Self::Entry(entry) => {
                let letter = AdminEntry::ALL.iter().find(|(_, e)| e == entry).map_or('p', |(c, _)| *c);
                write!(f, "e{letter}")
            }
            Self::Person { user } => write!(f, "p{}", user.0),
            Self::PersonJobs { user } => write!(f, "J{}", user.0),
            Self::Job { id, action } => {
                let letter = AdminJobAction::ALL.iter().find(|(_, a)| a == action).map_or('s', |(c, _)| *c);
                write!(f, "j{letter}{id}")
            }
            Self::CancelSubscriptions { user } => write!(f, "c{}", user.0),
            Self::Payment { payment, action } => {
                let letter = AdminPaymentAction::ALL.iter().find(|(_, a)| a == action).map_or('s', |(c, _)| *c);
                write!(f, "P{letter}{payment}")
            }
            Self::Announcement { id, action } => {
                let letter = AnnouncementAction::ALL.iter().find(|(_, a)| a == action).map_or('s', |(c, _)| *c);
                write!(f, "n{letter}{id}")
            }
            Self::Block { user } => write!(f, "b{}", user.0),
            Self::Unblock { user } => write!(f, "u{}", user.0),
            Self::Statement { wallet, before } => write!(f, "s{}:{before}", wallet.0),
            Self::Audit { about, before } => write!(f, "a{}:{before}", about.unwrap_or_default()),
        }
    }
}

impl FromStr for AdminButton {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut chars = text.chars();
        let Some(letter) = chars.next() else { return Ok(Self::Menu) };
        let rest = chars.as_str();
        let user = || number(rest).map(UserId);
        match letter {
            'e' => {
                let entry = AdminEntry::ALL.iter().find(|(c, _)| rest.chars().eq([*c]));
                entry.map(|(_, entry)| Self::Entry(*entry)).ok_or(ParseError::Part("entry"))
            }
            'p' => Ok(Self::Person { user: user()? }),
            'J' => Ok(Self::PersonJobs { user: user()? }),
            'j' => {
                let mut chars = rest.chars();
                let letter = chars.next().ok_or(ParseError::Part("action"))?;
                let action =
                    AdminJobAction::ALL.iter().find(|(c, _)| *c == letter).ok_or(ParseError::Part("action"))?.1;
                Ok(Self::Job { id: job(chars.as_str())?, action })
            }
            'P' => {
                let mut chars = rest.chars();
                let letter = chars.next().ok_or(ParseError::Part("action"))?;
                let action =
                    AdminPaymentAction::ALL.iter().find(|(c, _)| *c == letter).ok_or(ParseError::Part("action"))?.1;
                Ok(Self::Payment { payment: chars.as_str().parse()?, action })
            }
            'n' => {
                let mut chars = rest.chars();
                let letter = chars.next().ok_or(ParseError::Part("action"))?;
                let action =
                    AnnouncementAction::ALL.iter().find(|(c, _)| *c == letter).ok_or(ParseError::Part("action"))?.1;
                Ok(Self::Announcement { id: AnnouncementId(number(chars.as_str())?), action })
            }
            'c' => Ok(Self::CancelSubscriptions { user: user()? }),
            'b' => Ok(Self::Block { user: user()? }),
            'u' => Ok(Self::Unblock { user: user()? }),
            's' => {
                let (wallet, before) = two_numbers(rest)?;
                Ok(Self::Statement { wallet: WalletId(wallet), before })
            }
            'a' => {
                let (about, before) = two_numbers(rest)?;
                Ok(Self::Audit { about: Some(about).filter(|about| *about != 0), before })
            }
            _ => Err(ParseError::Part("action")),
        }
    }
}

fn number(text: &str) -> Result<i64, ParseError> {
    text.parse().map_err(|_| ParseError::Part("number"))
}

fn two_numbers(text: &str) -> Result<(i64, i64), ParseError> {
    let (first, second) = text.split_once(':').ok_or(ParseError::Part("number"))?;
    Ok((number(first)?, number(second)?))
}

#[cfg(test)]
mod tests {
    use super::super::ButtonData;
    use super::*;

    #[test]
    fn f35_every_button_of_admins_is_read_back() {
        let mut all = vec![AdminButton::Menu];
        all.extend(AdminEntry::ALL.iter().map(|(_, entry)| AdminButton::Entry(*entry)));
        for id in [i64::MIN, -1_001_234_567_890, 42] {
            let (user, wallet, before) = (UserId(id), WalletId(id), i64::MAX);
            all.extend([AdminButton::Person { user }, AdminButton::Block { user }, AdminButton::Unblock { user }]);
            all.extend([AdminButton::Statement { wallet, before }, AdminButton::Audit { about: Some(id), before }]);
        }
        all.push(AdminButton::Audit { about: None, before: 1 });
        all.push(AdminButton::PersonJobs { user: UserId(i64::MAX) });
        all.push(AdminButton::CancelSubscriptions { user: UserId(i64::MAX) });
        let id = JobId("0190a1b2c3d4e5f60718293a4b5c6d7e".into());
        all.extend(
            AnnouncementAction::ALL.map(|(_, action)| AdminButton::Announcement { id: AnnouncementId(7), action }),
        );
        let payment: PaymentMark = "1796069728000:00ff00ff00ff".parse().unwrap();
        all.extend(
            AdminPaymentAction::ALL.map(|(_, action)| AdminButton::Payment { payment: payment.clone(), action }),
        );
        all.extend(AdminJobAction::ALL.map(|(_, action)| AdminButton::Job { id: id.clone(), action }));
        for button in all {
            let data = ButtonData::Admin(button.clone()).to_string();
            assert!(data.len() <= 64, "{data}");
            assert_eq!(data.parse(), Ok(ButtonData::Admin(button)), "{data}");
        }
        for (data, part) in [
            ("1APs7", "payment"),
            ("1Ae", "entry"),
            ("1Aez", "entry"),
            ("1Ax", "action"),
            ("1Ap", "number"),
            ("1As4", "number"),
        ] {
            assert_eq!(data.parse::<ButtonData>(), Err(ParseError::Part(part)), "{data}");
        }
    }
}
