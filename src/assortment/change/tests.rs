use serde_json::{Map, json};

use super::*;
use crate::models;
use crate::schema::spec::ChoiceSpec;

fn choice(field: &'static FieldSpec) -> Option<&'static ChoiceSpec> {
    match &field.kind {
        Kind::Choice(choice) => Some(choice),
        _ => None,
    }
}

/// A model, and a field of it with a default among three values or more.
fn chosen() -> (&'static ModelSpec, &'static FieldSpec, Vec<String>) {
    let fields = models::all().iter().flat_map(|spec| spec.fields.iter().map(move |field| (*spec, field)));
    let mut found = fields.filter_map(|(spec, field)| {
        let values: Vec<String> = choice(field)?.options.iter().map(|o| ValueRef::from(o.value).to_string()).collect();
        (values.len() >= 3 && field.default.is_some()).then_some((spec, field, values))
    });
    found.next().unwrap()
}

fn option(text: &str) -> ModelOption {
    let (spec, field, _) = chosen();
    ModelOption::find(spec, field.name, text).unwrap()
}

#[test]
fn an_option_is_found_by_what_people_write() {
    let (spec, field, values) = chosen();
    assert_eq!(option(&values[1].to_uppercase()).value(), &json!(values[1]));
    assert_eq!(
        ModelOption::find(spec, &format!("{}x", field.name), &values[0]),
        Err(ModelOptionError::UnknownField { nearest: Some(field.name.to_owned()) })
    );
    let misspelt = format!("{}~", values[0]);
    let error = ModelOption::find(spec, field.name, &misspelt).unwrap_err();
    let ModelOptionError::UnknownValue { nearest, values: all, .. } = error else { panic!("{error:?}") };
    assert_eq!((nearest.as_ref(), all.len()), (Some(&values[0]), values.len()));
    let written = models::all().iter().find_map(|spec| {
        let field = spec.fields.iter().find(|field| matches!(field.kind, Kind::Text(_)))?;
        Some((*spec, field))
    });
    let (spec, field) = written.unwrap();
    let refused = ModelOption::find(spec, field.name, "a fox").unwrap_err();
    assert_eq!(refused, ModelOptionError::NoValues { field: field.name });
}

#[test]
fn numbers_and_flags_are_options_too() {
    let of = |fits: fn(&Kind) -> bool| {
        let fields = models::all().iter().flat_map(|spec| spec.fields.iter().map(move |field| (*spec, field)));
        fields.into_iter().find(|(_, field)| fits(&field.kind)).unwrap()
    };
    let (spec, flag) = of(|kind| matches!(kind, Kind::Boolean));
    assert_eq!(ModelOption::find(spec, flag.name, "true").unwrap().value(), &json!(true));
    let (spec, number) = of(|kind| matches!(kind, Kind::Integer(spec) if spec.min == Some(1) && spec.max >= Some(4)));
    assert_eq!(ModelOption::find(spec, number.name, "4").unwrap().value(), &json!(4));
    let refused = ModelOption::find(spec, number.name, "-4").unwrap_err();
    assert_eq!(refused, ModelOptionError::UnknownValue { field: number.name, nearest: None, values: Vec::new() });
}

#[test]
fn a_denied_value_is_denied_where_it_is_given_and_where_it_is_the_default() {
    let (spec, field, values) = chosen();
    let default: Value = serde_json::from_str(field.default.unwrap()).unwrap();
    let default = default.as_value_ref().to_string();
    let other = values.iter().find(|value| **value != default).unwrap();
    let denied = |rule: &ModelRule, input: Value| {
        let input: Map<String, Value> = input.as_object().unwrap().clone();
        rule.denied_option(spec, &input).map(|denied| (denied.field, denied.value, denied.allowed.len()))
    };
    let mut rule = ModelRule::default();
    rule.apply(spec, RuleChange::Deny(option(&default))).unwrap();
    rule.apply(spec, RuleChange::Deny(option(&default))).unwrap();
    assert_eq!(rule.denied_values(field.name).len(), 1, "once");
    let expected = Some((field.name, default.clone(), values.len() - 1));
    assert_eq!(denied(&rule, json!({})), expected);
    assert_eq!(denied(&rule, json!({field.name: default})), expected);
    assert_eq!(denied(&rule, json!({field.name: [other, default]})), expected, "an item of a list");
    assert_eq!(denied(&rule, json!({field.name: other})), None);
    rule.apply(spec, RuleChange::Allow(option(&default))).unwrap();
    assert_eq!(rule, ModelRule::default());
}

#[test]
fn what_would_leave_nothing_is_refused() {
    let (spec, field, values) = chosen();
    let mut rule = ModelRule::default();
    let (last, others) = values.split_last().unwrap();
    for value in others {
        rule.apply(spec, RuleChange::Deny(option(value))).unwrap();
    }
    let before = rule.clone();
    let refused = rule.apply(spec, RuleChange::Deny(option(last)));
    assert_eq!((refused, &rule), (Err(RuleChangeError::NothingLeft { field: field.name }), &before));
    assert_eq!(rule.apply(spec, RuleChange::OnlyFor(BTreeSet::new())), Err(RuleChangeError::Nobody));
    assert_eq!(rule, before);
}

#[test]
fn f13_the_registrys_price_is_not_replaced_by_a_guess() {
    let priced = models::all().iter().copied().find(|spec| spec.price.is_some()).unwrap();
    let unpriced: &ModelSpec = Box::leak(Box::new(ModelSpec { price: None, ..*priced }));
    let (mut rule, credits) = (ModelRule::default(), Some(Credits::from_milli(5)));
    assert_eq!(rule.apply(priced, RuleChange::Credits(credits)), Err(RuleChangeError::Priced));
    assert_eq!(rule.credits, None);
    rule.apply(unpriced, RuleChange::Credits(credits)).unwrap();
    assert_eq!(rule.credits, credits);
    rule.apply(priced, RuleChange::Credits(None)).unwrap();
    assert_eq!(rule.credits, None);
}
