//! The input of a command as a list of JSON members. Duplicate members are kept, so that the validator can report them.

use std::fmt;
use std::io::Read;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use super::super::CliError;
use crate::form::{self, Accepted};
use crate::l10n::{CliMessages, Messages};
use crate::schema::Files;
use crate::schema::report::Report;
use crate::schema::spec::{FieldSpec, Kind, ModelRef, ModelSpec};

/// The members of a JSON object in their order, duplicates included.
#[derive(Debug, Clone, Default)]
pub(in crate::cli) struct InputMembers(Vec<(String, Box<RawValue>)>);

/// Why a text is not a JSON object.
#[derive(Debug)]
pub(in crate::cli) struct InputError {
    /// `unreadable_input` or `not_an_object`.
    pub(in crate::cli) code: &'static str,
    /// A sentence.
    pub(in crate::cli) message: String,
}

impl From<InputError> for CliError {
    fn from(error: InputError) -> Self {
        Self::BadInput(error.message)
    }
}

/// The argument of `-f`.
#[derive(Debug, Clone)]
pub(in crate::cli) struct FieldArg {
    field: String,
    /// The text of its value.
    value: String,
}

/// Reads `FIELD=VALUE`.
///
/// # Errors
/// When there is no `=` or no field.
pub(in crate::cli) fn field_arg(text: &str) -> Result<FieldArg, String> {
    match text.split_once('=') {
        Some((field, value)) if !field.is_empty() => Ok(FieldArg { field: field.to_owned(), value: value.to_owned() }),
        _ => Err("must be FIELD=VALUE, e.g. duration=5".to_owned()),
    }
}

impl InputMembers {
    /// The text that `--input` names (the text itself, `@FILE`, or `-` for standard input), and the name of its source.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(in crate::cli) fn read_text(given: &str, messages: &CliMessages) -> Result<(String, String), CliError> {
        let bad = |source: &str, e: std::io::Error| CliError::BadInput(messages.cannot_read(source, &e.to_string()));
        if given == "-" {
            let (mut text, source) = (String::new(), messages.standard_input());
            std::io::stdin().read_to_string(&mut text).map_err(|e| bad(&source, e))?;
            Ok((text, source))
        } else if let Some(path) = given.strip_prefix('@') {
            Ok((std::fs::read_to_string(path).map_err(|e| bad(path, e))?, path.to_owned()))
        } else {
            Ok((given.to_owned(), "--input".to_owned()))
        }
    }

    /// Parses a text; `source` is its name in errors.
    ///
    /// # Errors
    /// When it is not a JSON object; tells the position.
    pub(in crate::cli) fn parse(text: &str, source: &str, texts: &Messages) -> Result<Self, InputError> {
        let broken = |error: serde_json::Error| InputError {
            code: "unreadable_input",
            message: texts.input_not_json(source, &error.to_string()),
        };
        let found = match serde_json::from_str(text).map_err(broken)? {
            Value::Object(_) => {
                return serde_json::Deserializer::from_str(text).deserialize_map(MembersVisitor).map_err(broken);
            }
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
        };
        Err(InputError { code: "not_an_object", message: texts.input_not_an_object(source, found) })
    }

    /// The input of `--input` with the fields of `-f` set.
    ///
    /// # Errors
    /// When `--input` cannot be read or is not a JSON object.
    pub(in crate::cli) fn read(
        spec: &'static ModelSpec,
        input: Option<&str>,
        typed: &[FieldArg],
        texts: &Messages,
        messages: &CliMessages,
    ) -> Result<Self, CliError> {
        let mut given = match input {
            None => Self::default(),
            Some(input) => {
                let (text, source) = Self::read_text(input, messages)?;
                Self::parse(&text, &source, texts)?
            }
        };
        given.set_fields(spec, typed);
        Ok(given)
    }

    /// Sets fields from their texts, replacing their values; a list takes several arguments. An empty text removes the
    /// field. An unknown field is added as a string, for the validator to report.
    pub(in crate::cli) fn set_fields(&mut self, spec: &'static ModelSpec, typed: &[FieldArg]) {
        let mut done: Vec<&str> = Vec::new();
        for arg in typed {
            let Some(field) = spec.fields.iter().find(|f| f.is_called(&arg.field)) else {
                self.push(&arg.field, &arg.value.as_str().into());
                continue;
            };
            if done.contains(&field.name) {
                continue;
            }
            done.push(field.name);
            self.0.retain(|(name, _)| !field.is_called(name));
            let values = typed.iter().filter(|other| field.is_called(&other.field)).map(|other| other.value.as_str());
            let values: Vec<&str> = values.collect();
            match (values.as_slice(), &field.kind) {
                ([_, _, ..], Kind::List(_)) => self.push_text(field, values.into()),
                _ => values.into_iter().for_each(|value| self.push_text(field, value.into())),
            }
        }
    }

    fn push_text(&mut self, field: &'static FieldSpec, typed: Value) {
        // Nothing typed is `null`: the check tells where a default holds instead.
        self.push(field.name, &form::read_text(field, typed).unwrap_or_default());
    }

    /// Adds a member.
    pub(in crate::cli) fn push(&mut self, name: &str, value: &Value) {
        // Writing a JSON value cannot fail.
        self.0.extend(to_raw_value(value).ok().map(|raw| (name.to_owned(), raw)));
    }

    /// Whether the field has a value other than `null`, under any of its names.
    pub(in crate::cli) fn has(&self, field: &FieldSpec) -> bool {
        self.0.iter().any(|(name, value)| field.is_called(name) && value.get() != "null")
    }

    /// Sets a field to a value or, with `list`, appends the value to the field's list.
    pub(in crate::cli) fn put_link(&mut self, field: &str, list: bool, value: &str) {
        let index = self.0.iter().position(|(name, _)| name == field);
        let Some(index) = index else {
            return self.push(field, &if list { vec![value].into() } else { value.into() });
        };
        let (name, old) = self.0.remove(index);
        let new = match serde_json::from_str(old.get()) {
            Ok(Value::Array(mut items)) if list => {
                items.push(value.into());
                Value::Array(items)
            }
            Ok(other) if list && !other.is_null() => Value::Array(vec![other, value.into()]),
            _ if list => Value::Array(vec![value.into()]),
            _ => value.into(),
        };
        if let Ok(raw) = to_raw_value(&new) {
            self.0.insert(index, (name, raw));
        }
    }

    /// Checks the input against the model's limits.
    ///
    /// # Errors
    /// All violations.
    pub(in crate::cli) fn check(&self, model: ModelRef, files: &Files) -> Result<Accepted, Report> {
        form::check_json(model, self.to_string().as_bytes(), files)
    }
}

/// The JSON text of the object.
impl fmt::Display for InputMembers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (name, value)) in self.0.iter().enumerate() {
            let head = if number == 0 { '{' } else { ',' };
            write!(f, "{head}{}:{}", Value::from(name.as_str()), value.get())?;
        }
        f.write_str(if self.0.is_empty() { "{}" } else { "}" })
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = InputMembers;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<InputMembers, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(InputMembers(members))
    }
}
