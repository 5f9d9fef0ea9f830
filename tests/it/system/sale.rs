//! Sales for Telegram Stars while bots die: what was asked is answered, and what was paid is credited once.

use kie::clock::{Clock, SystemClock};
use kie::demo::telegram::{ChatHandle, Message};
use kie::http::telegram::SECRET_HEADER;
use kie::invoice::{Invoice, InvoiceId, StarPack, Stars};
use kie::job::UserId;
use kie::ledger::{Money, WalletId};
use kie::tariff::{Markup, Rate, Tariff};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::support::database;
use crate::system::fixture::{LIMIT, TestSystem};
use crate::system::person::press;
use crate::system::telegram_webhook::{SET, behind_a_front, hook};

/// A bot that sells 120 units for 100 Stars.
fn selling(mut system: TestSystem) -> TestSystem {
    let unit = Money::from_hundredths(100);
    let currency = "₽".parse().unwrap();
    system.config.tariff =
        Some(Tariff { rate: Rate(1_000_000), markup: Markup(0), rounding: unit, minimum: unit, fixed: None, currency });
    let pack = StarPack { stars: Stars::new(100).unwrap(), amount: Money::from_hundredths(12_000) };
    system.config.star_packs = vec![pack];
    system.config.support = Some("@help".to_owned());
    system
}

fn is_invoice(message: &&Message) -> bool {
    message.buttons.iter().flatten().any(|button| button.pay)
}

/// Asks for an invoice; returns its message.
async fn invoice(chat: &ChatHandle) -> i32 {
    let count = chat.view().messages.iter().filter(is_invoice).count();
    chat.send_text("/balance");
    press(chat, "Top up").await;
    press(chat, "120 ₽ for 100 Stars").await;
    let newest = |view: &kie::demo::telegram::ChatView| {
        let invoices: Vec<i32> = view.messages.iter().filter(is_invoice).map(|message| message.id).collect();
        invoices.last().copied().filter(|_| invoices.len() > count)
    };
    chat.wait_for(LIMIT, newest).await.unwrap()
}

async fn has(system: &TestSystem, chat: &ChatHandle) -> i64 {
    let wallet = system.store().await.wallet(WalletId(chat.id())).await.unwrap();
    wallet.available.hundredths() / 100
}

async fn questions_and_payments_outlive_bots(system: TestSystem) {
    let system = selling(system);
    let chat = system.telegram.chat(881);
    let bot = system.bot().await;
    let asked = invoice(&chat).await;
    bot.kill().await;
    // Nobody is there when the person presses the button to pay; the next bot knows nothing but the database.
    let payment = chat.pay(asked).unwrap();
    let bot = system.bot().await;
    let charge = payment.made().await.unwrap();
    chat.wait_text("120\u{a0}₽ received", LIMIT).await.unwrap();
    assert_eq!(has(&system, &chat).await, 120);
    let asked = invoice(&chat).await;
    // The bot has said yes and dies: the payment finds it dead, or half way.
    let second = chat.pay(asked).unwrap().made().await.unwrap();
    bot.kill().await;
    let bot = system.bot().await;
    chat.wait_text(&second, LIMIT).await.unwrap();
    bot.stop().await;
    assert_eq!(has(&system, &chat).await, 240);
    let payments = system.store().await.payments(None, 9).await.unwrap();
    let mut charges: Vec<_> = payments.into_iter().map(|payment| payment.id.0).collect();
    charges.sort_unstable();
    let mut expected = [charge, second];
    expected.sort_unstable();
    assert_eq!(charges, expected);
}

/// F16: after a restart nothing was known of an invoice, and a payment was credited twice or never.
#[tokio::test(flavor = "multi_thread")]
async fn f16_questions_and_payments_outlive_bots_on_sqlite() {
    questions_and_payments_outlive_bots(TestSystem::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f16_questions_and_payments_outlive_bots_on_postgres() {
    database::with_database(|url| async move {
        questions_and_payments_outlive_bots(TestSystem::postgres(url).await).await;
    })
    .await;
}

/// F17: whoever knew the address of the webhook could say that they had paid.
#[tokio::test(flavor = "multi_thread")]
async fn f17_a_payment_that_telegram_does_not_sign_is_none() {
    let (system, front) = behind_a_front(selling(TestSystem::sqlite().await)).await;
    let chat = system.telegram.chat(882);
    let bot = system.candidate("info").await;
    front.lead_to(&[bot.address().await]);
    bot.says(SET).await;
    let (store, now) = (system.store().await, SystemClock.now());
    let pack = system.config.star_packs[0];
    let row = Invoice {
        id: InvoiceId("row".into()),
        person: UserId(882),
        pack,
        created_at: now,
        is_subscription: false,
        payment: None,
    };
    store.add_invoice(&row, now).await.unwrap();
    let at = format!("http://{}{}", bot.address().await, hook(&system).path());
    let forged = json!({ "update_id": 77_000_000, "message": {
        "message_id": 900_000, "date": 1, "from": { "id": 882, "is_bot": false, "first_name": "User" },
        "chat": { "id": 882, "type": "private" },
        "successful_payment": {
            "currency": "XTR", "total_amount": 100, "telegram_payment_charge_id": "forged", "invoice_payload": "row",
        },
    }});
    let post = async |secret: Option<&str>| {
        let mut request = reqwest::Client::new().post(&at).json(&forged);
        if let Some(secret) = secret {
            request = request.header(SECRET_HEADER, secret);
        }
        request.send().await.unwrap().status().as_u16()
    };
    let token = system.telegram.token().to_owned();
    for secret in [None, Some(""), Some("guess"), Some(token.as_str())] {
        assert_eq!(post(secret).await, 401, "{secret:?}");
    }
    // What is handled after them shows that they were not.
    chat.send_text("/balance");
    chat.wait_text("You have 0\u{a0}₽", LIMIT).await.unwrap();
    assert!(store.payments(None, 9).await.unwrap().is_empty());
    // With the secret the same words are Telegram's: nothing else has kept them out.
    assert_eq!(post(Some(hook(&system).secret().expose_secret())).await, 200);
    chat.wait_text("120\u{a0}₽ received", LIMIT).await.unwrap();
    assert_eq!(has(&system, &chat).await, 120);
    bot.stop().await;
}
