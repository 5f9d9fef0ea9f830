//! The limits of orders: whom they hold for, and what the operator hears of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Inner, Service};
use crate::job::UserId;
use crate::log_once::LogOnce;
use crate::quota::{Quota, QuotaExceeded, Quotas};
use crate::store_error::StoreError;

/// The limits, and who is free of those of a person.
#[derive(Debug, Default)]
pub(super) struct QuotaRules {
    quotas: Quotas,
    admins: BTreeSet<UserId>,
    /// Whether the limit of all together was reached when an order was last checked.
    is_used_up: LogOnce<()>,
}

impl Service {
    /// The same, with limits of orders. For `admins`, and without any for the owner, only the one of all together holds.
    #[must_use]
    pub fn with_quotas(self, quotas: Quotas, admins: BTreeSet<UserId>) -> Self {
        let rules = QuotaRules { quotas, admins, is_used_up: LogOnce::default() };
        Self { inner: Arc::new(Inner { quotas: Arc::new(rules), ..Inner::clone(&self.inner) }) }
    }

    /// The limits that hold for a person.
    pub(super) async fn quotas_of(&self, user: UserId) -> Result<Quotas, StoreError> {
        let QuotaRules { quotas, admins, .. } = &*self.inner.quotas;
        let is_admin = if admins.is_empty() { self.owner().await? == Some(user) } else { admins.contains(&user) };
        Ok(if is_admin { quotas.for_admin() } else { *quotas })
    }

    /// Logs that the limit of all together is reached, once until an order is within it again.
    pub(super) fn note_quota(&self, exceeded: Option<QuotaExceeded>) {
        let log = &self.inner.quotas.is_used_up;
        match exceeded.map(|exceeded| exceeded.quota) {
            Some(Quota::Total(limit)) => {
                if log.changed(()) {
                    tracing::error!(%limit, "the bot has spent its limit of 24 hours: orders are refused");
                }
            }
            Some(_) => {}
            None => {
                if log.cleared() {
                    tracing::info!("orders are within the limit of 24 hours again");
                }
            }
        }
    }
}
