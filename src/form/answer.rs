//! The thorough path: every field of an input, with everything that is wrong.

use std::fmt;

use serde_json::{Map, Value};

use super::{Origin, coerce, fact};
use crate::schema::input::Files;
use crate::schema::report::{Fault, Violation};
use crate::schema::spec::{ChoiceSpec, FieldSpec, Kind, ListSpec};
use crate::schema::task_ref::TaskRef;
use crate::schema::view::{View, Visible};

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
    /// Fields of the input whose values were refused.
    pub(super) broken: Vec<String>,
}

impl<'a> Answers<'a> {
    pub(super) fn new(files: &'a Files, origin: Origin) -> Self {
        Self { files, origin, dropped: &[], violations: Vec::new(), warnings: Vec::new(), broken: Vec::new() }
    }

    /// The fields of an object that are right, in the registry's order, defaults filled in.
    pub(super) fn object(
        &mut self,
        fields: &'static [FieldSpec],
        given: &Map<String, Value>,
        place: Place<'_>,
    ) -> Map<String, Value> {
        let mut slots: Vec<Option<(&str, &Value)>> = vec![None; fields.len()];
        for (name, value) in given.iter().filter(|(_, v)| !v.is_null()) {
            let by_name = fields.iter().position(|f| f.name == name);
            let found = by_name.or_else(|| fields.iter().position(|f| f.aliases.contains(&name.as_str())));
            let Some(index) = found else {
                if place.is_input() && self.dropped.contains(&name.as_str()) {
                    let (fault, given) = (Fault::NoEffect { because: Vec::new() }, Some(value.view().shortened()));
                    self.warnings.push(Violation { field: name.clone(), fault, given });
                    continue;
                }
                let nearest = nearest(fields, name);
                self.refuse(Place::Field(&place, name), Fault::UnknownField { nearest }, Some(value));
                continue;
            };
            match slots[index] {
                Some((other, _)) => {
                    let fault = Fault::GivenTwice { other: other.to_owned() };
                    self.refuse(Place::Field(&place, name), fault, Some(value));
                }
                None => slots[index] = Some((name, value)),
            }
        }
        let mut object = Map::new();
        for (field, slot) in fields.iter().zip(slots) {
            let slot = slot.filter(|(_, value)| !self.is_no_answer(&field.kind, value));
            if let Some(value) = self.field(field, slot, Place::Field(&place, field.name)) {
                object.insert(field.name.to_owned(), value);
            }
        }
        object
    }

    /// The value of one field; `None` when it is absent or wrong.
    fn field(&mut self, field: &'static FieldSpec, slot: Option<(&str, &Value)>, place: Place<'_>) -> Option<Value> {
        match (slot, field.default) {
            (Some((name, value)), _) => {
                let before = self.violations.len();
                let checked = self.value(&field.kind, value, place, name != field.name);
                // A refused file or value in a nested object: rules that look into the field have nothing to say.
                if checked.is_none() || self.violations.len() > before {
                    self.mark_broken(place);
                }
                checked
            }
            (None, Some(default)) if field.required => serde_json::from_str(default).ok(),
            (None, _) if field.required => {
                self.mark_broken(place);
                self.refuse(place, Fault::Required, None);
                None
            }
            (None, _) => None,
        }
    }

    /// The value as it goes on the wire; `None` when it is wrong.
    pub(super) fn value(
        &mut self,
        kind: &'static Kind,
        value: &Value,
        place: Place<'_>,
        by_alias: bool,
    ) -> Option<Value> {
        let reshaped = coerce::reshape(kind, value, self.origin, by_alias);
        let value = reshaped.as_ref().unwrap_or(value);
        let checked = match kind {
            Kind::Text(spec) => needed("string", value.as_str()).and_then(|text| spec.check(text)),
            Kind::Media(spec) => needed("string", value.as_str()).and_then(|url| spec.check_url(url)),
            Kind::Task(_) => needed("string", value.as_str()).and_then(TaskRef::check),
            Kind::Integer(spec) => needed("integer", value.as_i64()).and_then(|n| spec.check(n)),
            Kind::Decimal(spec) => needed("number", value.as_f64()).and_then(|n| spec.check(n)),
            Kind::Boolean => needed("boolean", value.as_bool()).map(|_| ()),
            Kind::Choice(spec) => choice(spec, value),
            Kind::List(spec) => return self.list(spec, value, place, by_alias),
            Kind::Object(fields) => match value {
                Value::Object(given) => return Some(Value::Object(self.object(fields, given, place))),
                _ => needed::<()>("object", None),
            },
        };
        match checked {
            Ok(()) => Some(value.clone()),
            Err(fault) => {
                self.refuse(place, fault, Some(value));
                None
            }
        }
    }

    fn list(&mut self, spec: &'static ListSpec, value: &Value, place: Place<'_>, by_alias: bool) -> Option<Value> {
        let Value::Array(items) = value else {
            self.refuse(place, Fault::WrongType { needed: "array" }, Some(value));
            return None;
        };
        let counted = spec.check_count(items.len());
        let is_counted = counted.is_ok();
        if let Err(fault) = counted {
            self.refuse(place, fault, None);
        }
        let mut list = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            list.extend(self.value(spec.item, item, Place::Item(&place, index), by_alias));
        }
        (is_counted && list.len() == items.len()).then_some(Value::Array(list))
    }

    /// In text, nothing typed is no answer; a text field may hold an empty text only where its limits say so.
    pub(super) fn is_no_answer(&self, kind: &Kind, value: &Value) -> bool {
        let may_be_empty = matches!(kind, Kind::Text(spec) if spec.min == 0);
        self.origin == Origin::Text && value.as_str() == Some("") && !may_be_empty
    }

    fn mark_broken(&mut self, mut place: Place<'_>) {
        let root = loop {
            match place {
                Place::Input => return,
                Place::Field(Place::Input, name) => break name,
                Place::Field(outer, _) | Place::Item(outer, _) => place = *outer,
            }
        };
        if !self.broken.iter().any(|b| b == root) {
            self.broken.push(root.to_owned());
        }
    }

    fn refuse(&mut self, place: Place<'_>, fault: Fault, given: Option<&Value>) {
        let given = given.map(|value| value.view().shortened());
        self.violations.push(Violation { field: place.to_string(), fault, given });
    }

    /// What is known of the files in a refused input.
    pub(super) fn facts(&mut self, fields: &'static [FieldSpec], input: &Map<String, Value>) {
        if !self.files.is_empty() {
            self.violations.extend(fact::check(fields, input, self.files));
        }
    }
}

fn needed<T>(needed: &'static str, value: Option<T>) -> Result<T, Fault> {
    value.ok_or(Fault::WrongType { needed })
}

fn choice(spec: &ChoiceSpec, value: &Value) -> Result<(), Fault> {
    if spec.position(value.view()).is_some() {
        return Ok(());
    }
    // The right words in the wrong JSON type: say so, the list of values would only confuse.
    let is_near = value.view().text().is_some_and(|text| spec.position_of_text(&text).is_some());
    Err(if is_near { Fault::WrongType { needed: type_of(spec) } } else { spec.not_offered() })
}

fn type_of(spec: &ChoiceSpec) -> &'static str {
    match View::from(spec.options[0].value) {
        View::Integer(_) => "integer",
        View::Decimal(_) => "number",
        View::Boolean(_) => "boolean",
        _ => "string",
    }
}

/// The least likeness of two names, from 0 to 1, that is worth a suggestion.
const ALIKE: f64 = 0.5;

/// At most how alike two names are: what their letters tell without their order. Bytes stand for letters.
fn at_most_alike(known: &str, name: &str) -> f64 {
    let mut counts = [0_u8; 128];
    for byte in known.bytes() {
        let count = &mut counts[usize::from(byte & 127)];
        *count = count.saturating_add(1);
    }
    let mut same = 0;
    for byte in name.bytes() {
        let count = &mut counts[usize::from(byte & 127)];
        same += usize::from(*count > 0);
        *count = count.saturating_sub(1);
    }
    same as f64 / known.len().max(name.len()).max(1) as f64
}

/// How alike two names are, from 0 to 1: 1 less the changes from one to the other, each letter of the longer counting alike.
fn likeness(known: &str, name: &str) -> f64 {
    const ROW: usize = 64;
    let (known, name) = (known.as_bytes(), name.as_bytes());
    let longest = known.len().max(name.len());
    if longest >= ROW {
        return 0.0;
    }
    // Three rows of the table of distances, in turn: a swap of two neighbours looks back two rows.
    let mut rows = [[0_u8; ROW]; 3];
    (0_u8..).zip(&mut rows[0][..=name.len()]).for_each(|(n, cell)| *cell = n);
    for i in 1..=known.len() {
        let [row, above, before] = [i % 3, (i + 2) % 3, (i + 1) % 3];
        rows[row][0] = i as u8;
        for j in 1..=name.len() {
            let differs = u8::from(known[i - 1] != name[j - 1]);
            let mut least = (rows[above][j] + 1).min(rows[row][j - 1] + 1).min(rows[above][j - 1] + differs);
            if i > 1 && j > 1 && known[i - 1] == name[j - 2] && known[i - 2] == name[j - 1] {
                least = least.min(rows[before][j - 2] + 1);
            }
            rows[row][j] = least;
        }
    }
    1.0 - f64::from(rows[known.len() % 3][name.len()]) / longest.max(1) as f64
}

/// The name that was probably meant.
pub(super) fn nearest(fields: &'static [FieldSpec], name: &str) -> Option<String> {
    let names =
        fields.iter().flat_map(|f| std::iter::once((f.name, f.name)).chain(f.aliases.iter().map(|a| (*a, f.name))));
    let mut best: Option<(f64, &str)> = None;
    for (known, real) in names {
        // Measuring the likeness is dear, and most names are too far away at first sight.
        let least = best.map_or(ALIKE, |(score, _)| score);
        if at_most_alike(known, name) >= least {
            let score = likeness(known, name);
            if score >= least {
                best = Some((score, real));
            }
        }
    }
    best.map(|(_, real)| real.to_owned())
}
