//! Growing pauses between attempts, and the random numbers that spread them. Time and chance are parameters: a caller
//! sleeps on its own [`Clock`](crate::clock::Clock).

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rand::distributions::uniform::SampleUniform;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// A policy of pauses: the first one, doubled after every further failure in a row, up to the longest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Backoff {
    /// The pause after the first failure. No pause is shorter, even where this exceeds `longest`.
    pub first: Duration,
    /// The upper limit of the doubling.
    pub longest: Duration,
    /// The share of a pause, 0 to 1, that jitter may take off. 0: no jitter.
    pub jitter: f64,
}

impl Backoff {
    /// Doubling from `first` up to `longest`, without jitter.
    pub const fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, jitter: 0.0 }
    }

    /// Jitter takes off up to this share of each pause, so that many instances do not retry at the same moment.
    #[must_use]
    pub const fn with_jitter(self, jitter: f64) -> Self {
        Self { jitter, ..self }
    }

    /// The pause after `failures` failures in a row (from 1). `chance`, 0 to 1, picks how much of the jitter is taken off;
    /// 0 gives the whole pause.
    pub fn pause(&self, failures: u32, chance: f64) -> Duration {
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1)));
        doubled.min(self.longest).max(self.first).mul_f64(1.0 - self.jitter * chance.clamp(0.0, 1.0))
    }
}

/// Counts failures in a row under a [`Backoff`].
#[derive(Debug, Clone, Copy)]
pub struct Retries {
    policy: Backoff,
    failures: u32,
}

impl Retries {
    /// No failure yet.
    pub const fn new(policy: Backoff) -> Self {
        Self { policy, failures: 0 }
    }

    /// Counts one more failure and returns the pause after it; for `chance` see [`Backoff::pause`].
    pub fn next_pause(&mut self, chance: f64) -> Duration {
        self.failures = self.failures.saturating_add(1);
        self.policy.pause(self.failures, chance)
    }

    /// Failures in a row so far.
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    /// A success: the next failure is the first again.
    pub const fn reset(&mut self) {
        self.failures = 0;
    }
}

/// A random number generator that clones share. Not for secrets where it is seeded.
#[derive(Clone)]
pub struct SharedRng(Arc<Mutex<StdRng>>);

impl SharedRng {
    /// Seeded by the operating system.
    pub fn from_entropy() -> Self {
        Self(Arc::new(Mutex::new(StdRng::from_entropy())))
    }

    /// Repeats the same numbers for the same seed.
    pub fn from_seed(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// A number from 0 (included) to 1 (excluded).
    pub fn chance(&self) -> f64 {
        self.with(|rng| rng.r#gen())
    }

    /// 64 random bits.
    pub fn bits(&self) -> u64 {
        self.with(|rng| rng.r#gen())
    }

    /// A value of the range; its start when the range is empty.
    pub fn in_range<T: SampleUniform + PartialOrd>(&self, range: Range<T>) -> T {
        if range.is_empty() { range.start } else { self.with(|rng| rng.gen_range(range)) }
    }

    fn with<T>(&self, draw: impl FnOnce(&mut StdRng) -> T) -> T {
        draw(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for SharedRng {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedRng")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(15));

    #[test]
    fn pauses_double_up_to_the_longest() {
        let pauses: Vec<_> = (1..=6).map(|n| POLICY.pause(n, 0.0).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 15, 15]);
        assert_eq!(POLICY.pause(0, 0.0).as_secs(), 1);
        assert_eq!(POLICY.pause(u32::MAX, 1.0).as_secs(), 15);
        let above = Backoff::new(Duration::from_secs(90), Duration::from_secs(60));
        assert_eq!(above.pause(3, 0.0).as_secs(), 90);
    }

    #[test]
    fn jitter_takes_off_up_to_its_share() {
        let policy = POLICY.with_jitter(0.25);
        assert_eq!(policy.pause(1, 0.0), Duration::from_secs(1));
        assert_eq!([1.0, 2.0].map(|chance| policy.pause(1, chance)), [Duration::from_millis(750); 2]);
    }

    #[test]
    fn a_success_starts_over() {
        let mut retries = Retries::new(POLICY);
        assert_eq!([0; 3].map(|_| retries.next_pause(0.0).as_secs()), [1, 2, 4]);
        retries.reset();
        assert_eq!((retries.failures(), retries.next_pause(0.0).as_secs()), (0, 1));
    }

    #[test]
    fn a_seed_repeats_its_numbers() {
        let draw = |rng: SharedRng| (rng.bits(), rng.chance().to_bits(), rng.in_range(3..9), rng.in_range(4..4));
        assert_eq!(draw(SharedRng::from_seed(7)), draw(SharedRng::from_seed(7)));
        assert_ne!(SharedRng::from_seed(7).bits(), SharedRng::from_seed(8).bits());
    }
}
