//! Why a call failed, and what can be done about it.

use std::time::Duration;

use crate::client::retry::{Blame, Create, Read, Rule, rule, rule_of_http};
use crate::job::{Failure, TaskId};

/// Why a call to KIE failed. Texts are for people and never hold the key or a whole URL; programs ask the methods.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The client cannot be built from these settings.
    #[error("{0}")]
    Settings(String),
    /// KIE answered with an error in its envelope.
    #[error("kie answered code {code}: {message}")]
    Api {
        /// The envelope's code.
        code: i64,
        /// The vendor's words, shortened. They change and may be Chinese: never match on them.
        message: String,
        /// The `Retry-After` header, when there was one.
        retry_after: Option<Duration>,
        /// The task: the one that was asked about, or one that the refusal of a create names all the same.
        task: Option<TaskId>,
    },
    /// The answer was not KIE's envelope: a proxy's page, a redirect.
    #[error("the answer was http status {status} with nothing usable in it")]
    Http {
        /// The HTTP status.
        status: u16,
        /// The `Retry-After` header, when there was one.
        retry_after: Option<Duration>,
    },
    /// The host of a file does not give it: the link is dead, or the host is in trouble.
    #[error("the file's host answered http status {status}")]
    NoFile {
        /// The HTTP status.
        status: u16,
        /// The `Retry-After` header, when there was one.
        retry_after: Option<Duration>,
    },
    /// The model is not live, so nothing was sent: the vendor would refuse it, or worse.
    #[error("{model} is not offered any more{}", .nearest.map(|id| format!("; the nearest live model is {id}")).unwrap_or_default())]
    NotLive {
        /// The model's id.
        model: &'static str,
        /// The live model that comes nearest.
        nearest: Option<&'static str>,
    },
    /// No connection was made, so nothing was sent.
    #[error("cannot connect to {host}: {why}")]
    Connect {
        /// Where to.
        host: String,
        /// The system's words.
        why: String,
    },
    /// The connection broke after it was made.
    #[error("the connection to {host} broke: {why}")]
    Network {
        /// Where to.
        host: String,
        /// The system's words.
        why: String,
    },
    /// Nothing came in time.
    #[error("{host} sent {what} in {} s", .waited.as_secs_f64())]
    Timeout {
        /// Where from.
        host: String,
        /// What was waited for: `no answer`, `nothing more`, `not everything`.
        what: &'static str,
        /// How long.
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
        /// The system's words.
        why: String,
    },
}

impl Error {
    /// The row of the policy that applies; `None` for errors that no answer stands behind.
    pub fn rule(&self) -> Option<Rule> {
        match self {
            Self::Api { code, .. } => Some(rule(*code)),
            Self::Http { status, .. } => Some(rule_of_http(*status)),
            _ => None,
        }
    }

    /// What the error says about a read.
    pub fn read(&self) -> Read {
        match self {
            Self::Connect { .. } | Self::Network { .. } | Self::Timeout { .. } | Self::Reply(_) => Read::Retry,
            Self::NoFile { status: 408 | 425 | 429 | 500.., .. } => Read::Retry,
            Self::NotFound => Read::Grace,
            Self::Settings(_)
            | Self::NoFile { .. }
            | Self::NotLive { .. }
            | Self::TooLarge { .. }
            | Self::Url
            | Self::Model
            | Self::File { .. } => Read::Fatal,
            Self::Api { .. } | Self::Http { .. } => self.rule().map_or(Read::Fatal, |rule| rule.read),
        }
    }

    /// What the error says about a create.
    pub fn create(&self) -> Create {
        match self {
            Self::Connect { .. } => Create::Resend,
            Self::Network { .. } | Self::Timeout { .. } | Self::Reply(_) | Self::NotFound => Create::Unknown,
            Self::Settings(_)
            | Self::NoFile { .. }
            | Self::NotLive { .. }
            | Self::TooLarge { .. }
            | Self::Url
            | Self::Model
            | Self::File { .. } => Create::Refused,
            // Whatever the code says: a refusal that names a task has made one.
            Self::Api { task: Some(_), .. } => Create::Unknown,
            Self::Api { .. } | Self::Http { .. } => self.rule().map_or(Create::Unknown, |rule| rule.create),
        }
    }

    /// Whether the same call may pass later. For a create ask [`CreateError::is_retryable`]: money may be at risk.
    pub fn is_retryable(&self) -> bool {
        matches!(self.read(), Read::Retry | Read::RetrySlowly)
    }

    /// Whether KIE says that it knows no such task. Right after a create that may be a delay.
    pub fn is_not_found(&self) -> bool {
        self.read() == Read::Grace
    }

    /// Whether no connection was made, so that nothing can have reached KIE.
    pub fn is_connect(&self) -> bool {
        matches!(self, Self::Connect { .. })
    }

    /// Whether KIE says that the key is missing, wrong or not allowed to do this.
    pub fn is_auth(&self) -> bool {
        matches!(self, Self::Api { code: 401 | 403, .. })
    }

    /// Whether KIE says that the account has too few credits, or the key has reached its limit.
    pub fn is_out_of_credits(&self) -> bool {
        matches!(self, Self::Api { code: 402 | 433, .. })
    }

    /// Whether requests come too fast. The account's limit, so others may have used it up.
    pub fn is_rate_limit(&self) -> bool {
        matches!(self.rule(), Some(Rule { code: 429, .. }))
    }

    /// Whether KIE broke down over the request: its 500, behind which may be a field that is missing or wrong. Words of the
    /// vendor's say which, for people.
    pub fn may_be_input(&self) -> bool {
        matches!(self.rule(), Some(Rule { code: 500, .. }))
    }

    /// Whether another key may pass where this one was turned down, and nothing can have been accepted.
    pub(crate) fn rests_key(&self) -> bool {
        (self.is_auth() || self.is_out_of_credits()) && self.create() == Create::Refused
    }

    /// Whether money may have been spent if a create got this error. For every other call nothing is at risk.
    pub fn money_at_risk(&self) -> bool {
        self.create() == Create::Unknown
    }

    /// The task that the error is about, where an answer of KIE stands behind it.
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

    /// How long to wait before asking again, where the server said so or the policy demands a long pause.
    pub fn retry_after(&self) -> Option<Duration> {
        let told = match self {
            Self::Api { retry_after, .. } | Self::Http { retry_after, .. } | Self::NoFile { retry_after, .. } => {
                *retry_after
            }
            _ => None,
        };
        told.or_else(|| (self.read() == Read::RetrySlowly).then_some(Duration::from_secs(30)))
    }

    /// Who has to act.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Api { .. } | Self::Http { .. } => self.rule().map_or(Blame::Vendor, |rule| rule.blame),
            Self::Connect { .. } | Self::Network { .. } | Self::Timeout { .. } => Blame::Network,
            Self::Reply(_) | Self::NoFile { status: 500.., .. } => Blame::Vendor,
            Self::Settings(_) => Blame::Account,
            Self::NotFound
            | Self::NoFile { .. }
            | Self::NotLive { .. }
            | Self::TooLarge { .. }
            | Self::Url
            | Self::Model
            | Self::File { .. } => Blame::Caller,
        }
    }

    /// A stable word: the envelope's code (`422`), `http_502`, `file_http_404`, or `settings`, `connect`, `network`,
    /// `timeout`, `not_found`, `bad_reply`, `not_live`, `too_large`, `bad_url`, `bad_model`, `file`.
    pub fn code(&self) -> String {
        match self {
            Self::Api { code, .. } => code.to_string(),
            Self::Http { status, .. } => format!("http_{status}"),
            Self::NoFile { status, .. } => format!("file_http_{status}"),
            Self::Settings(_) => "settings".into(),
            Self::NotLive { .. } => "not_live".into(),
            Self::Connect { .. } => "connect".into(),
            Self::Network { .. } => "network".into(),
            Self::Timeout { .. } => "timeout".into(),
            Self::NotFound => "not_found".into(),
            Self::Reply(_) => "bad_reply".into(),
            Self::TooLarge { .. } => "too_large".into(),
            Self::Url => "bad_url".into(),
            Self::Model => "bad_model".into(),
            Self::File { .. } => "file".into(),
        }
    }

    /// The error as the reason of a failed job: the vendor's own words where there are any.
    pub fn to_failure(&self) -> Failure {
        let message = match self {
            Self::Api { message, .. } => message.clone(),
            other => other.to_string(),
        };
        Failure { code: self.code(), message }
    }
}

/// Why there is no task id after a create.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreateError {
    /// Nothing was accepted and nothing is billed.
    #[error("{0}")]
    Refused(Error),
    /// The answer was lost or makes no sense: the task may exist and may be billed. Never send it again by itself.
    #[error("the task may or may not have been accepted: {0}")]
    Unknown(Error),
}

impl CreateError {
    /// What went wrong.
    pub fn error(&self) -> &Error {
        match self {
            Self::Refused(error) | Self::Unknown(error) => error,
        }
    }

    /// Whether the same create may pass later with no risk of paying twice.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Refused(error) if matches!(error.create(), Create::Resend | Create::Later))
    }

    /// Whether the vendor may have accepted (and billed) the task.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }
}

impl CreateError {
    /// Whether the vendor may bill a task for this create. The same as [`CreateError::is_unknown`].
    pub fn money_at_risk(&self) -> bool {
        self.is_unknown()
    }

    /// The task, where the answer names one: it can be waited for.
    pub fn task(&self) -> Option<&TaskId> {
        self.error().task()
    }

    /// How long to wait before sending it again, where the server said so; see [`CreateError::is_retryable`].
    pub fn retry_after(&self) -> Option<Duration> {
        self.error().retry_after()
    }

    /// Who has to act.
    pub fn blame(&self) -> Blame {
        self.error().blame()
    }
}

impl From<Error> for CreateError {
    fn from(error: Error) -> Self {
        if error.create() == Create::Unknown { Self::Unknown(error) } else { Self::Refused(error) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api(code: i64) -> Error {
        Error::Api { code, message: "words".into(), retry_after: None, task: None }
    }

    #[test]
    fn a_lost_answer_is_unknown_and_an_unmade_connection_is_not() {
        let host = || "h".to_owned();
        let connect = Error::Connect { host: host(), why: "refused".into() };
        assert!(matches!(CreateError::from(connect.clone()), CreateError::Refused(_)));
        assert!(CreateError::from(connect).is_retryable());
        let lost = [
            Error::Network { host: host(), why: "reset".into() },
            Error::Timeout { host: host(), what: "no answer", waited: Duration::from_secs(1) },
            Error::Reply("no task id"),
            Error::NotFound,
            Error::Http { status: 502, retry_after: None },
            Error::Http { status: 200, retry_after: None },
            api(408),
            api(503),
        ];
        for error in lost {
            let error = CreateError::from(error);
            assert!(error.is_unknown() && !error.is_retryable(), "{error}");
        }
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
        assert!(CreateError::from(api(500)).is_retryable());
        assert!(!CreateError::from(api(422)).is_retryable());
        assert_eq!(
            (api(422).code(), Error::Http { status: 502, retry_after: None }.code()),
            ("422".into(), "http_502".into())
        );
        let dead = Error::NoFile { status: 403, retry_after: None };
        assert!(!dead.is_auth() && !dead.is_retryable() && dead.blame() == Blame::Caller);
        assert!(Error::NoFile { status: 503, retry_after: None }.is_retryable());
        let page = Error::Http { status: 401, retry_after: None };
        assert!(!page.is_auth() && !page.rests_key() && page.is_retryable() && page.blame() == Blame::Network);
        assert_eq!(api(422).to_failure(), Failure { code: "422".into(), message: "words".into() });
    }
}
