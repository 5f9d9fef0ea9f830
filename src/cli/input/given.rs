//! An input as it was given: its JSON text member by member, so that what is given twice is seen by the one validator.

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
use crate::schema::spec::{FieldSpec, Kind, ModelSpec, Named};

/// The members of a JSON object in order, also those with the same name.
#[derive(Debug, Clone, Default)]
pub(in crate::cli) struct Given(Vec<(String, Box<RawValue>)>);

/// Why a text is no input.
#[derive(Debug)]
pub(in crate::cli) struct Unusable {
    /// For machines: `unreadable_input` or `not_an_object`.
    pub(in crate::cli) code: &'static str,
    /// For people.
    pub(in crate::cli) message: String,
}

impl From<Unusable> for CliError {
    fn from(unusable: Unusable) -> Self {
        Self::BadInput(unusable.message)
    }
}

/// What follows `-f`.
#[derive(Debug, Clone)]
pub(in crate::cli) struct FieldArg {
    field: String,
    /// What is typed into it.
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

impl Given {
    /// The JSON object behind `--input`: the text itself, `@FILE`, or `-` for standard input.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(in crate::cli) fn text(given: &str, phrases: &CliMessages) -> Result<(String, String), CliError> {
        let bad = |place: &str, e: std::io::Error| CliError::BadInput(phrases.cannot_read(place, &e.to_string()));
        if given == "-" {
            let (mut text, place) = (String::new(), phrases.standard_input());
            std::io::stdin().read_to_string(&mut text).map_err(|e| bad(&place, e))?;
            Ok((text, place))
        } else if let Some(path) = given.strip_prefix('@') {
            Ok((std::fs::read_to_string(path).map_err(|e| bad(path, e))?, path.to_owned()))
        } else {
            Ok((given.to_owned(), "--input".to_owned()))
        }
    }

    /// The members of a text that came from `place`.
    ///
    /// # Errors
    /// When it is no JSON object; says where.
    pub(in crate::cli) fn parse(text: &str, place: &str, texts: &Messages) -> Result<Self, Unusable> {
        let broken = |error: serde_json::Error| Unusable {
            code: "unreadable_input",
            message: texts.input_not_json(place, &error.to_string()),
        };
        let given = match serde_json::from_str(text).map_err(broken)? {
            Value::Object(_) => {
                return serde_json::Deserializer::from_str(text).deserialize_map(Members).map_err(broken);
            }
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
        };
        Err(Unusable { code: "not_an_object", message: texts.input_not_an_object(place, given) })
    }

    /// What `--input` and `-f` say together.
    ///
    /// # Errors
    /// When `--input` cannot be read or is no JSON object.
    pub(in crate::cli) fn read(
        spec: &'static ModelSpec,
        input: Option<&str>,
        typed: &[FieldArg],
        texts: &Messages,
        phrases: &CliMessages,
    ) -> Result<Self, CliError> {
        let mut given = match input {
            None => Self::default(),
            Some(input) => {
                let (text, place) = Self::text(input, phrases)?;
                Self::parse(&text, &place, texts)?
            }
        };
        given.set(spec, typed);
        Ok(given)
    }

    /// Puts what was typed into the input, in place of what stands there; a list takes several values. Nothing after the
    /// `=` takes the field out. What no field takes stays as it is typed, for the validator to name.
    pub(in crate::cli) fn set(&mut self, spec: &'static ModelSpec, typed: &[FieldArg]) {
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
                ([_, _, ..], Kind::List(_)) => self.type_in(field, values.into()),
                _ => values.into_iter().for_each(|value| self.type_in(field, value.into())),
            }
        }
    }

    fn type_in(&mut self, field: &'static FieldSpec, typed: Value) {
        if let Some(value) = form::read_text(field, typed) {
            self.push(field.name, &value);
        }
    }

    /// One more member.
    pub(in crate::cli) fn push(&mut self, name: &str, value: &Value) {
        // A JSON value can always be written.
        self.0.extend(to_raw_value(value).ok().map(|raw| (name.to_owned(), raw)));
    }

    /// Whether the field has a value other than `null`, under any of its names.
    pub(in crate::cli) fn has(&self, field: &FieldSpec) -> bool {
        self.0.iter().any(|(name, value)| field.is_called(name) && value.get() != "null")
    }

    /// Puts a value into a field, or in a list of values behind those that it has.
    pub(in crate::cli) fn put(&mut self, field: &str, list: bool, value: &str) {
        let place = self.0.iter().position(|(name, _)| name == field);
        let Some(place) = place else {
            return self.push(field, &if list { vec![value].into() } else { value.into() });
        };
        let (name, old) = self.0.remove(place);
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
            self.0.insert(place, (name, raw));
        }
    }

    /// Checks it as a JSON input is checked everywhere.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub(in crate::cli) fn check(&self, model: Named, files: &Files) -> Result<Accepted, Report> {
        form::check_json(model, self.to_string().as_bytes(), files)
    }
}

/// JSON text.
impl fmt::Display for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (name, value)) in self.0.iter().enumerate() {
            let head = if number == 0 { '{' } else { ',' };
            write!(f, "{head}{}:{}", Value::from(name.as_str()), value.get())?;
        }
        f.write_str(if self.0.is_empty() { "{}" } else { "}" })
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Given;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Given, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Given(members))
    }
}
