//! The settings of the program, read from environment variables. A test compares `docs/settings.md` and `.env.example` with [`SETTINGS`].

mod free;
mod part;
mod quota;
mod referral;
mod setting;
mod star_sale;
mod tariff;
mod value;

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::access::Access;
use crate::invoice::StarPack;
use crate::job::UserId;
use crate::ledger::Credits;
use crate::quota::Quotas;
use crate::referral::ReferralTerms;
use crate::service::Retention;
use crate::tariff::{Allowance, Tariff};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

pub use setting::{SETTINGS, Setting};
pub(crate) use value::is_loopback;

use setting::{default_of, missing};

/// The port of webhook mode if none is set.
const WEBHOOK_PORT: u16 = 8080;

/// What is wrong with a setting. The value of a secret is never shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A required setting is missing.
    #[error("{name} is not set: {meaning}")]
    Missing {
        /// The setting.
        name: &'static str,
        /// Its meaning.
        meaning: &'static str,
    },
    /// A value is invalid.
    #[error("{name} {why}")]
    Bad {
        /// The setting.
        name: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

/// The format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Text for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// How updates are received from Telegram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The instance with the polling lock requests them.
    Polling,
    /// Telegram posts them to any instance.
    Webhook,
}

impl Mode {
    /// The value of the setting.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Polling => "polling",
            Self::Webhook => "webhook",
        }
    }
}

/// The settings of one process, read once.
#[derive(Debug, Clone)]
pub struct Config {
    /// The bot's token.
    pub bot_token: Option<SecretString>,
    /// The KIE key.
    pub kie_key: Option<SecretString>,
    /// The database.
    pub database_url: SecretString,
    /// The PostgreSQL database of the polling lock, if it is not `database_url`.
    pub lock_database_url: Option<SecretString>,
    /// Whether the bot may take over a database that is another bot's.
    pub adopt_database: bool,
    /// How long things are kept.
    pub retention: Retention,
    /// Who may use the bot.
    pub access: Access,
    /// How much may be ordered.
    pub quotas: Quotas,
    /// What people pay; `None`: the operator pays.
    pub tariff: Option<Tariff>,
    /// What people can buy for Telegram Stars.
    pub star_packs: Vec<StarPack>,
    /// What people can pay for with Telegram Stars every 30 days.
    pub star_plans: Vec<StarPack>,
    /// Where people ask about payments, in words for them; there is one where something is sold.
    pub support: Option<String>,
    /// The terms of sale, or where they are, in words for people.
    pub terms: Option<String>,
    /// How many orders are free where people pay.
    pub allowance: Allowance,
    /// What is given for friends who pay; `None`: nothing.
    pub referral: Option<ReferralTerms>,
    /// How updates are received from Telegram.
    pub mode: Mode,
    /// The public address of the HTTP server. Always set in webhook mode.
    pub public_url: Option<Url>,
    /// Where the HTTP server listens; `None` for no server. Always set in webhook mode.
    pub http: Option<SocketAddr>,
    /// The key that the vendor signs webhooks with.
    pub kie_webhook_key: Option<SecretString>,
    /// Whether users are shown the remaining credits. Off by default: the credits are the operator's business.
    pub show_balance: bool,
    /// With fewer credits left than these, the admins are told; `None`: they are not.
    pub alert_credits: Option<Credits>,
    /// The Bot API server.
    pub telegram_url: Url,
    /// Whether the Bot API server runs with `--local`: it takes larger files, and hands files over by their paths.
    pub telegram_local: bool,
    /// Most messages a second to all chats together; `None`: no limit, and none for the single chat.
    pub telegram_rate: Option<u32>,
    /// The KIE API server.
    pub kie_url: Url,
    /// The KIE upload server.
    pub kie_upload_url: Url,
    /// Most orders that are sent to KIE at the same time.
    pub kie_creates: usize,
    /// Whether files may be downloaded from addresses that are not public.
    pub private_hosts: bool,
    /// The log filter.
    pub log: String,
    /// The log format.
    pub log_format: LogFormat,
}

impl Config {
    /// Reads the settings from the environment.
    ///
    /// # Errors
    /// The first setting that is missing or invalid.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::load(|name| std::env::var(name).ok())
    }

    /// Reads the settings from any source of values; an empty value counts as not set.
    ///
    /// # Errors
    /// The first setting that is missing or invalid.
    pub fn load(read: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let get = |name: &'static str| -> Option<String> {
            let default = default_of(name);
            let given = read(name).map(|v| value::unquoted(&v).to_owned()).filter(|v| !v.is_empty());
            given.or_else(|| (!default.is_empty()).then(|| default.to_owned()))
        };
        let log_format = match get("LOG_FORMAT").as_deref() {
            None | Some("text") => LogFormat::Text,
            Some("json") => LogFormat::Json,
            Some(other) => {
                return Err(ConfigError::Bad {
                    name: "LOG_FORMAT",
                    why: format!("is `{other}`; use `text` or `json`"),
                });
            }
        };
        let mode = match get("BOT_MODE").as_deref() {
            None | Some("polling") => Mode::Polling,
            Some("webhook") => Mode::Webhook,
            Some(other) => {
                let why = format!("is `{other}`; use `polling` or `webhook`");
                return Err(ConfigError::Bad { name: "BOT_MODE", why });
            }
        };
        let public_url = get("PUBLIC_URL").map(|value| value::public_url(&value)).transpose()?;
        if mode == Mode::Webhook && public_url.is_none() {
            return Err(missing("PUBLIC_URL"));
        }
        let config = Self {
            bot_token: get("TELEGRAM_BOT_TOKEN").map(SecretString::from),
            kie_key: get("KIE_API_KEY").map(|value| value::keys(&value).into()),
            database_url: get("DATABASE_URL").unwrap_or_default().into(),
            lock_database_url: get("LOCK_DATABASE_URL").map(value::lock_database_url).transpose()?,
            adopt_database: value::switch("ADOPT_DATABASE", get("ADOPT_DATABASE"))?,
            retention: Retention {
                drafts: value::days("KEEP_DRAFTS", get("KEEP_DRAFTS"))?,
                replies: value::days("KEEP_REPLIES", get("KEEP_REPLIES"))?,
                jobs: value::days("KEEP_JOBS", get("KEEP_JOBS"))?,
            },
            access: value::access(get("ACCESS"), get("ADMIN_IDS"), get("ALLOWED_IDS"))?,
            quotas: quota::quotas(get("QUOTAS"))?,
            tariff: tariff::tariff(value::switch("CHARGE", get("CHARGE"))?, get("PRICE"), get("CURRENCY"))?,
            star_packs: star_sale::offers("STAR_PACKS", get("STAR_PACKS").as_deref(), get("SUPPORT").as_deref())?,
            star_plans: star_sale::offers("STAR_PLANS", get("STAR_PLANS").as_deref(), get("SUPPORT").as_deref())?,
            support: get("SUPPORT"),
            terms: get("TERMS"),
            allowance: free::allowance(get("FREE"))?,
            referral: referral::referral(get("REFERRAL"))?,
            mode,
            public_url,
            http: value::listen(get("HTTP_ADDR"), get("PORT"), mode)?,
            kie_webhook_key: get("KIE_WEBHOOK_KEY").map(SecretString::from),
            show_balance: value::switch("SHOW_BALANCE", get("SHOW_BALANCE"))?,
            alert_credits: quota::alert_credits(get("ALERT_CREDITS"))?,
            telegram_url: value::url("TELEGRAM_API_URL", get("TELEGRAM_API_URL"))?,
            telegram_local: value::switch("TELEGRAM_LOCAL", get("TELEGRAM_LOCAL"))?,
            telegram_rate: value::rate("TELEGRAM_RATE", get("TELEGRAM_RATE"))?,
            kie_url: value::url("KIE_API_URL", get("KIE_API_URL"))?,
            kie_upload_url: value::url("KIE_UPLOAD_URL", get("KIE_UPLOAD_URL"))?,
            kie_creates: value::parallel("KIE_CREATES", get("KIE_CREATES"))?,
            private_hosts: value::switch("PRIVATE_HOSTS", get("PRIVATE_HOSTS"))?,
            log: get("LOG").unwrap_or_default(),
            log_format,
        };
        if let Some(token) = &config.bot_token {
            value::bot_id(token.expose_secret())?;
        }
        Ok(config)
    }

    /// The bot's token.
    ///
    /// # Errors
    /// When it is not set.
    pub fn need_bot_token(&self) -> Result<&SecretString, ConfigError> {
        self.bot_token.as_ref().ok_or_else(|| missing("TELEGRAM_BOT_TOKEN"))
    }

    /// The bot's number at Telegram, which stays when its token is replaced.
    ///
    /// # Errors
    /// When the token is not set, or begins with no such number.
    pub fn need_bot_id(&self) -> Result<UserId, ConfigError> {
        value::bot_id(self.need_bot_token()?.expose_secret()).map(UserId)
    }

    /// The KIE key.
    ///
    /// # Errors
    /// When it is not set.
    pub fn need_kie_key(&self) -> Result<&SecretString, ConfigError> {
        self.kie_key.as_ref().ok_or_else(|| missing("KIE_API_KEY"))
    }

    /// The SQLite file; `None` for PostgreSQL and for a database in memory.
    pub fn database_file(&self) -> Option<PathBuf> {
        let url = self.database_url.expose_secret();
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"))?;
        let path = path.split('?').next().unwrap_or(path);
        (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
    }

    /// The PostgreSQL server of the polling lock; `None` if the data is in SQLite and the lock is a file. An address
    /// that is set is always used, so that all instances use the same lock.
    pub fn lock_server(&self) -> Option<&SecretString> {
        let embedded = self.database_url.expose_secret().starts_with("sqlite:");
        self.lock_database_url.as_ref().or((!embedded).then_some(&self.database_url))
    }
}

#[cfg(test)]
mod tests;
