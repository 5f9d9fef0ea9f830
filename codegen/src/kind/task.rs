//! `task`: the id of an earlier task, or the id in its result.

use kie_schema::spec::{Kind, TaskRefSpec};

use crate::env::Env;
use crate::leak;
use crate::reader::{self, Mapping};

const IDS: &[(&str, bool)] = &[("task", false), ("result", true)];

pub(super) fn read(object: &mut Mapping<'_>, _: bool, env: &Env<'_>) -> Option<Kind> {
    let of_result = object.take("id_of").and_then(|node| reader::word(node, "id_of", IDS, env.out)).unwrap_or(false);
    let from = object.take("from").map(|node| reader::texts(node, "from", env.out)).unwrap_or_default();
    let models = leak::list(from.iter().map(|(id, _)| leak::text(id)));
    env.references.borrow_mut().extend(from);
    Some(Kind::Task(TaskRefSpec { models, of_result }))
}
