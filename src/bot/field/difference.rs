//! What another answer would change about the price of a form. Every figure is the price of the form with that answer, less
//! the price of the form as it stands; both come from the service, as the price of an order does.

use serde_json::Value;

use super::{default, literal_json, option_label};
use crate::bot::draft::Form;
use crate::bot::field_path::FieldPath;
use crate::bot::html::one_line;
use crate::l10n::Messages;
use crate::ledger::Credits;
use crate::schema::report::Report;
use crate::schema::spec::{Kind, ModelSpec};
use crate::service::PricedOrder;

/// Other answers that are tried for one screen. No model has as many that may change its price.
const TRIED: usize = 60;
/// Other answers named behind a value.
const NAMED: usize = 3;
/// Most characters of an answer's name there.
const NAME: usize = 20;

/// A form with an exact price, and what other answers would make of it.
pub(crate) struct Differences<'a> {
    spec: &'static ModelSpec,
    form: &'a Form,
    now: Credits,
    left: usize,
}

/// Another answer: where it stands among the options, what people see of it, and its value.
struct Other {
    order: usize,
    name: String,
    value: Value,
}

impl<'a> Differences<'a> {
    /// Of the form as the service sees it; `None` when it cannot be ordered yet, or its price is unknown or a ceiling.
    pub(crate) fn of(spec: &'static ModelSpec, form: &'a Form, prepared: &Result<PricedOrder, Report>) -> Option<Self> {
        let now = prepared.as_ref().ok()?.exact()?;
        Some(Self { spec, form, now, left: TRIED })
    }

    /// How much more the form would cost with this answer at this path, less when negative. `None` when it would cost the
    /// same, when that cannot be said exactly, and when it could not be ordered so.
    pub(crate) fn at(&mut self, path: &FieldPath, value: Value) -> Option<Credits> {
        let field = usize::from(*path.0.first()?);
        // Most fields say nothing about the price: their answers need not be tried.
        if !self.spec.price?.looks_at(field) {
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        let mut answers = self.form.answers.clone();
        path.put(self.spec, &mut answers, value);
        let other = PricedOrder::of(self.spec, &answers, &self.form.attachments).ok()?.exact()?;
        (other != self.now).then(|| other - self.now)
    }

    /// The answers of a field that cost something else, those next to the present one first chosen: `(4K: +6)`.
    pub(crate) fn of_field(&mut self, index: usize, texts: &Messages) -> Option<String> {
        let path = FieldPath::field(index);
        let mut found = Vec::new();
        for Other { order, name, value } in self.others(index, texts) {
            if let Some(more) = self.at(&path, value) {
                found.push((order, texts.value_difference(&name, &texts.difference(more))));
            }
            if found.len() > NAMED {
                break;
            }
        }
        let is_cut = found.len() > NAMED;
        found.truncate(NAMED);
        found.sort_unstable();
        let mut named: Vec<String> = found.into_iter().map(|(_, text)| text).collect();
        if is_cut {
            named.push("…".to_owned());
        }
        (!named.is_empty()).then(|| texts.value_differences(&named.join(", ")))
    }

    /// What else can be chosen in a field, the nearest to the present value first.
    fn others(&self, index: usize, texts: &Messages) -> Vec<Other> {
        let field = &self.spec.fields[index];
        let present = self.form.answers.get(field.name).cloned().or_else(|| default(field));
        match &field.kind {
            Kind::Choice(choice) => {
                let options = choice.options.iter().enumerate().map(|(order, o)| (order, o, literal_json(&o.value)));
                let at = options.clone().find(|(_, _, value)| Some(value) == present.as_ref()).map_or(0, |(n, _, _)| n);
                // What the vendor will drop is not recommended.
                let mut others: Vec<Other> = options
                    .filter(|(_, option, value)| !option.discontinued && Some(value) != present.as_ref())
                    .map(|(order, o, value)| Other { order, name: one_line(&option_label(o, texts), NAME), value })
                    .collect();
                others.sort_by_key(|other| other.order.abs_diff(at));
                others
            }
            Kind::Boolean => [(true, texts.yes()), (false, texts.no())]
                .into_iter()
                .map(|(flag, name)| Other { order: usize::from(!flag), name, value: Value::from(flag) })
                .filter(|other| Some(&other.value) != present.as_ref())
                .collect(),
            Kind::Text(_)
            | Kind::Integer(_)
            | Kind::Decimal(_)
            | Kind::Media(_)
            | Kind::Task(_)
            | Kind::List(_)
            | Kind::Object(_) => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;
    use crate::bot::sample::LAB;
    use crate::l10n::Lang;
    use crate::models;
    use crate::schema::spec::FieldSpec;

    const SIZE: usize = 0;
    const DRAFT: usize = 1;
    const SOUND: usize = 2;

    fn told(answers: Value, index: usize, lang: Lang) -> Option<String> {
        let mut form = Form::new(&LAB, "n".into());
        form.answers = answers.as_object().unwrap().clone();
        let prepared = PricedOrder::of(&LAB, &form.answers, &[]);
        Differences::of(&LAB, &form, &prepared).and_then(|mut all| all.of_field(index, Messages::of(lang)))
    }

    fn en(answers: Value, index: usize) -> String {
        told(answers, index, Lang::En).unwrap_or_default()
    }

    #[test]
    fn the_nearest_other_values_say_what_they_change() {
        assert_eq!(en(json!({}), SIZE), "(1K: −6, 4K: +6.5, 8K: +18, …)");
        assert_eq!(told(json!({}), SIZE, Lang::Ru).unwrap(), "(1K: −6, 4K: +6,5, 8K: +18, …)");
        assert_eq!(en(json!({"size": "8K"}), SIZE), "(2K: −18, 4K: −11.5, 16K: +24, …)");
        assert_eq!(en(json!({}), DRAFT), "(Yes: −8)");
        assert_eq!(en(json!({"draft": true}), DRAFT), "(No: +8)");
    }

    #[test]
    fn what_the_rules_refuse_is_not_offered() {
        assert_eq!(en(json!({"strict": true}), SIZE), "(1K: −6, 8K: +18, 16K: +42)");
    }

    #[test]
    fn nothing_is_said_where_nothing_changes_or_nothing_is_sure() {
        // All drafts cost the same.
        assert_eq!(en(json!({"draft": true}), SIZE), "");
        assert_eq!(en(json!({}), 3), "");
        // With sound the price is a ceiling: neither the step to it nor a step from it is a figure.
        assert_eq!(en(json!({}), SOUND), "");
        assert_eq!(en(json!({"sound": true}), SIZE), "");
        // These answers are not valid, so that they have no price.
        assert_eq!(en(json!({"strict": true, "size": "4K"}), SIZE), "");
    }

    #[test]
    fn one_screen_tries_so_many_and_no_more() {
        let form = Form::new(&LAB, "n".into());
        let prepared = PricedOrder::of(&LAB, &form.answers, &[]);
        let mut all = Differences::of(&LAB, &form, &prepared).unwrap();
        let tried = (0..1000).filter(|_| all.at(&FieldPath::field(SIZE), json!("4K")).is_some()).count();
        assert_eq!(tried, TRIED);
    }

    /// Values of a field that a button can set.
    fn values(field: &FieldSpec) -> Vec<Value> {
        match &field.kind {
            Kind::Choice(choice) => choice.options.iter().map(|o| literal_json(&o.value)).collect(),
            Kind::Boolean => vec![json!(true), json!(false)],
            _ => Vec::new(),
        }
    }

    #[test]
    fn every_model_has_few_enough_values_and_none_of_them_is_overlooked() {
        let mut changes = 0;
        for spec in models::all() {
            let Some(price) = spec.price else { continue };
            let looked_at = || spec.fields.iter().enumerate().filter(|(index, _)| price.looks_at(*index));
            let tried: usize = looked_at().map(|(_, field)| values(field).len()).sum();
            assert!(tried <= TRIED, "{}: {tried} values", spec.id);
            let example: Map<String, Value> = serde_json::from_str(spec.example).unwrap();
            let Some(now) = PricedOrder::of(*spec, &example, &[]).ok().and_then(|p| p.exact()) else { continue };
            for (index, field) in spec.fields.iter().enumerate() {
                for value in values(field) {
                    let mut answers = example.clone();
                    answers.insert(field.name.to_owned(), value);
                    let other = PricedOrder::of(*spec, &answers, &[]).ok().and_then(|p| p.exact());
                    if other.is_some_and(|other| other != now) {
                        changes += 1;
                        assert!(price.looks_at(index), "{}: {} changes the price", spec.id, field.name);
                    }
                }
            }
        }
        assert!(changes > 100, "{changes}");
    }
}
