//! Promo codes in a chat.

use std::sync::Arc;

use kie::access::{Access, AccessPolicy};
use kie::audit::Actor;
use kie::clock::SystemClock;
use kie::job::UserId;
use kie::ledger::{Money, WalletId};
use kie::service::PromoAdmin;
use kie::store::{self, Store};

use super::charge::tariff;
use super::*;

async fn opened(play: &Play) -> Arc<dyn Store> {
    // The bot has made the tables when it answers.
    play.chat.send_text("/start");
    play.chat.wait_for(TIMEOUT, |view| view.from_bot().next().map(|_| ())).await.unwrap();
    store::open_as_is(&format!("sqlite:{}", play.folder.path().join("demo.db").display())).await.unwrap()
}

async fn add(store: &Arc<dyn Store>, code: &str, uses: u32) {
    let admin = PromoAdmin::new(store.clone(), Arc::new(SystemClock), Actor::Person(UserId(1)));
    let ends_at = admin.now() + Duration::from_secs(3600);
    admin.add(code.parse().unwrap(), Money::from_hundredths(5000), uses, ends_at).await.unwrap();
}

async fn available(store: &Arc<dyn Store>, user: i64) -> i64 {
    store.wallet(WalletId(user)).await.unwrap().available.hundredths()
}

#[tokio::test]
async fn a_code_is_sent_asked_for_and_bounded() {
    let play = Play::with("en", |options| options.tariff = Some(tariff())).await;
    let store = opened(&play).await;
    for (code, uses) in [("SALE-50", 2), ("SECOND", 1), ("OVER", 1)] {
        add(&store, code, uses).await;
    }
    play.chat.send_text("/promo sale-50");
    let given = play.sees("50\u{a0}⭐ are on your balance now, by the promo code SALE-50").await;
    assert!(given.text.contains("You have 50\u{a0}⭐"), "{given}");
    play.chat.send_text("/promo SALE-50");
    play.sees("You have used this promo code before").await;
    // Without a code it is asked for, and the answer is one.
    play.chat.send_text("/promo");
    let asked = play.sees("Send me the promo code").await;
    assert!(asked.force_reply.is_some(), "{asked}");
    play.chat.reply(asked.id, " second ");
    play.sees("by the promo code SECOND").await;
    assert_eq!(available(&store, 42).await, 10_000);
    play.press("Statement").await;
    play.sees("+50\u{a0}⭐ · promo code: SALE-50").await;

    let friend = play.harness.telegram.chat_of(TelegramUser::new(43).speaking("en"));
    friend.send_text("/promo SECOND");
    friend.sees("This promo code is used up").await;
    PromoAdmin::new(store.clone(), Arc::new(SystemClock), Actor::Person(UserId(1)))
        .stop(&"OVER".parse().unwrap())
        .await
        .unwrap();
    friend.send_text("/promo OVER");
    friend.sees("This promo code has ended").await;
    // What can be no code is no guess.
    for n in 0..6 {
        friend.send_text(&format!("/promo no code {n}"));
    }
    for n in 0..5 {
        friend.send_text(&format!("/promo WRONG-{n}"));
    }
    friend.send_text("/promo SALE-50");
    friend.sees("too many wrong codes").await;
    let unknown = friend.view().from_bot().filter(|m| m.text.contains("I know no such promo code")).count();
    assert_eq!((unknown, available(&store, 43).await), (11, 0));

    let group = play.harness.telegram.supergroup(-1_000_000_000_300, TelegramUser::new(44).speaking("en"));
    group.send_text("/promo SALE-50");
    group.sees("nobody else's business").await;
    assert_eq!(available(&store, 44).await, 0);
    store.close().await;
    play.end().await;
}

#[tokio::test]
async fn a_link_gives_something_to_a_person_who_is_new_and_let_in() {
    let access = Access { policy: AccessPolicy::List, admins: [UserId(42)].into(), list: [43].into() };
    let play = Play::with("ru", |options| {
        options.tariff = Some(tariff());
        options.access = access;
    })
    .await;
    let store = opened(&play).await;
    add(&store, "WELCOME", 9).await;
    let stranger = play.harness.telegram.chat_of(TelegramUser::new(44).speaking("ru"));
    stranger.send_text("/start p_WELCOME");
    stranger.wait_for(TIMEOUT, |view| view.from_bot().next().map(|_| ())).await.unwrap();
    assert_eq!(available(&store, 44).await, 0, "access comes first");
    let listed = play.harness.telegram.chat_of(TelegramUser::new(43).speaking("ru"));
    listed.send_text("/start p_welcome");
    let menu = listed.sees("зачислено 50\u{a0}⭐ по промокоду WELCOME").await;
    assert!(menu.text.contains("Что сделаем?"), "{menu}");
    listed.send_text("/start p_welcome");
    listed.sees("Вы уже использовали этот промокод").await;
    listed.send_text("/start p_nothing");
    listed.sees("Такого промокода я не знаю").await;
    assert_eq!(available(&store, 43).await, 5000);
    store.close().await;
    play.end().await;
}

#[tokio::test]
async fn where_the_operator_pays_a_code_gives_nothing() {
    let play = Play::start("en").await;
    let store = opened(&play).await;
    add(&store, "SALE-50", 2).await;
    for text in ["/promo SALE-50", "/promo"] {
        let seen = play.chat.view().messages.len();
        play.chat.send_text(text);
        play.chat.wait_for(TIMEOUT, |view| (view.messages.len() > seen + 1).then_some(())).await.unwrap();
        play.sees("so a promo code has nothing to give").await;
    }
    assert_eq!(available(&store, 42).await, 0);
    store.close().await;
    play.end().await;
}
