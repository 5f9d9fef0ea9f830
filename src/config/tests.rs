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
