//! The worker alone, on a clock that stands still: slow tasks, files that are too big, prices that have changed since.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use kie::clock::{Clock, Sleep, Timestamp};
use kie::demo::kie::{Fate, Fault, Plan, Route, SimKie, Trouble};
use kie::demo::stage::{KEY, vendor};
use kie::job::{Certainty, DeliveredFile, Job, JobState, Output, Quote};
use kie::kie::{Client, Settings};
use kie::ledger::Credits;
use kie::service::{
    Body, Delivery, DeliveryError, LinkReason, ResultFile, Service, Stage, Step, Worker, WorkerSettings,
};
use kie::store::{self, Entry, EntryKind, Store};
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
    files: Mutex<Vec<Body>>,
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
        self.files.lock().unwrap().extend(files.iter().map(|file| file.body.clone()));
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

/// A worker between a simulated vendor and the notes.
struct Bench {
    clock: Arc<Standing>,
    kie: SimKie,
    client: Client,
    store: Arc<dyn Store>,
    notes: Arc<Notes>,
    worker: Worker,
}

impl Bench {
    async fn new() -> Self {
        let clock = Arc::new(Standing(watch::Sender::new(Timestamp::from_millis(1_790_000_000_000))));
        let kie = SimKie::start(vendor(quick())).await.unwrap();
        let settings =
            Settings { api_url: kie.url.clone(), upload_url: kie.url.clone(), ..Settings::new(KEY.to_owned().into()) };
        let client = Client::new(settings).unwrap().with_clock(clock.clone());
        let store = store::open("sqlite::memory:").await.unwrap();
        let service = Service::new(store.clone(), client.clone(), clock.clone());
        let notes = Arc::new(Notes::default());
        let worker = Worker::new(service, notes.clone(), WorkerSettings::default());
        Self { clock, kie, client, store, notes, worker }
    }

    /// Until nothing is due.
    async fn work(&self) {
        while self.worker.run_one().await.unwrap() != Step::Idle {}
    }

    async fn state(&self, job: &Job) -> JobState {
        self.store.job(&job.id).await.unwrap().unwrap().state
    }
}

/// F31: Telegram takes no file over 50 MB from a bot; the person gets a fresh link.
#[tokio::test]
async fn f31_a_file_that_is_too_big_comes_as_a_fresh_link() {
    let bench = Bench::new().await;
    let bytes = vec![7_u8; 50_000_001];
    let url = bench.client.upload_bytes("film.mp4", "video/mp4", bytes.into()).await.unwrap().url;
    let output = Output { urls: vec![url.clone()], ..Output::default() };
    let job = Job { state: JobState::Ready, output: Some(output), ..job("big", 732, bench.clock.now()) };
    bench.store.add_job(&job).await.unwrap();
    bench.work().await;
    assert_eq!(bench.state(&job).await, JobState::Delivered);
    let files = bench.notes.files.lock().unwrap();
    let [Body::Link { url: link, reason: LinkReason::TooBig }] = files.as_slice() else { panic!("{files:?}") };
    assert!(link.starts_with(&format!("{url}?expires=")), "{link}");
}

/// F22, F23: half an hour at least before a word of delay; no bad answer ends it; what comes late is delivered.
#[tokio::test]
async fn f23_a_late_result_is_delivered_after_still_running_was_told() {
    let bench = Bench::new().await;
    let Bench { clock, kie, store, notes, .. } = &bench;
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
        bench.work().await;
        let seen = store.job(&job.id).await.unwrap().unwrap();
        assert_eq!(seen.state, JobState::Running, "{seen:?}");
        let told = notes.stages.lock().unwrap().iter().any(|stage| matches!(stage, Stage::StillRunning { .. }));
        first_word = told.then(|| clock.now().since(started));
        clock.advance(Duration::from_secs(60));
    }
    assert!(first_word.unwrap() > Duration::from_secs(1800), "{first_word:?}");
    clock.advance(Duration::from_secs(6 * 3600));
    bench.work().await;
    assert_eq!(bench.state(&job).await, JobState::Running, "hours later it still waits");

    kie.finish(&kie.creates()[0].task_id);
    for _ in 0..3 {
        clock.advance(Duration::from_secs(60));
        bench.work().await;
    }
    assert_eq!(bench.state(&job).await, JobState::Delivered);
    assert_eq!((notes.files.lock().unwrap().len(), kie.creates().len()), (1, 1));
    assert!(notes.failures.lock().unwrap().is_empty());
}

/// F38: the vendor named the field that it missed, under its code 500, and the same order went out again and again.
#[tokio::test]
async fn f38_a_person_soon_hears_which_field_the_vendor_misses() {
    let bench = Bench::new().await;
    let Bench { clock, kie, store, notes, .. } = &bench;
    let words = "aspect_ratio: This field is required";
    kie.fault(Fault { times: u32::MAX, ..Fault::code(Route::Create, 500, words) });
    let job = job("incomplete", 733, clock.now());
    store.add_job(&job).await.unwrap();
    let started = clock.now();
    while bench.state(&job).await != JobState::Failed {
        bench.work().await;
        clock.advance(Duration::from_secs(5));
        assert!(clock.now().since(started) < Duration::from_secs(180), "{:?}", store.job(&job.id).await);
    }
    // Not at once: most of the time it is the vendor's own trouble.
    assert!(kie.requests(Route::Create) > 3);
    assert_eq!(*notes.failures.lock().unwrap(), ["500"]);
    let failure = store.job(&job.id).await.unwrap().unwrap().failure.unwrap();
    assert!(failure.message.contains(words), "{failure:?}");
}

/// F15: the price was computed at the order and again at the end, from an input with other names, and came out different.
#[tokio::test]
async fn f15_what_was_agreed_is_what_is_spent() {
    let bench = Bench::new().await;
    // No table says this today.
    let credits = Credits::from_milli(12_345);
    let quote = Some(Quote { credits, certainty: Certainty::Exact });
    let job = Job { quote, ..job("agreed", 734, bench.clock.now()) };
    bench.store.add_job(&job).await.unwrap();
    while bench.state(&job).await != JobState::Delivered {
        bench.work().await;
        bench.clock.advance(Duration::from_secs(5));
        assert_ne!(bench.state(&job).await, JobState::Failed);
    }
    let entries = bench.store.entries(&job.id).await.unwrap();
    let expected = [EntryKind::Hold, EntryKind::Capture].map(|kind| Entry { kind, credits });
    assert_eq!(entries, expected);
}
