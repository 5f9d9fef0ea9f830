//! The worker alone, between a simulated vendor and a recording delivery, with a manual clock.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use kie::alert::Alert;
use kie::announcement::AnnouncementTexts;
use kie::client::{Client, Settings};
use kie::clock::{Clock, Sleep, Timestamp};
use kie::demo::harness::{KEY, registry_options};
use kie::demo::kie::{SimKie, SimKieOptions};
use kie::job::{DeliveredFile, Job, JobState, UserId};
use kie::l10n::Lang;
use kie::ledger::Credits;
use kie::referral::Reward;
use kie::schema::FileFacts;
use kie::service::{
    Attachments, Body, Delivery, DeliveryError, FetchError, FileOnDisk, IncomingFile, ProgressStage, ResultFiles,
    SentFiles, Service, StepResult, Worker, WorkerSettings,
};
use kie::store::{self, Store};
use secrecy::ExposeSecret;
use tokio::sync::watch;
use url::Url;

use crate::system::fixture::quick;

/// A manual clock that wakes sleepers when their time has come.
#[derive(Debug)]
pub(crate) struct Standing(watch::Sender<Timestamp>);

impl Standing {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(Timestamp::from_millis(1_790_000_000_000)))
    }

    pub(crate) fn advance(&self, d: Duration) {
        self.0.send_modify(|now| *now = *now + d);
    }

    /// Returns when so many wait for a time.
    pub(crate) async fn has_sleepers(&self, count: usize) {
        while self.0.receiver_count() < count {
            tokio::task::yield_now().await;
        }
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

/// A delivery that records what it is given.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) stages: Mutex<Vec<ProgressStage>>,
    pub(crate) files: Mutex<Vec<Body>>,
    pub(crate) failures: Mutex<Vec<String>>,
    pub(crate) alerts: Mutex<Vec<Alert>>,
    pub(crate) rewards: Mutex<Vec<Reward>>,
    /// Who was told what by announcements, tries that failed among them.
    pub(crate) announced: Mutex<Vec<(UserId, String)>>,
    /// How the next announcements end; without one they are delivered.
    pub(crate) announcement_answers: Mutex<VecDeque<Result<bool, DeliveryError>>>,
    /// How often messages about a failure are refused.
    pub(crate) refusals: AtomicU32,
}

#[async_trait]
impl Delivery for Notes {
    fn progress(&self, _: &Job, system: ProgressStage) {
        self.stages.lock().unwrap().push(system);
    }

    async fn drain(&self) {}

    async fn reach(&self, _: &Job) -> Result<(), DeliveryError> {
        Ok(())
    }

    async fn deliver(&self, _: &Job, files: &ResultFiles<'_>, sent: &mut SentFiles) -> Result<(), DeliveryError> {
        for index in 0..files.count() {
            if sent.contains(index) {
                continue;
            }
            let file = files.fetch(index).await?;
            self.files.lock().unwrap().push(file.body);
            let done = DeliveredFile { index, file_id: "id".into(), sent_as: "photo".into(), message: 1 };
            sent.record(vec![done]).await?;
        }
        Ok(())
    }

    async fn alert(&self, alerts: &[Alert]) -> Result<(), DeliveryError> {
        self.alerts.lock().unwrap().extend_from_slice(alerts);
        Ok(())
    }

    async fn rewarded(&self, reward: &Reward) {
        self.rewards.lock().unwrap().push(*reward);
    }

    async fn tell_operator(&self, _: &[Job]) -> Result<(), DeliveryError> {
        Ok(())
    }

    async fn announce(&self, user: UserId, texts: &AnnouncementTexts) -> Result<bool, DeliveryError> {
        let told = texts.in_language(Lang::En).to_owned();
        let answer = self.announcement_answers.lock().unwrap().pop_front().unwrap_or(Ok(true));
        self.announced.lock().unwrap().push((user, told));
        answer
    }

    async fn failed(&self, job: &Job) -> Result<(), DeliveryError> {
        let left = |n: u32| n.checked_sub(1);
        if self.refusals.fetch_update(Ordering::Relaxed, Ordering::Relaxed, left).is_ok() {
            return Err(DeliveryError::Retry { after: None, why: "flood".to_owned() });
        }
        self.failures.lock().unwrap().push(job.failure.clone().unwrap().code);
        Ok(())
    }
}

/// The files that people have sent, by their sources.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    pub(crate) files: Mutex<BTreeMap<String, Vec<u8>>>,
    /// How often a file cannot be fetched for the moment.
    pub(crate) outages: AtomicU32,
}

#[async_trait]
impl Attachments for Shelf {
    async fn fetch(&self, source: &str) -> Result<IncomingFile, FetchError> {
        let left = |n: u32| n.checked_sub(1);
        if self.outages.fetch_update(Ordering::Relaxed, Ordering::Relaxed, left).is_ok() {
            return Err(FetchError::Unreachable("the network is away".to_owned()));
        }
        let file = self.files.lock().unwrap().get(source).cloned();
        let bytes = file.ok_or_else(|| FetchError::Gone("nobody has it".to_owned()))?;
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        Ok(IncomingFile {
            name: "a.png".to_owned(),
            mime: "image/png".to_owned(),
            content: FileOnDisk::new(file.path()).with_guard(file),
            facts: FileFacts::default(),
            source: Some(source.to_owned()),
        })
    }
}

fn settings(url: &Url, keys: String) -> Settings {
    Settings { api_url: url.clone(), upload_url: url.clone(), ..Settings::new(keys.into()) }
}

/// A worker between a simulated vendor and the recording delivery.
pub(crate) struct Bench {
    pub(crate) clock: Arc<Standing>,
    pub(crate) kie: SimKie,
    pub(crate) client: Client,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) notes: Arc<Notes>,
    pub(crate) shelf: Arc<Shelf>,
    pub(crate) service: Service,
    pub(crate) worker: Worker,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        Self::with_keys(&[]).await
    }

    /// With more keys, each of an account of its own.
    pub(crate) async fn with_keys(more: &[&str]) -> Self {
        Self::on(store::open("sqlite::memory:").await.unwrap(), more).await
    }

    /// The operator is told when fewer credits than these are left.
    pub(crate) fn watch_credits(&mut self, low: Credits) {
        self.service = self.service.clone().with_alert_credits(Some(low));
        let (notes, shelf) = (self.notes.clone(), self.shelf.clone());
        self.worker = Worker::new(self.service.clone(), notes, shelf, WorkerSettings::default());
    }

    /// On this store, which is empty, with more keys.
    pub(crate) async fn on(store: Arc<dyn Store>, more: &[&str]) -> Self {
        let clock = Arc::new(Standing::new());
        let other_keys = more.iter().map(|key| (*key).to_owned()).collect();
        let options = SimKieOptions { other_keys, ..quick() };
        let kie = SimKie::start(registry_options(options)).await.unwrap();
        let keys = [&[KEY], more].concat().join(",");
        let client = Client::new(settings(&kie.url, keys)).unwrap().with_clock(clock.clone());
        let service = Service::new(store.clone(), client.clone(), clock.clone());
        let notes = Arc::new(Notes::default());
        let shelf = Arc::new(Shelf::default());
        let worker = Worker::new(service.clone(), notes.clone(), shelf.clone(), WorkerSettings::default());
        Self { clock, kie, client, store, notes, shelf, service, worker }
    }

    /// The worker of another process on the same store, which reaches the vendor under this address.
    pub(crate) fn other_worker(&self, url: &Url) -> Worker {
        let keys = self.client.settings().key.expose_secret().to_owned();
        let client = Client::new(settings(url, keys)).unwrap().with_clock(self.clock.clone());
        let service = Service::new(self.store.clone(), client, self.clock.clone());
        Worker::new(service, self.notes.clone(), self.shelf.clone(), WorkerSettings::default())
    }

    /// Works until no job is due.
    pub(crate) async fn work(&self) {
        while self.worker.run_one().await.unwrap() != StepResult::Idle {}
    }

    pub(crate) async fn state(&self, job: &Job) -> JobState {
        self.store.job(&job.id).await.unwrap().unwrap().state
    }
}
