//! The registry beside the vendor's own list: what differs, and a first entry for a model that is new.
//!
//! Nothing here asks anybody: answers go in ([`Answers`]), a [`Report`] or the text of an [`entry`] comes out. The vendor's
//! schemas are read with patience ([`schema`]): what is not understood counts as not said, and what is not said is never
//! a difference, because the registry also knows limits that no schema states.

pub mod answer;
pub mod drift;
pub mod entry;
mod own;
mod price;
mod reference;
mod report;
pub mod schema;
pub mod shape;

pub use answer::{Answers, Failure, Offer};
pub use drift::{Change, Drift};
pub use entry::EntryError;
pub use report::{Report, check, wanted};
