//! The retry policy: a table of what each code means.
//!
//! Source: the vendor's documentation of August and September 2026 and recorded traffic. Only for 429 does the
//! documentation say that nothing was queued, so it is the only answer after which a create request is repeated
//! automatically.

use std::time::Duration;

use crate::backoff::Backoff;

/// Who has to act on an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Blame {
    /// The caller: the same request fails again.
    Caller,
    /// The owner of the account: the key, the credits or a limit.
    Account,
    /// KIE, or the provider of the model.
    Vendor,
    /// The operator of the network.
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

/// What an error means for a create request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CreateClass {
    /// Refused and not queued: it is repeated after a pause.
    Resend,
    /// Refused; the same request may be accepted later. It is not repeated automatically.
    Later,
    /// Refused; the same request would be refused again.
    Refused,
    /// It may have been accepted and billed: it is not repeated without a decision of the operator.
    Unknown,
}

/// What an error means for a read (a poll, the credits, a link).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReadClass {
    /// Repeat after a pause.
    Retry,
    /// Repeat after tens of seconds.
    RetrySlowly,
    /// Right after a create request the task may not be known yet; later it means that there is no such task.
    Grace,
    /// The task itself has failed.
    TaskFailed,
    /// A repetition would fail too.
    Fatal,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The envelope's code.
    pub code: i64,
    /// Who has to act.
    pub blame: Blame,
    /// The meaning for a create request.
    pub create: CreateClass,
    /// The meaning for a read.
    pub read: ReadClass,
}

const fn row(code: i64, blame: Blame, create: CreateClass, read: ReadClass) -> Rule {
    Rule { code, blame, create, read }
}

/// All codes that the vendor documents, in ascending order.
pub const RULES: &[Rule] = &[
    // Bad request, content policy or an unreadable image.
    row(400, Blame::Caller, CreateClass::Refused, ReadClass::Fatal),
    // Missing or bad key.
    row(401, Blame::Account, CreateClass::Refused, ReadClass::Fatal),
    // Not enough credits.
    row(402, Blame::Account, CreateClass::Refused, ReadClass::Fatal),
    row(403, Blame::Account, CreateClass::Refused, ReadClass::Fatal),
    // No such task, model or route.
    row(404, Blame::Caller, CreateClass::Refused, ReadClass::Grace),
    row(405, Blame::Caller, CreateClass::Refused, ReadClass::Fatal),
    // The provider of the model did not answer for ten minutes.
    row(408, Blame::Vendor, CreateClass::Unknown, ReadClass::TaskFailed),
    // Exists already.
    row(409, Blame::Caller, CreateClass::Refused, ReadClass::Fatal),
    // The uploaded music matches an existing work.
    row(413, Blame::Caller, CreateClass::Refused, ReadClass::TaskFailed),
    // Validation failed, or no such record.
    row(422, Blame::Caller, CreateClass::Refused, ReadClass::Grace),
    // Rate limit: refused, not queued.
    row(429, Blame::Account, CreateClass::Resend, ReadClass::Retry),
    // The key's own hourly, daily or total limit.
    row(433, Blame::Account, CreateClass::Refused, ReadClass::Fatal),
    // The input file could not be fetched.
    row(451, Blame::Caller, CreateClass::Refused, ReadClass::Fatal),
    // Maintenance.
    row(455, Blame::Vendor, CreateClass::Later, ReadClass::RetrySlowly),
    // Server error; sometimes the input is the cause.
    row(500, Blame::Vendor, CreateClass::Later, ReadClass::Retry),
    // The generation failed.
    row(501, Blame::Vendor, CreateClass::Refused, ReadClass::TaskFailed),
    // The feature or model is switched off.
    row(505, Blame::Vendor, CreateClass::Refused, ReadClass::Fatal),
    // Failed, credits refunded; a new task may succeed.
    row(531, Blame::Vendor, CreateClass::Refused, ReadClass::TaskFailed),
];

/// The rule for an envelope's code. Undocumented codes are classified by range: a 4xx is a refusal, anything else is
/// unknown.
pub fn rule(code: i64) -> Rule {
    match RULES.iter().find(|rule| rule.code == code) {
        Some(rule) => *rule,
        None if (400..500).contains(&code) => row(code, Blame::Caller, CreateClass::Refused, ReadClass::Fatal),
        None => row(code, Blame::Vendor, CreateClass::Unknown, ReadClass::Retry),
    }
}

/// The rule for an answer without an envelope, by its HTTP status. Such an answer comes from a proxy or CDN, so it says
/// nothing about the task or the key. With a 4xx the request did not reach KIE; with a 5xx it is not known whether it
/// did.
pub fn rule_of_http(status: u16) -> Rule {
    let code = i64::from(status);
    match status {
        // Redirects are not followed; the base URL is wrong.
        300..=399 => row(code, Blame::Caller, CreateClass::Refused, ReadClass::Fatal),
        408 | 425 => row(code, Blame::Network, CreateClass::Unknown, ReadClass::Retry),
        // Too large for a proxy: the same request fails again.
        413 | 414 | 431 => row(code, Blame::Caller, CreateClass::Refused, ReadClass::Retry),
        429 | 455 => rule(code),
        400..=499 => row(code, Blame::Network, CreateClass::Later, ReadClass::Retry),
        _ => row(code, Blame::Vendor, CreateClass::Unknown, ReadClass::Retry),
    }
}

/// The most attempts of a request that may be repeated. With [`BACKOFF`], five create requests take longer than the ten
/// seconds of the vendor's rate window.
pub const ATTEMPTS: u32 = 5;

/// The longest `Retry-After` that a call waits for; with a longer one the error is returned.
pub const MAX_WAIT: Duration = Duration::from_secs(60);

/// The pauses between attempts: 1, 2, 4, 8, then 15 seconds, of which jitter takes off up to a quarter.
pub const BACKOFF: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(15)).with_jitter(0.25);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_without_duplicates() {
        assert!(RULES.windows(2).all(|pair| pair[0].code < pair[1].code));
    }

    #[test]
    fn a_create_is_repeated_after_429_alone() {
        let resent: Vec<_> = RULES.iter().filter(|r| r.create == CreateClass::Resend).map(|r| r.code).collect();
        assert_eq!(resent, [429]);
        for status in 100..=599 {
            assert_eq!(rule_of_http(status).create == CreateClass::Resend, status == 429, "{status}");
        }
    }

    #[test]
    fn unnamed_codes_are_judged_by_class() {
        assert_eq!((rule(418).create, rule(418).read), (CreateClass::Refused, ReadClass::Fatal));
        for code in [-1, 0, 1, 300, 502, 503, 504, 599, 10_000] {
            assert_eq!((rule(code).create, rule(code).read), (CreateClass::Unknown, ReadClass::Retry), "{code}");
        }
    }

    #[test]
    fn an_answer_of_a_proxy_never_ends_a_task() {
        for status in [200, 408, 500, 501, 502, 503, 504] {
            let rule = rule_of_http(status);
            assert_eq!((rule.create, rule.read), (CreateClass::Unknown, ReadClass::Retry), "{status}");
        }
        for status in 400..500 {
            assert!(matches!(rule_of_http(status).read, ReadClass::Retry | ReadClass::RetrySlowly), "{status}");
        }
        assert_eq!([400, 401, 403, 404].map(|status| rule_of_http(status).create), [CreateClass::Later; 4]);
        assert_eq!([302, 413].map(|status| rule_of_http(status).create), [CreateClass::Refused; 2]);
        assert_eq!(rule_of_http(455).read, ReadClass::RetrySlowly);
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
