//! Every setting, once: its name, its meaning, its default. The README's table is compared with [`SETTINGS`] by a test.

mod value;

use std::net::SocketAddr;
use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

pub(crate) use value::is_loopback;

/// What an operator may set, in the environment or in `.env`.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Name of the environment variable.
    pub name: &'static str,
    /// What it does, in one line.
    pub meaning: &'static str,
    /// Value when it is not set; empty for none.
    pub default: &'static str,
    /// Its value is never shown.
    pub secret: bool,
}

const fn setting(name: &'static str, meaning: &'static str, default: &'static str) -> Setting {
    Setting { name, meaning, default, secret: false }
}

const fn secret(name: &'static str, meaning: &'static str, default: &'static str) -> Setting {
    Setting { name, meaning, default, secret: true }
}

/// All settings, in the README's order.
pub const SETTINGS: &[Setting] = &[
    secret("TELEGRAM_BOT_TOKEN", "the bot's token from @BotFather; needed by `run`", ""),
    secret(
        "KIE_API_KEY",
        "the key from kie.ai, or several with commas between; needed by `run` and by commands that ask KIE",
        "",
    ),
    secret(
        "DATABASE_URL",
        "where everything is kept: `sqlite:FILE` or `postgres://USER:PASSWORD@HOST/NAME`",
        "sqlite:kie-bot.db",
    ),
    secret("LOCK_DATABASE_URL", "a direct PostgreSQL address for the polling lock, when DATABASE_URL is a pooler", ""),
    setting("BOT_MODE", "how updates come: `polling`, or `webhook` (Telegram posts them to PUBLIC_URL)", "polling"),
    setting(
        "PUBLIC_URL",
        "the https address under which the internet reaches the HTTP server; needed by webhook mode",
        "",
    ),
    setting(
        "HTTP_ADDR",
        "where the HTTP server listens, e.g. `0.0.0.0:8080`; off without it and PORT in polling mode",
        "",
    ),
    setting("PORT", "as HTTP_ADDR, the port alone on all addresses: many platforms set it; HTTP_ADDR wins", ""),
    secret(
        "KIE_WEBHOOK_KEY",
        "the webhook key from the account's settings at kie.ai: webhooks without its signature are not believed",
        "",
    ),
    setting(
        "SHOW_BALANCE",
        "`on` to say under each result what is left at KIE: to all who use the bot, who may be anybody; or `off`",
        "off",
    ),
    setting("TELEGRAM_API_URL", "the Bot API server", "https://api.telegram.org"),
    setting("KIE_API_URL", "the KIE API server", "https://api.kie.ai"),
    setting("KIE_UPLOAD_URL", "the KIE upload server", "https://kieai.redpandaai.co"),
    setting("LOG", "what is logged, e.g. `info`, `warn,kie::service=debug`", "info"),
    setting("LOG_FORMAT", "`text` for people, `json` for machines", "text"),
];

/// Where webhook mode listens when no port is named.
const WEBHOOK_PORT: u16 = 8080;

/// What is wrong with a setting. The value of a secret is never repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A needed setting is missing.
    #[error("{name} is not set: {meaning}")]
    Missing {
        /// The setting.
        name: &'static str,
        /// What it is for.
        meaning: &'static str,
    },
    /// A value cannot be used.
    #[error("{name} {why}")]
    Bad {
        /// The setting.
        name: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// How updates come from Telegram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The holder of the lock asks for them.
    Polling,
    /// Telegram posts them to any instance.
    Webhook,
}

impl Mode {
    /// The word in the settings.
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
    /// Where everything is kept.
    pub database_url: SecretString,
    /// Where the polling lock is taken, when not at `database_url`.
    pub lock_database_url: Option<SecretString>,
    /// How updates come from Telegram.
    pub mode: Mode,
    /// Under which address the internet reaches the HTTP server. Always there in webhook mode.
    pub public_url: Option<Url>,
    /// Where the HTTP server listens; `None` for no server. Always there in webhook mode.
    pub http: Option<SocketAddr>,
    /// Signs the vendor's webhooks.
    pub kie_webhook_key: Option<SecretString>,
    /// Whether people are told what is left at KIE. Off unless the operator says so: a bot answers whoever finds it, and what
    /// is on the account is the operator's own affair.
    pub show_balance: bool,
    /// The Bot API server.
    pub telegram_url: Url,
    /// The KIE API server.
    pub kie_url: Url,
    /// The KIE upload server.
    pub kie_upload_url: Url,
    /// What is logged.
    pub log: String,
    /// How it is logged.
    pub log_format: LogFormat,
}

impl Config {
    /// From the environment.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::load(|name| std::env::var(name).ok())
    }

    /// From any source of values; an empty value counts as not set.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn load(read: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let get = |name: &'static str| -> Option<String> {
            let default = default(name);
            let given = read(name).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
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
        let show_balance = match get("SHOW_BALANCE").as_deref() {
            None | Some("off") => false,
            Some("on") => true,
            Some(other) => {
                return Err(ConfigError::Bad { name: "SHOW_BALANCE", why: format!("is `{other}`; use `on` or `off`") });
            }
        };
        let public_url = get("PUBLIC_URL").map(|value| value::public_url(&value)).transpose()?;
        if mode == Mode::Webhook && public_url.is_none() {
            return Err(missing("PUBLIC_URL"));
        }
        let config = Self {
            bot_token: get("TELEGRAM_BOT_TOKEN").map(SecretString::from),
            kie_key: get("KIE_API_KEY").map(SecretString::from),
            database_url: get("DATABASE_URL").unwrap_or_default().into(),
            lock_database_url: get("LOCK_DATABASE_URL").map(value::lock_database_url).transpose()?,
            mode,
            public_url,
            http: value::listen(get("HTTP_ADDR"), get("PORT"), mode)?,
            kie_webhook_key: get("KIE_WEBHOOK_KEY").map(SecretString::from),
            show_balance,
            telegram_url: value::url("TELEGRAM_API_URL", get("TELEGRAM_API_URL"))?,
            kie_url: value::url("KIE_API_URL", get("KIE_API_URL"))?,
            kie_upload_url: value::url("KIE_UPLOAD_URL", get("KIE_UPLOAD_URL"))?,
            log: get("LOG").unwrap_or_default(),
            log_format,
        };
        if let Some(token) = &config.bot_token {
            value::check_token(token.expose_secret())?;
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

    /// The KIE key.
    ///
    /// # Errors
    /// When it is not set.
    pub fn need_kie_key(&self) -> Result<&SecretString, ConfigError> {
        self.kie_key.as_ref().ok_or_else(|| missing("KIE_API_KEY"))
    }

    /// The file of the embedded database; `None` for PostgreSQL and for a database in memory.
    pub fn database_file(&self) -> Option<PathBuf> {
        let url = self.database_url.expose_secret();
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"))?;
        let path = path.split('?').next().unwrap_or(path);
        (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
    }

    /// Where the polling lock is taken; `None` when the data is in this process's own SQLite and the lock is a file. An
    /// address that is there always counts: a lock that is not where the others look for it keeps nobody out.
    pub fn lock_server(&self) -> Option<&SecretString> {
        let embedded = self.database_url.expose_secret().starts_with("sqlite:");
        self.lock_database_url.as_ref().or((!embedded).then_some(&self.database_url))
    }
}

fn default(name: &str) -> &'static str {
    SETTINGS.iter().find(|s| s.name == name).map_or("", |s| s.default)
}

fn missing(name: &'static str) -> ConfigError {
    let meaning = SETTINGS.iter().find(|s| s.name == name).map_or("", |s| s.meaning);
    ConfigError::Missing { name, meaning }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::load(|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn defaults_are_complete() {
        let config = load(&[]).unwrap();
        assert_eq!(config.kie_url.as_str(), "https://api.kie.ai/");
        assert_eq!(config.database_file().unwrap(), PathBuf::from("kie-bot.db"));
        assert_eq!(
            config.need_bot_token().unwrap_err().to_string().split(':').next(),
            Some("TELEGRAM_BOT_TOKEN is not set")
        );
    }

    #[test]
    fn bad_values_name_the_setting_and_never_a_secret() {
        let bad = |name: &'static str, value: &str| load(&[(name, value)]).unwrap_err().to_string();
        assert!(bad("KIE_API_URL", "api.kie.ai").starts_with("KIE_API_URL is not a URL"));
        assert!(bad("TELEGRAM_API_URL", "ftp://x").contains("http://"));
        for value in ["hunter2", "ftp://u:hunter2@h", "http://u:hunter2@"] {
            assert!(!bad("KIE_API_URL", value).contains("hunter2"));
        }
        assert!(bad("LOG_FORMAT", "xml").contains("`xml`"));
        let error = bad("TELEGRAM_BOT_TOKEN", "s3cret/../token");
        assert!(error.contains("TELEGRAM_BOT_TOKEN") && !error.contains("s3cret"), "{error}");
    }

    #[test]
    fn webhook_mode_has_an_address_and_a_port() {
        let config = load(&[]).unwrap();
        assert_eq!((config.mode, config.http), (Mode::Polling, None));
        let public = ("PUBLIC_URL", "https://bot.example.com/kie");
        let config = load(&[("BOT_MODE", "webhook"), public]).unwrap();
        assert_eq!((config.mode, config.http), (Mode::Webhook, Some(SocketAddr::from(([0, 0, 0, 0], 8080)))));
        let config = load(&[("PORT", "10000")]).unwrap();
        assert_eq!(config.http, Some(SocketAddr::from(([0, 0, 0, 0], 10_000))));
        let config = load(&[("PORT", "10000"), ("HTTP_ADDR", "[::1]:80")]).unwrap();
        assert_eq!(config.http.unwrap().to_string(), "[::1]:80");

        let bad = |pairs: &[(&str, &str)]| load(pairs).unwrap_err().to_string();
        assert!(bad(&[("BOT_MODE", "webhook")]).starts_with("PUBLIC_URL is not set"));
        assert!(bad(&[("BOT_MODE", "push")]).contains("`push`"));
        assert!(bad(&[("PUBLIC_URL", "http://bot.example.com")]).contains("https://"));
        assert!(bad(&[("PUBLIC_URL", "bot.example.com")]).contains("not a URL"));
        for url in ["https://u:hunter2@h", "https://h/?key=hunter2", "https://h/#hunter2"] {
            assert!(!bad(&[("PUBLIC_URL", url)]).contains("hunter2"));
        }
        assert!(load(&[("PUBLIC_URL", "http://127.0.0.1:8080")]).is_ok());
        assert!(bad(&[("PORT", "70000")]).starts_with("PORT is `70000`"));
        assert!(bad(&[("HTTP_ADDR", "8080")]).starts_with("HTTP_ADDR is `8080`"));
    }

    /// F2: with a slip in the lock's address every instance took a lock file of its own, and all of them polled.
    #[test]
    fn f2_a_lock_address_is_postgres_or_refused() {
        let typos = ["postgrs://u:hunter2@h/d", "jdbc:postgresql://u:hunter2@h/d", "u:hunter2@h/d", "postgres:hunter2"];
        for slip in typos.into_iter().chain(["sqlite:hunter2", "postgres//hunter2", "postgres://u:hunter2@h:99999/d"]) {
            let error = load(&[("LOCK_DATABASE_URL", slip)]).unwrap_err().to_string();
            assert!(error.starts_with("LOCK_DATABASE_URL is no PostgreSQL address"), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
        let server = |pairs: &[(&str, &str)]| {
            let config = load(pairs).unwrap();
            config.lock_server().map(|url| url.expose_secret().to_owned())
        };
        let (data, lock) = (("DATABASE_URL", "postgres://h/data"), ("LOCK_DATABASE_URL", "postgresql://h:1/lock"));
        assert_eq!(server(&[]), None);
        assert_eq!(server(&[("DATABASE_URL", "sqlite::memory:")]), None);
        assert_eq!(server(&[lock]).unwrap(), lock.1, "also beside a file");
        assert_eq!(server(&[data]).unwrap(), data.1);
        assert_eq!(server(&[data, lock]).unwrap(), lock.1);
        // What no part of the program can read is no reason for a lock file either.
        assert_eq!(server(&[("DATABASE_URL", "postgrs://h/data")]).unwrap(), "postgrs://h/data");
    }

    #[test]
    fn the_balance_is_shown_only_where_somebody_said_so() {
        let show = |value: &str| load(&[("SHOW_BALANCE", value)]).map(|config| config.show_balance);
        assert!(!show("").unwrap() && !show("off").unwrap() && show("on").unwrap());
        assert!(show("yes").unwrap_err().to_string().contains("use `on` or `off`"));
    }

    #[test]
    fn debug_shows_no_secret() {
        let secrets = [
            ("TELEGRAM_BOT_TOKEN", "123:hunter2"),
            ("KIE_API_KEY", "hunter2"),
            ("KIE_WEBHOOK_KEY", "hunter2"),
            ("DATABASE_URL", "postgres://u:hunter2@h/d"),
            ("LOCK_DATABASE_URL", "postgres://u:hunter2@h/d"),
        ];
        assert!(!format!("{:?}", load(&secrets).unwrap()).contains("hunter2"));
    }

    #[test]
    fn an_empty_value_counts_as_not_set() {
        assert!(load(&[("KIE_API_KEY", " ")]).unwrap().kie_key.is_none());
    }
}
