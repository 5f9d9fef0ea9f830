//! Creates that take longer than the lease on their job: what they have made is kept.

use std::time::Duration;

use kie::clock::Clock;
use kie::demo::kie::{KieFault, KieFaultEffect, Route};
use kie::job::{Job, JobState};
use kie::ledger::EntryKind;
use kie::service::{Service, StepResult};
use kie::store::{ClaimedJob, JobChange};

use crate::system::bench::Bench;
use crate::system::fixture::LIMIT;
use crate::system::replica::job;

/// A create that takes longer than its lease, and what another worker makes of the job meanwhile.
async fn slow_create(bench: &Bench, job: &Job, meanwhile: impl AsyncFnOnce(ClaimedJob)) -> StepResult {
    let Bench { clock, kie, store, worker, .. } = bench;
    kie.fault(KieFault::once(Route::Create, KieFaultEffect::SlowBody(300)));
    store.add_job(job).await.unwrap();
    let other = async {
        kie.wait_for_creates(1, LIMIT).await.unwrap();
        // Its clock is ahead: the lease is over there.
        let later = clock.now() + Duration::from_secs(60);
        let claimed = store.claim("other", later, Duration::from_secs(20)).await.unwrap().unwrap();
        assert_eq!(claimed.job.state, JobState::Submitting);
        meanwhile(claimed).await;
    };
    tokio::join!(worker.run_one(), other).0.unwrap()
}

/// F19: a slow create was taken for lost, and its task id was thrown away when it came.
#[tokio::test]
async fn f19_a_slow_create_that_was_taken_for_lost_is_put_right() {
    let bench = Bench::new().await;
    let Bench { clock, kie, store, .. } = &bench;
    let job = job("slow", 741, clock.now());
    slow_create(&bench, &job, async |claimed: ClaimedJob| {
        let change = JobChange { is_untold: true, ..JobChange::default() };
        store.advance(&claimed, JobState::Unknown, &change, clock.now()).await.unwrap();
    })
    .await;
    let seen = store.job(&job.id).await.unwrap().unwrap();
    assert_eq!(seen.state, JobState::Running);
    assert_eq!(seen.task.unwrap().0, kie.creates()[0].task_id);
    assert!(seen.key.is_some());
}

/// F19: the same, while the other worker is still about to say that it is lost.
#[tokio::test]
async fn f19_the_name_of_a_slow_task_is_there_for_whoever_has_the_job() {
    let bench = Bench::new().await;
    let Bench { clock, kie, store, notes, .. } = &bench;
    let job = job("slower", 742, clock.now());
    let step = slow_create(&bench, &job, async |_: ClaimedJob| {}).await;
    assert_eq!(step, StepResult::Stale { job: job.id.clone() });
    assert_eq!(bench.state(&job).await, JobState::Submitting);
    // The other one dies, and somebody else takes it over.
    clock.advance(Duration::from_secs(120));
    while bench.state(&job).await != JobState::Delivered {
        bench.work().await;
        clock.advance(Duration::from_secs(5));
    }
    assert_eq!(kie.requests(Route::Create), 1);
    assert!(notes.failures.lock().unwrap().is_empty(), "nobody was told that it is lost");
    assert_eq!(store.job(&job.id).await.unwrap().unwrap().task.unwrap().0, kie.creates()[0].task_id);
}

/// A job of a model that answers with its result at once; nothing else ever names the result.
fn instant(bench: &Bench, name: &str, chat: i64) -> Job {
    let spec = kie::models::all().iter().find(|spec| Service::offers(spec) && spec.route.is_some());
    let spec = spec.expect("the registry has a model that answers at once");
    let input = serde_json::from_str(spec.example).unwrap();
    Job { model: spec.id.to_owned(), input, ..job(name, chat, bench.clock.now()) }
}

async fn is_delivered_once(bench: &Bench, job: &Job) {
    let seen = bench.store.job(&job.id).await.unwrap().unwrap();
    assert_eq!((seen.state, seen.failure), (JobState::Ready, None));
    assert!(seen.task.is_some() && seen.key.is_some());
    bench.work().await;
    assert_eq!(bench.state(job).await, JobState::Delivered);
    let entries = bench.store.entries(&job.id).await.unwrap();
    assert_eq!(entries.iter().map(|entry| entry.kind).collect::<Vec<_>>(), [EntryKind::Hold, EntryKind::Capture]);
    assert_eq!(bench.kie.creates().len(), 1);
    assert!(bench.notes.failures.lock().unwrap().is_empty(), "nobody was told that it is lost");
}

/// A paid result that came after the lease was over stood in the log, and nowhere else.
#[tokio::test]
async fn a_late_result_of_a_job_that_was_taken_for_lost_is_kept() {
    let bench = Bench::new().await;
    let job = instant(&bench, "instant", 743);
    let step = slow_create(&bench, &job, async |claimed: ClaimedJob| {
        let change = JobChange { is_untold: true, ..JobChange::default() };
        bench.store.advance(&claimed, JobState::Unknown, &change, bench.clock.now()).await.unwrap();
    })
    .await;
    assert_eq!(step, StepResult::Moved { job: job.id.clone(), from: JobState::Held, to: JobState::Ready });
    is_delivered_once(&bench, &job).await;
}

/// The same, while the other worker is still about to say that it is lost.
#[tokio::test]
async fn a_late_result_of_a_job_that_another_worker_has_claimed_is_kept() {
    let bench = Bench::new().await;
    let job = instant(&bench, "instant", 744);
    let mut other = None;
    slow_create(&bench, &job, async |claimed: ClaimedJob| other = Some(claimed)).await;
    let other = other.unwrap();
    let lost = bench.store.advance(&other, JobState::Unknown, &JobChange::default(), bench.clock.now()).await;
    assert!(lost.unwrap_err().is_stale());
    is_delivered_once(&bench, &job).await;
}
