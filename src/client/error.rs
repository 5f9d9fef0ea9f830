//! Why a call failed, and what can be done about it.

mod advice;

use std::time::Duration;

use crate::client::retry::{Blame, CreateClass, ReadClass, Rule, rule, rule_of_http};
use crate::job::{Failure, TaskId};
use advice::{advice, is_ip_refusal};

/// The code of [`Error::Blocked`].
pub const BLOCKED: &str = "blocked";
/// The code of an [`Error::Api`] that refuses this machine's IP address.
pub const IP_REFUSED: &str = "ip_refused";
/// The code of an [`Error::Api`] for a key that has reached a limit of its own.
pub const KEY_LIMIT: &str = "433";
/// The code of an [`Error::Api`] for an account with too few credits.
pub const OUT_OF_CREDITS: &str = "402";

/// Why a call to KIE failed. The texts are for people and never contain the key or a whole URL; programs use the
/// methods.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The client cannot be built from these settings.
    #[error("{0}")]
    Settings(String),
    /// KIE answered with an error in its envelope.
    #[error("kie answered code {code}: {message}{}", advice(*code, message))]
    Api {
        /// The envelope's code.
        code: i64,
        /// The vendor's message, shortened. Messages change and may be Chinese: do not compare them.
        message: String,
        /// The `Retry-After` header, if any.
        retry_after: Option<Duration>,
        /// The task that was polled, or a task that the refusal of a create request names.
        task: Option<TaskId>,
    },
    /// The answer was not KIE's envelope: a proxy's page, a redirect.
    #[error("the answer was http status {status} with nothing usable in it")]
    Http {
        /// The HTTP status.
        status: u16,
        /// The `Retry-After` header, if any.
        retry_after: Option<Duration>,
    },
    /// A network in front of KIE (a CDN) has refused the request with a page of its own.
    #[error(
        "a cdn in front of kie blocked the request (http status {status}): it did not reach kie, and the key is not the cause"
    )]
    Blocked {
        /// The HTTP status.
        status: u16,
        /// The `Retry-After` header, if any.
        retry_after: Option<Duration>,
    },
    /// The host of a file did not send it: the link is dead, or the host has an error.
    #[error("the file's host answered http status {status}")]
    NoFile {
        /// The HTTP status.
        status: u16,
        /// The `Retry-After` header, if any.
        retry_after: Option<Duration>,
    },
    /// The model is not live, so nothing was sent.
    #[error("{model} is not offered any more{}", .nearest.map(|id| format!("; the nearest live model is {id}")).unwrap_or_default())]
    NotLive {
        /// The model's id.
        model: &'static str,
        /// The most similar live model.
        nearest: Option<&'static str>,
    },
    /// The model's result comes in a webhook alone, and there is no address for one, so nothing was sent.
    #[error("{model} gives its result in a webhook alone, and there is no address for one")]
    NeedsWebhook {
        /// The model's id.
        model: &'static str,
    },
    /// No connection was made, so nothing was sent.
    #[error("cannot connect to {host}: {why}")]
    Connect {
        /// The host.
        host: String,
        /// The error of the operating system.
        why: String,
    },
    /// The connection broke after it was made.
    #[error("the connection to {host} broke: {why}")]
    Network {
        /// The host.
        host: String,
        /// The error of the operating system.
        why: String,
    },
    /// An answer, or a part of it, did not come in time.
    #[error("{host} sent {what} in {} s", .waited.as_secs_f64())]
    Timeout {
        /// The host.
        host: String,
        /// What came instead: `no answer`, `nothing more`, `not everything`.
        what: &'static str,
        /// The time limit.
        waited: Duration,
    },
    /// KIE does not know the task (code 200 with null data).
    #[error("kie knows no such task")]
    NotFound,
    /// KIE said 200, but the rest of the answer is not what the route returns.
    #[error("kie's answer cannot be used: {0}")]
    Reply(&'static str),
    /// The file is larger than the caller allows.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// The caller's limit in bytes.
        limit: u64,
    },
    /// Not an http or https URL.
    #[error("not an http or https url")]
    Url,
    /// A URL or a redirect leads to an address that is not public, see
    /// [`Settings::private_hosts`](crate::client::Settings::private_hosts). Nothing was sent.
    #[error("{host} is not a public host")]
    PrivateHost {
        /// The host.
        host: String,
    },
    /// Not a model's id.
    #[error("not a model's id")]
    Model,
    /// A local file cannot be read or written.
    #[error("cannot {what} {path}: {why}")]
    File {
        /// `read` or `write`.
        what: &'static str,
        /// The path.
        path: String,
        /// The error of the operating system.
        why: String,
    },
}

impl Error {
    /// The rule for the error's code or status; `None` for errors without an answer.
    pub fn rule(&self) -> Option<Rule> {
        match self {
            Self::Api { code, .. } => Some(rule(*code)),
            Self::Http { status, .. } => Some(rule_of_http(*status)),
            // Whatever the status, the request went no further.
            Self::Blocked { status: 429, .. } => Some(rule_of_http(429)),
            Self::Blocked { status, .. } => Some(Rule { code: (*status).into(), ..rule_of_http(403) }),
            _ => None,
        }
    }

    /// What the error means for a read.
    pub fn read_class(&self) -> ReadClass {
        match self {
            Self::Connect { .. } | Self::Network { .. } | Self::Timeout { .. } | Self::Reply(_) => ReadClass::Retry,
            Self::NoFile { status: 408 | 425 | 429 | 500.., .. } => ReadClass::Retry,
            Self::NotFound => ReadClass::Grace,
            Self::Settings(_)
            | Self::NoFile { .. }
            | Self::NotLive { .. }
            | Self::NeedsWebhook { .. }
            | Self::TooLarge { .. }
            | Self::Url
            | Self::PrivateHost { .. }
            | Self::Model
            | Self::File { .. } => ReadClass::Fatal,
            Self::Api { .. } | Self::Http { .. } | Self::Blocked { .. } => {
                self.rule().map_or(ReadClass::Fatal, |rule| rule.read)
            }
        }
    }

    /// What the error means for a create request.
    pub fn create_class(&self) -> CreateClass {
        match self {
            Self::Connect { .. } => CreateClass::Resend,
            Self::Network { .. } | Self::Timeout { .. } | Self::Reply(_) | Self::NotFound => CreateClass::Unknown,
            Self::Settings(_)
            | Self::NoFile { .. }
            | Self::NotLive { .. }
            | Self::NeedsWebhook { .. }
            | Self::TooLarge { .. }
            | Self::Url
            | Self::PrivateHost { .. }
            | Self::Model
            | Self::File { .. } => CreateClass::Refused,
            // Whatever the code: a refusal that names a task has created one.
            Self::Api { task: Some(_), .. } => CreateClass::Unknown,
            Self::Api { .. } | Self::Http { .. } | Self::Blocked { .. } => {
                self.rule().map_or(CreateClass::Unknown, |rule| rule.create)
            }
        }
    }

    /// Whether the same call may succeed later. For a create request use
    /// [`CreateError::is_retryable`](crate::client::CreateError::is_retryable): it may cost money.
    pub fn is_retryable(&self) -> bool {
        matches!(self.read_class(), ReadClass::Retry | ReadClass::RetrySlowly)
    }

    /// Whether KIE does not know the task. Right after a create request that may be a delay.
    pub fn is_not_found(&self) -> bool {
        self.read_class() == ReadClass::Grace
    }

    /// Whether a file's host does not have the file, or does not hand it out: right after the file was made that may be a
    /// delay of its storage.
    pub fn is_file_missing(&self) -> bool {
        matches!(self, Self::NoFile { status: 403 | 404, .. })
    }

    /// Whether no connection was made, so that nothing was sent.
    pub fn is_connect(&self) -> bool {
        matches!(self, Self::Connect { .. })
    }

    /// Whether the key is missing, wrong or not allowed to do this.
    pub fn is_auth(&self) -> bool {
        matches!(self, Self::Api { code: 401 | 403, .. })
    }

    /// Whether the key is not allowed from this machine's IP address, as far as the vendor's message tells it: keys may have a list
    /// of addresses. Part of [`Error::is_auth`].
    pub fn is_ip_refused(&self) -> bool {
        matches!(self, Self::Api { code, message, .. } if is_ip_refusal(*code, message))
    }

    /// Whether the key has reached its own hourly, daily or total limit, which its owner sets. Part of
    /// [`Error::is_out_of_credits`].
    pub fn is_key_limit(&self) -> bool {
        matches!(self, Self::Api { code: 433, .. })
    }

    /// Whether the account has too few credits, or the key has reached its limit.
    pub fn is_out_of_credits(&self) -> bool {
        matches!(self, Self::Api { code: 402 | 433, .. })
    }

    /// Whether the account has too few credits, whatever the limit of the key. Part of [`Error::is_out_of_credits`].
    pub fn is_without_credits(&self) -> bool {
        self.is_out_of_credits() && !self.is_key_limit()
    }

    /// Whether the account's rate limit is exceeded; other programs may have used it up.
    pub fn is_rate_limit(&self) -> bool {
        matches!(self.rule(), Some(Rule { code: 429, .. }))
    }

    /// Whether the input may be the cause: KIE answers code 500 also for a missing or wrong field, which its message
    /// may name.
    pub fn may_be_input(&self) -> bool {
        matches!(self.rule(), Some(Rule { code: 500, .. }))
    }

    /// Whether the key was refused, and nothing can have been accepted: another key may be used instead.
    pub(crate) fn is_key_refused(&self) -> bool {
        (self.is_auth() || self.is_out_of_credits()) && self.create_class() == CreateClass::Refused
    }

    /// Whether a create request with this error may have cost money. Other calls cost nothing.
    pub fn money_at_risk(&self) -> bool {
        self.create_class() == CreateClass::Unknown
    }

    /// The task that an answer of KIE names.
    pub fn task(&self) -> Option<&TaskId> {
        match self {
            Self::Api { task, .. } => task.as_ref(),
            _ => None,
        }
    }

    /// The same error, about this task.
    pub(crate) fn about(mut self, id: &TaskId) -> Self {
        if let Self::Api { task, .. } = &mut self {
            *task = Some(id.clone());
        }
        self
    }

    /// How long to wait before a repetition, if the server said so or the rule demands a long pause.
    pub fn retry_after(&self) -> Option<Duration> {
        let told = match self {
            Self::Api { retry_after, .. }
            | Self::Http { retry_after, .. }
            | Self::Blocked { retry_after, .. }
            | Self::NoFile { retry_after, .. } => *retry_after,
            _ => None,
        };
        told.or_else(|| (self.read_class() == ReadClass::RetrySlowly).then_some(Duration::from_secs(30)))
    }

    /// Who has to act.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Api { .. } | Self::Http { .. } | Self::Blocked { .. } => {
                self.rule().map_or(Blame::Vendor, |rule| rule.blame)
            }
            Self::Connect { .. } | Self::Network { .. } | Self::Timeout { .. } => Blame::Network,
            Self::Reply(_) | Self::NoFile { status: 500.., .. } => Blame::Vendor,
            Self::Settings(_) | Self::NeedsWebhook { .. } => Blame::Account,
            Self::NotFound
            | Self::NoFile { .. }
            | Self::NotLive { .. }
            | Self::TooLarge { .. }
            | Self::Url
            | Self::PrivateHost { .. }
            | Self::Model
            | Self::File { .. } => Blame::Caller,
        }
    }

    /// A stable word: the envelope's code (`422`), `ip_refused` instead of it, `http_502`, `file_http_404`, or `blocked`, `settings`, `connect`, `network`,
    /// `timeout`, `not_found`, `bad_reply`, `not_live`, `needs_webhook`, `too_large`, `bad_url`, `private_host`, `bad_model`, `file`.
    pub fn code(&self) -> String {
        match self {
            Self::Api { .. } if self.is_ip_refused() => IP_REFUSED.into(),
            Self::Api { code, .. } => code.to_string(),
            Self::Blocked { .. } => BLOCKED.into(),
            Self::Http { status, .. } => format!("http_{status}"),
            Self::NoFile { status, .. } => format!("file_http_{status}"),
            Self::Settings(_) => "settings".into(),
            Self::NotLive { .. } => "not_live".into(),
            Self::NeedsWebhook { .. } => "needs_webhook".into(),
            Self::Connect { .. } => "connect".into(),
            Self::Network { .. } => "network".into(),
            Self::Timeout { .. } => "timeout".into(),
            Self::NotFound => "not_found".into(),
            Self::Reply(_) => "bad_reply".into(),
            Self::TooLarge { .. } => "too_large".into(),
            Self::Url => "bad_url".into(),
            Self::PrivateHost { .. } => "private_host".into(),
            Self::Model => "bad_model".into(),
            Self::File { .. } => "file".into(),
        }
    }

    /// The error as the reason of a failed job, with the vendor's message if there is one.
    pub fn to_failure(&self) -> Failure {
        let message = match self {
            Self::Api { message, .. } => message.clone(),
            other => other.to_string(),
        };
        Failure { code: self.code(), message }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api(code: i64) -> Error {
        Error::Api { code, message: "words".into(), retry_after: None, task: None }
    }

    #[test]
    fn predicates_follow_the_table() {
        assert!(api(401).is_auth() && api(403).is_auth() && !api(402).is_auth());
        assert!(api(402).is_out_of_credits() && api(433).is_out_of_credits());
        assert!(api(429).is_retryable() && api(455).is_retryable() && api(500).is_retryable());
        assert!(!api(401).is_retryable() && !api(422).is_retryable());
        assert!(api(422).is_not_found() && api(404).is_not_found() && Error::NotFound.is_not_found());
        assert_eq!(api(455).retry_after(), Some(Duration::from_secs(30)));
        assert_eq!(api(500).retry_after(), None);
        assert_eq!(
            (api(422).code(), Error::Http { status: 502, retry_after: None }.code()),
            ("422".into(), "http_502".into())
        );
        let dead = Error::NoFile { status: 403, retry_after: None };
        assert!(!dead.is_auth() && !dead.is_retryable() && dead.blame() == Blame::Caller && dead.is_file_missing());
        let broken = Error::NoFile { status: 503, retry_after: None };
        assert!(broken.is_retryable() && !broken.is_file_missing());
        let page = Error::Http { status: 401, retry_after: None };
        assert!(!page.is_auth() && !page.is_key_refused() && page.is_retryable() && page.blame() == Blame::Network);
        assert_eq!(api(422).to_failure(), Failure { code: "422".into(), message: "words".into() });
    }
}
