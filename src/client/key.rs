//! The API keys: which one is used, which ones were refused, and which one created a task.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::client::queue::{Purpose, Queue};
use crate::clock::Timestamp;
use crate::job::TaskId;

/// A key's fingerprint: the first eight hex digits of its SHA-256. Not secret; stored with a task, it tells which key
/// to poll it with.
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

/// The keys of a setting, which separates them by commas; without spaces around them and without duplicates.
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
    standing: Mutex<Standing>,
    /// Creates that no other key can make.
    creates: Arc<Queue>,
    polls: Arc<Queue>,
    catalogue: Arc<Queue>,
}

impl Key {
    fn new(secret: SecretString) -> Self {
        let label = KeyLabel::of(&secret);
        let queue = Arc::<Queue>::default;
        Self { secret, label, standing: Mutex::default(), creates: queue(), polls: queue(), catalogue: queue() }
    }

    pub(crate) fn queue(&self, purpose: Purpose) -> &Arc<Queue> {
        match purpose {
            Purpose::Create => &self.creates,
            Purpose::Poll => &self.polls,
            Purpose::Catalogue => &self.catalogue,
        }
    }

    /// The end of its cooldown; `None` when it can be used.
    pub(crate) fn cooldown_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.standing().cooldown_until.filter(|until| *until > now)
    }

    /// The vendor has refused it, with this code: it has a cooldown.
    pub(crate) fn note_refusal(&self, code: String, now: Timestamp, cooldown: Duration) {
        let mut standing = self.standing();
        standing.cooldown_until = Some(now + cooldown);
        standing.refusal = Some(KeyRefusal { code, at: now });
    }

    /// A create with it was accepted.
    pub(crate) fn note_acceptance(&self, now: Timestamp) {
        *self.standing() = Standing { cooldown_until: None, refusal: None, accepted_at: Some(now) };
    }

    /// Ends its cooldown, if it was refused with this code last.
    pub(crate) fn end_cooldown(&self, code: &str) {
        let mut standing = self.standing();
        if standing.refusal.as_ref().is_some_and(|refusal| refusal.code == code) {
            standing.cooldown_until = None;
        }
    }

    /// Its state now.
    pub(crate) fn state(&self, now: Timestamp) -> KeyState {
        let Standing { refusal, accepted_at, .. } = self.standing().clone();
        let cooldown = self.cooldown_until(now).map(|until| until.since(now));
        KeyState { label: self.label.clone(), cooldown, refusal, accepted_at }
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the vendor has said about a key.
#[derive(Debug, Clone, Default)]
struct Standing {
    cooldown_until: Option<Timestamp>,
    refusal: Option<KeyRefusal>,
    accepted_at: Option<Timestamp>,
}

/// All keys of a client, in the order of the setting.
pub(crate) struct Keys {
    list: Vec<Arc<Key>>,
    /// Creates that any key can make.
    creates: Arc<Queue>,
    creators: Mutex<Creators>,
}

/// The most tasks whose key is remembered; the oldest is forgotten first.
const MAX_REMEMBERED: usize = 50_000;

#[derive(Default)]
struct Creators {
    of: HashMap<TaskId, Arc<Key>>,
    order: VecDeque<TaskId>,
}

impl Keys {
    pub(crate) fn new(setting: &SecretString) -> Self {
        let list = split(setting).into_iter().map(|secret| Arc::new(Key::new(secret))).collect();
        Self { list, creates: Arc::default(), creators: Mutex::default() }
    }

    pub(crate) fn all(&self) -> &[Arc<Key>] {
        &self.list
    }

    pub(crate) fn creates(&self) -> &Arc<Queue> {
        &self.creates
    }

    /// Whether a key has no cooldown.
    pub(crate) fn has_usable(&self, now: Timestamp) -> bool {
        self.list.iter().any(|key| key.cooldown_until(now).is_none())
    }

    /// The key that alone can make a task which refers to these: it has created one of them. `None` also when it has a
    /// cooldown.
    pub(crate) fn bound_to(&self, tasks: &[TaskId], now: Timestamp) -> Option<Arc<Key>> {
        let creator = tasks.iter().find_map(|task| self.creator_of(task))?;
        creator.cooldown_until(now).is_none().then_some(creator)
    }

    /// The keys to try, in order: those without a cooldown; if all have one, the key whose cooldown ends first.
    pub(crate) fn available(&self, now: Timestamp) -> Vec<Arc<Key>> {
        let usable: Vec<_> = self.list.iter().filter(|key| key.cooldown_until(now).is_none()).cloned().collect();
        if !usable.is_empty() {
            return usable;
        }
        self.list.iter().min_by_key(|key| key.cooldown_until(now)).cloned().into_iter().collect()
    }

    pub(crate) fn find(&self, label: &KeyLabel) -> Option<&Arc<Key>> {
        self.list.iter().find(|key| key.label == *label)
    }

    /// The key that created a task, if known.
    pub(crate) fn creator_of(&self, task: &TaskId) -> Option<Arc<Key>> {
        match self.list.as_slice() {
            [only] => Some(only.clone()),
            _ => self.creators.lock().unwrap_or_else(PoisonError::into_inner).of.get(task).cloned(),
        }
    }

    pub(crate) fn remember(&self, task: &TaskId, key: &Arc<Key>) {
        if self.list.len() < 2 {
            return;
        }
        let mut creators = self.creators.lock().unwrap_or_else(PoisonError::into_inner);
        if creators.of.insert(task.clone(), key.clone()).is_none() {
            creators.order.push_back(task.clone());
        }
        if creators.order.len() > MAX_REMEMBERED
            && let Some(oldest) = creators.order.pop_front()
        {
            creators.of.remove(&oldest);
        }
    }
}

/// The state of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyState {
    /// The key.
    pub label: KeyLabel,
    /// How long it is only used to poll its own tasks; `None` when it is used for everything. Set to
    /// [`Policy::key_cooldown`](crate::client::Policy::key_cooldown) when it is refused with 401, 402, 403 or 433.
    pub cooldown: Option<Duration>,
    /// Its last refusal by the vendor, unless a create with it was accepted since.
    pub refusal: Option<KeyRefusal>,
    /// When a create with it was accepted last, in this process.
    pub accepted_at: Option<Timestamp>,
}

/// A refusal of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRefusal {
    /// As [`Error::code`](crate::client::Error::code).
    pub code: String,
    /// When.
    pub at: Timestamp,
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
    fn a_label_is_the_beginning_of_the_hash() {
        // printf abc | sha256sum
        assert_eq!(KeyLabel::of(&SecretString::from("abc")), KeyLabel::from("ba7816bf"));
    }

    #[test]
    fn refused_keys_are_skipped_until_their_cooldown_ends() {
        let keys = keys("one,two,three");
        let now = Timestamp::from_millis(1000);
        let names =
            |now| keys.available(now).iter().map(|key| key.secret.expose_secret().to_owned()).collect::<Vec<_>>();
        keys.all()[0].note_refusal("401".into(), now, Duration::from_secs(60));
        assert_eq!(names(now), ["two", "three"]);
        keys.all()[1].note_refusal("402".into(), now, Duration::from_secs(30));
        keys.all()[2].note_refusal("402".into(), now, Duration::from_secs(90));
        assert_eq!(names(now), ["two"], "all have a cooldown: the one that ends first");
        assert_eq!(names(now + Duration::from_secs(60)), ["one", "two"]);

        keys.all().iter().for_each(|key| key.end_cooldown("402"));
        assert_eq!(names(now), ["two", "three"], "the first was refused for something else");
        keys.all()[0].note_acceptance(now);
        assert_eq!(names(now), ["one", "two", "three"]);
        assert_eq!((keys.all()[0].state(now).refusal, keys.all()[0].state(now).accepted_at), (None, Some(now)));
    }

    #[test]
    fn makers_are_remembered_up_to_a_limit() {
        let keys = keys("one,two");
        for n in 0..MAX_REMEMBERED + 10 {
            keys.remember(&TaskId(n.to_string()), &keys.all()[1]);
        }
        assert!(keys.creator_of(&"0".into()).is_none());
        assert_eq!(keys.creator_of(&TaskId(MAX_REMEMBERED.to_string())).unwrap().label, keys.all()[1].label);
        assert_eq!(keys.creators.lock().unwrap().of.len(), MAX_REMEMBERED);
        assert!(self::keys("one").creator_of(&"never seen".into()).is_some());
    }
}
