//! Who may use the bot.

mod invite;
mod stored;

use std::collections::BTreeSet;

use crate::job::{ChatId, UserId};

pub use invite::{Invite, InviteCode, InviteCodeError, InviteTerms, InviteTermsError};
pub use stored::{
    AccessEntry, AccessOrigin, AccessRequest, Party, Redeemed, RequestNotice, RequestState, StoredAccess,
};

/// For whom the bot works, besides its owner and the admins of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessPolicy {
    /// Nobody else.
    Owner,
    /// The people and the chats of the list.
    List,
    /// Everybody.
    Open,
}

impl AccessPolicy {
    /// All policies.
    pub const ALL: [Self; 3] = [Self::Owner, Self::List, Self::Open];

    /// The value of the setting.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::List => "list",
            Self::Open => "open",
        }
    }
}

/// The settings of who may use the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// For whom the bot works.
    pub policy: AccessPolicy,
    /// The admins of the bot. Without any, the first person who opens the owner's link becomes the owner.
    pub admins: BTreeSet<UserId>,
    /// The list of people and chats, by Telegram's numbers: a person and their private chat have the same one.
    pub list: BTreeSet<i64>,
}

impl Access {
    /// For everybody.
    pub const fn open() -> Self {
        Self { policy: AccessPolicy::Open, admins: BTreeSet::new(), list: BTreeSet::new() }
    }

    /// Whether a person is an admin of the bot. `owner`: who has opened the owner's link.
    pub fn is_admin(&self, user: UserId, owner: Option<UserId>) -> bool {
        self.admins.contains(&user) || (self.needs_owner() && owner == Some(user))
    }

    /// Whether a person who is no admin may use the bot in a chat, by what is stored about both. A denial of either counts
    /// more than the list.
    pub fn allows(&self, user: UserId, chat: ChatId, stored: &StoredAccess) -> bool {
        match self.policy {
            AccessPolicy::Owner => false,
            AccessPolicy::List => {
                // A group of the list may have become a supergroup, which has another number.
                let mut numbers = [user.0, chat.0].into_iter().chain(stored.former.iter().map(|former| former.0));
                !stored.is_denied && (stored.is_allowed || numbers.any(|number| self.list.contains(&number)))
            }
            AccessPolicy::Open => !stored.is_denied,
        }
    }

    /// Whether the bot has an owner by the owner's link, because the settings name no admin.
    pub fn needs_owner(&self) -> bool {
        self.admins.is_empty() && self.policy != AccessPolicy::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_policy_lets_in_whom_it_names() {
        let access = |policy, admins: &[i64], list: &[i64]| Access {
            policy,
            admins: admins.iter().copied().map(UserId).collect(),
            list: list.iter().copied().collect(),
        };
        let allows = |access: &Access, user, chat, owner: Option<i64>, stored: &StoredAccess| {
            let user = UserId(user);
            access.is_admin(user, owner.map(UserId)) || access.allows(user, ChatId(chat), stored)
        };
        let nothing = StoredAccess::default();
        let allowed = StoredAccess { is_allowed: true, ..StoredAccess::default() };
        let denied = StoredAccess { is_denied: true, ..allowed.clone() };
        let owner = access(AccessPolicy::Owner, &[1], &[2, -5]);
        assert!(allows(&owner, 1, -5, None, &denied) && !allows(&owner, 2, 2, None, &allowed));
        assert!(!allows(&owner, 3, -5, None, &nothing));
        assert!(!allows(&owner, 9, 9, Some(9), &nothing), "admins of the settings count instead of the link");
        let list = access(AccessPolicy::List, &[1], &[2, -5]);
        assert!(allows(&list, 1, 1, None, &denied) && allows(&list, 2, -7, None, &nothing));
        assert!(allows(&list, 3, -5, None, &nothing) && !allows(&list, 3, -7, None, &nothing));
        assert!(allows(&list, 3, -7, None, &allowed), "let in since");
        assert!(!allows(&list, 2, 2, None, &denied) && !allows(&list, 3, -5, None, &denied));
        let moved = StoredAccess { former: vec![ChatId(-5)], ..StoredAccess::default() };
        assert!(allows(&list, 3, -1_000_000_000_005, None, &moved), "the list names the group by its former number");
        let linked = access(AccessPolicy::Owner, &[], &[]);
        assert!(linked.needs_owner() && allows(&linked, 9, -7, Some(9), &nothing));
        assert!(!allows(&linked, 8, -7, Some(9), &nothing));
        let open = Access::open();
        assert!(allows(&open, 8, 8, None, &nothing) && !allows(&open, 8, 8, None, &denied) && !open.needs_owner());
    }
}
