//! A bot that people pay.

use kie::ledger::{Money, Wallet, WalletId};
use kie::service::WalletAdmin;
use kie::store::{self, Booked, Store};
use kie::tariff::{Markup, Rate, Tariff};

use super::*;

/// A credit costs ten units, and an order at least eight.
pub(super) fn tariff() -> Tariff {
    Tariff {
        rate: Rate(10_000_000),
        markup: Markup(0),
        rounding: Money::from_hundredths(100),
        minimum: Money::from_hundredths(800),
        fixed: None,
        currency: "⭐".parse().unwrap(),
    }
}

async fn paid(language: &str) -> Play {
    Play::with(language, |options| options.tariff = Some(tariff())).await
}

async fn wallets(play: &Play) -> (WalletAdmin, std::sync::Arc<dyn Store>) {
    let url = format!("sqlite:{}", play.folder.path().join("demo.db").display());
    let store = store::open_as_is(&url).await.unwrap();
    (WalletAdmin::new(store.clone(), std::sync::Arc::new(kie::clock::SystemClock)), store)
}

async fn write(chat: &ChatHandle, prompt: &str) {
    chat.begin(task("z-image"), title("z-image")).await;
    chat.sees("What to draw").await;
    chat.send_text(prompt);
    chat.sees(&format!("«{prompt}»")).await;
}

#[tokio::test]
async fn a_person_without_money_is_told_and_one_with_money_is_served() {
    let play = paid("en").await;
    let me = WalletId(42);
    write(&play.chat, "a boat").await;
    let (admin, store) = wallets(&play).await;
    play.press("✅ Create · 8 ⭐").await;
    let refused = play.sees("You have 0\u{a0}⭐, and this costs 8\u{a0}⭐").await;
    assert!(refused.text.contains("«a boat»"), "the form is kept: {refused}");
    assert!(play.harness.kie.creates().is_empty());

    let amount = Money::from_hundredths(2000);
    assert_eq!(admin.give(me, amount, "test", Some("welcome".into())).await.unwrap(), Booked::New);
    play.press("✅ Create · 8 ⭐").await;
    play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    play.sees("8\u{a0}⭐").await;
    play.chat.send_text("/balance");
    play.sees("You have 12\u{a0}⭐").await;
    play.press("Statement").await;
    let statement = play.sees("Statement").await;
    for line in
        ["+20\u{a0}⭐ · a gift: welcome", "−8\u{a0}⭐ · reserved for", "8\u{a0}⭐ · paid from what was reserved"]
    {
        assert!(statement.text.contains(line), "{line}: {statement}");
    }

    // A failed order costs nothing.
    write(&play.chat, "a ship [fail]").await;
    play.press("✅ Create · 8 ⭐").await;
    play.sees("a ship [fail]").await;
    let wallet = wait_for(&admin, me, 1200).await;
    assert_eq!(wallet.held, Money::ZERO);
    store.close().await;
    play.end().await;
}

/// Waits until nothing is held, and so much is available.
async fn wait_for(admin: &WalletAdmin, id: WalletId, hundredths: i64) -> Wallet {
    let settled = Wallet { available: Money::from_hundredths(hundredths), held: Money::ZERO };
    let mut interval = tokio::time::interval(Duration::from_millis(10));
    let wallet = async {
        while admin.wallet(id).await.unwrap() != settled {
            interval.tick().await;
        }
        settled
    };
    tokio::time::timeout(TIMEOUT, wallet).await.unwrap()
}

#[tokio::test]
async fn where_the_operator_pays_there_is_no_balance() {
    let play = Play::start("ru").await;
    play.chat.send_text("/balance");
    play.sees("Здесь всё для вас бесплатно").await;
    play.chat.send_text("/paysupport");
    play.sees("Здесь ничего не продаётся").await;
    play.end().await;
}
