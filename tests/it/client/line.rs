//! A clock for many concurrent callers. It moves to the next wake-up only after every request was answered, so the
//! server sees a request at the time at which it got its permit.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use kie::client::limit::{Budget, Limiter, LimiterFuture, MemoryLimiter, Permit, Rate};
use kie::clock::{Clock, Sleep, Timestamp};
use tokio::sync::oneshot;

pub(crate) const START: Timestamp = Timestamp::from_millis(1_790_000_000_000);

/// A clock with sleepers, and a limiter that counts permits.
#[derive(Debug)]
pub(crate) struct Line {
    now: Mutex<Timestamp>,
    sleepers: Mutex<Vec<(Timestamp, oneshot::Sender<()>)>>,
    limiter: MemoryLimiter,
    /// Permits granted.
    passed: AtomicUsize,
    /// Permits refused.
    told: AtomicUsize,
    /// Sleeps started.
    slept: AtomicUsize,
}

impl Line {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            now: Mutex::new(START),
            sleepers: Mutex::default(),
            limiter: MemoryLimiter::default(),
            passed: AtomicUsize::new(0),
            told: AtomicUsize::new(0),
            slept: AtomicUsize::new(0),
        })
    }

    /// Milliseconds since the start.
    pub(crate) fn ms(&self) -> i64 {
        self.now().millis() - START.millis()
    }

    /// Advances the time until `is_done`. `answered` is the number of requests whose caller was done after them; after
    /// all others the caller paused.
    pub(crate) async fn run(&self, answered: impl Fn() -> usize, is_done: impl Fn() -> bool) {
        let give_up = Instant::now() + Duration::from_secs(120);
        while !is_done() {
            assert!(Instant::now() < give_up, "stuck: {self:?}");
            let counts = [&self.passed, &self.told, &self.slept].map(|count| count.load(Ordering::SeqCst));
            let [passed, told, slept] = counts;
            if passed + told == answered() + slept {
                self.wake_next();
            }
            tokio::task::yield_now().await;
        }
    }

    pub(crate) fn wake_next(&self) {
        let mut sleepers = self.sleepers.lock().unwrap();
        // Cancelled callers sleep no more.
        sleepers.retain(|(_, wake)| !wake.is_closed());
        let Some(next) = sleepers.iter().map(|(until, _)| *until).min() else { return };
        let mut now = self.now.lock().unwrap();
        *now = next.max(*now);
        let (due, later) = sleepers.drain(..).partition(|(until, _)| *until <= *now);
        *sleepers = later;
        for (_, wake) in Vec::<(Timestamp, oneshot::Sender<()>)>::from_iter::<Vec<_>>(due) {
            let _ = wake.send(());
        }
    }
}

impl Clock for Line {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn sleep(&self, d: Duration) -> Sleep<'_> {
        let (wake, woken) = oneshot::channel();
        self.sleepers.lock().unwrap().push((self.now() + d, wake));
        self.slept.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            let _ = woken.await;
        })
    }
}

impl Limiter for Line {
    fn try_acquire<'a>(&'a self, budget: &'a Budget, rate: Rate, now: Timestamp) -> LimiterFuture<'a, Permit> {
        Box::pin(async move {
            let turn = self.limiter.try_acquire(budget, rate, now).await?;
            let count = if turn == Permit::Granted { &self.passed } else { &self.told };
            count.fetch_add(1, Ordering::SeqCst);
            Ok(turn)
        })
    }

    fn pause<'a>(&'a self, budget: &'a Budget, pause: Duration, now: Timestamp) -> LimiterFuture<'a, ()> {
        self.limiter.pause(budget, pause, now)
    }
}

/// The most events in any half-open window of this length.
pub(crate) fn busiest(times: &[i64], window: i64) -> usize {
    times
        .iter()
        .map(|first| times.iter().filter(|at| (*first..first + window).contains(*at)).count())
        .max()
        .unwrap_or(0)
}
