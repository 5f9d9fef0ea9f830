//! What becomes of a job's hold at its end: the entries of its ledger and the transfers of its payer's money, which the
//! store writes with the state.

use crate::clock::Timestamp;
use crate::job::Job;
use crate::ledger::{Entry, EntryKind, Money};
use crate::store::JobChange;
use crate::transfer::{Transfer, TransferKind};

/// There is a result: the hold is spent. What a price "at most" leaves over is given back.
pub(super) fn capture(job: &Job, now: Timestamp) -> JobChange {
    let cost = job.output.as_ref().and_then(|output| output.credits);
    let due = job.charge.map_or(Money::ZERO, |charge| charge.due(job.quote, cost));
    JobChange { transfers: settle(job, due, now), ..with_entry(job, EntryKind::Capture) }
}

/// There is no result, and the vendor took nothing: all is given back.
pub(super) fn release(job: &Job, now: Timestamp) -> JobChange {
    JobChange { transfers: settle(job, Money::ZERO, now), is_unused: true, ..with_entry(job, EntryKind::Release) }
}

/// There is no result, and the vendor took credits all the same: they are spent, and the payer has the money back.
pub(super) fn spend(job: &Job, now: Timestamp) -> JobChange {
    JobChange { transfers: settle(job, Money::ZERO, now), is_unused: true, ..with_entry(job, EntryKind::Capture) }
}

fn with_entry(job: &Job, kind: EntryKind) -> JobChange {
    let entry = job.quote.map(|quote| Entry { kind, credits: quote.credits });
    JobChange { entry, ..JobChange::default() }
}

/// The transfers that leave nothing held.
fn settle(job: &Job, due: Money, now: Timestamp) -> Vec<Transfer> {
    let Some(charge) = job.charge else { return Vec::new() };
    let release = if charge.free.is_some() { TransferKind::FreeRelease } else { TransferKind::Release };
    let parts = [(TransferKind::Capture, due), (release, charge.price - due)];
    let transfer = |(kind, amount)| Transfer::of_job(kind, &job.id, charge.payer, amount, now);
    parts.into_iter().filter(|(_, amount)| *amount > Money::ZERO).map(transfer).collect()
}
