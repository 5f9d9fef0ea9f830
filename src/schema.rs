//! The written runtime of the generated models: descriptors, bounded types, rules, prices and reports.
//!
//! | module | what |
//! |---|---|
//! | [`spec`], [`blank`] | the descriptors that the generator fills in |
//! | [`text`], [`integer`], [`decimal`], [`choice`], [`list`], [`media`], [`task_ref`] | types that carry their limits, and the one check of each kind |
//! | [`record`], [`view`] | structs of named fields, and one look at typed inputs and JSON alike |
//! | [`rule`], [`price`], [`advice`] | what the registry says across fields, over such a look |
//! | [`input`] | from typed fields to the wire |
//! | [`report`] | what is wrong, in numbers and names |

pub mod advice;
pub mod blank;
pub mod choice;
pub mod decimal;
pub mod input;
pub mod integer;
pub mod limit;
pub mod list;
pub mod media;
mod path;
pub mod price;
mod quiet;
pub mod record;
pub mod report;
pub mod rule;
pub(crate) mod seed;
pub mod spec;
pub mod task_ref;
pub mod text;
pub mod view;

pub use blank::words;
pub use choice::Choice;
pub use decimal::Decimal;
pub use input::{Checked, Files, ModelInput, Request};
pub use integer::Integer;
pub use limit::Limits;
pub use list::{List, NO_LIMIT};
pub use media::{Audio, Document, Image, Media, Video};
pub use price::Unpriced;
pub use record::Record;
pub use report::{Fault, Report, Violation};
pub use task_ref::TaskRef;
pub use text::Text;
