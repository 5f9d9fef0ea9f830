//! Invoices for Telegram Stars, and the payments that Telegram tells of. A payment is stored with the transfer that credits
//! it, so it is credited once, and from the row of its invoice.

use async_trait::async_trait;

use super::engine::{Row, Statement, WriteResult};
use super::row::{self, RowReader};
use super::sql::SqlStore;
use super::statement::statements;
use super::{star_subscription, wallet};
use crate::clock::Timestamp;
use crate::invoice::{Credited, Invoice, InvoiceId, Payment, PaymentId, StarPack, Stars};
use crate::job::UserId;
use crate::ledger::Money;
use crate::store_error::StoreError;
use crate::transfer::{Transfer, TransferKind};

statements! {
const ADD_INVOICE = "INSERT INTO invoices (id, person, stars, amount, created_at, is_subscription)
    VALUES ($1, $2, $3, $4, $5, $6)";
/// $1 the person, $2 made before when.
const FORGET_INVOICES = "DELETE FROM invoices WHERE person = $1 AND created_at < $2 AND payment IS NULL";
const INVOICE = "SELECT id, person, stars, amount, created_at, is_subscription, payment FROM invoices WHERE id = $1";
/// Returns no row when the payment is known.
const ADD_PAYMENT = "INSERT INTO payments (id, payload, person, currency, total, amount, received_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING RETURNING id";
const PAYMENT_AMOUNT = "SELECT amount FROM payments WHERE id = $1";
/// $1 the invoice, $2 the payment. Returns no row when it was paid.
const PAY_INVOICE = "UPDATE invoices SET payment = $2 WHERE id = $1 AND payment IS NULL RETURNING id";
}

/// Keeps invoices and payments.
#[async_trait]
pub trait InvoiceStore: std::fmt::Debug + Send + Sync {
    /// Adds an invoice, and deletes those of the person that were made before `forgotten` and never paid.
    async fn add_invoice(&self, invoice: &Invoice, forgotten: Timestamp) -> Result<(), StoreError>;
    /// The invoice with this number.
    async fn invoice(&self, id: &InvoiceId) -> Result<Option<Invoice>, StoreError>;
    /// Stores a payment, once, and credits what its invoice says to the wallet of its person: if that is who has paid, and
    /// it is what was paid. An invoice is paid once, that of a subscription in every term.
    async fn add_payment(&self, payment: &Payment) -> Result<Credited, StoreError>;
}

/// The statement that stores a payment.
fn store_payment(payment: &Payment, amount: Money) -> Statement {
    let Payment { id, of, term: _, at } = payment;
    let params = vec![
        id.0.as_str().into(),
        of.payload.as_str().into(),
        of.person.0.into(),
        of.currency.as_str().into(),
        of.total.into(),
        amount.hundredths().into(),
        at.millis().into(),
    ];
    Statement::new(ADD_PAYMENT, params).required()
}

#[async_trait]
impl InvoiceStore for SqlStore {
    async fn add_invoice(&self, invoice: &Invoice, forgotten: Timestamp) -> Result<(), StoreError> {
        let Invoice { id, person, pack, created_at, is_subscription, payment: _ } = invoice;
        let forget = Statement::new(FORGET_INVOICES, vec![person.0.into(), forgotten.millis().into()]);
        let params = vec![
            id.0.as_str().into(),
            person.0.into(),
            i64::from(pack.stars.get()).into(),
            pack.amount.hundredths().into(),
            created_at.millis().into(),
            (*is_subscription).into(),
        ];
        self.run(vec![forget, Statement::new(ADD_INVOICE, params)]).await.map(drop)
    }

    async fn invoice(&self, id: &InvoiceId) -> Result<Option<Invoice>, StoreError> {
        self.one(Statement::new(INVOICE, vec![id.0.as_str().into()]), invoice).await
    }

    async fn add_payment(&self, payment: &Payment) -> Result<Credited, StoreError> {
        let found = self.invoice(&InvoiceId(payment.of.payload.clone())).await?;
        let is_its = |invoice: &Invoice| invoice.person == payment.of.person && invoice.asks_for(&payment.of);
        if let Some(invoice) = found.filter(is_its) {
            let amount = invoice.pack.amount;
            let transfer = Transfer {
                key: format!("payment:{}", payment.id),
                kind: TransferKind::Payment,
                wallet: invoice.person.into(),
                amount,
                job: None,
                note: None,
                at: payment.at,
            };
            let pay = vec![invoice.id.0.as_str().into(), payment.id.0.as_str().into()];
            let pay = Statement::new(PAY_INVOICE, pay);
            let mut statements = vec![store_payment(payment, amount)];
            match payment.term.filter(|_| invoice.is_subscription) {
                Some(term) => statements.extend([pay, star_subscription::pay_term(&invoice, &payment.id, term)]),
                None => statements.push(pay.required()),
            }
            statements.extend(wallet::book(&transfer));
            match self.engine().write(statements).await? {
                WriteResult::Committed(_) => return Ok(Credited::New(amount)),
                WriteResult::Refused(0) => return self.credited(&payment.id).await,
                // Another payment has paid the invoice: this one is stored below.
                WriteResult::Refused(_) => {}
            }
        }
        match self.engine().write(vec![store_payment(payment, Money::ZERO)]).await? {
            WriteResult::Committed(_) => Ok(Credited::Stray),
            WriteResult::Refused(_) => self.credited(&payment.id).await,
        }
    }
}

impl SqlStore {
    /// What was credited for a payment that is stored.
    async fn credited(&self, id: &PaymentId) -> Result<Credited, StoreError> {
        let amount = |row: &Row| RowReader::new(row, "payments", id).get("amount").map(Money::from_hundredths);
        let found = self.one(Statement::new(PAYMENT_AMOUNT, vec![id.0.as_str().into()]), amount).await?;
        Ok(Credited::Known(found.unwrap_or_default()))
    }
}

fn invoice(row: &Row) -> Result<Invoice, StoreError> {
    let id = row::key(row, "id");
    let f = RowReader::new(row, "invoices", &id);
    let stars = f.small("stars")?;
    Ok(Invoice {
        person: UserId(f.get("person")?),
        pack: StarPack {
            stars: Stars::new(stars).ok_or_else(|| f.broken("stars", "out of range"))?,
            amount: Money::from_hundredths(f.get("amount")?),
        },
        created_at: f.time("created_at")?,
        is_subscription: f.get("is_subscription")?,
        payment: f.get::<Option<String>>("payment")?.map(PaymentId),
        id: InvoiceId(id),
    })
}
