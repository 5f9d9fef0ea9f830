//! The two kinds of Bot API servers, and how large the files are that they take and give.

use std::time::Duration;

/// A kind of Bot API server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ServerKind {
    /// Telegram's own, or one that behaves so.
    Public,
    /// One that runs with `--local`: see "Using a Local Bot API Server" of the Bot API.
    Local,
}

impl ServerKind {
    /// Most bytes of a file that a bot may send; a photo has a limit of its own (Bot API, "Sending files": 50 MB; "Using a
    /// Local Bot API Server": 2000 MB).
    pub(crate) const fn upload_limit(self) -> u64 {
        match self {
            Self::Public => 50_000_000,
            Self::Local => 2_000_000_000,
        }
    }

    /// Most bytes of a file that a bot may fetch (Bot API, `getFile`: 20 MB, binary). A local server has no limit of its own;
    /// this is what it takes back.
    pub(crate) const fn download_limit(self) -> u64 {
        match self {
            Self::Public => 20 << 20,
            Self::Local => 2_000_000_000,
        }
    }

    /// Time limit of a call that carries a file: the largest one at 100 kB/s; at 1 MB/s to a server that is near.
    pub(super) const fn file_timeout(self) -> Duration {
        match self {
            Self::Public => Duration::from_secs(600),
            Self::Local => Duration::from_secs(2400),
        }
    }
}
