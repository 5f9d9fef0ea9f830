//! Who may use the bot: whoever finds it must not spend the operator's credits.

use kie::access::{Access, AccessPolicy};
use kie::job::UserId;

use super::*;

/// The whole bot for the owner (42) and the list.
async fn with_access(policy: AccessPolicy, list: &[i64]) -> Play {
    let access = Access { policy, admins: [UserId(42)].into(), list: list.iter().copied().collect() };
    Play::with("en", |options| options.access = access).await
}

#[tokio::test]
async fn a_stranger_who_finds_the_bot_orders_nothing() {
    let play = with_access(AccessPolicy::Owner, &[]).await;
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    play.chat.send_text("a boat");
    let form = play.sees("«a boat»").await;

    let stranger = play.harness.telegram.chat_of(TelegramUser::new(900_000_001).speaking("en"));
    for text in ["/start", "hello?", "/help", "/start own-0123"] {
        stranger.send_text(text);
    }
    let told = stranger.wait_text("This bot is private", TIMEOUT).await.unwrap();
    assert!(told.text.contains("your number is 900000001"), "the owner needs it: {told}");
    // Nor with a button that was forwarded, or made up.
    let create = form.button("✅ Create").unwrap().data.clone().unwrap();
    for data in [create.as_str(), "1nz-image", "1h"] {
        let press = stranger.press_data(told.id, data).unwrap();
        let answer = stranger.wait_answer(&press, TIMEOUT).await.unwrap();
        assert!(answer.text.contains("This bot is private"), "{answer:?}");
    }
    // What follows is handled after all that.
    play.press("✅ Create").await;
    play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    assert_eq!(stranger.view().from_bot().count(), 1, "one sentence, rarely: {}", stranger.view());
    assert_eq!(play.harness.kie.creates().len(), 1);
    play.end().await;
}

#[tokio::test]
async fn a_list_lets_in_people_and_groups() {
    const GROUP: i64 = -1_000_000_000_400;
    let play = with_access(AccessPolicy::List, &[43, GROUP]).await;
    let listed = play.harness.telegram.chat_of(TelegramUser::new(43).speaking("en"));
    listed.send_text("/help");
    listed.wait_text("I make pictures", TIMEOUT).await.unwrap();
    let member = play.harness.telegram.supergroup(GROUP, TelegramUser::new(44).speaking("en"));
    member.send_text("/help");
    member.wait_text("I make pictures", TIMEOUT).await.unwrap();
    // The same person elsewhere, and a group that is not listed, where nobody wants to read of it.
    let private = play.harness.telegram.chat_of(TelegramUser::new(44).speaking("en"));
    private.send_text("/help");
    private.wait_text("This bot is private", TIMEOUT).await.unwrap();
    let other = play.harness.telegram.supergroup(GROUP - 1, TelegramUser::new(44).speaking("en"));
    other.send_text("/help");
    let owner = other.as_member(TelegramUser::new(42).speaking("en"));
    owner.send_text("/help");
    owner.wait_text("I make pictures", TIMEOUT).await.unwrap();
    assert_eq!(owner.view().from_bot().count(), 1, "{}", owner.view());
    play.end().await;
}
