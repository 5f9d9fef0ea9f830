//! Friends who come by a person's link.

use std::sync::Arc;

use kie::access::{Access, AccessPolicy};
use kie::clock::SystemClock;
use kie::job::UserId;
use kie::ledger::{Money, WalletId};
use kie::referral::ReferralTerms;
use kie::service::{Books, WalletAdmin};
use kie::store::{self, Store};
use kie::tariff::Allowance;

use super::charge::tariff;
use super::*;

fn units(whole: i64) -> Money {
    Money::from_hundredths(whole * 100)
}

async fn opened(play: &Play) -> Arc<dyn Store> {
    store::open_as_is(&format!("sqlite:{}", play.folder.path().join("demo.db").display())).await.unwrap()
}

/// The parameter of a person's link, as the bot shows it.
async fn link_of(chat: &ChatHandle) -> String {
    chat.send_text("/friends");
    let shown = chat.sees("start=r_").await.text;
    let code = shown.split("start=").nth(1).unwrap();
    code.split(char::is_whitespace).next().unwrap().to_owned()
}

async fn order(chat: &ChatHandle, prompt: &str, button: &str) {
    let files = chat.view().from_bot().filter(|m| m.media.is_some()).count();
    chat.begin(task("z-image"), title("z-image")).await;
    chat.sees("What to draw").await;
    chat.send_text(prompt);
    chat.sees(&format!("«{prompt}»")).await;
    chat.tap(button).await;
    let has_more = |view: &kie::demo::telegram::ChatView| {
        (view.from_bot().filter(|m| m.media.is_some()).count() > files).then_some(())
    };
    chat.wait_for(TIMEOUT, has_more).await.unwrap();
}

fn terms() -> Option<ReferralTerms> {
    Some(ReferralTerms { inviter: units(50), friend: units(20) })
}

#[tokio::test]
async fn a_friend_comes_pays_and_both_are_rewarded_once() {
    let play = Play::with("ru", |options| {
        options.tariff = Some(tariff());
        options.referral = terms();
        options.allowance = Allowance { first: 1, day: 0, max: None };
    })
    .await;
    let link = link_of(&play.chat).await;
    let shown = play.sees("Пришли по ней: 0 · оплатили заказ: 0 · вы получили: 0\u{a0}⭐").await;
    assert!(!link.contains("42") || link.len() == 18, "{link}");
    assert!(shown.text.contains("вы получите 50\u{a0}⭐") && shown.text.contains("получит 20\u{a0}⭐"), "{shown}");
    play.chat.send_text(&format!("/start {link}"));
    play.sees("Это ваша собственная ссылка").await;

    let friend = play.harness.telegram.chat_of(TelegramUser::new(43).speaking("en"));
    friend.send_text(&format!("/start {link}"));
    friend.sees("You came by a friend's link: after your first paid order you get 20\u{a0}⭐").await;
    let store = opened(&play).await;
    WalletAdmin::new(store.clone(), Arc::new(SystemClock)).give(WalletId(43), units(30), "t", None).await.unwrap();

    // A free order is no paid one.
    order(&friend, "a boat", "✅ Create · free").await;
    friend.wait_text("Z-Image · free", TIMEOUT).await.unwrap();
    assert_eq!(store.referral_of(UserId(43)).await.unwrap().unwrap().rewarded_by, None);
    order(&friend, "a ship", "✅ Create · 8 ⭐").await;
    friend.sees("have paid for your first order: 20\u{a0}⭐ are on your balance now").await;
    play.sees("Друг, пришедший по вашей ссылке, оплатил заказ: на ваш баланс зачислено 50\u{a0}⭐").await;
    order(&friend, "a raft", "✅ Create · 8 ⭐").await;
    friend.send_text("/balance");
    friend.sees("You have 34\u{a0}⭐").await;
    friend.tap("Statement").await;
    friend.sees("+20\u{a0}⭐ · for coming by a friend's link").await;
    play.chat.send_text("/invite");
    play.sees("Пришли по ней: 1 · оплатили заказ: 1 · вы получили: 50\u{a0}⭐").await;
    play.chat.send_text("/balance");
    play.sees("У вас 50\u{a0}⭐").await;
    let told = play.chat.view().from_bot().filter(|m| m.text.contains("пришедший по вашей ссылке, оплатил")).count();
    assert_eq!(told, 1);
    let report = Books::new(store.clone(), Arc::new(SystemClock)).check().await.unwrap();
    assert!(report.agrees(), "{report:?}");

    // Who knows the bot, or the person themselves, came by no link.
    let other = link_of(&friend).await;
    play.chat.send_text(&format!("/start {other}"));
    play.chat.send_text("/friends");
    friend.send_text("/friends");
    friend.sees("Came by it: 0").await;
    assert_eq!(store.referral_of(UserId(42)).await.unwrap(), None);
    let group = play.harness.telegram.supergroup(-1_000_000_000_300, TelegramUser::new(43).speaking("en"));
    group.send_text("/friends");
    group.sees("Your link for friends is in our private chat").await;
    store.close().await;
    play.end().await;
}

#[tokio::test]
async fn who_may_not_use_the_bot_came_by_no_link() {
    let access = Access { policy: AccessPolicy::List, admins: [UserId(42)].into(), list: [43].into() };
    let play = Play::with("en", |options| {
        options.tariff = Some(tariff());
        options.referral = terms();
        options.access = access;
    })
    .await;
    let link = link_of(&play.chat).await;
    let store = opened(&play).await;
    let stranger = play.harness.telegram.chat_of(TelegramUser::new(44).speaking("en"));
    stranger.send_text(&format!("/start {link}"));
    stranger.sees("This bot is private").await;
    assert_eq!(store.referral_of(UserId(44)).await.unwrap(), None);
    // An admin's word for the same is another command.
    play.chat.send_text("/invite 2 30");
    play.sees("start=join-").await;
    let listed = play.harness.telegram.chat_of(TelegramUser::new(43).speaking("en"));
    listed.send_text(&format!("/start {link}"));
    listed.sees("You came by a friend's link").await;
    assert_eq!(store.referral_of(UserId(43)).await.unwrap().unwrap().inviter, UserId(42));
    store.close().await;
    play.end().await;
}

#[tokio::test]
async fn where_nothing_is_given_there_are_no_links() {
    let play = Play::with("en", |options| options.tariff = Some(tariff())).await;
    for word in ["/friends", "/invite"] {
        play.chat.send_text(word);
        play.sees(&format!("I do not know {word}")).await;
    }
    let friend = play.harness.telegram.chat_of(TelegramUser::new(43).speaking("en"));
    friend.send_text("/start r_000000000000002a");
    friend.wait_for(TIMEOUT, |view| view.from_bot().next().map(|_| ())).await.unwrap();
    let store = opened(&play).await;
    assert_eq!(store.referral_of(UserId(43)).await.unwrap(), None);
    store.close().await;
    play.end().await;
}
