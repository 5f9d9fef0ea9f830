//! `task`: the id of an earlier task.

use kie_schema::spec::{Kind, TaskRefSpec};

use crate::env::Env;
use crate::leak;
use crate::reader::{self, Mapping};

pub(super) fn read(object: &mut Mapping<'_>, _: bool, env: &Env<'_>) -> Option<Kind> {
    let from = object.take("from").map(|node| reader::texts(node, "from", env.out)).unwrap_or_default();
    let models = leak::list(from.iter().map(|(id, _)| leak::text(id)));
    env.references.borrow_mut().extend(from);
    Some(Kind::Task(TaskRefSpec { models }))
}
