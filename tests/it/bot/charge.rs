//! A bot that people pay.

use kie::clock::{Clock, SystemClock};
use kie::job::{ChatId, Job, JobId, JobState, UserId};
use kie::ledger::{Money, Wallet, WalletId};
use kie::quota::Quotas;
use kie::service::WalletAdmin;
use kie::store::{self, Added, Booked, Store};
use kie::tariff::{Allowance, Charge, FreeUse, Markup, Rate, Tariff};

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
pub(super) async fn wait_for(admin: &WalletAdmin, id: WalletId, hundredths: i64) -> Wallet {
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

#[tokio::test]
async fn a_free_order_is_offered_counted_and_given_back() {
    let play = Play::with("en", |options| {
        options.tariff = Some(tariff());
        options.allowance = Allowance { first: 0, day: 1, max: None };
    })
    .await;
    write(&play.chat, "a boat [fail]").await;
    play.sees("8\u{a0}⭐ · free for you: 1 order left today").await;
    play.press("✅ Create · free").await;
    play.sees("Z-Image · free").await;
    play.sees("[fail]").await;
    let (admin, store) = wallets(&play).await;
    wait_for(&admin, WalletId(42), 0).await;

    // It came to nothing, so there is still one.
    write(&play.chat, "a ship").await;
    play.sees("free for you: 1 order left today").await;
    play.press("✅ Create · free").await;
    play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    wait_for(&admin, WalletId(42), 0).await;
    play.chat.send_text("/balance");
    play.sees("You have 0\u{a0}⭐").await;
    play.press("Statement").await;
    let statement = play.sees("Statement").await;
    for line in ["free order: ", "free order that failed: ", "free order, delivered: "] {
        assert!(statement.text.contains(line), "{line}: {statement}");
    }

    // None is left, and the button has the price.
    write(&play.chat, "a raft").await;
    play.press("✅ Create · 8 ⭐").await;
    play.sees("You have 0\u{a0}⭐, and this costs 8\u{a0}⭐").await;
    assert_eq!(play.harness.kie.creates().len(), 2);
    store.close().await;
    play.end().await;
}

#[tokio::test]
async fn a_form_that_says_free_never_takes_money() {
    let play = Play::with("ru", |options| {
        options.tariff = Some(tariff());
        options.allowance = Allowance { first: 1, day: 0, max: None };
    })
    .await;
    let spec = kie::models::find("z-image").unwrap().spec;
    play.choose(spec.tasks[0].title.get(Lang::Ru), spec.title.get(Lang::Ru)).await;
    play.press("✨ Заполнить").await;
    play.sees("Что нарисовать").await;
    play.chat.send_text("лодка");
    play.sees("вам бесплатно: остался 1 заказ").await;
    let (admin, store) = wallets(&play).await;
    admin.give(WalletId(42), Money::from_hundredths(5000), "test", None).await.unwrap();
    // The free order is used up elsewhere while the form is open.
    let tariff = tariff();
    let price = Money::from_hundredths(800);
    let charge = Some(Charge { payer: WalletId(42), price, tariff, free: Some(FreeUse::First) });
    let (id, now) = (JobId::from("elsewhere"), SystemClock.now());
    let state = JobState::Delivered;
    let job = Job { charge, state, ..Job::new(id.clone(), UserId(42), ChatId(7), "draft", "maker/model", now) };
    let allowance = Allowance { first: 1, day: 0, max: None };
    assert_eq!(store.add_job_within(&job, &Quotas::NONE, allowance).await.unwrap(), Added::New);
    play.press("✅ Создать · бесплатно").await;
    play.sees("Бесплатные заказы закончились, а это стоит 8\u{a0}⭐").await;
    assert_eq!(admin.wallet(WalletId(42)).await.unwrap().available, Money::from_hundredths(5000));
    assert!(play.harness.kie.creates().is_empty());
    play.press("✅ Создать · 8 ⭐").await;
    play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    store.close().await;
    play.end().await;
}
