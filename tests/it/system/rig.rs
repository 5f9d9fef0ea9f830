//! The worker and its real delivery between the simulators, with a manual clock and a line to Telegram that can be shut.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use kie::access::Access;
use kie::bot::{ChatDelivery, Telegram, TelegramFiles};
use kie::client::{Client, Settings};
use kie::clock::Clock;
use kie::demo::harness::{KEY, registry_options};
use kie::demo::kie::SimKie;
use kie::demo::telegram::{ChatHandle, SimTelegram, SimTelegramOptions};
use kie::job::{Job, JobState, Output};
use kie::ledger::EntryKind;
use kie::sample::Sample;
use kie::schema::spec::MediaKind;
use kie::service::{Service, StepResult, Worker, WorkerSettings};
use kie::store::{self, Store};

use crate::fault::proxy::Proxy;
use crate::system::bench::Standing;
use crate::system::fixture::quick;
use crate::system::replica::job;

/// What lives as long as the process of a bot.
pub(crate) struct Life {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) service: Service,
    pub(crate) worker: Worker,
}

/// Everything else.
pub(crate) struct Rig {
    pub(crate) clock: Arc<Standing>,
    pub(crate) kie: SimKie,
    pub(crate) telegram: SimTelegram,
    pub(crate) line: Proxy,
    pub(crate) client: Client,
    access: Access,
    folder: tempfile::TempDir,
}

impl Rig {
    pub(crate) async fn new() -> Self {
        Self::with_access(Access::open()).await
    }

    pub(crate) async fn with_access(access: Access) -> Self {
        let clock = Arc::new(Standing::new());
        let kie = SimKie::start(registry_options(quick())).await.unwrap();
        let telegram = SimTelegram::start(SimTelegramOptions::default()).await.unwrap();
        let line = Proxy::start(telegram.api_url.socket_addrs(|| None).unwrap()).await;
        let settings =
            Settings { api_url: kie.url.clone(), upload_url: kie.url.clone(), ..Settings::new(KEY.to_owned().into()) };
        let client = Client::new(settings).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("scratch")).unwrap();
        Self { clock, kie, telegram, line, client, access, folder }
    }

    /// Where downloads lie.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.folder.path().join("scratch")
    }

    /// A process of the bot.
    pub(crate) async fn life(&self) -> Life {
        let store = store::open(&format!("sqlite:{}", self.folder.path().join("bot.db").display())).await.unwrap();
        let service = Service::new(store.clone(), self.client.clone(), self.clock.clone());
        let api = self.line.through(self.telegram.api_url.as_str()).parse().unwrap();
        let account =
            Telegram::connect(self.telegram.token().to_owned().into(), Some(api), self.clock.clone()).unwrap();
        let files = TelegramFiles::new(account.clone());
        let delivery = ChatDelivery::new(account.with_rate(None), service.clone()).with_access(self.access.clone());
        let settings = WorkerSettings { scratch: Some(self.scratch()), ..WorkerSettings::default() };
        let worker = Worker::new(service.clone(), Arc::new(delivery), Arc::new(files), settings);
        Life { store, service, worker }
    }

    /// A job of a chat whose result is these files.
    pub(crate) async fn ready(&self, name: &str, chat: &ChatHandle, kind: MediaKind, files: usize) -> Job {
        let sample = Sample::of(kind).unwrap();
        let mut urls = Vec::new();
        for n in 0..files {
            let name = format!("{name}-{n}.{}", kie::mime::extension(sample.mime).unwrap());
            urls.push(self.client.upload_bytes(&name, sample.mime, sample.bytes.into()).await.unwrap().url);
        }
        self.made(name, chat, Output { urls, ..Output::default() })
    }

    /// A job of a chat with this result.
    pub(crate) fn made(&self, name: &str, chat: &ChatHandle, output: Output) -> Job {
        Job { state: JobState::Ready, output: Some(output), ..job(name, chat.id(), self.clock.now()) }
    }

    /// Works for this time, with a look for due jobs every `step`.
    pub(crate) async fn pass(&self, life: &Life, time: Duration, step: Duration) {
        let end = self.clock.now() + time;
        while self.clock.now() < end {
            self.clock.advance(step);
            life.work().await;
        }
    }

    /// How often the bot has called a method.
    pub(crate) fn calls(&self, method: &str) -> usize {
        self.telegram.calls().iter().filter(|call| call.method.eq_ignore_ascii_case(method)).count()
    }
}

impl Life {
    /// Works until no job is due.
    pub(crate) async fn work(&self) {
        while self.worker.run_one().await.unwrap() != StepResult::Idle {}
    }

    pub(crate) async fn job(&self, job: &Job) -> Job {
        self.store.job(&job.id).await.unwrap().unwrap()
    }

    /// What was written into the ledger for a job, without the vendor's cost.
    pub(crate) async fn ledger(&self, job: &Job) -> Vec<EntryKind> {
        let entries = self.store.entries(&job.id).await.unwrap();
        entries.into_iter().map(|entry| entry.kind).filter(|kind| *kind != EntryKind::Cost).collect()
    }
}
