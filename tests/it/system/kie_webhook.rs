//! KIE's webhooks: each tells that a task has ended, so that it is polled at once and a lost task is found again.

use std::time::Duration;

use kie::clock::Timestamp;
use kie::demo::kie::{KieFault, KieFaultEffect, Route, SimKieOptions, TaskEnd, TaskPlan};
use kie::job::{JobId, JobState, TaskId};
use kie::ledger::EntryKind::{Capture, Hold};
use kie::service::JobAdmin;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::database;
use crate::system::fixture::{Bot, LIMIT, RARELY, TestSystem, quick};
use crate::system::front::Front;
use crate::system::person::{order, photos, receive};

/// Bots of this system have a public address and hardly poll on their own.
async fn with_webhooks(mut system: TestSystem) -> (TestSystem, Front) {
    let front = Front::start().await;
    system.config.public_url = Some(front.url.clone());
    system.config.http = Some("127.0.0.1:0".parse().unwrap());
    system.tuning.worker.schedule = RARELY;
    (system, front)
}

async fn bot(system: &TestSystem, front: &Front) -> Bot {
    let bot = system.bot().await;
    front.lead_to(&[bot.address().await]);
    bot
}

/// A task that ends when it is told to.
fn waits() -> TaskPlan {
    TaskPlan { end: TaskEnd::Never { state: None }, ..TaskPlan::default() }
}

async fn post(url: &str, body: String) -> u16 {
    reqwest::Client::new().post(url).body(body).send().await.unwrap().status().as_u16()
}

/// The address is checked before the body is read.
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_address_is_refused_before_the_body_is_sent() {
    let (system, front) = with_webhooks(TestSystem::sqlite().await).await;
    let bot = bot(&system, &front).await;
    let mut stranger = tokio::net::TcpStream::connect(bot.address().await).await.unwrap();
    let seal = "0".repeat(32);
    let head = format!("POST /kie/callback/job/{seal} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
    stranger.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    tokio::time::timeout(LIMIT, stranger.read_exact(&mut answer)).await.expect("it is answered").unwrap();
    assert_eq!(&answer, b"HTTP/1.1 404");
    bot.stop().await;
}

async fn once(system: TestSystem) {
    let (system, front) = with_webhooks(system).await;
    let bot = bot(&system, &front).await;
    let chat = system.telegram.chat(701);
    system.kie.plan(TaskPlan { extra_webhooks: 3, ..waits() });
    order(&chat, "a boat").await;
    let create = system.kie.wait_for_creates(1, LIMIT).await.unwrap().remove(0);
    let job = system.reaches(chat.id(), JobState::Running).await;
    let address = create.webhook.unwrap();
    let path = format!("{}kie/callback/{}/", front.url, job.id);
    assert!(address.starts_with(&path) && address.len() == path.len() + 32, "{address}");

    system.kie.finish(&create.task_id);
    receive(&chat).await;
    let job = system.reaches(chat.id(), JobState::Delivered).await;
    // Webhooks that come late, and forged ones.
    let lie = json!({"code": 200, "data": {"taskId": create.task_id, "state": "success",
        "resultJson": "{\"resultUrls\":[\"https://evil.example/1.png\"]}"}});
    for body in [lie.to_string(), "not json".to_owned(), json!({"data": {"taskId": "another"}}).to_string()] {
        assert_eq!(post(&address, body).await, 200);
    }
    assert_eq!(system.job(chat.id()).await, job, "nothing changes any more");
    let statuses = front.seen(bot.address().await);
    bot.stop().await;
    assert!(statuses.len() >= 4 && statuses.iter().all(|status| *status == 200), "{statuses:?}");
    assert_eq!((photos(&chat), system.kie.creates().len()), (1, 1));
    assert!(system.kie.polls(&create.task_id) <= 4, "a webhook causes one poll at most");
    let price = job.quote.unwrap().credits.milli();
    assert_eq!(system.ledger(&job).await, [(Hold, price), (Capture, price)]);
    assert!(job.output.unwrap().urls.iter().all(|url| !url.contains("evil")));
}

#[tokio::test(flavor = "multi_thread")]
async fn f26_webhook_and_poller_deliver_once_on_sqlite() {
    once(TestSystem::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f26_webhook_and_poller_deliver_once_on_postgres() {
    database::with_database(|url| async move { once(TestSystem::postgres(url).await).await }).await;
}

/// During a deploy, the webhook about a job of a newer version comes to a replica of the old one.
#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_about_a_job_of_a_newer_version_is_accepted_and_kept() {
    let (system, front) = with_webhooks(TestSystem::sqlite().await).await;
    let bot = bot(&system, &front).await;
    let chat = system.telegram.chat(709);
    system.kie.plan(waits());
    order(&chat, "a boat").await;
    let create = system.kie.wait_for_creates(1, LIMIT).await.unwrap().remove(0);
    let job = system.reaches(chat.id(), JobState::Running).await;
    let address = create.webhook.unwrap();
    system.change(&format!("UPDATE jobs SET state = 'dreaming' WHERE id = '{}'", job.id)).await;
    let body = json!({"code": 200, "data": {"taskId": create.task_id, "state": "success"}});
    assert_eq!(post(&address, body.to_string()).await, 200);
    let tasks = system.store().await.webhook_tasks(&job.id).await.unwrap();
    assert_eq!(tasks, [TaskId(create.task_id.clone())]);

    system.change(&format!("UPDATE jobs SET state = 'running' WHERE id = '{}'", job.id)).await;
    system.kie.finish(&create.task_id);
    receive(&chat).await;
    system.reaches(chat.id(), JobState::Delivered).await;
    bot.stop().await;
}

/// F19, F25: it is not known whether the task was created, until its webhook comes.
#[tokio::test(flavor = "multi_thread")]
async fn f25_a_lost_create_is_found_by_its_webhook() {
    let (system, front) = with_webhooks(TestSystem::sqlite().await).await;
    let bot = bot(&system, &front).await;
    let chat = system.telegram.chat(702);
    order(&chat, "a boat [lost]").await;
    chat.wait_text("I do not know what became of it", LIMIT).await.unwrap();
    system.reaches(chat.id(), JobState::Unknown).await;
    let task = system.kie.creates()[0].task_id.clone();
    system.kie.finish(&task);
    receive(&chat).await;
    let job = system.reaches(chat.id(), JobState::Delivered).await;
    bot.stop().await;
    assert_eq!(job.task, Some(TaskId(task)));
    assert_eq!((photos(&chat), system.kie.requests(Route::Create)), (1, 1));
    let price = job.quote.unwrap().credits.milli();
    assert_eq!(system.ledger(&job).await, [(Hold, price), (Capture, price)]);
}

/// F25: the webhook comes before the job's task id is stored, and the process is killed before it is.
#[tokio::test(flavor = "multi_thread")]
async fn f25_a_webhook_before_the_reply_is_kept() {
    let (system, front) = with_webhooks(TestSystem::sqlite().await).await;
    let first = bot(&system, &front).await;
    let chat = system.telegram.chat(703);
    system.kie.plan(waits());
    system.kie.fault(KieFault::once(Route::Create, KieFaultEffect::SlowBody(120_000)));
    order(&chat, "a boat").await;
    let create = system.kie.wait_for_creates(1, LIMIT).await.unwrap().remove(0);
    let job = system.job(chat.id()).await;
    assert_eq!(job.state, JobState::Submitting);
    let body = json!({"code": 200, "data": {"taskId": create.task_id}}).to_string();
    assert_eq!(post(&create.webhook.unwrap(), body).await, 200);
    system.kie.finish(&create.task_id);
    first.kill().await;

    let second = bot(&system, &front).await;
    receive(&chat).await;
    let job = system.reaches(chat.id(), JobState::Delivered).await;
    second.stop().await;
    assert!(chat.view().with_text("I do not know").is_none(), "{}", chat.view());
    assert_eq!((job.task, system.kie.requests(Route::Create)), (Some(TaskId(create.task_id)), 1));
}

/// F19: the operator says "send again", but the webhook of the first task has come meanwhile: it is not paid for twice.
#[tokio::test(flavor = "multi_thread")]
async fn f19_a_task_that_turned_up_is_not_sent_again() {
    let (system, front) = with_webhooks(TestSystem::sqlite().await).await;
    let first = bot(&system, &front).await;
    let chat = system.telegram.chat(704);
    order(&chat, "a boat [lost]").await;
    let job = system.reaches(chat.id(), JobState::Unknown).await;
    first.stop().await;
    let create = system.kie.creates().remove(0);
    let store = system.store().await;
    let now = Timestamp::from_millis(job.updated_at.millis() + 1);
    JobAdmin::new(store.clone(), std::sync::Arc::new(kie::clock::SystemClock)).retry_unknown(&job.id).await.unwrap();
    let held = store.record_webhook(&job.id, Some(&TaskId(create.task_id.clone())), now).await.unwrap().unwrap();
    assert_eq!(held.state, JobState::Held);

    let second = bot(&system, &front).await;
    system.reaches(chat.id(), JobState::Running).await;
    system.kie.finish(&create.task_id);
    receive(&chat).await;
    second.stop().await;
    assert_eq!((photos(&chat), system.kie.requests(Route::Create)), (1, 1));
}

/// F41: a webhook with a wrong address or without a valid signature changes and tells nothing.
#[tokio::test(flavor = "multi_thread")]
async fn f41_unknown_addresses_and_forged_webhooks_are_refused() {
    const SIGNS: &str = "the-webhook-key-of-the-account";
    let options = SimKieOptions { webhook_key: Some(SIGNS.to_owned()), ..quick() };
    let (mut system, front) = with_webhooks(TestSystem::sqlite_with(options).await).await;
    system.config.kie_webhook_key = Some(SIGNS.to_owned().into());
    let bot = bot(&system, &front).await;
    let chat = system.telegram.chat(705);
    system.kie.plan(TaskPlan { extra_webhooks: 1, ..waits() });
    order(&chat, "a boat").await;
    let create = system.kie.wait_for_creates(1, LIMIT).await.unwrap().remove(0);
    let job = system.reaches(chat.id(), JobState::Running).await;
    let address = create.webhook.unwrap();
    let body = json!({"code": 200, "data": {"taskId": create.task_id}}).to_string();
    assert_eq!(post(&address, body.clone()).await, 401, "not signed");
    let (place, seal) = address.rsplit_once('/').unwrap();
    let other = JobId("0190a1b2c3d4".to_owned());
    for stranger in [
        format!("{place}/{}", "0".repeat(32)),
        format!("{place}/"),
        address.replace(&job.id.0, &other.0),
        format!("{}kie/callback/{other}/{seal}", front.url),
        format!("{}kie/callback", front.url),
    ] {
        assert_eq!(post(&stranger, body.clone()).await, 404, "{stranger}");
    }
    assert_eq!(system.kie.polls(&create.task_id), 0, "no poll was caused");

    // KIE's own webhooks are signed.
    system.kie.finish(&create.task_id);
    receive(&chat).await;
    system.reaches(chat.id(), JobState::Delivered).await;
    let log = bot.stop().await.text();
    assert_eq!(photos(&chat), 1);
    assert!(!log.contains(seal) && !log.contains(SIGNS), "{log}");
}

/// F22, F25: polling continues when no webhook comes.
#[tokio::test(flavor = "multi_thread")]
async fn polling_finds_the_end_when_no_webhook_comes() {
    let (mut system, front) = with_webhooks(TestSystem::sqlite().await).await;
    system.tuning.worker.schedule = crate::system::fixture::SCHEDULE;
    let bot = bot(&system, &front).await;
    // Webhooks reach no bot.
    front.lead_to(&[]);
    let chat = system.telegram.chat(706);
    order(&chat, "a boat").await;
    receive(&chat).await;
    let job = system.reaches(chat.id(), JobState::Delivered).await;
    bot.stop().await;
    assert!(job.updated_at.since(job.created_at) < Duration::from_secs(50));
    assert_eq!(photos(&chat), 1);
}
