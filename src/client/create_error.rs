//! Why a create request gave no task.

use std::time::Duration;

use crate::client::error::Error;
use crate::client::retry::{Blame, CreateClass};
use crate::job::TaskId;

/// Why a create request gave no task id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreateError {
    /// Nothing was accepted and nothing is billed.
    #[error("{0}")]
    Refused(Error),
    /// The answer was lost or is unusable: the task may exist and may be billed. Do not repeat the request
    /// automatically.
    #[error("the task may or may not have been accepted: {0}")]
    Unknown(Error),
}

impl CreateError {
    /// The error of the call.
    pub fn error(&self) -> &Error {
        match self {
            Self::Refused(error) | Self::Unknown(error) => error,
        }
    }

    /// Whether the same request may be accepted later, without the risk of paying twice.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Refused(error) if matches!(error.create_class(), CreateClass::Resend | CreateClass::Later))
    }

    /// Whether the vendor may have accepted (and billed) the task.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// Whether the vendor may bill a task for this create. The same as [`CreateError::is_unknown`].
    pub fn money_at_risk(&self) -> bool {
        self.is_unknown()
    }

    /// The task, if the answer names one: it can be resumed.
    pub fn task(&self) -> Option<&TaskId> {
        self.error().task()
    }

    /// How long to wait before a repetition, if the server said so; see [`CreateError::is_retryable`].
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
        if error.create_class() == CreateClass::Unknown { Self::Unknown(error) } else { Self::Refused(error) }
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
        assert!(CreateError::from(api(500)).is_retryable());
        assert!(!CreateError::from(api(422)).is_retryable());
    }
}
