//! The settings of the program, read from environment variables. A test compares the README's table with [`SETTINGS`].

mod quota;
mod setting;
mod value;

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::access::Access;
use crate::job::UserId;
use crate::quota::Quotas;
use crate::service::Retention;
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
            mode,
            public_url,
            http: value::listen(get("HTTP_ADDR"), get("PORT"), mode)?,
            kie_webhook_key: get("KIE_WEBHOOK_KEY").map(SecretString::from),
            show_balance: value::switch("SHOW_BALANCE", get("SHOW_BALANCE"))?,
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
mod tests {
    use super::*;
    use crate::access::AccessPolicy;

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
    fn quotes_and_slashes_and_a_headers_word_are_left_out() {
        let config = load(&[
            ("TELEGRAM_BOT_TOKEN", "\"123456:TEST\""),
            ("KIE_API_KEY", "'Bearer one, bearer two,three'"),
            ("TELEGRAM_API_URL", "https://proxy.example.com/tg/"),
            ("KIE_API_URL", "https://api.kie.ai"),
            ("DATABASE_URL", "\"sqlite:a b.db\""),
            ("LOG", "\"info"),
        ]);
        let config = config.unwrap();
        assert_eq!(config.need_bot_token().unwrap().expose_secret(), "123456:TEST");
        assert_eq!(config.need_kie_key().unwrap().expose_secret(), "one,two,three");
        assert_eq!(config.telegram_url.as_str(), "https://proxy.example.com/tg");
        assert_eq!(config.kie_url.as_str(), "https://api.kie.ai/");
        assert_eq!(config.database_url.expose_secret(), "sqlite:a b.db");
        assert_eq!(config.log, "\"info", "quotes that do not match are part of the value");
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
    fn access_is_for_the_owner_unless_it_is_opened() {
        let access = |pairs: &[(&str, &str)]| load(pairs).map(|config| config.access);
        assert_eq!(access(&[]).unwrap().policy, AccessPolicy::Owner);
        assert!(access(&[]).unwrap().needs_owner());
        let list = access(&[("ACCESS", "list"), ("ADMIN_IDS", "5, 6"), ("ALLOWED_IDS", "7,-1001234567890")]).unwrap();
        assert_eq!((list.admins.len(), list.list), (2, [7, -1_001_234_567_890].into()));
        let bad = |pairs: &[(&str, &str)]| access(pairs).unwrap_err().to_string();
        assert_eq!(bad(&[("ACCESS", "all")]), "ACCESS is `all`; use `owner`, `list` or `open`");
        assert_eq!(
            bad(&[("ADMIN_IDS", "5,@ann")]),
            "ADMIN_IDS holds `@ann`; use Telegram numbers with commas between, e.g. 5000001,5000002"
        );
        assert!(bad(&[("ADMIN_IDS", "-100123")]).starts_with("ADMIN_IDS holds `-100123`"), "a group is no admin");
        assert!(access(&[("ACCESS", "list")]).unwrap().list.is_empty(), "the admins let in people while the bot runs");
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

    /// F2: with a mistyped address every instance used a lock file of its own, and all of them polled.
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
        // An invalid database address does not lead to a lock file either.
        assert_eq!(server(&[("DATABASE_URL", "postgrs://h/data")]).unwrap(), "postgrs://h/data");
    }

    #[test]
    fn switches_are_off_unless_they_are_on() {
        let show = |value: &str| load(&[("SHOW_BALANCE", value)]).map(|config| config.show_balance);
        let local = |value: &str| load(&[("TELEGRAM_LOCAL", value)]).map(|config| config.telegram_local);
        let adopt = |value: &str| load(&[("ADOPT_DATABASE", value)]).map(|config| config.adopt_database);
        let private = |value: &str| load(&[("PRIVATE_HOSTS", value)]).map(|config| config.private_hosts);
        for (switch, name) in [
            (&show as &dyn Fn(&str) -> _, "SHOW_BALANCE"),
            (&local, "TELEGRAM_LOCAL"),
            (&adopt, "ADOPT_DATABASE"),
            (&private, "PRIVATE_HOSTS"),
        ] {
            assert!(!switch("").unwrap() && !switch("off").unwrap() && switch("on").unwrap());
            let refused = switch("yes").unwrap_err().to_string();
            assert_eq!(refused, format!("{name} is `yes`; use `on` or `off`"));
        }
    }

    #[test]
    fn the_rate_is_a_number_or_off() {
        let rate = |value: &str| load(&[("TELEGRAM_RATE", value)]).map(|config| config.telegram_rate);
        assert_eq!([rate("").unwrap(), rate("10").unwrap(), rate("off").unwrap()], [Some(30), Some(10), None]);
        for bad in ["0", "-1", "fast", "100000000000"] {
            assert!(rate(bad).unwrap_err().to_string().starts_with("TELEGRAM_RATE is `"), "{bad}");
        }
    }

    #[test]
    fn what_is_kept_is_a_number_of_days_or_off() {
        let kept = |name: &'static str, value: &str| load(&[(name, value)]).map(|config| config.retention);
        let days = |days: u64| Some(std::time::Duration::from_secs(days * 86_400));
        let defaults = Retention { drafts: days(90), replies: days(30), jobs: days(365) };
        assert_eq!(load(&[]).unwrap().retention, defaults);
        assert_eq!(kept("KEEP_JOBS", "7").unwrap(), Retention { jobs: days(7), ..defaults });
        for forever in ["off", "0"] {
            assert_eq!(kept("KEEP_DRAFTS", forever).unwrap(), Retention { drafts: None, ..defaults });
        }
        for bad in ["-1", "1.5", "a week", "70000"] {
            let refused = kept("KEEP_REPLIES", bad).unwrap_err().to_string();
            assert_eq!(refused, format!("KEEP_REPLIES is `{bad}`; use a number of days, or `off`"));
        }
    }

    #[test]
    fn the_creates_at_the_same_time_are_a_number() {
        let creates = |value: &str| load(&[("KIE_CREATES", value)]).map(|config| config.kie_creates);
        assert_eq!([creates("").unwrap(), creates("1").unwrap(), creates("1000").unwrap()], [16, 1, 1000]);
        for bad in ["0", "-1", "many", "1001", "1.5"] {
            let error = creates(bad).unwrap_err().to_string();
            assert_eq!(error, format!("KIE_CREATES is `{bad}`; use a number from 1 to 1000"));
        }
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
