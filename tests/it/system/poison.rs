//! Updates that end the process that handles them: here the process is killed as soon as it has begun to answer one.

use std::sync::Arc;
use std::time::Duration;

use kie::bot::{ATTEMPTS, Bot, InboxSettings, Telegram};
use kie::clock::SystemClock;
use kie::demo::telegram::{ChatHandle, TelegramFault, TelegramFaultEffect, TelegramUser};
use kie::inbox::Mailbox;
use kie::service::Service;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::support::database;
use crate::system::fixture::{LIMIT, TestSystem};

const LOG: &str = "info,kie=debug";

/// How often the bot has begun to say something to a chat.
fn tries(system: &TestSystem, chat: &ChatHandle) -> usize {
    let id = chat.id().to_string();
    let is_to = |call: &kie::demo::telegram::MethodCall| {
        call.method == "sendmessage"
            && call.args.get("chat_id").is_some_and(|to| to.to_string().trim_matches('"') == id)
    };
    system.telegram.calls().iter().filter(|call| is_to(call)).count()
}

/// The next answer to this chat does not come through for as long as a test lasts.
fn stop_short(system: &TestSystem, chat: &ChatHandle) {
    system.telegram.fault(TelegramFault {
        chat: Some(chat.id()),
        ..TelegramFault::once("sendMessage", TelegramFaultEffect::Delay(600_000))
    });
}

async fn is_tried(system: &TestSystem, chat: &ChatHandle, times: usize) {
    if chat.wait_for(LIMIT, |_| (tries(system, chat) >= times).then_some(())).await.is_err() {
        panic!("tried {} times, not {times}", tries(system, chat));
    }
}

/// The messages that say this.
fn count(chat: &ChatHandle, words: &str) -> usize {
    chat.view().from_bot().filter(|message| message.text.contains(words)).count()
}

async fn is_set_aside(system: TestSystem) {
    let (bad, good) = (system.telegram.chat_of(TelegramUser::new(641).speaking("ru")), system.telegram.chat(642));
    bad.send_text("/poison hunter2");
    bad.send_text("/after");
    for life in 1..=ATTEMPTS as usize {
        stop_short(&system, &bad);
        let bot = system.candidate(LOG).await;
        is_tried(&system, &bad, life).await;
        good.send_text(&format!("/life{life}"));
        good.wait_text(&format!("/life{life}"), LIMIT).await.unwrap();
        bot.kill().await;
    }
    let bot = system.candidate(LOG).await;
    bad.wait_text("обработать не удалось", LIMIT).await.unwrap();
    bad.wait_text("/after", LIMIT).await.unwrap();
    let log = bot.stop().await.text();
    let bot = system.candidate(LOG).await;
    bad.send_text("/later");
    bad.wait_text("/later", LIMIT).await.unwrap();
    let later = bot.stop().await.text();

    let said: Vec<&str> = log.lines().filter(|line| line.contains("is set aside")).collect();
    assert_eq!(said.len(), 1, "{log}");
    assert!(said[0].contains("kind=\"message\"") && said[0].contains("attempts=3"), "{}", said[0]);
    assert!(said[0].contains("update=100000001"), "{}", said[0]);
    assert!(!log.contains("hunter2") && !later.contains("set aside"), "{log}\n{later}");
    assert_eq!((count(&bad, "обработать не удалось"), count(&bad, "/poison")), (1, 0), "{}", bad.view());
    assert_eq!(tries(&system, &bad), ATTEMPTS as usize + 3, "it is not tried again");
    assert!(system.store().await.open_updates(9).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_kills_is_set_aside_and_its_person_is_told_on_sqlite() {
    is_set_aside(TestSystem::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_kills_is_set_aside_and_its_person_is_told_on_postgres() {
    database::with_database(|url| async move { is_set_aside(TestSystem::postgres(url).await).await }).await;
}

/// Whatever is in hand dies with the process. The last attempt at each is made alone, so that one that kills takes nobody
/// along.
async fn takes_nobody_along(system: TestSystem) {
    let bad = system.telegram.chat(651);
    let others = [system.telegram.chat(652), system.telegram.chat(653)];
    bad.send_text("/poison");
    for other in &others {
        other.send_text("/harmless");
    }
    for life in 1..ATTEMPTS as usize {
        for chat in others.iter().chain([&bad]) {
            stop_short(&system, chat);
        }
        let bot = system.candidate(LOG).await;
        for chat in others.iter().chain([&bad]) {
            is_tried(&system, chat, life).await;
        }
        bot.kill().await;
    }
    stop_short(&system, &bad);
    let bot = system.candidate(LOG).await;
    is_tried(&system, &bad, ATTEMPTS as usize).await;
    // What is new does not wait for it.
    let new = system.telegram.chat(654);
    new.send_text("/new");
    new.wait_text("/new", LIMIT).await.unwrap();
    for other in &others {
        assert_eq!(tries(&system, other), ATTEMPTS as usize - 1, "it waits until the other has come to its end");
    }
    bot.kill().await;

    let bot = system.candidate(LOG).await;
    bad.wait_text("I could not handle one thing", LIMIT).await.unwrap();
    for other in &others {
        other.wait_text("/harmless", LIMIT).await.unwrap();
        assert_eq!(other.view().from_bot().count(), 1, "{}", other.view());
    }
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_kills_takes_nobody_along_on_sqlite() {
    takes_nobody_along(TestSystem::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_kills_takes_nobody_along_on_postgres() {
    database::with_database(|url| async move { takes_nobody_along(TestSystem::postgres(url).await).await }).await;
}

/// Even the word about it kills: it is closed without one.
#[tokio::test(flavor = "multi_thread")]
async fn a_word_that_kills_is_not_said_for_ever() {
    let system = TestSystem::sqlite().await;
    let bad = system.telegram.chat(661);
    bad.send_text("/poison");
    bad.send_text("/after");
    for life in 1..=ATTEMPTS as usize + 1 {
        stop_short(&system, &bad);
        let bot = system.candidate(LOG).await;
        is_tried(&system, &bad, life).await;
        bot.kill().await;
    }
    let bot = system.candidate(LOG).await;
    bad.wait_text("/after", LIMIT).await.unwrap();
    let log = bot.stop().await.text();
    assert!(log.contains("is closed without a report") && !log.contains("is set aside"), "{log}");
    assert_eq!(bad.view().from_bot().count(), 1, "{}", bad.view());
}

/// Deploys: the update is in hand at every stop, is cut off each time, and is none the worse for it.
async fn is_given_back(system: TestSystem) {
    let chat = system.telegram.chat(671);
    let bot = || async {
        let token = system.config.bot_token.clone().unwrap();
        let api = Some(system.telegram.api_url.clone());
        let telegram = Telegram::connect(token, api, Arc::new(SystemClock)).unwrap();
        let client = kie::app::client(&system.config).unwrap();
        Bot::new(telegram, Service::new(system.store().await, client, Arc::new(SystemClock)))
    };
    let work = |bot: &Bot, stop: &CancellationToken| {
        let (bot, stop) = (bot.clone(), stop.clone());
        tokio::spawn(async move { bot.run_inbox(InboxSettings::default(), stop, Duration::from_millis(50)).await })
    };
    let update = json!({"update_id": 1, "message": {"message_id": 1, "date": 1_700_000_000, "text": "/start",
        "chat": {"id": chat.id(), "type": "private", "first_name": "A"},
        "from": {"id": chat.id(), "is_bot": false, "first_name": "A", "language_code": "en"}}});
    for life in 1..=2 * ATTEMPTS as usize {
        stop_short(&system, &chat);
        let (bot, stop) = (bot().await, CancellationToken::new());
        let handlers = work(&bot, &stop);
        // One that is known already is fine.
        bot.receive(update.clone()).await.unwrap();
        is_tried(&system, &chat, life).await;
        stop.cancel();
        handlers.await.unwrap();
    }
    let (bot, stop) = (bot().await, CancellationToken::new());
    let handlers = work(&bot, &stop);
    chat.wait_text("What shall we make?", LIMIT).await.unwrap();
    stop.cancel();
    handlers.await.unwrap();
    assert_eq!(chat.view().from_bot().count(), 1, "{}", chat.view());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_is_cut_off_by_deploys_is_answered_in_the_end_on_sqlite() {
    is_given_back(TestSystem::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_is_cut_off_by_deploys_is_answered_in_the_end_on_postgres() {
    database::with_database(|url| async move { is_given_back(TestSystem::postgres(url).await).await }).await;
}
