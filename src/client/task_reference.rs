//! The earlier tasks that an input refers to.

use serde_json::Value;

use crate::job::TaskId;
use crate::schema::input::Request;
use crate::schema::spec::Kind;

/// The ids in the input that stand for earlier tasks, or for what they made: only the account that made those has them.
pub fn referenced_tasks(request: &Request) -> Vec<TaskId> {
    let mut tasks = Vec::new();
    for field in request.spec().fields {
        if let Some(value) = request.input().get(field.name) {
            collect(&field.kind, value, &mut tasks);
        }
    }
    tasks
}

fn collect(kind: &Kind, value: &Value, tasks: &mut Vec<TaskId>) {
    match (kind, value) {
        (Kind::Task(_), Value::String(id)) => tasks.push(TaskId(id.clone())),
        (Kind::List(list), Value::Array(items)) => items.iter().for_each(|item| collect(list.item, item, tasks)),
        (Kind::Object(fields), Value::Object(members)) => {
            for field in *fields {
                if let Some(value) = members.get(field.name) {
                    collect(&field.kind, value, tasks);
                }
            }
        }
        _ => {}
    }
}
