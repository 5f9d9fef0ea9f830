//! How the price of a form changes with another answer. Both prices come from the service, as the price of an order
//! does.

use serde_json::{Map, Value};

use super::{default, literal_json, option_label};
use crate::bot::draft::Form;
use crate::bot::field_path::FieldPath;
use crate::bot::html::one_line;
use crate::l10n::Messages;
use crate::schema::report::Report;
use crate::schema::spec::{Kind, ModelSpec};
use crate::service::PricedOrder;
use crate::tariff::Amount;

/// Most answers priced for one screen. No model has more that can change its price.
const MAX_PRICED: usize = 60;
/// Most answers named behind a value.
const MAX_NAMED: usize = 3;
/// Most characters of an answer's name there.
const MAX_NAME: usize = 20;

/// A form with an exact price, and the price deltas of other answers.
pub(crate) struct PriceDeltas<'a> {
    spec: &'static ModelSpec,
    form: &'a Form,
    order: &'a PricedOrder,
    price: Amount,
    /// How many more answers may be priced.
    left: usize,
}

/// Another answer to a field.
struct Alternative {
    /// Index among the options.
    index: usize,
    /// What users see of it.
    name: String,
    value: Value,
}

impl<'a> PriceDeltas<'a> {
    /// For a form, from its checked answers. `None` when they are refused, and when their price is unknown or a
    /// ceiling.
    pub(crate) fn of(spec: &'static ModelSpec, form: &'a Form, order: &'a Result<PricedOrder, Report>) -> Option<Self> {
        let order = order.as_ref().ok()?;
        Some(Self { spec, form, order, price: order.exact()?, left: MAX_PRICED })
    }

    /// The price with this value at this path, less the present price. `None` when the prices are the same, when the
    /// new one is unknown or a ceiling, and when the value is refused.
    pub(crate) fn delta(&mut self, path: &FieldPath, value: Value) -> Option<Amount> {
        let index = usize::from(*path.0.first()?);
        // Most fields do not change the price: their answers need not be priced.
        if !self.spec.price?.looks_at(index) {
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        let field = self.spec.fields.get(index)?;
        let present = self.form.answers.get(field.name).cloned();
        let mut answers: Map<String, Value> = present.map(|value| (field.name.to_owned(), value)).into_iter().collect();
        path.put(self.spec, &mut answers, value);
        let price = self.order.exact_with(field, answers.get(field.name)?)?;
        price.more_than(self.price).filter(|_| price != self.price)
    }

    /// The answers of a field that change the price, the nearest to the present one: `(4K: +6)`.
    pub(crate) fn of_field(&mut self, index: usize, texts: &Messages) -> Option<String> {
        let path = FieldPath::field(index);
        let mut found = Vec::new();
        for Alternative { index, name, value } in self.alternatives(index, texts) {
            if let Some(delta) = self.delta(&path, value) {
                found.push((index, texts.value_difference(&name, &texts.difference(delta))));
            }
            if found.len() > MAX_NAMED {
                break;
            }
        }
        let is_cut = found.len() > MAX_NAMED;
        found.truncate(MAX_NAMED);
        found.sort_unstable();
        let mut named: Vec<String> = found.into_iter().map(|(_, text)| text).collect();
        if is_cut {
            named.push("…".to_owned());
        }
        (!named.is_empty()).then(|| texts.value_differences(&named.join(", ")))
    }

    /// The other answers that a field's buttons offer, the nearest to the present one first.
    fn alternatives(&self, index: usize, texts: &Messages) -> Vec<Alternative> {
        let field = &self.spec.fields[index];
        let present = self.form.answers.get(field.name).cloned().or_else(|| default(field));
        match &field.kind {
            Kind::Choice(choice) => {
                let options = choice.options.iter().enumerate().map(|(index, o)| (index, o, literal_json(&o.value)));
                let at = options.clone().find(|(_, _, value)| Some(value) == present.as_ref()).map_or(0, |(n, _, _)| n);
                // Values that the vendor will stop taking are not recommended.
                let mut others: Vec<Alternative> = options
                    .filter(|(_, option, value)| !option.discontinued && Some(value) != present.as_ref())
                    .map(|(index, o, value)| Alternative {
                        index,
                        name: one_line(&option_label(o, texts), MAX_NAME),
                        value,
                    })
                    .collect();
                others.sort_by_key(|other| other.index.abs_diff(at));
                others
            }
            Kind::Boolean => [(true, texts.yes()), (false, texts.no())]
                .into_iter()
                .map(|(flag, name)| Alternative { index: usize::from(!flag), name, value: Value::from(flag) })
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
    use serde_json::json;

    use super::*;
    use crate::assortment::Assortment;
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
        let order = PricedOrder::of(&LAB, &form.answers, &[], &Assortment::default());
        PriceDeltas::of(&LAB, &form, &order).and_then(|mut deltas| deltas.of_field(index, Messages::of(lang)))
    }

    fn en(answers: Value, index: usize) -> String {
        told(answers, index, Lang::En).unwrap_or_default()
    }

    #[test]
    fn the_nearest_answers_say_what_they_change() {
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
    fn nothing_is_shown_without_two_different_exact_prices() {
        // All drafts cost the same.
        assert_eq!(en(json!({"draft": true}), SIZE), "");
        assert_eq!(en(json!({}), 3), "");
        // With sound the price is a ceiling: there is no delta to it or from it.
        assert_eq!(en(json!({}), SOUND), "");
        assert_eq!(en(json!({"sound": true}), SIZE), "");
        // These answers are refused, so they have no price.
        assert_eq!(en(json!({"strict": true, "size": "4K"}), SIZE), "");
    }

    #[test]
    fn one_screen_prices_a_limited_number_of_answers() {
        let form = Form::new(&LAB, "n".into());
        let order = PricedOrder::of(&LAB, &form.answers, &[], &Assortment::default());
        let mut deltas = PriceDeltas::of(&LAB, &form, &order).unwrap();
        let priced = (0..1000).filter(|_| deltas.delta(&FieldPath::field(SIZE), json!("4K")).is_some()).count();
        assert_eq!(priced, MAX_PRICED);
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
    fn every_model_has_few_enough_values_and_each_has_the_price_of_a_whole_order() {
        let mut changes = 0;
        for spec in models::all() {
            let Some(price) = spec.price else { continue };
            let looked_at = || spec.fields.iter().enumerate().filter(|(index, _)| price.looks_at(*index));
            let count: usize = looked_at().map(|(_, field)| values(field).len()).sum();
            assert!(count <= MAX_PRICED, "{}: {count} values", spec.id);
            let example: Map<String, Value> = serde_json::from_str(spec.example).unwrap();
            let Ok(order) = PricedOrder::of(*spec, &example, &[], &Assortment::default()) else { continue };
            let Some(now) = order.exact() else { continue };
            for (index, field) in spec.fields.iter().enumerate() {
                for value in values(field) {
                    let mut answers = example.clone();
                    answers.insert(field.name.to_owned(), value.clone());
                    let other =
                        PricedOrder::of(*spec, &answers, &[], &Assortment::default()).ok().and_then(|p| p.exact());
                    assert_eq!(order.exact_with(field, &value), other, "{}: {} {value}", spec.id, field.name);
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
