//! Referrals: people bring friends by their links, and both get something when the friend's first paid order is delivered.

use std::sync::Arc;

use super::{Inner, Service};
use crate::job::{Job, UserId};
use crate::ledger::WalletId;
use crate::referral::{Referral, ReferralCode, ReferralCount, ReferralTerms, Reward};
use crate::store::JobChange;
use crate::store_error::StoreError;
use crate::transfer::TransferKind;

impl Service {
    /// The same, and so much is given for a friend who pays; nothing without terms. Does not matter where the operator pays.
    #[must_use]
    pub fn with_referral(self, referral: Option<ReferralTerms>) -> Self {
        Self { inner: Arc::new(Inner { referral, ..Inner::clone(&self.inner) }) }
    }

    /// What is given for a friend who pays; `None`: nothing is, and there are no links.
    pub fn referral(&self) -> Option<ReferralTerms> {
        self.inner.referral.filter(|_| self.charges())
    }

    /// The code of a person's link: the one that they have, or else `fresh` from now on.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn referral_code(&self, user: UserId, fresh: &ReferralCode) -> Result<ReferralCode, StoreError> {
        self.inner.store.referral_code(user, fresh, self.now()).await
    }

    /// Notes that a person came by a link, if they are new to the bot. To be called before anything of them is stored.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn add_referral(&self, code: &ReferralCode, friend: UserId) -> Result<(), StoreError> {
        if self.referral().is_some() && self.inner.store.add_referral(code, friend, self.now()).await? {
            tracing::info!(user = friend.0, "a person came by the link of another");
        }
        Ok(())
    }

    /// By whose link a person came.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn referral_of(&self, friend: UserId) -> Result<Option<Referral>, StoreError> {
        self.inner.store.referral_of(friend).await
    }

    /// What a person's link has brought.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn count_referrals(&self, inviter: UserId) -> Result<ReferralCount, StoreError> {
        self.inner.store.count_referrals(inviter).await
    }

    /// What is given for a job whose money `captured` takes: something when a person who came by a link pays themselves, and
    /// has not done so before. Another job may be faster: the store looks again.
    pub(super) async fn reward_for(&self, job: &Job, captured: &JobChange) -> Result<Option<Reward>, StoreError> {
        let is_paid = captured.transfers.iter().any(|transfer| transfer.kind == TransferKind::Capture);
        let pays = |payer: WalletId| payer == WalletId::from(job.user);
        let is_own = job.charge.is_some_and(|charge| charge.free.is_none() && pays(charge.payer));
        let Some(terms) = self.referral().filter(|_| is_paid && is_own) else { return Ok(None) };
        let referral = self.inner.store.referral_of(job.user).await?;
        let open = referral.filter(|referral| referral.rewarded_by.is_none());
        Ok(open.map(|referral| Reward { friend: referral.friend, inviter: referral.inviter, terms }))
    }
}
