//! The commands that go on with a result, as the registry names them.

use serde_json::Value;

use super::summary::Summary;
use crate::models;
use crate::schema::spec::{FieldSpec, FillValue, Kind, ModelSpec, NextSpec};
use crate::schema::value_ref::AsValueRef;

/// The next steps after a result of this model that has what they take: each with its command.
pub(super) fn commands(spec: &ModelSpec, summary: &Summary) -> Vec<(&'static NextSpec, String)> {
    let steps = if summary.success { spec.next } else { &[] };
    steps.iter().filter_map(|next| Some((next, command(next, summary)?))).collect()
}

/// `kie-bot generate MODEL -f FIELD=VALUE --media FIELD=FILE`: what the result gives, and what is missing still.
fn command(next: &NextSpec, summary: &Summary) -> Option<String> {
    let spec = models::find(next.model)?.spec;
    let mut line = format!("kie-bot generate {}", spec.id);
    for fill in next.fill {
        let value = match fill.value {
            FillValue::Task => Value::from(summary.task_id.as_deref()?),
            FillValue::Result => Value::from(summary.result_id.as_deref()?),
            FillValue::Value(json) => serde_json::from_str(json).ok()?,
        };
        let field = spec.fields.iter().find(|field| field.name == fill.field)?;
        line += &match (&field.kind, value) {
            (Kind::List(_), value) if !value.is_array() => format!(" -f '{}=[{value}]'", field.name),
            (_, value) => format!(" -f {}={}", field.name, value.as_value_ref()),
        };
    }
    let is_filled = |field: &&FieldSpec| next.fill.iter().any(|fill| fill.field == field.name);
    for field in spec.fields.iter().filter(|field| field.required && field.default.is_none() && !is_filled(field)) {
        let kind = if let Kind::List(list) = &field.kind { list.item } else { &field.kind };
        line += &match kind {
            Kind::Media(_) => format!(" --media {}=FILE", field.name),
            _ => format!(" -f {}=...", field.name),
        };
    }
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands_of(model: &str, summary: Summary) -> Vec<String> {
        let spec = models::find(model).unwrap().spec;
        commands(spec, &Summary { success: true, ..summary }).into_iter().map(|(_, line)| line).collect()
    }

    #[test]
    fn a_result_leads_on_with_what_it_gives() {
        let with_task = models::all().iter().find(|spec| {
            let fills = |value| spec.next.iter().any(|next| next.fill.iter().any(|fill| fill.value == value));
            fills(FillValue::Task) && fills(FillValue::Result)
        });
        let spec = with_task.unwrap();
        assert!(commands_of(spec.id, Summary::default()).is_empty(), "nothing to go on with");
        let task = Summary { task_id: Some("task-1".into()), ..Summary::default() };
        let lines = commands_of(spec.id, task);
        assert!(!lines.is_empty() && lines.len() < spec.next.len(), "{lines:?}");
        let both = Summary { task_id: Some("task-1".into()), result_id: Some("made-1".into()), ..Summary::default() };
        let lines = commands_of(spec.id, both);
        assert_eq!(lines.len(), spec.next.len());
        assert!(lines.iter().any(|line| line.contains("=task-1")), "{lines:?}");
        assert!(lines.iter().any(|line| line.contains("=made-1")), "{lines:?}");
    }

    #[test]
    fn a_list_gets_its_item_and_what_is_missing_is_named() {
        let into_list = |spec: &&&ModelSpec| {
            spec.next.iter().any(|next| {
                let fields = models::find(next.model).unwrap().spec.fields;
                let is_list = |name: &str| fields.iter().any(|f| f.name == name && matches!(f.kind, Kind::List(_)));
                next.fill.iter().all(|fill| is_list(fill.field))
            })
        };
        let spec = models::all().iter().find(into_list).unwrap();
        let lines = commands_of(spec.id, Summary { result_id: Some("made-1".into()), ..Summary::default() });
        assert!(lines[0].contains("=[\"made-1\"]'") && lines[0].contains("=..."), "{lines:?}");
    }
}
