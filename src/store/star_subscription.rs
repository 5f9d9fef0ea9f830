//! Subscriptions in Telegram Stars. A payment changes its subscription in the transaction that credits it.

use async_trait::async_trait;

use super::audit;
use super::engine::{Row, Statement};
use super::row::{self, RowReader};
use super::sql::SqlStore;
use super::statement::statements;
use crate::audit::AuditEntry;
use crate::clock::Timestamp;
use crate::invoice::{Invoice, InvoiceId, PaidTerm, PaymentId, StarPack, Stars};
use crate::job::UserId;
use crate::ledger::Money;
use crate::star_subscription::{Renewal, StarSubscription};
use crate::store_error::StoreError;

/// The columns of a subscription.
macro_rules! columns {
    () => {
        "invoice, person, payment, stars, amount, until, renewal"
    };
}

statements! {
/// $1 the person, $2 the present.
const STAR_SUBSCRIPTIONS_OF = concat!("SELECT ", columns!(), " FROM star_subscriptions
    WHERE person = $1 AND until > $2 ORDER BY until DESC, invoice");
/// $1 the invoice, $2 its person, $3 the payment, $4 and $5 what a term costs and brings, $6 until when it is paid, $7 whether
/// this is the first payment. Terms may be told in any order.
const PAY_TERM = "INSERT INTO star_subscriptions (invoice, person, payment, stars, amount, until, renewal)
    VALUES ($1, $2, $3, $4, $5, $6, 'automatic')
    ON CONFLICT (invoice) DO UPDATE SET
        payment = CASE WHEN $7 THEN excluded.payment ELSE star_subscriptions.payment END,
        renewal = CASE WHEN excluded.until > star_subscriptions.until THEN 'automatic'
            ELSE star_subscriptions.renewal END,
        until = CASE WHEN excluded.until > star_subscriptions.until THEN excluded.until
            ELSE star_subscriptions.until END";
/// $1 the invoice, $2 the word.
const SET_RENEWAL = "UPDATE star_subscriptions SET renewal = $2 WHERE invoice = $1";
}

/// Keeps subscriptions in Telegram Stars.
#[async_trait]
pub trait StarSubscriptionStore: std::fmt::Debug + Send + Sync {
    /// The subscriptions of a person that are paid now; the one that is paid for longest first.
    async fn star_subscriptions(&self, person: UserId, now: Timestamp) -> Result<Vec<StarSubscription>, StoreError>;
    /// Notes whether a subscription goes on. With `audit`: an admin's act.
    async fn set_renewal(
        &self,
        invoice: &InvoiceId,
        renewal: Renewal,
        audit: Option<&AuditEntry>,
    ) -> Result<(), StoreError>;
}

/// The statement that notes a paid term.
pub(super) fn pay_term(invoice: &Invoice, payment: &PaymentId, term: PaidTerm) -> Statement {
    let params = vec![
        invoice.id.0.as_str().into(),
        invoice.person.0.into(),
        payment.0.as_str().into(),
        i64::from(invoice.pack.stars.get()).into(),
        invoice.pack.amount.hundredths().into(),
        term.until.millis().into(),
        term.is_first.into(),
    ];
    Statement::new(PAY_TERM, params)
}

#[async_trait]
impl StarSubscriptionStore for SqlStore {
    async fn star_subscriptions(&self, person: UserId, now: Timestamp) -> Result<Vec<StarSubscription>, StoreError> {
        self.all(Statement::new(STAR_SUBSCRIPTIONS_OF, vec![person.0.into(), now.millis().into()]), subscription).await
    }

    async fn set_renewal(
        &self,
        invoice: &InvoiceId,
        renewal: Renewal,
        audit: Option<&AuditEntry>,
    ) -> Result<(), StoreError> {
        let set = Statement::new(SET_RENEWAL, vec![invoice.0.as_str().into(), renewal.as_str().into()]);
        self.run([set].into_iter().chain(audit.map(audit::add)).collect()).await.map(drop)
    }
}

fn subscription(row: &Row) -> Result<StarSubscription, StoreError> {
    let id = row::key(row, "invoice");
    let f = RowReader::new(row, "star_subscriptions", &id);
    let (stars, renewal) = (f.small("stars")?, f.get::<String>("renewal")?);
    Ok(StarSubscription {
        person: UserId(f.get("person")?),
        payment: PaymentId(f.get("payment")?),
        pack: StarPack {
            stars: Stars::new(stars).ok_or_else(|| f.broken("stars", "out of range"))?,
            amount: Money::from_hundredths(f.get("amount")?),
        },
        until: f.time("until")?,
        renewal: Renewal::from_word(&renewal).ok_or_else(|| f.broken("renewal", "unknown"))?,
        invoice: InvoiceId(id),
    })
}
