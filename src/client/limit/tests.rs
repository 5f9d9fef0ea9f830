use futures::FutureExt;
use proptest::prelude::*;

use super::*;

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millis(1_790_000_000_000 + ms)
}

fn budget(purpose: Purpose, key: &str) -> Budget {
    Budget { purpose, key: KeyLabel::from(key) }
}

fn take(limiter: &MemoryLimiter, budget: &Budget, rate: Rate, ms: i64) -> Permit {
    limiter.try_acquire(budget, rate, at(ms)).now_or_never().unwrap().unwrap()
}

const RATE: Rate = Rate::new(2, Duration::from_secs(10));

#[test]
fn the_window_slides() {
    let (limiter, budget) = (MemoryLimiter::default(), budget(Purpose::Create, "a"));
    assert_eq!(take(&limiter, &budget, RATE, 0), Permit::Granted);
    assert_eq!(take(&limiter, &budget, RATE, 6000), Permit::Granted);
    assert_eq!(take(&limiter, &budget, RATE, 7000), Permit::After(Duration::from_secs(3)));
    assert_eq!(take(&limiter, &budget, RATE, 10_000), Permit::Granted);
    assert_eq!(take(&limiter, &budget, RATE, 10_000), Permit::After(Duration::from_secs(6)));
}

#[test]
fn budgets_do_not_share() {
    let limiter = MemoryLimiter::default();
    for budget in [budget(Purpose::Create, "a"), budget(Purpose::Create, "b"), budget(Purpose::Poll, "a")] {
        assert_eq!(take(&limiter, &budget, Rate::new(0, RATE.window), 0), Permit::Granted, "{budget}");
        assert!(matches!(take(&limiter, &budget, Rate::new(1, RATE.window), 0), Permit::After(_)));
    }
    let free = budget(Purpose::Poll, "c");
    for _ in 0..1000 {
        assert_eq!(take(&limiter, &free, Rate::UNLIMITED, 0), Permit::Granted);
    }
}

#[test]
fn a_refusal_holds_the_budget_for_as_long_as_it_says() {
    let (limiter, budget) = (MemoryLimiter::default(), budget(Purpose::Create, "a"));
    let pause = |s, ms| limiter.pause(&budget, Duration::from_secs(s), at(ms)).now_or_never().unwrap().unwrap();
    pause(5, 0);
    pause(2, 0);
    assert_eq!(take(&limiter, &budget, RATE, 1000), Permit::After(Duration::from_secs(4)), "the longer one counts");
    assert_eq!(take(&limiter, &budget, RATE, 5000), Permit::Granted);
    pause(600, 6000);
    assert_eq!(take(&limiter, &budget, RATE, 6000), Permit::After(MAX_WAIT), "it is asked again meanwhile");
    assert_eq!(take(&limiter, &budget, RATE, 605_000), Permit::After(Duration::from_secs(1)));
    assert_eq!(take(&limiter, &budget, RATE, 606_000), Permit::Granted);
}

#[test]
fn a_clock_set_back_costs_one_window_at_most() {
    let (limiter, budget) = (MemoryLimiter::default(), budget(Purpose::Create, "a"));
    for _ in 0..2 {
        assert_eq!(take(&limiter, &budget, RATE, 3_600_000), Permit::Granted);
    }
    assert_eq!(take(&limiter, &budget, RATE, 0), Permit::After(RATE.window));
    assert_eq!(take(&limiter, &budget, RATE, 10_000), Permit::Granted);
}

proptest! {
    #[test]
    fn no_window_ever_holds_more(count in 1_u32..6, window in 1_u64..5000, steps in prop::collection::vec(0_i64..3000, 1..80)) {
        let (limiter, budget) = (MemoryLimiter::default(), budget(Purpose::Create, "a"));
        let rate = Rate::new(count, Duration::from_millis(window));
        let (mut now, mut taken) = (0, Vec::new());
        for step in steps {
            now += step;
            match take(&limiter, &budget, rate, now) {
                Permit::Granted => taken.push(now),
                Permit::After(wait) => prop_assert!(!wait.is_zero() && wait <= rate.window),
            }
        }
        for (first, last) in taken.iter().zip(taken.iter().skip(count as usize)) {
            prop_assert!(last - first >= window as i64);
        }
    }
}
