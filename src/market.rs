//! Compares the registry with the vendor's catalogue, and writes first registry entries for new models.
//!
//! This module makes no requests: it turns [`VendorAnswers`] into a [`DriftReport`] or the text of an [`entry`]. The
//! vendor's schemas are read tolerantly ([`schema`]): what is not understood counts as not stated, and what is not
//! stated is not a difference, because the registry also has limits that no schema states.

pub mod answer;
pub mod change;
mod check;
mod drift;
pub mod entry;
pub mod feed;
mod own;
mod price;
mod reference;
mod report;
pub mod schema;
pub mod shape;

pub use answer::{ModelError, Offer, VendorAnswers};
pub use change::{Change, Drift};
pub use check::{check, models_to_read};
pub use entry::EntryError;
pub use feed::{Announcement, Feed, FeedPrice};
pub use report::{DriftReport, FeedReport, FeedsReport};
