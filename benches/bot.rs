//! Measures the running program between the simulators. Prints the results; fails if a target is missed:
//!
//! - updates per second through inbox, draft and reply, on SQLite (target: 2,000) and on PostgreSQL with one and two
//!   processes;
//! - memory with 10,000 jobs that wait for the vendor (target: under 150 MB);
//! - time from the success at the vendor to the file in the chat, with polling only and with webhooks (target: 1.5 s
//!   for 95 of 100), without and with 1,000 other waiting jobs;
//! - time to the answer in 200 chats, beside a chat under flood control and one whose picture the vendor does not take
//!   (target: 1 s for 95 of 100), within Telegram's limits.
//!
//! ```text
//! FSYNC=on tests/with-postgres cargo bench --bench bot               # everything, about five minutes
//! FSYNC=on tests/with-postgres cargo bench --bench bot -- updates    # one part: updates, memory, delivery, flood
//! ```
//!
//! The targets are for two otherwise idle cores.
#![allow(clippy::print_stdout, reason = "a benchmark talks to its terminal")]

#[path = "../tests/it/support/choice.rs"]
mod choice;
#[path = "support/database.rs"]
mod database;

use std::error::Error;
use std::net::TcpListener;
use std::process::Stdio;
use std::time::{Duration, Instant};

use choice::{from_picture, from_words};
use database::Database;
use kie::clock::Timestamp;
use kie::demo::harness;
use kie::demo::kie::{Pace, SimKie, SimKieOptions};
use kie::demo::telegram::{ChatFileKind, ChatHandle, SimTelegram, SimTelegramOptions};
use kie::job::{ChatId, Job, JobId, JobState, TaskId, UserId};
use kie::sample::Sample;
use kie::schema::Lang;
use kie::schema::spec::{MediaKind, ModelSpec, TaskSpec};
use kie::store::{self, JobChange};
use tokio::process::{Child, Command};

type Outcome<T> = Result<T, Box<dyn Error>>;

const LIMIT: Duration = Duration::from_secs(120);
const KEY: &str = "key-of-the-benchmark";

const UPDATES_A_SECOND: f64 = 2_000.0;
const MEGABYTES: f64 = 150.0;
const SECONDS: f64 = 1.5;
const ANSWER_SECONDS: f64 = 1.0;

fn main() -> Outcome<()> {
    // `cargo bench` and `cargo test --benches` add flags.
    let word = std::env::args().skip(1).find(|arg| !arg.starts_with('-'));
    let wanted = |name: &str| word.as_ref().is_none_or(|word| name.contains(word.as_str()));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut missed = Vec::new();
        let mut aim = |what: &'static str, is_met: bool| {
            if !is_met {
                missed.push(what);
            }
        };
        if wanted("updates") {
            let rate = updates("SQLite", &Database::file()?, 1).await?;
            aim("updates per second on SQLite", rate >= UPDATES_A_SECOND);
            for replicas in [1, 2] {
                if let Some(database) = Database::server().await? {
                    updates(&database.kind().await?, &database, replicas).await?;
                    database.drop().await?;
                }
            }
        }
        if wanted("memory") {
            aim("memory", memory(10_000).await? < MEGABYTES);
        }
        if wanted("delivery") {
            aim("time to the chat, called", delivery(true, 0).await? <= SECONDS);
            aim("time to the chat, called, beside others", delivery(true, 1_000).await? <= SECONDS);
            delivery(false, 0).await?;
        }
        if wanted("flood") {
            aim("time to an answer beside flood control", flood().await? <= ANSWER_SECONDS);
        }
        if missed.is_empty() { Ok(()) } else { Err(format!("missed: {}", missed.join("; ")).into()) }
    })
}

/// The simulators and the program.
struct Scene {
    kie: SimKie,
    telegram: SimTelegram,
    bots: Vec<Child>,
    folder: tempfile::TempDir,
    /// Settings that differ from the scene's own.
    vars: Vec<(&'static str, String)>,
}

impl Scene {
    async fn new(pace: Pace) -> Outcome<Self> {
        let options = SimKieOptions { pace, picture_side: 64, create_limit: None, ..SimKieOptions::default() };
        let vendor = SimKieOptions { key: Some(KEY.to_owned()), ..harness::registry_options(options) };
        Ok(Self {
            kie: SimKie::start(vendor).await?,
            telegram: SimTelegram::start(SimTelegramOptions::default()).await?,
            bots: Vec::new(),
            folder: tempfile::tempdir()?,
            // The limits of Telegram are not what is measured.
            vars: vec![("TELEGRAM_RATE", "off".to_owned())],
        })
    }

    /// Starts the program and waits until it is ready.
    async fn start(&mut self, database: &Database, is_called: bool) -> Outcome<()> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let here = format!("http://127.0.0.1:{port}");
        let mut command = Command::new(env!("CARGO_BIN_EXE_kie-bot"));
        command
            .arg("run")
            .env("TELEGRAM_BOT_TOKEN", self.telegram.token())
            .env("TELEGRAM_API_URL", self.telegram.api_url.as_str())
            .env("KIE_API_URL", self.kie.url.as_str())
            .env("KIE_UPLOAD_URL", self.kie.url.as_str())
            .env("KIE_API_KEY", KEY)
            .env("DATABASE_URL", &database.url)
            .env("HTTP_ADDR", format!("127.0.0.1:{port}"))
            .env("LOG", "warn")
            .envs(self.vars.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        if is_called {
            command.env("PUBLIC_URL", &here);
        }
        self.bots.push(command.spawn()?);
        let (client, started) = (reqwest::Client::new(), Instant::now());
        while !client.get(format!("{here}/ready")).send().await.is_ok_and(|reply| reply.status().is_success()) {
            if started.elapsed() > LIMIT {
                return Err("the program does not start".into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}

async fn press(chat: &ChatHandle, label: &str) -> Outcome<()> {
    chat.wait_button(label, LIMIT).await?;
    let callback = chat.press(label)?;
    chat.wait_answer(&callback, LIMIT).await?;
    Ok(())
}

/// Opens a form up to its first question.
async fn open(chat: &ChatHandle) -> Outcome<()> {
    open_model(chat, from_words()).await
}

async fn open_model(chat: &ChatHandle, (task, spec): (&TaskSpec, &'static ModelSpec)) -> Outcome<()> {
    chat.send_text("/start");
    press(chat, task.title.get(Lang::En)).await?;
    press(chat, spec.title.get(Lang::En)).await?;
    press(chat, "Fill in").await
}

async fn updates(kind: &str, database: &Database, replicas: usize) -> Outcome<f64> {
    const CHATS: usize = 100;
    const EACH: usize = 40;
    let mut scene = Scene::new(Pace::Polls(0)).await?;
    for _ in 0..replicas {
        scene.start(database, false).await?;
    }
    let chats: Vec<ChatHandle> = (0..CHATS).map(|n| scene.telegram.chat(20_000 + n as i64)).collect();
    for chat in &chats {
        open(chat).await?;
    }
    // After a message of the user the form is a new message; otherwise it is edited.
    let replies = || scene.telegram.count("sendMessage") + scene.telegram.count("editMessageText");
    let sent = replies();
    let started = Instant::now();
    for n in 0..EACH {
        for chat in &chats {
            chat.send_text(&format!("A red fox, take {n}"));
        }
    }
    while replies() < sent + CHATS * EACH {
        if started.elapsed() > LIMIT {
            return Err(format!("only {} of {} replies", replies() - sent, CHATS * EACH).into());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let rate = (CHATS * EACH) as f64 / started.elapsed().as_secs_f64();
    println!("{kind}, {replicas} process(es): {rate:.0} updates/s, answered in {CHATS} chats");
    Ok(rate)
}

/// A job that the vendor works on.
fn job(n: usize, spec: &'static ModelSpec, now: Timestamp) -> Job {
    let (id, chat) = (JobId(format!("{n:032x}")), n as i64);
    Job {
        input: serde_json::from_str(spec.example).unwrap_or_default(),
        ..Job::new(id, UserId(chat), ChatId(chat), n.to_string(), spec.id, now)
    }
}

/// Adds jobs whose tasks never end.
async fn occupy(scene: &Scene, database: &Database, count: usize) -> Outcome<()> {
    let (_, spec) = from_words();
    let input: serde_json::Value = serde_json::from_str(spec.example)?;
    let (client, store) = (reqwest::Client::new(), store::open(&database.url).await?);
    let now = Timestamp::from_millis(std::time::UNIX_EPOCH.elapsed()?.as_millis() as i64);
    // Only when all of them are there, or the first would be claimed again instead of the next.
    let later = now + Duration::from_millis(1);
    for n in 0..count {
        let create = client.post(scene.kie.url.join("api/v1/jobs/createTask")?).bearer_auth(KEY);
        let body = serde_json::json!({ "model": spec.id, "input": input }).to_string();
        let reply = create.header("content-type", "application/json").body(body).send().await?.text().await?;
        let reply: serde_json::Value = serde_json::from_str(&reply)?;
        let task = reply["data"]["taskId"].as_str().ok_or("no task")?;
        store.add_job(&job(n, spec, now)).await?;
        let claimed = store.claim("bench", now, Duration::from_secs(1)).await?.ok_or("no job")?;
        let claimed = store.advance(&claimed, JobState::Submitting, &JobChange::default(), now).await?;
        let task = Some(TaskId(task.to_owned()));
        let change = JobChange { task, submitted_at: Some(now), not_before: Some(later), ..JobChange::default() };
        store.advance(&claimed, JobState::Running, &change, now).await?;
    }
    store.close().await;
    Ok(())
}

async fn memory(count: usize) -> Outcome<f64> {
    let database = Database::file()?;
    let mut scene = Scene::new(Pace::Time(Duration::from_secs(3600))).await?;
    occupy(&scene, &database, count).await?;
    scene.start(&database, false).await?;
    let mut most = 0.0_f64;
    for _ in 0..60 {
        tokio::time::sleep(Duration::from_millis(500)).await;
        most = most.max(resident(&scene.bots[0])?);
    }
    println!("{count} waiting jobs in one process: {most:.1} MB resident at most in 30 s");
    Ok(most)
}

/// Resident memory of a process in megabytes; Linux only.
fn resident(child: &Child) -> Outcome<f64> {
    let id = child.id().ok_or("the program has ended")?;
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes / 1024.0)
}

/// Returns the 95th percentile in seconds.
async fn delivery(is_called: bool, beside: usize) -> Outcome<f64> {
    const ORDERS: usize = 30;
    let database = Database::file()?;
    let mut scene = Scene::new(Pace::Time(Duration::from_secs(3600))).await?;
    occupy(&scene, &database, beside).await?;
    scene.start(&database, is_called).await?;
    let mut waits = Vec::new();
    for n in 0..ORDERS {
        let chat = scene.telegram.chat(30_000 + n as i64);
        open(&chat).await?;
        chat.send_text("A red fox");
        press(&chat, "✅ Create").await?;
        let creates = scene.kie.wait_for_creates(beside + n + 1, LIMIT).await.map_err(|_| "no create")?;
        let task = creates.last().ok_or("no create")?.task_id.clone();
        // The success comes at a random time between two polls.
        tokio::time::sleep(Duration::from_millis(1000 + 97 * n as u64)).await;
        let succeeded = Instant::now();
        scene.kie.finish(&task);
        chat.wait_media(ChatFileKind::Photo, LIMIT).await?;
        waits.push(succeeded.elapsed());
    }
    waits.sort();
    let at = |share: f64| percentile(&waits, share);
    let how = if is_called { "called by the vendor" } else { "by looking alone" };
    let (half, most) = (at(0.5), at(0.95));
    println!("success to file, {how}, beside {beside} jobs: median {half:.2} s, p95 {most:.2} s, {ORDERS} orders");
    Ok(most)
}

/// In seconds; the times are sorted.
fn percentile(times: &[Duration], share: f64) -> f64 {
    times[((times.len() - 1) as f64 * share).round() as usize].as_secs_f64()
}

/// Talks in a chat, a message every ten seconds, and returns how long each answer took.
async fn talk(chat: ChatHandle, delay: Duration, rounds: usize) -> Outcome<Vec<Duration>> {
    let mut times = Vec::new();
    tokio::time::sleep(delay).await;
    let mut tick = tokio::time::interval(Duration::from_secs(10));
    for _ in 0..rounds {
        tick.tick().await;
        let (before, said) = (chat.view().from_bot().count(), Instant::now());
        chat.send_text("/help");
        chat.wait_for(LIMIT, |view| (view.from_bot().count() > before).then_some(())).await?;
        times.push(said.elapsed());
    }
    Ok(times)
}

/// A host that takes connections and never says anything.
async fn silent_host() -> Outcome<String> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        let mut connections = Vec::new();
        while let Ok((connection, _)) = listener.accept().await {
            connections.push(connection);
        }
    });
    Ok(url)
}

/// Returns the 95th percentile in seconds.
async fn flood() -> Outcome<f64> {
    const CHATS: usize = 200;
    const ROUNDS: usize = 4;
    const PAUSE: Duration = Duration::from_secs(30);
    let database = Database::file()?;
    let mut scene = Scene::new(Pace::Polls(0)).await?;
    scene.vars = vec![("KIE_UPLOAD_URL", silent_host().await?)];
    scene.start(&database, false).await?;

    let (flooded, sender) = (scene.telegram.chat(40_000), scene.telegram.chat(40_001));
    open_model(&sender, from_picture()).await?;
    sender.send(ChatFileKind::Photo, "a.png", Sample::of(MediaKind::Image).ok_or("no sample")?.bytes, "");
    flooded.flood(PAUSE);
    let begun = Instant::now();
    flooded.send_text("/help");
    let mut talks = tokio::task::JoinSet::new();
    for n in 0..CHATS {
        let chat = scene.telegram.chat(41_000 + n as i64);
        let delay = Duration::from_secs(10).mul_f64(n as f64 / CHATS as f64);
        talks.spawn(async move { talk(chat, delay, ROUNDS).await.map_err(|error| error.to_string()) });
    }
    let answered = flooded.wait_for(LIMIT, |view| view.last().map(|_| begun.elapsed())).await?;
    let mut times = Vec::new();
    while let Some(told) = talks.join_next().await {
        times.extend(told??);
    }
    times.sort();
    let [half, most, worst] = [0.5, 0.95, 0.99].map(|share| percentile(&times, share));
    println!(
        "{CHATS} chats beside one under flood control and one that uploads to a silent host: median {half:.3} s, p95 \
         {most:.3} s, p99 {worst:.3} s, {} answers; the flooded chat was answered after {:.1} s",
        times.len(),
        answered.as_secs_f64()
    );
    Ok(most)
}
