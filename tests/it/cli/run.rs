//! `run`: what prevents its start, and how it ends.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use kie::demo::harness::KEY;
use kie::demo::kie::{SimKie, TaskEnd, TaskPlan};
use kie::demo::telegram::{ChatFileKind, SimTelegram, SimTelegramOptions};
use kie::job::UserId;
use kie::models;
use kie::schema::Lang;

#[cfg(unix)]
use crate::cli::fixture::signal;
use crate::cli::fixture::{Done, LIMIT, call_in, environment, vendor};

const TOKEN: &str = "123456:AAhunter2";

fn run(folder: &Path, vars: &[(&str, &str)]) -> Done {
    call_in(folder, &["run"], vars, b"")
}

#[test]
fn what_is_missing_or_wrong_is_told_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let (token, key) = (("TELEGRAM_BOT_TOKEN", TOKEN), ("KIE_API_KEY", "hunter2"));
    std::fs::write(folder.path().join("taken"), "").unwrap();
    std::fs::write(folder.path().join("text.db"), "this is no database, and longer than a page header. ".repeat(40))
        .unwrap();
    type Case<'a> = (i32, &'a str, &'a [(&'a str, &'a str)]);
    let cases: &[Case<'_>] = &[
        (2, "TELEGRAM_BOT_TOKEN is not set: ", &[key]),
        (2, "KIE_API_KEY is not set: ", &[token]),
        (2, "TELEGRAM_BOT_TOKEN does not look like a token", &[key, ("TELEGRAM_BOT_TOKEN", "hunter2")]),
        (2, "TELEGRAM_API_URL ", &[key, token, ("TELEGRAM_API_URL", "api.telegram.org")]),
        (2, "LOG cannot be read", &[key, token, ("LOG", "a=b=c")]),
        (2, "LOG_FORMAT is `xml`", &[key, token, ("LOG_FORMAT", "xml")]),
        (
            2,
            "DATABASE_URL must be sqlite:PATH or postgres://",
            &[key, token, ("DATABASE_URL", "mysql://u:hunter2@h/d")],
        ),
        (1, "taken/bot.db: ", &[key, token, ("DATABASE_URL", "sqlite:taken/bot.db")]),
        (1, "text.db", &[key, token, ("DATABASE_URL", "sqlite:text.db")]),
        (1, "postgres://u@127.0.0.1:1/d", &[key, token, ("DATABASE_URL", "postgres://u:hunter2@127.0.0.1:1/d")]),
    ];
    for (code, said, vars) in cases {
        let done = run(folder.path(), vars);
        let line = done.complaint(*code);
        assert!(line.starts_with(said) || (*code == 1 && line.contains(said)), "{line}");
        assert!(!line.contains("hunter2"), "{line}");
    }
}

#[test]
fn a_locked_database_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // Another program has locked the database.
    let _held = runtime.block_on(async {
        use sqlx::Connection;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql("CREATE TABLE t (x); BEGIN EXCLUSIVE; INSERT INTO t VALUES (1)")
            .execute(&mut connection)
            .await
            .unwrap();
        connection
    });
    let vars = [("TELEGRAM_BOT_TOKEN", TOKEN), ("KIE_API_KEY", "hunter2"), ("DATABASE_URL", "sqlite:bot.db")];
    let done = run(folder.path(), &vars);
    let line = done.complaint(1);
    assert!(line.contains("bot.db") && line.contains("locked"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_telegram_refuses_ends_it() {
    let (kie, telegram) = simulators().await;
    let folder = tempfile::tempdir().unwrap();
    let mut vars = settings(&kie, &telegram);
    vars[0].1 = TOKEN.to_owned();
    vars.push(("LOG", "off".to_owned()));
    let vars: Vec<(&str, &str)> = vars.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let done = run(folder.path(), &vars);
    let line = done.complaint(2);
    assert!(line.contains("TELEGRAM_BOT_TOKEN") && line.contains("TELEGRAM_API_URL"), "{line}");
    assert!(!line.contains("hunter2"), "{line}");
}

/// The settings of two bots were mixed up: the second one neither starts nor touches the database of the first.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_another_bot_is_refused() {
    let (kie, telegram) = simulators().await;
    let folder = tempfile::tempdir().unwrap();
    let now = kie::clock::Timestamp::from_millis(1);
    let url = format!("sqlite:{}", folder.path().join("kie-bot.db").display());
    let store = kie::store::open(&url).await.unwrap();
    let user = kie::user::User { id: UserId(5), language: "en".to_owned(), created_at: now };
    store.put_user(&user).await.unwrap();
    assert_eq!(store.put_bot(UserId(777), false, now).await.unwrap(), UserId(777));
    store.close().await;
    let vars = settings(&kie, &telegram);
    let vars: Vec<(&str, &str)> = vars.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let done = run(folder.path(), &vars);
    let (line, ours) = (done.complaint(2), telegram.token().split(':').next().unwrap());
    assert!(line.contains("belongs to the bot 777,") && line.contains(&format!("of the bot {ours}:")), "{line}");
    assert!(line.contains("ADOPT_DATABASE=on"), "{line}");
    assert_eq!(telegram.calls().len(), 0, "it did nothing");
}

async fn simulators() -> (SimKie, SimTelegram) {
    (vendor().await, SimTelegram::start(SimTelegramOptions::default()).await.unwrap())
}

fn settings(kie: &SimKie, telegram: &SimTelegram) -> Vec<(&'static str, String)> {
    vec![
        ("TELEGRAM_BOT_TOKEN", telegram.token().to_owned()),
        ("TELEGRAM_API_URL", telegram.api_url.to_string()),
        ("ACCESS", "open".to_owned()),
        ("KIE_API_KEY", KEY.to_owned()),
        ("KIE_API_URL", kie.url.to_string()),
        ("KIE_UPLOAD_URL", kie.url.to_string()),
    ]
}

/// A running bot, with its log at the end.
fn start(folder: &Path, kie: &SimKie, telegram: &SimTelegram, log: &str) -> (Child, std::thread::JoinHandle<String>) {
    start_for("open", folder, kie, telegram, log)
}

/// The same, with this value of `ACCESS`.
fn start_for(
    access: &str,
    folder: &Path,
    kie: &SimKie,
    telegram: &SimTelegram,
    log: &str,
) -> (Child, std::thread::JoinHandle<String>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_kie-bot"))
        .env_clear()
        .envs(environment())
        .envs(settings(kie, telegram))
        .env("ACCESS", access)
        .env("LOG", log)
        .current_dir(folder)
        .arg("run")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap());
    let log = std::thread::spawn(move || lines.lines().map_while(Result::ok).map(|line| line + "\n").collect());
    (child, log)
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_signal_ends_it_cleanly() {
    for name in ["TERM", "INT"] {
        let (kie, telegram) = simulators().await;
        let folder = tempfile::tempdir().unwrap();
        let (mut child, log) = start(folder.path(), &kie, &telegram, "info");
        telegram.wait_for_calls("getUpdates", 1, LIMIT).await.unwrap();
        signal(&child, name);
        let ended = tokio::task::spawn_blocking(move || (child.wait().unwrap(), child)).await.unwrap();
        let log = log.join().unwrap();
        assert_eq!(ended.0.code(), Some(0), "{log}");
        assert!(log.contains("in groups the bot sees all messages"), "what getMe says of privacy mode: {log}");
        assert!(log.contains("stopped") && !log.contains("ERROR") && !log.contains('\u{1b}'), "{log}");
        assert!(folder.path().join("kie-bot.db").is_file());
    }
}

/// Nobody may use a bot without settings until somebody opens the link in its log; it works once.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_logs_a_link_that_makes_one_person_the_owner() {
    let (kie, telegram) = simulators().await;
    let folder = tempfile::tempdir().unwrap();
    let mut link = None;
    for run in 0..3 {
        let calls = telegram.count("getUpdates");
        let (mut child, log) =
            start_for(if run == 2 { "list" } else { "owner" }, folder.path(), &kie, &telegram, "info");
        telegram.wait_for_calls("getUpdates", calls + 1, LIMIT).await.unwrap();
        if run == 1 {
            let command = format!("/start {}", link.as_deref().unwrap());
            let first = telegram.chat(77);
            first.send_text("/start own-");
            first.wait_text("This bot is private", LIMIT).await.unwrap();
            first.send_text(&command);
            first.wait_text("You are the owner of this bot now", LIMIT).await.unwrap();
            let second = telegram.chat(78);
            second.send_text(&command);
            second.wait_text("This bot is private", LIMIT).await.unwrap();
            first.send_text("/start");
            first.wait_text("What shall we make?", LIMIT).await.unwrap();
        }
        if run == 2 {
            // The owner is the bot's admin, and lets in another person.
            let (first, second) = (telegram.chat(77), telegram.chat(78));
            first.send_text("/invite");
            let made = first.wait_text("An invitation for one person", LIMIT).await.unwrap();
            let parameter = made.text.split_once("?start=").unwrap().1;
            second.send_text(&format!("/start {parameter}"));
            second.wait_text("You may use this bot now", LIMIT).await.unwrap();
        }
        telegram.wait_for_calls("setMyCommands", 2, LIMIT).await.unwrap();
        signal(&child, "TERM");
        let ended = tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
        assert_eq!(ended.code(), Some(0));
        let log = log.join().unwrap();
        let found = log.split("https://t.me/").nth(1).and_then(|rest| rest.split("?start=").nth(1));
        let found = found.and_then(|rest| rest.split_whitespace().next()).map(str::to_owned);
        match run {
            0 => {
                assert!(found.as_ref().is_some_and(|code| code.starts_with("own-") && code.len() == 28), "{log}");
                link = found;
            }
            1 => assert_eq!(found, link, "the same after a restart, until it is used"),
            _ => assert_eq!(found, None, "there is an owner: {log}"),
        }
    }
}

/// A job of a killed process is finished by the next one, and no log contains a secret.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_loses_nothing() {
    let (kie, telegram) = simulators().await;
    let folder = tempfile::tempdir().unwrap();
    let noisy = "trace,reqwest::connect=trace,hyper_util::client=trace";
    let (mut child, first) = start(folder.path(), &kie, &telegram, noisy);
    kie.plan(TaskPlan { end: TaskEnd::Never { state: None }, ..TaskPlan::default() });
    let chat = telegram.page_chat();
    let spec = crate::cli::fixture::from_words();
    let press = async |label: &str| {
        chat.wait_button(label, LIMIT).await.unwrap();
        let callback = chat.press(label).unwrap();
        chat.wait_answer(&callback, LIMIT).await.unwrap();
    };
    chat.send_text("/start");
    press(spec.tasks[0].title.get(Lang::En)).await;
    press(spec.title.get(Lang::En)).await;
    press("Fill in").await;
    let question = spec.fields.iter().find(|f| f.name == "prompt").unwrap().label.get(Lang::En);
    chat.wait_text(question, LIMIT).await.unwrap();
    chat.send_text("a boat");
    press("✅ Create").await;
    let task = kie.wait_for_creates(1, LIMIT).await.unwrap().remove(0).task_id;
    chat.wait_text("At work", LIMIT).await.unwrap();
    signal(&child, "KILL");
    let child = tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
    assert_eq!(child.code(), None);

    kie.finish(&task);
    let (mut child, second) = start(folder.path(), &kie, &telegram, "info");
    // After a kill in the middle of a step, the job waits until its lease has ended.
    chat.wait_media(ChatFileKind::Photo, LIMIT).await.unwrap();
    signal(&child, "TERM");
    let ended = tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
    assert_eq!(ended.code(), Some(0));
    let photos = chat.view().from_bot().filter(|m| m.media.is_some()).count();
    assert_eq!((photos, kie.creates().len()), (1, 1), "{}", chat.view());
    let secret = telegram.token().split(':').nth(1).unwrap().to_owned();
    for log in [first.join().unwrap(), second.join().unwrap()] {
        for line in log.lines() {
            assert!(!line.contains(&secret) && !line.contains(KEY), "{line}");
        }
    }
    assert!(models::find(&kie.creates()[0].model).is_some());
}
