//! What admins did: each act with who, when, what, about whom, and what it changed.

use std::fmt;
use std::str::FromStr;

use crate::clock::Timestamp;
use crate::job::UserId;

/// What stands before the name of an account of the system.
const COMMAND_LINE: &str = "cli:";

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// An admin in a chat.
    Person(UserId),
    /// An account of the system, at the command line.
    CommandLine(String),
}

impl Actor {
    /// The person, or [`UserId`] 0 where it is none.
    pub const fn user(&self) -> UserId {
        match self {
            Self::Person(user) => *user,
            Self::CommandLine(_) => UserId(0),
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(user) => write!(f, "{}", user.0),
            Self::CommandLine(name) => write!(f, "{COMMAND_LINE}{name}"),
        }
    }
}

/// A text that names no actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither a person's number nor `cli:` and a name")]
pub struct ActorError;

impl FromStr for Actor {
    type Err = ActorError;

    fn from_str(text: &str) -> Result<Self, ActorError> {
        match text.strip_prefix(COMMAND_LINE) {
            Some(name) => Ok(Self::CommandLine(name.to_owned())),
            None => text.parse().map(|id| Self::Person(UserId(id))).map_err(|_| ActorError),
        }
    }
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What is done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum AuditAction {
            $($(#[$doc])* $name,)*
        }

        impl AuditAction {
            /// All actions.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stored word.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

actions! {
    /// A person or a chat is let in.
    Allow = "allow",
    /// A person or a chat is denied.
    Deny = "deny",
    /// That a person or a chat was let in or denied is forgotten.
    RemoveAccess = "remove_access",
    /// An invitation is made.
    Invite = "invite",
    /// An invitation is withdrawn.
    WithdrawInvite = "withdraw_invite",
    /// A person who has asked is let in.
    AllowRequest = "allow_request",
    /// A person who has asked is not let in.
    RefuseRequest = "refuse_request",
    /// A job of which the end is not known is sent again.
    RetryJob = "retry_job",
    /// The vendor is asked once more about an unreadable result.
    RereadJob = "reread_job",
    /// A job is given up, and what was held for it is released.
    RefundJob = "refund_job",
    /// A result that reached no chat is sent again.
    RedeliverJob = "redeliver_job",
    /// A person gets limits of their own.
    SetQuotas = "set_quotas",
    /// It is decided who may order a model, with what and at what price.
    SetModelRule = "set_model_rule",
    /// A wallet is given something.
    Gift = "gift",
    /// Something is taken back from a wallet.
    TakeBack = "take_back",
    /// A part of the purse of a group is given to a person.
    ReturnPurse = "return_purse",
    /// A promo code is made.
    AddPromo = "add_promo",
    /// A promo code is stopped.
    StopPromo = "stop_promo",
    /// A payment is given back.
    RefundPayment = "refund_payment",
    /// A person's subscription is canceled.
    CancelSubscription = "cancel_subscription",
    /// An announcement is begun.
    Announce = "announce",
    /// An announcement is stopped.
    StopAnnouncement = "stop_announcement",
    /// A person is erased.
    Forget = "forget",
}

impl AuditAction {
    /// The action of a stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == word)
    }
}

/// An act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub action: AuditAction,
    /// The person or the chat that it was about, by Telegram's number.
    pub about: Option<i64>,
    /// What else it was about: a job, a model.
    pub subject: Option<String>,
    /// What was before it.
    pub before: Option<String>,
    /// What is after it.
    pub after: Option<String>,
}

impl AuditEntry {
    /// An act about nobody and nothing yet.
    pub const fn new(actor: Actor, action: AuditAction, at: Timestamp) -> Self {
        Self { at, actor, action, about: None, subject: None, before: None, after: None }
    }

    /// The same, about a person or a chat.
    #[must_use]
    pub fn about(self, id: i64) -> Self {
        Self { about: Some(id), ..self }
    }

    /// The same, about a job, a model or something else that has a name.
    #[must_use]
    pub fn on(self, subject: &str) -> Self {
        Self { subject: Some(subject.to_owned()), ..self }
    }

    /// The same, with what was before.
    #[must_use]
    pub fn from(self, before: impl Into<String>) -> Self {
        Self { before: Some(before.into()), ..self }
    }

    /// The same, with what is after.
    #[must_use]
    pub fn to(self, after: impl Into<String>) -> Self {
        Self { after: Some(after.into()), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_back() {
        for actor in [Actor::Person(UserId(42)), Actor::CommandLine("ann".into()), Actor::CommandLine(String::new())] {
            assert_eq!(actor.to_string().parse(), Ok(actor));
        }
        assert_eq!("somebody".parse::<Actor>(), Err(ActorError));
        for action in AuditAction::ALL {
            assert_eq!(AuditAction::from_word(action.as_str()), Some(*action));
        }
        assert_eq!(AuditAction::from_word("dance"), None);
    }
}
