//! What Telegram says of payments: the question whether one may be made, and that one was made.

use serde_json::Value;

use super::incoming::{self, Sender};
use crate::clock::Timestamp;
use crate::inbox::UPLOAD_CHATS;
use crate::invoice::{PaidTerm, PaymentId, PaymentTerms};
use crate::job::ChatId;

/// A question whether a payment may be made (`pre_checkout_query`).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CheckoutQuery {
    pub(crate) id: String,
    pub(crate) sender: Sender,
    pub(crate) terms: PaymentTerms,
}

/// A payment that was made (`successful_payment`).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PaymentNotice {
    pub(crate) id: PaymentId,
    pub(crate) sender: Sender,
    pub(crate) terms: PaymentTerms,
    pub(crate) term: Option<PaidTerm>,
}

/// A payment that was given back (`refunded_payment`).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RefundNotice {
    pub(crate) id: PaymentId,
}

/// What an update says of a payment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PaymentUpdate {
    Query(CheckoutQuery),
    Notice(PaymentNotice),
    Refund(RefundNotice),
}

/// Keys of messages that repeat what another message says.
const REPEATED: [&str; 4] = ["forward_origin", "forward_date", "via_bot", "sender_chat"];

impl PaymentUpdate {
    /// `None` when an update is not about a payment. Only Telegram itself writes what is read here: a text, a picture or
    /// a forwarded message never is a payment.
    pub(crate) fn read(update: &Value) -> Option<Self> {
        if let Some(query) = update.get("pre_checkout_query") {
            let (sender, id) = (incoming::sender(query)?, query.get("id")?.as_str()?.to_owned());
            return Some(Self::Query(CheckoutQuery { id, terms: terms(query, &sender)?, sender }));
        }
        let message = update.get("message")?;
        if REPEATED.iter().any(|key| message.get(key).is_some()) {
            return None;
        }
        if let Some(facts) = message.get("refunded_payment") {
            return Some(Self::Refund(RefundNotice { id: charge(facts)? }));
        }
        let facts = message.get("successful_payment")?;
        let sender = incoming::sender(message)?;
        let terms = terms(facts, &sender)?;
        Some(Self::Notice(PaymentNotice { id: charge(facts)?, terms, term: term(facts), sender }))
    }
}

fn charge(facts: &Value) -> Option<PaymentId> {
    let id = facts.get("telegram_payment_charge_id")?.as_str().filter(|id| !id.is_empty())?;
    Some(PaymentId(id.to_owned()))
}

/// What a payment pays of a subscription (Bot API, `SuccessfulPayment`).
fn term(facts: &Value) -> Option<PaidTerm> {
    let flag = |key: &str| facts.get(key).and_then(Value::as_bool).unwrap_or_default();
    let until = facts.get("subscription_expiration_date")?.as_i64()?.checked_mul(1000)?;
    Some(PaidTerm { is_first: flag("is_first_recurring"), until: Timestamp::from_millis(until) })
}

fn terms(facts: &Value, sender: &Sender) -> Option<PaymentTerms> {
    let text = |key: &str| facts.get(key)?.as_str().map(str::to_owned);
    Some(PaymentTerms {
        payload: text("invoice_payload")?,
        person: sender.id,
        currency: text("currency")?,
        total: facts.get("total_amount")?.as_i64()?,
    })
}

/// The chat in which a question about a payment is handled: one for each person, beside all chats of Telegram, because
/// the answer must not wait behind other work.
pub(super) fn checkout_chat(update: &Value) -> Option<ChatId> {
    let person = update.pointer("/pre_checkout_query/from/id")?.as_i64()?;
    // Of Telegram's numbers none is so far from 0 that this reaches the chats of uploads.
    Some(ChatId(UPLOAD_CHATS.0 / 2 - person.clamp(0, 1 << 52)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::inbox::is_upload_chat;

    fn paid(message: Value) -> Option<PaymentUpdate> {
        let facts = json!({
            "currency": "XTR", "total_amount": 120, "invoice_payload": "row", "telegram_payment_charge_id": "c",
        });
        let mut whole = json!({ "message_id": 1, "from": { "id": 5 }, "successful_payment": facts });
        whole.as_object_mut().unwrap().extend(message.as_object().unwrap().clone());
        PaymentUpdate::read(&json!({ "update_id": 1, "message": whole }))
    }

    /// F17: what looks like a payment was taken for one.
    #[test]
    fn f17_only_telegrams_own_message_is_a_payment() {
        assert!(matches!(paid(json!({})), Some(PaymentUpdate::Notice(notice)) if notice.terms.total == 120));
        let of_plan = json!({ "is_recurring": true, "is_first_recurring": true, "subscription_expiration_date": 9 });
        let first = PaidTerm { is_first: true, until: Timestamp::from_millis(9000) };
        assert_eq!([term(&of_plan), term(&json!({ "total_amount": 1 }))], [Some(first), None]);
        let given_back = json!({ "message": { "refunded_payment": { "telegram_payment_charge_id": "c" } } });
        let of = PaymentId("c".to_owned());
        assert_eq!(PaymentUpdate::read(&given_back), Some(PaymentUpdate::Refund(RefundNotice { id: of })));
        assert_eq!(paid(json!({ "forward_origin": { "type": "user" } })), None);
        assert_eq!(paid(json!({ "via_bot": { "id": 3 } })), None);
        assert_eq!(paid(json!({ "sender_chat": { "id": -3 } })), None);
        for body in [
            json!({ "message": { "from": { "id": 5 }, "text": "successful_payment 120 XTR" } }),
            json!({ "message": { "from": { "id": 5 }, "photo": [], "caption": "successful_payment" } }),
            json!({ "edited_message": { "from": { "id": 5 }, "successful_payment": { "total_amount": 1 } } }),
            json!({ "message": { "from": { "id": 5 }, "reply_to_message": { "successful_payment": {} } } }),
        ] {
            assert_eq!(PaymentUpdate::read(&body), None, "{body}");
        }
    }

    #[test]
    fn a_question_about_a_payment_has_a_chat_of_its_own() {
        let of = |person: i64| checkout_chat(&json!({ "pre_checkout_query": { "from": { "id": person } } })).unwrap();
        assert_ne!(of(1), of(2));
        for chat in [of(0), of(1 << 52)] {
            assert!(chat.0 < -(1 << 53) && !is_upload_chat(chat), "{chat:?}");
        }
        assert_eq!(checkout_chat(&json!({ "message": {} })), None);
    }
}
