//! What the ends of the latest jobs tell: whether many fail, and which model has begun to refuse.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::client::OUT_OF_CREDITS;
use crate::client::retry::{Blame, rule};
use crate::clock::Timestamp;
use crate::service::{FILE_GONE, GIVEN_UP, UNRECEIVED, WITHDRAWN};
use crate::store::JobEnd;

/// The rate is that of so many jobs at most, and of this time.
const RATED: usize = 50;
const WINDOW: Duration = Duration::from_secs(3600);
/// With fewer jobs, chance decides.
const MIN_RATED: usize = 20;
/// From this percentage of failures on the operator is told, and below the other one it is over.
const POOR: usize = 50;
const GOOD: usize = 30;
/// So many failures in a row with one code, after a success, are no chance.
const IN_A_ROW: usize = 5;

/// How many of the latest jobs have failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rate {
    /// Few, or there are too few jobs to tell.
    Good,
    /// Neither few nor many.
    Between,
    /// Many.
    Poor {
        /// Of a hundred.
        percent: usize,
    },
}

/// Whether a failure tells something about the vendor: not a mistake of the person, nor what the operator hears of anyway.
fn counts(code: &str) -> bool {
    let is_own = ["invalid_input", OUT_OF_CREDITS, FILE_GONE, GIVEN_UP, UNRECEIVED, WITHDRAWN].contains(&code);
    !is_own && code.parse().map_or(true, |code| rule(code).blame != Blame::Caller)
}

/// The rate of failures; the ends are the last first.
pub(super) fn rate(ends: &[JobEnd], now: Timestamp) -> Rate {
    let recent = ends.iter().filter(|end| now.since(end.at) < WINDOW);
    let rated: Vec<_> = recent.filter(|end| end.failure.as_deref().is_none_or(counts)).take(RATED).collect();
    let failed = rated.iter().filter(|end| end.failure.is_some()).count();
    let percent = failed * 100 / rated.len().max(1);
    match percent {
        _ if rated.len() < MIN_RATED && percent >= GOOD && !rated.is_empty() => Rate::Between,
        POOR.. => Rate::Poor { percent },
        GOOD.. => Rate::Between,
        _ => Rate::Good,
    }
}

/// The models that have failed again and again with one code, and were fine before; each with the code.
pub(super) fn refusing(ends: &[JobEnd]) -> Vec<(&str, &str)> {
    let models: BTreeSet<&str> = ends.iter().map(|end| end.model.as_str()).collect();
    let refuses = |model: &'_ str| {
        let of_model: Vec<_> = ends.iter().filter(|end| end.model == model).collect();
        let code = of_model.first()?.failure.as_deref()?;
        let in_a_row = of_model.iter().take_while(|end| end.failure.as_deref() == Some(code)).count();
        let was_fine = of_model.iter().any(|end| end.failure.is_none());
        (in_a_row >= IN_A_ROW && was_fine && code != OUT_OF_CREDITS).then_some(code)
    };
    models.into_iter().filter_map(|model| Some((model, refuses(model)?))).collect()
}

/// When a model has last succeeded, if nothing of it has failed since.
pub(super) fn recovered(ends: &[JobEnd], model: &str) -> Option<Timestamp> {
    ends.iter().find(|end| end.model == model).filter(|end| end.failure.is_none()).map(|end| end.at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ends of one model from the last to the first, a minute apart: a code, or nothing for a success.
    fn ends(model: &str, codes: &[&str]) -> Vec<JobEnd> {
        let end = |(n, code): (usize, &&str)| JobEnd {
            model: model.to_owned(),
            failure: Some((*code).to_owned()).filter(|code| !code.is_empty()),
            at: Timestamp::from_millis(100_000_000 - n as i64 * 60_000),
        };
        codes.iter().enumerate().map(end).collect()
    }

    #[test]
    fn many_failures_of_the_vendor_are_poor_and_mistakes_are_nothing() {
        let now = Timestamp::from_millis(100_000_000);
        let of = |codes: &[&str]| rate(&ends("m", codes), now);
        assert_eq!(of(&[]), Rate::Good);
        assert_eq!(of(&["501"; 19]), Rate::Between, "too few to tell");
        assert_eq!(of(&["501"; 20]), Rate::Poor { percent: 100 });
        assert_eq!(of(&[["501"; 10], [""; 10]].concat()), Rate::Poor { percent: 50 });
        assert_eq!(of(&[&["timeout"; 8][..], &[""; 12]].concat()), Rate::Between);
        assert_eq!(of(&[&["501"; 5][..], &[""; 15]].concat()), Rate::Good);
        for own in ["422", "invalid_input", "402", WITHDRAWN] {
            assert_eq!(of(&[own; 30]), Rate::Good, "{own}");
        }
        assert_eq!(rate(&ends("m", &["501"; 30]), now + 2 * WINDOW), Rate::Good, "long ago");
    }

    #[test]
    fn a_model_refuses_after_it_was_fine_and_is_fine_after_it_refused() {
        let refused = |codes: &[&str]| refusing(&ends("m", codes)).into_iter().map(|(_, code)| code.to_owned()).next();
        assert_eq!(refused(&["422", "422", "422", "422", "422", ""]).as_deref(), Some("422"));
        assert_eq!(refused(&["422", "422", "422", "422", "422"]), None, "it never worked");
        assert_eq!(refused(&["422", "422", "501", "422", "422", ""]), None, "not one code");
        assert_eq!(refused(&["", "422", "422", "422", "422", "422", ""]), None, "it works again");
        assert_eq!(refused(&["402", "402", "402", "402", "402", ""]), None, "told otherwise");
        let all = ends("m", &["", "422"]);
        assert_eq!((recovered(&all, "m"), recovered(&all, "other")), (Some(all[0].at), None));
        assert_eq!(recovered(&ends("m", &["422", ""]), "m"), None);
    }
}
