//! Files of a job that is sent long after its order: the vendor gets links that it has not deleted.

use std::sync::atomic::Ordering;
use std::time::Duration;

use kie::clock::Clock;
use kie::demo::kie::{KieFault, KieFaultEffect, Route, TaskEnd, TaskPlan};
use kie::job::{Attachment, Job, JobState};
use kie::schema::FileFacts;
use kie::service::FILE_GONE;
use serde_json::json;

use crate::system::bench::Bench;
use crate::system::replica::job;

const MODEL: &str = "qwen/image-to-image";
const SOURCE: &str = "telegram-file";
const HOUR: Duration = Duration::from_secs(3600);

/// A job with an uploaded picture, whose create was lost.
async fn lost(bench: &Bench, source: Option<&str>) -> Job {
    let url = bench.client.upload_bytes("a.png", "image/png", "a picture".into()).await.unwrap().url;
    let attachment = Attachment {
        url: url.clone(),
        source: source.map(str::to_owned),
        uploaded_at: bench.clock.now(),
        facts: FileFacts { name: Some("a.png".to_owned()), ..FileFacts::default() },
        is_result: false,
    };
    let input = json!({"prompt": "A poster", "image_url": url});
    let job = Job {
        model: MODEL.to_owned(),
        input: input.as_object().unwrap().clone(),
        attachments: vec![attachment],
        ..job("files", 761, bench.clock.now())
    };
    bench.kie.plan(TaskPlan { end: TaskEnd::Fail { code: json!("500"), msg: "no".to_owned() }, ..TaskPlan::default() });
    bench.kie.fault(KieFault::once(Route::Create, KieFaultEffect::LoseReply));
    bench.store.add_job(&job).await.unwrap();
    bench.work().await;
    assert_eq!(bench.state(&job).await, JobState::Unknown);
    job
}

/// Time passes, and the person says "send again".
async fn send_again(bench: &Bench, job: &Job, after: Duration) {
    bench.clock.advance(after);
    bench.service.job_admin().retry_unknown(&job.id).await.unwrap();
    bench.work().await;
}

fn shelve(bench: &Bench) {
    bench.shelf.files.lock().unwrap().insert(SOURCE.to_owned(), b"a picture".to_vec());
}

/// The links to the picture that the vendor got.
fn sent(bench: &Bench) -> Vec<String> {
    bench.kie.creates().iter().map(|create| create.input["image_url"].as_str().unwrap().to_owned()).collect()
}

/// The vendor got a new link, which the job has too.
async fn is_renewed(bench: &Bench, job: &Job) {
    let stored = bench.store.job(&job.id).await.unwrap().unwrap();
    let new = bench.kie.uploads().last().unwrap().url.clone();
    assert_eq!((stored.state, sent(bench)), (JobState::Running, vec![job.attachments[0].url.clone(), new.clone()]));
    assert_ne!(new, job.attachments[0].url);
    let [attachment] = stored.attachments.try_into().unwrap();
    assert_eq!((stored.input["image_url"].as_str(), attachment.url.as_str()), (Some(new.as_str()), new.as_str()));
    assert_eq!(attachment.source.as_deref(), Some(SOURCE));
    assert!(!attachment.is_expired(bench.clock.now()));
}

#[tokio::test]
async fn an_old_upload_is_renewed_before_a_job_is_sent_again() {
    let bench = Bench::new().await;
    shelve(&bench);
    let job = lost(&bench, Some(SOURCE)).await;
    send_again(&bench, &job, 48 * HOUR).await;
    is_renewed(&bench, &job).await;
    assert_eq!(bench.kie.uploads().len(), 2);
}

#[tokio::test]
async fn a_fresh_upload_is_not_renewed() {
    let bench = Bench::new().await;
    shelve(&bench);
    let job = lost(&bench, Some(SOURCE)).await;
    send_again(&bench, &job, 11 * HOUR).await;
    assert_eq!((bench.state(&job).await, bench.kie.uploads().len()), (JobState::Running, 1));
    assert_eq!(sent(&bench), [job.attachments[0].url.clone(), job.attachments[0].url.clone()]);
}

#[tokio::test]
async fn a_file_that_is_away_for_the_moment_is_waited_for_in_held() {
    let bench = Bench::new().await;
    shelve(&bench);
    let job = lost(&bench, Some(SOURCE)).await;
    bench.shelf.outages.store(2, Ordering::Relaxed);
    send_again(&bench, &job, 48 * HOUR).await;
    for _ in 0..2 {
        assert_eq!((bench.state(&job).await, sent(&bench).len()), (JobState::Held, 1));
        bench.clock.advance(Duration::from_secs(60));
        bench.work().await;
    }
    is_renewed(&bench, &job).await;
}

/// A file that nobody has, an old result that the chat does not have, and a file that stays away: the person hears which
/// field it is, and nothing is charged.
#[tokio::test]
async fn a_file_that_cannot_be_had_fails_the_job_and_names_its_field() {
    for (source, after, outages) in
        [(Some(SOURCE), 48 * HOUR, 0), (None, 14 * 24 * HOUR, 0), (Some(SOURCE), 48 * HOUR, u32::MAX)]
    {
        let bench = Bench::new().await;
        let job = lost(&bench, source).await;
        bench.shelf.outages.store(outages, Ordering::Relaxed);
        send_again(&bench, &job, after).await;
        if outages > 0 {
            assert_eq!(bench.state(&job).await, JobState::Held);
            for _ in 0..40 {
                bench.clock.advance(Duration::from_secs(60));
                bench.work().await;
            }
        }
        let failed = bench.store.job(&job.id).await.unwrap().unwrap();
        let failure = failed.failure.unwrap();
        assert_eq!(
            (failed.state, failure.code.as_str(), failure.message.as_str()),
            (JobState::Failed, FILE_GONE, "image_url")
        );
        assert_eq!(bench.store.entries(&job.id).await.unwrap().len(), 2, "the hold is given back");
        assert_eq!((sent(&bench).len(), bench.kie.uploads().len()), (1, 1));
    }
}

/// Results live for two weeks at the vendor: one of yesterday is sent as it is.
#[tokio::test]
async fn a_result_of_yesterday_is_not_renewed() {
    let bench = Bench::new().await;
    let job = lost(&bench, None).await;
    send_again(&bench, &job, 24 * HOUR).await;
    assert_eq!((bench.state(&job).await, bench.kie.uploads().len()), (JobState::Running, 1));
}
