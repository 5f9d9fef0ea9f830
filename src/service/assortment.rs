//! What each person may order: the rules of models, read again and again so that a change reaches every process soon.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::{ModelAdmin, Service};
use crate::assortment::{Assortment, ModelRules};
use crate::audit::Actor;
use crate::clock::Timestamp;
use crate::job::UserId;
use crate::store::StoredRule;
use crate::store_error::StoreError;

/// For so long, a change may be unknown to other processes.
const LIFE: Duration = Duration::from_secs(3);

/// The rules that were read last.
#[derive(Debug, Default)]
pub(super) struct RuleCache {
    inner: Mutex<CachedRules>,
}

#[derive(Debug, Default)]
struct CachedRules {
    last: Option<(Timestamp, Arc<ModelRules>)>,
    /// The number of changes.
    changes: u64,
}

impl RuleCache {
    /// The rules, if they were read lately; if not, the number of changes so far, for [`RuleCache::put`].
    fn get(&self, now: Timestamp) -> Result<Arc<ModelRules>, u64> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        match &inner.last {
            // A clock that was set back does not make them last.
            Some((at, rules)) if *at <= now && now.since(*at) < LIFE => Ok(rules.clone()),
            _ => Err(inner.changes),
        }
    }

    /// Remembers rules, unless something has changed since the database was asked.
    fn put(&self, rules: Arc<ModelRules>, now: Timestamp, changes: u64) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.changes == changes {
            inner.last = Some((now, rules));
        }
    }

    /// Forgets them: this process has changed a rule.
    pub(super) fn clear(&self) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.last = None;
        inner.changes += 1;
    }
}

impl Service {
    /// What a person may order, and at what price.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn assortment(&self, user: UserId) -> Result<Assortment, StoreError> {
        let rules = self.model_rules().await?;
        Ok(Assortment::new(rules, user, self.trusts(user).await?).with_tariff(self.inner.tariff))
    }

    /// The same for a screen, which is shown also while the database does not answer: then with what anybody may order.
    /// What is chosen there is checked again.
    pub async fn shown_assortment(&self, user: UserId) -> Assortment {
        self.assortment(user).await.unwrap_or_else(|error| {
            tracing::warn!(user = user.0, %error, "what a person may order cannot be read");
            Assortment::default().with_tariff(self.inner.tariff)
        })
    }

    /// Decisions of an admin about models.
    pub fn model_admin(&self, admin: UserId) -> ModelAdmin {
        let (store, clock) = (self.inner.store.clone(), self.inner.clock.clone());
        ModelAdmin::new(store, clock, Actor::Person(admin)).with_cache(self.inner.rules.clone())
    }

    async fn model_rules(&self) -> Result<Arc<ModelRules>, StoreError> {
        let (cache, now) = (&self.inner.rules, self.now());
        let changes = match cache.get(now) {
            Ok(rules) => return Ok(rules),
            Err(changes) => changes,
        };
        let stored = self.inner.store.model_rules().await?;
        let rules = Arc::new(ModelRules::new(stored.into_iter().map(|StoredRule { model, rule, .. }| (model, rule))));
        cache.put(rules.clone(), now, changes);
        Ok(rules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn rules_are_known_for_a_short_time() {
        let cache = RuleCache::default();
        let Err(changes) = cache.get(at(0)) else { panic!("known") };
        cache.put(Arc::default(), at(0), changes);
        assert!(cache.get(at(2999)).is_ok());
        assert!(cache.get(at(3000)).is_err() && cache.get(at(-1)).is_err());
    }

    #[test]
    fn what_was_read_before_a_change_is_not_remembered() {
        let cache = RuleCache::default();
        let Err(before) = cache.get(at(0)) else { panic!("known") };
        cache.clear();
        cache.put(Arc::default(), at(0), before);
        let Err(after) = cache.get(at(0)) else { panic!("stale rules are remembered") };
        cache.put(Arc::default(), at(0), after);
        assert!(cache.get(at(0)).is_ok());
        cache.clear();
        assert!(cache.get(at(0)).is_err());
    }
}
