//! The durable worker: takes one due job, moves it one step, lets it go. All it knows is in the row, so a restart goes on
//! where the last process stopped, and several workers share one store.

mod lost;
mod step;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Delivery, Service};
use crate::job::{JobId, JobState};
use crate::kie::wait::{SCHEDULE, Schedule};
use crate::store::{Among, Changes, Claimed, StoreError};

/// How the worker works.
#[derive(Debug, Clone)]
pub struct WorkerSettings {
    /// Unique among all processes on one store.
    pub name: String,
    /// Jobs sent to the vendor at the same time, and as many moved in other ways.
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
pub enum Step {
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
    chance: Arc<Mutex<StdRng>>,
    ended: Arc<[Arc<Notify>; 2]>,
}

impl Worker {
    /// A worker that shows progress and results through `delivery`.
    pub fn new(service: Service, delivery: Arc<dyn Delivery>, settings: WorkerSettings) -> Self {
        let chance = Arc::new(Mutex::new(StdRng::seed_from_u64(settings.seed)));
        Self { service, delivery, settings: Arc::new(settings), chance, ended: Arc::default() }
    }

    /// A number from 0 to 1.
    fn chance(&self) -> f64 {
        self.chance.lock().unwrap_or_else(PoisonError::into_inner).r#gen()
    }

    /// Takes the job that is due longest and moves it one step.
    ///
    /// # Errors
    /// When the store cannot answer; the job's lease ends by itself.
    pub async fn run_one(&self) -> Result<Step, StoreError> {
        let claimed =
            self.service.inner.store.claim(&self.settings.name, self.service.now(), self.settings.lease).await?;
        match claimed {
            Some(claimed) => self.step(claimed).await,
            None => Ok(Step::Idle),
        }
    }

    /// Moves jobs until `stop`; then finishes the steps in hand, within the drain limit. Jobs that wait to be sent have
    /// slots of their own: a long queue before the vendor keeps nobody's result waiting.
    pub async fn run(&self, stop: CancellationToken) {
        let steps = TaskTracker::new();
        tokio::join!(self.turn_over(Among::Held, &steps, &stop), self.turn_over(Among::Sent, &steps, &stop),);
        steps.close();
        let late = self.service.inner.clock.sleep(self.settings.drain);
        tokio::select! {
            () = steps.wait() => {}
            () = late => tracing::warn!(steps = steps.len(), "steps are cut off; their jobs go on after a restart"),
        }
    }

    async fn turn_over(&self, among: Among, steps: &TaskTracker, stop: &CancellationToken) {
        let store = &self.service.inner.store;
        let slots = Arc::new(Semaphore::new(self.settings.parallel));
        let mut bells = Bells { changes: store.changes(), step: self.ended(among) };
        while !stop.is_cancelled() {
            let slot = tokio::select! {
                () = stop.cancelled() => break,
                // The semaphore is never closed; a refusal would only mean one idle turn.
                slot = slots.clone().acquire_owned() => slot.ok(),
            };
            match store.claim_among(among, &self.settings.name, self.service.now(), self.settings.lease).await {
                Ok(Some(claimed)) => {
                    let worker = self.clone();
                    steps.spawn(async move {
                        worker.finish_step(claimed).await;
                        drop(slot);
                    });
                }
                Ok(None) => {
                    drop(slot);
                    self.rest(among, stop, &mut bells).await;
                }
                Err(error) => {
                    drop(slot);
                    tracing::error!(%error, "the store does not answer");
                    self.pause(stop, &mut bells, self.settings.idle).await;
                }
            }
        }
    }

    async fn finish_step(&self, claimed: Claimed) {
        let job = claimed.job.id.clone();
        let now_in = match self.step(claimed).await {
            Ok(Step::Moved { to: JobState::Held, .. }) => Among::Held,
            Ok(_) => Among::Sent,
            Err(error) => {
                tracing::error!(%job, %error, "a job could not be moved; its lease will end");
                return;
            }
        };
        self.ended(now_in).notify_one();
    }

    /// Rings when a step has left a job there.
    fn ended(&self, among: Among) -> Arc<Notify> {
        let [held, sent] = &*self.ended;
        if among == Among::Held { held.clone() } else { sent.clone() }
    }

    /// Waits until a job is due, word of a change comes, or `idle` has passed.
    async fn rest(&self, among: Among, stop: &CancellationToken, bells: &mut Bells) {
        let now = self.service.now();
        let due = match self.service.inner.store.next_due_among(among).await {
            Ok(due) => due,
            Err(error) => {
                tracing::error!(%error, "the store does not answer");
                None
            }
        };
        let pause = due.map_or(self.settings.idle, |at| at.since(now)).min(self.settings.idle);
        // A due job that could not be claimed is in another worker's hands: do not spin on it.
        self.pause(stop, bells, pause.max(Duration::from_millis(20))).await;
    }

    async fn pause(&self, stop: &CancellationToken, bells: &mut Bells, pause: Duration) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = bells.step.notified() => {}
            () = bells.changes.jobs() => {}
            () = self.service.inner.clock.sleep(pause) => {}
        }
    }
}

/// What ends a rest early.
struct Bells {
    changes: Changes,
    step: Arc<Notify>,
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").field("settings", &self.settings).finish_non_exhaustive()
    }
}
