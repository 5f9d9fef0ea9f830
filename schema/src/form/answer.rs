//! The check of every field of an input, with everything that is wrong.

use std::borrow::Cow;
use std::fmt;

use super::nearest::nearest;
use super::sheet::{Given, Sheet, Stray};
use super::tree::Tree;
use super::{Origin, coerce};
use crate::report::{Violation, ViolationKind};
use crate::spec::{ChoiceSpec, FieldSpec, Kind, ListSpec, Preset};
use crate::task_ref::TaskRef;
use crate::value_ref::{AsValueRef, ValueRef};

/// Where a value stands. It is written out only when something is wrong there.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    /// The input itself.
    Input,
    /// A field.
    Field(&'a Place<'a>, &'static str),
    /// Something that no field takes.
    Stray(&'a Place<'a>, &'a str),
    /// An item of a list.
    Item(&'a Place<'a>, usize),
}

impl Place<'_> {
    fn is_input(self) -> bool {
        matches!(self, Self::Input)
    }

    /// As text. Nearly all places are fields of the input.
    fn written(self) -> Cow<'static, str> {
        match self {
            Self::Field(Place::Input, name) => Cow::Borrowed(name),
            Self::Stray(Place::Input, name) => Cow::Owned(name.to_owned()),
            place => Cow::Owned(place.to_string()),
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input => Ok(()),
            Self::Field(Place::Input, name) => f.write_str(name),
            Self::Stray(Place::Input, name) => f.write_str(name),
            Self::Field(place, name) => write!(f, "{place}.{name}"),
            Self::Stray(place, name) => write!(f, "{place}.{name}"),
            Self::Item(place, index) => write!(f, "{place}[{index}]"),
        }
    }
}

/// One pass over the answers.
pub(super) struct Answers {
    origin: Origin,
    /// ObjectRef of the input that are accepted and not sent.
    ignored_fields: &'static [&'static str],
    /// Values for fields of the input that are not given.
    presets: &'static [Preset],
    /// What is wrong so far.
    pub(super) violations: Vec<Violation>,
    /// What was ignored_fields, or taken for something else.
    pub(super) warnings: Vec<Violation>,
    /// Places of the fields of the input whose values were refused.
    pub(super) broken: Vec<usize>,
}

impl Answers {
    pub(super) fn new(origin: Origin, ignored_fields: &'static [&'static str], presets: &'static [Preset]) -> Self {
        let (violations, warnings, broken) = (Vec::new(), Vec::new(), Vec::new());
        Self { origin, ignored_fields, presets, violations, warnings, broken }
    }

    /// Checks an object and leaves in it what goes on the wire: what is wrong is taken out, preset values and defaults are
    /// filled in.
    pub(super) fn sheet(&mut self, sheet: &mut Sheet<'_>, place: Place<'_>) {
        for stray in std::mem::take(&mut sheet.strays) {
            self.stray(sheet.fields, &stray, place);
        }
        let mut next = 0;
        for (index, field) in sheet.fields.iter().enumerate() {
            if sheet.given.get(next).is_none_or(|given| given.field != index) {
                if !field.required && self.preset(field, place).is_none() {
                    continue;
                }
                sheet.given.insert(next, Given { field: index, alias: None, value: Tree::Null });
            }
            let (given, before) = (&mut sheet.given[next], self.violations.len());
            next += 1;
            self.field(field, given, place);
            // A refused file or value in a nested object: rules that look into the field have nothing to say.
            if place.is_input() && self.violations.len() > before {
                self.broken.push(index);
            }
        }
    }

    /// A name that no field has, or a second value for a field.
    fn stray(&mut self, fields: &'static [FieldSpec], stray: &Stray<'_>, place: Place<'_>) {
        let (name, given) = (&*stray.name, stray.value.as_value_ref());
        if let Some(other) = stray.before {
            self.refuse(Place::Stray(&place, name), ViolationKind::GivenTwice { other: other.to_owned() }, Some(given));
        } else if place.is_input() && self.ignored_fields.contains(&name) {
            let given = Some(given.shortened());
            self.warnings.push(Violation { field: name.to_owned().into(), kind: ViolationKind::NotSent, given });
        } else {
            let nearest = nearest(fields, name).map(str::to_owned);
            self.refuse(Place::Stray(&place, name), ViolationKind::UnknownField { nearest }, Some(given));
        }
    }

    /// A field of the object at `parent`.
    fn field(&mut self, field: &'static FieldSpec, given: &mut Given<'_>, parent: Place<'_>) {
        let place = Place::Field(&parent, field.name);
        let mut is_given = !matches!(given.value, Tree::Null)
            && !self.is_no_answer(&field.kind, given.value.as_value_ref())
            && !self.is_left_out(field, &mut given.value, given.alias.is_some());
        if let (false, Some(preset)) = (is_given, self.preset(field, parent)) {
            let value = serde_json::from_str(preset.value).unwrap_or_default();
            *given = Given { field: given.field, alias: None, value };
            is_given = true;
        }
        if is_given {
            if !self.value(&field.kind, &mut given.value, place, given.alias.is_some()) {
                given.value = Tree::Null;
            }
            return;
        }
        given.value = match field.default {
            Some(default) if field.required => Tree::of_default(default),
            None if field.required => {
                self.refuse(place, ViolationKind::Required, None);
                Tree::Null
            }
            _ => Tree::Null,
        };
    }

    /// The value that the model's name implies for a field of the object at `parent`.
    fn preset(&self, field: &FieldSpec, parent: Place<'_>) -> Option<&'static Preset> {
        self.presets.iter().find(|preset| parent.is_input() && preset.field == field.name)
    }

    /// Whether a value is right; it is brought into the form in which it goes on the wire.
    pub(super) fn value(
        &mut self,
        kind: &'static Kind,
        value: &mut Tree<'_>,
        place: Place<'_>,
        by_alias: bool,
    ) -> bool {
        coerce::reshape(kind, value, self.origin, by_alias);
        if let Kind::Choice(spec) = kind
            && spec.position(value.as_value_ref()).is_none()
            && let Some(meant) = spec.meant_by(value.as_value_ref())
        {
            let (kind, given) =
                (ViolationKind::TakenAs { value: meant.to_string() }, Some(value.as_value_ref().shortened()));
            self.warnings.push(Violation { field: place.written(), kind, given });
            *value = meant.into();
            return true;
        }
        let checked = match (kind, &mut *value) {
            (Kind::Text(spec), Tree::Text(text)) => spec.check(text),
            (Kind::Media(spec), Tree::Text(url)) => spec.check_url(url),
            (Kind::Task(_), Tree::Text(id)) => TaskRef::check(id),
            (Kind::Integer(spec), Tree::Integer(n)) => spec.check(*n),
            (Kind::Decimal(spec), Tree::Integer(n)) => spec.check(*n as f64),
            (Kind::Decimal(spec), Tree::Decimal(n)) => spec.check(*n),
            (Kind::Boolean, Tree::Boolean(_)) => Ok(()),
            (Kind::Choice(spec), value) => choice(spec, value),
            (Kind::List(spec), Tree::List(items)) => return self.list(spec, items, place, by_alias),
            (Kind::Object(fields), Tree::Object(given)) => {
                let mut sheet = Sheet::of(fields, std::mem::take(&mut given.0));
                self.sheet(&mut sheet, place);
                *value = Tree::Sheet(Box::new(sheet));
                return true;
            }
            (kind, _) => Err(ViolationKind::WrongType { needed: type_of(kind) }),
        };
        match checked {
            Ok(()) => true,
            Err(violation) => {
                self.refuse(place, violation, Some(value.as_value_ref()));
                false
            }
        }
    }

    fn list(&mut self, spec: &'static ListSpec, items: &mut [Tree<'_>], place: Place<'_>, by_alias: bool) -> bool {
        let before = self.violations.len();
        if let Err(violation) = spec.check_count(items.len()) {
            self.refuse(place, violation, None);
        }
        for (index, item) in items.iter_mut().enumerate() {
            self.value(spec.item, item, Place::Item(&place, index), by_alias);
        }
        self.violations.len() == before
    }

    /// An empty list in an optional field is how callers leave it out.
    pub(super) fn is_left_out(&self, field: &'static FieldSpec, value: &mut Tree<'_>, by_alias: bool) -> bool {
        if field.required || !matches!(field.kind, Kind::List(_)) {
            return false;
        }
        coerce::reshape(&field.kind, value, self.origin, by_alias);
        matches!(value, Tree::List(items) if items.is_empty())
    }

    /// In text, nothing typed is no answer; a text field may hold an empty text only where its limits say so.
    pub(super) fn is_no_answer(&self, kind: &Kind, value: ValueRef<'_>) -> bool {
        let may_be_empty = matches!(kind, Kind::Text(spec) if spec.min == 0);
        self.origin == Origin::Text && matches!(value, ValueRef::Text("")) && !may_be_empty
    }

    #[cold]
    fn refuse(&mut self, place: Place<'_>, kind: ViolationKind, given: Option<ValueRef<'_>>) {
        let given = given.map(ValueRef::shortened);
        self.violations.push(Violation { field: place.written(), kind, given });
    }
}

fn choice(spec: &ChoiceSpec, value: &mut Tree<'_>) -> Result<(), ViolationKind> {
    if let Some(index) = spec.position(value.as_value_ref()) {
        *value = spec.options[index].value.into();
        return Ok(());
    }
    let value = value.as_value_ref();
    // The right words in the wrong JSON type: say so, the list of values would only confuse.
    let is_near = value.text().is_some_and(|text| spec.position_of_text(&text).is_some());
    Err(if is_near { ViolationKind::WrongType { needed: type_of_choice(spec) } } else { spec.not_offered() })
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
