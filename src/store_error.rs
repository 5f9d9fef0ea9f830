//! The error of everything that reads or writes the database.

use crate::job::{ChatId, JobId, JobState};
use crate::ledger::EntryKind;

/// Why a call to the store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// `DATABASE_URL` cannot be read, or names an unsupported kind of database.
    #[error("{0}")]
    Url(String),
    /// The database cannot be opened or reached, is locked, or refuses for the moment (a deadlock, a full server). The
    /// text never contains the password.
    #[error("{0}")]
    Open(String),
    /// The tables are missing, or of a version that this program cannot use.
    #[error("{0}")]
    Version(String),
    /// A statement failed.
    #[error("the database refused a statement: {0}")]
    Statement(String),
    /// A stored value cannot be decoded.
    #[error("{table}.{column} of {key} cannot be read: {why}")]
    Broken {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The primary key of the row, as text.
        key: String,
        /// Why decoding failed.
        why: String,
    },
    /// The chat is claimed by another worker of the inbox. Nothing was changed.
    #[error("chat {} is claimed by another worker", .0.0)]
    Fenced(ChatId),
    /// The job is no longer in the state that the caller saw, or is claimed by another worker. Nothing was changed.
    #[error("job {0} has moved on")]
    Stale(JobId),
    /// The state machine has no such move, see [`JobState::may_become`]. Nothing was changed.
    #[error("job {job} may not go from {} to {}", from.as_str(), next.as_str())]
    Illegal {
        /// The job.
        job: JobId,
        /// Its state.
        from: JobState,
        /// The requested state.
        next: JobState,
    },
    /// The job already has a ledger entry of this kind. Nothing was changed.
    #[error("job {job} has a {} already", kind.as_str())]
    Booked {
        /// The job.
        job: JobId,
        /// The kind of entry.
        kind: EntryKind,
    },
}

impl StoreError {
    /// The database does not answer now; the same call may succeed later.
    pub const fn is_unavailable(&self) -> bool {
        matches!(self, Self::Open(_))
    }

    /// Another worker or another person changed the job first.
    pub const fn is_stale(&self) -> bool {
        matches!(self, Self::Stale(_))
    }

    /// A stored value cannot be decoded: it is damaged, or a newer version of the program has written it.
    pub const fn is_broken(&self) -> bool {
        matches!(self, Self::Broken { .. })
    }

    /// Another worker has claimed the chat.
    pub const fn is_fenced(&self) -> bool {
        matches!(self, Self::Fenced(_))
    }
}
