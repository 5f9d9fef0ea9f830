//! A bot that sells for Telegram Stars.

use kie::clock::Clock;
use kie::demo::telegram::PaymentRefusal;
use kie::invoice::{Invoice, InvoiceId, StarPack, Stars};
use kie::job::UserId;
use kie::ledger::{Money, WalletId};
use kie::store::{self, Store};
use kie::tariff::{Markup, Rate, Tariff};
use sqlx::Connection;

use super::*;

const ME: i64 = 42;

pub(crate) fn pack(stars: u32, units: i64) -> StarPack {
    StarPack { stars: Stars::new(stars).unwrap(), amount: Money::from_hundredths(units * 100) }
}

async fn selling(language: &str) -> (Play, std::sync::Arc<dyn Store>) {
    let play = Play::with(language, |options| {
        let rounding = Money::from_hundredths(100);
        options.tariff = Some(Tariff {
            rate: Rate(1_000_000),
            markup: Markup(0),
            rounding,
            minimum: rounding,
            fixed: None,
            currency: "₽".parse().unwrap(),
        });
        options.star_packs = vec![pack(100, 120), pack(500, 650)];
    })
    .await;
    // The bot has made the tables when it answers.
    play.chat.send_text("/start");
    play.chat.wait_for(TIMEOUT, |view| view.from_bot().next().map(|_| ())).await.unwrap();
    let url = format!("sqlite:{}", play.folder.path().join("demo.db").display());
    (play, store::open_as_is(&url).await.unwrap())
}

async fn has(store: &std::sync::Arc<dyn Store>, units: i64) {
    let wallet = store.wallet(WalletId(ME)).await.unwrap();
    assert_eq!(wallet.available, Money::from_hundredths(units * 100));
}

fn is_invoice(message: &Message) -> bool {
    message.buttons.iter().flatten().any(|button| button.pay)
}

/// Asks for the invoice of a pack; returns its message.
pub(crate) async fn ask(play: &Play, label: &str) -> i32 {
    let seen = play.chat.view().messages.len();
    play.chat.send_text("/balance");
    play.chat.wait_for(TIMEOUT, |view| (view.messages.len() > seen + 1).then_some(())).await.unwrap();
    play.press("Top up").await;
    play.chat.wait_button(label, TIMEOUT).await.unwrap();
    let count = play.chat.view().messages.iter().filter(|m| is_invoice(m)).count();
    play.press(label).await;
    let newest = |view: &kie::demo::telegram::ChatView| {
        let invoices: Vec<i32> = view.messages.iter().filter(|m| is_invoice(m)).map(|m| m.id).collect();
        invoices.last().copied().filter(|_| invoices.len() > count)
    };
    play.chat.wait_for(TIMEOUT, newest).await.unwrap()
}

/// F16: a payment was credited twice.
#[tokio::test]
async fn f16_a_pack_is_bought_and_credited_once() {
    let (play, store) = selling("en").await;
    let invoice = ask(&play, "120 ₽ for 100 Stars").await;
    let stars = play.chat.stars();
    let payment = play.chat.pay(invoice).unwrap().made().await.unwrap();
    let receipt = play.sees("120\u{a0}₽ received").await;
    assert!(receipt.text.contains("You have 120\u{a0}₽") && receipt.text.contains(&payment), "{receipt}");
    assert_eq!(play.chat.stars(), stars - 100);
    has(&store, 120).await;

    // Told again, as if the first update had been lost.
    let again = json!({
        "message_id": 900_000, "date": 1, "from": { "id": ME, "is_bot": false, "first_name": "User" },
        "chat": { "id": ME, "type": "private" },
        "successful_payment": {
            "currency": "XTR", "total_amount": 100, "telegram_payment_charge_id": payment,
            "invoice_payload": play.harness.telegram.star_payments()[0].payload,
        },
    });
    play.harness.telegram.push_update("message", again);
    // The invoice cannot be paid a second time.
    let refused = play.chat.pay(invoice).unwrap().made().await.unwrap_err();
    assert!(matches!(&refused, PaymentRefusal::Refused(why) if why.contains("already paid")), "{refused}");
    play.chat.send_text("/balance");
    play.press("Statement").await;
    let statement = play.sees("+120\u{a0}₽ · payment").await;
    assert_eq!(statement.text.matches("payment").count(), 1, "{statement}");
    has(&store, 120).await;
    play.chat.send_text("/paysupport");
    play.sees("Write to @demo_support").await;
    play.chat.send_text("/terms");
    play.sees("one that fails costs nothing").await;
    store.close().await;
    play.end().await;
}

/// F16: after a restart nothing was known of an invoice.
#[tokio::test]
async fn f16_a_question_is_answered_from_the_database_alone() {
    let (play, store) = selling("ru").await;
    // The process has never seen these invoices.
    let now = kie::clock::SystemClock.now();
    let long_ago = kie::clock::Timestamp::from_millis(now.millis() - 25 * 3600 * 1000);
    for (id, person, created_at) in [("kept", ME, now), ("old", ME, long_ago), ("others", 43, now)] {
        let invoice = Invoice {
            id: InvoiceId(id.into()),
            person: UserId(person),
            pack: pack(7, 9),
            created_at,
            is_subscription: false,
            payment: None,
        };
        store.add_invoice(&invoice, long_ago).await.unwrap();
    }
    let send = async |payload: &str, stars: u32| {
        let args = json!({
            "chat_id": ME, "title": "t", "description": "d", "payload": payload, "currency": "XTR",
            "prices": [{ "label": "l", "amount": stars }],
        });
        let url = format!("{}bot{}/sendInvoice", play.harness.telegram.api_url, play.harness.telegram.token());
        let reply: Value = reqwest::Client::new().post(url).json(&args).send().await.unwrap().json().await.unwrap();
        i32::try_from(reply["result"]["message_id"].as_i64().unwrap()).unwrap()
    };
    for (payload, stars, why) in [
        ("unknown", 7, "больше не действует"),
        ("kept", 8, "больше не действует"),
        ("old", 7, "больше не действует"),
        ("others", 7, "выставлен другому"),
    ] {
        let message = send(payload, stars).await;
        let refused = play.chat.pay(message).unwrap().made().await.unwrap_err();
        assert!(matches!(&refused, PaymentRefusal::Refused(text) if text.contains(why)), "{payload}: {refused}");
    }
    has(&store, 0).await;
    let message = send("kept", 7).await;
    // The copy of another person is theirs to see and not to pay.
    let other = play.harness.telegram.chat_of(TelegramUser::new(77).speaking("en"));
    let refused = other.pay_forwarded(&play.chat, message).unwrap().made().await.unwrap_err();
    assert!(matches!(&refused, PaymentRefusal::Refused(text) if text.contains("somebody else")), "{refused}");
    play.chat.pay(message).unwrap().made().await.unwrap();
    play.sees("Получено 9\u{a0}₽").await;
    has(&store, 9).await;
    store.close().await;
    play.end().await;
}

/// F17: a screenshot or a text was taken for a payment.
#[tokio::test]
async fn f17_only_a_confirmed_payment_is_credited() {
    let (play, store) = selling("en").await;
    let invoice = ask(&play, "120 ₽ for 100 Stars").await;
    play.chat.send_text("successful_payment: I have paid 100 Stars");
    let facts = json!({
        "currency": "XTR", "total_amount": 100, "telegram_payment_charge_id": "forged", "invoice_payload": "forged",
    });
    let forged = |extra: Value| {
        let mut message = json!({
            "message_id": 900_001, "date": 1, "from": { "id": ME, "is_bot": false, "first_name": "User" },
            "chat": { "id": ME, "type": "private" }, "successful_payment": facts,
        });
        message.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        message
    };
    play.harness.telegram.push_update("message", forged(json!({ "forward_origin": { "type": "hidden_user" } })));
    play.harness.telegram.push_update("edited_message", forged(json!({})));
    // One that Telegram itself tells of and nobody was asked for is kept, and credits nothing.
    play.harness.telegram.push_update("message", forged(json!({})));
    play.sees("Your payment forged has come").await;
    has(&store, 0).await;
    // The real one still counts.
    play.chat.pay(invoice).unwrap().made().await.unwrap();
    play.sees("120\u{a0}₽ received").await;
    has(&store, 120).await;
    store.close().await;
    play.end().await;
}

/// What a chat waits for does not keep Telegram waiting for an answer.
#[tokio::test]
async fn a_question_does_not_wait_behind_the_chats_other_work() {
    let (play, store) = selling("en").await;
    let invoice = ask(&play, "650 ₽ for 500 Stars").await;
    let (seen, calls) = (play.chat.view().from_bot().count(), play.harness.telegram.count("sendMessage"));
    // Under flood control the answer to this waits, and with it the chat's later updates.
    play.chat.flood(Duration::from_secs(2));
    play.chat.send_text("/help");
    play.harness.telegram.wait_for_calls("sendMessage", calls + 1, TIMEOUT).await.unwrap();
    play.chat.pay(invoice).unwrap().made().await.unwrap();
    assert_eq!(play.chat.view().from_bot().count(), seen, "the chat still waits");
    play.sees("650\u{a0}₽ received").await;
    store.close().await;
    play.end().await;
}

/// Somebody has paid, and the database does not take it: that is said, and not only logged.
#[tokio::test]
async fn a_payment_that_cannot_be_credited_is_told() {
    let (play, store) = selling("en").await;
    ask(&play, "120 ₽ for 100 Stars").await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(play.folder.path().join("demo.db"));
    let mut database = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql("UPDATE invoices SET id = 'broken', stars = 20000").execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    let paid = json!({
        "message_id": 900_002, "date": 1, "from": { "id": ME, "is_bot": false, "first_name": "User" },
        "chat": { "id": ME, "type": "private" },
        "successful_payment": {
            "currency": "XTR", "total_amount": 100, "telegram_payment_charge_id": "charged", "invoice_payload": "broken",
        },
    });
    play.harness.telegram.push_update("message", paid);
    play.sees("Your payment charged has come, but I could not put it on your balance").await;
    has(&store, 0).await;
    store.close().await;
    play.end().await;
}
