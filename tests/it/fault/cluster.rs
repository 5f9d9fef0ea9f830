//! The simulators, the database, and the processes of the bot between them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use kie::demo::harness;
use kie::demo::kie::{Pace, SimKie, SimKieOptions};
use kie::demo::telegram::{SimTelegram, SimTelegramOptions};
use kie::job::{JobId, JobState};
use kie::store;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::process::{Child, Command};

use crate::fault::clock;
use crate::fault::disturbance::Disturbance;
use crate::fault::proxy::Proxy;
use crate::support::count;

/// The time limit of every wait.
pub(crate) const LIMIT: Duration = Duration::from_secs(120);

/// Accounts at the vendor: each may create 18 tasks in 11 s, too few for a quick test.
const ACCOUNTS: usize = 24;

/// How updates are received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Polling,
    Webhook,
}

/// A process of the program.
pub(crate) struct Process {
    child: Child,
    port: u16,
}

pub(crate) struct Cluster {
    pub(crate) kie: SimKie,
    pub(crate) telegram: SimTelegram,
    pub(crate) database_url: String,
    proxy: Option<Proxy>,
    /// In front of the vendor and of Telegram.
    fronts: [Proxy; 2],
    /// The bot's public address for Telegram and the vendor.
    balancer: Proxy,
    pub(crate) processes: Vec<Process>,
    pub(crate) rng: StdRng,
    pub(crate) kills: u32,
    /// Replies of Telegram that were lost after their request was carried out: the bot cannot know whether the image
    /// was sent.
    pub(crate) withheld: u32,
    /// Jobs that were being delivered when a process was killed, with the number of kills: it was not stored whether
    /// Telegram has the image.
    pub(crate) cut_off: HashMap<JobId, u32>,
    /// The most create requests whose reply was lost or damaged.
    pub(crate) lost_creates: u32,
    /// Jobs that were being sent to the vendor when a process was killed.
    pub(crate) orphans: HashSet<JobId>,
    /// Jobs that a newer version of the program would have written.
    pub(crate) newer: Vec<String>,
    pub(crate) disturbances: BTreeMap<Disturbance, u32>,
    pub(crate) started: Instant,
    pub(crate) seed: u64,
    mode: Mode,
    keys: String,
    folder: tempfile::TempDir,
}

impl Cluster {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("bot.db").display());
        Self::with(folder, url, None, Mode::Polling).await
    }

    /// With PostgreSQL behind a proxy whose connections can be cut.
    pub(crate) async fn postgres(database_url: String, mode: Mode) -> Self {
        let port = url::Url::parse(&database_url).unwrap().port().expect("it names a port");
        let proxy = Proxy::start(vec![([127, 0, 0, 1], port).into()]).await;
        Self::with(tempfile::tempdir().unwrap(), database_url, Some(proxy), mode).await
    }

    async fn with(folder: tempfile::TempDir, database_url: String, proxy: Option<Proxy>, mode: Mode) -> Self {
        let seed = std::env::var("FAULT_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or_else(rand::random);
        println!("seed {seed}");
        let keys: Vec<String> = (0..ACCOUNTS).map(|n| format!("key-of-account-{n:02}")).collect();
        let options = SimKieOptions {
            pace: Pace::Time(Duration::from_millis(1500)),
            picture_side: 32,
            create_limit: None,
            ..SimKieOptions::default()
        };
        let vendor = SimKieOptions { key: None, other_keys: keys.clone(), ..harness::registry_options(options) };
        let telegram = SimTelegramOptions { time_scale: 10.0, ..SimTelegramOptions::default() };
        let (kie, telegram) = (SimKie::start(vendor).await.unwrap(), SimTelegram::start(telegram).await.unwrap());
        Self {
            fronts: [Proxy::before(&kie.url).await, Proxy::before(&telegram.api_url).await],
            kie,
            telegram,
            database_url,
            proxy,
            balancer: Proxy::start(Vec::new()).await,
            processes: Vec::new(),
            rng: StdRng::seed_from_u64(seed),
            kills: 0,
            withheld: 0,
            cut_off: HashMap::new(),
            lost_creates: 0,
            orphans: HashSet::new(),
            newer: Vec::new(),
            disturbances: BTreeMap::new(),
            started: Instant::now(),
            seed,
            mode,
            keys: keys.join(","),
            folder,
        }
    }

    /// Starts `count` processes and waits until they are ready.
    pub(crate) async fn enter(&mut self, count: usize) {
        for _ in 0..count {
            self.start();
        }
        for process in &self.processes {
            ready(process.port).await;
        }
    }

    /// Starts a process without waiting.
    pub(crate) fn start(&mut self) {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log =
            std::fs::File::create(self.folder.path().join(format!("{}-{port}.log", self.processes.len()))).unwrap();
        let database = match &self.proxy {
            Some(proxy) => proxy.through(&self.database_url),
            None => self.database_url.clone(),
        };
        let [kie, telegram] = &self.fronts;
        let kie = kie.through(self.kie.url.as_str());
        // A write beyond a limit on the size of files is then an error, not the end of the process.
        let mut command = Command::new("sh");
        command
            .args(["-c", "trap '' XFSZ; exec \"$0\" run", env!("CARGO_BIN_EXE_kie-bot")])
            .env_clear()
            .envs(
                ["PATH", "HOME", "TMPDIR", "LLVM_PROFILE_FILE"]
                    .iter()
                    .filter_map(|k| Some((*k, std::env::var(k).ok()?))),
            )
            .env("TELEGRAM_BOT_TOKEN", self.telegram.token())
            .env("ACCESS", "open")
            .env("CHARGE", "on")
            .env("PRICE", "rate=10,markup=30%,round=0.5,min=2")
            .env("TELEGRAM_API_URL", telegram.through(self.telegram.api_url.as_str()))
            .env("TELEGRAM_RATE", "off")
            .env("KIE_API_URL", &kie)
            .env("KIE_UPLOAD_URL", &kie)
            // Results come from the vendor itself, past the proxy.
            .env("PRIVATE_HOSTS", "on")
            .env("KIE_API_KEY", &self.keys)
            .env("DATABASE_URL", database)
            .env("HTTP_ADDR", format!("127.0.0.1:{port}"))
            .env("LOG", "info,kie=debug")
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .kill_on_drop(true);
        // Webhooks go to one address: that of the proxy in front of all processes.
        command.env("PUBLIC_URL", format!("http://{}", self.balancer.address()));
        let ahead = self.rng.gen_range(-3600..3600);
        command.env("LD_PRELOAD", clock::library()).env(clock::AHEAD, i32::to_string(&ahead));
        if self.mode == Mode::Webhook {
            command.env("BOT_MODE", "webhook");
        }
        self.processes.push(Process { child: command.spawn().unwrap(), port });
        self.balance();
    }

    /// Points the balancer to the running processes, the newest first.
    fn balance(&self) {
        self.balancer.lead_to(self.processes.iter().rev().map(|p| ([127, 0, 0, 1], p.port).into()).collect());
    }

    /// Kills a process, as `kill -9` does.
    pub(crate) async fn kill(&mut self, index: usize) {
        let mut process = self.processes.remove(index);
        self.balance();
        process.child.kill().await.unwrap();
        self.kills += 1;
        // Its unfinished jobs keep their state until their lease ends, which is later than this.
        let store = store::open(&self.database_url).await.unwrap();
        for job in store.jobs_in(Some(JobState::Delivering), 1000).await.unwrap().jobs {
            *self.cut_off.entry(job.id).or_default() += 1;
        }
        let sending = store.jobs_in(Some(JobState::Submitting), 1000).await.unwrap().jobs;
        self.orphans.extend(sending.into_iter().map(|job| job.id));
        store.close().await;
    }

    /// Stops a process with SIGTERM and waits for its end.
    pub(crate) async fn leave(&mut self, index: usize) {
        let mut process = self.processes.remove(index);
        self.balance();
        terminate(&process.child);
        let code = tokio::time::timeout(LIMIT, process.child.wait()).await.expect("it ends").unwrap();
        assert!(code.success(), "{code}; logs: {}", self.keep_logs().display());
    }

    /// Deploys a new version: starts a process, then stops the oldest.
    pub(crate) async fn deploy(&mut self) {
        self.start();
        ready(self.processes.last().expect("just started").port).await;
        self.leave(0).await;
    }

    /// The proxies in front of the vendor and of Telegram.
    pub(crate) fn fronts(&self) -> &[Proxy; 2] {
        &self.fronts
    }

    /// Sets or lifts a limit on the size of the files of all processes: a stand-in for a full disk.
    pub(crate) fn limit_files(&self, bytes: Option<u64>) {
        let limit = format!("--fsize={}:", bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string()));
        for process in &self.processes {
            // A process that has just ended has no limits.
            let Some(id) = process.child.id() else { continue };
            let _ = std::process::Command::new("prlimit").args(["--pid", &id.to_string(), &limit]).status();
        }
    }

    /// The proxy in front of the database.
    pub(crate) fn database_proxy(&self) -> &Proxy {
        self.proxy.as_ref().expect("only PostgreSQL has a proxy")
    }

    /// Removes all faults.
    pub(crate) fn clear_faults(&self) {
        self.kie.clear_faults();
        self.telegram.clear_faults();
        println!(
            "{:.1} s: peace after {:?} and {} kills in all",
            self.started.elapsed().as_secs_f64(),
            self.disturbances,
            self.kills
        );
    }

    /// Waits until all jobs and updates are done, then stops the processes.
    pub(crate) async fn calm(&mut self) {
        let store = store::open(&self.database_url).await.unwrap();
        let settled = async {
            loop {
                let jobs = count::by_state(store.as_ref()).await;
                let rest: usize = jobs.iter().filter(|(state, _)| !is_settled(*state)).map(|(_, count)| count).sum();
                let updates = self.telegram.pending_updates() + store.open_updates(10).await.unwrap().len();
                if rest == 0 && updates == 0 {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        if tokio::time::timeout(LIMIT, settled).await.is_err() {
            println!("not everything came to rest: {:?}", count::by_state(store.as_ref()).await);
        }
        store.close().await;
        while !self.processes.is_empty() {
            self.leave(0).await;
        }
    }

    /// Waits for a random short time.
    pub(crate) async fn pause(&mut self) {
        let pause = self.rng.gen_range(300..1500);
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }

    /// The log lines of all processes about a chat.
    pub(crate) fn log_of(&self, chat: i64) -> String {
        let mark = format!("chat={chat} ");
        let logs = std::fs::read_dir(self.folder.path()).unwrap().flatten();
        let logs = logs.filter(|entry| entry.path().extension().is_some_and(|end| end == "log"));
        let texts = logs.map(|entry| std::fs::read_to_string(entry.path()).unwrap());
        let lines = texts.flat_map(|text| {
            let lines = text.lines().filter(|line| format!("{line} ").contains(&mark));
            lines.map(str::to_owned).collect::<Vec<_>>()
        });
        let mut lines: Vec<String> = lines.collect();
        lines.sort_unstable();
        lines.join("\n")
    }

    /// Copies the logs of all processes to a folder that is kept.
    pub(crate) fn keep_logs(&self) -> PathBuf {
        let kept = tempfile::Builder::new().prefix("kie-bot-fault-").tempdir().unwrap().keep();
        for entry in std::fs::read_dir(self.folder.path()).unwrap().flatten() {
            std::fs::copy(entry.path(), kept.join(entry.file_name())).unwrap();
        }
        kept
    }
}

/// Whether a job changes no more, unless a user or the operator acts.
fn is_settled(state: JobState) -> bool {
    use JobState::{Cancelled, Delivered, Failed, Undeliverable, Unknown};
    matches!(state, Delivered | Failed | Cancelled | Undeliverable | Unknown)
}

fn terminate(child: &Child) {
    let id = child.id().expect("it runs").to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
}

/// Waits until a process is ready.
async fn ready(port: u16) {
    let url = format!("http://127.0.0.1:{port}/ready");
    let client = reqwest::Client::new();
    let arrived = async {
        while !client.get(&url).send().await.is_ok_and(|reply| reply.status().is_success()) {
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    };
    tokio::time::timeout(LIMIT, arrived).await.expect("the process can serve in time");
}
