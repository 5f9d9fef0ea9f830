//! `boolean`: yes or no.

use crate::env::Env;
use crate::kind::Given;
use crate::reader::Object;
use crate::resolved::Kind;
use crate::yaml::Data;

pub(super) fn read(_: &mut Object<'_>, _: bool, _: &Env<'_>) -> Option<Kind> {
    Some(Kind::Boolean)
}

pub(super) fn check(given: &mut Given<'_>) {
    if !matches!(given.node.data, Data::Boolean(_)) {
        given.wrong_type("true or false");
    }
}
