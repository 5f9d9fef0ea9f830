//! Failures of a handler during an update.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kie::bot::{Bot, InboxSettings, Telegram};
use kie::clock::{Clock, Sleep, SystemClock, Timestamp};
use kie::demo::kie::{TaskEnd, TaskPlan};
use kie::demo::telegram::{TelegramFault, TelegramFaultEffect};
use kie::inbox::Mailbox;
use kie::job::JobState;
use kie::service::{Retention, Service};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::support::{database, pooler, postgres};
use crate::system::fixture::{LIMIT, TestSystem};
use crate::system::person::{fill, order};

/// F12: a repeated update had its effect twice.
///
/// The form is dropped, and the reply is lost: when the command is repeated, it must not cancel a job.
#[tokio::test(flavor = "multi_thread")]
async fn f12_a_cancel_whose_reply_was_lost_takes_no_job() {
    database::with_database(|url| async move {
        let name = url.rsplit('/').next().unwrap().to_owned();
        let manner = pooler::Manner { loses: Some("DELETE FROM person_drafts"), ..pooler::Manner::modern() };
        let port = pooler::start_as(manner, postgres::address(), &name).await;
        let mut pooled: url::Url = url.parse().unwrap();
        pooled.set_port(Some(port)).unwrap();
        let mut system = TestSystem::postgres(url.clone()).await;
        system.config.database_url = pooled.to_string().into();
        system.config.lock_database_url = Some(url.into());
        // It deletes old drafts with the same words.
        system.config.retention = Retention::default();
        let bot = system.bot().await;
        let chat = system.telegram.chat(631);
        system.kie.plan(TaskPlan { end: TaskEnd::Never { state: None }, ..TaskPlan::default() });
        order(&chat, "a boat").await;
        system.reaches(chat.id(), JobState::Running).await;
        fill(&chat, "another boat").await;
        chat.send_text("/cancel");
        bot.says("an update waits for the database").await;
        // The repetition is over when the next update is answered.
        chat.send_text("/after");
        chat.wait_text("/after", LIMIT).await.unwrap();
        bot.stop().await;
        let job = system.job(chat.id()).await;
        assert!(job.state == JobState::Running && !job.detached, "{job:?}");
    })
    .await;
}

/// One slow handler delayed all chats when the process had lost its registration.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_name_holds_back_no_chat_but_those_in_hand() {
    database::with_database(|url| async move {
        let system = TestSystem::postgres(url.clone()).await;
        let bot = system.bot().await;
        let (slow, other) = (system.telegram.chat(632), system.telegram.chat(633));
        system.telegram.fault(TelegramFault::once("sendMessage", TelegramFaultEffect::Delay(8_000)));
        slow.send_text("/start");
        system.telegram.wait_for_calls("sendMessage", 1, LIMIT).await.unwrap();
        slow.send_text("/next");
        postgres::execute_in(&url, "update holders set until = 0").await;
        bot.says("the lease of this process's chats has expired").await;
        other.send_text("/start");
        other.wait_text("What shall we make?", LIMIT).await.unwrap();
        assert_eq!(slow.view().from_bot().count(), 0, "it is still in hand: {}", slow.view());
        // The chat's next update follows when that has ended, in order.
        slow.wait_text("/next", LIMIT).await.unwrap();
        bot.stop().await;
        let texts: Vec<String> = slow.view().from_bot().map(|message| message.text.clone()).collect();
        assert!(texts.len() == 2 && texts[0].contains("What shall we make?"), "{texts:?}");
        assert_eq!(system.telegram.unanswered().len(), 0);
    })
    .await;
}

/// Panics at the first wait.
#[derive(Debug, Default)]
struct Brittle {
    broken: AtomicBool,
}

impl Clock for Brittle {
    fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    fn sleep(&self, d: Duration) -> Sleep<'_> {
        assert!(self.broken.swap(true, Ordering::Relaxed), "the spring breaks");
        Box::pin(tokio::time::sleep(d))
    }
}

/// F24: after a panic of a handler the user got no reply.
#[tokio::test(flavor = "multi_thread")]
async fn f24_a_handler_that_breaks_is_owned_up_to() {
    let system = TestSystem::sqlite().await;
    let token = system.config.bot_token.clone().unwrap();
    let api = Some(system.telegram.api_url.clone());
    let telegram = Telegram::connect(token, api, Arc::new(Brittle::default())).unwrap();
    let client = kie::app::client(&system.config).unwrap();
    let bot = Bot::new(telegram, Service::new(system.store().await, client, Arc::new(SystemClock)));
    let stop = CancellationToken::new();
    let work = tokio::spawn({
        let (bot, stop) = (bot.clone(), stop.clone());
        async move { bot.run_inbox(InboxSettings::default(), stop, LIMIT).await }
    });
    let chat = system.telegram.chat(634);
    // The wait that this causes makes the handler panic.
    system.telegram.fault(TelegramFault::once("sendMessage", TelegramFaultEffect::Flood(1)));
    let update = |id: i64, text: &str| {
        json!({"update_id": id, "message": {"message_id": id, "date": 1_700_000_000, "text": text,
            "chat": {"id": chat.id(), "type": "private", "first_name": "A"},
            "from": {"id": chat.id(), "is_bot": false, "first_name": "A", "language_code": "en"}}})
    };
    bot.receive(update(1, "/start")).await.unwrap();
    bot.receive(update(2, "/start")).await.unwrap();
    chat.wait_text("What shall we make?", LIMIT).await.unwrap();
    stop.cancel();
    work.await.unwrap();
    let first = chat.view().from_bot().next().unwrap().text.clone();
    assert!(first.contains("went wrong"), "{first}");
    assert!(system.store().await.open_updates(1).await.unwrap().is_empty());
}
