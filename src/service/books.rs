//! The books as an operator reads them: totals by day, and the proof that every ledger agrees with its job. Needs a store
//! and nothing else.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, Timestamp};
use crate::job::{JobId, JobState};
use crate::ledger::Credits;
use crate::store::{DayTotals, JobAccount, Store};
use crate::store_error::StoreError;

const DAY: Duration = Duration::from_secs(86_400);
/// How many jobs of a note are named.
const NAMED: usize = 20;

/// Reads and checks the ledgers of all jobs. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Books {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
}

/// What is wrong with the ledger of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// The job has a price and no hold.
    NoHold,
    /// The hold is not the job's price.
    NotThePrice,
    /// A capture or a release without a hold.
    NothingHeld,
    /// Both a capture and a release.
    ClosedTwice,
    /// The capture or the release is not the amount of the hold.
    NotTheHold,
    /// The job has ended, and its hold is neither captured nor released.
    LeftOpen,
    /// The job has not ended, and its hold is captured or released.
    ClosedEarly,
    /// There is a result and the hold was released, or the job was cancelled and the hold was captured.
    ClosedWrong,
}

impl Mistake {
    /// Its word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoHold => "no_hold",
            Self::NotThePrice => "not_the_price",
            Self::NothingHeld => "nothing_held",
            Self::ClosedTwice => "closed_twice",
            Self::NotTheHold => "not_the_hold",
            Self::LeftOpen => "left_open",
            Self::ClosedEarly => "closed_early",
            Self::ClosedWrong => "closed_wrong",
        }
    }
}

/// Jobs that are worth a look and no mistake.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Noted {
    /// How many.
    pub count: u64,
    /// The first 20 by id.
    pub first: Vec<JobId>,
}

impl Noted {
    fn add(&mut self, job: &JobId) {
        self.count += 1;
        if self.first.len() < NAMED {
            self.first.push(job.clone());
        }
    }
}

/// The result of [`Books::check`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BooksReport {
    /// How many jobs were looked at.
    pub jobs: u64,
    /// Jobs of which this version does not know the state, so that only their amounts were compared.
    pub newer: u64,
    /// What is wrong, by job id.
    pub mistakes: Vec<(JobId, Mistake)>,
    /// Ended jobs that the vendor charged for and nobody paid.
    pub cost_without_capture: Noted,
    /// Paid jobs of which the vendor did not say what it charged: also those from before its word was booked.
    pub capture_without_cost: Noted,
}

impl Books {
    /// Over a store, on a clock.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// What was booked in the last `days` days in UTC, today included, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn totals(&self, days: u32) -> Result<Vec<DayTotals>, StoreError> {
        let day = DAY.as_millis() as i64;
        let tomorrow = Timestamp::from_millis((self.clock.now().millis().div_euclid(day) + 1).saturating_mul(day));
        self.store.day_totals(tomorrow - DAY * days, tomorrow).await
    }

    /// Compares the ledger of every job with the job, in steps of some hundred jobs; the bot may run.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn check(&self) -> Result<BooksReport, StoreError> {
        let mut report = BooksReport::default();
        let mut last = None;
        loop {
            let batch = self.store.job_accounts(last.as_ref()).await?;
            let Some(end) = batch.last() else { return Ok(report) };
            last = Some(end.job.clone());
            for account in &batch {
                report.add(account);
            }
        }
    }
}

impl BooksReport {
    fn add(&mut self, account: &JobAccount) {
        let JobAccount { job, state, captured, cost, .. } = account;
        self.jobs += 1;
        self.mistakes.extend(mistakes(account).into_iter().map(|mistake| (job.clone(), mistake)));
        let Some(state) = state else {
            self.newer += 1;
            return;
        };
        if has_ended(*state) && captured.is_none() && cost.is_some_and(|cost| cost > Credits::ZERO) {
            self.cost_without_capture.add(job);
        }
        if captured.is_some() && cost.is_none() {
            self.capture_without_cost.add(job);
        }
    }
}

/// Whether the hold of a job in this state is closed.
const fn has_ended(state: JobState) -> bool {
    match state {
        JobState::Delivered | JobState::Undeliverable | JobState::Failed | JobState::Cancelled => true,
        JobState::Held
        | JobState::Submitting
        | JobState::Running
        | JobState::Ready
        | JobState::Delivering
        | JobState::Unknown
        | JobState::Unreadable => false,
    }
}

fn mistakes(account: &JobAccount) -> Vec<Mistake> {
    let JobAccount { state, quoted, held, captured, released, .. } = account;
    let (is_captured, is_released) = (captured.is_some(), released.is_some());
    let differs = |amount: &Option<Credits>| amount.is_some() && held.is_some() && amount != held;
    let is_wrong = |mistake: Mistake| match mistake {
        Mistake::NoHold => quoted.is_some() && held.is_none(),
        Mistake::NotThePrice => held.is_some() && held != quoted,
        Mistake::NothingHeld => held.is_none() && (is_captured || is_released),
        Mistake::ClosedTwice => is_captured && is_released,
        Mistake::NotTheHold => differs(captured) || differs(released),
        Mistake::LeftOpen => state.is_some_and(has_ended) && held.is_some() && !is_captured && !is_released,
        Mistake::ClosedEarly => match state {
            // The result of an undeliverable job is sent again: its hold was captured before.
            Some(JobState::Ready | JobState::Delivering) => is_released,
            Some(state) => !has_ended(*state) && (is_captured || is_released),
            None => false,
        },
        Mistake::ClosedWrong => match state {
            Some(JobState::Delivered | JobState::Undeliverable) => is_released,
            Some(JobState::Cancelled) => is_captured,
            _ => false,
        },
    };
    let all = [
        Mistake::NoHold,
        Mistake::NotThePrice,
        Mistake::NothingHeld,
        Mistake::ClosedTwice,
        Mistake::NotTheHold,
        Mistake::LeftOpen,
        Mistake::ClosedEarly,
        Mistake::ClosedWrong,
    ];
    all.into_iter().filter(|mistake| is_wrong(*mistake)).collect()
}
