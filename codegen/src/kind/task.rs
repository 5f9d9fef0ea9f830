//! `task`: the id of an earlier task.

use crate::env::Env;
use crate::kind::Given;
use crate::reader::{self, Object};
use crate::resolved::Kind;
use crate::yaml::Data;

pub(super) fn read(object: &mut Object<'_>, _: bool, env: &Env<'_>) -> Option<Kind> {
    let from = object.take("from").map(|node| reader::texts(node, "from", env.out)).unwrap_or_default();
    let models = from.iter().map(|(id, _)| id.clone()).collect();
    env.references.borrow_mut().extend(from);
    Some(Kind::Task { models })
}

pub(super) fn check(given: &mut Given<'_>) {
    match &given.node.data {
        Data::Text(id) if id.trim().is_empty() => given.outside("is empty", "a task id is needed"),
        Data::Text(_) => {}
        _ => given.wrong_type("a task id"),
    }
}
