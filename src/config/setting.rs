//! The list of all settings: name, meaning and default.

use super::ConfigError;

/// A setting of the operator, in the environment or in `.env`.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Name of the environment variable.
    pub name: &'static str,
    /// Its meaning, in one line.
    pub meaning: &'static str,
    /// Its default; empty for none.
    pub default: &'static str,
    /// Whether its value is never shown.
    pub secret: bool,
}

const fn setting(name: &'static str, meaning: &'static str, default: &'static str) -> Setting {
    Setting { name, meaning, default, secret: false }
}

const fn secret(name: &'static str, meaning: &'static str, default: &'static str) -> Setting {
    Setting { name, meaning, default, secret: true }
}

/// All settings, in the order of `docs/settings.md`.
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
    setting(
        "ADOPT_DATABASE",
        "`on` to let this bot take over a database that another bot (the number before the token's colon) has used",
        "off",
    ),
    setting("KEEP_DRAFTS", "days for which a form that nobody touches is kept, or `off`: for ever", "90"),
    setting("KEEP_REPLIES", "days for which KIE's own words about ended jobs are kept, or `off`", "30"),
    setting(
        "KEEP_JOBS",
        "days for which prompts, files and results of ended jobs are kept, or `off`; what was paid stays known",
        "365",
    ),
    setting(
        "ACCESS",
        "who may use the bot: `owner` (ADMIN_IDS alone), `list` (and ALLOWED_IDS, and whom admins let in), or `open` (everybody spends your credits)",
        "owner",
    ),
    setting(
        "ADMIN_IDS",
        "Telegram numbers of the bot's admins, with commas; without any, the log has a link to become the owner",
        "",
    ),
    setting("ALLOWED_IDS", "numbers of the people and the groups (below 0) that `list` lets in, with commas", ""),
    setting(
        "QUOTAS",
        "limits, or `off`: each person's `running=N`, `starts=N` a minute, credits of an `order=N`, a `day=N`, 30 days `month=N`; of all in 24 hours `total=N`",
        "running=10,starts=20",
    ),
    setting(
        "CHARGE",
        "`on`: people pay for orders from a balance in your own unit; `off`: you pay, and prices are in KIE's credits",
        "off",
    ),
    setting(
        "PRICE",
        "what people pay: units for a credit (about 0.005 USD) `rate=N`, `markup=N%`, rounded up to `round=N`, at least `min=N`",
        "rate=1,round=1,min=1",
    ),
    setting("CURRENCY", "your unit: a sign or a short word", "⭐"),
    setting(
        "STAR_PACKS",
        "what people can buy for Telegram Stars with `CHARGE=on`: `STARS=UNITS` with commas, e.g. `100=120,500=650`",
        "",
    ),
    setting(
        "STAR_PLANS",
        "what people can subscribe to for Telegram Stars with `CHARGE=on`, paid and credited every 30 days: `STARS=UNITS` with commas, e.g. `300=400`",
        "",
    ),
    setting(
        "SUPPORT",
        "where people ask about payments, e.g. `@name`: shown by `/paysupport`; STAR_PACKS and STAR_PLANS need it",
        "",
    ),
    setting("TERMS", "your terms of sale, or their address: shown by `/terms`, which else tells the usual", ""),
    setting(
        "FREE",
        "with CHARGE=on, each person's free orders, or `off`: `first=N` once, `day=N` in 24 hours; of at most `max=N` credits each",
        "off",
    ),
    setting(
        "REFERRAL",
        "with CHARGE=on, what is given when a friend who came by a person's link (`/friends`) pays for the first order, or `off`: to the person `inviter=N` units, to the friend `friend=N`",
        "off",
    ),
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
    setting("ALERT_CREDITS", "with fewer credits than this left at KIE, the admins are told; or `off`", "off"),
    setting(
        "TELEGRAM_API_URL",
        "the Bot API server; for it as for KIE, HTTPS_PROXY and ALL_PROXY (`http:`, `socks5h:`) and NO_PROXY count",
        "https://api.telegram.org",
    ),
    setting(
        "TELEGRAM_LOCAL",
        "`on` for a Bot API server of your own with `--local`: files up to 2000 MB; its folder must be seen here under the same path",
        "off",
    ),
    setting(
        "TELEGRAM_RATE",
        "most messages a second from this process, where Telegram allows about 30; `off` also lifts the limits of a chat",
        "30",
    ),
    setting("KIE_API_URL", "the KIE API server", "https://api.kie.ai"),
    setting("KIE_UPLOAD_URL", "the KIE upload server", "https://kieai.redpandaai.co"),
    setting(
        "KIE_CREATES",
        "most orders that this process sends to KIE at the same time; several keys, each of its own account, share them",
        "16",
    ),
    setting(
        "PRIVATE_HOSTS",
        "`on` to let results and links lead to private addresses (10.0.0.1, localhost): they may be of your own network",
        "off",
    ),
    setting("LOG", "what is logged, e.g. `info`, `warn,kie::service=debug`", "info"),
    setting("LOG_FORMAT", "`text` for people, `json` for machines", "text"),
];

/// The default of a setting; empty for none.
pub(super) fn default_of(name: &str) -> &'static str {
    SETTINGS.iter().find(|s| s.name == name).map_or("", |s| s.default)
}

/// The error that a setting is missing.
pub(super) fn missing(name: &'static str) -> ConfigError {
    let meaning = SETTINGS.iter().find(|s| s.name == name).map_or("", |s| s.meaning);
    ConfigError::Missing { name, meaning }
}
