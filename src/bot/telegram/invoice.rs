//! Calls of the Bot API that sell for Telegram Stars.

use std::time::Duration;

use async_trait::async_trait;
use serde::Serialize;
use serde::de::IgnoredAny;
use teloxide::RequestError;
use teloxide::requests::{JsonRequest, Payload};
use teloxide::types::ChatId;
use url::Url;

use super::{PERSISTENT, SendErrorKind, Telegram};
use crate::invoice::{Invoice, PaymentId, STARS_CURRENCY};
use crate::job;
use crate::service::{StarCallError, StarCalls};
use crate::star_subscription::PERIOD;

/// Pauses before an answer is given again: Telegram waits 10 seconds for it.
const ANSWER_PAUSES: [Duration; 3] =
    [Duration::from_millis(300), Duration::from_millis(1000), Duration::from_millis(3000)];

/// What Telegram says of a payment that was given back before.
const REFUNDED_BEFORE: &str = "CHARGE_ALREADY_REFUNDED";

/// `sendInvoice`.
#[derive(Debug, Clone, Serialize)]
struct SendInvoice {
    chat_id: ChatId,
    title: String,
    description: String,
    payload: String,
    provider_token: &'static str,
    currency: &'static str,
    prices: [LabeledPrice; 1],
    /// With one, a forwarded invoice has no button to pay it.
    start_parameter: &'static str,
}

#[derive(Debug, Clone, Serialize)]
struct LabeledPrice {
    label: String,
    amount: u32,
}

impl Payload for SendInvoice {
    type Output = IgnoredAny;
    const NAME: &'static str = "SendInvoice";
}

/// `answerPreCheckoutQuery`.
#[derive(Debug, Clone, Serialize)]
struct AnswerPreCheckoutQuery {
    pre_checkout_query_id: String,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
}

impl Payload for AnswerPreCheckoutQuery {
    type Output = IgnoredAny;
    const NAME: &'static str = "AnswerPreCheckoutQuery";
}

/// `refundStarPayment`.
#[derive(Debug, Clone, Serialize)]
struct RefundStarPayment {
    user_id: i64,
    telegram_payment_charge_id: String,
}

impl Payload for RefundStarPayment {
    type Output = IgnoredAny;
    const NAME: &'static str = "RefundStarPayment";
}

/// `createInvoiceLink`.
#[derive(Debug, Clone, Serialize)]
struct CreateInvoiceLink {
    title: String,
    description: String,
    payload: String,
    provider_token: &'static str,
    currency: &'static str,
    prices: [LabeledPrice; 1],
    /// In seconds.
    subscription_period: u64,
}

impl Payload for CreateInvoiceLink {
    type Output = Url;
    const NAME: &'static str = "CreateInvoiceLink";
}

/// `editUserStarSubscription`.
#[derive(Debug, Clone, Serialize)]
struct EditUserStarSubscription {
    user_id: i64,
    telegram_payment_charge_id: String,
    is_canceled: bool,
}

impl Payload for EditUserStarSubscription {
    type Output = IgnoredAny;
    const NAME: &'static str = "EditUserStarSubscription";
}

impl Telegram {
    /// Makes a link that opens an invoice which is paid again every [`PERIOD`].
    ///
    /// # Errors
    /// When the call fails.
    pub(crate) async fn create_subscription_link(
        &self,
        invoice: &Invoice,
        title: &str,
        description: &str,
    ) -> Result<Url, RequestError> {
        let payload = CreateInvoiceLink {
            title: title.to_owned(),
            description: description.to_owned(),
            payload: invoice.id.0.clone(),
            provider_token: "",
            currency: STARS_CURRENCY,
            prices: [LabeledPrice { label: title.to_owned(), amount: invoice.pack.stars.get() }],
            subscription_period: PERIOD.as_secs(),
        };
        JsonRequest::new(self.calls().clone(), payload).await
    }

    /// Sends an invoice to its person.
    ///
    /// # Errors
    /// When the call fails.
    pub(crate) async fn send_invoice(
        &self,
        invoice: &Invoice,
        title: &str,
        description: &str,
    ) -> Result<(), RequestError> {
        self.in_chat(job::ChatId(invoice.person.0), PERSISTENT, |now| {
            let payload = SendInvoice {
                chat_id: now,
                title: title.to_owned(),
                description: description.to_owned(),
                payload: invoice.id.0.clone(),
                provider_token: "",
                currency: STARS_CURRENCY,
                prices: [LabeledPrice { label: title.to_owned(), amount: invoice.pack.stars.get() }],
                start_parameter: "balance",
            };
            async { JsonRequest::new(self.calls().clone(), payload).await }
        })
        .await
        .map(drop)
    }

    /// Answers whether a payment may be made; with a reason it may not.
    ///
    /// # Errors
    /// When the call fails: also when the answer comes too late.
    pub(crate) async fn answer_checkout(&self, query: &str, refusal: Option<String>) -> Result<(), RequestError> {
        let payload = AnswerPreCheckoutQuery {
            pre_checkout_query_id: query.to_owned(),
            ok: refusal.is_none(),
            error_message: refusal,
        };
        let mut pauses = ANSWER_PAUSES.iter();
        loop {
            let answered = JsonRequest::new(self.calls().clone(), payload.clone()).await;
            match (answered, pauses.next()) {
                (Ok(_), _) => return Ok(()),
                (Err(error), Some(pause)) if SendErrorKind::of(&error).is_temporary() => {
                    self.clock.sleep(*pause).await;
                }
                (Err(error), _) => return Err(error),
            }
        }
    }
}

impl Telegram {
    fn star_call_error(&self, error: &RequestError) -> StarCallError {
        let why = self.describe(error);
        match SendErrorKind::of(error) {
            SendErrorKind::Rejected | SendErrorKind::Unreachable => StarCallError::Refused(why),
            SendErrorKind::RateLimited(_) | SendErrorKind::Temporary | SendErrorKind::InvalidToken => {
                StarCallError::Unanswered(why)
            }
        }
    }
}

#[async_trait]
impl StarCalls for Telegram {
    async fn refund(&self, person: job::UserId, payment: &PaymentId) -> Result<(), StarCallError> {
        let payload = RefundStarPayment { user_id: person.0, telegram_payment_charge_id: payment.0.clone() };
        match JsonRequest::new(self.calls().clone(), payload).await.map_err(|error| self.star_call_error(&error)) {
            Err(StarCallError::Refused(why)) if why.contains(REFUNDED_BEFORE) => Ok(()),
            result => result.map(drop),
        }
    }

    async fn edit_subscription(
        &self,
        person: job::UserId,
        payment: &PaymentId,
        is_canceled: bool,
    ) -> Result<(), StarCallError> {
        let telegram_payment_charge_id = payment.0.clone();
        let payload = EditUserStarSubscription { user_id: person.0, telegram_payment_charge_id, is_canceled };
        let edited = JsonRequest::new(self.calls().clone(), payload).await;
        edited.map(drop).map_err(|error| self.star_call_error(&error))
    }
}
