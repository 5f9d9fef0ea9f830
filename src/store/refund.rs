//! Payments that are given back. What was credited is taken from the wallet in the transaction that asks for the refund, so
//! that it cannot be spent meanwhile; should Telegram refuse, it is put back.

use async_trait::async_trait;

use super::audit;
use super::engine::{Row, Statement, WriteResult};
use super::row::{self, RowReader};
use super::sql::SqlStore;
use super::statement::statements;
use super::wallet::{self, WalletStore};
use crate::audit::AuditEntry;
use crate::clock::Timestamp;
use crate::invoice::{PaymentId, RefundState, StoredPayment};
use crate::job::UserId;
use crate::ledger::Money;
use crate::store_error::StoreError;
use crate::transfer::{Transfer, TransferKind};

/// The columns of a payment.
macro_rules! columns {
    () => {
        "id, person, currency, total, amount, received_at, refund_tries, refund_asked_at, refunded_at, refund_amount"
    };
}

statements! {
const PAYMENT = concat!("SELECT ", columns!(), " FROM payments WHERE id = $1");
const PAYMENTS_AT = concat!("SELECT ", columns!(), " FROM payments WHERE received_at = $1 ORDER BY id");
const NEWEST_PAYMENTS = concat!("SELECT ", columns!(), " FROM payments ORDER BY received_at DESC, id DESC LIMIT $1");
const PAYMENTS_OF = concat!("SELECT ", columns!(), " FROM payments WHERE person = $1
    ORDER BY received_at DESC, id DESC LIMIT $2");
/// $1 the person.
const OPEN_REFUND_OF = "SELECT id FROM payments
    WHERE person = $1 AND refund_asked_at IS NOT NULL AND refunded_at IS NULL LIMIT 1";
/// $1 the payment, $2 the time, $3 the tries so far. Returns no row when it is asked for or done.
const ASK_REFUND = "UPDATE payments SET refund_asked_at = $2, refund_tries = $3 + 1, refund_amount = amount
    WHERE id = $1 AND refund_tries = $3 AND refund_asked_at IS NULL AND refunded_at IS NULL RETURNING id";
/// $1 the payment, $2 the time.
const END_REFUND = "UPDATE payments SET refunded_at = $2
    WHERE id = $1 AND refund_asked_at IS NOT NULL AND refunded_at IS NULL RETURNING id";
/// $1 the payment, $2 the try. Returns no row when it is done, or another try.
const WITHDRAW_REFUND = "UPDATE payments SET refund_asked_at = NULL, refund_amount = NULL
    WHERE id = $1 AND refund_tries = $2 AND refund_asked_at IS NOT NULL AND refunded_at IS NULL RETURNING id";
/// $1 the payment, $2 the time, $3 the tries so far, $4 what is taken from the wallet. Returns no row when it is asked for or
/// done.
const TAKE_REFUND = "UPDATE payments
    SET refund_asked_at = $2, refunded_at = $2, refund_tries = $3 + 1, refund_amount = $4
    WHERE id = $1 AND refund_tries = $3 AND refund_asked_at IS NULL AND refunded_at IS NULL RETURNING id";
}

/// What has become of the wish to give a payment back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundAsked {
    /// What was credited is taken from the wallet. The number of the try.
    New(u32),
    /// It was asked for before, and has not ended.
    Open(u32),
    /// It was given back before.
    Done,
    /// The wallet has less than was credited: nothing has changed.
    Spent,
}

/// Keeps what is given back of payments.
#[async_trait]
pub trait RefundStore: std::fmt::Debug + Send + Sync {
    /// A payment.
    async fn payment(&self, id: &PaymentId) -> Result<Option<StoredPayment>, StoreError>;
    /// The payments that were received at this very moment.
    async fn payments_at(&self, at: Timestamp) -> Result<Vec<StoredPayment>, StoreError>;
    /// The payments of all, or of a person, newest first, at most `limit`.
    async fn payments(&self, person: Option<UserId>, limit: u32) -> Result<Vec<StoredPayment>, StoreError>;
    /// Whether a refund to a person has not ended.
    async fn has_open_refund(&self, person: UserId) -> Result<bool, StoreError>;
    /// Takes what was credited for a payment from the wallet, before it is given back.
    async fn ask_refund(
        &self,
        payment: &StoredPayment,
        now: Timestamp,
        audit: &AuditEntry,
    ) -> Result<RefundAsked, StoreError>;
    /// It was not given back after all: the wallet has again what was taken. Nothing changes after the end, and in another try.
    async fn withdraw_refund(&self, id: &PaymentId, refund_try: u32, now: Timestamp) -> Result<(), StoreError>;
    /// It was given back, by this bot or otherwise. What was not taken from the wallet before is taken now, as far as it is
    /// there. The payment as it is then; `None` when there is none.
    async fn end_refund(&self, id: &PaymentId, now: Timestamp) -> Result<Option<StoredPayment>, StoreError>;
}

/// The transfer of a try.
fn refund(kind: TransferKind, payment: &StoredPayment, refund_try: u32, amount: Money, at: Timestamp) -> Transfer {
    Transfer {
        key: format!("{}:{}:{refund_try}", kind.as_str(), payment.id),
        kind,
        wallet: payment.person.into(),
        amount,
        job: None,
        note: None,
        at,
    }
}

/// The statements of that transfer; none for a payment that was not credited.
fn book(kind: TransferKind, payment: &StoredPayment, refund_try: u32, amount: Money, at: Timestamp) -> Vec<Statement> {
    if amount == Money::ZERO {
        return Vec::new();
    }
    wallet::book(&refund(kind, payment, refund_try, amount, at))
}

#[async_trait]
impl RefundStore for SqlStore {
    async fn payment(&self, id: &PaymentId) -> Result<Option<StoredPayment>, StoreError> {
        self.one(Statement::new(PAYMENT, vec![id.0.as_str().into()]), payment).await
    }

    async fn payments_at(&self, at: Timestamp) -> Result<Vec<StoredPayment>, StoreError> {
        self.all(Statement::new(PAYMENTS_AT, vec![at.millis().into()]), payment).await
    }

    async fn payments(&self, person: Option<UserId>, limit: u32) -> Result<Vec<StoredPayment>, StoreError> {
        let statement = match person {
            Some(person) => Statement::new(PAYMENTS_OF, vec![person.0.into(), i64::from(limit).into()]),
            None => Statement::new(NEWEST_PAYMENTS, vec![i64::from(limit).into()]),
        };
        self.all(statement, payment).await
    }

    async fn has_open_refund(&self, person: UserId) -> Result<bool, StoreError> {
        let found = self.one(Statement::new(OPEN_REFUND_OF, vec![person.0.into()]), |_| Ok(())).await?;
        Ok(found.is_some())
    }

    async fn ask_refund(
        &self,
        payment: &StoredPayment,
        now: Timestamp,
        audit: &AuditEntry,
    ) -> Result<RefundAsked, StoreError> {
        let mut tries = payment.refund_tries;
        loop {
            let params = vec![payment.id.0.as_str().into(), now.millis().into(), i64::from(tries).into()];
            let mut statements = vec![Statement::new(ASK_REFUND, params).required()];
            statements.extend(book(TransferKind::Refund, payment, tries + 1, payment.amount, now));
            statements.push(audit::add(audit));
            match self.engine().write(statements).await? {
                WriteResult::Committed(_) => return Ok(RefundAsked::New(tries + 1)),
                WriteResult::Refused(0) => {}
                WriteResult::Refused(_) => return Ok(RefundAsked::Spent),
            }
            match self.payment(&payment.id).await? {
                Some(StoredPayment { refund: RefundState::Asked, refund_tries, .. }) => {
                    return Ok(RefundAsked::Open(refund_tries));
                }
                // Another try was refused meanwhile.
                Some(StoredPayment { refund: RefundState::None, refund_tries, .. }) => tries = refund_tries,
                Some(StoredPayment { refund: RefundState::Done { .. }, .. }) | None => return Ok(RefundAsked::Done),
            }
        }
    }

    async fn withdraw_refund(&self, id: &PaymentId, refund_try: u32, now: Timestamp) -> Result<(), StoreError> {
        let Some(payment) = self.payment(id).await? else { return Ok(()) };
        let params = vec![id.0.as_str().into(), i64::from(refund_try).into()];
        let mut statements = vec![Statement::new(WITHDRAW_REFUND, params).required()];
        statements.extend(book(TransferKind::RefundReversal, &payment, refund_try, payment.amount, now));
        self.try_write(statements).await.map(drop)
    }

    async fn end_refund(&self, id: &PaymentId, now: Timestamp) -> Result<Option<StoredPayment>, StoreError> {
        loop {
            let Some(payment) = self.payment(id).await? else { return Ok(None) };
            let key = || id.0.as_str().into();
            let statements = match payment.refund {
                RefundState::Done { .. } => return Ok(Some(payment)),
                RefundState::Asked => {
                    vec![Statement::new(END_REFUND, vec![key(), now.millis().into()]).required()]
                }
                RefundState::None => {
                    let taken = self.wallet(payment.person.into()).await?.available.min(payment.amount);
                    let tries = payment.refund_tries;
                    let params = vec![key(), now.millis().into(), i64::from(tries).into(), taken.hundredths().into()];
                    let mut statements = vec![Statement::new(TAKE_REFUND, params).required()];
                    statements.extend(book(TransferKind::Refund, &payment, tries + 1, taken, now));
                    statements
                }
            };
            // Refused when something has changed meanwhile: the next look sees it.
            self.try_write(statements).await?;
        }
    }
}

fn payment(row: &Row) -> Result<StoredPayment, StoreError> {
    let id = row::key(row, "id");
    let f = RowReader::new(row, "payments", &id);
    let (asked, done) = (f.get::<Option<i64>>("refund_asked_at")?, f.get::<Option<i64>>("refunded_at")?);
    let taken = f.get::<Option<i64>>("refund_amount")?.map(Money::from_hundredths).unwrap_or_default();
    Ok(StoredPayment {
        person: UserId(f.get("person")?),
        currency: f.get("currency")?,
        total: f.get("total")?,
        amount: Money::from_hundredths(f.get("amount")?),
        at: f.time("received_at")?,
        refund_tries: f.small("refund_tries")?,
        refund: match (asked, done) {
            (_, Some(at)) => RefundState::Done { taken, at: Timestamp::from_millis(at) },
            (Some(_), None) => RefundState::Asked,
            (None, None) => RefundState::None,
        },
        id: PaymentId(id),
    })
}
