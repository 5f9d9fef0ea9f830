//! The states of a job, and the legal moves between them.

use serde::{Deserialize, Serialize};

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Accepted and quoted; nothing was sent to the vendor.
    Held,
    /// A worker is sending it. Found by another worker after a crash, it becomes `Unknown`: the vendor may have it.
    Submitting,
    /// The vendor has it; a task id exists.
    Running,
    /// The result is known and not yet in the chat.
    Ready,
    /// A worker is sending the result to the chat.
    Delivering,
    /// The chat has it.
    Delivered,
    /// The vendor refused or failed it.
    Failed,
    /// The reply to the create was lost, the vendor no longer knows the task, or never ended it: it may or may not have
    /// it, and may have charged. Never re-sent without a person's word.
    Unknown,
    /// The vendor says that the task succeeded, and nothing in its record can be read as a result. It may have charged.
    /// What it said is kept; a person decides.
    Unreadable,
    /// The result cannot be sent, e.g. the user blocked the bot; it is kept.
    Undeliverable,
    /// The user took it back before it was sent.
    Cancelled,
}

impl JobState {
    /// Every state, in order of life.
    pub const ALL: [Self; 11] = [
        Self::Held,
        Self::Submitting,
        Self::Running,
        Self::Ready,
        Self::Delivering,
        Self::Delivered,
        Self::Failed,
        Self::Unknown,
        Self::Unreadable,
        Self::Undeliverable,
        Self::Cancelled,
    ];

    /// The word stored in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Submitting => "submitting",
            Self::Running => "running",
            Self::Ready => "ready",
            Self::Delivering => "delivering",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Unreadable => "unreadable",
            Self::Undeliverable => "undeliverable",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word)
    }

    /// Nothing more will happen by itself.
    pub const fn is_final(self) -> bool {
        match self {
            Self::Held | Self::Submitting | Self::Running | Self::Ready | Self::Delivering => false,
            Self::Delivered
            | Self::Failed
            | Self::Unknown
            | Self::Unreadable
            | Self::Undeliverable
            | Self::Cancelled => true,
        }
    }

    /// Whether a job in this state has a [`Failure`](super::Failure).
    pub const fn has_failure(self) -> bool {
        match self {
            Self::Failed | Self::Unknown | Self::Unreadable | Self::Undeliverable => true,
            Self::Held
            | Self::Submitting
            | Self::Running
            | Self::Ready
            | Self::Delivering
            | Self::Delivered
            | Self::Cancelled => false,
        }
    }

    /// Whether a job may go from `self` to `next`.
    pub const fn may_become(self, next: Self) -> bool {
        use JobState::{
            Cancelled, Delivered, Delivering, Failed, Held, Ready, Running, Submitting, Undeliverable, Unknown,
            Unreadable,
        };
        matches!(
            (self, next),
            (Held, Held | Submitting | Running | Cancelled | Failed)
                | (Submitting, Held | Running | Ready | Failed | Unknown)
                | (Running, Running | Ready | Failed | Unknown | Unreadable)
                | (Ready, Delivering)
                | (Delivering, Delivering | Ready | Delivered | Undeliverable)
                | (Unknown, Held | Failed | Running | Ready)
                | (Unreadable, Running | Failed)
                | (Undeliverable, Ready)
        )
    }

    /// Whether attempts count anew after a move from `self` to `next`. Sending (`Held`, `Submitting`), running and
    /// delivery (`Ready`, `Delivering`) each have one count, so that the pause can grow with each failed attempt.
    pub const fn restarts_attempts(self, next: Self) -> bool {
        use JobState::{Delivering, Held, Ready, Running, Submitting};
        !matches!(
            (self, next),
            (Held | Submitting, Held | Submitting) | (Running, Running) | (Ready | Delivering, Ready | Delivering)
        )
    }
}
