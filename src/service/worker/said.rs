//! What is wrong at the moment, said once and not with every try.

use std::sync::{Mutex, PoisonError};

/// Remembers what was said last.
#[derive(Debug, Default)]
pub(super) struct Said(Mutex<Option<String>>);

impl Said {
    /// This is wrong now. Whether that is news.
    pub(super) fn is_news(&self, trouble: &str) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = last.as_deref() != Some(trouble);
        if is_news {
            *last = Some(trouble.to_owned());
        }
        is_news
    }

    /// Nothing is wrong any more. Whether that is news.
    pub(super) fn is_over(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changes_are_news() {
        let said = Said::default();
        assert!(!said.is_over());
        assert!(said.is_news("401") && !said.is_news("401") && said.is_news("402"));
        assert!(said.is_over() && !said.is_over() && said.is_news("402"));
    }
}
