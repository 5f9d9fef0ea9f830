//! Creates that were refused, so that nothing can have been accepted: the job waits in `held`, never on the way.

use std::ops::RangeInclusive;
use std::time::Duration;

use kie::clock::Clock;
use kie::demo::kie::{KieFault, KieFaultEffect, Route};
use kie::job::{Job, JobState};
use kie::service::{StepResult, Worker};

use crate::system::bench::Bench;
use crate::system::fixture::{LIMIT, TestSystem};
use crate::system::person::{order, photos};
use crate::system::replica::job;

const SECOND_KEY: &str = "second-key-0123456789abcdef";

/// A refusal for the rate, without a word of how long to wait.
fn busy(times: u32) -> KieFault {
    let effect = KieFaultEffect::Code { code: 429, msg: "slow down".to_owned(), status: None, retry_after: None };
    KieFault::times(Route::Create, times, effect)
}

/// One step, which must not wait for the clock: it stands.
async fn step(worker: &Worker) -> StepResult {
    tokio::time::timeout(LIMIT, worker.run_one()).await.expect("no step waits for another try").unwrap()
}

/// A first try that is refused: the job is held at once, with a pause of so many seconds and without a setback.
async fn is_held(bench: &Bench, worker: &Worker, job: &Job, pause: RangeInclusive<f64>) {
    let Bench { clock, store, .. } = bench;
    store.add_job(job).await.unwrap();
    let held = StepResult::Moved { job: job.id.clone(), from: JobState::Held, to: JobState::Held };
    assert_eq!(step(worker).await, held);
    let due = store.next_due().await.unwrap().unwrap();
    let after = due.since(clock.now());
    assert!(pause.contains(&after.as_secs_f64()), "{after:?}");
    clock.advance(after);
    let claimed = store.claim("look", clock.now(), Duration::ZERO).await.unwrap().unwrap();
    assert_eq!((claimed.job.state, claimed.setbacks.count), (JobState::Held, 0), "the input is not the cause");
    store.release(&claimed, Some(clock.now()), None).await.unwrap();
}

/// What the process has left, another one sends, once.
async fn is_sent_by_another(bench: &Bench, job: &Job, refused: u32) {
    step(&bench.other_worker(&bench.kie.url)).await;
    assert_eq!(bench.state(job).await, JobState::Running);
    assert_eq!((bench.kie.requests(Route::Create), bench.kie.creates().len()), (refused + 1, 1));
}

#[tokio::test]
async fn the_wait_after_429_is_held() {
    for (fault, pause) in [
        (KieFault::busy(Route::Create, 30), 30.0..=30.0),
        (busy(1), 1.5..=2.0),
        (KieFault::busy(Route::Create, 600), 600.0..=600.0),
    ] {
        let bench = Bench::new().await;
        bench.kie.fault(fault);
        let job = job("busy", 751, bench.clock.now());
        is_held(&bench, &bench.worker, &job, pause).await;
        is_sent_by_another(&bench, &job, 1).await;
    }
}

#[tokio::test]
async fn the_wait_after_a_failed_connection_is_held() {
    let bench = Bench::new().await;
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let away = bench.other_worker(&format!("http://{nobody}/").parse().unwrap());
    let job = job("unconnected", 752, bench.clock.now());
    is_held(&bench, &away, &job, 1.5..=2.0).await;
    is_sent_by_another(&bench, &job, 0).await;
}

#[tokio::test]
async fn between_two_keys_a_job_is_held() {
    for code in [401, 402, 403, 433] {
        let bench = Bench::with_keys(&[SECOND_KEY]).await;
        bench.kie.fault(KieFault::code(Route::Create, code, "no"));
        let job = job("refused", 753, bench.clock.now());
        is_held(&bench, &bench.worker, &job, 0.0..=0.0).await;
        step(&bench.worker).await;
        assert_eq!(bench.state(&job).await, JobState::Running);
        assert_eq!((bench.kie.requests(Route::Create), bench.kie.creates().len()), (2, 1));
        let key = bench.store.job(&job.id).await.unwrap().unwrap().key.unwrap();
        assert_eq!(bench.client.keys()[1].label.0, key, "the next one");
    }
}

/// An account without credits is the operator's to mend: all keys were tried, and the person hears of it at once.
#[tokio::test]
async fn a_job_that_every_key_is_refused_for_has_failed() {
    let bench = Bench::with_keys(&[SECOND_KEY]).await;
    bench.kie.fault(KieFault::times(Route::Create, u32::MAX, KieFault::code(Route::Create, 402, "no credits").effect));
    let job = job("poor", 754, bench.clock.now());
    bench.store.add_job(&job).await.unwrap();
    while step(&bench.worker).await != StepResult::Idle {}
    assert_eq!((bench.state(&job).await, bench.kie.requests(Route::Create)), (JobState::Failed, 2));
    assert_eq!(*bench.notes.failures.lock().unwrap(), ["402"]);
    assert_eq!(bench.store.entries(&job.id).await.unwrap().len(), 2, "the hold is given back");
}

/// A vendor that refuses for its rate for half an hour: the tries become rare, and then the person is told.
#[tokio::test]
async fn refusals_for_the_rate_end_after_half_an_hour() {
    let bench = Bench::new().await;
    bench.kie.fault(busy(u32::MAX));
    let job = job("busy", 755, bench.clock.now());
    bench.store.add_job(&job).await.unwrap();
    let started = bench.clock.now();
    while bench.state(&job).await == JobState::Held {
        step(&bench.worker).await;
        bench.clock.advance(Duration::from_secs(1));
    }
    let waited = bench.clock.now().since(started).as_secs();
    assert!((1800..1900).contains(&waited), "{waited}");
    let tries = bench.kie.requests(Route::Create);
    assert!((20..80).contains(&tries), "{tries}");
    assert_eq!(*bench.notes.failures.lock().unwrap(), ["429"]);
}

/// A process that is stopped or killed while an order waits for another try leaves no doubt behind.
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_and_a_kill_between_two_tries_leave_no_doubt() {
    for is_killed in [true, false] {
        let system = TestSystem::sqlite().await;
        let chat = system.telegram.chat(756);
        system.kie.fault(KieFault::busy(Route::Create, 2));
        let bot = system.bot().await;
        order(&chat, "a boat").await;
        bot.says("the vendor refuses the job for the moment").await;
        if is_killed {
            bot.kill().await;
        } else {
            drop(bot.stop().await);
        }
        let left = system.reaches(chat.id(), JobState::Held).await;
        assert_eq!(left.task, None);

        let bot = system.bot().await;
        chat.wait_for(LIMIT, |_| (photos(&chat) >= 1).then_some(())).await.unwrap();
        bot.stop().await;
        assert_eq!((system.kie.creates().len(), system.kie.requests(Route::Create)), (1, 2));
        assert!(chat.view().with_text("I do not know").is_none(), "{}", chat.view());
    }
}

/// `KIE_CREATES` bounds how many orders are on their way to the vendor at the same time.
#[tokio::test(flavor = "multi_thread")]
async fn orders_are_sent_as_many_at_a_time_as_is_set() {
    const SLOW: u64 = 500;
    let mut system = TestSystem::sqlite().await;
    system.config.kie_creates = 1;
    system.kie.fault(KieFault::times(Route::Create, 3, KieFaultEffect::SlowBody(SLOW)));
    let store = system.store().await;
    let chat = system.telegram.chat(757);
    let now = kie::clock::SystemClock.now();
    for name in ["one", "two", "three"] {
        store.add_job(&job(name, chat.id(), now)).await.unwrap();
    }
    let bot = system.bot().await;
    let creates = system.kie.wait_for_creates(3, LIMIT).await.unwrap();
    bot.stop().await;
    for pair in creates.windows(2) {
        let between = pair[1].at.since(pair[0].at);
        assert!(between >= Duration::from_millis(SLOW / 2), "the one before is answered first: {between:?}");
    }
}
