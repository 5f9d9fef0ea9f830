//! Untyped answers (JSON, chat, command line) to a checked input of a registry's model: [`kie_schema::form`] with the readers of
//! the generated inputs.

pub use kie_schema::form::{Accepted, Origin, answers, check, check_field, nearest_field, read_text};

use crate::models;
use crate::schema::spec::ModelRef;
use crate::schema::{Files, Report};

/// Checks an input in JSON bytes, as [`check`] does with [`Origin::Json`], only faster when it is valid.
///
/// # Errors
/// Everything that is wrong; [`ViolationKind::NotAnObject`](crate::schema::ViolationKind::NotAnObject) when the bytes are no JSON object.
pub fn check_json(model: impl Into<ModelRef>, bytes: &[u8], files: &Files) -> Result<Accepted, Report> {
    let model = model.into();
    kie_schema::form::check_json(model, bytes, files, models::reader(model.spec))
}
