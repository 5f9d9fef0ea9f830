//! Payments in Telegram Stars are given back: by an admin in the chat, at the command line, and by Telegram itself.

use kie::access::{Access, AccessPolicy};
use kie::demo::telegram::{TelegramFault, TelegramFaultEffect};
use kie::job::UserId;
use kie::ledger::{Money, WalletId};
use kie::store::{self, Store};

use super::payment::{ask, pack};
use super::*;
use crate::cli::fixture::Done;

const ADMIN: i64 = 7;

struct Sale {
    play: Play,
    admin: ChatHandle,
    store: std::sync::Arc<dyn Store>,
    /// The number of the payment.
    payment: String,
}

impl Sale {
    /// The person has bought 120 units for 100 Stars.
    async fn made() -> Self {
        let play = Play::with("en", |options| {
            options.tariff = Some(super::charge::tariff());
            options.star_packs = vec![pack(100, 120)];
            options.access = Access { policy: AccessPolicy::Open, admins: [UserId(ADMIN)].into(), list: [].into() };
        })
        .await;
        let invoice = ask(&play, "120 ⭐ for 100 Stars").await;
        let payment = play.chat.pay(invoice).unwrap().made().await.unwrap();
        play.sees("120\u{a0}⭐ received").await;
        let admin = play.harness.telegram.chat_of(TelegramUser::new(ADMIN).speaking("en"));
        let url = format!("sqlite:{}", play.folder.path().join("demo.db").display());
        Self { admin, store: store::open_as_is(&url).await.unwrap(), play, payment }
    }

    async fn has(&self, units: i64) {
        let wallet = self.store.wallet(WalletId(42)).await.unwrap();
        assert_eq!(wallet.available, Money::from_hundredths(units * 100));
    }

    fn fault(&self, description: &str) {
        self.play.harness.telegram.fault(TelegramFault::refuse("refundStarPayment", 400, description));
    }

    async fn command(&self, args: &[&str]) -> Done {
        self.play.command(args).await
    }

    async fn end(self) {
        self.store.close().await;
        self.play.end().await;
    }
}

#[tokio::test]
async fn an_admin_gives_a_payment_back_after_a_second_yes() {
    let sale = Sale::made().await;
    let stars = sale.play.chat.stars();
    sale.admin.send_text("/admin");
    sale.admin.tap("Payments").await;
    sale.admin.tap("100 XTR").await;
    let card = sale.admin.sees(&sale.payment).await;
    assert!(card.text.contains("Credited: 120\u{a0}⭐") && card.text.contains("Number: 42"), "{card}");
    // Telegram has too few Stars of the bot: nothing has changed, and it can be asked again.
    sale.fault("BALANCE_TOO_LOW");
    sale.admin.tap("Give back").await;
    sale.admin.sees("Give all its Stars back?").await;
    sale.has(120).await;
    sale.admin.tap("Yes, give back").await;
    sale.admin.sees("the balance is as it was").await;
    sale.has(120).await;
    sale.admin.tap("Give back").await;
    sale.admin.tap("Yes, give back").await;
    let done = sale.admin.sees("Given back on").await;
    assert!(done.button("Give back").is_none(), "{done}");
    let told = sale.play.sees("Your payment of 100 Stars was given back").await;
    assert!(told.text.contains("120\u{a0}⭐ were taken from your balance; 0\u{a0}⭐ are left"), "{told}");
    assert_eq!(sale.play.chat.stars(), stars + 100);
    sale.has(0).await;
    sale.play.chat.send_text("/balance");
    sale.play.press("Statement").await;
    let statement = sale.play.sees("−120\u{a0}⭐ · payment returned").await;
    assert!(statement.text.contains("payment not returned after all"), "{statement}");
    sale.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_is_given_back_at_the_command_line() {
    let sale = Sale::made().await;
    let listed = sale.command(&["payments", "list", "--json"]).await.json();
    let row = json!({
        "id": sale.payment, "user": 42, "currency": "XTR", "total": 100, "credited": 120.0,
        "received_at_ms": listed[0]["received_at_ms"], "refund": "none", "taken": null,
    });
    assert_eq!(listed, json!([row]));
    sale.fault("USER_ID_INVALID");
    let refused = sale.command(&["payments", "refund", &sale.payment]).await;
    assert!(refused.complaint(1).contains("the balance is as it was"), "{refused:?}");
    // The answer is lost: what was credited stays away until the command is repeated.
    sale.play.harness.telegram.fault(TelegramFault::once("refundStarPayment", TelegramFaultEffect::LoseReply));
    let silent = sale.command(&["payments", "refund", &sale.payment]).await;
    assert!(silent.complaint(1).contains("Telegram has not answered"), "{silent:?}");
    sale.play.sees("Your payment of 100 Stars was given back").await;
    sale.has(0).await;
    let known = sale.command(&["payments", "refund", &sale.payment]).await;
    assert!(known.complaint(2).contains("given back before"), "Telegram has told the bot: {known:?}");
    let unknown = sale.command(&["payments", "refund", "none"]).await;
    assert!(unknown.complaint(2).contains("there is no payment `none`"), "{unknown:?}");
    let table = sale.command(&["payments", "list", "--user", "42", "--lang", "ru"]).await.out;
    assert!(table.contains("ВОЗВРАТ") && table.contains(&sale.payment), "{table}");
    let checked = sale.command(&["ledger", "check", "--json"]).await.json();
    assert_eq!((&checked["agrees"], &checked["payments"]), (&json!(true), &json!(1)));
    sale.end().await;
}

#[tokio::test]
async fn what_telegram_gives_back_by_itself_is_taken_once() {
    let sale = Sale::made().await;
    sale.admin.send_text("/admin gift 42 -20");
    sale.admin.sees("Booked").await;
    assert!(sale.play.harness.telegram.refund_elsewhere(&sale.payment));
    let told = sale.play.sees("Your payment of 100 Stars was given back").await;
    assert!(told.text.contains("100\u{a0}⭐ were taken from your balance"), "the rest was spent: {told}");
    sale.has(0).await;
    let notice = json!({
        "message_id": 900_009, "date": 1, "from": { "id": 42, "is_bot": false, "first_name": "User" },
        "chat": { "id": 42, "type": "private" },
        "refunded_payment": { "currency": "XTR", "total_amount": 100, "telegram_payment_charge_id": "never" },
    });
    sale.play.harness.telegram.push_update("message", notice);
    sale.play.chat.send_text("/balance");
    sale.play.sees("You have 0\u{a0}⭐").await;
    sale.has(0).await;
    sale.end().await;
}
