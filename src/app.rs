//! The composition root: settings become parts, parts are started and stopped in the right order.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;

use crate::bot::{Bot, ChatDelivery, ConnectError, PollError, PollEvent, Polling, Telegram};
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, ConfigError};
use crate::kie;
use crate::leader::{Leader, LeaderError, Timing, polling_key};
use crate::service::{Service, Worker, WorkerSettings};
use crate::store::{self, StoreError};

/// How long handlers may go on after a stop.
const HANDLER_LIMIT: Duration = Duration::from_secs(10);

/// Why the bot could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A setting cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The KIE client cannot be built.
    #[error("the KIE client cannot start: {0}")]
    Kie(#[from] kie::Error),
    /// The polling lock cannot be used.
    #[error(transparent)]
    Leader(#[from] LeaderError),
    /// The connection to Telegram cannot be set up.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// Telegram refuses the bot.
    #[error(transparent)]
    Poll(#[from] PollError),
    /// A part of the program broke.
    #[error("a part of the program broke: {0}")]
    Broken(String),
}

/// Speeds that the demo and tests change; the defaults are for the real thing.
#[derive(Debug, Clone, Default)]
pub struct Tuning {
    /// The worker.
    pub worker: WorkerSettings,
    /// The polling lock; its kind's own pauses when absent.
    pub lock: Option<Timing>,
}

/// A token that is cancelled by Ctrl-C or SIGTERM. A second signal ends the process at once.
pub fn stop_on_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        signal().await;
        tracing::info!("stopping; once more to stop at once");
        asked.cancel();
        signal().await;
        std::process::exit(130);
    });
    stop
}

async fn signal() {
    let interrupt = async {
        // Without a handler the system's own answer to Ctrl-C stays in place.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut stream) => drop(stream.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

/// The KIE client that the settings describe.
///
/// # Errors
/// When the key is missing or the client cannot be built.
pub fn client(config: &Config) -> Result<kie::Client, AppError> {
    let key = config.need_kie_key()?.clone();
    let settings = kie::Settings {
        api_url: config.kie_url.clone(),
        upload_url: config.kie_upload_url.clone(),
        ..kie::Settings::new(key)
    };
    Ok(kie::Client::new(settings)?)
}

/// Runs the bot until `stop`: takes the lock, polls, works on jobs; on `stop` lets go of the lock first, then drains.
///
/// # Errors
/// When a part cannot start. Later trouble (network, database, another poller) is waited out.
pub async fn run(config: Config, tuning: Tuning, stop: CancellationToken) -> Result<(), AppError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let token = config.need_bot_token()?.clone();
    let client = client(&config)?.with_clock(clock.clone());
    let store = store::open(config.database_url.expose_secret()).await?;
    let service = Service::new(store, client, clock.clone());
    let telegram = Telegram::connect(token.clone(), Some(config.telegram_url.clone()), clock)?;
    let delivery = ChatDelivery::new(telegram.clone(), service.clone());
    let bot = Bot::new(telegram, service.clone());
    let leader = leader(&config, token.expose_secret())?;
    let leader = match tuning.lock {
        Some(timing) => leader.with_timing(timing),
        None => leader,
    };

    // Not a child of `stop`: the worker goes on until the lock is free for the next instance.
    let drain = CancellationToken::new();
    let worker = Worker::new(service, Arc::new(delivery), tuning.worker);
    let worker = tokio::spawn({
        let drain = drain.clone();
        async move { worker.run(drain).await }
    });
    let ended = lead(&leader, &bot, &stop).await;
    drain.cancel();
    if !bot.finish(HANDLER_LIMIT).await {
        tracing::warn!("handlers are cut off; their updates are handled again after a restart");
    }
    if let Err(error) = worker.await {
        tracing::error!(%error, "the worker did not stop cleanly");
    }
    tracing::info!("stopped");
    ended
}

/// Polls whenever the lock is ours, until `stop`.
async fn lead(leader: &Leader, bot: &Bot, stop: &CancellationToken) -> Result<(), AppError> {
    loop {
        let lease = match leader.campaign(stop).await {
            Ok(lease) => lease,
            Err(LeaderError::Stopped) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let ended = bot.poll(lease.lost(), stop, report).await;
        lease.release().await;
        match ended? {
            Polling::Stopped => return Ok(()),
            Polling::LeaseLost => tracing::warn!("the polling lock is lost; standing by"),
        }
    }
}

fn report(event: PollEvent) {
    match event {
        PollEvent::Polling => tracing::info!("polling Telegram"),
        PollEvent::Conflict => tracing::warn!("another instance polls with this token; standing back"),
        PollEvent::Unreachable(why) => tracing::warn!(why, "Telegram cannot be reached"),
    }
}

fn leader(config: &Config, token: &str) -> Result<Leader, LeaderError> {
    let key = polling_key(token);
    let lock_url = config.lock_database_url.as_ref().unwrap_or(&config.database_url).expose_secret();
    if lock_url.starts_with("postgres") {
        return Leader::postgres(lock_url, key);
    }
    // One file a token: two bots may share a folder.
    let folder = config.database_file().and_then(|file| file.parent().map(PathBuf::from)).unwrap_or_default();
    Ok(Leader::file(folder.join(format!("kie-bot-{key:016x}.lock"))))
}
