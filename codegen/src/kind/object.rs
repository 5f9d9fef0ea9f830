//! `object`: a group of named fields.

use kie_schema::spec::Kind;

use crate::env::Env;
use crate::reader::Mapping;
use crate::schema::field;

pub(super) fn read(object: &mut Mapping<'_>, _: bool, env: &Env<'_>) -> Option<Kind> {
    let fields = field::read_all(object.need("fields")?, "fields", env);
    (!fields.is_empty()).then_some(Kind::Object(fields))
}
