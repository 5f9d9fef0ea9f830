//! KIE calls when a task has ended: a hint that makes us look at once, and that finds a lost task again.

use std::time::Duration;

use kie::clock::Timestamp;
use kie::demo::kie::{Fate, Fault, Plan, Route, SimKieOptions, Trouble};
use kie::job::{JobId, JobState, TaskId};
use kie::ledger::EntryKind::{Capture, Hold};
use kie::service::JobAdmin;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::database;
use crate::system::fixture::{Bot, LIMIT, RARELY, Stage, quick};
use crate::system::front::Front;
use crate::system::person::{order, photos, receive};

/// Bots of this stage have a public address, and hardly ever look by themselves.
async fn called(mut stage: Stage) -> (Stage, Front) {
    let front = Front::start().await;
    stage.config.public_url = Some(front.url.clone());
    stage.config.http = Some("127.0.0.1:0".parse().unwrap());
    stage.tuning.worker.schedule = RARELY;
    (stage, front)
}

async fn bot(stage: &Stage, front: &Front) -> Bot {
    let bot = stage.bot().await;
    front.lead_to(&[bot.address().await]);
    bot
}

/// A task that ends when it is told to.
fn waits() -> Plan {
    Plan { fate: Fate::Never { state: None }, ..Plan::default() }
}

async fn post(url: &str, body: String) -> u16 {
    reqwest::Client::new().post(url).body(body).send().await.unwrap().status().as_u16()
}

/// A stranger's call had its body read before anybody looked at the address.
#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_sent_away_before_they_have_said_anything() {
    let (stage, front) = called(Stage::sqlite().await).await;
    let bot = bot(&stage, &front).await;
    let mut stranger = tokio::net::TcpStream::connect(bot.address().await).await.unwrap();
    let seal = "0".repeat(32);
    let head = format!("POST /kie/callback/job/{seal} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
    stranger.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    tokio::time::timeout(LIMIT, stranger.read_exact(&mut answer)).await.expect("it is answered").unwrap();
    assert_eq!(&answer, b"HTTP/1.1 404");
    bot.stop().await;
}

async fn once(stage: Stage) {
    let (stage, front) = called(stage).await;
    let bot = bot(&stage, &front).await;
    let chat = stage.telegram.chat(701);
    stage.kie.plan(Plan { extra_webhooks: 3, ..waits() });
    order(&chat, "a boat").await;
    let create = stage.kie.wait_for_creates(1, LIMIT).await.unwrap().remove(0);
    let job = stage.reaches(chat.id(), JobState::Running).await;
    let address = create.webhook.unwrap();
    let path = format!("{}kie/callback/{}/", front.url, job.id);
    assert!(address.starts_with(&path) && address.len() == path.len() + 32, "{address}");

    stage.kie.finish(&create.task_id);
    receive(&chat).await;
    let job = stage.reaches(chat.id(), JobState::Delivered).await;
    // Late ones, and what a forger would make of it.
    let lie = json!({"code": 200, "data": {"taskId": create.task_id, "state": "success",
        "resultJson": "{\"resultUrls\":[\"https://evil.example/1.png\"]}"}});
    for body in [lie.to_string(), "not json".to_owned(), json!({"data": {"taskId": "another"}}).to_string()] {
        assert_eq!(post(&address, body).await, 200);
    }
    assert_eq!(stage.job(chat.id()).await, job, "nothing moves any more");
    let statuses = front.seen(bot.address().await);
    bot.stop().await;
    assert!(statuses.len() >= 4 && statuses.iter().all(|status| *status == 200), "{statuses:?}");
    assert_eq!((photos(&chat), stage.kie.creates().len()), (1, 1));
    assert!(stage.kie.polls(&create.task_id) <= 4, "a call is one look at most");
    let price = job.quote.unwrap().credits.milli();
    assert_eq!(stage.ledger(&job).await, [(Hold, price), (Capture, price)]);
    assert!(job.output.unwrap().urls.iter().all(|url| !url.contains("evil")));
}

#[tokio::test(flavor = "multi_thread")]
async fn f26_callback_and_poller_deliver_once_on_sqlite() {
    once(Stage::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f26_callback_and_poller_deliver_once_on_postgres() {
    database::with_database(|url| async move { once(Stage::postgres(url).await).await }).await;
}

/// F19, F25: nobody knows what became of the create, until KIE calls.
#[tokio::test(flavor = "multi_thread")]
async fn f25_a_lost_create_is_found_by_its_callback() {
    let (stage, front) = called(Stage::sqlite().await).await;
    let bot = bot(&stage, &front).await;
    let chat = stage.telegram.chat(702);
    order(&chat, "a boat [lost]").await;
    chat.wait_text("I do not know what became of it", LIMIT).await.unwrap();
    stage.reaches(chat.id(), JobState::Unknown).await;
    let task = stage.kie.creates()[0].task_id.clone();
    stage.kie.finish(&task);
    receive(&chat).await;
    let job = stage.reaches(chat.id(), JobState::Delivered).await;
    bot.stop().await;
    assert_eq!(job.task, Some(TaskId(task)));
    assert_eq!((photos(&chat), stage.kie.requests(Route::Create)), (1, 1));
    let price = job.quote.unwrap().credits.milli();
    assert_eq!(stage.ledger(&job).await, [(Hold, price), (Capture, price)]);
}

/// F25: the call comes before the row knows its task, and its process dies before it does.
#[tokio::test(flavor = "multi_thread")]
async fn f25_a_callback_before_the_reply_is_kept() {
    let (stage, front) = called(Stage::sqlite().await).await;
    let first = bot(&stage, &front).await;
    let chat = stage.telegram.chat(703);
    stage.kie.plan(waits());
    stage.kie.fault(Fault::once(Route::Create, Trouble::SlowBody(120_000)));
    order(&chat, "a boat").await;
    let create = stage.kie.wait_for_creates(1, LIMIT).await.unwrap().remove(0);
    let job = stage.job(chat.id()).await;
    assert_eq!(job.state, JobState::Submitting);
    let body = json!({"code": 200, "data": {"taskId": create.task_id}}).to_string();
    assert_eq!(post(&create.webhook.unwrap(), body).await, 200);
    stage.kie.finish(&create.task_id);
    first.kill().await;

    let second = bot(&stage, &front).await;
    receive(&chat).await;
    let job = stage.reaches(chat.id(), JobState::Delivered).await;
    second.stop().await;
    assert!(chat.view().saying("I do not know").is_none(), "{}", chat.view());
    assert_eq!((job.task, stage.kie.requests(Route::Create)), (Some(TaskId(create.task_id)), 1));
}

/// F19: a person says "send again"; meanwhile KIE has spoken of the first task, so it is not paid for twice.
#[tokio::test(flavor = "multi_thread")]
async fn f19_a_task_that_turned_up_is_not_sent_again() {
    let (stage, front) = called(Stage::sqlite().await).await;
    let first = bot(&stage, &front).await;
    let chat = stage.telegram.chat(704);
    order(&chat, "a boat [lost]").await;
    let job = stage.reaches(chat.id(), JobState::Unknown).await;
    first.stop().await;
    let create = stage.kie.creates().remove(0);
    let store = stage.store().await;
    let now = Timestamp::from_millis(job.updated_at.millis() + 1);
    JobAdmin::new(store.clone(), std::sync::Arc::new(kie::clock::SystemClock)).retry_unknown(&job.id).await.unwrap();
    let held = store.record_webhook(&job.id, Some(&TaskId(create.task_id.clone())), now).await.unwrap().unwrap();
    assert_eq!(held.state, JobState::Held);

    let second = bot(&stage, &front).await;
    stage.reaches(chat.id(), JobState::Running).await;
    stage.kie.finish(&create.task_id);
    receive(&chat).await;
    second.stop().await;
    assert_eq!((photos(&chat), stage.kie.requests(Route::Create)), (1, 1));
}

/// F41: nobody learns or moves anything who was not given an address, or who cannot sign.
#[tokio::test(flavor = "multi_thread")]
async fn f41_strangers_and_forgers_are_turned_away() {
    const SIGNS: &str = "the-webhook-key-of-the-account";
    let options = SimKieOptions { webhook_key: Some(SIGNS.to_owned()), ..quick() };
    let (mut stage, front) = called(Stage::sqlite_with(options).await).await;
    stage.config.kie_webhook_key = Some(SIGNS.to_owned().into());
    let bot = bot(&stage, &front).await;
    let chat = stage.telegram.chat(705);
    stage.kie.plan(Plan { extra_webhooks: 1, ..waits() });
    order(&chat, "a boat").await;
    let create = stage.kie.wait_for_creates(1, LIMIT).await.unwrap().remove(0);
    let job = stage.reaches(chat.id(), JobState::Running).await;
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
    assert_eq!(stage.kie.polls(&create.task_id), 0, "nobody made us look");

    // KIE's own are signed.
    stage.kie.finish(&create.task_id);
    receive(&chat).await;
    stage.reaches(chat.id(), JobState::Delivered).await;
    let log = bot.stop().await.text();
    assert_eq!(photos(&chat), 1);
    assert!(!log.contains(seal) && !log.contains(SIGNS), "{log}");
}

/// F22, F25: looks go on as the safety net.
#[tokio::test(flavor = "multi_thread")]
async fn looks_find_the_end_when_no_call_comes_through() {
    let (mut stage, front) = called(Stage::sqlite().await).await;
    stage.tuning.worker.schedule = crate::system::fixture::SCHEDULE;
    let bot = bot(&stage, &front).await;
    // They lead nowhere.
    front.lead_to(&[]);
    let chat = stage.telegram.chat(706);
    order(&chat, "a boat").await;
    receive(&chat).await;
    let job = stage.reaches(chat.id(), JobState::Delivered).await;
    bot.stop().await;
    assert!(job.updated_at.since(job.created_at) < Duration::from_secs(50));
    assert_eq!(photos(&chat), 1);
}
