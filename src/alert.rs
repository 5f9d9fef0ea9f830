//! What whoever runs the bot has to hear: matters that only they can see to.

use crate::clock::Timestamp;

/// A kind of matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AlertKind {
    /// The account at the vendor is out of credits.
    OutOfCredits,
    /// It has fewer than the operator wants to be told of; the detail is what is left, in thousandths of a credit.
    LowCredits,
    /// The vendor refuses a key; the subject is its label, the detail the code.
    KeyRefused,
    /// The limit of all orders in 24 hours is reached; the detail is the price of the refused order, in thousandths of a
    /// credit.
    DailyCap,
    /// The end of a job is not known; the subject is the job.
    UnknownJob,
    /// The result of a job cannot be read; the subject is the job.
    UnreadableJob,
    /// Many of the latest jobs have failed; the detail is the percentage.
    FailureRate,
    /// A model has begun to refuse; the subject is the model, the detail the code.
    ModelRefuses,
    /// A model does poorly at the vendor; the subject is the model, the detail the percentage of successes.
    PoorHealth,
}

impl AlertKind {
    /// Every kind, in the order in which they are told.
    pub const ALL: [Self; 9] = [
        Self::OutOfCredits,
        Self::KeyRefused,
        Self::LowCredits,
        Self::DailyCap,
        Self::FailureRate,
        Self::ModelRefuses,
        Self::PoorHealth,
        Self::UnknownJob,
        Self::UnreadableJob,
    ];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OutOfCredits => "out_of_credits",
            Self::LowCredits => "low_credits",
            Self::KeyRefused => "key_refused",
            Self::DailyCap => "daily_cap",
            Self::UnknownJob => "unknown_job",
            Self::UnreadableJob => "unreadable_job",
            Self::FailureRate => "failure_rate",
            Self::ModelRefuses => "model_refuses",
            Self::PoorHealth => "poor_health",
        }
    }

    /// The kind of a stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Its kind.
    pub kind: AlertKind,
    /// What it is about; empty where there is one matter of the kind.
    pub subject: String,
    /// See the kinds.
    pub detail: String,
    /// When it began.
    pub since: Timestamp,
    /// Whether it is over.
    pub is_over: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        for kind in AlertKind::ALL {
            assert_eq!(AlertKind::from_word(kind.as_str()), Some(kind));
        }
        assert_eq!(AlertKind::from_word("else"), None);
    }
}
