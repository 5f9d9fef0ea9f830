//! Time: a slow task is never given up early, and its late result still comes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use kie::clock::{Clock, Sleep, Timestamp};
use kie::demo::kie::{Fate, Fault, Plan, Route, SimKie, Trouble};
use kie::demo::stage::{KEY, vendor};
use kie::job::{DeliveredFile, Job, JobState};
use kie::kie::{Client, Settings};
use kie::service::{Delivery, DeliveryError, ResultFile, Service, Stage, Step, Worker, WorkerSettings};
use kie::store;
use tokio::sync::watch;

use crate::fixture::quick;
use crate::replica::job;

/// Time that stands still until it is moved; sleepers wake when their moment has come.
#[derive(Debug)]
struct Standing(watch::Sender<Timestamp>);

impl Standing {
    fn advance(&self, d: Duration) {
        self.0.send_modify(|now| *now = *now + d);
    }
}

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    fn sleep(&self, d: Duration) -> Sleep<'_> {
        let until = self.now() + d;
        let mut now = self.0.subscribe();
        Box::pin(async move {
            let _ = now.wait_for(|now| *now >= until).await;
        })
    }
}

/// A chat that notes down what it is told.
#[derive(Debug, Default)]
struct Notes {
    stages: Mutex<Vec<Stage>>,
    files: Mutex<usize>,
    failures: Mutex<Vec<String>>,
}

#[async_trait]
impl Delivery for Notes {
    async fn progress(&self, _: &Job, stage: Stage) -> Result<Option<i32>, DeliveryError> {
        self.stages.lock().unwrap().push(stage);
        Ok(None)
    }

    async fn deliver(
        &self,
        _: &Job,
        files: &[ResultFile],
        _: &[DeliveredFile],
    ) -> Result<Vec<DeliveredFile>, DeliveryError> {
        *self.files.lock().unwrap() += files.len();
        let done = |file: &ResultFile| DeliveredFile {
            index: file.index,
            file_id: "id".into(),
            sent_as: "photo".into(),
            message: 1,
        };
        Ok(files.iter().map(done).collect())
    }

    async fn failed(&self, job: &Job) -> Result<(), DeliveryError> {
        self.failures.lock().unwrap().push(job.failure.clone().unwrap().code);
        Ok(())
    }
}

/// F22, F23: half an hour at least before a word of delay; no bad answer ends it; what comes late is delivered.
#[tokio::test]
async fn f23_a_late_result_is_delivered_after_still_running_was_told() {
    let clock = Arc::new(Standing(watch::Sender::new(Timestamp::from_millis(1_790_000_000_000))));
    let kie = SimKie::start(vendor(quick())).await.unwrap();
    let settings =
        Settings { api_url: kie.url.clone(), upload_url: kie.url.clone(), ..Settings::new(KEY.to_owned().into()) };
    let client = Client::new(settings).unwrap().with_clock(clock.clone());
    let store = store::open("sqlite::memory:").await.unwrap();
    let service = Service::new(store.clone(), client, clock.clone());
    let notes = Arc::new(Notes::default());
    let worker = Worker::new(service, notes.clone(), WorkerSettings::default());

    kie.plan(Plan { fate: Fate::Never { state: None }, ..Plan::default() });
    let job = Job { detached: false, ..job("slow", 731, clock.now()) };
    store.add_job(&job).await.unwrap();
    let started = clock.now();
    let mut first_word = None;
    while first_word.is_none() {
        // Every other time the vendor is out of order.
        if kie.requests(Route::Record) % 2 == 0 {
            kie.fault(Fault::once(Route::Record, Trouble::Html { status: 502 }));
        }
        while worker.run_one().await.unwrap() != Step::Idle {}
        let seen = store.job(&job.id).await.unwrap().unwrap();
        assert_eq!(seen.state, JobState::Running, "{seen:?}");
        let told = notes.stages.lock().unwrap().iter().any(|stage| matches!(stage, Stage::StillRunning { .. }));
        first_word = told.then(|| clock.now().since(started));
        clock.advance(Duration::from_secs(60));
    }
    assert!(first_word.unwrap() > Duration::from_secs(1800), "{first_word:?}");
    clock.advance(Duration::from_secs(6 * 3600));
    while worker.run_one().await.unwrap() != Step::Idle {}
    assert_eq!(store.job(&job.id).await.unwrap().unwrap().state, JobState::Running, "hours later it still waits");

    kie.finish(&kie.creates()[0].task_id);
    for _ in 0..3 {
        clock.advance(Duration::from_secs(60));
        while worker.run_one().await.unwrap() != Step::Idle {}
    }
    assert_eq!(store.job(&job.id).await.unwrap().unwrap().state, JobState::Delivered);
    assert_eq!((*notes.files.lock().unwrap(), kie.creates().len()), (1, 1));
    assert!(notes.failures.lock().unwrap().is_empty());
}
