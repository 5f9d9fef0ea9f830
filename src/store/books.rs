//! The books: what the ledgers of all jobs and the transfers of all wallets say together, by day, job by job and wallet by
//! wallet.

use async_trait::async_trait;

use super::engine::{Row, Statement};
use super::row::RowReader;
use super::sql::SqlStore;
use super::statement::statements;
use crate::clock::Timestamp;
use crate::invoice::PaymentId;
use crate::job::{JobId, JobState};
use crate::ledger::{Credits, Money, Wallet, WalletId};
use crate::store_error::StoreError;
use crate::tariff::Charge;
use crate::transfer::TransferKind;

/// Milliseconds of a day, as in [`DAY_TOTALS`].
const DAY: i64 = 86_400_000;

statements! {
/// $1 the beginning, $2 the end, which is not part. Whether a hold is open is asked by a count, since PostgreSQL may look
/// for a row that does not exist in the whole ledger.
const DAY_TOTALS = "SELECT booked_at / 86400000 AS day,
        CAST(SUM(CASE WHEN kind = 'hold' THEN credits ELSE 0 END) AS BIGINT) AS held,
        CAST(SUM(CASE WHEN kind = 'hold' AND (SELECT COUNT(*) FROM ledger AS closing
            WHERE closing.job = ledger.job AND closing.kind IN ('capture', 'release')) = 0
            THEN credits ELSE 0 END) AS BIGINT) AS open,
        CAST(SUM(CASE WHEN kind = 'capture' THEN credits ELSE 0 END) AS BIGINT) AS captured,
        CAST(SUM(CASE WHEN kind = 'release' THEN credits ELSE 0 END) AS BIGINT) AS released,
        CAST(SUM(CASE WHEN kind = 'cost' THEN credits ELSE 0 END) AS BIGINT) AS cost
    FROM ledger WHERE booked_at >= $1 AND booked_at < $2 GROUP BY booked_at / 86400000 ORDER BY 1";
/// $1 the beginning, $2 the end, which is not part.
const DAY_TRANSFERS = "SELECT booked_at / 86400000 AS day, kind, CAST(SUM(amount) AS BIGINT) AS amount
    FROM transfers WHERE booked_at >= $1 AND booked_at < $2 GROUP BY booked_at / 86400000, kind ORDER BY 1, 2";
/// $1 the last job of the batch before. The keys are those of [`Transfer::of_job`](crate::transfer::Transfer::of_job).
const JOB_ACCOUNTS = "SELECT id, state, quote_credits, charge,
        (SELECT CAST(SUM(amount) AS BIGINT) FROM transfers
            WHERE key IN ('hold:' || jobs.id, 'free_hold:' || jobs.id)) AS money_held,
        (SELECT CAST(SUM(amount) AS BIGINT) FROM transfers WHERE key = 'capture:' || jobs.id) AS money_captured,
        (SELECT CAST(SUM(amount) AS BIGINT) FROM transfers
            WHERE key IN ('release:' || jobs.id, 'free_release:' || jobs.id)) AS money_released,
        (SELECT credits FROM ledger WHERE ledger.job = jobs.id AND kind = 'hold') AS held,
        (SELECT credits FROM ledger WHERE ledger.job = jobs.id AND kind = 'capture') AS captured,
        (SELECT credits FROM ledger WHERE ledger.job = jobs.id AND kind = 'release') AS released,
        (SELECT credits FROM ledger WHERE ledger.job = jobs.id AND kind = 'cost') AS cost
    FROM jobs WHERE id > $1 ORDER BY id LIMIT 500";
/// $1 the last payment of the batch before. The keys are those of its credit and of the last try to give it back.
const PAYMENT_ACCOUNTS = "SELECT id, amount, refund_amount,
        (SELECT CAST(SUM(amount) AS BIGINT) FROM transfers WHERE key = 'payment:' || payments.id) AS credited,
        (SELECT CAST(SUM(amount) AS BIGINT) FROM transfers
            WHERE key = 'refund:' || payments.id || ':' || payments.refund_tries) AS taken,
        (SELECT CAST(SUM(amount) AS BIGINT) FROM transfers
            WHERE key = 'refund_reversal:' || payments.id || ':' || payments.refund_tries) AS put_back
    FROM payments WHERE id > $1 ORDER BY id LIMIT 500";
/// $1 the last wallet of the batch before.
const WALLET_ACCOUNTS = "SELECT id, available, held,
        (SELECT CAST(COALESCE(SUM(CASE WHEN target = 'available' THEN amount WHEN source = 'available' THEN -amount
            ELSE 0 END), 0) AS BIGINT) FROM transfers WHERE transfers.wallet = wallets.id) AS booked_available,
        (SELECT CAST(COALESCE(SUM(CASE WHEN target = 'held' THEN amount WHEN source = 'held' THEN -amount
            ELSE 0 END), 0) AS BIGINT) FROM transfers WHERE transfers.wallet = wallets.id) AS booked_held
    FROM wallets WHERE id > $1 ORDER BY id LIMIT 500";
}

/// What was booked on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DayTotals {
    /// The beginning of the day, in UTC.
    pub day: Timestamp,
    /// Held for new jobs.
    pub held: Credits,
    /// Of that, what is neither captured nor released by now.
    pub open: Credits,
    /// Captured.
    pub captured: Credits,
    /// Released.
    pub released: Credits,
    /// Charged by the vendor, by its own word.
    pub cost: Credits,
}

/// The transfers of a kind on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayTransfers {
    /// The beginning of the day, in UTC.
    pub day: Timestamp,
    /// Why money moved.
    pub kind: TransferKind,
    /// The sum.
    pub amount: Money,
}

/// A wallet, and what its transfers say is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WalletAccount {
    /// Whose.
    pub id: WalletId,
    /// As it is stored.
    pub stored: Wallet,
    /// The sum of its transfers.
    pub booked: Wallet,
}

/// A payment, and what its transfers say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentAccount {
    /// Its number.
    pub id: PaymentId,
    /// What was credited, as it is stored.
    pub amount: Money,
    /// What was taken for the refund that is asked for or done, as it is stored.
    pub taken: Money,
    /// The transfer of its credit.
    pub booked_amount: Money,
    /// The transfer of its last refund, less the one that put it back.
    pub booked_taken: Money,
}

impl PaymentAccount {
    /// Whether both say the same.
    pub fn agrees(&self) -> bool {
        self.amount == self.booked_amount && self.taken == self.booked_taken
    }
}

/// What was moved for a job.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JobMoney {
    /// What was held for it.
    pub held: Option<Money>,
    /// What was captured.
    pub captured: Option<Money>,
    /// What was given back.
    pub released: Option<Money>,
}

/// A job, and the amounts of its ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobAccount {
    /// The job.
    pub job: JobId,
    /// Its state; `None` when only a newer version of the program knows it.
    pub state: Option<JobState>,
    /// The amount of its quote.
    pub quoted: Option<Credits>,
    /// Its hold.
    pub held: Option<Credits>,
    /// Its capture.
    pub captured: Option<Credits>,
    /// Its release.
    pub released: Option<Credits>,
    /// What the vendor has charged, by its own word.
    pub cost: Option<Credits>,
    /// Who pays how much for it, if somebody does.
    pub charge: Option<Charge>,
    /// The transfers of that.
    pub money: JobMoney,
}

/// Reads the ledgers of all jobs.
#[async_trait]
pub trait BookStore: std::fmt::Debug + Send + Sync {
    /// What was booked from `from` until before `until`, by day in UTC, oldest first. A day without entries is left out.
    async fn day_totals(&self, from: Timestamp, until: Timestamp) -> Result<Vec<DayTotals>, StoreError>;
    /// The accounts of the next jobs by id, at most 500; `after` is the last one of the batch before. One that is moved
    /// meanwhile is as before its move or as after it.
    async fn job_accounts(&self, after: Option<&JobId>) -> Result<Vec<JobAccount>, StoreError>;
    /// What was moved from `from` until before `until`, by day in UTC and kind, oldest first. Kinds that this version does
    /// not know are left out.
    async fn day_transfers(&self, from: Timestamp, until: Timestamp) -> Result<Vec<DayTransfers>, StoreError>;
    /// The next wallets by id, at most 500; `after` is the last one of the batch before.
    async fn wallet_accounts(&self, after: Option<WalletId>) -> Result<Vec<WalletAccount>, StoreError>;
    /// The next payments by number, at most 500; `after` is the last one of the batch before.
    async fn payment_accounts(&self, after: Option<&PaymentId>) -> Result<Vec<PaymentAccount>, StoreError>;
}

#[async_trait]
impl BookStore for SqlStore {
    async fn day_totals(&self, from: Timestamp, until: Timestamp) -> Result<Vec<DayTotals>, StoreError> {
        self.all(Statement::new(DAY_TOTALS, vec![from.millis().into(), until.millis().into()]), day_totals).await
    }

    async fn job_accounts(&self, after: Option<&JobId>) -> Result<Vec<JobAccount>, StoreError> {
        let after = after.map_or("", |id| id.0.as_str());
        self.all(Statement::new(JOB_ACCOUNTS, vec![after.into()]), job_account).await
    }

    async fn day_transfers(&self, from: Timestamp, until: Timestamp) -> Result<Vec<DayTransfers>, StoreError> {
        let params = vec![from.millis().into(), until.millis().into()];
        self.readable(Statement::new(DAY_TRANSFERS, params), day_transfers).await
    }

    async fn wallet_accounts(&self, after: Option<WalletId>) -> Result<Vec<WalletAccount>, StoreError> {
        let after = after.map_or(i64::MIN, |id| id.0);
        self.all(Statement::new(WALLET_ACCOUNTS, vec![after.into()]), wallet_account).await
    }

    async fn payment_accounts(&self, after: Option<&PaymentId>) -> Result<Vec<PaymentAccount>, StoreError> {
        let after = after.map_or("", |id| id.0.as_str());
        self.all(Statement::new(PAYMENT_ACCOUNTS, vec![after.into()]), payment_account).await
    }
}

fn day_transfers(row: &Row) -> Result<DayTransfers, StoreError> {
    let f = RowReader::new(row, "transfers", "a day");
    Ok(DayTransfers {
        day: Timestamp::from_millis(f.get::<i64>("day")?.saturating_mul(DAY)),
        kind: f.word("kind", TransferKind::from_word)?,
        amount: Money::from_hundredths(f.get("amount")?),
    })
}

fn wallet_account(row: &Row) -> Result<WalletAccount, StoreError> {
    let id: i64 = RowReader::new(row, "wallets", "?").get("id")?;
    let f = RowReader::new(row, "wallets", id);
    let money = |column| f.get(column).map(Money::from_hundredths);
    Ok(WalletAccount {
        id: WalletId(id),
        stored: Wallet { available: money("available")?, held: money("held")? },
        booked: Wallet { available: money("booked_available")?, held: money("booked_held")? },
    })
}

fn payment_account(row: &Row) -> Result<PaymentAccount, StoreError> {
    let id: String = RowReader::new(row, "payments", "?").get("id")?;
    let f = RowReader::new(row, "payments", &id);
    let sum = |column| f.get::<Option<i64>>(column).map(|sum| Money::from_hundredths(sum.unwrap_or_default()));
    Ok(PaymentAccount {
        amount: sum("amount")?,
        taken: sum("refund_amount")?,
        booked_amount: sum("credited")?,
        booked_taken: sum("taken")? - sum("put_back")?,
        id: PaymentId(id),
    })
}

fn day_totals(row: &Row) -> Result<DayTotals, StoreError> {
    let f = RowReader::new(row, "ledger", "a day");
    let credits = |column| f.get(column).map(Credits::from_milli);
    Ok(DayTotals {
        day: Timestamp::from_millis(f.get::<i64>("day")?.saturating_mul(DAY)),
        held: credits("held")?,
        open: credits("open")?,
        captured: credits("captured")?,
        released: credits("released")?,
        cost: credits("cost")?,
    })
}

fn job_account(row: &Row) -> Result<JobAccount, StoreError> {
    let job: String = RowReader::new(row, "jobs", "?").get("id")?;
    let f = RowReader::new(row, "jobs", &job);
    let credits = |column| f.get::<Option<i64>>(column).map(|milli| milli.map(Credits::from_milli));
    let money = |column| f.get::<Option<i64>>(column).map(|amount| amount.map(Money::from_hundredths));
    Ok(JobAccount {
        state: JobState::from_word(&f.get::<String>("state")?),
        quoted: credits("quote_credits")?,
        held: credits("held")?,
        captured: credits("captured")?,
        released: credits("released")?,
        cost: credits("cost")?,
        charge: f.maybe_json("charge")?,
        money: JobMoney {
            held: money("money_held")?,
            captured: money("money_captured")?,
            released: money("money_released")?,
        },
        job: JobId(job),
    })
}
