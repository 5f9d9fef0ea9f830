//! A simulated KIE: the task, upload, credit, catalogue and file routes of the real API on one loopback port.
//!
//! It sends what the real API sends: errors are in the envelope's `code` under HTTP 200, `param` has the input as JSON
//! text inside JSON text, `resultJson` is text, and the task record has one of three formats. Results are real files.
//!
//! Faults are injected in three ways: from Rust ([`SimKie::fault`], [`SimKie::plan`]), over HTTP (`POST /sim/faults`,
//! `POST /sim/plans`, `GET /sim/state`), and by commands in the prompt: `[fail]`, `[empty]`, `[late]`, `[slow]`,
//! `[never]`, `[lost]`. [`SimKie::change_catalogue`] and `POST /sim/catalogue` change the list of models,
//! [`SimKie::set_success_rates`] and `POST /sim/success-rates` how well they do, [`SimKie::set_balance`] and
//! `POST /sim/balance` what is left on the account, and [`SimKie::set_feed`] the public
//! feeds.

mod catalogue;
mod control;
mod fault;
mod fault_layer;
mod feed;
mod input;
mod listing;
mod record;
mod reply;
mod route;
mod simulator;
mod state;
mod task;
mod upload;
mod webhook;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;
use url::Url;

pub use crate::schema::spec::OutputKind;
pub use fault::{KieFault, KieFaultEffect, Route};
pub use feed::PublicFeed;
pub use listing::Listing;
pub use state::{CreateRequest, UploadedFile};
pub use task::{Pace, TaskEnd, TaskPlan};

use crate::clock::{Clock, SystemClock};
use crate::demo::server::TestServer;
use simulator::KieSimulator;

/// Checks the model and input of a create request; returns the kind of its output. The error is the text of the 422
/// reply.
pub type Validator = Arc<dyn Fn(&str, &Map<String, Value>) -> Result<OutputKind, String> + Send + Sync>;

/// The price of a task of this model and input, in credits.
pub type Pricer = Arc<dyn Fn(&str, &Map<String, Value>) -> f64 + Send + Sync>;

/// The members of a text result of this model, besides or instead of a text; of the task with this id.
pub type ResultMembers = Arc<dyn Fn(&str, &str) -> Map<String, Value> + Send + Sync>;

/// A route that answers with its result at once.
#[derive(Debug, Clone)]
pub struct InstantRoute {
    /// Its path.
    pub path: String,
    /// The model behind it.
    pub model: String,
}

/// Whether something holds for a model.
pub type ModelFilter = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// The format of the task record. The vendor sent all three within half a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordFormat {
    /// The first: no `creditsConsumed`.
    A,
    /// With `creditsConsumed`.
    B,
    /// With `operationType`, `successFlag`, `paramJson` and, on success, `response`.
    C,
}

/// How a poll of an unknown task is answered. The vendor's documentation and its routes differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownTask {
    /// Code 404.
    NotFound,
    /// Code 422.
    Invalid,
    /// Code 200 with null data.
    Null,
}

/// The settings of a simulated KIE.
#[derive(Clone)]
pub struct SimKieOptions {
    /// Port on 127.0.0.1; 0 takes a free port.
    pub port: u16,
    /// The accepted API key; `None` accepts any.
    pub key: Option<String>,
    /// Keys of other accounts, also accepted. An account cannot see the tasks of another.
    pub other_keys: Vec<String>,
    /// Seeds task ids and files.
    pub seed: u64,
    /// The format of the task record.
    pub record_format: RecordFormat,
    /// How long tasks run whose plan does not say it.
    pub pace: Pace,
    /// Factor by which time runs faster; 1 is real time.
    pub time_scale: f64,
    /// How an unknown task is answered.
    pub unknown: UnknownTask,
    /// The credits of the account at the start.
    pub balance: f64,
    /// The price of tasks; 4 credits by default.
    pub price: Pricer,
    /// Checks inputs; by default all are valid and give an image.
    pub validator: Validator,
    /// The members of text results; none by default: a text.
    pub members: ResultMembers,
    /// The routes that answer at once; none by default.
    pub instant_routes: Vec<InstantRoute>,
    /// Whether the model is refused without the address of a webhook; none is by default.
    pub needs_webhook: ModelFilter,
    /// The models that are listed; none by default.
    pub catalogue: Vec<Listing>,
    /// The records of the price feed; empty by default.
    pub price_feed: Vec<Value>,
    /// The most create requests within a time (before scaling); more are refused with code 429. KIE's limit is 20 in 10
    /// s.
    pub create_limit: Option<(u32, Duration)>,
    /// The key that webhooks are signed with, if any.
    pub webhook_key: Option<String>,
    /// Side of a square image in pixels. Tests use a small one, because drawing is slow in debug builds.
    pub picture_side: u32,
    /// The time of tasks.
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
            record_format: RecordFormat::C,
            pace: Pace::Time(Duration::from_secs(8)),
            time_scale: 1.0,
            unknown: UnknownTask::NotFound,
            balance: 1000.0,
            price: Arc::new(|_, _| 4.0),
            validator: Arc::new(|_, _| Ok(OutputKind::Image)),
            members: Arc::new(|_, _| Map::new()),
            instant_routes: Vec::new(),
            needs_webhook: Arc::new(|_| false),
            catalogue: Vec::new(),
            price_feed: Vec::new(),
            create_limit: Some((20, Duration::from_secs(10))),
            webhook_key: None,
            picture_side: 1024,
            clock: Arc::new(SystemClock),
            stop: CancellationToken::new(),
        }
    }
}

impl SimKieOptions {
    /// For tests: tasks are done after `polls` polls, and files are small.
    pub fn quick(polls: u32) -> Self {
        Self { pace: Pace::Polls(polls), picture_side: 96, ..Self::default() }
    }
}

/// A running simulator. Clones share it; it stops when the last one is dropped.
#[derive(Clone)]
pub struct SimKie {
    /// The base URL of the API, the upload host and the file host.
    pub url: Url,
    sim: Arc<KieSimulator>,
    server: Arc<TestServer>,
}

impl fmt::Debug for SimKie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimKie").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}

impl SimKie {
    /// Starts the server.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn start(options: SimKieOptions) -> io::Result<Self> {
        let (listener, url) = TestServer::bind(options.port).await?;
        let stop = options.stop.child_token();
        let sim = Arc::new(KieSimulator::new(options, url.clone(), stop.clone()));
        let server = TestServer::serve(listener, url, route::router(sim.clone()), stop);
        Ok(Self { url: server.url.clone(), sim, server: Arc::new(server) })
    }

    /// Adds a fault, which is injected into the next matching requests.
    pub fn fault(&self, fault: KieFault) {
        self.sim.state().faults.push(fault);
    }

    /// Removes all faults that were not injected yet.
    pub fn clear_faults(&self) {
        self.sim.state().faults.clear();
    }

    /// Adds a plan, which the next accepted create request without a plan takes.
    pub fn plan(&self, plan: TaskPlan) {
        self.sim.state().plans.push_back(plan);
    }

    /// Changes the catalogue.
    pub fn change_catalogue(&self, change: impl FnOnce(&mut Vec<Listing>)) {
        change(&mut self.sim.state().catalogue);
    }

    /// Sets the success rates of a model, oldest first, one for each period of ten minutes until now; `None` is a period
    /// without tasks.
    pub fn set_success_rates(&self, model: &str, rates: &[Option<f64>]) {
        self.sim.state().success_rates.insert(model.to_owned(), rates.to_vec());
    }

    /// Sets the records of a public feed; `None` removes its route.
    pub fn set_feed(&self, feed: PublicFeed, records: Option<Vec<Value>>) {
        let feeds = &mut self.sim.state().feeds;
        match records {
            Some(records) => drop(feeds.insert(feed, records)),
            None => drop(feeds.remove(&feed)),
        }
    }

    /// Ends a task at its next poll with all that its record has to show, whatever its plan.
    pub fn finish(&self, task_id: &str) {
        if let Some(task) = self.sim.state().tasks.get_mut(task_id) {
            task.plan.pace = Some(Pace::Polls(0));
            task.plan.late_polls = 0;
            if let TaskEnd::Never { .. } = task.plan.end {
                task.plan.end = TaskEnd::Succeed;
            }
        }
        self.sim.notify_changed();
    }

    /// All accepted create requests, oldest first.
    pub fn creates(&self) -> Vec<CreateRequest> {
        self.sim.state().creates.clone()
    }

    /// Waits until `count` create requests were accepted.
    ///
    /// # Errors
    /// The accepted requests, when `limit` has passed.
    pub async fn wait_for_creates(
        &self,
        count: usize,
        limit: Duration,
    ) -> Result<Vec<CreateRequest>, Vec<CreateRequest>> {
        let wait = self.sim.wait(|state| (state.creates.len() >= count).then(|| state.creates.clone()));
        match tokio::time::timeout(limit, wait).await {
            Ok(creates) => Ok(creates),
            Err(_) => Err(self.creates()),
        }
    }

    /// How often a task was polled.
    pub fn polls(&self, task_id: &str) -> u32 {
        self.sim.state().tasks.get(task_id).map_or(0, |task| task.polls)
    }

    /// All uploaded files, oldest first.
    pub fn uploads(&self) -> Vec<UploadedFile> {
        self.sim.state().uploads.clone()
    }

    /// The content of a file of this server; `None` also when it was not generated yet.
    pub fn file(&self, url: &str) -> Option<bytes::Bytes> {
        let path = url.strip_prefix(self.sim.files_url())?;
        self.sim.state().files.get(path)?.ready()
    }

    /// The remaining credits.
    pub fn balance(&self) -> f64 {
        self.sim.state().balance
    }

    /// Sets the remaining credits: 0 is an account that has run out, more is one that was topped up.
    pub fn set_balance(&self, credits: f64) {
        self.sim.state().balance = credits;
    }

    /// Sets the remaining credits to what they were at the start.
    pub fn top_up(&self) {
        self.set_balance(self.sim.options.balance);
    }

    /// How many requests for files and public feeds had the API key, which must never be sent there.
    pub fn key_leaks(&self) -> u32 {
        self.sim.state().key_leaks
    }

    /// The number of requests of a route, refused ones included.
    pub fn requests(&self, route: Route) -> u32 {
        self.sim.state().requests.get(&route).copied().unwrap_or(0)
    }

    /// Stops the server and waits until the port is free.
    pub async fn stop(&self) {
        self.server.stop().await;
    }
}
