//! Two simulators and any number of bots, each in a runtime of its own: it can be stopped as by a signal, or killed.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kie::app::{self, AppError, Tuning};
use kie::backoff::Backoff;
use kie::bot::InboxSettings;
use kie::client::wait::{Schedule, ScheduleStep};
use kie::config::Config;
use kie::demo::harness;
use kie::demo::kie::{Pace, SimKie, SimKieOptions};
use kie::demo::telegram::{SimTelegram, SimTelegramOptions};
use kie::job::{ChatId, Job, JobState};
use kie::leader::Timing;
use kie::ledger::{Entry, EntryKind};
use kie::service::WorkerSettings;
use kie::store::{self, Store};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection};
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::Dispatch;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Logged by a bot that has got the polling lock.
pub(crate) const LEADS: &str = "polling lock: leader";

/// The time limit of every wait.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// A poll schedule that no test waits for.
pub(crate) static RARELY: Schedule =
    Schedule { steps: &[ScheduleStep { until: Duration::MAX, min: LIMIT, max: Duration::from_secs(600) }] };

pub(crate) static SCHEDULE: Schedule =
    Schedule { steps: &[ScheduleStep { until: Duration::MAX, min: ms(20), max: ms(40) }] };

/// The default tuning with shorter times.
fn tuning() -> Tuning {
    let worker = WorkerSettings {
        lease: Duration::from_secs(3),
        idle: ms(200),
        redelivery: ms(100),
        file_grace: ms(500),
        report_interval: ms(500),
        probes: Backoff::new(ms(100), ms(200)),
        probe_interval: ms(50),
        schedule: SCHEDULE,
        result_grace: ms(500),
        ..WorkerSettings::default()
    };
    let lock = Timing { retry: ms(20)..ms(60), heartbeat: ms(100), timeout: Duration::from_secs(5) };
    let inbox = InboxSettings { lease: Duration::from_secs(3), idle: ms(100), ..InboxSettings::default() };
    Tuning { worker, lock: Some(lock), inbox, webhook_check_interval: Some(ms(200)), ..Tuning::default() }
}

/// Two simulators, and the settings of the bots between them.
pub(crate) struct TestSystem {
    pub(crate) kie: SimKie,
    pub(crate) telegram: SimTelegram,
    pub(crate) config: Config,
    pub(crate) tuning: Tuning,
    database_url: String,
    _folder: Option<tempfile::TempDir>,
}

impl TestSystem {
    /// With a SQLite file.
    pub(crate) async fn sqlite() -> Self {
        Self::sqlite_with(quick()).await
    }

    pub(crate) async fn sqlite_with(options: SimKieOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("bot.db").display());
        Self { _folder: Some(folder), ..Self::with(options, url).await }
    }

    /// With an empty PostgreSQL database.
    pub(crate) async fn postgres(database_url: String) -> Self {
        Self::with(quick(), database_url).await
    }

    pub(crate) async fn postgres_with(options: SimKieOptions, database_url: String) -> Self {
        Self::with(options, database_url).await
    }

    async fn with(options: SimKieOptions, database_url: String) -> Self {
        let kie = SimKie::start(harness::registry_options(options)).await.unwrap();
        let telegram = SimTelegram::start(SimTelegramOptions::default()).await.unwrap();
        let config = harness::bot_config(&kie, &telegram, &database_url).unwrap();
        // Chats are written to faster than Telegram allows.
        let config = Config { telegram_rate: None, ..config };
        Self { kie, telegram, config, tuning: tuning(), database_url, _folder: None }
    }

    /// A bot that has the polling lock.
    pub(crate) async fn bot(&self) -> Bot {
        let bot = self.candidate("info,kie=debug").await;
        bot.says(LEADS).await;
        bot
    }

    /// A bot that may have to wait for the polling lock.
    pub(crate) async fn candidate(&self, log: &str) -> Bot {
        let (config, tuning, filter) = (self.config.clone(), self.tuning.clone(), log.to_owned());
        tokio::task::spawn_blocking(move || Bot::start(config, tuning, &filter)).await.unwrap()
    }

    pub(crate) async fn store(&self) -> Arc<dyn Store> {
        store::open(&self.database_url).await.unwrap()
    }

    /// Changes the SQLite file as another version of the program may.
    pub(crate) async fn change(&self, statement: &str) {
        let options: SqliteConnectOptions = self.database_url.parse().unwrap();
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// The only job of a chat.
    pub(crate) async fn job(&self, chat: i64) -> Job {
        let mut jobs = self.store().await.jobs_of(ChatId(chat), 10, 0).await.unwrap();
        assert_eq!(jobs.len(), 1, "{jobs:?}");
        jobs.remove(0)
    }

    /// Waits until a job of a chat has this state.
    pub(crate) async fn reaches(&self, chat: i64, state: JobState) -> Job {
        let store = self.store().await;
        let arrived = async {
            // The store of another runtime sends no notifications here.
            let mut interval = tokio::time::interval(ms(20));
            loop {
                interval.tick().await;
                let jobs = store.jobs_of(ChatId(chat), 10, 0).await.unwrap();
                if let Some(job) = jobs.into_iter().find(|job| job.state == state) {
                    return job;
                }
            }
        };
        match tokio::time::timeout(LIMIT, arrived).await {
            Ok(job) => job,
            Err(_) => panic!("not {state:?}: {:?}", store.jobs_of(ChatId(chat), 10, 0).await),
        }
    }

    /// The ledger entries of a job: kinds, and amounts in thousandths of credits; without the vendor's cost, of which `system/books.rs` speaks.
    pub(crate) async fn ledger(&self, job: &Job) -> Vec<(EntryKind, i64)> {
        let mut entries = self.store().await.entries(&job.id).await.unwrap();
        entries.retain(|entry| entry.kind != EntryKind::Cost);
        entries.into_iter().map(|Entry { kind, credits }| (kind, credits.milli())).collect()
    }
}

/// Options of a simulated KIE whose tasks are done at the third poll.
pub(crate) fn quick() -> SimKieOptions {
    SimKieOptions { pace: Pace::Polls(2), picture_side: 64, create_limit: None, ..SimKieOptions::default() }
}

/// A running bot; it is killed when dropped.
pub(crate) struct Bot {
    runtime: Option<Runtime>,
    stop: CancellationToken,
    ended: JoinHandle<Result<(), AppError>>,
    pub(crate) log: Log,
}

impl Bot {
    fn start(config: Config, tuning: Tuning, filter: &str) -> Self {
        let log = Log::default();
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new(filter))
            .with_ansi(false)
            .with_writer(log.clone())
            .finish();
        let dispatch = Dispatch::new(subscriber);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            // Every thread of this bot writes to this bot's log.
            .on_thread_start(move || std::mem::forget(tracing::dispatcher::set_default(&dispatch)))
            .build()
            .unwrap();
        let stop = CancellationToken::new();
        let ended = runtime.spawn(app::run(config, tuning, stop.clone()));
        Self { runtime: Some(runtime), stop, ended, log }
    }

    /// Waits until the log contains this text.
    pub(crate) async fn says(&self, words: &str) {
        let mut changes = self.log.changes.subscribe();
        let said = async {
            while !self.log.text().contains(words) {
                changes.changed().await.unwrap();
            }
        };
        if tokio::time::timeout(LIMIT, said).await.is_err() {
            panic!("{words:?} is not in the log:\n{}", self.log.text());
        }
    }

    /// Its HTTP address.
    pub(crate) async fn address(&self) -> SocketAddr {
        const WORDS: &str = "listening for HTTP address=";
        self.says(WORDS).await;
        let text = self.log.text();
        let rest = text.split(WORDS).nth(1).unwrap();
        rest.split_whitespace().next().unwrap().parse().unwrap()
    }

    /// Sends the signal without waiting.
    pub(crate) fn tell_to_stop(&self) {
        self.stop.cancel();
    }

    /// Waits until it ends by itself.
    pub(crate) async fn ended(&mut self) -> Result<(), AppError> {
        tokio::time::timeout(LIMIT, &mut self.ended).await.expect("the bot ends").unwrap()
    }

    /// Stops it as SIGTERM does: it releases the lock, finishes its work and ends. Returns its log.
    pub(crate) async fn stop(mut self) -> Log {
        self.stop.cancel();
        let ended = tokio::time::timeout(LIMIT, &mut self.ended).await.expect("the bot stops").unwrap();
        ended.unwrap();
        let log = self.log.clone();
        self.kill().await;
        log
    }

    /// Stops it as SIGKILL does: every async task is dropped.
    pub(crate) async fn kill(mut self) {
        let runtime = self.runtime.take().unwrap();
        tokio::task::spawn_blocking(move || runtime.shutdown_timeout(LIMIT)).await.unwrap();
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The log of a bot.
#[derive(Clone)]
pub(crate) struct Log {
    lines: Arc<Mutex<Vec<u8>>>,
    changes: Arc<watch::Sender<()>>,
}

impl Default for Log {
    fn default() -> Self {
        Self { lines: Arc::default(), changes: Arc::new(watch::Sender::new(())) }
    }
}

impl Log {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.lines.lock().unwrap()).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.lines.lock().unwrap().extend_from_slice(bytes);
        self.changes.send_replace(());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
