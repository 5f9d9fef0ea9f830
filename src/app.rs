//! The composition root: builds all parts from the settings, and starts and stops them in order.

mod account;
mod database;
mod readiness;
mod scratch;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::bot::{
    Bot, ChatDelivery, ConnectError, InboxSettings, PollError, PollEvent, Polling, TelegramFiles, Webhook,
};
use crate::client;
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, ConfigError, Mode};
use crate::http::{self, Http, ListenError, Phase, Readiness, UpdateEndpoint};
use crate::inbox::Mailbox;
use crate::job::UserId;
use crate::leader::{Leader, LeaderError, Timing, polling_key};
use crate::service::{Retention, Service, Worker, WorkerSettings};
use crate::store_error::StoreError;

pub use account::{client, client_with, delivery, star_calls};

/// How long handlers may run after a stop.
const HANDLER_LIMIT: Duration = Duration::from_secs(10);
/// How long HTTP requests may run after everything else has stopped.
const REQUEST_LIMIT: Duration = Duration::from_secs(3);
/// How long all other work may continue after a stop: platforms kill a process after 30 s.
const DRAIN_LIMIT: Duration = Duration::from_secs(24);
/// The shortest time between two queries of the credits.
const BALANCE_INTERVAL: Duration = Duration::from_secs(60);

/// Why the bot could not start, or had to stop.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A setting is missing or invalid.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another process uses the SQLite file.
    #[error(
        "another kie-bot process uses {}: a SQLite file serves one process at a time. Stop the other one, or use \
         PostgreSQL to run several", .0.display()
    )]
    InUse(PathBuf),
    /// The database is another bot's.
    #[error(
        "the database belongs to the bot {}, and TELEGRAM_BOT_TOKEN is of the bot {}: give this bot a DATABASE_URL of its \
         own, or set ADOPT_DATABASE=on if it is to take the database over", .theirs.0, .ours.0
    )]
    OtherBot {
        /// The bot whose database it is.
        theirs: UserId,
        /// The bot of the settings.
        ours: UserId,
    },
    /// The HTTP server cannot start.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// The KIE client cannot be built.
    #[error("the KIE client cannot start: {0}")]
    Kie(#[from] client::Error),
    /// The polling lock cannot be used.
    #[error(transparent)]
    Leader(#[from] LeaderError),
    /// The connection to Telegram cannot be set up.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// Telegram refuses the token.
    #[error(transparent)]
    Poll(#[from] PollError),
    /// There is no room for temporary files.
    #[error("no folder for temporary files can be made in {} ({why}): make room there, or set TMPDIR", parent.display())]
    Scratch {
        /// Where it was to be.
        parent: PathBuf,
        /// The error of the operating system.
        why: std::io::Error,
    },
    /// A part of the program ended unexpectedly.
    #[error("a part of the program broke: {0}")]
    Broken(String),
}

/// Time limits and intervals that the demo and tests change; the defaults are for production.
#[derive(Debug, Clone, Default)]
pub struct Tuning {
    /// The worker.
    pub worker: WorkerSettings,
    /// The polling lock; the defaults of its kind when absent.
    pub lock: Option<Timing>,
    /// The handling of updates.
    pub inbox: InboxSettings,
    /// Time between two checks of the webhook at Telegram; [`Webhook::CHECK_INTERVAL`] when absent.
    pub webhook_check_interval: Option<Duration>,
    /// How long the previous process may take to release a SQLite file; 45 s when absent.
    pub takeover: Option<Duration>,
    /// How long work other than HTTP requests may continue after a stop; 24 s when absent. The next process repeats
    /// what was not finished.
    pub drain: Option<Duration>,
    /// The shortest time between two queries of the credits; a minute when absent.
    pub balance_pause: Option<Duration>,
    /// The client's rate limits.
    pub policy: client::Policy,
}

/// A token that is cancelled by Ctrl-C or SIGTERM. A second signal ends the process at once.
pub fn stop_on_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        signal().await;
        tracing::info!("stopping; send the signal again to stop at once");
        asked.cancel();
        signal().await;
        std::process::exit(130);
    });
    stop
}

async fn signal() {
    let interrupt = async {
        // Without a handler Ctrl-C ends the process as usual.
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

/// Runs the bot until `stop`: it listens for HTTP, acquires the polling lock, receives and handles updates, and works
/// on jobs. On `stop` it releases the lock first, then finishes its work.
///
/// The HTTP port is opened first, and `/ready` tells what is still missing.
///
/// # Errors
/// When a part cannot start. Later problems (network, database, another poller) are waited out.
pub async fn run(config: Config, tuning: Tuning, stop: CancellationToken) -> Result<(), AppError> {
    let readiness = Readiness::new(config.mode.as_str());
    let http = match config.http {
        Some(address) => Some(Http::listen(address, readiness.clone()).await?),
        None => None,
    };
    // As soon as the stop begins, `/ready` fails, so that no more requests are sent to this process.
    let draining = readiness.clone();
    let drain = stop.clone();
    let told = AbortOnDrop(tokio::spawn(async move {
        drain.cancelled().await;
        draining.enter(Phase::Draining);
    }));
    let ended = serve(&config, tuning, &stop, &readiness, http.as_ref()).await;
    readiness.enter(Phase::Draining);
    drop(told);
    if let Some(http) = http {
        http.stop(REQUEST_LIMIT).await;
    }
    if ended.is_ok() {
        tracing::info!("stopped");
    }
    ended
}

/// A task that ends with its owner.
struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn serve(
    config: &Config,
    tuning: Tuning,
    stop: &CancellationToken,
    readiness: &Readiness,
    http: Option<&Http>,
) -> Result<(), AppError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let token = config.need_bot_token()?.clone();
    let client = account::client_with(config, tuning.policy)?.with_clock(clock.clone());
    let scratch = tokio::task::spawn_blocking(|| scratch::Scratch::open(&std::env::temp_dir()))
        .await
        .map_err(|e| AppError::Broken(e.to_string()))??;
    let telegram = account::telegram(config, &token, clock)?.with_scratch(scratch.path());
    let takeover = tuning.takeover.unwrap_or(database::TAKEOVER_TIMEOUT);
    let Some((store, alone)) = database::open(config, stop, readiness, takeover, http.is_some()).await? else {
        return Ok(());
    };
    let leader = leader(config, token.expose_secret())?;
    let leader = match tuning.lock {
        Some(timing) => leader.with_timing(timing),
        None => leader,
    };
    let service = account::service(config, &token, store, client, &telegram);
    let delivery = ChatDelivery::new(telegram.clone(), service.clone()).with_access(config.access.clone());
    let files = Arc::new(TelegramFiles::new(telegram.clone()));
    let bot = Bot::new(telegram, service.clone()).with_access(config.access.clone(), &token);
    let endpoint = UpdateEndpoint::of(&token);

    let _watch = AbortOnDrop(tokio::spawn(readiness::watch(service.clone(), leader.status(), readiness.clone())));
    let _balance = AbortOnDrop(tokio::spawn({
        let (service, pause) = (service.clone(), tuning.balance_pause.unwrap_or(BALANCE_INTERVAL));
        async move { service.watch_balance(pause).await }
    }));
    // Not a child of `stop`: the parts run until the lock is released for the next instance.
    let drain = CancellationToken::new();
    let settings = WorkerSettings {
        scratch: Some(tuning.worker.scratch.unwrap_or_else(|| scratch.path())),
        creates: config.kie_creates,
        ..tuning.worker
    };
    let worker = Worker::new(service.clone(), Arc::new(delivery), files, settings);
    let mut worker = tokio::spawn({
        let drain = drain.clone();
        async move { worker.run(drain).await }
    });
    let _wake = AbortOnDrop(tokio::spawn({
        let (bot, mut changes) = (bot.clone(), service.subscribe());
        async move {
            loop {
                changes.updates().await;
                bot.wake_inbox();
            }
        }
    }));
    let mut handlers = tokio::spawn({
        let (bot, stop) = (bot.clone(), drain.clone());
        let settings = InboxSettings { exclusive: alone.is_some(), ..tuning.inbox };
        async move { bot.run_inbox(settings, stop, HANDLER_LIMIT).await }
    });
    if let Some(http) = http {
        let mailbox: Arc<dyn Mailbox> = Arc::new(bot.clone());
        http.open(http::routes(&service, (config.mode == Mode::Webhook).then(|| (endpoint.clone(), mailbox))));
    }
    let _owner = AbortOnDrop(tokio::spawn({
        let bot = bot.clone();
        async move { bot.log_owner_link().await }
    }));
    readiness.enter(Phase::Serving);
    let webhook = webhook(config, &endpoint, tuning.webhook_check_interval);
    let limit = tuning.drain.unwrap_or(DRAIN_LIMIT);
    let over = async {
        stop.cancelled().await;
        tokio::time::sleep(limit).await;
    };
    let work = async {
        let ended = tokio::select! {
            ended = lead(&leader, &bot, webhook.as_ref(), &service, config.retention, stop, readiness) => ended,
            // Without one of them the process would run without doing its work.
            ended = &mut handlers => return Err(broken("the handling of updates ended", ended)),
            ended = &mut worker => return Err(broken("the worker ended", ended)),
        };
        drain.cancel();
        let (handled, worked) = tokio::join!(&mut handlers, &mut worker);
        if let Err(error) = handled {
            tracing::error!(%error, "the handlers did not stop cleanly");
        }
        if let Err(error) = worked {
            tracing::error!(%error, "the worker did not stop cleanly");
        }
        ended
    };
    let ended = tokio::select! {
        ended = work => ended,
        () = over => {
            tracing::warn!(limit = limit.as_secs(), "unfinished work is aborted; the next process repeats it");
            Ok(())
        }
    };
    drain.cancel();
    handlers.abort();
    worker.abort();
    ended
}

/// The error of a part that ended by itself.
fn broken(without: &str, ended: Result<(), tokio::task::JoinError>) -> AppError {
    AppError::Broken(ended.err().map_or_else(|| without.to_owned(), |error| format!("{without}: {error}")))
}

/// The webhook to register with Telegram; `None` in polling mode.
fn webhook(config: &Config, endpoint: &UpdateEndpoint, check_interval: Option<Duration>) -> Option<Webhook> {
    let public = config.public_url.as_ref().filter(|_| config.mode == Mode::Webhook)?;
    Some(Webhook {
        url: endpoint.url(public),
        secret: endpoint.secret().clone(),
        check_interval: check_interval.unwrap_or(Webhook::CHECK_INTERVAL),
    })
}

/// Receives updates whenever this process has the lock, until `stop`: by polling, or by keeping the webhook registered.
/// It also deletes what was kept long enough, which one process does.
async fn lead(
    leader: &Leader,
    bot: &Bot,
    webhook: Option<&Webhook>,
    service: &Service,
    retention: Retention,
    stop: &CancellationToken,
    readiness: &Readiness,
) -> Result<(), AppError> {
    let report = |event: PollEvent| {
        readiness.token_refused(event == PollEvent::Refused);
        log(event);
    };
    loop {
        let lease = match leader.campaign(stop).await {
            Ok(lease) => lease,
            Err(LeaderError::Stopped) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let pruning = AbortOnDrop(tokio::spawn({
            let service = service.clone();
            async move { service.watch_retention(retention).await }
        }));
        let ended = match webhook {
            Some(webhook) => bot.keep_webhook(webhook, lease.lost(), stop, report).await,
            None => bot.poll(lease.lost(), stop, report).await,
        };
        drop(pruning);
        // From now on it is for the next holder of the lock to say.
        readiness.token_refused(false);
        lease.release().await;
        match ended? {
            Polling::Stopped => return Ok(()),
            Polling::LeaseLost => tracing::warn!("the polling lock is lost; waiting for it"),
        }
    }
}

fn log(event: PollEvent) {
    match event {
        PollEvent::Polling => tracing::info!("polling Telegram"),
        PollEvent::Conflict => tracing::warn!("another instance polls with this token; pausing"),
        PollEvent::Refused => tracing::error!(
            "Telegram refuses the bot token that it has accepted before; asking again until it is accepted: if it was \
             revoked, set TELEGRAM_BOT_TOKEN to the new one and restart"
        ),
        PollEvent::Unreachable(why) => tracing::warn!(why, "Telegram cannot be reached"),
        PollEvent::Webhook => tracing::info!("Telegram posts updates to the webhook"),
        PollEvent::WebhookUnset(why) => tracing::warn!(why, "the webhook could not be set; trying again"),
    }
}

fn leader(config: &Config, token: &str) -> Result<Leader, LeaderError> {
    let key = polling_key(token);
    if let Some(server) = config.lock_server() {
        return Leader::postgres(server.expose_secret(), key);
    }
    // One lock file for each token, because two bots may share a folder.
    let folder = config.database_file().and_then(|file| file.parent().map(PathBuf::from)).unwrap_or_default();
    Ok(Leader::file(folder.join(format!("kie-bot-{key:016x}.lock"))))
}
