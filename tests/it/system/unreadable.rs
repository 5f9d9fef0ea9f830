//! A task that the vendor says has succeeded, and whose result comes late, in a webhook alone, or in no shape that can be
//! read.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use kie::clock::{Clock, SystemClock};
use kie::demo::kie::{SimKieOptions, TaskEnd, TaskPlan};
use kie::demo::telegram::{ChatFileKind, ChatHandle};
use kie::job::{Job, JobState, ReplySource, VendorReply};
use kie::ledger::EntryKind::{Capture, Hold, Release};
use kie::ledger::{Credits, EntryKind};
use kie::service::{Worker, WorkerSettings};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::database;
use crate::system::bench::Bench;
use crate::system::fixture::{Bot, LIMIT, TestSystem, quick};
use crate::system::front::Front;
use crate::system::person::{order, photos, receive};
use crate::system::replica::job;

const SIGNS: &str = "the-webhook-key-of-the-account";
/// A task whose record shows no result until it is told to.
const NEVER_READABLE: u32 = u32::MAX;

fn second(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// What was written into the ledger for a job, without the vendor's cost.
async fn kinds(bench: &Bench, job: &Job) -> Vec<EntryKind> {
    let entries = bench.store.entries(&job.id).await.unwrap();
    entries.into_iter().map(|entry| entry.kind).filter(|kind| *kind != EntryKind::Cost).collect()
}

/// Works until the job is in this state; returns how long that took.
async fn until(bench: &Bench, job: &Job, state: JobState) -> Duration {
    let started = bench.clock.now();
    loop {
        // No task is polled twice within a second.
        bench.clock.advance(second(2));
        bench.work().await;
        if bench.state(job).await == state {
            return bench.clock.now().since(started);
        }
        assert!(bench.clock.now().since(started) < second(49 * 3600), "{:?}", bench.store.job(&job.id).await);
    }
}

#[tokio::test]
async fn a_result_that_comes_later_than_the_state_is_delivered() {
    let bench = Bench::new().await;
    bench.kie.plan(TaskPlan { late_polls: 4, ..TaskPlan::default() });
    let job = job("late", 741, bench.clock.now());
    bench.store.add_job(&job).await.unwrap();
    assert!(until(&bench, &job, JobState::Delivered).await < second(60));
    assert!(bench.notes.failures.lock().unwrap().is_empty());
    assert_eq!(kinds(&bench, &job).await, [Hold, Capture]);
}

#[tokio::test]
async fn after_two_minutes_it_is_unreadable_and_a_person_decides() {
    let bench = Bench::new().await;
    bench.kie.plan(TaskPlan { late_polls: NEVER_READABLE, ..TaskPlan::default() });
    let job = job("mute", 742, bench.clock.now());
    bench.store.add_job(&job).await.unwrap();
    let first = async {
        loop {
            bench.work().await;
            if !bench.store.replies(&job.id).await.unwrap().is_empty() {
                return bench.clock.now();
            }
            bench.clock.advance(second(2));
        }
    };
    let first = first.await;
    bench.clock.advance(second(60));
    // The process starts anew in between: the time is stored.
    let (notes, shelf) = (bench.notes.clone(), bench.shelf.clone());
    let later = Worker::new(bench.service.clone(), notes, shelf, WorkerSettings::default());
    let bench = Bench { worker: later, ..bench };
    until(&bench, &job, JobState::Unreadable).await;
    let waited = bench.clock.now().since(first);
    assert!((second(120)..second(140)).contains(&waited), "{waited:?}");
    assert_eq!(*bench.notes.failures.lock().unwrap(), ["unreadable"]);
    assert_eq!(kinds(&bench, &job).await, [Hold], "nobody knows yet");
    let replies = bench.store.replies(&job.id).await.unwrap();
    let [VendorReply { source: ReplySource::Poll, body, received_at }] = replies.as_slice() else {
        panic!("{replies:?}")
    };
    let record: Value = serde_json::from_str(body).unwrap();
    assert_eq!((record["state"].as_str(), *received_at), (Some("success"), first));
    assert_eq!(bench.kie.creates().len(), 1, "it is not sent again");

    // Still nothing: back at once.
    let admin = bench.service.job_admin();
    admin.reread(&job.id).await.unwrap();
    assert!(until(&bench, &job, JobState::Unreadable).await < second(5));
    bench.kie.finish(&bench.kie.creates()[0].task_id);
    admin.reread(&job.id).await.unwrap();
    until(&bench, &job, JobState::Delivered).await;
    assert_eq!((kinds(&bench, &job).await, bench.kie.creates().len()), (vec![Hold, Capture], 1));
    assert!(admin.give_up(&job.id, JobState::Unreadable).await.unwrap_err().is_stale());
}

/// A later version of the program reads what an earlier one could not, also when the vendor has forgotten the task.
#[tokio::test]
async fn what_was_kept_is_read_when_the_vendor_knows_the_task_no_longer() {
    let readable = json!({"state": "success", "resultJson": ["{url}"]});
    let cases =
        [(Some(readable), JobState::Delivered), (Some(json!({})), JobState::Unreadable), (None, JobState::Unknown)];
    for (record, state) in cases {
        let bench = Bench::new().await;
        let file = bench.client.upload_bytes("a.png", "image/png", vec![1_u8; 9].into()).await.unwrap().url;
        let now = bench.clock.now();
        let (running, task) = (JobState::Running, Some("forgotten".into()));
        let job = Job { state: running, task, submitted_at: Some(now), ..job("kept", 743, now) };
        bench.store.add_job(&job).await.unwrap();
        if let Some(record) = record {
            let body = record.to_string().replace("{url}", &file);
            bench.store.put_reply(&job.id, &VendorReply::new(ReplySource::Poll, body, now)).await.unwrap();
        }
        until(&bench, &job, state).await;
    }
}

#[tokio::test]
async fn a_task_that_never_ends_keeps_its_hold() {
    let bench = Bench::new().await;
    bench.kie.plan(TaskPlan { end: TaskEnd::Never { state: None }, ..TaskPlan::default() });
    let job = job("endless", 746, bench.clock.now());
    bench.store.add_job(&job).await.unwrap();
    bench.work().await;
    bench.clock.advance(second(48 * 3600));
    until(&bench, &job, JobState::Unknown).await;
    assert_eq!(*bench.notes.failures.lock().unwrap(), ["timeout"]);
    assert_eq!(kinds(&bench, &job).await, [Hold]);
    assert!(bench.store.job(&job.id).await.unwrap().unwrap().doubted);
}

#[tokio::test]
async fn the_hold_of_a_failed_task_follows_what_the_vendor_says() {
    for (name, cost, expected) in
        [("free", Some(0.0), Release), ("charged", Some(0.5), Capture), ("silent", None, Release)]
    {
        let bench = Bench::new().await;
        let end = TaskEnd::Fail { code: json!("500"), msg: "upstream refused".into() };
        let end = if cost.is_none() { TaskEnd::Envelope { code: 501, msg: "no".into() } } else { end };
        bench.kie.plan(TaskPlan { end, cost, ..TaskPlan::default() });
        let job = job(name, 747, bench.clock.now());
        bench.store.add_job(&job).await.unwrap();
        until(&bench, &job, JobState::Failed).await;
        assert_eq!(kinds(&bench, &job).await, [Hold, expected], "{name}");
        let output = bench.store.job(&job.id).await.unwrap().unwrap().output;
        assert_eq!(output.and_then(|output| output.credits), cost.map(Credits::from_f64), "{name}");
    }
}

/// What each end says of money in the chat.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_that_nothing_was_charged_unless_the_vendor_said_so() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let fail = || TaskEnd::Fail { code: json!("500"), msg: "upstream refused".into() };
    let silent = TaskEnd::Envelope { code: 501, msg: "no".into() };
    let cases = [
        (fail(), Some(0.0), "Nothing was charged."),
        (fail(), Some(0.5), "The vendor charged 0.5"),
        (silent, None, "it has not said so about this order"),
    ];
    for ((end, cost, words), id) in cases.into_iter().zip(750..) {
        let chat = system.telegram.chat(id);
        system.kie.plan(TaskPlan { end, cost, ..TaskPlan::default() });
        order(&chat, "a boat").await;
        let told = chat.wait_text("it did not work", LIMIT).await.unwrap();
        assert!(told.text.contains(words), "{told}");
        assert!(told.text.contains("Nothing was charged") == (cost == Some(0.0)), "{told}");
    }
    bot.stop().await;
}

async fn is_told(system: TestSystem) {
    let bot = system.bot().await;
    let chat = system.telegram.chat(755);
    system.kie.plan(TaskPlan { late_polls: NEVER_READABLE, ..TaskPlan::default() });
    order(&chat, "a boat").await;
    let told = chat.wait_text("I cannot read what it sent", LIMIT).await.unwrap();
    assert!(told.text.contains("may have charged") && !told.text.contains("Nothing was charged"), "{told}");
    let job = system.reaches(chat.id(), JobState::Unreadable).await;
    bot.says("nothing in its record can be read").await;
    chat.send_text("/jobs");
    chat.wait_text("done, not readable", LIMIT).await.unwrap();

    system.kie.finish(&system.kie.creates()[0].task_id);
    let store = system.store().await;
    kie::service::JobAdmin::new(store, std::sync::Arc::new(SystemClock)).reread(&job.id).await.unwrap();
    receive(&chat).await;
    system.reaches(chat.id(), JobState::Delivered).await;
    let log = bot.stop().await.text();
    assert!(log.contains("ERROR") && !log.contains("a boat"), "the operator is told, and no prompt is logged");
    assert_eq!((photos(&chat), system.kie.creates().len()), (1, 1));
    let price = job.quote.unwrap().credits.milli();
    assert_eq!(system.ledger(&job).await, [(Hold, price), (Capture, price)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_and_the_operator_are_told_on_sqlite() {
    is_told(TestSystem::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_and_the_operator_are_told_on_postgres() {
    database::with_database(|url| async move { is_told(TestSystem::postgres(url).await).await }).await;
}

/// A bot with webhooks, signed or not.
async fn called(signed: bool) -> (TestSystem, Front, Bot, ChatHandle) {
    let options = SimKieOptions { webhook_key: signed.then(|| SIGNS.to_owned()), ..quick() };
    let mut system = TestSystem::sqlite_with(options).await;
    let front = Front::start().await;
    system.config.public_url = Some(front.url.clone());
    system.config.http = Some("127.0.0.1:0".parse().unwrap());
    system.config.kie_webhook_key = signed.then(|| SIGNS.to_owned().into());
    let bot = system.bot().await;
    front.lead_to(&[bot.address().await]);
    let chat = system.telegram.chat(760);
    (system, front, bot, chat)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_that_is_only_in_a_signed_webhook_is_delivered() {
    let (system, _front, bot, chat) = called(true).await;
    system.kie.plan(TaskPlan { webhook_only: true, ..TaskPlan::default() });
    order(&chat, "a boat").await;
    receive(&chat).await;
    let job = system.reaches(chat.id(), JobState::Delivered).await;
    bot.stop().await;
    let price = job.quote.unwrap().credits.milli();
    assert_eq!(system.ledger(&job).await, [(Hold, price), (Capture, price)]);
    assert!(job.output.unwrap().credits.is_some(), "the record tells the cost");
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_that_are_only_in_a_signed_webhook_come_as_a_document() {
    let (system, _front, bot, chat) = called(true).await;
    let notes: Vec<Value> = (0..300).map(|n| json!({"pitch": n % 128, "start": n})).collect();
    let shape = json!({"resultObject": {"state": "complete", "instruments": [{"name": "Piano", "notes": notes}]}});
    system.kie.plan(TaskPlan { webhook_only: true, shape: Some(shape.clone()), ..TaskPlan::default() });
    order(&chat, "a boat").await;
    let message = chat.wait_media(ChatFileKind::Document, LIMIT).await.unwrap();
    system.reaches(chat.id(), JobState::Delivered).await;
    bot.stop().await;
    let media = message.media.unwrap();
    let body: Value = serde_json::from_slice(&chat.file(&media.file_id).unwrap()).unwrap();
    assert_eq!(body, shape["resultObject"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsigned_webhook_brings_no_result() {
    let (system, _front, bot, chat) = called(false).await;
    system.kie.plan(TaskPlan { webhook_only: true, ..TaskPlan::default() });
    order(&chat, "a boat").await;
    let job = system.reaches(chat.id(), JobState::Unreadable).await;
    let log = bot.stop().await.text();
    assert!(log.contains("webhook received"), "{log}");
    let sources: Vec<_> =
        system.store().await.replies(&job.id).await.unwrap().into_iter().map(|reply| reply.source).collect();
    assert_eq!((sources, photos(&chat)), (vec![ReplySource::Poll], 0));
}

/// The signature covers the id and the time, not the body: whoever has seen one can put it before another body.
#[tokio::test(flavor = "multi_thread")]
async fn a_signed_webhook_leads_to_no_foreign_host() {
    let (system, _front, bot, chat) = called(true).await;
    // The vendor's own webhook tells nothing either.
    system.kie.plan(TaskPlan { webhook_only: true, shape: Some(json!({})), ..TaskPlan::default() });
    order(&chat, "a boat").await;
    let job = system.reaches(chat.id(), JobState::Unreadable).await;
    let create = system.kie.creates().remove(0);
    let post = async |result: Value| {
        let data = json!({"taskId": create.task_id, "state": "success", "resultJson": result.to_string()});
        let time = (SystemClock.now().millis() / 1000).to_string();
        let mut mac = Hmac::<Sha256>::new_from_slice(SIGNS.as_bytes()).unwrap();
        mac.update(format!("{}.{time}", create.task_id).as_bytes());
        let request = reqwest::Client::new().post(create.webhook.as_ref().unwrap());
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        let request = request.header("X-Webhook-Timestamp", time).header("X-Webhook-Signature", signature);
        let status = request.body(json!({"code": 200, "data": data}).to_string()).send().await.unwrap().status();
        assert_eq!(status, 200);
    };
    post(json!({"resultUrls": ["https://evil.example/1.png", "http://127.0.0.1:9/1.png"]})).await;
    bot.says("files of a webhook are not from the vendor's hosts").await;
    system.reaches(chat.id(), JobState::Unreadable).await;
    assert_eq!(photos(&chat), 0);

    let own = format!("{}files/results/{}/1.png", system.kie.url, create.task_id);
    post(json!({"resultUrls": ["https://evil.example/1.png", own]})).await;
    receive(&chat).await;
    let job = system.reaches(chat.id(), JobState::Delivered).await.output.or(job.output).unwrap();
    bot.stop().await;
    assert_eq!(job.urls, [own]);
}

#[tokio::test(flavor = "multi_thread")]
async fn layers_arrive_by_name_with_their_data() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(761);
    let layers = json!([{"url": "{url}", "name": "Red fox", "z_index": 1, "size": "64x64"}]);
    let shape = json!({"resultUrls": ["{url}"], "resultObject": {"layers_data": layers}});
    system.kie.plan(TaskPlan { shape: Some(shape), ..TaskPlan::default() });
    order(&chat, "a boat").await;
    system.reaches(chat.id(), JobState::Delivered).await;
    bot.stop().await;
    let documents: Vec<String> = chat.view().from_bot().filter_map(|message| message.media.clone()?.name).collect();
    assert!(
        matches!(documents.as_slice(), [layer, data] if layer.ends_with("-Red-fox.png") && data.ends_with(".json")),
        "{documents:?}"
    );
}
