//! Tasks that the vendor no longer knows: when they count as gone, and what becomes of a job that is then sent again.

use std::time::Duration;

use kie::clock::Clock;
use kie::demo::kie::{KieFault, KieFaultEffect, Route, TaskEnd, TaskPlan};
use kie::form::{self, Origin};
use kie::job::{Job, JobState, TaskId};
use kie::schema::Files;
use kie::service::StepResult;

use crate::system::bench::Bench;
use crate::system::replica::job;

fn no_such_task(times: u32) -> KieFault {
    KieFault::times(Route::Record, times, KieFault::code(Route::Record, 404, "no such task").effect)
}

fn bad_gateway(times: u32) -> KieFault {
    KieFault::times(Route::Record, times, KieFaultEffect::Html { status: 502 })
}

/// A job whose task runs for as long as the vendor is not told otherwise, and is past the time in which it may not be known
/// yet.
async fn running(bench: &Bench, name: &str) -> Job {
    bench.kie.plan(TaskPlan { end: TaskEnd::Never { state: None }, ..TaskPlan::default() });
    let job = job(name, 737, bench.clock.now());
    bench.store.add_job(&job).await.unwrap();
    bench.work().await;
    bench.clock.advance(Duration::from_secs(300));
    bench.work().await;
    job
}

/// Works for so long, looking every five seconds.
async fn work_for(bench: &Bench, minutes: u64) {
    for _ in 0..minutes * 12 {
        bench.clock.advance(Duration::from_secs(5));
        bench.work().await;
    }
}

/// A job whose task the vendor has forgotten.
async fn vanished(bench: &Bench, name: &str) -> Job {
    let job = running(bench, name).await;
    bench.kie.fault(no_such_task(u32::MAX));
    work_for(bench, 15).await;
    assert_eq!(bench.state(&job).await, JobState::Unknown);
    job
}

/// The person says "send again".
async fn send_again(bench: &Bench, job: &Job) {
    bench.service.job_admin().retry_unknown(&job.id).await.unwrap();
}

async fn is_delivered(bench: &Bench, job: &Job) {
    let creates = bench.kie.creates();
    bench.kie.finish(&creates.last().unwrap().task_id);
    work_for(bench, 3).await;
    assert_eq!(bench.state(job).await, JobState::Delivered);
    assert_eq!(bench.notes.files.lock().unwrap().len(), 1);
}

/// F28: a task that the vendor no longer knows was asked about for two days, and nobody was told.
#[tokio::test]
async fn f28_a_task_that_the_vendor_has_forgotten_is_a_persons_to_decide() {
    let bench = Bench::new().await;
    let Bench { clock, kie, store, notes, .. } = &bench;
    let job = running(&bench, "forgotten").await;
    // A short spell of it says nothing.
    kie.fault(no_such_task(2));
    for _ in 0..4 {
        bench.work().await;
        clock.advance(Duration::from_secs(60));
    }
    assert_eq!(bench.state(&job).await, JobState::Running);
    assert!(notes.failures.lock().unwrap().is_empty());

    kie.fault(no_such_task(u32::MAX));
    let (began, asked) = (clock.now(), kie.requests(Route::Record));
    while bench.state(&job).await == JobState::Running {
        bench.work().await;
        clock.advance(Duration::from_secs(5));
        assert!(clock.now().since(began) < Duration::from_secs(900));
    }
    assert!(clock.now().since(began) >= Duration::from_secs(600));
    assert!(kie.requests(Route::Record) - asked < 30, "the pauses grow");
    assert_eq!(bench.state(&job).await, JobState::Unknown);
    assert_eq!(*notes.failures.lock().unwrap(), ["vanished"]);
    assert_eq!(store.entries(&job.id).await.unwrap().len(), 1, "it may have been billed: the hold stays");
}

/// Half an hour of a vendor in trouble is no half an hour of "no such task".
#[tokio::test]
async fn one_not_found_after_other_trouble_ends_nothing() {
    let bench = Bench::new().await;
    let job = running(&bench, "troubled").await;
    bench.kie.fault(bad_gateway(u32::MAX));
    work_for(&bench, 15).await;
    bench.kie.clear_faults();
    bench.kie.fault(KieFault::times(Route::Record, u32::MAX, KieFaultEffect::Disconnect));
    work_for(&bench, 15).await;
    bench.kie.clear_faults();
    bench.kie.fault(no_such_task(1));
    let asked = bench.kie.requests(Route::Record);
    work_for(&bench, 2).await;
    assert!(bench.kie.requests(Route::Record) > asked + 1);
    assert_eq!(bench.state(&job).await, JobState::Running);
    is_delivered(&bench, &job).await;
    assert!(bench.notes.failures.lock().unwrap().is_empty());
}

/// Each answer of another kind, and each lost one, begins the ten minutes anew.
#[tokio::test]
async fn the_time_of_not_found_is_unbroken() {
    let bench = Bench::new().await;
    let job = running(&bench, "wavering").await;
    for between in [bad_gateway(1), KieFault::once(Route::Record, KieFaultEffect::Disconnect)] {
        bench.kie.fault(no_such_task(u32::MAX));
        work_for(&bench, 9).await;
        bench.kie.clear_faults();
        let asked = bench.kie.requests(Route::Record);
        bench.kie.fault(between);
        // The next answer is this one, and the one after it "no such task" again.
        bench.kie.fault(no_such_task(u32::MAX));
        work_for(&bench, 2).await;
        assert!(bench.kie.requests(Route::Record) > asked + 1);
        assert_eq!(bench.state(&job).await, JobState::Running);
        bench.kie.clear_faults();
    }
    is_delivered(&bench, &job).await;
    assert!(bench.notes.failures.lock().unwrap().is_empty());
}

/// Sent again after its task was forgotten, a job goes on with that task when the vendor knows it again.
#[tokio::test]
async fn a_task_that_the_vendor_knows_again_is_not_paid_for_twice() {
    let bench = Bench::new().await;
    let job = vanished(&bench, "found").await;
    let before = bench.store.job(&job.id).await.unwrap().unwrap();
    bench.kie.clear_faults();
    bench.clock.advance(Duration::from_secs(3600));
    send_again(&bench, &job).await;
    bench.work().await;
    let found = bench.store.job(&job.id).await.unwrap().unwrap();
    assert_eq!((found.state, &found.task, &found.key), (JobState::Running, &before.task, &before.key));
    assert!(found.key.is_some());
    is_delivered(&bench, &job).await;
    assert_eq!(bench.kie.requests(Route::Create), 1);
}

/// The vendor does not say at once whether it knows the task: it is asked until it does.
#[tokio::test]
async fn a_vendor_that_does_not_answer_about_the_first_task_is_asked_again() {
    let bench = Bench::new().await;
    let job = vanished(&bench, "later").await;
    bench.kie.clear_faults();
    bench.kie.fault(bad_gateway(3));
    bench.clock.advance(Duration::from_secs(3600));
    send_again(&bench, &job).await;
    bench.work().await;
    assert_eq!((bench.state(&job).await, bench.kie.requests(Route::Create)), (JobState::Held, 1));
    work_for(&bench, 1).await;
    is_delivered(&bench, &job).await;
    assert_eq!(bench.kie.requests(Route::Create), 1);
}

/// A task that is really gone is made again, once.
#[tokio::test]
async fn a_task_that_is_gone_is_made_again_once() {
    let bench = Bench::new().await;
    let job = vanished(&bench, "gone").await;
    let first = bench.kie.creates()[0].task_id.clone();
    bench.clock.advance(Duration::from_secs(3600));
    send_again(&bench, &job).await;
    bench.work().await;
    let sent = bench.store.job(&job.id).await.unwrap().unwrap();
    assert_eq!((sent.state, bench.kie.requests(Route::Create)), (JobState::Running, 2));
    assert_ne!(sent.task, Some(TaskId(first)));
    bench.kie.clear_faults();
    is_delivered(&bench, &job).await;
    assert_eq!(bench.kie.requests(Route::Create), 2);
}

/// The webhook of the first task comes while the job waits for its turn to be sent again, after the vendor was asked in vain.
#[tokio::test]
async fn a_webhook_about_the_first_task_is_heard_until_the_last_moment() {
    let bench = Bench::new().await;
    let Bench { clock, kie, store, worker, client, .. } = &bench;
    let job = vanished(&bench, "heard").await;
    let first = TaskId(kie.creates()[0].task_id.clone());
    // It was named before too: the webhook is no new one by its task.
    store.record_webhook(&job.id, Some(&first), clock.now()).await.unwrap();
    clock.advance(Duration::from_secs(3600));
    let spec = kie::models::find(&job.model).unwrap();
    let request = form::check(spec, &job.input, &Files::new(), Origin::Json).unwrap().request;
    for _ in 0..18 {
        drop(client.acquire_create(&request).await);
    }
    send_again(&bench, &job).await;
    let asked = kie.requests(Route::Record);
    let meanwhile = async {
        // The lease and the permit: the vendor has answered.
        clock.has_sleepers(2).await;
        assert!(kie.requests(Route::Record) > asked);
        kie.clear_faults();
        let held = store.record_webhook(&job.id, Some(&first), clock.now()).await.unwrap().unwrap();
        assert_eq!(held.state, JobState::Held);
        clock.advance(Duration::from_secs(11));
    };
    let (step, ()) = tokio::join!(worker.run_one(), meanwhile);
    assert_eq!(step.unwrap(), StepResult::Moved { job: job.id.clone(), from: JobState::Held, to: JobState::Held });
    bench.work().await;
    assert_eq!(bench.state(&job).await, JobState::Running);
    is_delivered(&bench, &job).await;
    assert_eq!(kie.requests(Route::Create), 1);
}

/// A first task that has failed, and the reply to a second create that is lost: the first is not taken for the second.
#[tokio::test]
async fn a_failed_first_task_is_not_taken_for_a_lost_second_one() {
    let bench = Bench::new().await;
    let Bench { clock, kie, store, .. } = &bench;
    let lost = KieFault::once(Route::Create, KieFaultEffect::LoseReply);
    kie.plan(TaskPlan { end: TaskEnd::Fail { code: "500".into(), msg: "no".to_owned() }, ..TaskPlan::default() });
    kie.fault(lost.clone());
    let job = job("twice", 738, clock.now());
    store.add_job(&job).await.unwrap();
    bench.work().await;
    assert_eq!(bench.state(&job).await, JobState::Unknown);
    send_again(&bench, &job).await;
    // Only now it is told of.
    let first = TaskId(kie.creates()[0].task_id.clone());
    store.record_webhook(&job.id, Some(&first), clock.now()).await.unwrap();
    kie.finish(&first.0);
    kie.fault(lost);
    work_for(&bench, 2).await;
    assert_eq!((bench.state(&job).await, kie.requests(Route::Create)), (JobState::Unknown, 2));
    assert_eq!(store.entries(&job.id).await.unwrap().len(), 1, "the second may be billed: the hold stays");
}
