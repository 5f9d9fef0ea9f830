//! The check of every field of an input, with everything that is wrong.

use serde_json::{Map, Value};

use super::blank::{is_blank, is_blank_list};
use super::nearest::nearest;
use super::value_path::ValuePath;
use super::{Origin, coerce};
use crate::report::{Violation, ViolationKind};
use crate::spec::{ChoiceSpec, FieldSpec, Kind, ListSpec, Literal, Preset};
use crate::task_ref::TaskRef;
use crate::value_ref::{AsValueRef, ValueRef};

/// One pass over the answers.
pub(super) struct Answers {
    origin: Origin,
    /// Fields of the input that are accepted and not sent.
    ignored_fields: &'static [&'static str],
    /// Values for fields of the input that are not given.
    presets: &'static [Preset],
    /// What is wrong so far.
    pub(super) violations: Vec<Violation>,
    /// What was left out, or taken for something else.
    pub(super) warnings: Vec<Violation>,
    /// Positions of the fields of the input whose values were refused.
    pub(super) broken: Vec<usize>,
}

/// The value of a field as it was given.
struct Given {
    /// The other name of the field under which it was given.
    alias: Option<&'static str>,
    value: Value,
}

impl Answers {
    pub(super) fn new(origin: Origin, ignored_fields: &'static [&'static str], presets: &'static [Preset]) -> Self {
        let (violations, warnings, broken) = (Vec::new(), Vec::new(), Vec::new());
        Self { origin, ignored_fields, presets, violations, warnings, broken }
    }

    /// Checks the members of an object, and gives what goes on the wire, in the order of the fields: without what is wrong, with
    /// presets and defaults. A name may occur more than once.
    pub(super) fn object(
        &mut self,
        fields: &'static [FieldSpec],
        members: impl IntoIterator<Item = (String, Value)>,
        path: ValuePath<'_>,
    ) -> Map<String, Value> {
        let mut given: Vec<Option<Given>> = fields.iter().map(|_| None).collect();
        for (name, value) in members {
            let Some((index, alias)) = find(fields, &name) else {
                // `null` is no answer, whatever its name.
                if !value.is_null() {
                    self.unknown(fields, &name, &value, path);
                }
                continue;
            };
            let called = |alias: Option<&'static str>| alias.unwrap_or(fields[index].name);
            match &given[index] {
                Some(_) if value.is_null() => {}
                Some(earlier) if !earlier.value.is_null() => {
                    let kind = ViolationKind::GivenTwice { other: called(earlier.alias).to_owned() };
                    self.refuse(ValuePath::Unknown(&path, called(alias)), kind, Some(&value));
                }
                _ => given[index] = Some(Given { alias, value }),
            }
        }
        let mut wire = Map::new();
        for (index, (field, given)) in fields.iter().zip(given).enumerate() {
            let before = self.violations.len();
            if let Some(value) = self.field(field, given, path) {
                wire.insert(field.name.to_owned(), value);
            }
            // A refused file or value in a nested object: rules that look into the field have nothing to say.
            if path.is_root() && self.violations.len() > before {
                self.broken.push(index);
            }
        }
        wire
    }

    /// A name that no field has.
    fn unknown(&mut self, fields: &'static [FieldSpec], name: &str, value: &Value, path: ValuePath<'_>) {
        if path.is_root() && self.ignored_fields.contains(&name) {
            let given = Some(value.as_value_ref().shortened());
            self.warnings.push(Violation { field: name.to_owned().into(), kind: ViolationKind::NotSent, given });
        } else {
            let nearest = nearest(fields, name).map(str::to_owned);
            self.refuse(ValuePath::Unknown(&path, name), ViolationKind::UnknownField { nearest }, Some(value));
        }
    }

    /// What goes on the wire for a field of the object at `parent`; none when nothing does.
    fn field(&mut self, field: &'static FieldSpec, given: Option<Given>, parent: ValuePath<'_>) -> Option<Value> {
        let path = ValuePath::Field(&parent, field.name);
        let given = given.and_then(|Given { alias, value }| {
            let value = self.answer(field, value, alias.is_some(), parent)?;
            Some((value, alias.is_some()))
        });
        let preset = || Some((self.preset(field, parent)?.json(), false));
        if let Some((value, by_alias)) = given.or_else(preset) {
            return self.value(&field.kind, value, path, by_alias);
        }
        match field.default {
            Some(default) if field.required => serde_json::from_str(default).ok(),
            None if field.required => {
                self.refuse(path, ViolationKind::Required, None);
                None
            }
            _ => None,
        }
    }

    /// The value that the model's name stands for in a field of the object at `parent`.
    fn preset(&self, field: &FieldSpec, parent: ValuePath<'_>) -> Option<&'static Preset> {
        self.presets.iter().find(|preset| parent.is_root() && preset.field == field.name)
    }

    /// What was given for a field of the object at `parent`; none when it says nothing: what was left empty (with a warning where
    /// the caller may have meant something by it), and an empty list in an optional field, which is how callers leave it out.
    pub(super) fn answer(
        &mut self,
        field: &'static FieldSpec,
        value: Value,
        by_alias: bool,
        parent: ValuePath<'_>,
    ) -> Option<Value> {
        let path = ValuePath::Field(&parent, field.name);
        if value.is_null() {
            // Some services read `null` as "none", which a default is not.
            let has_default = !field.required && field.default.is_some() && self.preset(field, parent).is_none();
            if has_default {
                self.leave_out(path, &value, field.default.map(as_typed));
            }
            return None;
        }
        if self.is_no_answer(&field.kind, &value) {
            return None;
        }
        if field.required {
            return Some(value);
        }
        let is_list = matches!(field.kind, Kind::List(_));
        let value = if is_list { coerce::reshape(&field.kind, value, self.origin, by_alias) } else { value };
        if is_list && value.as_array().is_some_and(Vec::is_empty) {
            return None;
        }
        if is_blank(&field.kind, &value) || is_blank_list(&field.kind, &value) {
            let instead = self.preset(field, parent).map(|preset| preset.value).or(field.default);
            self.leave_out(path, &value, instead.map(as_typed));
            return None;
        }
        Some(value)
    }

    /// Notes that something was left empty and counts as not given; `default` counts in its place.
    fn leave_out(&mut self, path: ValuePath<'_>, value: &Value, default: Option<String>) {
        let given = (!value.is_null()).then(|| value.as_value_ref().shortened());
        self.warnings.push(Violation { field: path.written(), kind: ViolationKind::NotGiven { default }, given });
    }

    /// The value in the form in which it goes on the wire; none when it is wrong.
    pub(super) fn value(
        &mut self,
        kind: &'static Kind,
        value: Value,
        path: ValuePath<'_>,
        by_alias: bool,
    ) -> Option<Value> {
        let value = coerce::reshape(kind, value, self.origin, by_alias);
        let checked = match (kind, value.as_value_ref()) {
            (Kind::Text(spec), ValueRef::Text(text)) => spec.check(text),
            (Kind::Media(spec), ValueRef::Text(url)) => spec.check_url(url),
            (Kind::Task(_), ValueRef::Text(id)) => TaskRef::check(id),
            (Kind::Integer(spec), ValueRef::Integer(n)) => spec.check(n),
            (Kind::Decimal(spec), ValueRef::Integer(n)) => spec.check(n as f64),
            (Kind::Decimal(spec), ValueRef::Decimal(n)) => spec.check(n),
            (Kind::Boolean, ValueRef::Boolean(_)) => Ok(()),
            (Kind::Choice(spec), given) => match self.option(spec, given, path) {
                Ok(option) => return Some(option.to_json()),
                Err(kind) => Err(kind),
            },
            (Kind::List(_), ValueRef::List(_)) | (Kind::Object(_), ValueRef::Object(_)) => {
                return self.values(kind, value, path, by_alias);
            }
            (kind, _) => Err(ViolationKind::WrongType { needed: type_of(kind) }),
        };
        match checked {
            Ok(()) => Some(value),
            Err(kind) => {
                self.refuse(path, kind, Some(&value));
                None
            }
        }
    }

    /// A list or an object.
    fn values(&mut self, kind: &'static Kind, value: Value, path: ValuePath<'_>, by_alias: bool) -> Option<Value> {
        match (kind, value) {
            (Kind::List(spec), Value::Array(items)) => self.list(spec, items, path, by_alias),
            (Kind::Object(fields), Value::Object(members)) => Some(self.object(fields, members, path).into()),
            (_, value) => Some(value),
        }
    }

    fn list(
        &mut self,
        spec: &'static ListSpec,
        items: Vec<Value>,
        path: ValuePath<'_>,
        by_alias: bool,
    ) -> Option<Value> {
        let before = self.violations.len();
        let blank = items.iter().filter(|item| is_blank(spec.item, item)).count();
        if let Err(kind) = spec.check_count(items.len() - blank) {
            self.refuse(path, kind, None);
        }
        let mut wire = Vec::with_capacity(items.len() - blank);
        for (at, item) in items.into_iter().enumerate() {
            let path = ValuePath::Item(&path, at);
            if is_blank(spec.item, &item) {
                self.leave_out(path, &item, None);
            } else {
                wire.extend(self.value(spec.item, item, path, by_alias));
            }
        }
        (self.violations.len() == before).then(|| wire.into())
    }

    /// The option that a value names, or stands for.
    fn option(
        &mut self,
        spec: &ChoiceSpec,
        given: ValueRef<'_>,
        path: ValuePath<'_>,
    ) -> Result<Literal, ViolationKind> {
        if let Some(index) = spec.position(given) {
            return Ok(spec.options[index].value);
        }
        if let Some(meant) = spec.meant_by(given) {
            let (kind, given) = (ViolationKind::TakenAs { value: meant.to_string() }, Some(given.shortened()));
            self.warnings.push(Violation { field: path.written(), kind, given });
            return Ok(meant);
        }
        if let ValueRef::Text(name) = given
            && let Some(meant) = spec.called(name)
        {
            return Ok(meant);
        }
        // The right words in the wrong JSON type: say so, the list of values would only confuse.
        let is_near = given.text().is_some_and(|text| spec.position_of_text(&text).is_some());
        Err(if is_near { ViolationKind::WrongType { needed: type_of_choice(spec) } } else { spec.not_offered() })
    }

    /// In text, nothing typed is no answer; a text field may hold an empty text only where its limits say so.
    pub(super) fn is_no_answer(&self, kind: &Kind, value: &Value) -> bool {
        self.origin == Origin::Text && value.is_string() && is_blank(kind, value)
    }

    fn refuse(&mut self, path: ValuePath<'_>, kind: ViolationKind, given: Option<&Value>) {
        let given = given.map(|value| value.as_value_ref().shortened());
        self.violations.push(Violation { field: path.written(), kind, given });
    }
}

/// Position of the field with a name, and the name when it is another name of the field.
fn find(fields: &'static [FieldSpec], name: &str) -> Option<(usize, Option<&'static str>)> {
    let by_name = fields.iter().position(|field| field.name == name).map(|index| (index, None));
    by_name.or_else(|| {
        let alias = |field: &FieldSpec| field.aliases.iter().find(|alias| **alias == name).copied();
        fields.iter().enumerate().find_map(|(index, field)| Some((index, Some(alias(field)?))))
    })
}

/// A value of the registry as a person types it.
fn as_typed(json: &'static str) -> String {
    serde_json::from_str(json).map_or_else(|_| json.to_owned(), |value: Value| value.as_value_ref().to_string())
}

/// The JSON type that a field takes.
fn type_of(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text(_) | Kind::Media(_) | Kind::Task(_) => "string",
        Kind::Integer(_) => "integer",
        Kind::Decimal(_) => "number",
        Kind::Boolean => "boolean",
        Kind::Choice(spec) => type_of_choice(spec),
        Kind::List(_) => "array",
        Kind::Object(_) => "object",
    }
}

fn type_of_choice(spec: &ChoiceSpec) -> &'static str {
    match ValueRef::from(spec.options[0].value) {
        ValueRef::Integer(_) => "integer",
        ValueRef::Decimal(_) => "number",
        ValueRef::Boolean(_) => "boolean",
        _ => "string",
    }
}
