//! What an operator does about a person. Needs a store and nothing else.

mod access;
mod people;

use std::sync::Arc;

use crate::audit::{Actor, AuditAction, AuditEntry};
use crate::clock::Clock;
use crate::job::UserId;
use crate::ledger::{Wallet, WalletId};
use crate::star_subscription::Renewal;
use crate::store::{Erased, JobList, PRUNE_BATCH, Store};
use crate::store_error::StoreError;

pub use people::{LimitError, PersonAccount};

/// Most open jobs that are listed.
const LISTED: u32 = 50;

/// Finds people, decides who may use the bot, and erases what is kept of people; reads what admins did. Cheap to clone.
#[derive(Debug, Clone)]
pub struct UserAdmin {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    actor: Actor,
}

/// What was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Erasure {
    /// Jobs that are nobody's now, without input, files and result.
    pub jobs: u64,
    /// All else.
    pub rows: Erased,
}

/// Why a person was not erased.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// The database failed. What was erased before stays erased; the next call goes on.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The bot would be without its owner.
    #[error("the person is the bot's owner")]
    Owner,
    /// These jobs, or these and more, run or wait for a decision: their money must be settled first.
    #[error("jobs of the person are not settled")]
    OpenJobs(JobList),
    /// A payment of the person is being given back: that must end first.
    #[error("a payment of the person is being given back")]
    OpenRefund,
    /// A subscription of the person may go on: it must be canceled first.
    #[error("the person has a subscription")]
    Subscription,
    /// The person has money: it must be paid back or taken back first.
    #[error("the person has money")]
    Money(Wallet),
}

impl UserAdmin {
    /// Over a store, on a clock, for whoever acts.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, actor: Actor) -> Self {
        Self { store, clock, actor }
    }

    /// An act, which takes place now.
    fn entry(&self, action: AuditAction) -> AuditEntry {
        AuditEntry::new(self.actor.clone(), action, self.clock.now())
    }

    /// What admins did, newest first, at most `limit`; with `about`, to one person or chat; with `before`, before that act.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn audit(
        &self,
        about: Option<i64>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<(i64, AuditEntry)>, StoreError> {
        self.store.audit(about, before, limit).await
    }

    /// Whether the person can be erased now; `gives_up_results` as for [`UserAdmin::erase`].
    ///
    /// # Errors
    /// [`EraseError`] says why not.
    pub async fn check_erasable(&self, user: UserId, gives_up_results: bool) -> Result<(), EraseError> {
        if self.store.owner().await? == Some(user) {
            return Err(EraseError::Owner);
        }
        let open = self.store.open_jobs_of(user, gives_up_results, LISTED).await?;
        if !open.is_empty() {
            return Err(EraseError::OpenJobs(open));
        }
        if self.store.has_open_refund(user).await? {
            return Err(EraseError::OpenRefund);
        }
        let subscriptions = self.store.star_subscriptions(user, self.clock.now()).await?;
        if subscriptions.iter().any(|subscription| subscription.renewal != Renewal::Canceled) {
            return Err(EraseError::Subscription);
        }
        let wallet = self.store.wallet(WalletId(user.0)).await?;
        if wallet == Wallet::default() { Ok(()) } else { Err(EraseError::Money(wallet)) }
    }

    /// Erases what is kept of a person: the language, drafts, updates, and of jobs the name, the input, the files and the
    /// result. Rows of jobs and movements of money stay without a name, with their ledgers, so that sums are right. With `gives_up_results` also
    /// results that could not be sent are erased. A running bot is not disturbed: to it, the person is a new one.
    ///
    /// # Errors
    /// [`EraseError`]. [`EraseError::OpenJobs`] and [`EraseError::Money`] may come after the rest was erased, when the person has ordered meanwhile.
    pub async fn erase(&self, user: UserId, gives_up_results: bool) -> Result<Erasure, EraseError> {
        self.check_erasable(user, gives_up_results).await?;
        let mut erasure = Erasure::default();
        loop {
            let jobs = self.store.erase_jobs(user, gives_up_results, self.clock.now()).await?;
            erasure.jobs += jobs;
            if jobs < PRUNE_BATCH {
                break;
            }
        }
        erasure.rows = self.store.erase_user(user, &self.entry(AuditAction::Forget).about(user.0)).await?;
        self.check_erasable(user, gives_up_results).await?;
        Ok(erasure)
    }
}
