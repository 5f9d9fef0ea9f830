//! The whole bot between the two simulators, for `kie-bot demo`, its script and the tests.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::kie::{InstantRoute, Pace, SimKie, SimKieOptions};
use super::listing;
use super::telegram::{FileLimits, SimTelegram, SimTelegramOptions};
use crate::access::Access;
use crate::app::{self, AppError, Tuning};
use crate::clock::SystemClock;
use crate::config::{Config, ConfigError};
use crate::form::{self, Origin};
use crate::invoice::{StarPack, Stars};
use crate::ledger::{Money, WalletId};
use crate::models;
use crate::quota::Quotas;
use crate::referral::ReferralTerms;
use crate::schema::spec::WebhookNeed;
use crate::schema::{Files, Request};
use crate::service::WalletAdmin;
use crate::store;
use crate::store_error::StoreError;
use crate::tariff::{Allowance, Markup, Rate, Tariff};

/// The API key of the simulated KIE.
pub const KEY: &str = "the-key-of-the-simulated-kie";

/// The settings of a [`Harness`].
#[derive(Debug, Clone)]
pub struct HarnessOptions {
    /// Port of the chat page; 0 takes a free one.
    pub port: u16,
    /// How long tasks run.
    pub pace: Pace,
    /// Side of a square picture in pixels.
    pub picture_side: u32,
    /// The simulated Telegram passes on only commands and replies in groups, as it does for a new bot.
    pub privacy: bool,
    /// Who may use the bot.
    pub access: Access,
    /// How much may be ordered.
    pub quotas: Quotas,
    /// What people pay; `None`: the operator pays.
    pub tariff: Option<Tariff>,
    /// What the page's person has to begin with, where people pay.
    pub balance: Money,
    /// What the purse of the page's group has to begin with, where people pay.
    pub purse: Money,
    /// What people can buy for Telegram Stars.
    pub star_packs: Vec<StarPack>,
    /// What the bot sells for Telegram Stars every 30 days.
    pub star_plans: Vec<StarPack>,
    /// How many orders are free where people pay.
    pub allowance: Allowance,
    /// What is given for friends who pay.
    pub referral: Option<ReferralTerms>,
    /// URL of the bot's database.
    pub database_url: String,
    /// The folder of a Bot API server that runs with `--local`; the public one when absent.
    pub local_folder: Option<PathBuf>,
    /// Whether the bot is told that the server runs so.
    pub telegram_local: bool,
    /// Time limits and intervals of the bot.
    pub tuning: Tuning,
}

impl HarnessOptions {
    /// For interactive use: tasks take six seconds, the database is a file in `folder`.
    pub fn new(folder: &std::path::Path) -> Self {
        Self {
            port: 0,
            pace: Pace::Time(Duration::from_secs(6)),
            picture_side: 1024,
            privacy: false,
            access: Access::open(),
            quotas: Quotas::NONE,
            tariff: None,
            balance: Money::ZERO,
            purse: Money::ZERO,
            star_packs: Vec::new(),
            star_plans: Vec::new(),
            allowance: Allowance::NONE,
            referral: None,
            database_url: format!("sqlite:{}", folder.join("demo.db").display()),
            local_folder: None,
            telegram_local: false,
            tuning: Tuning::default(),
        }
    }
}

/// Why a harness could not be started.
#[derive(Debug, thiserror::Error)]
pub enum HarnessError {
    /// A simulator cannot listen.
    #[error("the simulators cannot listen on 127.0.0.1: {0}")]
    Listen(#[from] std::io::Error),
    /// The bot cannot be configured.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The balance cannot be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The options of a simulated KIE that accepts [`KEY`] and has the registry's models, limits and prices; the rest as in
/// `options`.
pub fn registry_options(options: SimKieOptions) -> SimKieOptions {
    SimKieOptions {
        key: Some(KEY.to_owned()),
        validator: Arc::new(|model, input| check_input(model, input).map(|request| request.spec().output)),
        price: Arc::new(price),
        members: Arc::new(members),
        instant_routes: instant_routes(),
        needs_webhook: Arc::new(|model| {
            models::find(model).is_some_and(|named| named.spec.webhook != WebhookNeed::Optional)
        }),
        catalogue: listing::all(),
        price_feed: listing::price_feed(),
        // More than any test or demo spends.
        balance: 1_000_000.0,
        ..options
    }
}

/// The settings of a bot that talks to these simulators.
///
/// # Errors
/// When a setting is invalid.
pub fn bot_config(kie: &SimKie, telegram: &SimTelegram, database_url: &str) -> Result<Config, ConfigError> {
    Config::load(|name| match name {
        "TELEGRAM_BOT_TOKEN" => Some(telegram.token().to_owned()),
        "ACCESS" => Some("open".to_owned()),
        "QUOTAS" => Some("off".to_owned()),
        "TELEGRAM_API_URL" => Some(telegram.api_url.to_string()),
        "KIE_API_KEY" => Some(KEY.to_owned()),
        "KIE_API_URL" | "KIE_UPLOAD_URL" => Some(kie.url.to_string()),
        "DATABASE_URL" => Some(database_url.to_owned()),
        "SUPPORT" => Some("@demo_support".to_owned()),
        _ => None,
    })
}

/// What is sold for Telegram Stars in a demo that charges.
pub fn star_packs() -> Vec<StarPack> {
    let pack =
        |(stars, hundredths)| Some(StarPack { stars: Stars::new(stars)?, amount: Money::from_hundredths(hundredths) });
    [(100, 12_000), (500, 65_000)].into_iter().filter_map(pack).collect()
}

/// What people can subscribe to in a demo that charges.
pub fn star_plans() -> Vec<StarPack> {
    let plan = Stars::new(300).map(|stars| StarPack { stars, amount: Money::from_hundredths(40_000) });
    plan.into_iter().collect()
}

/// What is given for friends in a demo.
pub const fn referral() -> ReferralTerms {
    ReferralTerms { inviter: Money::from_hundredths(5_000), friend: Money::from_hundredths(2_000) }
}

/// What people pay in a demo: a unit for a credit of the vendor.
///
/// # Panics
/// Never: the unit is a good one.
pub fn tariff() -> Tariff {
    let unit = Money::from_hundredths(100);
    let currency = "⭐".parse().expect("it is a sign");
    Tariff { rate: Rate(1_000_000), markup: Markup(0), rounding: unit, minimum: unit, fixed: None, currency }
}

/// Two simulators and a running bot.
#[derive(Debug)]
pub struct Harness {
    /// The simulated KIE.
    pub kie: SimKie,
    /// The simulated Telegram.
    pub telegram: SimTelegram,
    /// The bot's settings, to start another bot between the same simulators.
    pub config: Config,
    bot: JoinHandle<Result<(), AppError>>,
    stop: CancellationToken,
}

impl Harness {
    /// Starts the simulators, then the bot.
    ///
    /// # Errors
    /// When a port is taken, or the database cannot be opened.
    pub async fn start(options: HarnessOptions) -> Result<Self, HarnessError> {
        let kie = SimKie::start(registry_options(SimKieOptions {
            pace: options.pace,
            picture_side: options.picture_side,
            // One run of each task type costs more than the default balance.
            balance: 100_000.0,
            ..SimKieOptions::default()
        }))
        .await?;
        let telegram = SimTelegram::start(SimTelegramOptions {
            port: options.port,
            limits: if options.local_folder.is_some() { FileLimits::local() } else { FileLimits::default() },
            local_folder: options.local_folder,
            privacy: options.privacy,
            vendor: Some(kie.clone()),
            ..SimTelegramOptions::default()
        })
        .await?;
        let config = bot_config(&kie, &telegram, &options.database_url)?;
        let HarnessOptions { telegram_local, access, quotas, tariff, allowance, referral, .. } = options;
        let HarnessOptions { star_packs, star_plans, .. } = options;
        let config = Config { telegram_local, access, quotas, tariff, allowance, referral, ..config };
        let config = Config { star_packs, star_plans, ..config };
        let gifts = [(telegram.page_chat().id(), options.balance), (telegram.page_group(), options.purse)];
        let gifts: Vec<_> = gifts.into_iter().filter(|(_, amount)| *amount > Money::ZERO).collect();
        if !gifts.is_empty() {
            let store = store::open(&options.database_url).await?;
            let wallets = WalletAdmin::new(Arc::clone(&store), Arc::new(SystemClock));
            for (wallet, amount) in gifts {
                wallets.give(WalletId(wallet), amount, &format!("demo:{wallet}"), None).await?;
            }
            store.close().await;
        }
        let stop = CancellationToken::new();
        let bot = tokio::spawn(app::run(config.clone(), options.tuning, stop.clone()));
        Ok(Self { kie, telegram, config, bot, stop })
    }

    /// Waits for the bot to end by itself, which is always an error.
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
    /// The error that the bot ended with.
    pub async fn stop(self) -> Result<(), AppError> {
        self.stop.cancel();
        let result = self.bot.await.unwrap_or_else(|error| Err(AppError::Broken(error.to_string())));
        self.telegram.stop().await;
        self.kie.stop().await;
        result
    }
}

/// Checks an input as the registry says that the vendor does.
///
/// # Errors
/// The text of the vendor's 422 reply.
fn check_input(model: &str, input: &Map<String, Value>) -> Result<Request, String> {
    // The vendor knows its model ids, not the registry's aliases.
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

/// What the registry says that the result of a model has besides files, with made-up values.
fn members(model: &str, task: &str) -> Map<String, Value> {
    let Some(result) = models::find(model).map(|named| named.spec.result) else { return Map::new() };
    let text = result.text.first().map(|name| (camel(name), "The quick fox sings at dawn".into()));
    let id = result.id.first().map(|name| (camel(name), format!("made-{task}").into()));
    text.into_iter().chain(id).collect()
}

/// `voice_id` as `voiceId`.
fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |done, part| {
        let (head, tail) = part.split_at(part.len().min(1));
        done + &head.to_uppercase() + tail
    })
}

fn instant_routes() -> Vec<InstantRoute> {
    let routes = models::all().iter().filter_map(|spec| Some((spec.route?, spec.id)));
    routes.map(|(path, model)| InstantRoute { path: path.to_owned(), model: model.to_owned() }).collect()
}

fn price(model: &str, input: &Map<String, Value>) -> f64 {
    let quote = check_input(model, input).ok().and_then(|request| request.price(&Files::new()).ok());
    // Mostly when the price depends on the length of a file: then a fixed price.
    quote.map_or(10.0, |quote| quote.credits.as_f64())
}

/// A new temporary folder, removed when dropped.
///
/// # Errors
/// When the system's folder for temporary files cannot be written.
pub fn temp_folder() -> Result<tempfile::TempDir, std::io::Error> {
    tempfile::Builder::new().prefix("kie-bot-demo-").tempdir()
}

/// A new temporary folder that is not removed, for results without `--out`.
///
/// # Errors
/// When the system's folder for temporary files cannot be written.
pub fn kept_folder() -> Result<PathBuf, std::io::Error> {
    Ok(tempfile::Builder::new().prefix("kie-bot-").tempdir()?.keep())
}
