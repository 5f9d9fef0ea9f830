//! The durable worker: takes one due job, moves it one step, lets it go. All it knows is in the row, so a restart goes on
//! where the last process stopped, and several workers share one store.

mod end;
mod lease;
mod lost;
mod send;
mod step;
mod submit;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Delivery, Service};
use crate::backoff::SharedRng;
use crate::job::{JobId, JobState};
use crate::log_once::LogOnce;
pub use step::VANISHED;
pub use submit::WITHDRAWN;

use crate::client::wait::{SCHEDULE, Schedule};
use crate::store::{ClaimedJob, JobQueue, Subscription};
use crate::store_error::StoreError;

/// A finished job is offered to an unwilling chat this often, at growing intervals, before it is kept as undeliverable; so
/// often is a person told of an end.
const DELIVERY_ATTEMPTS: u32 = 12;

/// How the worker works.
#[derive(Debug, Clone)]
pub struct WorkerSettings {
    /// Unique among all processes on one store.
    pub name: String,
    /// Jobs sent to the vendor at the same time; as many are looked at there, and as many are sent to chats.
    pub parallel: usize,
    /// How long a claimed job belongs to this worker without a sign of life: so long it rests after a crash in mid-step.
    pub lease: Duration,
    /// Longest pause before the store is asked again, for changes of other processes of which no word came.
    pub idle: Duration,
    /// After this the job is given up; the vendor may still finish it, but nobody waits so long.
    pub give_up: Duration,
    /// How long a step may go on after a stop before it is cut off; the row remembers it.
    pub drain: Duration,
    /// Pause before a delivery is tried again; each further one is twice as long.
    pub redelivery: Duration,
    /// How often the vendor is asked.
    pub schedule: Schedule,
    /// Seeds the jitter of the pauses.
    pub seed: u64,
    /// Where results lie between download and chat; a system folder when absent.
    pub scratch: Option<PathBuf>,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self {
            name: uuid::Uuid::new_v4().simple().to_string(),
            parallel: 16,
            lease: Duration::from_secs(20),
            idle: Duration::from_secs(2),
            give_up: Duration::from_secs(48 * 3600),
            drain: Duration::from_secs(20),
            redelivery: Duration::from_secs(4),
            schedule: SCHEDULE,
            seed: rand::random(),
            scratch: None,
        }
    }
}

/// What one turn did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepResult {
    /// No job was due.
    Idle,
    /// A job was moved (or looked at and left where it was).
    Moved {
        /// The job.
        job: JobId,
        /// Where it stood.
        from: JobState,
        /// Where it stands.
        to: JobState,
    },
    /// Another worker had taken the job over in the meantime; its word counts.
    Lost {
        /// The job.
        job: JobId,
    },
}

/// Moves jobs until it is stopped.
#[derive(Clone)]
pub struct Worker {
    service: Service,
    delivery: Arc<dyn Delivery>,
    settings: Arc<WorkerSettings>,
    rng: SharedRng,
    step_done: Arc<[Arc<Notify>; 3]>,
    stop: CancellationToken,
    /// Outages of the store, and refusals of the account by the vendor, as logged last.
    store: Arc<LogOnce>,
    account: Arc<LogOnce>,
}

impl Worker {
    /// A worker that shows progress and results through `delivery`.
    pub fn new(service: Service, delivery: Arc<dyn Delivery>, settings: WorkerSettings) -> Self {
        let rng = SharedRng::from_seed(settings.seed);
        Self {
            service,
            delivery,
            settings: Arc::new(settings),
            rng,
            step_done: Arc::default(),
            stop: CancellationToken::new(),
            store: Arc::default(),
            account: Arc::default(),
        }
    }

    /// Takes the job that is due longest and moves it one step.
    ///
    /// # Errors
    /// When the store cannot answer; the job's lease ends by itself.
    pub async fn run_one(&self) -> Result<StepResult, StoreError> {
        match self.claim(JobQueue::All).await? {
            Some(claimed) => self.step(claimed).await,
            None => Ok(StepResult::Idle),
        }
    }

    async fn claim(&self, queue: JobQueue) -> Result<Option<ClaimedJob>, StoreError> {
        let Self { service, settings, .. } = self;
        let in_flight = service.inner.in_flight.ids();
        service.inner.store.claim_from(queue, &in_flight, &settings.name, service.now(), settings.lease).await
    }

    /// Moves jobs until `stop`; then finishes the steps in hand, within the drain limit. Jobs that wait to be sent, jobs that
    /// the vendor has, and what is on its way into a chat have slots of their own: none keeps another waiting.
    pub async fn run(&self, stop: CancellationToken) {
        let worker = Self { stop, ..self.clone() };
        let steps = TaskTracker::new();
        let [held, watched, for_chats] = QUEUES.map(|queue| worker.run_lane(queue, &steps));
        tokio::join!(held, watched, for_chats);
        steps.close();
        let late = self.service.inner.clock.sleep(self.settings.drain);
        tokio::select! {
            () = steps.wait() => {}
            () = late => tracing::warn!(steps = steps.len(), "steps are cut off; their jobs go on after a restart"),
        }
    }

    async fn run_lane(&self, queue: JobQueue, steps: &TaskTracker) {
        let slots = Arc::new(Semaphore::new(self.settings.parallel));
        let mut wakeups = Wakeups { subscription: self.service.subscribe(), step: self.step_done_in(queue) };
        while !self.stop.is_cancelled() {
            let slot = tokio::select! {
                () = self.stop.cancelled() => break,
                // The semaphore is never closed; a refusal would only mean one idle turn.
                slot = slots.clone().acquire_owned() => slot.ok(),
            };
            match self.claim(queue).await {
                Ok(Some(claimed)) => {
                    self.note_store_up();
                    let worker = self.clone();
                    steps.spawn(async move {
                        worker.finish_step(claimed).await;
                        drop(slot);
                    });
                }
                Ok(None) => {
                    drop(slot);
                    self.note_store_up();
                    self.wait_for_work(queue, &mut wakeups).await;
                }
                Err(error) => {
                    drop(slot);
                    self.note_store_down(&error);
                    self.pause(&mut wakeups, self.settings.idle).await;
                }
            }
        }
    }

    /// An outage is said once, and its end.
    fn note_store_down(&self, error: &StoreError) {
        // Each try may word it in its own way.
        let kind = if error.is_unavailable() { "away".to_owned() } else { error.to_string() };
        if self.store.changed(kind) {
            tracing::error!(%error, "the store does not answer");
        } else {
            tracing::debug!(%error, "the store still does not answer");
        }
    }

    fn note_store_up(&self) {
        if self.store.cleared() {
            tracing::info!("the store answers again");
        }
    }

    async fn finish_step(&self, claimed: ClaimedJob) {
        let job = claimed.job.id.clone();
        match self.step(claimed).await {
            Ok(StepResult::Moved { to, .. }) => self.step_done_in(queue_of(to)).notify_one(),
            // Where it is now, those know who have it.
            Ok(StepResult::Lost { .. } | StepResult::Idle) => {}
            Err(error) if error.is_unavailable() => {
                self.note_store_down(&error);
                tracing::debug!(%job, %error, "a job could not be moved; its lease will end");
            }
            Err(error) => tracing::error!(%job, %error, "a job could not be moved; its lease will end"),
        }
    }

    /// Rings when a step has left a job there.
    fn step_done_in(&self, queue: JobQueue) -> Arc<Notify> {
        let [held, watched, for_chats] = &*self.step_done;
        match queue {
            JobQueue::Submit => held.clone(),
            JobQueue::All | JobQueue::Poll => watched.clone(),
            JobQueue::Deliver => for_chats.clone(),
        }
    }

    /// Waits until a job is due, word of a change comes, or `idle` has passed.
    async fn wait_for_work(&self, queue: JobQueue, wakeups: &mut Wakeups) {
        let now = self.service.now();
        let due = match self.service.inner.store.next_due_in(queue).await {
            Ok(due) => due,
            Err(error) => {
                self.note_store_down(&error);
                None
            }
        };
        let pause = due.map_or(self.settings.idle, |at| at.since(now)).min(self.settings.idle);
        // A due job that could not be claimed is in another worker's hands: do not spin on it.
        self.pause(wakeups, pause.max(Duration::from_millis(20))).await;
    }

    async fn pause(&self, wakeups: &mut Wakeups, pause: Duration) {
        tokio::select! {
            () = self.stop.cancelled() => {}
            () = wakeups.step.notified() => {}
            () = wakeups.subscription.jobs() => {}
            () = self.service.inner.clock.sleep(pause) => {}
        }
    }
}

/// Jobs in different lanes keep nobody in another one waiting.
const QUEUES: [JobQueue; 3] = [JobQueue::Submit, JobQueue::Poll, JobQueue::Deliver];

/// Where a job that stands there is looked for.
const fn queue_of(state: JobState) -> JobQueue {
    match state {
        JobState::Held => JobQueue::Submit,
        JobState::Submitting | JobState::Running => JobQueue::Poll,
        JobState::Ready
        | JobState::Delivering
        | JobState::Delivered
        | JobState::Failed
        | JobState::Unknown
        | JobState::Undeliverable
        | JobState::Cancelled => JobQueue::Deliver,
    }
}

/// What ends a rest early.
struct Wakeups {
    subscription: Subscription,
    step: Arc<Notify>,
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").field("settings", &self.settings).finish_non_exhaustive()
    }
}
