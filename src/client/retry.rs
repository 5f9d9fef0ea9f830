//! What each code means for the next step: the retry policy as data.
//!
//! Source: the vendor's documentation of August and September 2026 and recorded traffic. Only for 429 do the documents
//! say that nothing was queued, so it is the only answer after which a create is sent again by itself.

use std::time::Duration;

use crate::backoff::Backoff;

/// Who has to do something about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Blame {
    /// The request is wrong: the same one will fail again.
    Caller,
    /// The key, the balance or a limit of the account.
    Account,
    /// KIE or the model behind it.
    Vendor,
    /// The way to KIE.
    Network,
}

impl Blame {
    /// A stable word for JSON: `caller`, `account`, `vendor`, `network`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Account => "account",
            Self::Vendor => "vendor",
            Self::Network => "network",
        }
    }
}

/// What an error says about a create that got it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Create {
    /// Refused and certainly not queued: may be sent again after a pause.
    Resend,
    /// Refused; the same request may pass later. Not sent again by itself.
    Later,
    /// Refused; the same request will be refused again.
    Refused,
    /// It may have been accepted and billed: never sent again without a person's word.
    Unknown,
}

/// What an error says about a read that got it (a poll, a balance, a link).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Read {
    /// Ask again after a pause.
    Retry,
    /// Ask again after tens of seconds.
    RetrySlowly,
    /// Right after a create this may be a delay before the task shows up; later it means that there is no such task.
    Grace,
    /// The task itself has failed.
    TaskFailed,
    /// Asking again is useless.
    Fatal,
}

/// One row of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The envelope's code.
    pub code: i64,
    /// Who has to act.
    pub blame: Blame,
    /// For a create.
    pub create: Create,
    /// For a read.
    pub read: Read,
}

const fn row(code: i64, blame: Blame, create: Create, read: Read) -> Rule {
    Rule { code, blame, create, read }
}

/// Every code that the vendor names, in order.
pub const RULES: &[Rule] = &[
    // Bad request, content policy or an unreadable picture.
    row(400, Blame::Caller, Create::Refused, Read::Fatal),
    // Missing or bad key.
    row(401, Blame::Account, Create::Refused, Read::Fatal),
    // Not enough credits.
    row(402, Blame::Account, Create::Refused, Read::Fatal),
    row(403, Blame::Account, Create::Refused, Read::Fatal),
    // No such task, model or route.
    row(404, Blame::Caller, Create::Refused, Read::Grace),
    row(405, Blame::Caller, Create::Refused, Read::Fatal),
    // The model behind KIE was silent for over ten minutes.
    row(408, Blame::Vendor, Create::Unknown, Read::TaskFailed),
    // Exists already.
    row(409, Blame::Caller, Create::Refused, Read::Fatal),
    // The uploaded music matches an existing work.
    row(413, Blame::Caller, Create::Refused, Read::TaskFailed),
    // Validation failed, or no such record.
    row(422, Blame::Caller, Create::Refused, Read::Grace),
    // Rate limit: refused, not queued.
    row(429, Blame::Account, Create::Resend, Read::Retry),
    // The key's own hourly, daily or total limit.
    row(433, Blame::Account, Create::Refused, Read::Fatal),
    // The input file could not be fetched.
    row(451, Blame::Caller, Create::Refused, Read::Fatal),
    // Maintenance.
    row(455, Blame::Vendor, Create::Later, Read::RetrySlowly),
    // Server error; sometimes really a bad input.
    row(500, Blame::Vendor, Create::Later, Read::Retry),
    // The generation failed.
    row(501, Blame::Vendor, Create::Refused, Read::TaskFailed),
    // The feature or model is switched off.
    row(505, Blame::Vendor, Create::Refused, Read::Fatal),
    // Failed, credits given back; may be tried as a new task.
    row(531, Blame::Vendor, Create::Refused, Read::TaskFailed),
];

/// The policy for an envelope's code. Codes that no document names are judged by their class: another 4xx is a refusal,
/// anything else may mean anything.
pub fn rule(code: i64) -> Rule {
    match RULES.iter().find(|rule| rule.code == code) {
        Some(rule) => *rule,
        None if (400..500).contains(&code) => row(code, Blame::Caller, Create::Refused, Read::Fatal),
        None => row(code, Blame::Vendor, Create::Unknown, Read::Retry),
    }
}

/// The policy for an answer that is no envelope, by its HTTP status. Such an answer comes from something in between (a
/// proxy, a CDN), so it says nothing of the task and nothing of the key. A 4xx turned the request away before KIE saw it; a
/// 5xx leaves open what became of a create.
pub fn rule_of_http(status: u16) -> Rule {
    let code = i64::from(status);
    match status {
        // Redirects are not followed; the base URL is wrong.
        300..=399 => row(code, Blame::Caller, Create::Refused, Read::Fatal),
        408 | 425 => row(code, Blame::Network, Create::Unknown, Read::Retry),
        // Too large for whoever stands in between: the same request fails again.
        413 | 414 | 431 => row(code, Blame::Caller, Create::Refused, Read::Retry),
        429 | 455 => rule(code),
        400..=499 => row(code, Blame::Network, Create::Later, Read::Retry),
        _ => row(code, Blame::Vendor, Create::Unknown, Read::Retry),
    }
}

/// How often a request that may be repeated is sent at most, the first time included. With [`BACKOFF`] five creates
/// span more than the ten seconds of the vendor's rate window.
pub const ATTEMPTS: u32 = 5;

/// The longest `Retry-After` that a call waits for by itself; a longer one is handed to the caller.
pub const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The pauses between attempts: 1, 2, 4, 8, then 15 seconds, of which jitter takes off up to a quarter.
pub const BACKOFF: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(15)).with_jitter(0.25);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_has_no_doubles() {
        assert!(RULES.windows(2).all(|pair| pair[0].code < pair[1].code));
    }

    #[test]
    fn a_create_is_repeated_after_429_alone() {
        let resent: Vec<_> = RULES.iter().filter(|r| r.create == Create::Resend).map(|r| r.code).collect();
        assert_eq!(resent, [429]);
        for status in 100..=599 {
            assert_eq!(rule_of_http(status).create == Create::Resend, status == 429, "{status}");
        }
    }

    #[test]
    fn unnamed_codes_are_judged_by_class() {
        assert_eq!((rule(418).create, rule(418).read), (Create::Refused, Read::Fatal));
        for code in [-1, 0, 1, 300, 502, 503, 504, 599, 10_000] {
            assert_eq!((rule(code).create, rule(code).read), (Create::Unknown, Read::Retry), "{code}");
        }
    }

    #[test]
    fn an_answer_from_in_between_never_ends_a_task() {
        for status in [200, 408, 500, 501, 502, 503, 504] {
            let rule = rule_of_http(status);
            assert_eq!((rule.create, rule.read), (Create::Unknown, Read::Retry), "{status}");
        }
        for status in 400..500 {
            assert!(matches!(rule_of_http(status).read, Read::Retry | Read::RetrySlowly), "{status}");
        }
        assert_eq!([400, 401, 403, 404].map(|status| rule_of_http(status).create), [Create::Later; 4]);
        assert_eq!([302, 413].map(|status| rule_of_http(status).create), [Create::Refused; 2]);
        assert_eq!(rule_of_http(455).read, Read::RetrySlowly);
    }

    #[test]
    fn pauses_grow_to_a_ceiling_and_outlast_the_rate_window() {
        let pauses: Vec<_> = (1..=6).map(|n| BACKOFF.pause(n, 0.0).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 15, 15]);
        assert_eq!(BACKOFF.pause(200, 0.0).as_secs(), 15);
        assert_eq!(BACKOFF.pause(1, 1.0), Duration::from_millis(750));
        let least: Duration = (1..ATTEMPTS).map(|n| BACKOFF.pause(n, 1.0)).sum();
        assert!(least > Duration::from_secs(10), "{least:?}");
    }
}
