//! A simulated KIE: the task, upload, credit, catalogue and file routes of the real API on one loopback port.
//!
//! Faithful to the wire: verdicts travel in the envelope's `code` under HTTP 200, `param` is JSON inside JSON inside
//! JSON, `resultJson` is text, and three generations of the task record can be chosen. Results are real files.
//!
//! Trouble is made in three ways: from Rust ([`SimKie::fault`], [`SimKie::plan`]), over HTTP (`POST /sim/faults`,
//! `POST /sim/plans`, `GET /sim/state`), and by words in the prompt: `[fail]`, `[empty]`, `[slow]`, `[never]`, `[lost]`.
//! The list of models changes with [`SimKie::relist`] and `POST /sim/catalogue`.

mod catalogue;
mod control;
mod fault;
mod record;
mod route;
mod task;
mod upload;
mod webhook;
mod words;
mod world;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;
use url::Url;

pub use crate::schema::spec::Output as OutputKind;
pub use catalogue::Listing;
pub use fault::{Fault, Route, Trouble};
pub use task::{Fate, Pace, Plan};
pub use world::{Create, Uploaded};

use crate::clock::{Clock, SystemClock};
use crate::demo::site::Site;
use world::World;

/// Decides whether a create is valid, and what its model makes. The error is the sentence of the 422 reply.
pub type Validator = Arc<dyn Fn(&str, &Map<String, Value>) -> Result<OutputKind, String> + Send + Sync>;

/// What a task costs in credits.
pub type Pricer = Arc<dyn Fn(&str, &Map<String, Value>) -> f64 + Send + Sync>;

/// Which recording of the task record is spoken. All three were seen on the wire within half a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    /// The first: no `creditsConsumed`.
    A,
    /// With `creditsConsumed`.
    B,
    /// With `operationType`, `successFlag`, `paramJson` and, on success, `response`.
    C,
}

/// How an unknown task is answered; the sources disagree, and some routes answer null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownTask {
    /// Code 404.
    NotFound,
    /// Code 422.
    Invalid,
    /// Code 200 with null data.
    Null,
}

/// How the simulator behaves.
#[derive(Clone)]
pub struct SimKieOptions {
    /// Port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// The only key accepted; `None` accepts any.
    pub key: Option<String>,
    /// Keys of other accounts, accepted beside `key`. An account does not know the tasks of another.
    pub other_keys: Vec<String>,
    /// Seeds task ids and files.
    pub seed: u64,
    /// The task record's form.
    pub generation: Generation,
    /// How long tasks run, unless a plan says otherwise.
    pub pace: Pace,
    /// Everything that takes time goes this many times faster. 1 is real time.
    pub time_scale: f64,
    /// How an unknown task is answered.
    pub unknown: UnknownTask,
    /// Credits of the account.
    pub balance: f64,
    /// What tasks cost; 4 credits by default.
    pub price: Pricer,
    /// Which inputs are valid; by default every one is, and gives a picture.
    pub validator: Validator,
    /// The models that are listed; none by default.
    pub catalogue: Vec<Listing>,
    /// So many creates within so long (before scaling); more are refused with code 429. KIE's limit is 20 in 10 s.
    pub create_limit: Option<(u32, Duration)>,
    /// Signs webhooks when set.
    pub webhook_key: Option<String>,
    /// Side of a square picture in pixels. Tests take a small one: drawing is slow in debug builds.
    pub picture_side: u32,
    /// Stamps tasks and measures how long they have run.
    pub clock: Arc<dyn Clock>,
    /// Stops the server when cancelled.
    pub stop: CancellationToken,
}

impl Default for SimKieOptions {
    fn default() -> Self {
        Self {
            port: 0,
            key: None,
            other_keys: Vec::new(),
            seed: 1,
            generation: Generation::C,
            pace: Pace::Time(Duration::from_secs(8)),
            time_scale: 1.0,
            unknown: UnknownTask::NotFound,
            balance: 1000.0,
            price: Arc::new(|_, _| 4.0),
            validator: Arc::new(|_, _| Ok(OutputKind::Image)),
            catalogue: Vec::new(),
            create_limit: Some((20, Duration::from_secs(10))),
            webhook_key: None,
            picture_side: 1024,
            clock: Arc::new(SystemClock),
            stop: CancellationToken::new(),
        }
    }
}

impl SimKieOptions {
    /// For tests: tasks finish after `polls` polls, files are small.
    pub fn quick(polls: u32) -> Self {
        Self { pace: Pace::Polls(polls), picture_side: 96, ..Self::default() }
    }
}

/// A running simulator. Clones share it; it stops when the last one is dropped.
#[derive(Clone)]
pub struct SimKie {
    /// Where it listens: the API, the upload host and the file host at once.
    pub url: Url,
    world: Arc<World>,
    site: Arc<Site>,
}

impl fmt::Debug for SimKie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimKie").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}

impl SimKie {
    /// Starts serving.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn start(options: SimKieOptions) -> io::Result<Self> {
        let (listener, url) = Site::bind(options.port).await?;
        let stop = options.stop.child_token();
        let world = Arc::new(World::new(options, url.clone(), stop.clone()));
        let site = Site::serve(listener, url, route::router(world.clone()), stop);
        Ok(Self { url: site.url.clone(), world, site: Arc::new(site) })
    }

    /// Queues a fault: the next matching requests meet it.
    pub fn fault(&self, fault: Fault) {
        self.world.state().faults.push(fault);
    }

    /// Forgets every fault that has not struck.
    pub fn heal(&self) {
        self.world.state().faults.clear();
    }

    /// Decides the fate of the next create that is accepted; several calls queue up.
    pub fn plan(&self, plan: Plan) {
        self.world.state().plans.push_back(plan);
    }

    /// Changes the list of models.
    pub fn relist(&self, change: impl FnOnce(&mut Vec<Listing>)) {
        change(&mut self.world.state().catalogue);
    }

    /// Ends a task now, whatever its pace.
    pub fn finish(&self, task_id: &str) {
        if let Some(task) = self.world.state().tasks.get_mut(task_id) {
            task.plan.pace = Some(Pace::Polls(0));
            if let Fate::Never { .. } = task.plan.fate {
                task.plan.fate = Fate::Succeed;
            }
        }
        self.world.touch();
    }

    /// Every create that was accepted, oldest first.
    pub fn creates(&self) -> Vec<Create> {
        self.world.state().creates.clone()
    }

    /// Waits until `count` creates were accepted.
    ///
    /// # Errors
    /// With what there was when `limit` passed.
    pub async fn wait_for_creates(&self, count: usize, limit: Duration) -> Result<Vec<Create>, Vec<Create>> {
        let wait = self.world.wait(|state| (state.creates.len() >= count).then(|| state.creates.clone()));
        match tokio::time::timeout(limit, wait).await {
            Ok(creates) => Ok(creates),
            Err(_) => Err(self.creates()),
        }
    }

    /// How often a task was polled.
    pub fn polls(&self, task_id: &str) -> u32 {
        self.world.state().tasks.get(task_id).map_or(0, |task| task.polls)
    }

    /// Every file that was uploaded, oldest first.
    pub fn uploads(&self) -> Vec<Uploaded> {
        self.world.state().uploads.clone()
    }

    /// The bytes of a file that this server serves.
    pub fn stored(&self, url: &str) -> Option<bytes::Bytes> {
        let path = url.strip_prefix(self.world.files_url())?;
        self.world.state().files.get(path)?.ready()
    }

    /// Credits left.
    pub fn balance(&self) -> f64 {
        self.world.state().balance
    }

    /// How many requests for files carried the key. It must never go to a file host.
    pub fn key_leaks(&self) -> u32 {
        self.world.state().leaks
    }

    /// How many requests came on a route, refused ones too.
    pub fn requests(&self, route: Route) -> u32 {
        self.world.state().requests.get(&route).copied().unwrap_or(0)
    }

    /// Stops serving and waits until the port is free.
    pub async fn stop(&self) {
        self.site.stop().await;
    }
}
