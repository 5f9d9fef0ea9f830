//! The combinations of the options that a price depends on. Each is checked and priced like any input.

use serde_json::Value;

use crate::form::{self, Origin};
use crate::l10n::CliMessages;
use crate::schema::Files;
use crate::schema::PriceError;
use crate::schema::Quote;
use crate::schema::spec::{Condition, Factor, FieldSpec, Kind, Literal, MediaKind, ModelRef, Preset, PriceSpec};
use crate::schema::value_ref::{AsValueRef, ValueRef};

/// The most combinations that are tried.
const MAX_COMBINATIONS: usize = 5000;
/// A range of up to this many numbers is listed completely; of a longer one, the ends and the default.
const MAX_LISTED_NUMBERS: i64 = 12;

/// One value of an option.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OptionValue {
    /// The text in the table.
    pub(super) label: String,
    /// The value in the input; `None` leaves the field out.
    pub(super) value: Option<Value>,
}

/// A valid combination and its price.
#[derive(Debug)]
pub(super) struct PricedCombination {
    pub(super) values: Vec<(&'static str, OptionValue)>,
    pub(super) quote: Result<Quote, PriceError>,
}

/// The combinations, and the options that they leave out.
#[derive(Debug, Default)]
pub(super) struct Combinations {
    pub(super) all: Vec<PricedCombination>,
    /// Fields that change the price too, but have the example's value because there would be too many combinations.
    pub(super) left_out: Vec<&'static str>,
}

/// All combinations of the options that change the price; the other fields have the values of the registry's example. A
/// value that the model's alias stands for is not varied. With a day these are the prices of that day; without one, the
/// upper limits that guard spending.
pub(super) fn all(model: ModelRef, day: Option<&str>, messages: &CliMessages) -> Combinations {
    combined(model, MAX_COMBINATIONS, day, messages)
}

fn combined(model: ModelRef, most: usize, day: Option<&str>, messages: &CliMessages) -> Combinations {
    let Some(price) = model.spec.price else { return Combinations::default() };
    let option = |field: &'static FieldSpec| {
        let choices = choices(field, price, messages)?;
        Some((field.name, model.preset(field.name).map_or(choices, |preset| vec![preset_choice(preset)])))
    };
    let mut options: Vec<(&'static str, Vec<OptionValue>)> = model.spec.fields.iter().filter_map(option).collect();
    let mut left_out = Vec::new();
    while options.iter().map(|(_, choices)| choices.len()).product::<usize>() > most {
        left_out.extend(options.pop().map(|(name, _)| name));
    }
    left_out.reverse();
    let example = model.example();
    let mut found = Vec::new();
    let mut at = vec![0; options.len()];
    loop {
        let values: Vec<(&'static str, OptionValue)> =
            options.iter().zip(&at).map(|((name, choices), n)| (*name, choices[*n].clone())).collect();
        let mut answers = example.clone();
        for (name, choice) in &values {
            match &choice.value {
                Some(value) => answers.insert((*name).to_owned(), value.clone()),
                None => answers.remove(*name),
            };
        }
        if let Ok(accepted) = form::check(model, &answers, &Files::new(), Origin::Json) {
            let (request, files) = (accepted.request, Files::new());
            let quote = match day {
                Some(day) => request.price_on(&files, day),
                None => request.price(&files),
            };
            found.push(PricedCombination { values, quote });
        }
        // The last option varies fastest.
        let Some(place) = (0..at.len()).rev().find(|n| at[*n] + 1 < options[*n].1.len()) else { break };
        at[place] += 1;
        at[place + 1..].fill(0);
    }
    Combinations { all: found, left_out }
}

/// The values of a field to vary; `None` when the field does not change the price.
fn choices(field: &'static FieldSpec, price: &'static PriceSpec, messages: &CliMessages) -> Option<Vec<OptionValue>> {
    let conditions: Vec<&Condition> = price.conditions().filter(|c| *c.path() == *field.name).collect();
    let counts = price.times.iter().any(|factor| match factor {
        Factor::Value { field: path, .. } => **path == *field.name,
        Factor::Ratio(above, below) => **above == *field.name || **below == *field.name,
        _ => false,
    });
    if conditions.is_empty() && !counts {
        return None;
    }
    let mut choices = match &field.kind {
        Kind::Choice(choice) => {
            let options = choice.options.iter().filter(|option| !option.discontinued);
            let (named, others): (Vec<Literal>, Vec<Literal>) = options
                .map(|option| option.value)
                .partition(|value| counts || conditions.iter().any(|condition| names(condition, *value)));
            let mut all: Vec<OptionValue> = named.into_iter().map(plain).collect();
            // Values that no price row names cost the same, so they share one line.
            if let Some(first) = others.first() {
                let label =
                    others.iter().map(|value| ValueRef::from(*value).to_string()).collect::<Vec<_>>().join(", ");
                all.push(OptionValue { label, value: Some(ValueRef::from(*first).to_json()) });
            }
            all
        }
        Kind::Boolean => vec![plain(Literal::Boolean(false)), plain(Literal::Boolean(true))],
        Kind::Integer(spec) => {
            let (min, max) = (spec.min.unwrap_or(1), spec.max.or(spec.min).unwrap_or(1));
            let step = spec.step.unwrap_or(1).max(1);
            let whole = counts && (max - min) / step < MAX_LISTED_NUMBERS;
            let mut numbers: Vec<i64> = if whole {
                (min..=max).step_by(step as usize).collect()
            } else {
                [Some(min), default(field).and_then(|v| v.as_i64()), Some(max)].into_iter().flatten().collect()
            };
            numbers.extend(spec.extra_values);
            numbers.dedup();
            numbers.into_iter().map(|n| plain(Literal::Integer(n))).collect()
        }
        Kind::Decimal(spec) => {
            let numbers = [spec.min, default(field).and_then(|v| v.as_f64()), spec.max];
            let mut numbers: Vec<f64> = numbers.into_iter().flatten().collect();
            numbers.dedup();
            numbers.into_iter().map(|n| plain(Literal::Decimal(n))).collect()
        }
        Kind::Media(media) => {
            let link = link(media.of.first().copied(), 1);
            vec![none(), OptionValue { label: messages.option_given(), value: Some(link.into()) }]
        }
        Kind::List(list) => {
            let Kind::Media(media) = list.item else { return None };
            let mut sizes: Vec<u32> = conditions.iter().filter_map(|c| items(c)).chain([list.min.max(1)]).collect();
            sizes.sort_unstable();
            sizes.dedup();
            let of = |n: u32| {
                let links: Vec<String> = (1..=n).map(|n| link(media.of.first().copied(), n)).collect();
                OptionValue {
                    label: if n == 1 { messages.option_given() } else { messages.option_given_many(n) },
                    value: Some(links.into()),
                }
            };
            std::iter::once(none()).chain(sizes.into_iter().map(of)).collect()
        }
        Kind::Text(_) => {
            let mut named: Vec<OptionValue> =
                conditions.iter().flat_map(|c| literals(c)).map(|value| plain(*value)).collect();
            named.push(OptionValue { label: messages.option_another(), value: Some("x".into()) });
            named
        }
        Kind::Task(_) | Kind::Object(_) => return None,
    };
    let left_out = !field.required && field.default.is_none();
    if left_out && !choices.contains(&none()) {
        choices.insert(0, none());
    }
    Some(choices)
}

fn default(field: &FieldSpec) -> Option<Value> {
    serde_json::from_str(field.default?).ok()
}

fn none() -> OptionValue {
    OptionValue { label: "-".to_owned(), value: None }
}

fn preset_choice(preset: &Preset) -> OptionValue {
    let value = preset.json();
    OptionValue { label: value.as_value_ref().to_string(), value: Some(value) }
}

fn plain(value: Literal) -> OptionValue {
    OptionValue { label: ValueRef::from(value).to_string(), value: Some(ValueRef::from(value).to_json()) }
}

/// A placeholder URL.
fn link(kind: Option<MediaKind>, n: u32) -> String {
    let end = match kind {
        Some(MediaKind::Video) => "mp4",
        Some(MediaKind::Audio) => "mp3",
        Some(MediaKind::Document) => "pdf",
        Some(MediaKind::Image) | None => "png",
    };
    format!("https://upload.invalid/{n}.{end}")
}

fn literals(condition: &Condition) -> &'static [Literal] {
    match condition {
        Condition::Is(_, values) | Condition::IsNot(_, values) => values,
        _ => &[],
    }
}

fn names(condition: &Condition, value: Literal) -> bool {
    literals(condition).iter().any(|literal| ValueRef::from(*literal).same_text(value.into()))
}

fn items(condition: &Condition) -> Option<u32> {
    match condition {
        Condition::Items(_, count) => Some(*count),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Certainty;

    #[test]
    fn options_beyond_the_limit_are_named() {
        let messages = CliMessages::of(crate::l10n::Lang::En);
        let many = |model: &ModelRef| {
            combined(*model, MAX_COMBINATIONS, None, messages).all.first().is_some_and(|one| one.values.len() > 1)
        };
        let model = crate::models::all().iter().copied().map(ModelRef::from).find(many).unwrap();
        let whole = combined(model, MAX_COMBINATIONS, None, messages);
        assert!(whole.left_out.is_empty());
        let few = combined(model, 1, None, messages);
        let names: Vec<&str> = whole.all[0].values.iter().map(|(name, _)| *name).collect();
        let kept = few.all[0].values.len();
        assert!(kept < names.len());
        assert_eq!(few.left_out, names[kept..]);
    }

    #[test]
    fn a_price_is_a_ceiling_while_a_discount_may_hold() {
        let messages = CliMessages::of(crate::l10n::Lang::En);
        for spec in crate::models::all() {
            let Some(price) = spec.price.filter(|price| !price.regular.is_empty()) else { continue };
            let is_exact = |one: &&PricedCombination| one.quote.is_ok_and(|quote| quote.certainty == Certainty::Exact);
            let exact =
                |day| combined((*spec).into(), MAX_COMBINATIONS, day, messages).all.iter().filter(is_exact).count();
            let last = price.discount_until.unwrap_or("2999-12-31");
            assert_eq!([exact(None), exact(Some(last))], [0, 0], "{}", spec.id);
        }
    }
}
