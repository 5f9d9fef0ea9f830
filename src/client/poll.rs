//! Polls of tasks, shared (single-flight): callers that ask about a task while a request is in flight get its answer,
//! and no task is asked about more than once a second, however many callers wait for it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync;

use crate::client::Client;
use crate::client::error::Error;
use crate::client::key::Key;
use crate::client::queue::Purpose;
use crate::client::retry::ReadClass;
use crate::client::task::Task;
use crate::client::wait::MIN_POLL_INTERVAL;
use crate::clock::Timestamp;
use crate::job::TaskId;

/// With fewer tasks in the cache nothing is evicted.
const EVICT_FROM: usize = 256;

/// The latest poll of each task that is being waited for.
#[derive(Default)]
pub(crate) struct PollCache {
    slots: Mutex<Slots>,
}

#[derive(Default)]
struct Slots {
    by_task: HashMap<TaskId, Arc<Slot>>,
    evict_at: usize,
}

#[derive(Default)]
struct Slot {
    /// Calls that use the slot now. Raised under the lock of the map only, so that none is evicted meanwhile.
    callers: AtomicUsize,
    /// Polls that have ended.
    ended: AtomicU64,
    last: sync::Mutex<Last>,
}

#[derive(Default)]
struct Last {
    /// When the last request was sent, or later.
    at: Option<Timestamp>,
    /// Its result, while another caller waits for it.
    result: Option<Result<Task, Error>>,
}

/// A call's use of a slot, counted until it is dropped.
struct Caller(Arc<Slot>);

impl Drop for Caller {
    fn drop(&mut self) {
        self.0.callers.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Slot {
    fn is_recent(&self, now: Timestamp) -> bool {
        self.last.try_lock().is_ok_and(|last| last.at.is_some_and(|at| now.since(at) < MIN_POLL_INTERVAL))
    }
}

impl PollCache {
    fn enter(&self, id: &TaskId, now: Timestamp) -> Caller {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.by_task.len() >= slots.evict_at.max(EVICT_FROM) {
            slots.by_task.retain(|_, slot| slot.callers.load(Ordering::Acquire) > 0 || slot.is_recent(now));
            slots.evict_at = slots.by_task.len() * 2;
        }
        let slot = slots.by_task.entry(id.clone()).or_default().clone();
        slot.callers.fetch_add(1, Ordering::AcqRel);
        Caller(slot)
    }
}

impl Client {
    /// One poll of a task (`GET /api/v1/jobs/recordInfo`), with the key that made it, at the pace of the poll budget
    /// and at most once a second for a task; callers who ask at the same time share one poll. Not repeated after an
    /// error: the poll loop is the repetition.
    ///
    /// Where it is not known which key made the task (see [`Client::remember_key`]), the keys are tried in turn.
    ///
    /// # Errors
    /// [`Error::NotFound`] and codes 404 and 422 also come right after a create, for a short time;
    /// [`classify`](crate::client::wait::classify) tells what each error means for the task.
    pub async fn task(&self, id: &TaskId) -> Result<Task, Error> {
        let caller = self.polls.enter(id, self.clock.now());
        let slot = &caller.0;
        let before = slot.ended.load(Ordering::Acquire);
        let mut last = slot.last.lock().await;
        if slot.ended.load(Ordering::Acquire) != before
            && let Some(result) = &last.result
        {
            return result.clone();
        }
        if let Some(at) = last.at {
            let pause = MIN_POLL_INTERVAL.saturating_sub(self.clock.now().since(at));
            if !pause.is_zero() {
                self.clock.sleep(pause).await;
            }
        }
        let result = self.poll(id, &mut last.at).await.map_err(|error| error.about(id));
        last.at = Some(self.clock.now());
        // Kept for other callers alone.
        last.result = (slot.callers.load(Ordering::Acquire) > 1).then(|| result.clone());
        slot.ended.fetch_add(1, Ordering::Release);
        result
    }

    async fn poll(&self, id: &TaskId, sent: &mut Option<Timestamp>) -> Result<Task, Error> {
        if let Some(key) = self.hosts.keys.creator_of(id) {
            return self.poll_with(&key, id, sent).await;
        }
        let mut worst: Option<Error> = None;
        for key in self.hosts.keys.all() {
            match self.poll_with(key, id, sent).await {
                Ok(task) => {
                    self.hosts.keys.remember(id, key);
                    return Ok(task);
                }
                // The task may belong to that key: the most hopeful error is kept.
                Err(error) if worst.as_ref().is_none_or(|known| hope(&error) > hope(known)) => worst = Some(error),
                Err(_) => {}
            }
        }
        Err(worst.unwrap_or(Error::NotFound))
    }

    async fn poll_with(&self, key: &Key, id: &TaskId, sent: &mut Option<Timestamp>) -> Result<Task, Error> {
        let call = self.get(key, "/api/v1/jobs/recordInfo").query(&[("taskId", &id.0)]);
        self.acquire(Purpose::Poll, key, 0).await;
        *sent = Some(self.clock.now());
        let record = self.call_limited(Purpose::Poll, key, call, "recordInfo").await?;
        Task::from_record(id, record)
    }
}

/// How likely the task belongs to the key that got this error. A failure of the task itself is the highest: only the
/// key of the task gets it.
fn hope(error: &Error) -> u8 {
    match error.read_class() {
        ReadClass::TaskFailed => 3,
        ReadClass::Retry | ReadClass::RetrySlowly => 2,
        ReadClass::Grace => 1,
        ReadClass::Fatal => 0,
    }
}
