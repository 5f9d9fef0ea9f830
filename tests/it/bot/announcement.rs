//! An admin announces something in the chat.

use kie::access::{Access, AccessPolicy};
use kie::demo::telegram::ChatView;
use kie::job::UserId;

use super::*;

async fn administered() -> Play {
    let access = Access { policy: AccessPolicy::Open, admins: [UserId(42)].into(), list: [].into() };
    Play::with("en", |options| {
        options.access = access;
        options.tuning.worker.announcement_interval = Duration::from_millis(50);
    })
    .await
}

fn person(play: &Play, id: i64, language: &str) -> ChatHandle {
    play.harness.telegram.chat_of(TelegramUser::new(id).speaking(language))
}

#[tokio::test]
async fn an_admin_sees_what_is_announced_before_anybody_else_does() {
    let play = administered().await;
    let (ivan, ann, gone) = (person(&play, 43, "ru"), person(&play, 44, "en"), person(&play, 45, "en"));
    for chat in [&ivan, &ann, &gone] {
        chat.send_text("/start");
        chat.wait_for(TIMEOUT, |view| view.from_bot().next().map(|_| ())).await.unwrap();
    }
    gone.block(true);
    play.chat.send_text("/admin");
    play.sees("Admin").await;
    play.press("Announcements").await;
    play.sees("/admin announce TEXT").await;
    for (wrong, words) in [
        ("/admin announce", "send me: /admin announce TEXT"),
        ("/admin announce Hi\n[ru]\n ", "The text in Русский is empty"),
        ("/admin announce [en]\nHi\n[en]\nHello", "There are two texts in English"),
    ] {
        play.chat.send_text(wrong);
        let said = |view: &ChatView| view.last().filter(|last| last.from_bot && last.text.contains(words)).cloned();
        play.chat.wait_for(TIMEOUT, said).await.unwrap_or_else(|error| panic!("{wrong}: {error}"));
    }
    play.chat.send_text("/admin announce Tonight <we> move & \"rest\"\n[ru]\nСегодня переезд");
    let draft = play.sees("4 people are about to be told this").await;
    assert!(draft.text.contains("Tonight <we> move & \"rest\"") && draft.text.contains("Сегодня переезд"), "{draft}");
    play.press("Send it").await;
    play.sees("It is on its way").await;
    ivan.sees("Сегодня переезд").await;
    let told = ann.sees("Tonight <we> move & \"rest\"").await;
    assert!(told.button("Menu").is_some(), "{told}");
    play.sees("Tonight <we> move & \"rest\"").await;
    let counted = |view: &ChatView| {
        view.from_bot()
            .find(|shown| shown.text.contains("· sent\n3 people have it, have blocked the bot: 1, failed: 0"))
            .cloned()
    };
    while counted(&play.chat.view()).is_none() {
        play.press("Refresh").await;
    }
    let shown = play.chat.wait_for(TIMEOUT, counted).await.unwrap();
    assert!(shown.button("Stop").is_none(), "{shown}");
    play.end().await;
}

#[tokio::test]
async fn a_draft_is_discarded_and_an_old_button_says_so() {
    let play = administered().await;
    play.chat.send_text("/start");
    play.sees("What shall we make").await;
    play.chat.send_text("/admin announce Hello");
    let draft = play.sees("1 person is about to be told this").await;
    play.press("Discard").await;
    play.sees("Stopped.").await;
    play.chat.send_text("/admin announce Hello again");
    play.sees("Hello again").await;
    let send = draft.button("Send it").unwrap().data.clone().unwrap();
    let press = play.chat.press_data(draft.id, &send).unwrap();
    play.chat.wait_answer(&press, TIMEOUT).await.unwrap();
    play.sees("Too late: that announcement has ended").await;
    play.end().await;
}
