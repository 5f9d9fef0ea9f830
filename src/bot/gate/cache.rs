//! Who was let in lately, so that not every update asks the database.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::clock::Timestamp;
use crate::job::{ChatId, UserId};

/// How long it is remembered that somebody may use the bot: for so long, a denial may be unknown to other processes.
const LIFE: Duration = Duration::from_secs(3);
/// With fewer entries than this, old ones are not removed.
const MIN_CLEANUP: usize = 1024;

/// The people who were let in lately, each in a chat. Who is not let in is not remembered, so that everybody who comes in
/// is known at once, in all processes.
#[derive(Debug, Default)]
pub(super) struct AdmissionCache {
    inner: Mutex<Admissions>,
}

#[derive(Debug, Default)]
struct Admissions {
    known: HashMap<(UserId, ChatId), Timestamp>,
    /// The number of changes.
    changes: u64,
}

impl AdmissionCache {
    /// Whether the person was let in lately; if not, the number of changes so far, for [`AdmissionCache::put`].
    pub(super) fn get(&self, user: UserId, chat: ChatId, now: Timestamp) -> Result<(), u64> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let at = inner.known.get(&(user, chat));
        // A clock that was set back does not make it last.
        if at.is_some_and(|at| *at <= now && now.since(*at) < LIFE) { Ok(()) } else { Err(inner.changes) }
    }

    /// Remembers that a person was let in, unless something has changed since the database was asked.
    pub(super) fn put(&self, user: UserId, chat: ChatId, now: Timestamp, changes: u64) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.changes != changes {
            return;
        }
        if inner.known.len() >= MIN_CLEANUP {
            inner.known.retain(|_, at| now.since(*at) < LIFE);
        }
        inner.known.insert((user, chat), now);
    }

    /// Forgets everything: this process has changed who may use the bot.
    pub(super) fn clear(&self) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.known.clear();
        inner.changes += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAT: ChatId = ChatId(-5);

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn an_admission_is_known_for_a_short_time() {
        let cache = AdmissionCache::default();
        let Err(changes) = cache.get(UserId(1), CHAT, at(0)) else { panic!("known") };
        cache.put(UserId(1), CHAT, at(0), changes);
        assert!(cache.get(UserId(1), CHAT, at(2999)).is_ok());
        for (user, chat, now) in [(1, CHAT, 3000), (1, CHAT, -1), (1, ChatId(1), 0), (2, CHAT, 0)] {
            assert!(cache.get(UserId(user), chat, at(now)).is_err(), "{user} {chat:?} {now}");
        }
    }

    #[test]
    fn what_was_read_before_a_change_is_not_remembered() {
        let cache = AdmissionCache::default();
        let Err(before) = cache.get(UserId(1), CHAT, at(0)) else { panic!("known") };
        cache.clear();
        cache.put(UserId(1), CHAT, at(0), before);
        let Err(after) = cache.get(UserId(1), CHAT, at(0)) else { panic!("a stale admission is remembered") };
        cache.put(UserId(1), CHAT, at(0), after);
        cache.clear();
        assert!(cache.get(UserId(1), CHAT, at(0)).is_err());
    }
}
