//! A deploy in the middle of things: an older replica meets what a newer one has written, and prices that have changed.

use kie::demo::telegram::TelegramUser;
use kie::job::{ChatId, JobState, UserId};
use kie::user::DraftKey;

use crate::system::fixture::{LIMIT, TestSystem};
use crate::system::person::{fill, order, photos, press, receive};
use crate::system::upgrade::rest;

/// The form of a chat as it is stored.
async fn form(system: &TestSystem, chat: i64) -> serde_json::Value {
    let key = DraftKey { chat: ChatId(chat), topic: None, user: UserId(chat) };
    system.store().await.draft(&key).await.unwrap().expect("the form is kept").body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_a_newer_version_is_kept() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat_of(TelegramUser::new(751).speaking("en"));
    let shown = fill(&chat, "a boat").await;
    for body in ["json_set(body, '$.version', 2)", "json_set(body, '$.model', 'of/tomorrow')"] {
        rest(&system).await;
        let before = form(&system, 751).await;
        system.change(&format!("UPDATE person_drafts SET body = {body}")).await;
        let newer = form(&system, 751).await;
        let count = |text: &str| chat.view().from_bot().filter(|message| message.text.contains(text)).count();
        let told = count("I am being updated");
        let press = chat.press_on(shown.id, "✅ Create").unwrap();
        chat.wait_answer(&press, LIMIT).await.unwrap();
        chat.wait_for(LIMIT, |_| (count("I am being updated") == told + 1).then_some(())).await.unwrap();
        // So does whatever else would change it; the menu needs no form.
        chat.send_text("a red boat");
        chat.wait_for(LIMIT, |_| (count("I am being updated") == told + 2).then_some(())).await.unwrap();
        let menus = count("What shall we make");
        chat.send_text("/start");
        chat.wait_for(LIMIT, |_| (count("What shall we make") > menus).then_some(())).await.unwrap();
        rest(&system).await;
        assert_eq!(form(&system, 751).await, newer, "nothing is changed or deleted");
        system.change(&format!("UPDATE person_drafts SET body = '{}'", before.to_string().replace('\'', "''"))).await;
    }
    // The newer replica goes on with it.
    let press = chat.press_on(shown.id, "✅ Create").unwrap();
    chat.wait_answer(&press, LIMIT).await.unwrap();
    receive(&chat).await;
    assert_eq!(system.kie.creates()[0].input["prompt"], "a boat");
    bot.stop().await;
}

/// A button of a job that only the newer replica can read is no failure.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_a_newer_version_is_kept() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat_of(TelegramUser::new(755).speaking("en"));
    order(&chat, "a boat").await;
    let picture = receive(&chat).await;
    system.reaches(755, JobState::Delivered).await;
    rest(&system).await;
    let changes = [
        ("state = 'dreaming'", "state = 'delivered'"),
        ("output = json_set(output, '$.old', output, '$.urls', 7)", "output = json_extract(output, '$.old')"),
    ];
    let count = |text: &str| chat.view().from_bot().filter(|message| message.text.contains(text)).count();
    for (told, (newer, back)) in (1..).zip(changes) {
        system.change(&format!("UPDATE jobs SET {newer}")).await;
        chat.press_on(picture.id, "Once more").unwrap();
        chat.wait_for(LIMIT, |_| (count("cannot read this yet") == told).then_some(())).await.unwrap();
        system.change(&format!("UPDATE jobs SET {back}")).await;
    }
    assert_eq!((count("Something went wrong"), system.kie.creates().len()), (0, 1), "{}", chat.view());
    chat.press_on(picture.id, "Once more").unwrap();
    chat.wait_for(LIMIT, |_| (photos(&chat) == 2).then_some(())).await.unwrap();
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_nobody_can_read_is_dropped_after_the_time_of_a_deploy() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat_of(TelegramUser::new(752).speaking("en"));
    fill(&chat, "a boat").await;
    rest(&system).await;
    let change = "UPDATE person_drafts SET body = json_set(body, '$.version', 2), updated_at = updated_at - 3600000";
    system.change(change).await;
    press(&chat, "✅ Create").await;
    chat.wait_text("cannot be read. Please begin again", LIMIT).await.unwrap();
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn once_more_at_another_price_is_asked_first() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat_of(TelegramUser::new(753).speaking("en"));
    order(&chat, "a boat").await;
    let picture = receive(&chat).await;
    system.reaches(753, JobState::Delivered).await;
    // What the button says.
    system.change("UPDATE jobs SET quote_credits = quote_credits + 1500").await;
    chat.press_on(picture.id, "Once more").unwrap();
    chat.wait_text("The price is another one now", LIMIT).await.unwrap();
    rest(&system).await;
    assert_eq!(system.kie.creates().len(), 1, "nothing is ordered");
    press(&chat, "✅ Create").await;
    chat.wait_for(LIMIT, |_| (photos(&chat) == 2).then_some(())).await.unwrap();
    // At the price that it says, it is done at once.
    system.change("UPDATE jobs SET quote_credits = (SELECT MIN(quote_credits) FROM jobs)").await;
    chat.press_on(picture.id, "Once more").unwrap();
    chat.wait_for(LIMIT, |_| (photos(&chat) == 3).then_some(())).await.unwrap();
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_whose_price_has_changed_since_it_was_shown_is_asked_about() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat_of(TelegramUser::new(754).speaking("en"));
    fill(&chat, "a boat").await;
    rest(&system).await;
    let shown = "json_set(body, '$.shown_price.credits', json_extract(body, '$.shown_price.credits') + 500)";
    system.change(&format!("UPDATE person_drafts SET body = {shown}")).await;
    press(&chat, "✅ Create").await;
    let asked = chat.wait_text("The price is another one now", LIMIT).await.unwrap();
    assert!(asked.text.contains("instead of"), "{asked}");
    rest(&system).await;
    assert!(system.kie.creates().is_empty(), "nothing is ordered");
    press(&chat, "✅ Create").await;
    receive(&chat).await;
    // A form of before, which tells no price, is ordered as it was.
    fill(&chat, "a red boat").await;
    rest(&system).await;
    system.change("UPDATE person_drafts SET body = json_remove(body, '$.shown_price')").await;
    press(&chat, "✅ Create").await;
    chat.wait_for(LIMIT, |_| (photos(&chat) == 2).then_some(())).await.unwrap();
    bot.stop().await;
}
