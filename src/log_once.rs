//! Conditions that last are logged when they begin, change and end, and not with every attempt.

use std::sync::{Mutex, PoisonError};

/// Remembers the condition that was logged last.
#[derive(Debug)]
pub struct LogOnce<T = String>(Mutex<Option<T>>);

impl<T> Default for LogOnce<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T: PartialEq> LogOnce<T> {
    /// Records that `condition` holds now. Returns whether to log it: it differs from the last one.
    pub fn changed(&self, condition: T) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let differs = last.as_ref() != Some(&condition);
        *last = Some(condition);
        differs
    }

    /// Whether `condition` is the last one recorded.
    pub fn holds(&self, condition: &T) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref() == Some(condition)
    }

    /// Records that no condition holds. Returns whether to log it: one held until now.
    pub fn cleared(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changes_are_logged() {
        let log = LogOnce::default();
        assert!(!log.cleared());
        assert!(log.changed("401") && !log.changed("401") && log.holds(&"401") && log.changed("402"));
        assert!(log.cleared() && !log.cleared() && log.changed("402"));
    }
}
