//! A new job with all that must be true of it: within the limits, once for its draft, held by its payer. One transaction.

use super::engine::{Statement, WriteResult};
use super::job_move::add_entry;
use super::sql::SqlStore;
use super::wallet::WalletStore;
use super::{Event, Store, free, row, statement as sql, wallet};
use crate::job::Job;
use crate::ledger::{Entry, EntryKind, Money};
use crate::quota::{QuotaExceeded, Quotas};
use crate::store_error::StoreError;
use crate::tariff::Allowance;

/// The result of [`Store::add_job`].
#[derive(Debug, Clone, PartialEq)]
pub enum Added {
    /// The job was added.
    New,
    /// The draft had become this job before.
    Known(Box<Job>),
    /// It is over a limit.
    OverQuota(QuotaExceeded),
    /// Its charge says that it is free, and its person has no free order left.
    NotFree,
    /// Its payer has not enough: so much is available.
    Unfunded(Money),
}

impl SqlStore {
    /// As [`Store::add_job_within`](super::Store::add_job_within).
    pub(super) async fn add_within(
        &self,
        job: &Job,
        quotas: &Quotas,
        allowance: Allowance,
    ) -> Result<Added, StoreError> {
        let (mut statements, limits): (Vec<_>, Vec<_>) = self.check_quotas(job, quotas).into_iter().unzip();
        let free = job.charge.and_then(|charge| charge.free);
        let free_at = free.map(|_| statements.len());
        statements.extend(free.map(|free| free::check(job, free, allowance)));
        statements
            .push(Statement::new(sql::ADD_JOB, row::new_job(job, self.database_time(job.created_at))?).required());
        let added = statements.len();
        let hold = job.quote.map(|quote| Entry { kind: EntryKind::Hold, credits: quote.credits });
        statements.extend(hold.map(|entry| add_entry(&job.id, entry, job.created_at).required()));
        let payment = wallet::hold(job);
        statements.extend(payment.iter().flat_map(wallet::book));
        statements.extend(free.map(|free| free::add(job, free)));
        let (refused, is_used_up) = match self.engine().write(statements).await? {
            WriteResult::Committed(_) => {
                self.engine().notify(Event::Jobs);
                return Ok(Added::New);
            }
            WriteResult::Refused(position) if position < added => {
                (limits.get(position).copied().flatten(), free_at == Some(position))
            }
            WriteResult::Refused(_) => {
                let payer = job.charge.map_or(job.user.into(), |charge| charge.payer);
                return Ok(Added::Unfunded(self.wallet(payer).await?.available));
            }
        };
        match self.job_of_draft(job.chat, &job.draft).await? {
            Some(known) => Ok(Added::Known(Box::new(known))),
            None if is_used_up => Ok(Added::NotFree),
            None => match refused {
                Some(quota) => Ok(Added::OverQuota(self.explain_quota(job, quota).await?)),
                None => Err(StoreError::Stale(job.id.clone())),
            },
        }
    }
}
