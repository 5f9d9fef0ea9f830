//! The thorough path: every field of an input, with everything that is wrong.

use std::fmt;

use serde_json::Value;

use super::kept::{Held, Kept};
use super::nearest::nearest;
use super::{Origin, coerce, fact};
use crate::schema::input::Files;
use crate::schema::report::{Fault, Violation};
use crate::schema::spec::{ChoiceSpec, FieldSpec, Kind, ListSpec};
use crate::schema::task_ref::TaskRef;
use crate::schema::view::{Fields, Items, View, Visible};

/// Where a value stands. It is written out only when something is wrong there.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    /// The input itself.
    Input,
    /// A field.
    Field(&'a Place<'a>, &'a str),
    /// An item of a list.
    Item(&'a Place<'a>, usize),
}

impl Place<'_> {
    fn is_input(self) -> bool {
        matches!(self, Self::Input)
    }

    /// As text. Nearly all places are fields of the input.
    fn written(self) -> String {
        match self {
            Self::Field(Place::Input, name) => name.to_owned(),
            place => place.to_string(),
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input => Ok(()),
            Self::Field(Place::Input, name) => f.write_str(name),
            Self::Field(place, name) => write!(f, "{place}.{name}"),
            Self::Item(place, index) => write!(f, "{place}[{index}]"),
        }
    }
}

/// One pass over the answers.
pub(super) struct Answers<'a> {
    files: &'a Files,
    origin: Origin,
    /// Fields of the input that are accepted and not sent.
    pub(super) dropped: &'static [&'static str],
    /// What is wrong so far.
    pub(super) violations: Vec<Violation>,
    /// What was dropped.
    pub(super) warnings: Vec<Violation>,
    /// Places of the fields of the input whose values were refused.
    pub(super) broken: Vec<usize>,
}

impl<'a> Answers<'a> {
    pub(super) fn new(files: &'a Files, origin: Origin) -> Self {
        Self { files, origin, dropped: &[], violations: Vec::new(), warnings: Vec::new(), broken: Vec::new() }
    }

    /// The fields of an object that are right, defaults filled in.
    pub(super) fn object<'v>(
        &mut self,
        fields: &'static [FieldSpec],
        given: &'v dyn Fields,
        place: Place<'_>,
    ) -> Kept<'v> {
        let mut slots: Vec<Option<(&str, View<'v>)>> = vec![None; fields.len()];
        given.each(&mut |name, value| {
            if matches!(value, View::Null) {
                return;
            }
            let by_name = fields.iter().position(|f| f.name == name);
            match by_name.or_else(|| fields.iter().position(|f| f.aliases.contains(&name))) {
                None => self.stranger(fields, name, value, place),
                Some(index) => match slots[index] {
                    Some((other, _)) => {
                        let fault = Fault::GivenTwice { other: other.to_owned() };
                        self.refuse(Place::Field(&place, name), fault, Some(value));
                    }
                    None => slots[index] = Some((name, value)),
                },
            }
        });
        let mut values = Vec::with_capacity(fields.len());
        for (index, (field, slot)) in fields.iter().zip(slots).enumerate() {
            let slot = slot.filter(|(_, value)| !self.is_no_answer(&field.kind, *value));
            let before = self.violations.len();
            let value = self.field(field, slot, Place::Field(&place, field.name));
            // A refused file or value in a nested object: rules that look into the field have nothing to say.
            if place.is_input() && self.violations.len() > before {
                self.broken.push(index);
            }
            values.push(value);
        }
        Kept { fields, values }
    }

    /// A name that no field has.
    fn stranger(&mut self, fields: &'static [FieldSpec], name: &str, value: View<'_>, place: Place<'_>) {
        if place.is_input() && self.dropped.contains(&name) {
            let (fault, given) = (Fault::NotSent, Some(value.shortened()));
            self.warnings.push(Violation { field: name.to_owned(), fault, given });
        } else {
            let nearest = nearest(fields, name).map(str::to_owned);
            self.refuse(Place::Field(&place, name), Fault::UnknownField { nearest }, Some(value));
        }
    }

    /// The value of one field; `None` when it is absent or wrong.
    fn field<'v>(
        &mut self,
        field: &'static FieldSpec,
        slot: Option<(&str, View<'v>)>,
        place: Place<'_>,
    ) -> Option<Held<'v>> {
        match (slot, field.default) {
            (Some((name, value)), _) => self.value(&field.kind, value, place, name != field.name),
            (None, Some(default)) if field.required => Some(match View::of_default(default) {
                Some(view) => Held::Given(view),
                None => Held::Made(serde_json::from_str(default).ok()?),
            }),
            (None, _) if field.required => {
                self.refuse(place, Fault::Required, None);
                None
            }
            (None, _) => None,
        }
    }

    /// The value as it goes on the wire; `None` when it is wrong.
    pub(super) fn value<'v>(
        &mut self,
        kind: &'static Kind,
        value: View<'v>,
        place: Place<'_>,
        by_alias: bool,
    ) -> Option<Held<'v>> {
        let Some(made) = coerce::reshape(kind, value, self.origin, by_alias) else {
            return self.shaped(kind, value, place, by_alias);
        };
        let anew = match self.shaped(kind, made.view(), place, by_alias)? {
            Held::Given(_) => None,
            Held::Made(anew) => Some(anew),
        };
        Some(Held::Made(anew.unwrap_or(made)))
    }

    /// As [`Answers::value`], of a value that has the form of its field if it ever will.
    fn shaped<'v>(
        &mut self,
        kind: &'static Kind,
        value: View<'v>,
        place: Place<'_>,
        by_alias: bool,
    ) -> Option<Held<'v>> {
        let checked = match (kind, value) {
            (Kind::Text(spec), View::Text(text)) => spec.check(text),
            (Kind::Media(spec), View::Text(url)) => spec.check_url(url),
            (Kind::Task(_), View::Text(id)) => TaskRef::check(id),
            (Kind::Integer(spec), View::Integer(n)) => spec.check(n),
            (Kind::Decimal(spec), View::Integer(n)) => spec.check(n as f64),
            (Kind::Decimal(spec), View::Decimal(n)) => spec.check(n),
            (Kind::Boolean, View::Boolean(_)) => Ok(()),
            (Kind::Choice(spec), value) => choice(spec, value),
            (Kind::List(spec), View::List(items)) => return self.list(spec, items, place, by_alias),
            (Kind::Object(fields), View::Object(given)) => {
                return Some(Held::Made(Value::Object(self.object(fields, given, place).to_map())));
            }
            (kind, _) => Err(Fault::WrongType { needed: type_of(kind) }),
        };
        match checked {
            Ok(()) => Some(Held::Given(value)),
            Err(fault) => {
                self.refuse(place, fault, Some(value));
                None
            }
        }
    }

    fn list<'v>(
        &mut self,
        spec: &'static ListSpec,
        items: &'v dyn Items,
        place: Place<'_>,
        by_alias: bool,
    ) -> Option<Held<'v>> {
        let before = self.violations.len();
        if let Err(fault) = spec.check_count(items.count()) {
            self.refuse(place, fault, None);
        }
        // Most lists go on the wire as they came: a copy is begun at the first item that does not.
        let mut copy: Option<Vec<Value>> = None;
        for index in 0..items.count() {
            match self.value(spec.item, items.item(index), Place::Item(&place, index), by_alias) {
                Some(Held::Given(view)) => copy.iter_mut().for_each(|copy| copy.push(view.to_json())),
                Some(Held::Made(value)) => {
                    copy.get_or_insert_with(|| (0..index).map(|i| items.item(i).to_json()).collect()).push(value);
                }
                None => {}
            }
        }
        (self.violations.len() == before)
            .then(|| copy.map_or(Held::Given(View::List(items)), |copy| Held::Made(copy.into())))
    }

    /// In text, nothing typed is no answer; a text field may hold an empty text only where its limits say so.
    pub(super) fn is_no_answer(&self, kind: &Kind, value: View<'_>) -> bool {
        let may_be_empty = matches!(kind, Kind::Text(spec) if spec.min == 0);
        self.origin == Origin::Text && matches!(value, View::Text("")) && !may_be_empty
    }

    fn refuse(&mut self, place: Place<'_>, fault: Fault, given: Option<View<'_>>) {
        let given = given.map(View::shortened);
        self.violations.push(Violation { field: place.written(), fault, given });
    }

    /// What is known of the files in a refused input.
    pub(super) fn facts(&mut self, fields: &'static [FieldSpec], input: &dyn Fields) {
        if !self.files.is_empty() {
            self.violations.extend(fact::check(fields, input, self.files));
        }
    }
}

fn choice(spec: &ChoiceSpec, value: View<'_>) -> Result<(), Fault> {
    if spec.position(value).is_some() {
        return Ok(());
    }
    // The right words in the wrong JSON type: say so, the list of values would only confuse.
    let is_near = value.text().is_some_and(|text| spec.position_of_text(&text).is_some());
    Err(if is_near { Fault::WrongType { needed: type_of_choice(spec) } } else { spec.not_offered() })
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
    match View::from(spec.options[0].value) {
        View::Integer(_) => "integer",
        View::Decimal(_) => "number",
        View::Boolean(_) => "boolean",
        _ => "string",
    }
}
