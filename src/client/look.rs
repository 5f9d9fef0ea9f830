//! Looks at tasks, shared: whoever asks about a task while another is asking gets the same answer, and no task is asked
//! about more than once a second, however many wait for it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync;

use crate::client::Client;
use crate::client::error::Error;
use crate::client::key::Key;
use crate::client::limit::Purpose;
use crate::client::retry::Read;
use crate::client::task::Task;
use crate::client::wait::LEAST_PAUSE;
use crate::clock::Timestamp;
use crate::job::TaskId;

/// Below so many known tasks nothing is tidied up.
const FEW: usize = 256;

/// The latest looks of all tasks that somebody asks about.
#[derive(Default)]
pub(crate) struct Looks {
    slots: Mutex<Slots>,
}

#[derive(Default)]
struct Slots {
    of: HashMap<TaskId, Arc<Slot>>,
    tidy_at: usize,
}

#[derive(Default)]
struct Slot {
    /// How many looks have ended.
    ended: AtomicU64,
    last: sync::Mutex<Last>,
}

#[derive(Default)]
struct Last {
    /// When the last request went out, or later.
    at: Option<Timestamp>,
    /// What it brought, while somebody else waits for it.
    look: Option<Result<Task, Error>>,
}

impl Looks {
    fn slot(&self, id: &TaskId, now: Timestamp) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.of.len() >= slots.tidy_at.max(FEW) {
            let fresh =
                |slot: &Slot| slot.last.try_lock().is_ok_and(|l| l.at.is_some_and(|at| now.since(at) < LEAST_PAUSE));
            slots.of.retain(|_, slot| Arc::strong_count(slot) > 1 || fresh(slot));
            slots.tidy_at = slots.of.len() * 2;
        }
        slots.of.entry(id.clone()).or_default().clone()
    }
}

impl Client {
    /// One look at a task (`GET /api/v1/jobs/recordInfo`), with the key that made it, at the pace of the poll budget and
    /// at most once a second for a task; callers who ask at the same time share one look. Not repeated after an error: the
    /// poll loop is the repetition.
    ///
    /// Where it is not known which key made the task (see [`Client::remember_key`]), the keys are tried in turn.
    ///
    /// # Errors
    /// [`Error::NotFound`] and codes 404 and 422 also come right after a create, for a short time;
    /// [`classify`](crate::client::wait::classify) tells what each error means for the task.
    pub async fn task(&self, id: &TaskId) -> Result<Task, Error> {
        let slot = self.looks.slot(id, self.clock.now());
        let before = slot.ended.load(Ordering::Acquire);
        let mut last = slot.last.lock().await;
        if slot.ended.load(Ordering::Acquire) != before
            && let Some(look) = &last.look
        {
            return look.clone();
        }
        if let Some(at) = last.at {
            let pause = LEAST_PAUSE.saturating_sub(self.clock.now().since(at));
            if !pause.is_zero() {
                self.clock.sleep(pause).await;
            }
        }
        let look = self.look(id, &mut last.at).await.map_err(|error| error.about(id));
        last.at = Some(self.clock.now());
        // The map and this call hold one each: a third means that somebody waits.
        last.look = (Arc::strong_count(&slot) > 2).then(|| look.clone());
        slot.ended.fetch_add(1, Ordering::Release);
        look
    }

    async fn look(&self, id: &TaskId, sent: &mut Option<Timestamp>) -> Result<Task, Error> {
        if let Some(key) = self.hosts.keys.maker(id) {
            return self.look_with(&key, id, sent).await;
        }
        let mut worst: Option<Error> = None;
        for key in self.hosts.keys.all() {
            match self.look_with(key, id, sent).await {
                Ok(task) => {
                    self.hosts.keys.remember(id, key);
                    return Ok(task);
                }
                // The task may be that key's: whichever answer leaves most hope stands.
                Err(error) if worst.as_ref().is_none_or(|known| hope(&error) > hope(known)) => worst = Some(error),
                Err(_) => {}
            }
        }
        Err(worst.unwrap_or(Error::NotFound))
    }

    async fn look_with(&self, key: &Key, id: &TaskId, sent: &mut Option<Timestamp>) -> Result<Task, Error> {
        let call = self.get(key, "/api/v1/jobs/recordInfo").query(&[("taskId", &id.0)]);
        self.take_turn(Purpose::Poll, key, 0).await;
        *sent = Some(self.clock.now());
        let record = self.call_limited(Purpose::Poll, key, call, "recordInfo").await?;
        Task::from_record(id, record)
    }
}

/// How much an error leaves to hope for when it came from one key of several. The task's own failure is the strongest: it
/// comes from the key that has the task.
fn hope(error: &Error) -> u8 {
    match error.read() {
        Read::TaskFailed => 3,
        Read::Retry | Read::RetrySlowly => 2,
        Read::Grace => 1,
        Read::Fatal => 0,
    }
}
