//! `boolean`: yes or no.

use kie_schema::spec::Kind;

use crate::env::Env;
use crate::reader::Mapping;

pub(super) fn read(_: &mut Mapping<'_>, _: bool, _: &Env<'_>) -> Option<Kind> {
    Some(Kind::Boolean)
}
