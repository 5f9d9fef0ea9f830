//! What a model of the registry is, what its rules mean and what a run costs: descriptors, bounded types, checks, rules, prices
//! and reports. No I/O.
//!
//! The generator builds these descriptors from `models/kie_models.yaml`, checks examples, defaults and prices with the functions
//! of this crate, and prints the descriptors as Rust; the product uses what was printed with the same functions.
//!
//! | module | what |
//! |---|---|
//! | [`spec`] | the descriptors that the generator fills in |
//! | [`text`], [`integer`], [`decimal`], [`choice`], [`list`], [`media`], [`task_ref`] | types that carry their limits, and the one check of each kind |
//! | [`record`], [`value_ref`] | structs of named fields, and one look at typed inputs and JSON alike |
//! | [`rule`], [`price`], [`advice`] | what the registry says across fields |
//! | [`input`] | from typed fields to the wire |
//! | [`form`] | untyped answers to a checked input |
//! | [`mod@file`], [`credits`], [`quote`] | facts of files, money, a price to agree to |
//! | [`report`] | what is wrong, in numbers and names |

pub mod advice;

pub mod choice;
pub mod credits;
pub mod decimal;
#[doc(hidden)]
pub mod deserialize;
pub mod file;
pub mod form;
pub mod input;
pub mod integer;
pub mod lang;
pub mod limit;
pub mod list;
pub mod media;
mod path;
pub mod price;
pub mod quote;
pub mod record;
pub mod report;
pub mod rule;
mod shorthand;
pub mod spec;
pub mod task_ref;
pub mod text;
pub mod value_ref;

pub use choice::Choice;
pub use credits::Credits;
pub use decimal::Decimal;
pub use file::{FileFacts, Files};
pub use input::{Checked, ModelInput, Request};
pub use integer::Integer;
pub use lang::{Lang, Localized};
pub use limit::Limits;
pub use list::{List, NO_LIMIT};
pub use media::{Audio, Document, Image, Media, Video};
pub use price::PriceError;
pub use quote::{Certainty, Quote};
pub use record::Record;
pub use report::{Report, Violation, ViolationKind};
pub use task_ref::TaskRef;
pub use text::Text;
