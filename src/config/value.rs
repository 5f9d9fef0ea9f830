//! Parsers of the values of settings.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::setting::default_of;
use super::{ConfigError, Mode, WEBHOOK_PORT};
use crate::access::{Access, AccessPolicy};
use crate::job::UserId;

/// The most things at the same time that a setting may ask for.
const MAX_PARALLEL: usize = 1000;

/// A value without the quotes around it, which `docker run --env-file` keeps.
pub(super) fn unquoted(value: &str) -> &str {
    let value = value.trim();
    let inner = ['"', '\''].into_iter().find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote));
    inner.map_or(value, str::trim)
}

/// A setting that is `on` or `off`; off when it is not set.
pub(super) fn switch(name: &'static str, value: Option<String>) -> Result<bool, ConfigError> {
    match value.as_deref() {
        None | Some("off") => Ok(false),
        Some("on") => Ok(true),
        Some(other) => Err(ConfigError::Bad { name, why: format!("is `{other}`; use `on` or `off`") }),
    }
}

/// Who may use the bot.
pub(super) fn access(
    policy: Option<String>,
    admins: Option<String>,
    list: Option<String>,
) -> Result<Access, ConfigError> {
    let word = policy.unwrap_or_default();
    let policy = AccessPolicy::ALL.into_iter().find(|policy| policy.as_str() == word).ok_or_else(|| {
        ConfigError::Bad { name: "ACCESS", why: format!("is `{word}`; use `owner`, `list` or `open`") }
    })?;
    let admins = ids("ADMIN_IDS", admins, |id| id > 0)?.into_iter().map(UserId).collect();
    Ok(Access { policy, admins, list: ids("ALLOWED_IDS", list, |id| id != 0)? })
}

/// Telegram numbers with commas between.
fn ids(name: &'static str, value: Option<String>, is_valid: fn(i64) -> bool) -> Result<BTreeSet<i64>, ConfigError> {
    let value = value.unwrap_or_default();
    let parts = value.split(',').map(str::trim).filter(|part| !part.is_empty());
    let id = |part: &str| {
        part.parse().ok().filter(|id| is_valid(*id)).ok_or_else(|| {
            let why = format!("holds `{part}`; use Telegram numbers with commas between, e.g. 5000001,5000002");
            ConfigError::Bad { name, why }
        })
    };
    parts.map(id).collect()
}

/// Keys with commas between, each perhaps with the word that stands before it in an HTTP header.
pub(super) fn keys(value: &str) -> String {
    let plain = |key: &str| {
        let key = key.trim();
        let head = key.get(..7).filter(|head| head.eq_ignore_ascii_case("bearer "));
        head.map_or(key, |head| key[head.len()..].trim()).to_owned()
    };
    value.split(',').map(plain).collect::<Vec<_>>().join(",")
}

pub(super) fn url(name: &'static str, value: Option<String>) -> Result<Url, ConfigError> {
    let value = value.unwrap_or_default();
    let bad = |why: String| ConfigError::Bad { name, why };
    // The value is not shown: it may contain a password, or be a key in the wrong setting.
    let mut url = Url::parse(&value).map_err(|e| bad(format!("is not a URL ({e}); e.g. {}", default_of(name))))?;
    // What is appended begins with a slash of its own.
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(bad(format!("must start with http:// or https://, e.g. {}", default_of(name))));
    }
    Ok(url)
}

/// Checks that the address is one of PostgreSQL. The value is not shown in errors: it may contain a password.
pub(super) fn lock_database_url(value: String) -> Result<SecretString, ConfigError> {
    let is_postgres =
        Url::parse(&value).is_ok_and(|url| matches!(url.scheme(), "postgres" | "postgresql")) && value.contains("://");
    if !is_postgres {
        let why = "is no PostgreSQL address; use postgres://USER:PASSWORD@HOST:PORT/DATABASE".to_owned();
        return Err(ConfigError::Bad { name: "LOCK_DATABASE_URL", why });
    }
    Ok(value.into())
}

/// Whether an address is a loopback address.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// Reads a public address. Telegram and KIE use https only; http is for simulators on loopback.
pub(super) fn public_url(value: &str) -> Result<Url, ConfigError> {
    let bad = |why: &str| ConfigError::Bad { name: "PUBLIC_URL", why: why.to_owned() };
    let url = Url::parse(value).map_err(|_| bad("is not a URL; e.g. https://bot.example.com"))?;
    if url.host().is_none() {
        return Err(bad("is not a URL; e.g. https://bot.example.com"));
    }
    if !(url.scheme() == "https" || url.scheme() == "http" && is_loopback(&url)) {
        return Err(bad("must start with https://: Telegram and KIE call no other address"));
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(bad("must be an address and at most a path, e.g. https://example.com/bot"));
    }
    Ok(url)
}

/// The address to listen on. Webhook mode has a default port, because it needs a server.
pub(super) fn listen(
    address: Option<String>,
    port: Option<String>,
    mode: Mode,
) -> Result<Option<SocketAddr>, ConfigError> {
    let bad = |name, why: String| ConfigError::Bad { name, why };
    match (address, port) {
        (Some(address), _) => {
            let parsed = address.parse();
            let why = || format!("is `{address}`; use ADDRESS:PORT, e.g. 0.0.0.0:8080");
            parsed.map(Some).map_err(|_| bad("HTTP_ADDR", why()))
        }
        (None, Some(port)) => match port.parse() {
            Ok(port) => Ok(Some(SocketAddr::from(([0, 0, 0, 0], port)))),
            Err(_) => Err(bad("PORT", format!("is `{port}`; use a number up to 65535"))),
        },
        (None, None) => Ok((mode == Mode::Webhook).then(|| SocketAddr::from(([0, 0, 0, 0], WEBHOOK_PORT)))),
    }
}

/// Checks that a token is `<digits>:<letters, digits, _ and ->`, because it becomes part of a URL path.
pub(super) fn bot_id(token: &str) -> Result<i64, ConfigError> {
    let is_secret =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    let id = token.split_once(':').filter(|(id, secret)| id.bytes().all(|b| b.is_ascii_digit()) && is_secret(secret));
    id.and_then(|(id, _)| id.parse().ok()).ok_or_else(|| {
        let why = "does not look like a token from @BotFather (123456:ABC...)".to_owned();
        ConfigError::Bad { name: "TELEGRAM_BOT_TOKEN", why }
    })
}

/// A number of things at the same time, from 1.
pub(super) fn parallel(name: &'static str, value: Option<String>) -> Result<usize, ConfigError> {
    let text = value.unwrap_or_default();
    match text.parse() {
        Ok(count @ 1..=MAX_PARALLEL) => Ok(count),
        _ => Err(ConfigError::Bad { name, why: format!("is `{text}`; use a number from 1 to {MAX_PARALLEL}") }),
    }
}

/// A number of calls a second, from 1; `None` for `off`.
pub(super) fn rate(name: &'static str, value: Option<String>) -> Result<Option<u32>, ConfigError> {
    match value.as_deref() {
        None | Some("off") => Ok(None),
        Some(text) => match text.parse() {
            Ok(rate) if rate > 0 => Ok(Some(rate)),
            _ => Err(ConfigError::Bad { name, why: format!("is `{text}`; use a number from 1 or `off`") }),
        },
    }
}

/// A number of days; `None` for ever: `off` or 0.
pub(super) fn days(name: &'static str, value: Option<String>) -> Result<Option<Duration>, ConfigError> {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    match value.as_deref() {
        None | Some("off") => Ok(None),
        Some(text) => match text.parse::<u16>() {
            Ok(days) => Ok((days > 0).then(|| DAY * u32::from(days))),
            Err(_) => Err(ConfigError::Bad { name, why: format!("is `{text}`; use a number of days, or `off`") }),
        },
    }
}
