//! A path into a form: a field, an item of its list, a field of that item. It consists of indices in the registry's
//! order, not of names, so that it fits into the data of a button.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::schema::spec::{FieldSpec, Kind, ModelSpec};

/// Indices from the top of the form downwards; empty for the form itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct FieldPath(pub(crate) Vec<u16>);

/// What the registry has at a path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    /// The innermost field on the path. The path leads to the field itself or to an item in its list.
    pub(crate) field: &'static FieldSpec,
    /// The type of the value here.
    pub(crate) kind: &'static Kind,
    /// Index of the item, from 0, when the path leads to an item.
    pub(crate) item: Option<usize>,
    /// How many of the path's indices lead to `field`.
    pub(crate) depth: usize,
}

enum Key {
    Name(&'static str),
    Index(usize),
}

impl FieldPath {
    /// The path of a field of the form.
    pub(crate) fn field(index: usize) -> Self {
        Self(vec![index as u16])
    }

    pub(crate) fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The path of a field or an item below this path.
    pub(crate) fn child(&self, index: usize) -> Self {
        let mut indices = self.0.clone();
        indices.push(index as u16);
        Self(indices)
    }

    /// The path without its last index; the form is its own parent.
    pub(crate) fn parent(&self) -> Self {
        Self(self.0[..self.0.len().saturating_sub(1)].to_vec())
    }

    /// What the path leads to; `None` when the registry has no such path, and for the form itself.
    pub(crate) fn target(&self, spec: &ModelSpec) -> Option<Target> {
        let mut indices = self.0.iter().map(|n| usize::from(*n)).enumerate();
        let (_, first) = indices.next()?;
        let field = spec.fields.get(first)?;
        let mut target = Target { field, kind: &field.kind, item: None, depth: 1 };
        for (at, index) in indices {
            match target.kind {
                Kind::List(list) => target = Target { kind: list.item, item: Some(index), ..target },
                Kind::Object(fields) => {
                    let field = fields.get(index)?;
                    target = Target { field, kind: &field.kind, item: None, depth: at + 1 };
                }
                Kind::Text(_)
                | Kind::Integer(_)
                | Kind::Decimal(_)
                | Kind::Boolean
                | Kind::Choice(_)
                | Kind::Media(_)
                | Kind::Task(_) => return None,
            }
        }
        Some(target)
    }

    /// The fields below the path: the form's or those of an object.
    pub(crate) fn fields(&self, spec: &ModelSpec) -> Option<&'static [FieldSpec]> {
        if self.is_root() {
            return Some(spec.fields);
        }
        match self.target(spec)?.kind {
            Kind::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// The value at the path.
    pub(crate) fn get<'a>(&self, spec: &ModelSpec, answers: &'a Map<String, Value>) -> Option<&'a Value> {
        let keys = self.keys(spec)?;
        let mut keys = keys.iter();
        let Some(Key::Name(first)) = keys.next() else { return None };
        let mut value = answers.get(*first)?;
        for key in keys {
            value = match key {
                Key::Name(name) => value.get(name)?,
                Key::Index(index) => value.get(index)?,
            };
        }
        Some(value)
    }

    /// The path of the field or item whose value is this text.
    pub(crate) fn find(spec: &ModelSpec, answers: &Map<String, Value>, text: &str) -> Option<Self> {
        fn within(
            fields: &[FieldSpec],
            values: &Map<String, Value>,
            text: &str,
            path: &FieldPath,
        ) -> Option<FieldPath> {
            let mut fields = fields.iter().enumerate();
            fields.find_map(|(index, field)| at(&field.kind, values.get(field.name)?, text, path.child(index)))
        }
        fn at(kind: &Kind, value: &Value, text: &str, path: FieldPath) -> Option<FieldPath> {
            match (kind, value) {
                (_, Value::String(found)) => (found == text).then_some(path),
                (Kind::List(list), Value::Array(items)) => {
                    let mut items = items.iter().enumerate();
                    items.find_map(|(index, item)| at(list.item, item, text, path.child(index)))
                }
                (Kind::Object(fields), Value::Object(values)) => within(fields, values, text, &path),
                _ => None,
            }
        }
        within(spec.fields, answers, text, &Self::default())
    }

    /// Writes a value at the path; an item after the last one of its list is appended.
    pub(crate) fn put(&self, spec: &ModelSpec, answers: &mut Map<String, Value>, value: Value) {
        let Some(keys) = self.keys(spec) else { return };
        let Some((Key::Name(first), rest)) = keys.split_first() else { return };
        let mut slot = answers.entry((*first).to_owned()).or_insert(Value::Null);
        for key in rest {
            slot = match key {
                Key::Name(name) => {
                    if !slot.is_object() {
                        *slot = Value::Object(Map::new());
                    }
                    match slot {
                        Value::Object(map) => map.entry((*name).to_owned()).or_insert(Value::Null),
                        _ => return,
                    }
                }
                Key::Index(index) => {
                    if !slot.is_array() {
                        *slot = Value::Array(Vec::new());
                    }
                    let Value::Array(items) = slot else { return };
                    let index = (*index).min(items.len());
                    if index == items.len() {
                        items.push(Value::Null);
                    }
                    &mut items[index]
                }
            };
        }
        *slot = value;
    }

    /// Removes the value at the path; a list that becomes empty is removed too.
    pub(crate) fn remove(&self, spec: &ModelSpec, answers: &mut Map<String, Value>) {
        let Some(keys) = self.keys(spec) else { return };
        let Some((last, before)) = keys.split_last() else { return };
        if before.is_empty() {
            if let Key::Name(name) = last {
                answers.remove(*name);
            }
            return;
        }
        let parent = self.parent();
        let Some(mut value) = parent.get(spec, answers).cloned() else { return };
        match (last, &mut value) {
            (Key::Name(name), Value::Object(map)) => {
                map.remove(*name);
            }
            (Key::Index(index), Value::Array(items)) if *index < items.len() => {
                items.remove(*index);
            }
            _ => return,
        }
        if value.as_array().is_some_and(Vec::is_empty) {
            parent.remove(spec, answers);
        } else {
            parent.put(spec, answers, value);
        }
    }

    fn keys(&self, spec: &ModelSpec) -> Option<Vec<Key>> {
        let mut keys = Vec::with_capacity(self.0.len());
        for depth in 1..=self.0.len() {
            let target = Self(self.0[..depth].to_vec()).target(spec)?;
            keys.push(match target.item {
                Some(index) => Key::Index(index),
                None => Key::Name(target.field.name),
            });
        }
        Some(keys)
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, index) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(".")?;
            }
            write!(f, "{index}")?;
        }
        Ok(())
    }
}

impl FromStr for FieldPath {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        text.split('.').map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::bot::sample::STUDIO;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn paths_lead_into_lists_of_objects() {
        // STUDIO: 0 prompt, 1 images, 2 shots[{0 text, 1 seconds}], ...
        let target = FieldPath(vec![2, 0, 1]).target(&STUDIO).unwrap();
        assert_eq!((target.field.name, target.item, target.depth), ("seconds", None, 3));
        let target = FieldPath(vec![2, 4]).target(&STUDIO).unwrap();
        assert_eq!((target.field.name, target.item, target.depth), ("shots", Some(4), 1));
        assert!(FieldPath(vec![0, 0]).target(&STUDIO).is_none());
        assert!(FieldPath(vec![99]).target(&STUDIO).is_none());
        assert!(FieldPath(vec![2, 0, 9]).target(&STUDIO).is_none());
    }

    #[test]
    fn values_are_written_read_and_removed() {
        let mut answers = Map::new();
        FieldPath(vec![0]).put(&STUDIO, &mut answers, json!("fox"));
        FieldPath(vec![2, 0, 0]).put(&STUDIO, &mut answers, json!("run"));
        FieldPath(vec![2, 9, 1]).put(&STUDIO, &mut answers, json!(5));
        assert_eq!(
            Value::Object(answers.clone()),
            json!({"prompt": "fox", "shots": [{"text": "run"}, {"seconds": 5}]})
        );
        assert_eq!(FieldPath(vec![2, 1, 1]).get(&STUDIO, &answers), Some(&json!(5)));
        FieldPath(vec![2, 0, 0]).remove(&STUDIO, &mut answers);
        FieldPath(vec![2, 0]).remove(&STUDIO, &mut answers);
        assert_eq!(answers["shots"], json!([{"seconds": 5}]));
        FieldPath(vec![2, 0]).remove(&STUDIO, &mut answers);
        assert_eq!(answers, object(json!({"prompt": "fox"})));
    }

    #[test]
    fn a_value_is_found_wherever_it_stands() {
        let answers =
            object(json!({"prompt": "fox", "images": ["a", "b"], "shots": [{"text": "run"}, {"text": "b2"}]}));
        for (text, path) in
            [("fox", Some(vec![0])), ("b", Some(vec![1, 1])), ("b2", Some(vec![2, 1, 0])), ("other", None)]
        {
            assert_eq!(FieldPath::find(&STUDIO, &answers, text), path.map(FieldPath), "{text}");
        }
    }

    #[test]
    fn a_path_is_written_with_points() {
        let path: FieldPath = "3.0.12".parse().unwrap();
        assert_eq!(path, FieldPath(vec![3, 0, 12]));
        assert_eq!(path.parent().to_string(), "3.0");
        assert!("".parse::<FieldPath>().unwrap().is_root());
        assert!("3..1".parse::<FieldPath>().is_err());
    }
}
