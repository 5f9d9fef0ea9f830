//! Who may use the bot.

use std::collections::BTreeSet;

use crate::job::{ChatId, UserId};

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

    /// Whether a person may use the bot in a chat. `owner`: who has opened the owner's link.
    pub fn allows(&self, user: UserId, chat: ChatId, owner: Option<UserId>) -> bool {
        let is_admin = self.admins.contains(&user) || (self.needs_owner() && owner == Some(user));
        is_admin
            || match self.policy {
                AccessPolicy::Owner => false,
                AccessPolicy::List => self.list.contains(&user.0) || self.list.contains(&chat.0),
                AccessPolicy::Open => true,
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
        let allows = |access: &Access, user, chat, owner: Option<i64>| {
            access.allows(UserId(user), ChatId(chat), owner.map(UserId))
        };
        let owner = access(AccessPolicy::Owner, &[1], &[2, -5]);
        assert!(allows(&owner, 1, -5, None) && !allows(&owner, 2, 2, None) && !allows(&owner, 3, -5, None));
        assert!(!allows(&owner, 9, 9, Some(9)), "admins of the settings count instead of the link");
        let list = access(AccessPolicy::List, &[1], &[2, -5]);
        assert!(allows(&list, 1, 1, None) && allows(&list, 2, -7, None) && allows(&list, 3, -5, None));
        assert!(!allows(&list, 3, -7, None));
        let linked = access(AccessPolicy::Owner, &[], &[]);
        assert!(linked.needs_owner() && allows(&linked, 9, -7, Some(9)) && !allows(&linked, 8, -7, Some(9)));
        assert!(allows(&Access::open(), 8, 8, None) && !Access::open().needs_owner());
    }
}
