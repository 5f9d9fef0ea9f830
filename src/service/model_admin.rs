//! What an operator decides about models. Needs a store and nothing else.

use std::sync::Arc;

use super::assortment::RuleCache;
use crate::assortment::{ModelRule, RuleChange, RuleChangeError};
use crate::audit::{Actor, AuditAction, AuditEntry};
use crate::clock::Clock;
use crate::schema::spec::ModelSpec;
use crate::store::{Store, StoredRule};
use crate::store_error::StoreError;

/// How often a change is tried when others change the same rule at the same time.
const TRIES: u32 = 8;

/// Reads and changes the rules of models. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ModelAdmin {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// Who decides.
    actor: Actor,
    /// What this process remembers of the rules.
    cache: Option<Arc<RuleCache>>,
}

/// Why a rule was not changed. Nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum ModelAdminError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// One of the changes cannot be made.
    #[error(transparent)]
    Change(#[from] RuleChangeError),
    /// Others have changed the rule again and again.
    #[error("others are changing the same rule")]
    Busy,
}

impl ModelAdmin {
    /// Over a store, on a clock, for whoever decides: each change is written to the audit.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, actor: Actor) -> Self {
        Self { store, clock, actor, cache: None }
    }

    /// The same, and the cache forgets what it knows when a rule is changed.
    pub(super) fn with_cache(self, cache: Arc<RuleCache>) -> Self {
        Self { cache: Some(cache), ..self }
    }

    /// All rules, by the ids of their models. The registry may no longer have one of them.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn rules(&self) -> Result<Vec<(String, ModelRule)>, StoreError> {
        let stored = self.store.model_rules().await?;
        Ok(stored.into_iter().map(|StoredRule { model, rule, .. }| (model, rule)).collect())
    }

    /// Changes the rule of a model: all of it, or nothing. Returns the rule before and after.
    ///
    /// # Errors
    /// [`ModelAdminError`].
    pub async fn change(
        &self,
        spec: &'static ModelSpec,
        changes: &[RuleChange],
    ) -> Result<(ModelRule, ModelRule), ModelAdminError> {
        for _ in 0..TRIES {
            let stored = self.store.model_rules().await?.into_iter().find(|stored| stored.model == spec.id);
            let (before, revision) = stored.map_or_else(Default::default, |stored| (stored.rule, stored.revision));
            let mut rule = before.clone();
            for change in changes {
                rule.apply(spec, change.clone())?;
            }
            let next = StoredRule { model: spec.id.to_owned(), rule, revision };
            let audit = AuditEntry::new(self.actor.clone(), AuditAction::SetModelRule, self.clock.now()).on(spec.id);
            let audit = audit.from(before.to_string()).to(next.rule.to_string());
            let is_written = self.store.put_model_rule(&next, &audit).await;
            if let Some(cache) = &self.cache {
                cache.clear();
            }
            if is_written? {
                tracing::info!(admin = %self.actor, model = spec.id, rule = %next.rule, "an admin has decided about a model");
                return Ok((before, next.rule));
            }
        }
        Err(ModelAdminError::Busy)
    }
}
