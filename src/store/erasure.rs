//! A person is forgotten: what tells of them goes, and the sums of money stay without a name.

use super::dialect::Dialect;
use super::engine::Statement;
use super::prune::{CLOSED, PRUNE_BATCH, in_settled_state};
use super::sql::SqlStore;
use super::statement::job_columns;
use super::{JobList, audit, row};
use crate::audit::AuditEntry;
use crate::clock::Timestamp;
use crate::job::UserId;
use crate::store_error::StoreError;

/// Whose the jobs of forgotten people are, in a chat of the same number: nobody's.
pub const NOBODY: UserId = UserId(0);

/// How many rows of a person were deleted, besides those of jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Erased {
    /// Whether the person was known: 0 or 1.
    pub users: u64,
    /// Drafts, in all chats.
    pub drafts: u64,
    /// Updates of the private chat.
    pub updates: u64,
}

/// The statements; in each, $1 is the person.
#[derive(Debug)]
pub(super) struct ErasureSql {
    /// $2 whether an undeliverable result counts as settled, $3 the most rows.
    open_jobs: String,
    /// $2 whether an undeliverable result counts as settled.
    erasable_jobs: String,
    /// $2 whether an undeliverable result counts as settled, $3 ids of jobs, $4 the present.
    erase_jobs: String,
    erase_user: &'static str,
    erase_name_words: &'static str,
    erase_drafts: String,
    erase_old_draft: &'static str,
    erase_open_updates: &'static str,
    erase_closed_updates: &'static str,
    erase_request: &'static str,
    erase_access: &'static str,
    erase_access_name: &'static str,
    erase_decider_name: &'static str,
    /// An empty one. What comes into it at the same moment makes a new one.
    erase_wallet: &'static str,
    erase_transfers: String,
    erase_quotas: &'static str,
    erase_invoices: &'static str,
    /// The books of payments do not need them.
    erase_star_subscriptions: &'static str,
    /// What was paid stays known, without a name.
    erase_payer: String,
    erase_free_uses: &'static str,
    erase_promo_misses: &'static str,
    erase_promo_uses: &'static str,
    erase_referral_code: &'static str,
    erase_referrals: &'static str,
    /// Whoever has brought the person keeps what they got, and the count of it.
    erase_friend: &'static str,
}

impl ErasureSql {
    pub(super) fn new(dialect: &Dialect) -> Self {
        let settled = format!("({} OR $2 AND state = 'undeliverable') AND {CLOSED}", in_settled_state());
        let (columns, ids, nobody) = (job_columns!(), dialect.texts("$3"), NOBODY.0);
        let update_lock = dialect.update_lock.unwrap_or_default();
        Self {
            open_jobs: format!(
                "SELECT {columns} FROM jobs WHERE user_id = $1 AND NOT ({settled}) ORDER BY created_at, id LIMIT $3"
            ),
            erasable_jobs: format!(
                "SELECT id FROM jobs WHERE user_id = $1 AND {settled} ORDER BY id LIMIT {PRUNE_BATCH}"
            ),
            erase_jobs: format!(
                "UPDATE jobs SET user_id = {nobody}, chat_id = {nobody}, topic = NULL, draft = id, task = NULL,
                    progress_message = NULL, input = '{{}}', attachments = '[]', output = NULL, failure = NULL,
                    charge = NULL, stripped_at = $4
                WHERE user_id = $1 AND {settled} AND id IN (
                    SELECT id FROM jobs WHERE id IN ({ids}) ORDER BY id{update_lock})
                RETURNING id"
            ),
            erase_user: "DELETE FROM users WHERE id = $1 RETURNING id",
            erase_name_words: "DELETE FROM name_words WHERE user_id = $1",
            erase_drafts: format!(
                "DELETE FROM person_drafts WHERE (chat_id, topic, user_id) IN (
                    SELECT chat_id, topic, user_id FROM person_drafts WHERE user_id = $1
                    ORDER BY chat_id, topic{update_lock})
                RETURNING user_id"
            ),
            erase_old_draft: "DELETE FROM drafts WHERE chat_id = $1",
            erase_open_updates: "DELETE FROM updates WHERE chat_id = $1 AND closed_at IS NULL RETURNING id",
            // Written as in the partial index.
            erase_closed_updates: "DELETE FROM updates
                WHERE chat_id = $1 AND closed_at IS NOT NULL AND chat_id <> 0 RETURNING id",
            erase_request: "DELETE FROM access_requests WHERE user_id = $1",
            // A denial outlasts it, as a number without a name.
            erase_access: "DELETE FROM access_entries WHERE id = $1 AND is_allowed",
            erase_access_name: "UPDATE access_entries SET name = '', user_name = NULL WHERE id = $1",
            erase_decider_name: "UPDATE access_requests SET decider = '' WHERE decided_by = $1",
            erase_wallet: "DELETE FROM wallets WHERE id = $1 AND available = 0 AND held = 0",
            erase_transfers: format!(
                "UPDATE transfers SET wallet = {nobody}, note = NULL WHERE wallet = $1
                    AND NOT EXISTS (SELECT 1 FROM wallets WHERE wallets.id = $1)"
            ),
            erase_quotas: "DELETE FROM person_quotas WHERE user_id = $1",
            erase_invoices: "DELETE FROM invoices WHERE person = $1",
            erase_star_subscriptions: "DELETE FROM star_subscriptions WHERE person = $1",
            erase_payer: format!("UPDATE payments SET person = {nobody} WHERE person = $1"),
            erase_free_uses: "DELETE FROM free_uses WHERE user_id = $1",
            erase_promo_misses: "DELETE FROM promo_misses WHERE user_id = $1",
            erase_promo_uses: "DELETE FROM promo_uses WHERE user_id = $1",
            erase_referral_code: "DELETE FROM referral_codes WHERE user_id = $1",
            erase_referrals: "DELETE FROM referrals WHERE inviter = $1",
            erase_friend: "UPDATE referrals SET friend = NULL, rewarded_by = NULL WHERE friend = $1",
        }
    }

    /// Every statement, by name.
    pub(super) fn all(&self) -> [(&'static str, &str); 25] {
        let Self {
            open_jobs,
            erasable_jobs,
            erase_jobs,
            erase_user,
            erase_name_words,
            erase_drafts,
            erase_old_draft,
            erase_open_updates,
            erase_closed_updates,
            erase_request,
            erase_access,
            erase_access_name,
            erase_decider_name,
            erase_wallet,
            erase_transfers,
            erase_quotas,
            erase_invoices,
            erase_star_subscriptions,
            erase_payer,
            erase_free_uses,
            erase_promo_misses,
            erase_promo_uses,
            erase_referral_code,
            erase_referrals,
            erase_friend,
        } = self;
        [
            ("open_jobs", open_jobs),
            ("erasable_jobs", erasable_jobs),
            ("erase_jobs", erase_jobs),
            ("erase_user", erase_user),
            ("erase_name_words", erase_name_words),
            ("erase_drafts", erase_drafts),
            ("erase_old_draft", erase_old_draft),
            ("erase_open_updates", erase_open_updates),
            ("erase_closed_updates", erase_closed_updates),
            ("erase_request", erase_request),
            ("erase_access", erase_access),
            ("erase_access_name", erase_access_name),
            ("erase_decider_name", erase_decider_name),
            ("erase_wallet", erase_wallet),
            ("erase_transfers", erase_transfers),
            ("erase_quotas", erase_quotas),
            ("erase_invoices", erase_invoices),
            ("erase_star_subscriptions", erase_star_subscriptions),
            ("erase_payer", erase_payer),
            ("erase_free_uses", erase_free_uses),
            ("erase_promo_misses", erase_promo_misses),
            ("erase_promo_uses", erase_promo_uses),
            ("erase_referral_code", erase_referral_code),
            ("erase_referrals", erase_referrals),
            ("erase_friend", erase_friend),
        ]
    }
}

impl SqlStore {
    /// As [`Store::open_jobs_of`](super::Store::open_jobs_of).
    pub(super) async fn open_jobs(
        &self,
        user: UserId,
        gives_up_results: bool,
        limit: u32,
    ) -> Result<JobList, StoreError> {
        let params = vec![user.0.into(), gives_up_results.into(), i64::from(limit).into()];
        self.job_list(Statement::new(&self.engine().sql().erasure.open_jobs, params)).await
    }

    /// As [`Store::erase_jobs`](super::Store::erase_jobs).
    pub(super) async fn erase_batch(
        &self,
        user: UserId,
        gives_up_results: bool,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let sql = &self.engine().sql().erasure;
        let params = vec![user.0.into(), gives_up_results.into()];
        let jobs = self.all(Statement::new(&sql.erasable_jobs, params), row::job_id).await?;
        if jobs.is_empty() {
            return Ok(0);
        }
        // A result may be on its way again since: the statement looks again.
        let params = vec![user.0.into(), gives_up_results.into(), super::prune::ids(&jobs)?, now.millis().into()];
        let mut statements = vec![Statement::new(&sql.erase_jobs, params)];
        statements.extend(self.strip_beside(&jobs)?);
        let all = self.run(statements).await?;
        Ok(all.first().map_or(0, |rows| rows.len() as u64))
    }

    /// As [`Store::erase_user`](super::Store::erase_user).
    pub(super) async fn erase_rows(&self, user: UserId, audit: &AuditEntry) -> Result<Erased, StoreError> {
        let sql = &self.engine().sql().erasure;
        // In the order of locks, see the module of the store.
        let order = [
            sql.erase_open_updates,
            sql.erase_closed_updates,
            sql.erase_drafts.as_str(),
            sql.erase_old_draft,
            sql.erase_user,
            sql.erase_name_words,
            sql.erase_request,
            sql.erase_decider_name,
            sql.erase_access,
            sql.erase_access_name,
            sql.erase_payer.as_str(),
            sql.erase_invoices,
            sql.erase_star_subscriptions,
            sql.erase_promo_misses,
            sql.erase_promo_uses,
            sql.erase_referral_code,
            sql.erase_referrals,
            sql.erase_friend,
            sql.erase_wallet,
            sql.erase_transfers.as_str(),
            sql.erase_quotas,
            sql.erase_free_uses,
        ];
        let mut statements: Vec<Statement> = order.map(|sql| Statement::new(sql, vec![user.0.into()])).into();
        statements.push(audit::add(audit));
        let all = self.run(statements).await?;
        let count = |n: usize| all.get(n).map_or(0, |rows| rows.len() as u64);
        Ok(Erased { updates: count(0) + count(1), drafts: count(2), users: count(4) })
    }
}
