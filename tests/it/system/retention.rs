//! The process that leads deletes what was kept long enough, and people are told what is not kept any more.

use kie::demo::telegram::TelegramUser;
use kie::job::{ChatId, JobState, UserId};
use kie::user::DraftKey;

use crate::system::fixture::{LIMIT, TestSystem};
use crate::system::person::{fill, order, press, receive};
use crate::system::upgrade::rest;

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_left_alone_is_deleted() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat_of(TelegramUser::new(761).speaking("en"));
    fill(&chat, "a boat").await;
    bot.stop().await;
    let key = DraftKey { chat: ChatId(761), topic: None, user: UserId(761) };
    assert!(system.store().await.draft(&key).await.unwrap().is_some());
    system.change("UPDATE person_drafts SET updated_at = updated_at - 91 * 86400000").await;
    let bot = system.bot().await;
    bot.says("what was kept long enough was deleted").await;
    assert_eq!(system.store().await.draft(&key).await.unwrap(), None);
    bot.stop().await;
}

/// Its buttons would order something else: the input is gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_stripped_job_says_that_it_is_not_kept() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat_of(TelegramUser::new(762).speaking("en"));
    order(&chat, "a boat").await;
    let picture = receive(&chat).await;
    let job = system.reaches(762, JobState::Delivered).await;
    rest(&system).await;
    system.change("UPDATE jobs SET updated_at = updated_at - 366 * 86400000").await;
    bot.stop().await;
    let bot = system.bot().await;
    bot.says("what was kept long enough was deleted").await;
    assert!(system.store().await.job(&job.id).await.unwrap().unwrap().stripped);
    let told = || chat.view().from_bot().filter(|message| message.text.contains("is not kept any more")).count();
    for (count, label) in (1..).zip(["Once more", "Change"]) {
        chat.press_on(picture.id, label).unwrap();
        chat.wait_for(LIMIT, |_| (told() == count).then_some(())).await.unwrap();
    }
    chat.send_text("/jobs");
    chat.wait_text("Your last jobs", LIMIT).await.unwrap();
    press(&chat, "1. Show").await;
    chat.wait_for(LIMIT, |_| (told() == 3).then_some(())).await.unwrap();
    assert_eq!(system.kie.creates().len(), 1, "nothing was ordered");
    bot.stop().await;
}
