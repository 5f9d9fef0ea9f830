//! The remaining credits, shown with results.

use std::time::Duration;

use futures::future::join_all;
use kie::demo::harness::KEY;
use kie::demo::kie::{KieFault, KieFaultEffect, Route, SimKieOptions};
use kie::demo::telegram::Message;

use crate::system::fixture::{TestSystem, quick};
use crate::system::person::{order, receive};

/// The first line of an image's caption.
fn head(photo: &Message) -> &str {
    photo.text.lines().next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_results_in_a_row_tell_what_is_left_and_ask_for_it_once() {
    let mut system = TestSystem::sqlite().await;
    system.config.show_balance = true;
    let left = system.kie.balance();
    let bot = system.bot().await;
    bot.says(&format!("credits={left}")).await;
    let chats: Vec<_> = (0..10).map(|n| system.telegram.chat(5800 + n)).collect();
    join_all(chats.iter().map(|chat| order(chat, "a boat"))).await;
    for photo in join_all(chats.iter().map(receive)).await {
        assert!(head(&photo).ends_with(&format!(" credits · {left} left")), "{photo}");
    }
    bot.stop().await;
    assert_eq!(system.kie.creates().len(), 10);
    assert_eq!(system.kie.requests(Route::Credit), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_makes_the_bot_look_again() {
    let mut system = TestSystem::sqlite().await;
    system.config.show_balance = true;
    system.tuning.balance_pause = Some(Duration::ZERO);
    let full = system.kie.balance();
    let bot = system.bot().await;
    bot.says(&format!("credits={full}")).await;
    let chats = [system.telegram.chat(581), system.telegram.chat(582)];
    order(&chats[0], "a boat").await;
    receive(&chats[0]).await;
    let less = system.kie.balance();
    assert!(less < full);
    bot.says(&format!("credits={less}")).await;
    order(&chats[1], "a boat").await;
    let photo = receive(&chats[1]).await;
    // Queried after the first image, or only after the second one.
    let known = [less, system.kie.balance()].map(|left| format!(" · {left} left"));
    assert!(known.iter().any(|known| head(&photo).ends_with(known)), "{photo}");
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_are_counted_together_and_not_told() {
    let other = "a-key-of-another-account";
    let mut system = TestSystem::sqlite_with(SimKieOptions { other_keys: vec![other.to_owned()], ..quick() }).await;
    system.config.show_balance = true;
    system.config.kie_key = Some(format!("{KEY},{other},a-key-that-kie-refuses").into());
    let bot = system.bot().await;
    // All accounts of the simulator have the same credits.
    let both = 2.0 * system.kie.balance();
    bot.says(&format!("credits={both}")).await;
    let log = bot.stop().await.text();
    assert!(!log.contains(KEY) && !log.contains("a-key"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_balance_that_is_not_known_or_not_for_people_is_left_out() {
    for show_balance in [true, false] {
        let mut system = TestSystem::sqlite().await;
        system.config.show_balance = show_balance;
        system.kie.fault(KieFault::times(Route::Credit, u32::MAX, KieFaultEffect::Html { status: 502 }));
        let bot = system.bot().await;
        let chat = system.telegram.chat(583);
        order(&chat, "a boat").await;
        let photo = receive(&chat).await;
        assert!(head(&photo).ends_with(" credits"), "{photo}");
        bot.stop().await;
        assert_eq!(system.kie.requests(Route::Credit) > 0, show_balance);
    }
}
