//! Promo codes. A use is stored with the transfer that it is, and counted in the row of its code: so of many people at once
//! no more get something than the code is for, and nobody twice.

use async_trait::async_trait;

use super::audit;
use super::engine::{Row, Statement, WriteResult};
use super::row::{self, RowReader};
use super::sql::SqlStore;
use super::statement::statements;
use super::wallet;
use crate::audit::AuditEntry;
use crate::clock::Timestamp;
use crate::job::UserId;
use crate::ledger::Money;
use crate::promo::{MISS_WINDOW, MISSES, Promo, PromoCode, PromoRefusal, PromoState};
use crate::store_error::StoreError;
use crate::transfer::{Transfer, TransferKind};

statements! {
/// Returns no row when there is such a code.
const ADD_PROMO = "INSERT INTO promo_codes (code, amount, uses, used, made_at, ends_at) VALUES ($1, $2, $3, 0, $4, $5)
    ON CONFLICT (code) DO NOTHING RETURNING code";
const PROMO = "SELECT code, amount, uses, used, made_at, ends_at, stopped_at FROM promo_codes WHERE code = $1";
const PROMOS = "SELECT code, amount, uses, used, made_at, ends_at, stopped_at FROM promo_codes
    ORDER BY made_at DESC, code LIMIT $1";
/// $1 the code, $2 the time.
const STOP_PROMO = "UPDATE promo_codes SET stopped_at = $2 WHERE code = $1 AND stopped_at IS NULL RETURNING code";
/// $1 the person, $2 since when, $3 the most. Returns no row after so many wrong codes.
const CHECK_MISSES = "SELECT 1 AS one
    WHERE (SELECT COUNT(*) FROM promo_misses WHERE user_id = $1 AND missed_at > $2) < $3";
/// $1 the person, $2 until when.
const DROP_MISSES = "DELETE FROM promo_misses WHERE user_id = $1 AND missed_at <= $2";
const ADD_MISS = "INSERT INTO promo_misses (user_id, missed_at) VALUES ($1, $2)";
/// Returns no row when the person has used the code.
const ADD_PROMO_USE = "INSERT INTO promo_uses (code, user_id, used_at) VALUES ($1, $2, $3)
    ON CONFLICT (code, user_id) DO NOTHING RETURNING code";
/// $1 the code, $2 the time. Returns no row when the code gives nothing.
const COUNT_PROMO_USE = "UPDATE promo_codes SET used = used + 1
    WHERE code = $1 AND used < uses AND ends_at > $2 AND stopped_at IS NULL RETURNING code";
}

/// Keeps promo codes.
#[async_trait]
pub trait PromoStore: std::fmt::Debug + Send + Sync {
    /// Adds a code. False: there is one already.
    async fn add_promo(&self, promo: &Promo, audit: &AuditEntry) -> Result<bool, StoreError>;
    /// A code.
    async fn promo(&self, code: &PromoCode) -> Result<Option<Promo>, StoreError>;
    /// The codes, newest first, at most `limit`.
    async fn promos(&self, limit: u32) -> Result<Vec<Promo>, StoreError>;
    /// Stops a code. False: there is none, or it was stopped before.
    async fn stop_promo(&self, code: &PromoCode, now: Timestamp, audit: &AuditEntry) -> Result<bool, StoreError>;
    /// Gives a person what a code gives, once, and returns how much that is. `key` makes the transfer one of a kind.
    async fn use_promo(
        &self,
        code: &PromoCode,
        user: UserId,
        key: &str,
        now: Timestamp,
    ) -> Result<Result<Money, PromoRefusal>, StoreError>;
}

#[async_trait]
impl PromoStore for SqlStore {
    async fn add_promo(&self, promo: &Promo, audit: &AuditEntry) -> Result<bool, StoreError> {
        let Promo { code, amount, uses, made_at, ends_at, used: _, stopped_at: _ } = promo;
        let params = vec![
            code.as_str().into(),
            amount.hundredths().into(),
            i64::from(*uses).into(),
            made_at.millis().into(),
            ends_at.millis().into(),
        ];
        self.try_write(vec![Statement::new(ADD_PROMO, params).required(), audit::add(audit)]).await
    }

    async fn promo(&self, code: &PromoCode) -> Result<Option<Promo>, StoreError> {
        self.one(Statement::new(PROMO, vec![code.as_str().into()]), promo).await
    }

    async fn promos(&self, limit: u32) -> Result<Vec<Promo>, StoreError> {
        self.all(Statement::new(PROMOS, vec![i64::from(limit).into()]), promo).await
    }

    async fn stop_promo(&self, code: &PromoCode, now: Timestamp, audit: &AuditEntry) -> Result<bool, StoreError> {
        let stop = Statement::new(STOP_PROMO, vec![code.as_str().into(), now.millis().into()]).required();
        self.try_write(vec![stop, audit::add(audit)]).await
    }

    async fn use_promo(
        &self,
        code: &PromoCode,
        user: UserId,
        key: &str,
        now: Timestamp,
    ) -> Result<Result<Money, PromoRefusal>, StoreError> {
        let since = (now - MISS_WINDOW).millis();
        // A person's codes wait for each other, so that many at once are not more guesses than those one by one.
        let mut statements: Vec<Statement> = self.lock_person(user).into_iter().collect();
        let checked = statements.len();
        let params = vec![user.0.into(), since.into(), i64::from(MISSES).into()];
        statements.push(Statement::new(CHECK_MISSES, params).required());
        let Some(found) = self.promo(code).await? else {
            statements.push(Statement::new(DROP_MISSES, vec![user.0.into(), since.into()]));
            statements.push(Statement::new(ADD_MISS, vec![user.0.into(), now.millis().into()]));
            let is_counted = self.try_write(statements).await?;
            return Ok(Err(if is_counted { PromoRefusal::Unknown } else { PromoRefusal::TooManyMisses }));
        };
        let used = vec![code.as_str().into(), user.0.into(), now.millis().into()];
        statements.push(Statement::new(ADD_PROMO_USE, used).required());
        let count = vec![code.as_str().into(), now.millis().into()];
        statements.push(Statement::new(COUNT_PROMO_USE, count).required());
        let transfer = Transfer {
            key: format!("promo:{key}"),
            kind: TransferKind::Promo,
            wallet: user.into(),
            amount: found.amount,
            job: None,
            note: Some(code.as_str().to_owned()),
            at: now,
        };
        statements.extend(wallet::book(&transfer));
        Ok(match self.engine().write(statements).await? {
            WriteResult::Committed(_) => Ok(found.amount),
            WriteResult::Refused(position) if position == checked => Err(PromoRefusal::TooManyMisses),
            WriteResult::Refused(position) if position == checked + 1 => Err(PromoRefusal::UsedBefore(found.amount)),
            WriteResult::Refused(position) if position == checked + 2 => {
                let state = self.promo(code).await?.map(|promo| promo.state(now));
                Err(if state == Some(PromoState::UsedUp) { PromoRefusal::UsedUp } else { PromoRefusal::Ended })
            }
            WriteResult::Refused(_) => {
                return Err(StoreError::Statement("the transfer of a promo code has a known key".to_owned()));
            }
        })
    }
}

fn promo(row: &Row) -> Result<Promo, StoreError> {
    let code = row::key(row, "code");
    let f = RowReader::new(row, "promo_codes", &code);
    Ok(Promo {
        code: f.word("code", |word| word.parse().ok())?,
        amount: Money::from_hundredths(f.get("amount")?),
        uses: f.small("uses")?,
        used: f.small("used")?,
        made_at: f.time("made_at")?,
        ends_at: f.time("ends_at")?,
        stopped_at: f.get::<Option<i64>>("stopped_at")?.map(Timestamp::from_millis),
    })
}
