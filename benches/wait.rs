//! Waits for a thousand tasks at once in one process. Prints the results; fails if a limit is exceeded:
//!
//! - the server sees at most 10 polls in any second, and no task more than once a second;
//! - the waiting process uses less than 60 MB.
//!
//! ```text
//! cargo bench --bench wait            # about three minutes: 1,500 polls at nine a second
//! cargo bench --bench wait -- 100     # fewer tasks
//! ```
//!
//! The server is another process, so that its memory does not count.
#![allow(clippy::print_stdout, reason = "a benchmark talks to its terminal")]

use std::collections::{HashMap, VecDeque};
use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Query, State};
use axum::routing::get;
use axum::{Json, Router};
use futures::future::join_all;
use kie::client::{Client, Settings};
use kie::job::TaskId;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const SERVER: &str = "KIE_BENCH_SERVER";
const MEGABYTES: f64 = 60.0;

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if std::env::var_os(SERVER).is_some() {
        return runtime.block_on(serve());
    }
    let tasks = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(1000);
    runtime.block_on(measure(tasks))
}

/// The requests that the server received.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Figures {
    polls: usize,
    busiest_second: usize,
    /// The shortest time between two polls of a task.
    shortest_gap_ms: Option<u64>,
}

#[derive(Default)]
struct Vendor {
    looks: HashMap<String, (Instant, usize)>,
    last_second: VecDeque<Instant>,
    figures: Figures,
}

type Shared = Arc<Mutex<Vendor>>;

/// Even tasks are done at the first poll, odd ones at the second.
async fn record(State(vendor): State<Shared>, Query(query): Query<HashMap<String, String>>) -> Json<Value> {
    let id = query.get("taskId").cloned().unwrap_or_default();
    let mut vendor = vendor.lock().unwrap_or_else(PoisonError::into_inner);
    let Vendor { looks, last_second, figures } = &mut *vendor;
    let now = Instant::now();
    last_second.push_back(now);
    while last_second.front().is_some_and(|at| now - *at >= Duration::from_secs(1)) {
        last_second.pop_front();
    }
    figures.polls += 1;
    figures.busiest_second = figures.busiest_second.max(last_second.len());
    let (last, count) = looks.entry(id.clone()).or_insert((now, 0));
    if *count > 0 {
        let gap = (now - *last).as_millis() as u64;
        figures.shortest_gap_ms = Some(figures.shortest_gap_ms.map_or(gap, |known| known.min(gap)));
    }
    (*last, *count) = (now, *count + 1);
    let is_odd = id.ends_with(['1', '3', '5', '7', '9']);
    let (state, result) = match *count {
        1 if is_odd => ("generating", String::new()),
        _ => ("success", json!({"resultUrls": [format!("https://files.example.net/{id}.png")]}).to_string()),
    };
    let param = json!({"input": "{\"prompt\":\"a boat\"}", "model": "acme/draw-1"}).to_string();
    Json(json!({"code": 200, "msg": "success", "data": {
        "taskId": id, "model": "acme/draw-1", "state": state, "param": param, "resultJson": result,
        "failCode": null, "failMsg": null, "createTime": 1_790_000_000_004_i64,
    }}))
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    let figures = |State(vendor): State<Shared>| async move {
        let vendor = vendor.lock().unwrap_or_else(PoisonError::into_inner);
        Json(json!(vendor.figures))
    };
    let app = Router::new().route("/api/v1/jobs/recordInfo", get(record)).route("/figures", get(figures));
    axum::serve(listener, app.with_state(Shared::default())).await?;
    Ok(())
}

/// A child process that ends with this one.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn measure(tasks: usize) -> Result<(), Box<dyn Error>> {
    let mut child = Command::new(std::env::current_exe()?).env(SERVER, "1").stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take();
    let _server = Server(child);
    let mut url = String::new();
    BufReader::new(output.ok_or("the server is mute")?).read_line(&mut url)?;
    let url: url::Url = url.trim().parse()?;

    let mut settings = Settings::new(SecretString::from("benchmark-key-0123456789"));
    settings.api_url = url.clone();
    let client = Client::new(settings)?;
    let before = resident("VmRSS:");
    let started = Instant::now();
    let waits = (0..tasks).map(|n| {
        let client = client.clone();
        tokio::spawn(async move { client.wait(&TaskId(format!("t{n}")), Duration::from_secs(7200), |_| {}).await })
    });
    let outcomes = join_all(waits).await;
    let seconds = started.elapsed().as_secs_f64();
    let done = outcomes.iter().filter(|outcome| outcome.as_ref().is_ok_and(|outcome| outcome.success())).count();
    let figures: Figures = reqwest::get(url.join("figures")?).await?.json().await?;
    let peak = resident("VmHWM:");

    println!("tasks              {done} of {tasks} done in {seconds:.1} s");
    println!("polls              {} ({:.2} a second)", figures.polls, figures.polls as f64 / seconds);
    println!("busiest second     {} polls (limit 10)", figures.busiest_second);
    println!("shortest gap       {:?} ms between polls of one task (limit 1000)", figures.shortest_gap_ms);
    let shown = |megabytes: Option<f64>| megabytes.map_or("unknown".into(), |megabytes| format!("{megabytes:.1} MB"));
    println!(
        "memory             {} at its peak, {} before the first wait (limit {MEGABYTES} MB)",
        shown(peak),
        shown(before)
    );
    let is_good = done == tasks
        && figures.busiest_second <= 10
        && figures.shortest_gap_ms.is_none_or(|gap| gap >= 1000)
        && peak.is_none_or(|megabytes| megabytes < MEGABYTES);
    if is_good { Ok(()) } else { Err("a limit is broken".into()) }
}

/// A value of this process's memory in MB; Linux only.
fn resident(name: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}
