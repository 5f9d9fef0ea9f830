//! The durable worker: claims a job that is due, moves it one step, and releases it. All state is in the store, so a
//! restart continues where the last process stopped, and several workers share one store.

mod alert;
mod announce;
mod end;
mod lease;
mod lost;
mod probe;
mod redelivery;
mod renew;
mod report;
mod send;
mod step;
mod submit;
mod unreadable;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Attachments, Delivery, Service, StoreOutage};
use crate::backoff::{Backoff, SharedRng};
use crate::job::{JobId, JobState};
use crate::log_once::LogOnce;
pub use renew::FILE_GONE;
pub use send::CHAT_GONE;
pub use step::{TIMED_OUT, VANISHED};
pub use submit::{UNRECEIVED, WITHDRAWN};
pub use unreadable::UNREADABLE;

use crate::client::wait::{RESULT_GRACE, SCHEDULE, Schedule};
use crate::store::{ClaimedJob, JobQueue, Subscription};
use crate::store_error::StoreError;

/// How a worker works.
#[derive(Debug, Clone)]
pub struct WorkerSettings {
    /// Its id, unique among all processes on one store.
    pub worker_id: String,
    /// Jobs in work at the same time, in each queue but that of the jobs to be sent.
    pub parallel: usize,
    /// Jobs at the same time that are sent to the vendor or wait for its rate limit.
    pub creates: usize,
    /// How long a claim lasts without renewal; a job waits this long after a crash.
    pub lease: Duration,
    /// Longest pause between two looks for due jobs, in case a notification was lost.
    pub idle: Duration,
    /// After this time a job whose task has not ended is `unknown`: the vendor may still finish it.
    pub give_up: Duration,
    /// How long a task that has succeeded without a result that can be read is polled again.
    pub result_grace: Duration,
    /// Time limit for steps that run when the worker is stopped. A step that is cut off is repeated later.
    pub drain: Duration,
    /// First pause before a delivery is retried; each further one is as long as all before it together, up to minutes.
    pub redelivery: Duration,
    /// How long a file of a new result that the vendor's storage does not have is asked for again before it becomes a link.
    pub file_grace: Duration,
    /// How often the operator is told of results that reached no chat: of all of the time between at once.
    pub report_interval: Duration,
    /// How often it is looked for what the operator is to hear.
    pub alert_interval: Duration,
    /// How often it is looked for announcements.
    pub announcement_interval: Duration,
    /// Pauses between two readings of the balance while the account is out of credits.
    pub probes: Backoff,
    /// How often a process looks whether it is.
    pub probe_interval: Duration,
    /// Pauses between polls of a task.
    pub schedule: Schedule,
    /// Seeds the jitter of the pauses.
    pub seed: u64,
    /// Folder of downloaded results; the system's temporary folder when absent.
    pub scratch: Option<PathBuf>,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self {
            worker_id: uuid::Uuid::new_v4().simple().to_string(),
            parallel: 16,
            creates: 16,
            lease: Duration::from_secs(20),
            idle: Duration::from_secs(2),
            give_up: Duration::from_secs(48 * 3600),
            result_grace: RESULT_GRACE,
            drain: Duration::from_secs(20),
            redelivery: Duration::from_secs(4),
            file_grace: Duration::from_secs(60),
            report_interval: Duration::from_secs(600),
            alert_interval: Duration::from_secs(60),
            announcement_interval: Duration::from_secs(5),
            probes: Backoff::new(Duration::from_secs(5), Duration::from_secs(300)),
            probe_interval: Duration::from_secs(5),
            schedule: SCHEDULE,
            seed: rand::random(),
            scratch: None,
        }
    }
}

/// The result of one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepResult {
    /// No job was due.
    Idle,
    /// A job was moved, or kept its state.
    Moved {
        /// The job.
        job: JobId,
        /// Its state before.
        from: JobState,
        /// Its state now.
        to: JobState,
    },
    /// Another worker has claimed the job in the meantime; nothing was changed.
    Stale {
        /// The job.
        job: JobId,
    },
}

/// Moves jobs until it is stopped.
#[derive(Clone)]
pub struct Worker {
    service: Service,
    delivery: Arc<dyn Delivery>,
    attachments: Arc<dyn Attachments>,
    settings: Arc<WorkerSettings>,
    rng: SharedRng,
    step_done: Arc<[Arc<Notify>; 3]>,
    stop: CancellationToken,
    outage: Arc<StoreOutage>,
    /// Refusals of the account by the vendor.
    account_refusal: Arc<LogOnce>,
}

impl Worker {
    /// A worker that shows progress and results through `delivery`, and fetches users' files again through `attachments`.
    pub fn new(
        service: Service,
        delivery: Arc<dyn Delivery>,
        attachments: Arc<dyn Attachments>,
        settings: WorkerSettings,
    ) -> Self {
        let rng = SharedRng::from_seed(settings.seed);
        Self {
            service,
            delivery,
            attachments,
            settings: Arc::new(settings),
            rng,
            step_done: Arc::default(),
            stop: CancellationToken::new(),
            outage: Arc::default(),
            account_refusal: Arc::default(),
        }
    }

    /// Claims the job that has been due longest and moves it one step.
    ///
    /// # Errors
    /// When the store fails; the job is claimed again when the lease ends.
    pub async fn run_one(&self) -> Result<StepResult, StoreError> {
        match self.claim(JobQueue::All).await? {
            Some(claimed) => self.step(claimed).await,
            None => Ok(StepResult::Idle),
        }
    }

    async fn claim(&self, queue: JobQueue) -> Result<Option<ClaimedJob>, StoreError> {
        let Self { service, settings, .. } = self;
        let in_flight = service.inner.in_flight.ids();
        service.inner.store.claim_from(queue, &in_flight, &settings.worker_id, service.now(), settings.lease).await
    }

    /// Moves jobs until `stop`, then finishes the running steps within the drain limit. Each queue has slots of its
    /// own, so that no queue blocks another.
    pub async fn run(&self, stop: CancellationToken) {
        let worker = Self { stop, ..self.clone() };
        let steps = TaskTracker::new();
        steps.spawn(worker.clone().tell_operator_until_stopped());
        steps.spawn(worker.clone().alert_operator_until_stopped());
        steps.spawn(worker.clone().announce_until_stopped());
        steps.spawn(worker.clone().probe_shortage_until_stopped());
        let [submit, poll, deliver] = QUEUES.map(|queue| worker.run_queue(queue, &steps));
        tokio::join!(submit, poll, deliver);
        steps.close();
        let late = self.service.inner.clock.sleep(self.settings.drain);
        let done = async {
            steps.wait().await;
            // A progress message that is on its way is not to be left behind.
            self.delivery.drain().await;
        };
        tokio::select! {
            () = done => {}
            () = late => tracing::warn!(steps = steps.len(), "steps are cut off; their jobs continue after a restart"),
        }
    }

    async fn run_queue(&self, queue: JobQueue, steps: &TaskTracker) {
        let slots = Arc::new(Semaphore::new(match queue {
            JobQueue::Submit => self.settings.creates,
            JobQueue::All | JobQueue::Poll | JobQueue::Deliver => self.settings.parallel,
        }));
        let mut wakeups = Wakeups { subscription: self.service.subscribe(), step: self.step_done_in(queue) };
        while !self.stop.is_cancelled() {
            let slot = tokio::select! {
                () = self.stop.cancelled() => break,
                // The semaphore is never closed.
                slot = slots.clone().acquire_owned() => slot.ok(),
            };
            match self.claim(queue).await {
                Ok(Some(claimed)) => {
                    self.outage.note_up();
                    let worker = self.clone();
                    steps.spawn(async move {
                        worker.finish_step(claimed).await;
                        drop(slot);
                    });
                }
                Ok(None) => {
                    drop(slot);
                    self.outage.note_up();
                    self.wait_for_work(queue, &mut wakeups).await;
                }
                Err(error) => {
                    drop(slot);
                    self.outage.note_down(&error);
                    self.pause(&mut wakeups, self.settings.idle).await;
                }
            }
        }
    }

    async fn finish_step(&self, claimed: ClaimedJob) {
        let job = claimed.job.id.clone();
        match self.step(claimed).await {
            Ok(StepResult::Moved { to, .. }) => {
                if let Some(queue) = JobQueue::of(to) {
                    self.step_done_in(queue).notify_one();
                }
            }
            // A stale job is in the queue of the worker that has claimed it.
            Ok(StepResult::Stale { .. } | StepResult::Idle) => {}
            Err(error) if error.is_unavailable() => {
                self.outage.note_down(&error);
                tracing::debug!(%job, %error, "a job could not be moved; it is claimed again when its lease ends");
            }
            Err(error) => {
                tracing::error!(%job, %error, "a job could not be moved; it is claimed again when its lease ends");
            }
        }
    }

    /// Notified when a step has moved a job to this queue.
    fn step_done_in(&self, queue: JobQueue) -> Arc<Notify> {
        let [submit, poll, deliver] = &*self.step_done;
        match queue {
            JobQueue::Submit => submit.clone(),
            JobQueue::All | JobQueue::Poll => poll.clone(),
            JobQueue::Deliver => deliver.clone(),
        }
    }

    /// Waits until a job is due, a notification arrives, or `idle` has passed.
    async fn wait_for_work(&self, queue: JobQueue, wakeups: &mut Wakeups) {
        let now = self.service.now();
        let due = match self.service.inner.store.next_due_in(queue).await {
            Ok(due) => due,
            Err(error) => {
                self.outage.note_down(&error);
                None
            }
        };
        let pause = due.map_or(self.settings.idle, |at| at.since(now)).min(self.settings.idle);
        // A due job that could not be claimed is just being claimed by another worker: do not spin.
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

const QUEUES: [JobQueue; 3] = [JobQueue::Submit, JobQueue::Poll, JobQueue::Deliver];

/// What ends a pause early.
struct Wakeups {
    subscription: Subscription,
    step: Arc<Notify>,
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").field("settings", &self.settings).finish_non_exhaustive()
    }
}
