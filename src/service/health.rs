//! How well a model does at the vendor now. It is read in the background and remembered for minutes, so that nobody waits
//! long for it; what cannot be read is unknown.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::Service;
use crate::assortment::Assortment;
use crate::client;
use crate::client::catalogue::RatePoint;
use crate::clock::Timestamp;
use crate::schema::spec::ModelSpec;

/// The newest periods with tasks that count: three hours, so that yesterday's trouble is forgotten.
const RECENT: usize = 18;
/// With fewer periods than an hour has, chance decides.
const MIN_PERIODS: usize = 6;
/// A model below this rate fails nearly every third time: then another one is quicker, even where failures cost nothing.
const POOR: f64 = 0.7;
/// How long what was read is new. The vendor's periods have ten minutes.
const LIFE: Duration = Duration::from_secs(600);
/// How long it is still shown while it is read again.
const MAX_AGE: Duration = Duration::from_secs(1800);
/// How long a model that could not be read is not asked for again.
const FAILURE_PAUSE: Duration = Duration::from_secs(60);

/// How many of a model's tasks succeeded in the newest periods that had tasks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Health {
    success: f64,
}

impl Health {
    /// The mean of the vendor's success rates (`GET /api/v1/models/{model}/success-rate`). `None` with less than an hour
    /// of periods that had tasks.
    pub fn of(points: &[RatePoint]) -> Option<Self> {
        let mut rated: Vec<&RatePoint> = points.iter().filter(|point| point.success.is_some()).collect();
        // The vendor does not say how it orders them.
        rated.sort_by_key(|point| Reverse(start(point)));
        rated.truncate(RECENT);
        if rated.len() < MIN_PERIODS {
            return None;
        }
        let full = if rated.iter().any(|point| is_percent(point)) { 100.0 } else { 1.0 };
        let sum: f64 = rated.iter().filter_map(|point| point.success).map(|rate| (rate / full).clamp(0.0, 1.0)).sum();
        Some(Self { success: sum / rated.len() as f64 })
    }

    /// Whole percent of tasks that succeeded.
    pub fn percent(self) -> u32 {
        (self.success * 100.0).round() as u32
    }

    /// Whether so many tasks fail that a person should know before they order.
    pub fn is_poor(self) -> bool {
        self.success < POOR
    }
}

/// The start of a period, comparable within one answer: moments in Unix time by number, dates by their text.
fn start(point: &RatePoint) -> (i64, &str) {
    let text = point.start.as_deref().unwrap_or_default();
    text.parse().map_or((0, text), |number| (number, ""))
}

/// Whether a rate is written in percent; the vendor does not document it.
fn is_percent(point: &RatePoint) -> bool {
    point.success.unwrap_or_default() + point.error.unwrap_or_default() > 1.5
}

/// A model that does poorly now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PoorHealth {
    /// How poorly.
    pub health: Health,
    /// A model that may be used instead.
    pub alternative: Option<&'static ModelSpec>,
}

/// What is known of each model.
#[derive(Debug, Default)]
pub(super) struct HealthCache {
    entries: Mutex<HashMap<&'static str, Entry>>,
    /// Notified of every answer.
    answers: watch::Sender<u64>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    health: Option<Health>,
    /// When it was read.
    read_at: Option<Timestamp>,
    /// Until when it is not asked for again.
    fresh_until: Option<Timestamp>,
    /// When the present request began.
    asked_at: Option<Timestamp>,
}

impl HealthCache {
    fn entries(&self) -> MutexGuard<'_, HashMap<&'static str, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self, model: &str, now: Timestamp) -> Option<Health> {
        let entry = self.entries().get(model).copied()?;
        entry.health.filter(|_| entry.read_at.is_some_and(|at| now.since(at) < MAX_AGE))
    }

    /// What was read of each model last, and when.
    pub(super) fn readings(&self) -> Vec<(&'static str, Health, Timestamp)> {
        self.entries().iter().filter_map(|(model, entry)| Some((*model, entry.health?, entry.read_at?))).collect()
    }

    /// Marks the model as asked for, unless it is being read or was read of late. Returns whether it is to be read now,
    /// and when the present request began, if there is one.
    fn ask(&self, model: &'static str, now: Timestamp) -> (bool, Option<Timestamp>) {
        let mut entries = self.entries();
        let entry = entries.entry(model).or_default();
        if entry.asked_at.is_some() || entry.fresh_until.is_some_and(|until| now < until) {
            return (false, entry.asked_at);
        }
        entry.asked_at = Some(now);
        (true, entry.asked_at)
    }

    fn answer(&self, model: &'static str, answer: &Result<Vec<RatePoint>, client::Error>, now: Timestamp) {
        let mut entries = self.entries();
        let entry = entries.entry(model).or_default();
        entry.asked_at = None;
        match answer {
            Ok(points) => {
                let (read_at, fresh_until) = (Some(now), Some(now + LIFE));
                *entry = Entry { health: Health::of(points), read_at, fresh_until, asked_at: None };
            }
            Err(_) => entry.fresh_until = Some(now + FAILURE_PAUSE),
        }
        drop(entries);
        self.answers.send_modify(|n| *n += 1);
    }
}

impl Service {
    /// The health of a model: what is known, or else what the vendor answers within `limit`. `None` when it is unknown.
    /// It is read again in the background when it is older than ten minutes.
    pub async fn health(&self, spec: &'static ModelSpec, limit: Duration) -> Option<Health> {
        let cache = &self.inner.health;
        let mut answers = cache.answers.subscribe();
        let (is_first, asked_at) = cache.ask(spec.id, self.now());
        if is_first {
            let service = self.clone();
            tokio::spawn(async move { service.read_health(spec.id).await });
        }
        if let Some(known) = cache.known(spec.id, self.now()) {
            return Some(known);
        }
        // A request that takes long delays nobody a second time.
        let left = limit.saturating_sub(self.now().since(asked_at?));
        let answered = async {
            while cache.entries().get(spec.id).is_some_and(|entry| entry.asked_at.is_some()) {
                if answers.changed().await.is_err() {
                    break;
                }
            }
        };
        tokio::select! {
            () = answered => {}
            () = self.clock().sleep(left) => {}
        }
        cache.known(spec.id, self.now())
    }

    async fn read_health(&self, model: &'static str) {
        let answer = self.inner.kie.success_rate(model).await;
        if let Err(error) = &answer {
            tracing::debug!(model, %error, "the success rate of a model could not be read");
        }
        self.inner.health.answer(model, &answer, self.now());
    }

    /// A model that is known to do poorly now, with another one to use instead: see [`Assortment::alternative`]. None that is
    /// known to do poorly itself. Asks nobody.
    pub fn poor_health(&self, assortment: &Assortment, spec: &'static ModelSpec) -> Option<PoorHealth> {
        let known = |spec: &ModelSpec| self.inner.health.known(spec.id, self.now());
        let health = known(spec).filter(|health| health.is_poor())?;
        let alternative = assortment.alternative(spec, |other| !known(other).is_some_and(Health::is_poor));
        Some(PoorHealth { health, alternative })
    }
}

#[cfg(test)]
mod tests;
