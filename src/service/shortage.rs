//! The account at the vendor is out of credits: orders pause for all, and go on by themselves when it has credits again.
//!
//! The shortage is in the store, so it holds for all processes and outlives them. While it lasts, the balance is read with
//! growing pauses; an order that what is left can pay still passes.

use super::Service;
use crate::backoff::Backoff;
use crate::client::Error;
use crate::job::{Failure, Job};
use crate::ledger::Credits;
use crate::store_error::StoreError;

/// The failure code of a job that was not started because the account had too few credits.
pub const OUT_OF_CREDITS: &str = crate::client::OUT_OF_CREDITS;

/// The failure of such a job that the vendor was not asked for.
pub(super) fn failure() -> Failure {
    Failure { code: OUT_OF_CREDITS.to_owned(), message: "the account at the vendor has too few credits".to_owned() }
}

impl Service {
    /// Whether an order of this price has to wait until the account has credits again. An unknown price is any.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn lacks_credits_for(&self, price: Option<Credits>) -> Result<bool, StoreError> {
        if price == Some(Credits::ZERO) {
            return Ok(false);
        }
        let Some(shortage) = self.inner.store.shortage().await? else { return Ok(false) };
        Ok(shortage.remaining.zip(price).is_none_or(|(remaining, price)| price > remaining))
    }

    /// The vendor has refused a job for want of credits, with every key: orders pause.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn begin_shortage(&self, job: &Job, pauses: Backoff) -> Result<(), StoreError> {
        let needed = job.quote.map_or(Credits::ZERO, |quote| quote.credits).max(Credits::from_milli(1));
        self.inner.store.begin_shortage(needed, pauses, self.now()).await?;
        self.note_shortage(Some(needed));
        Ok(())
    }

    /// Looks whether there is a shortage, and if it is time reads the balance, which may end it.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn probe_shortage(&self, pauses: Backoff) -> Result<(), StoreError> {
        let store = &self.inner.store;
        let shortage = store.shortage().await?;
        self.note_shortage(shortage.map(|shortage| shortage.needed));
        if shortage.is_none() || !store.claim_probe(pauses, self.now()).await? {
            return Ok(());
        }
        // A task is paid by one account: the richest counts.
        let balances = self.inner.kie.credits_by_key().await;
        let known = balances.into_iter().filter_map(|key| match key.credits {
            Ok(credits) => Some(credits),
            Err(error) => {
                note_unread(&error);
                None
            }
        });
        let Some(balance) = known.max() else { return Ok(()) };
        if store.note_balance(balance, self.now()).await? {
            self.note_shortage(None);
        }
        Ok(())
    }

    /// Logs the beginning and the end of a shortage. At the end, the keys that were refused for it are used again.
    fn note_shortage(&self, needed: Option<Credits>) {
        let log = &self.inner.shortage;
        match needed {
            Some(needed) if log.changed(()) => {
                tracing::error!(%needed, "the account at the vendor is out of credits: orders pause until it has some");
            }
            Some(_) => {}
            None if log.cleared() => {
                self.inner.kie.reuse_keys_without_credits();
                tracing::info!("the account at the vendor has credits again: orders go on");
            }
            None => {}
        }
    }
}

fn note_unread(error: &Error) {
    tracing::debug!(%error, "the balance of a key could not be read");
}
