//! What the bot remembers of who may use it.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::job::{ChatId, UserId};

/// A person or a chat, as Telegram tells of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Telegram's number: of a chat below 0.
    pub id: i64,
    /// What they call themselves, which proves nothing; empty when Telegram has not told it.
    pub name: String,
    /// The user name, without `@`.
    pub user_name: Option<String>,
}

impl Party {
    /// One of whom nothing but the number is known.
    pub const fn numbered(id: i64) -> Self {
        Self { id, name: String::new(), user_name: None }
    }
}

/// What is stored about a person in a chat.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoredAccess {
    /// The person or the chat was let in.
    pub is_allowed: bool,
    /// The person or the chat was denied.
    pub is_denied: bool,
    /// Numbers that the chat had before.
    pub former: Vec<ChatId>,
}

/// By which way somebody was let in or denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessOrigin {
    /// An admin has said so.
    Admin,
    /// A link.
    Invite,
    /// They have asked.
    Request,
}

impl AccessOrigin {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Admin, Self::Invite, Self::Request];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Invite => "invite",
            Self::Request => "request",
        }
    }
}

/// That a person or a chat may use the bot, or may not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessEntry {
    /// Who.
    pub party: Party,
    /// Whether they may.
    pub is_allowed: bool,
    /// How that came.
    pub origin: AccessOrigin,
    /// The admin who has decided it, or whose invitation it was.
    pub decided_by: UserId,
    /// Since when.
    pub since: Timestamp,
}

/// How an attempt to use an invitation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redeemed {
    /// The person is let in; the link has one use less.
    LetIn {
        /// Who has made the invitation.
        made_by: UserId,
    },
    /// It has ended, is used up, or was withdrawn.
    Ended,
    /// There is no such invitation, or the person was let in or denied before. Nothing is used up.
    Nothing,
}

/// What has become of a request to be let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestState {
    /// Nobody has decided yet.
    Open,
    /// The person was let in.
    Allowed,
    /// The person was not let in.
    Refused,
}

impl RequestState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Allowed, Self::Refused];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Allowed => "allowed",
            Self::Refused => "refused",
        }
    }
}

/// A message that tells an admin of a request, in their private chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestNotice {
    /// The admin.
    pub admin: UserId,
    /// The message.
    pub message: i32,
}

/// A person's request to be let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRequest {
    /// Who asks.
    pub party: Party,
    /// What has become of it.
    pub state: RequestState,
    /// When they have asked.
    pub asked_at: Timestamp,
    /// The messages that have told admins of it.
    pub notices: Vec<RequestNotice>,
    /// Who has decided, once somebody has.
    pub decider: Option<Party>,
}

impl AccessRequest {
    /// Whose request it is.
    pub const fn user(&self) -> UserId {
        UserId(self.party.id)
    }
}
