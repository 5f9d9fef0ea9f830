//! Who runs the bot hears of results that reached no chat: once, in their language, and not what they were about.

use std::time::Duration;

use kie::access::{Access, AccessPolicy};
use kie::clock::Clock;
use kie::demo::kie::{TaskEnd, TaskPlan};
use kie::demo::telegram::{ChatHandle, TelegramFault, TelegramFaultEffect};
use kie::job::{Job, JobState, UserId};
use kie::schema::spec::MediaKind;
use kie::user::User;
use serde_json::json;

use crate::support::log;
use crate::system::fixture::{LIMIT, TestSystem};
use crate::system::person::{order, photos, receive};
use crate::system::rig::{Life, Rig};

const OPERATOR: i64 = 840;
const AGAIN: Duration = Duration::from_secs(600);

fn access(policy: AccessPolicy, admins: &[i64]) -> Access {
    Access { policy, admins: admins.iter().copied().map(UserId).collect(), list: [].into() }
}

/// Jobs whose chats have blocked the bot.
async fn undeliverable(rig: &Rig, life: &Life, names: &[&str]) -> Vec<Job> {
    let mut jobs = Vec::new();
    for (n, name) in (850..).zip(names) {
        let chat = rig.telegram.chat(n);
        let mut job = rig.ready(name, &chat, MediaKind::Image, 1).await;
        job.input.insert("prompt".to_owned(), json!("a secret wish"));
        life.store.add_job(&job).await.unwrap();
        chat.block(true);
        jobs.push(job);
    }
    life.work().await;
    for job in &jobs {
        assert_eq!(life.job(job).await.state, JobState::Undeliverable);
    }
    jobs
}

fn told(chat: &ChatHandle) -> Vec<String> {
    chat.view().from_bot().map(|message| message.text.clone()).collect()
}

#[tokio::test]
async fn the_admins_are_told_once_of_all_that_reached_no_chat() {
    let rig = Rig::with_access(access(AccessPolicy::Open, &[OPERATOR, 841, 842])).await;
    let life = rig.life().await;
    let (operator, other) = (rig.telegram.chat(OPERATOR), rig.telegram.chat(841));
    // The third admin has never written to the bot.
    let names: Vec<String> = (0..12).map(|n| format!("job{n}")).collect();
    let jobs = undeliverable(&rig, &life, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert_eq!(life.worker.tell_operator().await.unwrap(), 12);
    for admin in [&operator, &other] {
        let [text] = told(admin).try_into().unwrap();
        assert!(text.contains("12 results reached no chat") && text.contains("and 2 more"), "{text}");
        assert_eq!(jobs.iter().filter(|job| text.contains(&job.id.0)).count(), 10, "{text}");
        assert!(text.contains("850") && text.contains("blocked"), "{text}");
        assert!(!text.contains("secret wish"), "{text}");
    }
    rig.clock.advance(2 * AGAIN);
    assert_eq!(life.worker.tell_operator().await.unwrap(), 0);
    assert_eq!(told(&operator).len(), 1);
}

#[tokio::test]
async fn the_owner_is_told_in_their_language() {
    let rig = Rig::with_access(access(AccessPolicy::List, &[])).await;
    let life = rig.life().await;
    let operator = rig.telegram.chat(OPERATOR);
    let user = User { id: UserId(OPERATOR), language: "ru".to_owned(), created_at: rig.clock.now() };
    life.service.put_user(&user).await.unwrap();
    assert!(life.service.become_owner(user.id).await.unwrap());
    undeliverable(&rig, &life, &["one"]).await;
    life.worker.tell_operator().await.unwrap();
    let [text] = told(&operator).try_into().unwrap();
    assert!(text.contains("1 результат не дошёл до чата"), "{text}");
}

/// Without admins and an owner the log has it, and nobody is told later what has long been settled.
#[tokio::test]
async fn a_bot_of_nobody_tells_nobody() {
    log::capture();
    let rig = Rig::new().await;
    let life = rig.life().await;
    let jobs = undeliverable(&rig, &life, &["one", "two"]).await;
    assert_eq!(life.worker.tell_operator().await.unwrap(), 2);
    rig.clock.advance(2 * AGAIN);
    assert_eq!(life.worker.tell_operator().await.unwrap(), 0);
    let log = log::captured();
    for job in &jobs {
        let loud = log.lines().filter(|line| line.contains("ERROR") && line.contains(&job.id.0));
        assert_eq!(loud.count(), 2, "when it is given up, and in the list: {log}");
    }
    assert!(!log.contains("secret wish"), "{log}");
}

#[tokio::test]
async fn the_operator_is_told_later_when_telegram_is_silent_or_the_process_dies() {
    let rig = Rig::with_access(access(AccessPolicy::Owner, &[OPERATOR])).await;
    let life = rig.life().await;
    let operator = rig.telegram.chat(OPERATOR);
    undeliverable(&rig, &life, &["one"]).await;
    rig.telegram.fault(TelegramFault::once("sendMessage", TelegramFaultEffect::Disconnect));
    life.worker.tell_operator().await.unwrap();
    assert_eq!(told(&operator).len(), 0);
    assert_eq!(life.worker.tell_operator().await.unwrap(), 0, "not at once");

    rig.clock.advance(AGAIN);
    rig.telegram.fault(TelegramFault::once("sendMessage", TelegramFaultEffect::Delay(600_000)));
    let telling = tokio::spawn({
        let worker = life.worker.clone();
        async move { worker.tell_operator().await }
    });
    rig.telegram.wait_for_calls("sendMessage", 2, LIMIT).await.unwrap();
    telling.abort();
    drop(telling.await);

    let next = rig.life().await;
    rig.clock.advance(AGAIN);
    assert_eq!(next.worker.tell_operator().await.unwrap(), 1);
    assert_eq!(told(&operator).len(), 1);
}

/// The whole program: the chat is gone, the operator hears of it; the chat comes back, and has its result.
#[tokio::test(flavor = "multi_thread")]
async fn a_running_bot_tells_its_operator() {
    let mut system = TestSystem::sqlite().await;
    system.config.access = access(AccessPolicy::Open, &[OPERATOR]);
    let bot = system.bot().await;
    let (operator, chat) = (system.telegram.chat(OPERATOR), system.telegram.chat(843));
    system.kie.plan(TaskPlan { end: TaskEnd::Never { state: None }, ..TaskPlan::default() });
    order(&chat, "a secret wish").await;
    let creates = system.kie.wait_for_creates(1, LIMIT).await.unwrap();
    chat.block(true);
    system.kie.finish(&creates[0].task_id);
    let job = system.reaches(chat.id(), JobState::Undeliverable).await;
    let shown = operator.wait_text("1 result reached no chat", LIMIT).await.unwrap();
    assert!(shown.text.contains(&job.id.0) && !shown.text.contains("secret"), "{}", shown.text);
    chat.block(false);
    chat.send_text("hello again");
    receive(&chat).await;
    system.reaches(chat.id(), JobState::Delivered).await;
    bot.stop().await;
    assert_eq!((photos(&chat), told(&operator).len()), (1, 1));
}
