//! People subscribe for Telegram Stars, see it, and end it.

use kie::access::{Access, AccessPolicy};
use kie::demo::telegram::{PaymentRefusal, TelegramFault};
use kie::job::UserId;

use super::payment::pack;
use super::*;

const ADMIN: i64 = 7;

async fn selling(language: &str) -> Play {
    Play::with(language, |options| {
        options.tariff = Some(super::charge::tariff());
        options.star_plans = vec![pack(300, 400)];
        options.access = Access { policy: AccessPolicy::Open, admins: [UserId(ADMIN)].into(), list: [].into() };
    })
    .await
}

/// Asks for the link of a plan.
async fn link(play: &Play, top_up: &str, plan: &str, subscribe: &str) -> String {
    play.chat.send_text("/balance");
    play.press(top_up).await;
    play.press(plan).await;
    let message = play.chat.wait_button(subscribe, TIMEOUT).await.unwrap();
    let button = message.buttons.iter().flatten().find(|button| button.text == subscribe).unwrap();
    button.url.clone().unwrap()
}

#[tokio::test]
async fn a_subscription_is_paid_every_month_and_ended() {
    let play = selling("en").await;
    let telegram = &play.harness.telegram;
    let link = link(&play, "Top up", "400 ⭐ every 30 days for 300 Stars", "Subscribe").await;
    // It is this person's.
    let other = telegram.chat_of(TelegramUser::new(77).speaking("en"));
    let refused = other.pay_link(&link).unwrap().made().await.unwrap_err();
    assert!(matches!(&refused, PaymentRefusal::Refused(why) if why.contains("somebody else")), "{refused}");
    let first = play.chat.pay_link(&link).unwrap().made().await.unwrap();
    let receipt = play.sees("400\u{a0}⭐ received").await;
    let until = kie::clock::Timestamp::from_millis(telegram.star_subscription(&first).unwrap().until * 1000);
    assert!(receipt.text.contains(&format!("paid until {}", until.date())), "{receipt}");
    // The link is still there, and a second one is not needed.
    let refused = play.chat.pay_link(&link).unwrap().made().await.unwrap_err();
    assert!(matches!(&refused, PaymentRefusal::Refused(why) if why.contains("a subscription already")), "{refused}");
    let second = telegram.renew_subscription(&first).unwrap();
    let receipt = play.sees(&second).await;
    assert!(receipt.text.contains("You have 800\u{a0}⭐"), "{receipt}");
    play.chat.send_text("/balance");
    let until = kie::clock::Timestamp::from_millis(telegram.star_subscription(&first).unwrap().until * 1000);
    play.sees(&format!("Next payment on {}", until.date())).await;
    play.press("Top up").await;
    let packs = play.sees("How much do you want to add?").await;
    assert!(!packs.buttons.iter().flatten().any(|button| button.text.contains("every 30 days")), "{packs}");

    // Telegram does not do it: nothing is shown as done.
    play.chat.send_text("/balance");
    play.press("Cancel subscription").await;
    play.sees("What is on your balance stays yours").await;
    telegram.fault(TelegramFault::refuse("editUserStarSubscription", 400, "CHARGE_NOT_FOUND"));
    play.press("Cancel subscription").await;
    play.sees("Telegram has not changed it").await;
    assert!(!telegram.star_subscription(&first).unwrap().is_canceled);
    play.press("Cancel subscription").await;
    play.sees("What is on your balance stays yours").await;
    play.press("Cancel subscription").await;
    play.sees("It is canceled and ends on").await;
    assert_eq!((telegram.renew_subscription(&first), telegram.resume_subscription(&first)), (None, false));
    play.press("Allow it to go on").await;
    play.sees("unless you switch it on again").await;
    assert_eq!(telegram.renew_subscription(&first), None);
    assert!(telegram.resume_subscription(&first));
    let third = telegram.renew_subscription(&first).unwrap();
    play.sees(&third).await;
    play.chat.send_text("/balance");
    play.sees("Next payment on").await;
    play.end().await;
}

#[tokio::test]
async fn an_admin_ends_a_subscription() {
    let play = selling("ru").await;
    let link = link(&play, "Пополнить", "400 ⭐ каждые 30 дней за 300 звёзд", "Подписаться").await;
    let first = play.chat.pay_link(&link).unwrap().made().await.unwrap();
    play.sees("Подписка оплачена до").await;
    let admin = play.harness.telegram.chat_of(TelegramUser::new(ADMIN).speaking("en"));
    admin.send_text("/admin 42");
    admin.sees("Next payment on").await;
    admin.tap("Cancel subscription").await;
    admin.sees("no payment follows").await;
    assert!(play.harness.telegram.star_subscription(&first).unwrap().is_canceled);
    play.chat.send_text("/balance");
    play.sees("Отменена, закончится").await;
    // The same at the command line, once it may go on again.
    play.press("Разрешить продлить").await;
    play.sees("если не включить её снова").await;
    assert!(play.harness.telegram.resume_subscription(&first));
    let done = play.command(&["forget", "42", "--yes"]).await;
    assert!(done.complaint(1).contains("payments unsubscribe 42"), "{done:?}");
    let done = play.command(&["payments", "unsubscribe", "42", "--json"]).await;
    assert!(done.out.contains(&format!("\"payment\": \"{first}\"")), "{done:?}");
    assert!(play.harness.telegram.star_subscription(&first).unwrap().is_canceled);
    let done = play.command(&["payments", "unsubscribe", "42"]).await;
    assert!(done.err.contains("no subscription that goes on"), "{done:?}");
    play.end().await;
}
