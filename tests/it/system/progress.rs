//! Progress in the background: it holds nothing up, and leaves nothing behind.

use std::time::Duration;

use kie::demo::kie::{Pace, TaskEnd, TaskPlan};
use kie::demo::telegram::{MethodCall, SimTelegram, TelegramFault, TelegramFaultEffect};
use kie::job::JobState;

use crate::system::fixture::{LIMIT, TestSystem};
use crate::system::person::{fill, order, press, receive};

/// A step of a job waited for Telegram to take its progress message.
#[tokio::test(flavor = "multi_thread")]
async fn a_progress_message_that_hangs_holds_up_no_job() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(704);
    fill(&chat, "a boat").await;
    system.telegram.fault(TelegramFault::once("sendMessage", TelegramFaultEffect::Delay(600_000)));
    press(&chat, "✅ Create").await;
    receive(&chat).await;
    system.reaches(chat.id(), JobState::Delivered).await;
    bot.kill().await;
}

/// Whether a message below this one was removed.
fn is_removed_below(telegram: &SimTelegram, message: i32) -> bool {
    let is_below = |call: &MethodCall| {
        let id = call.args.get("message_id").map(|id| id.to_string().trim_matches('"').parse::<i32>());
        call.method == "deletemessage" && matches!(id, Some(Ok(id)) if id > message)
    };
    telegram.calls().iter().any(is_below)
}

/// The result was in the chat before the first progress message was, which then stayed below it.
#[tokio::test(flavor = "multi_thread")]
async fn a_progress_message_that_comes_after_the_result_is_removed() {
    for is_stopped in [false, true] {
        let system = TestSystem::sqlite().await;
        let bot = system.bot().await;
        let chat = system.telegram.chat(705);
        fill(&chat, "a boat").await;
        system.telegram.fault(TelegramFault::once("sendMessage", TelegramFaultEffect::Delay(5_000)));
        press(&chat, "✅ Create").await;
        let photo = receive(&chat).await.id;
        system.reaches(chat.id(), JobState::Delivered).await;
        if !is_stopped {
            let removed = |_: &_| is_removed_below(&system.telegram, photo).then_some(());
            chat.wait_for(LIMIT, removed).await.unwrap();
        }
        // A stop waits for it.
        bot.stop().await;
        assert!(is_removed_below(&system.telegram, photo));
        assert!(chat.view().button("Do not wait").is_none(), "{}", chat.view());
    }
}

/// A failure, too, takes the progress message away, whoever has sent that.
#[tokio::test(flavor = "multi_thread")]
async fn a_failure_leaves_no_progress_message_behind() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(706);
    let end = TaskEnd::Fail { code: "400".into(), msg: "bad image".to_owned() };
    system.kie.plan(TaskPlan { end, pace: Some(Pace::Time(Duration::from_secs(3600))), ..TaskPlan::default() });
    order(&chat, "a boat").await;
    let task = system.kie.wait_for_creates(1, LIMIT).await.unwrap().remove(0).task_id;
    chat.wait_button("Do not wait", LIMIT).await.unwrap();
    system.reaches(chat.id(), JobState::Running).await;
    // Both are stored by now.
    bot.stop().await;
    let bot = system.bot().await;
    system.kie.finish(&task);
    chat.wait_text("it did not work", LIMIT).await.unwrap();
    bot.stop().await;
    assert!(chat.view().button("Do not wait").is_none(), "{}", chat.view());
}

/// Progress was sent to a chat under flood control, poll after poll.
#[tokio::test(flavor = "multi_thread")]
async fn a_flooded_chat_gets_no_progress() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(707);
    system.kie.plan(TaskPlan { end: TaskEnd::Never { state: None }, ..TaskPlan::default() });
    let form = fill(&chat, "a boat").await;
    chat.flood(Duration::from_secs(3600));
    chat.press_data(form.id, form.button("✅ Create").unwrap().data.as_deref().unwrap()).unwrap();
    let job = system.reaches(chat.id(), JobState::Running).await;
    let task = job.task.unwrap().0;
    let polled = async {
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        while system.kie.polls(&task) < 20 {
            tick.tick().await;
        }
    };
    tokio::time::timeout(LIMIT, polled).await.unwrap();
    let refused = system.telegram.calls().iter().filter(|call| call.refused == Some(429)).count();
    assert!(refused <= 2, "the answer, and progress that was on its way with it: {refused}");
    chat.flood(Duration::ZERO);
    bot.kill().await;
}
