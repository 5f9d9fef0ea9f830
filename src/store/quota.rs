//! Limits on orders, checked in the transaction that adds the job: of many orders at once none passes a limit.

use super::dialect::{Dialect, in_states};
use super::engine::{Row, Statement};
use super::row::RowReader;
use super::sql::SqlStore;
use crate::clock::Timestamp;
use crate::job::{Job, JobState, UserId};
use crate::ledger::Credits;
use crate::quota::{Quota, QuotaExceeded, Quotas, affordable_at};
use crate::store_error::StoreError;

/// The number that stands for all people in the lock.
const EVERYBODY: i64 = 0;
/// The most orders that are read to tell when the next is possible.
const LISTED: i64 = 10_000;

/// What an order was paid: nothing, when it was given back.
const IS_SPENT: &str = "NOT EXISTS (SELECT 1 FROM ledger WHERE ledger.job = jobs.id AND ledger.kind = 'release')";

/// The statements of the limits. Those that check return a row when the order is within the limit.
#[derive(Debug)]
pub(super) struct QuotaSql {
    /// $1 the person. Orders of a person wait for each other from here to the end of the transaction.
    lock: Option<&'static str>,
    /// $1 the person, $2 the limit.
    running: String,
    /// $1 the person, $2 the beginning, $3 the limit.
    starts: String,
    /// $1 the price, $2 the limit.
    order: String,
    /// $1 the beginning, $2 the price, $3 the limit, $4 the person.
    spent: String,
    /// $1 the beginning, $2 the price, $3 the limit.
    total: String,
    /// $1 the person, $2 the beginning, $3 the most rows.
    orders: String,
    /// $1 the beginning, $2 the most rows.
    all_orders: String,
}

impl QuotaSql {
    pub(super) fn new(dialect: &Dialect) -> Self {
        // As in the partial index of the jobs under way.
        let live: Vec<JobState> = JobState::ALL.into_iter().filter(|state| !state.is_final()).collect();
        let within = |sum: &str, what: &str| format!("SELECT 1 AS one WHERE (SELECT {sum} FROM jobs WHERE {what}");
        let spent = |who: &str| {
            let sum = within("COALESCE(SUM(quote_credits), 0)", who);
            format!("{sum}created_at > $1 AND {IS_SPENT}) + $2 <= $3")
        };
        let listed = |who: &str, count: &str| {
            format!(
                "SELECT created_at, quote_credits FROM jobs WHERE {who} AND {IS_SPENT} ORDER BY created_at LIMIT {count}"
            )
        };
        Self {
            lock: dialect.person_lock,
            running: format!("{}) < $2", within("COUNT(*)", &format!("user_id = $1 AND {}", in_states(&live)))),
            starts: format!("{}) < $3", within("COUNT(*)", "user_id = $1 AND created_at > $2")),
            order: "SELECT 1 AS one WHERE $1 <= $2".to_owned(),
            spent: spent("user_id = $4 AND "),
            total: spent(""),
            orders: listed("user_id = $1 AND created_at > $2", "$3"),
            all_orders: listed("created_at > $1", "$2"),
        }
    }
}

impl QuotaSql {
    /// Every statement of the limits, by name.
    pub(super) fn all(&self) -> Vec<(&'static str, &str)> {
        let Self { lock, running, starts, order, spent, total, orders, all_orders } = self;
        let mut all: Vec<(&'static str, &str)> = vec![
            ("quota running", running),
            ("quota starts", starts),
            ("quota order", order),
            ("quota spent", spent),
            ("quota total", total),
            ("quota orders", orders),
            ("quota all_orders", all_orders),
        ];
        all.extend(lock.map(|sql| ("quota lock", sql)));
        all
    }
}

/// When the window of a limit has begun.
fn begin(quota: Quota, now: Timestamp) -> i64 {
    quota.window().map_or(i64::MIN, |window| now.millis() - i64::try_from(window.as_millis()).unwrap_or(i64::MAX))
}

fn price(job: &Job) -> Credits {
    job.quote.map_or(Credits::ZERO, |quote| quote.credits)
}

impl SqlStore {
    /// The statement by which transactions of one person wait for each other; `None` where only one transaction writes at a
    /// time.
    pub(super) fn lock_person(&self, user: UserId) -> Option<Statement> {
        Some(Statement::new(self.engine().sql().quota.lock?, vec![user.0.into()]))
    }

    /// The statements that let an order pass if it is within the limits, each with its limit; those without one lock.
    pub(super) fn check_quotas(&self, job: &Job, quotas: &Quotas) -> Vec<(Statement, Option<Quota>)> {
        let QuotaSql { lock, running, starts, order, spent, total, .. } = &self.engine().sql().quota;
        let (user, now) = (job.user.0, job.created_at);
        let is_counted = quotas.for_person().all().next().is_some() || job.is_free();
        let whose = [is_counted.then_some(user), quotas.total.is_some().then_some(EVERYBODY)];
        let locks = whose
            .into_iter()
            .flatten()
            .filter_map(|who| Some((Statement::new(lock.as_ref()?, vec![who.into()]), None)));
        let checks = quotas.all().map(|quota| {
            let begin = || begin(quota, now).into();
            let (sql, params): (&'static str, _) = match quota {
                Quota::Running(count) => (running, vec![user.into(), i64::from(count).into()]),
                Quota::Starts(count) => (starts, vec![user.into(), begin(), i64::from(count).into()]),
                Quota::Order(limit) => (order, vec![price(job).milli().into(), limit.milli().into()]),
                Quota::Day(limit) | Quota::Month(limit) => {
                    (spent, vec![begin(), price(job).milli().into(), limit.milli().into(), user.into()])
                }
                Quota::Total(limit) => (total, vec![begin(), price(job).milli().into(), limit.milli().into()]),
            };
            (Statement::new(sql, params).required(), Some(quota))
        });
        locks.chain(checks).collect()
    }

    /// What is said of an order that was over a limit.
    pub(super) async fn explain_quota(&self, job: &Job, quota: Quota) -> Result<QuotaExceeded, StoreError> {
        let again = match quota {
            Quota::Running(_) | Quota::Order(_) => None,
            Quota::Starts(count) => {
                let orders = self.orders_within(job, quota, Some(job.user.0)).await?;
                let last = orders.len().checked_sub(count as usize).and_then(|index| orders.get(index));
                last.zip(quota.window()).map(|((at, _), window)| *at + window)
            }
            Quota::Day(limit) | Quota::Month(limit) | Quota::Total(limit) => {
                let user = (!matches!(quota, Quota::Total(_))).then_some(job.user.0);
                let orders = self.orders_within(job, quota, user).await?;
                quota.window().and_then(|window| affordable_at(&orders, price(job), limit, window))
            }
        };
        Ok(QuotaExceeded { quota, again })
    }

    async fn orders_within(
        &self,
        job: &Job,
        quota: Quota,
        user: Option<i64>,
    ) -> Result<Vec<(Timestamp, Credits)>, StoreError> {
        let QuotaSql { orders, all_orders, .. } = &self.engine().sql().quota;
        let begin = begin(quota, job.created_at);
        let statement = match user {
            Some(user) => Statement::new(orders, vec![user.into(), begin.into(), LISTED.into()]),
            None => Statement::new(all_orders, vec![begin.into(), LISTED.into()]),
        };
        let order = |row: &Row| {
            let reader = RowReader::new(row, "jobs", "created_at");
            let credits = reader.get::<Option<i64>>("quote_credits")?.unwrap_or_default();
            Ok((reader.get("created_at").map(Timestamp::from_millis)?, Credits::from_milli(credits)))
        };
        self.all(statement, order).await
    }
}
