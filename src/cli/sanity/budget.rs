//! The credits that a sanity run may still spend.

use std::sync::{Mutex, PoisonError};

use crate::ledger::Credits;

/// What is left of `--max-credits`; without that limit everything is affordable.
#[derive(Debug)]
pub(super) struct SpendingLimit {
    left: Mutex<Option<Credits>>,
    /// Lets one task of unknown price run at a time. `false` once such a task has ended without telling its cost: then
    /// what is left is not known either.
    pub(super) unpriced: tokio::sync::Mutex<bool>,
}

impl SpendingLimit {
    pub(super) fn new(limit: Option<Credits>) -> Self {
        Self { left: Mutex::new(limit), unpriced: tokio::sync::Mutex::new(true) }
    }

    /// Reserves a price; returns false when less than that is left.
    pub(super) fn reserve(&self, price: Credits) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        match *left {
            None => true,
            Some(available) if available < price => false,
            Some(available) => {
                *left = Some(Credits::from_milli(available.milli() - price.milli()));
                true
            }
        }
    }

    /// Whether anything is left.
    pub(super) fn has_some(&self) -> bool {
        self.left.lock().unwrap_or_else(PoisonError::into_inner).is_none_or(|left| left > Credits::ZERO)
    }

    /// Replaces a reserved price by what was really spent.
    pub(super) fn charge(&self, reserved: Credits, spent: Credits) {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        *left = left.map(|available| Credits::from_milli(available.milli() + reserved.milli() - spent.milli()));
    }
}
