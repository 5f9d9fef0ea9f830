//! Limits on orders, as people meet them.

use kie::access::{Access, AccessPolicy};
use kie::job::UserId;
use kie::ledger::Credits;
use kie::quota::Quotas;

use super::*;

/// The bot for everybody, with limits; person 7 is an admin.
async fn with_quotas(language: &str, quotas: Quotas) -> Play {
    let access = Access { policy: AccessPolicy::Open, admins: [UserId(7)].into(), ..Access::open() };
    Play::with(language, |options| {
        options.access = access;
        options.quotas = quotas;
    })
    .await
}

async fn order(chat: &ChatHandle, prompt: &str) {
    chat.begin(task("z-image"), title("z-image")).await;
    chat.sees("What to draw").await;
    chat.send_text(prompt);
    chat.sees(&format!("«{prompt}»")).await;
    chat.tap("✅ Create").await;
}

#[tokio::test]
async fn an_order_over_the_limit_of_a_day_says_so_and_keeps_the_form() {
    let cost = Credits::from_milli(800);
    let play = with_quotas("en", Quotas { day: Some(cost), total: Some(cost.times(3.0)), ..Quotas::NONE }).await;
    order(&play.chat, "a boat").await;
    play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    order(&play.chat, "a ship").await;
    let refused = play.sees("You can spend at most 0.8 credits in 24 hours").await;
    assert!(refused.text.contains("Nothing was ordered. Try again in 24 h, or pick something cheaper."), "{refused}");
    assert!(refused.text.contains("«a ship»") && refused.button("✅ Create").is_some(), "the form is kept: {refused}");

    // An admin has no limit but the one of all together.
    let admin = play.harness.telegram.chat_of(TelegramUser::new(7).speaking("en"));
    for prompt in ["a cat", "a dog"] {
        order(&admin, prompt).await;
        admin.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    }
    order(&admin, "a cow").await;
    admin.sees("I have spent all that I may in 24 hours").await;
    assert_eq!(play.harness.kie.creates().len(), 3);
    play.end().await;
}

#[tokio::test]
async fn once_more_is_an_order_like_any_other() {
    let play = with_quotas("en", Quotas { starts: Some(1), ..Quotas::NONE }).await;
    order(&play.chat, "a boat").await;
    play.press("🔁 Once more").await;
    play.sees("You can place one order a minute. Nothing was ordered; try again in").await;
    assert_eq!(play.harness.kie.creates().len(), 1);
    play.end().await;
}
