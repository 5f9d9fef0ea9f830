//! The whole bot between the two simulators: what `kie-bot demo` shows, what the script plays and what tests drive.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::kie::{Pace, SimKie, SimKieOptions};
use super::listing;
use super::telegram::{SimTelegram, SimTelegramOptions};
use crate::app::{self, AppError, Tuning};
use crate::config::{Config, ConfigError};
use crate::form::{self, Origin};
use crate::models;
use crate::schema::{Files, Request};

/// The key that the simulated KIE takes.
pub const KEY: &str = "the-key-of-the-simulated-kie";

/// How the stage is set.
#[derive(Debug, Clone)]
pub struct StageOptions {
    /// Port of the chat page; 0 takes a free one.
    pub port: u16,
    /// How long tasks run.
    pub pace: Pace,
    /// Side of a square picture in pixels.
    pub picture_side: u32,
    /// The bot's database.
    pub database_url: String,
    /// The bot's speeds.
    pub tuning: Tuning,
}

impl StageOptions {
    /// As a person wants it: tasks take some seconds, the database lies in `folder`.
    pub fn new(folder: &std::path::Path) -> Self {
        Self {
            port: 0,
            pace: Pace::Time(Duration::from_secs(6)),
            picture_side: 1024,
            database_url: format!("sqlite:{}", folder.join("demo.db").display()),
            tuning: Tuning::default(),
        }
    }
}

/// The stage could not be set.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// A simulator cannot listen.
    #[error("the simulators cannot listen on 127.0.0.1: {0}")]
    Listen(#[from] std::io::Error),
    /// The bot cannot be configured.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

/// A simulated KIE that takes [`KEY`], and lists models and judges and prices inputs as the registry does; the rest as in
/// `options`.
pub fn vendor(options: SimKieOptions) -> SimKieOptions {
    SimKieOptions {
        key: Some(KEY.to_owned()),
        validator: Arc::new(|model, input| judge(model, input).map(|request| request.spec().output)),
        price: Arc::new(price),
        catalogue: listing::all(),
        // Nobody runs out of credits while trying things.
        balance: 1_000_000.0,
        ..options
    }
}

/// The settings of a bot that talks to these simulators.
///
/// # Errors
/// When one of them cannot be used.
pub fn settings(kie: &SimKie, telegram: &SimTelegram, database_url: &str) -> Result<Config, ConfigError> {
    Config::load(|name| match name {
        "TELEGRAM_BOT_TOKEN" => Some(telegram.token().to_owned()),
        "TELEGRAM_API_URL" => Some(telegram.api_url.to_string()),
        "KIE_API_KEY" => Some(KEY.to_owned()),
        "KIE_API_URL" | "KIE_UPLOAD_URL" => Some(kie.url.to_string()),
        "DATABASE_URL" => Some(database_url.to_owned()),
        _ => None,
    })
}

/// Two simulators and a bot.
#[derive(Debug)]
pub struct Stage {
    /// The simulated KIE.
    pub kie: SimKie,
    /// The simulated Telegram.
    pub telegram: SimTelegram,
    /// The bot's settings, to start another one on the same stage.
    pub config: Config,
    bot: JoinHandle<Result<(), AppError>>,
    stop: CancellationToken,
}

impl Stage {
    /// Starts the simulators, then the bot.
    ///
    /// # Errors
    /// When a port is taken.
    pub async fn start(options: StageOptions) -> Result<Self, StageError> {
        let kie = SimKie::start(vendor(SimKieOptions {
            pace: options.pace,
            picture_side: options.picture_side,
            // One model of each type costs more than the simulator's usual balance.
            balance: 100_000.0,
            ..SimKieOptions::default()
        }))
        .await?;
        let telegram =
            SimTelegram::start(SimTelegramOptions { port: options.port, ..SimTelegramOptions::default() }).await?;
        let config = settings(&kie, &telegram, &options.database_url)?;
        let stop = CancellationToken::new();
        let bot = tokio::spawn(app::run(config.clone(), options.tuning, stop.clone()));
        Ok(Self { kie, telegram, config, bot, stop })
    }

    /// Resolves when the bot ends by itself, which it should not.
    pub async fn bot_ended(&mut self) -> AppError {
        match (&mut self.bot).await {
            Ok(Ok(())) => AppError::Broken("the bot stopped".to_owned()),
            Ok(Err(error)) => error,
            Err(error) => AppError::Broken(error.to_string()),
        }
    }

    /// Stops the bot as a signal would, then the simulators.
    ///
    /// # Errors
    /// What the bot ended with.
    pub async fn stop(self) -> Result<(), AppError> {
        self.stop.cancel();
        let ended = self.bot.await.unwrap_or_else(|error| Err(AppError::Broken(error.to_string())));
        self.telegram.stop().await;
        self.kie.stop().await;
        ended
    }
}

/// The simulated vendor refuses what the registry says that the real one refuses.
fn judge(model: &str, input: &Map<String, Value>) -> Result<Request, String> {
    // The vendor knows its ids, not our other names for them.
    let named = models::find(model).filter(|named| named.spec.id == model);
    let named = named.ok_or_else(|| format!("The model name you specified is not supported: {model}"))?;
    match form::check(named, input, &Files::new(), Origin::Json) {
        Ok(accepted) => Ok(accepted.request),
        Err(report) => {
            let fields: Vec<&str> = report.violations.iter().map(|v| &*v.field).collect();
            Err(format!("invalid value for {}", fields.join(", ")))
        }
    }
}

fn price(model: &str, input: &Map<String, Value>) -> f64 {
    let quote = judge(model, input).ok().and_then(|request| request.price(&Files::new()).ok());
    // No price can be said, by the length of a file mostly: the simulator takes every file for a short one.
    quote.map_or(10.0, |quote| quote.credits.as_f64())
}

/// A folder of the demo's own, gone when dropped.
///
/// # Errors
/// When the system's folder for temporary files cannot be written.
pub fn folder() -> Result<tempfile::TempDir, std::io::Error> {
    tempfile::Builder::new().prefix("kie-bot-demo-").tempdir()
}

/// Where a result goes that nobody named a folder for: a new one that stays.
///
/// # Errors
/// When the system's folder for temporary files cannot be written.
pub fn kept_folder() -> Result<PathBuf, std::io::Error> {
    Ok(tempfile::Builder::new().prefix("kie-bot-").tempdir()?.keep())
}
