//! The limits of orders: whom they hold for, and what the operator hears of them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::{Inner, Service};
use crate::alert::AlertKind;
use crate::job::UserId;
use crate::ledger::Credits;
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

    /// The limits that hold for a person: of their own, or else those of the settings.
    pub(super) async fn quotas_of(&self, user: UserId) -> Result<Quotas, StoreError> {
        let quotas = self.inner.quotas.quotas;
        if self.trusts(user).await? {
            return Ok(quotas.for_admin());
        }
        Ok(self.inner.store.person_quotas(user).await?.over(quotas))
    }

    /// Whether the operator trusts a person: an admin of the settings, or without any the owner.
    pub(super) async fn trusts(&self, user: UserId) -> Result<bool, StoreError> {
        let admins = &self.inner.quotas.admins;
        if admins.is_empty() { Ok(self.owner().await? == Some(user)) } else { Ok(admins.contains(&user)) }
    }

    /// The limit of all together and the time that it is counted for, if it holds.
    pub(super) fn total_quota(&self) -> Option<(Credits, Duration)> {
        let limit = self.inner.quotas.quotas.total?;
        Quota::Total(limit).window().map(|window| (limit, window))
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

    /// An order of this price was refused: the operator is to hear of the limit of all together. That is no reason to say
    /// anything else to whoever has ordered.
    pub(super) async fn report_quota(&self, exceeded: QuotaExceeded, price: Credits) {
        self.note_quota(Some(exceeded));
        if matches!(exceeded.quota, Quota::Total(_)) {
            let price = price.milli().to_string();
            let raised = self.inner.store.raise_alert(AlertKind::DailyCap, "", &price, self.now()).await;
            if let Err(error) = raised {
                tracing::warn!(%error, "the limit of all orders could not be noted for the operator");
            }
        }
    }
}
