//! The account's keys: which one serves, which one rests, and which one made a task.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::client::queue::{Purpose, Queue};
use crate::clock::Timestamp;
use crate::job::TaskId;

/// A key's fingerprint: the first eight hex digits of its SHA-256. Not secret; stored beside a task, it tells which key
/// to ask about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyLabel(pub String);

impl KeyLabel {
    /// The fingerprint of a key.
    pub fn of(key: &SecretString) -> Self {
        let digest = Sha256::digest(key.expose_secret().as_bytes());
        Self(hex::encode(&digest[..4]))
    }
}

impl fmt::Display for KeyLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for KeyLabel {
    fn from(label: &str) -> Self {
        Self(label.to_owned())
    }
}

/// The keys in a setting: separated by commas, spaces around them dropped, doubles dropped.
pub(crate) fn split(setting: &SecretString) -> Vec<SecretString> {
    let mut keys: Vec<&str> = Vec::new();
    for key in setting.expose_secret().split(',').map(str::trim).filter(|key| !key.is_empty()) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys.into_iter().map(SecretString::from).collect()
}

/// One key.
pub(crate) struct Key {
    pub(crate) secret: SecretString,
    pub(crate) label: KeyLabel,
    rests_until: Mutex<Option<Timestamp>>,
    creates: Arc<Queue>,
    polls: Arc<Queue>,
    catalogue: Arc<Queue>,
}

impl Key {
    fn new(secret: SecretString) -> Self {
        let label = KeyLabel::of(&secret);
        let queue = Arc::<Queue>::default;
        Self { secret, label, rests_until: Mutex::new(None), creates: queue(), polls: queue(), catalogue: queue() }
    }

    pub(crate) fn queue(&self, purpose: Purpose) -> &Arc<Queue> {
        match purpose {
            Purpose::Create => &self.creates,
            Purpose::Poll => &self.polls,
            Purpose::Catalogue => &self.catalogue,
        }
    }

    /// When it may serve again; `None` when it may now.
    pub(crate) fn rests_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.rests_until.lock().unwrap_or_else(PoisonError::into_inner).filter(|until| *until > now)
    }

    pub(crate) fn rest(&self, until: Option<Timestamp>) {
        *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }
}

/// All keys of a client, in the order of the setting.
pub(crate) struct Keys {
    list: Vec<Arc<Key>>,
    makers: Mutex<Makers>,
}

/// So many tasks are remembered with the key that made them; the oldest is forgotten first.
const REMEMBERED: usize = 50_000;

#[derive(Default)]
struct Makers {
    of: HashMap<TaskId, Arc<Key>>,
    order: VecDeque<TaskId>,
}

impl Keys {
    pub(crate) fn new(setting: &SecretString) -> Self {
        let list = split(setting).into_iter().map(|secret| Arc::new(Key::new(secret))).collect();
        Self { list, makers: Mutex::default() }
    }

    pub(crate) fn all(&self) -> &[Arc<Key>] {
        &self.list
    }

    /// The keys to try, in order: those that do not rest; when all do, the one that wakes first.
    pub(crate) fn serving(&self, now: Timestamp) -> Vec<Arc<Key>> {
        let awake: Vec<_> = self.list.iter().filter(|key| key.rests_until(now).is_none()).cloned().collect();
        if !awake.is_empty() {
            return awake;
        }
        self.list.iter().min_by_key(|key| key.rests_until(now)).cloned().into_iter().collect()
    }

    pub(crate) fn find(&self, label: &KeyLabel) -> Option<&Arc<Key>> {
        self.list.iter().find(|key| key.label == *label)
    }

    /// The key that made a task, where known.
    pub(crate) fn maker(&self, task: &TaskId) -> Option<Arc<Key>> {
        match self.list.as_slice() {
            [only] => Some(only.clone()),
            _ => self.makers.lock().unwrap_or_else(PoisonError::into_inner).of.get(task).cloned(),
        }
    }

    pub(crate) fn remember(&self, task: &TaskId, key: &Arc<Key>) {
        if self.list.len() < 2 {
            return;
        }
        let mut makers = self.makers.lock().unwrap_or_else(PoisonError::into_inner);
        if makers.of.insert(task.clone(), key.clone()).is_none() {
            makers.order.push_back(task.clone());
        }
        if makers.order.len() > REMEMBERED
            && let Some(oldest) = makers.order.pop_front()
        {
            makers.of.remove(&oldest);
        }
    }
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyState {
    /// Which key.
    pub label: KeyLabel,
    /// Until when it serves nothing but polls of its own tasks; `None` when it serves. Set for
    /// [`Policy::key_rest`](crate::client::Policy::key_rest) when it answers 401, 402, 403 or 433.
    pub rests_for: Option<Duration>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(setting: &str) -> Keys {
        Keys::new(&SecretString::from(setting))
    }

    #[test]
    fn a_setting_holds_one_key_or_several() {
        let read = |setting: &str| -> Vec<String> {
            split(&SecretString::from(setting)).iter().map(|key| key.expose_secret().to_owned()).collect()
        };
        assert_eq!(read("one"), ["one"]);
        assert_eq!(read(" one , two,,one,three "), ["one", "two", "three"]);
        assert!(read(" , ").is_empty());
    }

    #[test]
    fn a_label_is_the_head_of_the_hash() {
        // printf abc | sha256sum
        assert_eq!(KeyLabel::of(&SecretString::from("abc")), KeyLabel::from("ba7816bf"));
    }

    #[test]
    fn resting_keys_are_passed_over_until_they_wake() {
        let keys = keys("one,two,three");
        let now = Timestamp::from_millis(1000);
        let names = |now| keys.serving(now).iter().map(|key| key.secret.expose_secret().to_owned()).collect::<Vec<_>>();
        keys.all()[0].rest(Some(now + Duration::from_secs(60)));
        assert_eq!(names(now), ["two", "three"]);
        keys.all()[1].rest(Some(now + Duration::from_secs(30)));
        keys.all()[2].rest(Some(now + Duration::from_secs(90)));
        assert_eq!(names(now), ["two"], "all rest: the first to wake");
        assert_eq!(names(now + Duration::from_secs(60)), ["one", "two"]);
    }

    #[test]
    fn makers_are_remembered_up_to_a_limit() {
        let keys = keys("one,two");
        for n in 0..REMEMBERED + 10 {
            keys.remember(&TaskId(n.to_string()), &keys.all()[1]);
        }
        assert!(keys.maker(&"0".into()).is_none());
        assert_eq!(keys.maker(&TaskId(REMEMBERED.to_string())).unwrap().label, keys.all()[1].label);
        assert_eq!(keys.makers.lock().unwrap().of.len(), REMEMBERED);
        assert!(self::keys("one").maker(&"never seen".into()).is_some());
    }
}
