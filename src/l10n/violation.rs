//! Sentences for [`Violation`]s, for the bot and the command line.

use super::Messages;
use crate::schema::report::{Violation, ViolationKind};
use crate::schema::spec::{FieldSpec, Kind, ModelSpec, OptionSpec};
use crate::schema::value_ref::ValueRef;

/// The most values that a sentence lists before "and N more".
const NAMED_VALUES: usize = 12;

/// How the values of a choice are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Naming {
    /// With their labels, as on buttons.
    Label,
    /// As typed, with the label if it tells more.
    Value,
}

impl Messages {
    /// What is wrong, without naming the field itself: `is empty`, `"5:1" is not offered; choose 1:1, 4:3 or 16:9`.
    ///
    /// With the field's spec, values are named by their labels. Also for warnings.
    pub fn violation(&self, violation: &Violation, field: Option<&FieldSpec>) -> String {
        self.sentence(violation, field, Naming::Label)
    }

    /// The same for users who type values: `"x" is not offered; choose TURBO (Fast) or QUALITY (Best quality)`.
    pub fn violation_typed(&self, violation: &Violation, spec: &ModelSpec) -> String {
        self.sentence(violation, field_at(&violation.field, spec), Naming::Value)
    }

    fn sentence(&self, violation: &Violation, field: Option<&FieldSpec>, naming: Naming) -> String {
        let given = violation.given.as_deref().unwrap_or_default();
        match &violation.kind {
            ViolationKind::Required => self.violation_required(),
            ViolationKind::UnknownField { nearest: None } => self.violation_unknown_field(),
            ViolationKind::UnknownField { nearest: Some(nearest) } => self.violation_unknown_field_nearest(nearest),
            ViolationKind::GivenTwice { other } => self.violation_given_twice(other),
            ViolationKind::WrongType { needed } => self.violation_wrong_type(needed),
            ViolationKind::TooShort { min, length } => self.violation_too_short(*min, *length),
            ViolationKind::TooLong { max, length } => self.violation_too_long(*max, *length),
            ViolationKind::WrongFormat { example } => self.violation_format(example),
            ViolationKind::OutOfRange { min, max } => self.violation_range(&self.range(*min, *max)),
            ViolationKind::OffStep { step } => self.violation_step(&self.number(*step)),
            ViolationKind::NotOffered { values } => {
                self.violation_not_offered(given, &self.values(values, field, naming))
            }
            ViolationKind::Refused { values } => self.violation_refused(&self.values(values, field, naming)),
            ViolationKind::NotAllowed { values } => {
                let is_flag = naming == Naming::Label && field.is_some_and(|field| matches!(field.kind, Kind::Boolean));
                let word = |value: &str| match value {
                    "true" if is_flag => self.yes(),
                    "false" if is_flag => self.no(),
                    other => other.to_owned(),
                };
                let given = self.values(&[word(given)], field, naming);
                let left: Vec<String> = values.iter().map(|value| word(value)).collect();
                if left.is_empty() {
                    self.violation_not_allowed(&given)
                } else {
                    self.violation_not_allowed_choose(&given, &self.values(&left, field, naming))
                }
            }
            ViolationKind::TooFew { min, count } => self.violation_too_few(*min, *count),
            ViolationKind::TooMany { max, count } => self.violation_too_many(*max, *count),
            ViolationKind::NotUrl { schemes } => self.violation_url(&self.one_of(schemes)),
            ViolationKind::WrongMedia { allowed } => self.violation_media(&self.one_of(allowed)),
            ViolationKind::TooBig { max_mb, mb } => {
                self.violation_too_big(&self.number(*max_mb), &self.number(round(*mb)))
            }
            ViolationKind::Duration { min, max, seconds } => {
                self.violation_duration(&self.range(*min, *max), &self.number(round(*seconds)))
            }
            ViolationKind::Pixels { measure, min, max } => self.violation_pixels(measure, &self.range(*min, *max)),
            ViolationKind::NeededWith { because } => self.violation_needed_with(&because.join(", ")),
            ViolationKind::NotWith { because } => self.violation_not_with(&because.join(", ")),
            ViolationKind::OneOf { fields, min, max } => {
                self.violation_one_of(&self.one_of(fields), *min, max.unwrap_or(u32::MAX))
            }
            ViolationKind::Sum { fields, count, max, exact, sum } => {
                let (fields, max, sum) = (fields.join(" + "), self.number(*max), self.number(round(*sum)));
                if *exact {
                    self.violation_sum_exact(&fields, count, &max, &sum)
                } else {
                    self.violation_sum(&fields, count, &max, &sum)
                }
            }
            ViolationKind::Difference { smaller, min: None, max: None } => self.violation_difference(smaller),
            ViolationKind::Difference { smaller, min, max } => {
                self.violation_difference_range(smaller, &self.range(*min, *max))
            }
            ViolationKind::SameCount { other } => self.violation_same_count(other),
            ViolationKind::Repeated => self.violation_repeated(),
            ViolationKind::Unmatched { target } => self.violation_unmatched(target),
            ViolationKind::NoEffect { because } if because.is_empty() => self.violation_no_effect_ever(),
            ViolationKind::NoEffect { because } => self.violation_no_effect(&because.join(", ")),
            ViolationKind::NotSent => self.violation_not_sent(),
            ViolationKind::NotGiven { default: None } => self.violation_not_given(),
            ViolationKind::NotGiven { default: Some(default) } => {
                self.violation_not_given_default(&self.values(std::slice::from_ref(default), field, naming))
            }
            ViolationKind::TakenAs { value } => self.violation_taken_as(value),
            ViolationKind::Discontinued => self.violation_discontinued(),
            ViolationKind::NotAnObject => self.violation_not_an_object(),
        }
    }

    /// The same with the labels of other fields instead of their names.
    pub(crate) fn violation_in(&self, violation: &Violation, spec: &ModelSpec) -> String {
        let mut named = violation.clone();
        let label = |path: &String| self.path_label(path, spec);
        match &mut named.kind {
            ViolationKind::GivenTwice { other } | ViolationKind::SameCount { other } => *other = label(other),
            ViolationKind::NeededWith { because }
            | ViolationKind::NotWith { because }
            | ViolationKind::NoEffect { because } => {
                *because = because.iter().map(label).collect();
            }
            ViolationKind::OneOf { fields, .. } | ViolationKind::Sum { fields, .. } => {
                let groups = fields.iter().map(|group| {
                    let parts: Vec<_> = group.split(" + ").map(|f| self.path_label(f, spec)).collect();
                    parts.join(" + ")
                });
                *fields = groups.collect();
            }
            ViolationKind::Difference { smaller, .. } => *smaller = label(smaller),
            ViolationKind::Unmatched { target } => *target = label(target),
            ViolationKind::Required
            | ViolationKind::UnknownField { .. }
            | ViolationKind::WrongType { .. }
            | ViolationKind::TooShort { .. }
            | ViolationKind::TooLong { .. }
            | ViolationKind::WrongFormat { .. }
            | ViolationKind::OutOfRange { .. }
            | ViolationKind::OffStep { .. }
            | ViolationKind::NotOffered { .. }
            | ViolationKind::Refused { .. }
            | ViolationKind::NotAllowed { .. }
            | ViolationKind::TooFew { .. }
            | ViolationKind::TooMany { .. }
            | ViolationKind::NotUrl { .. }
            | ViolationKind::WrongMedia { .. }
            | ViolationKind::TooBig { .. }
            | ViolationKind::Duration { .. }
            | ViolationKind::Pixels { .. }
            | ViolationKind::Repeated
            | ViolationKind::NotSent
            | ViolationKind::NotGiven { .. }
            | ViolationKind::TakenAs { .. }
            | ViolationKind::Discontinued
            | ViolationKind::NotAnObject => {}
        }
        self.violation(&named, field_at(&violation.field, spec))
    }

    /// The label of a path such as `shots[2].duration`: `Shots 3, Seconds`. An unknown path is returned unchanged.
    pub(crate) fn path_label(&self, path: &str, spec: &ModelSpec) -> String {
        let mut fields = spec.fields;
        let mut words = Vec::new();
        for part in path.split('.') {
            let (name, index) = match part.split_once('[') {
                Some((name, rest)) => (name, rest.split(']').next().and_then(|n| n.parse::<usize>().ok())),
                None => (part, None),
            };
            let Some(field) = fields.iter().find(|f| f.name == name) else { return path.to_owned() };
            let label = self.localized(&field.label);
            words.push(match index {
                Some(index) => format!("{label} {}", index + 1),
                None => label.to_owned(),
            });
            fields = inner_fields(&field.kind);
        }
        words.join(", ")
    }

    fn values(&self, values: &[String], field: Option<&FieldSpec>, naming: Naming) -> String {
        let options = field.map(|f| options_of(&f.kind)).unwrap_or_default();
        let shown: Vec<String> = values.iter().map(|v| self.value_name(v, options, naming)).collect();
        if shown.len() > NAMED_VALUES {
            let named = shown[..NAMED_VALUES].join(", ");
            self.violation_more_values(&named, shown.len() - NAMED_VALUES)
        } else {
            self.one_of(&shown)
        }
    }

    fn value_name(&self, value: &str, options: &[OptionSpec], naming: Naming) -> String {
        match options.iter().find(|o| ValueRef::from(o.value).reads(value)) {
            None => value.to_owned(),
            Some(option) => match (naming, &option.label) {
                (Naming::Value, _) => self.option_typed(option),
                (Naming::Label, Some(label)) => self.localized(label).to_owned(),
                (Naming::Label, None) => value.to_owned(),
            },
        }
    }

    /// A value of a choice as typed, with its label in parentheses: `TURBO (Fast)`.
    pub fn option_typed(&self, option: &OptionSpec) -> String {
        let value = ValueRef::from(option.value).to_string();
        match option.label.as_ref().map(|label| self.localized(label)) {
            Some(label) if label.to_lowercase() != value.to_lowercase() => format!("{value} ({label})"),
            _ => value,
        }
    }
}

/// The field at a violation's path.
pub(crate) fn field_at(path: &str, spec: &ModelSpec) -> Option<&'static FieldSpec> {
    let mut fields = spec.fields;
    let mut found = None;
    for part in path.split('.') {
        let name = part.split('[').next().unwrap_or(part);
        let field = fields.iter().find(|f| f.name == name)?;
        found = Some(field);
        fields = inner_fields(&field.kind);
    }
    found
}

fn inner_fields(kind: &'static Kind) -> &'static [FieldSpec] {
    match kind {
        Kind::Object(fields) => fields,
        Kind::List(list) => inner_fields(list.item),
        Kind::Text(_)
        | Kind::Integer(_)
        | Kind::Decimal(_)
        | Kind::Boolean
        | Kind::Choice(_)
        | Kind::Media(_)
        | Kind::Task(_) => &[],
    }
}

fn options_of(kind: &Kind) -> &[OptionSpec] {
    match kind {
        Kind::Choice(choice) => choice.options,
        Kind::List(list) => options_of(list.item),
        Kind::Text(_)
        | Kind::Integer(_)
        | Kind::Decimal(_)
        | Kind::Boolean
        | Kind::Media(_)
        | Kind::Task(_)
        | Kind::Object(_) => &[],
    }
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
