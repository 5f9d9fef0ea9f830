//! Telegram Stars in the simulated Telegram.

use std::sync::Arc;
use std::time::Duration;

use kie::clock::{ManualClock, Timestamp};
use kie::demo::telegram::{PaymentRefusal, PendingPayment, SimTelegramOptions};
use serde_json::{Value, json};

use super::raw::RawBot;

const PERSON: i64 = 61;

fn invoice(amount: u32) -> Value {
    json!({
        "chat_id": PERSON, "title": "Pack", "description": "100 coins", "payload": "row-1", "currency": "XTR",
        "provider_token": "", "prices": [{ "label": "Pack", "amount": amount }],
    })
}

/// Sends an invoice and pays it as far as the question to the bot.
async fn asked(bot: &RawBot, amount: u32) -> (PendingPayment, Value) {
    let chat = bot.sim.chat(PERSON);
    let sent = bot.result("sendInvoice", invoice(amount)).await;
    assert_eq!((&sent["invoice"]["currency"], &sent["invoice"]["total_amount"]), (&json!("XTR"), &json!(amount)));
    let pending = chat.pay(i32::try_from(sent["message_id"].as_i64().unwrap()).unwrap()).unwrap();
    let query = bot.updates().await.pop().unwrap()["pre_checkout_query"].clone();
    (pending, query)
}

async fn yes(bot: &RawBot, query: &Value) {
    bot.result("answerPreCheckoutQuery", json!({ "pre_checkout_query_id": query["id"], "ok": true })).await;
}

#[tokio::test]
async fn a_payment_is_asked_about_made_and_given_back_once() {
    let bot = RawBot::start().await;
    let chat = bot.sim.chat(PERSON);
    chat.set_stars(150);
    let (pending, query) = asked(&bot, 120).await;
    assert_eq!((&query["invoice_payload"], &query["from"]["id"]), (&json!("row-1"), &json!(PERSON)));
    assert_eq!(chat.stars(), 150, "nothing is taken before the bot agrees");
    yes(&bot, &query).await;
    let charge = pending.made().await.unwrap();
    assert_eq!(chat.stars(), 30);
    let paid = bot.messages().await.pop().unwrap();
    let facts = &paid["successful_payment"];
    assert_eq!((&facts["total_amount"], &facts["telegram_payment_charge_id"]), (&json!(120), &json!(charge)));
    assert_eq!(paid["from"]["id"], PERSON);
    assert_eq!(bot.result("getMyStarBalance", json!({})).await["amount"], 120);
    let again = json!({ "pre_checkout_query_id": query["id"], "ok": true });
    assert!(bot.refusal("answerPreCheckoutQuery", again).await.1.contains("query is too old"));

    let refund = |user: i64, charge: &str| json!({ "user_id": user, "telegram_payment_charge_id": charge });
    let missing = bot.refusal("refundStarPayment", refund(PERSON + 1, &charge)).await;
    assert_eq!(missing, (400, "Bad Request: CHARGE_NOT_FOUND".to_owned()));
    bot.result("refundStarPayment", refund(PERSON, &charge)).await;
    let twice = bot.refusal("refundStarPayment", refund(PERSON, &charge)).await;
    assert_eq!(twice, (400, "Bad Request: CHARGE_ALREADY_REFUNDED".to_owned()));
    assert_eq!(bot.messages().await[0]["refunded_payment"]["telegram_payment_charge_id"], charge);
    assert_eq!((chat.stars(), bot.sim.star_payments()[0].refunded), (150, true));
}

#[tokio::test]
async fn the_bot_can_refuse_and_be_late_and_people_can_have_too_few_stars() {
    let clock = Arc::new(ManualClock::new(Timestamp::from_millis(1_790_000_000_000)));
    let bot = RawBot::with(SimTelegramOptions { clock: clock.clone(), ..SimTelegramOptions::default() }).await;
    let chat = bot.sim.chat(PERSON);
    chat.set_stars(100);
    let (pending, query) = asked(&bot, 40).await;
    let no = |why: &str| json!({ "pre_checkout_query_id": query["id"], "ok": false, "error_message": why });
    assert_eq!(bot.refusal("answerPreCheckoutQuery", no("")).await.1, "Bad Request: ERROR_TEXT_EMPTY");
    bot.result("answerPreCheckoutQuery", no("sold out")).await;
    assert_eq!(pending.made().await, Err(PaymentRefusal::Refused("sold out".to_owned())));

    let (_, query) = asked(&bot, 40).await;
    clock.advance(Duration::from_secs(11));
    let late = json!({ "pre_checkout_query_id": query["id"], "ok": true });
    assert!(bot.refusal("answerPreCheckoutQuery", late).await.1.contains("query is too old"));
    assert!(bot.sim.star_payments().is_empty());

    let sent = bot.result("sendInvoice", invoice(101)).await;
    let message = i32::try_from(sent["message_id"].as_i64().unwrap()).unwrap();
    assert_eq!(chat.pay(message).unwrap_err(), PaymentRefusal::TooFewStars);
    assert_eq!(chat.pay(message + 1).unwrap_err(), PaymentRefusal::NoInvoice);
    // Whoever the message is forwarded to can pay, and the bot is told who it is.
    let other = bot.sim.chat(PERSON + 1);
    other.pay_forwarded(&chat, message).unwrap();
    assert_eq!(bot.updates().await[0]["pre_checkout_query"]["from"]["id"], PERSON + 1);

    for (field, wrong, error) in [
        ("title", json!(""), "INVOICE_TITLE_INVALID"),
        ("payload", json!("x".repeat(129)), "INVOICE_PAYLOAD_INVALID"),
        ("prices", json!([]), "STARS_INVOICE_INVALID"),
        ("prices", json!([{ "label": "a", "amount": 0 }]), "CURRENCY_TOTAL_AMOUNT_INVALID"),
    ] {
        let mut args = invoice(10);
        args[field] = wrong;
        assert_eq!(bot.refusal("sendInvoice", args).await.1, format!("Bad Request: {error}"));
    }
}

#[tokio::test]
async fn a_subscription_renews_until_it_is_canceled() {
    let bot = RawBot::start().await;
    let chat = bot.sim.chat(PERSON);
    chat.set_stars(700);
    let mut args = invoice(300);
    args["subscription_period"] = json!(60);
    assert_eq!(bot.refusal("createInvoiceLink", args.clone()).await.1, "Bad Request: SUBSCRIPTION_PERIOD_INVALID");
    args["subscription_period"] = json!(2_592_000);
    let link = bot.result("createInvoiceLink", args).await;
    let pending = chat.pay_link(link.as_str().unwrap()).unwrap();
    let query = bot.updates().await.pop().unwrap()["pre_checkout_query"].clone();
    yes(&bot, &query).await;
    let charge = pending.made().await.unwrap();
    let first = bot.messages().await.pop().unwrap()["successful_payment"].clone();
    assert_eq!((&first["is_recurring"], &first["is_first_recurring"]), (&json!(true), &json!(true)));
    let second = bot.sim.renew_subscription(&charge).unwrap();
    assert_ne!(second, charge);
    let renewed = bot.messages().await.pop().unwrap()["successful_payment"].clone();
    assert_eq!(renewed.get("is_first_recurring"), None);
    let until = |facts: &Value| facts["subscription_expiration_date"].as_i64().unwrap();
    assert_eq!(until(&renewed) - until(&first), 2_592_000);
    // 100 Stars are left: too few.
    assert_eq!((chat.stars(), bot.sim.renew_subscription(&charge)), (100, None));
    chat.set_stars(1000);
    let cancel = json!({ "user_id": PERSON, "telegram_payment_charge_id": charge, "is_canceled": true });
    bot.result("editUserStarSubscription", cancel).await;
    assert!(bot.sim.star_subscription(&charge).unwrap().is_canceled);
    assert_eq!((bot.sim.renew_subscription(&charge), bot.sim.resume_subscription(&charge)), (None, false));
    // The bot can only let the person switch it on again.
    let allow = json!({ "user_id": PERSON, "telegram_payment_charge_id": charge, "is_canceled": false });
    bot.result("editUserStarSubscription", allow).await;
    assert_eq!(bot.sim.renew_subscription(&charge), None);
    assert!(bot.sim.resume_subscription(&charge) && bot.sim.renew_subscription(&charge).is_some());
}

#[tokio::test]
async fn the_page_pays_an_invoice() {
    let bot = RawBot::start().await;
    let web = reqwest::Client::new();
    let person = bot.sim.page_chat().id();
    let mut args = invoice(50);
    args["chat_id"] = json!(person);
    let sent = bot.result("sendInvoice", args).await;
    let which = json!({ "message": sent["message_id"] });
    let post = |path: &str| web.post(bot.sim.page_url.join(path).unwrap()).json(&which).send();
    let shown: Value = post("page/invoice").await.unwrap().json().await.unwrap();
    assert_eq!((&shown["invoice"]["title"], &shown["invoice"]["amount"]), (&json!("Pack"), &json!(50)));
    assert!(shown["invoice"].get("payload").is_none());
    let answer = async {
        bot.sim
            .chat(person)
            .wait_for(Duration::from_secs(5), |_| (bot.sim.pending_updates() > 0).then_some(()))
            .await
            .unwrap();
        let query = bot.updates().await.pop().unwrap()["pre_checkout_query"].clone();
        yes(&bot, &query).await;
    };
    let (reply, ()) = tokio::join!(post("page/pay"), answer);
    assert_eq!(reply.unwrap().json::<Value>().await.unwrap()["outcome"], "paid");
    assert_eq!(bot.sim.star_payments().len(), 1);
    let foreign =
        web.post(bot.sim.page_url.join("page/pay").unwrap()).json(&which).header("sec-fetch-site", "cross-site");
    assert_eq!(foreign.send().await.unwrap().status(), 403);
}
