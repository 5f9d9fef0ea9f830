//! Screens of a group that one person sees alone.

use kie::demo::telegram::{ChatHandle, KeySupport, TelegramUser};

use crate::bot::{Play, TIMEOUT};

const NONE: &str = "You have no jobs yet";
const MENU: &str = "What shall we make?";

/// A group, as two persons see it; the first has opened the menu.
async fn group(play: Play, support: KeySupport) -> (Play, ChatHandle) {
    play.harness.telegram.set_key_support(support);
    let chat = play.harness.telegram.supergroup(-1_000_000_000_140, TelegramUser::new(45));
    let other = chat.as_member(TelegramUser::new(46));
    let play = Play { chat, ..play };
    play.chat.send_text("/start");
    play.sees(MENU).await;
    (play, other)
}

#[tokio::test]
async fn the_list_of_jobs_is_shown_to_the_one_who_asks() {
    let (play, other) = group(Play::start("en").await, KeySupport::Current).await;
    play.press("My jobs").await;
    let list = play.sees(NONE).await;
    assert_eq!(list.ephemeral.map(|ephemeral| ephemeral.receiver), Some(45));
    assert!(other.view().with_text(NONE).is_none() && other.view().with_text(MENU).is_some(), "{}", other.view());
    // Its buttons change it in place.
    play.chat.press_on(list.id, "Menu").unwrap();
    let changed = play.chat.wait_for(TIMEOUT, |view| {
        view.messages.iter().find(|message| message.id == list.id && message.text.contains(MENU)).cloned()
    });
    changed.await.unwrap();
    assert_eq!(other.view().from_bot().count(), 1, "{}", other.view());
    play.end().await;
}

#[tokio::test]
async fn where_that_is_refused_the_menu_shows_it_to_all() {
    let (play, other) = group(Play::start("en").await, KeySupport::Refused).await;
    play.press("My jobs").await;
    play.sees(NONE).await;
    assert!(other.view().with_text(NONE).is_some() && other.view().with_text(MENU).is_none(), "{}", other.view());
    play.end().await;
}

/// An older server passes over what it does not know: the message is there for all, once.
#[tokio::test]
async fn a_server_that_shows_it_to_all_is_not_asked_again() {
    let (play, other) = group(Play::start("en").await, KeySupport::Ignored).await;
    for count in [2, 2] {
        play.press("My jobs").await;
        play.sees(NONE).await;
        other.wait_text(NONE, TIMEOUT).await.unwrap();
        assert_eq!(other.view().from_bot().count(), count, "{}", other.view());
        play.press("Menu").await;
    }
    play.end().await;
}
