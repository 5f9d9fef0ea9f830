//! The books as an operator reads them: totals by day, and the proof that every ledger agrees with its job, and every
//! wallet with its transfers. Needs a store and nothing else.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, Timestamp};
use crate::job::{JobId, JobState};
use crate::ledger::{Credits, Money, Wallet};
use crate::store::{DayTotals, DayTransfers, JobAccount, JobMoney, PaymentAccount, Store, WalletAccount};
use crate::store_error::StoreError;
use crate::transfer::Account;

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
    /// What is held of the payer's money is not the price of the job.
    MoneyNotThePrice,
    /// More of the payer's money was captured and given back than was held.
    MoneyOverdrawn,
    /// The job has ended, and money of its payer is still held.
    MoneyLeftOpen,
    /// The job has not ended, and money of its payer was captured or given back.
    MoneyClosedEarly,
    /// The job has no result, and its payer has paid.
    MoneyWithoutResult,
}

impl Mistake {
    /// All mistakes.
    pub const ALL: [Self; 13] = [
        Self::NoHold,
        Self::NotThePrice,
        Self::NothingHeld,
        Self::ClosedTwice,
        Self::NotTheHold,
        Self::LeftOpen,
        Self::ClosedEarly,
        Self::ClosedWrong,
        Self::MoneyNotThePrice,
        Self::MoneyOverdrawn,
        Self::MoneyLeftOpen,
        Self::MoneyClosedEarly,
        Self::MoneyWithoutResult,
    ];

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
            Self::MoneyNotThePrice => "money_not_the_price",
            Self::MoneyOverdrawn => "money_overdrawn",
            Self::MoneyLeftOpen => "money_left_open",
            Self::MoneyClosedEarly => "money_closed_early",
            Self::MoneyWithoutResult => "money_without_result",
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

/// What people's money did on one day, in the operator's unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DayMoney {
    /// The beginning of the day, in UTC.
    pub day: Timestamp,
    /// Received from people, less what was given back to them.
    pub received: Money,
    /// Given to people, less what was taken back.
    pub given: Money,
    /// Paid for results.
    pub revenue: Money,
    /// How much more people have: received and given, and not yet paid.
    pub owed: Money,
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
    /// How many wallets were looked at.
    pub wallets: u64,
    /// What is in all of them: what the operator owes to people.
    pub owed: Wallet,
    /// The wallets that are not the sum of their transfers.
    pub wrong_wallets: Vec<WalletAccount>,
    /// How many payments were looked at.
    pub payments: u64,
    /// The payments whose transfers say something else.
    pub wrong_payments: Vec<PaymentAccount>,
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
        let (from, until) = self.last(days);
        self.store.day_totals(from, until).await
    }

    /// What people's money did in the last `days` days in UTC, today included, oldest first. A day without any is left out.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn money(&self, days: u32) -> Result<Vec<DayMoney>, StoreError> {
        let (from, until) = self.last(days);
        let mut all: Vec<DayMoney> = Vec::new();
        for transfers in self.store.day_transfers(from, until).await? {
            match all.last_mut().filter(|money| money.day == transfers.day) {
                Some(money) => money.add(transfers),
                None => {
                    let mut money = DayMoney { day: transfers.day, ..DayMoney::default() };
                    money.add(transfers);
                    all.push(money);
                }
            }
        }
        Ok(all)
    }

    /// Compares the ledger of every job with the job, every wallet and every payment with its transfers, in steps of some hundred; the bot
    /// may run.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn check(&self) -> Result<BooksReport, StoreError> {
        let mut report = BooksReport::default();
        let mut last = None;
        loop {
            let batch = self.store.job_accounts(last.as_ref()).await?;
            let Some(end) = batch.last() else { break };
            last = Some(end.job.clone());
            for account in &batch {
                report.add(account);
            }
        }
        let mut last = None;
        loop {
            let batch = self.store.wallet_accounts(last).await?;
            let Some(end) = batch.last() else { break };
            last = Some(end.id);
            report.add_wallets(&batch);
        }
        let mut last = None;
        loop {
            let batch = self.store.payment_accounts(last.as_ref()).await?;
            let Some(end) = batch.last() else { return Ok(report) };
            last = Some(end.id.clone());
            report.payments += batch.len() as u64;
            report.wrong_payments.extend(batch.into_iter().filter(|payment| !payment.agrees()));
        }
    }

    /// From when until when the last `days` days are.
    fn last(&self, days: u32) -> (Timestamp, Timestamp) {
        let day = DAY.as_millis() as i64;
        let tomorrow = Timestamp::from_millis((self.clock.now().millis().div_euclid(day) + 1).saturating_mul(day));
        (tomorrow - DAY * days, tomorrow)
    }
}

impl DayMoney {
    fn add(&mut self, transfers: DayTransfers) {
        let DayTransfers { kind, amount, .. } = transfers;
        for (account, sign) in [(kind.target(), -1), (kind.source(), 1)] {
            let change = if sign < 0 { Money::ZERO - amount } else { amount };
            match account {
                Account::Payments => self.received = self.received + change,
                Account::Gifts => self.given = self.given + change,
                Account::Revenue => self.revenue = self.revenue - change,
                Account::Available | Account::Held => self.owed = self.owed - change,
                Account::Transit => {}
            }
        }
    }
}

impl BooksReport {
    /// Whether nothing is wrong.
    pub fn agrees(&self) -> bool {
        self.mistakes.is_empty() && self.wrong_wallets.is_empty() && self.wrong_payments.is_empty()
    }

    fn add_wallets(&mut self, accounts: &[WalletAccount]) {
        self.wallets += accounts.len() as u64;
        for account in accounts {
            self.owed.available = self.owed.available + account.stored.available;
            self.owed.held = self.owed.held + account.stored.held;
        }
        self.wrong_wallets.extend(accounts.iter().filter(|account| account.stored != account.booked));
    }

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
    let JobAccount { state, quoted, held, captured, released, charge, money, .. } = account;
    let JobMoney { held: money_held, captured: paid, released: given_back } = money;
    let money_held = money_held.unwrap_or_default();
    let closed = paid.unwrap_or_default() + given_back.unwrap_or_default();
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
        // The jobs of a forgotten person name no payer.
        Mistake::MoneyNotThePrice => charge.is_some_and(|charge| money.held != Some(charge.price)),
        Mistake::MoneyOverdrawn => closed > money_held,
        Mistake::MoneyLeftOpen => state.is_some_and(has_ended) && closed < money_held,
        Mistake::MoneyClosedEarly => match state {
            Some(JobState::Ready | JobState::Delivering) | None => false,
            Some(state) => !has_ended(*state) && closed > Money::ZERO,
        },
        Mistake::MoneyWithoutResult => match state {
            Some(JobState::Cancelled | JobState::Failed) => money.captured.is_some(),
            _ => false,
        },
    };
    Mistake::ALL.into_iter().filter(|mistake| is_wrong(*mistake)).collect()
}
