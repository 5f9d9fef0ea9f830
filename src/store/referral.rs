//! Referrals: who came by whose link. A friend is stored once, and rewarded once: in the transaction that captures an order.

use async_trait::async_trait;

use super::engine::{Row, Statement};
use super::row::RowReader;
use super::sql::SqlStore;
use super::statement::statements;
use crate::clock::Timestamp;
use crate::job::{JobId, UserId};
use crate::ledger::Money;
use crate::referral::{Referral, ReferralCode, ReferralCount, Reward};
use crate::store_error::StoreError;

statements! {
const REFERRAL_CODE = "SELECT code FROM referral_codes WHERE user_id = $1";
/// $1 the person, $2 the code, $3 the time. A person keeps the code that they have.
const ADD_REFERRAL_CODE = "INSERT INTO referral_codes (user_id, code, made_at) VALUES ($1, $2, $3)
    ON CONFLICT (user_id) DO NOTHING";
/// $1 the code, $2 who came, $3 the time. Returns no row when there is no such code, or it is their own, or when they are
/// known to the bot.
const ADD_REFERRAL = "INSERT INTO referrals (friend, inviter, came_at, earned)
    SELECT $2, user_id, $3, 0 FROM referral_codes WHERE code = $1 AND user_id <> $2
        AND NOT EXISTS (SELECT 1 FROM users WHERE id = $2)
    ON CONFLICT (friend) DO NOTHING RETURNING friend";
const REFERRAL_OF = "SELECT friend, inviter, came_at, rewarded_by FROM referrals WHERE friend = $1";
const COUNT_REFERRALS = "SELECT COUNT(*) AS came, COUNT(rewarded_at) AS paid,
        CAST(COALESCE(SUM(earned), 0) AS BIGINT) AS earned
    FROM referrals WHERE inviter = $1";
/// $1 who came, $2 who has brought them, $3 the time, $4 the job, $5 what the inviter gets. Returns no row when they were
/// rewarded before.
const REWARD_REFERRAL = "UPDATE referrals SET rewarded_at = $3, rewarded_by = $4, earned = $5
    WHERE friend = $1 AND inviter = $2 AND rewarded_at IS NULL RETURNING friend";
}

/// Keeps who came by whose link.
#[async_trait]
pub trait ReferralStore: std::fmt::Debug + Send + Sync {
    /// The code of a person's link: the one that they have, or else `fresh` from now on.
    async fn referral_code(
        &self,
        user: UserId,
        fresh: &ReferralCode,
        now: Timestamp,
    ) -> Result<ReferralCode, StoreError>;
    /// Notes that a person came by a link. False, and nothing is noted: they are known to the bot, came by another link, or
    /// it is their own or nobody's.
    async fn add_referral(&self, code: &ReferralCode, friend: UserId, now: Timestamp) -> Result<bool, StoreError>;
    /// By whose link a person came.
    async fn referral_of(&self, friend: UserId) -> Result<Option<Referral>, StoreError>;
    /// What a person's link has brought. Friends who were forgotten count.
    async fn count_referrals(&self, inviter: UserId) -> Result<ReferralCount, StoreError>;
}

/// The statement that lets a reward pass once.
pub(super) fn reward(reward: &Reward, job: &JobId, now: Timestamp) -> Statement {
    let Reward { friend, inviter, terms } = reward;
    let params = vec![
        friend.0.into(),
        inviter.0.into(),
        now.millis().into(),
        job.0.as_str().into(),
        terms.inviter.hundredths().into(),
    ];
    Statement::new(REWARD_REFERRAL, params).required()
}

#[async_trait]
impl ReferralStore for SqlStore {
    async fn referral_code(
        &self,
        user: UserId,
        fresh: &ReferralCode,
        now: Timestamp,
    ) -> Result<ReferralCode, StoreError> {
        let find = || Statement::new(REFERRAL_CODE, vec![user.0.into()]);
        let code = |row: &Row| {
            RowReader::new(row, "referral_codes", user.0).word("code", |word| word.parse::<ReferralCode>().ok())
        };
        if let Some(known) = self.one(find(), code).await? {
            return Ok(known);
        }
        let add = vec![user.0.into(), fresh.as_str().into(), now.millis().into()];
        self.run(vec![Statement::new(ADD_REFERRAL_CODE, add)]).await?;
        let kept = self.one(find(), code).await?;
        kept.ok_or_else(|| StoreError::Statement("the code of a person's link was not stored".to_owned()))
    }

    async fn add_referral(&self, code: &ReferralCode, friend: UserId, now: Timestamp) -> Result<bool, StoreError> {
        let params = vec![code.as_str().into(), friend.0.into(), now.millis().into()];
        self.try_write(vec![Statement::new(ADD_REFERRAL, params).required()]).await
    }

    async fn referral_of(&self, friend: UserId) -> Result<Option<Referral>, StoreError> {
        let referral = |row: &Row| {
            let f = RowReader::new(row, "referrals", friend.0);
            Ok(Referral {
                friend,
                inviter: UserId(f.get("inviter")?),
                came_at: f.time("came_at")?,
                rewarded_by: f.get::<Option<String>>("rewarded_by")?.map(JobId),
            })
        };
        self.one(Statement::new(REFERRAL_OF, vec![friend.0.into()]), referral).await
    }

    async fn count_referrals(&self, inviter: UserId) -> Result<ReferralCount, StoreError> {
        let count = |row: &Row| {
            let f = RowReader::new(row, "referrals", inviter.0);
            let earned = Money::from_hundredths(f.get("earned")?);
            Ok(ReferralCount { came: f.small("came")?, paid: f.small("paid")?, earned })
        };
        Ok(self.one(Statement::new(COUNT_REFERRALS, vec![inviter.0.into()]), count).await?.unwrap_or_default())
    }
}
