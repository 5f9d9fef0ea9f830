//! Every rule of the registry: an input that fulfils its conditions and violates its requirement is refused for it.

use crate::support::mutated_input::MutatedInput;
use kie::form::{self, Origin};
use kie::models;
use kie::schema::report::Violation;
use kie::schema::rule;
use kie::schema::spec::{Condition, ModelSpec, Requirement, RuleSpec};
use serde_json::Value;

/// The model with only this rule, so that no other rule refuses the input.
fn alone(spec: &'static ModelSpec, one: &'static RuleSpec) -> &'static ModelSpec {
    Box::leak(Box::new(ModelSpec { rules: std::slice::from_ref(one), ..*spec }))
}

/// An input that fulfils the conditions of a rule and violates its requirement in one of the possible ways.
fn violated(
    spec: &'static ModelSpec,
    one: &'static RuleSpec,
    way: usize,
) -> Option<(MutatedInput, &'static [&'static str])> {
    let mut mutated = MutatedInput::new(spec);
    for condition in one.when {
        mutated.satisfy(condition);
    }
    let codes = mutated.violate(&one.then, way)?;
    // The violation must not have changed a condition.
    for condition in one.when {
        if !matches!((condition, &one.then), (Condition::Present(a), Requirement::SameCount(b)) if b.contains(a)) {
            mutated.satisfy_again(condition);
        }
    }
    Some((mutated, codes))
}

fn refuses(spec: &'static ModelSpec, one: &'static RuleSpec) -> Result<usize, String> {
    let spec = alone(spec, one);
    let mut ways = 0;
    while let Some((mutated, codes)) = violated(spec, one, ways) {
        ways += 1;
        let told = |violations: &[Violation]| violations.iter().any(|v| codes.contains(&v.kind.code()));
        let report = rule::check(spec, &mutated.input, &mutated.files, &[]);
        let shown = || Value::Object(mutated.input.clone());
        if !told(&report.violations) {
            return Err(format!("{one:?}\n  takes {}\n  {:?}", shown(), report.violations));
        }
        // If the input also violates a limit of the field, only that is reported.
        let by_form = form::check(spec, &mutated.input, &mutated.files, Origin::Json).err().unwrap_or_default();
        let of_a_field = by_form.violations.iter().any(|v| !codes.contains(&v.kind.code()));
        if !told(&by_form.violations) && !of_a_field {
            return Err(format!("{one:?}\n  is not told by the form of {}\n  {:?}", shown(), by_form.violations));
        }
    }
    if ways == 0 { Err(format!("{one:?}\n  is never broken")) } else { Ok(ways) }
}

#[test]
fn every_blocking_rule_refuses() {
    let (mut tried, mut ways) = (0, 0);
    let mut mistakes = Vec::new();
    for spec in models::all() {
        for one in spec.rules.iter().filter(|r| !is_advice(r)) {
            tried += 1;
            match refuses(spec, one) {
                Ok(found) => ways += found,
                Err(error) => mistakes.push(format!("{} line {}: {error}", spec.id, one.line)),
            }
        }
    }
    assert!(mistakes.is_empty(), "{} of {tried}:\n{}", mistakes.len(), mistakes.join("\n"));
    assert!(tried > 100 && ways > tried, "only {tried} rules in {ways} ways");
}

fn is_advice(rule: &RuleSpec) -> bool {
    rule.advisory || matches!(rule.then, Requirement::Ignored(_))
}

#[test]
fn every_advisory_rule_warns_and_never_refuses() {
    let mut tried = 0;
    let mut mistakes = Vec::new();
    for spec in models::all() {
        for one in spec.rules.iter().filter(|r| is_advice(r)) {
            tried += 1;
            let spec = alone(spec, one);
            let mut way = 0;
            while let Some((mutated, codes)) = violated(spec, one, way) {
                way += 1;
                let report = rule::check(spec, &mutated.input, &mutated.files, &[]);
                let warned = report.warnings.iter().any(|w| codes.contains(&w.kind.code()));
                if !warned || !report.violations.is_empty() {
                    mistakes.push(format!("{} {one:?}: {} {report:?}", spec.id, Value::Object(mutated.input)));
                }
            }
            assert!(way > 0, "{} {one:?} is never broken", spec.id);
        }
    }
    assert!(mistakes.is_empty(), "{} of {tried}:\n{}", mistakes.len(), mistakes.join("\n"));
    assert!(tried > 30, "only {tried} rules");
}

/// Inputs at the limit of a rule are accepted: a rule is not stricter than the vendor.
#[test]
fn every_rule_takes_what_just_keeps_it() {
    let (mut tried, mut mistakes) = (0, Vec::new());
    for spec in models::all() {
        for one in spec.rules {
            let spec = alone(spec, one);
            for way in 0.. {
                let mut mutated = MutatedInput::new(spec);
                one.when.iter().for_each(|condition| mutated.satisfy(condition));
                let Some(()) = mutated.fulfil(&one.then, way) else { break };
                one.when.iter().for_each(|condition| mutated.satisfy_again(condition));
                tried += 1;
                let report = rule::check(spec, &mutated.input, &mutated.files, &[]);
                if !report.violations.is_empty() || !report.warnings.is_empty() {
                    mistakes.push(format!(
                        "{} line {}: {} {report:?}",
                        spec.id,
                        one.line,
                        Value::Object(mutated.input)
                    ));
                }
            }
        }
    }
    assert!(mistakes.is_empty(), "{} of {tried}:\n{}", mistakes.len(), mistakes.join("\n"));
    assert!(tried > 250, "only {tried} inputs");
}

/// A rule whose conditions are false refuses nothing: each condition is made false in turn.
#[test]
fn no_rule_speaks_where_its_conditions_do_not_hold() {
    let (mut tried, mut mistakes) = (0, Vec::new());
    for spec in models::all() {
        for one in spec.rules {
            let spec = alone(spec, one);
            for condition in one.when {
                let Some((mut mutated, _)) = violated(spec, one, 0) else { continue };
                if !mutated.falsify(condition) {
                    continue;
                }
                tried += 1;
                let report = rule::check(spec, &mutated.input, &mutated.files, &[]);
                if !report.violations.is_empty() || !report.warnings.is_empty() {
                    mistakes.push(format!(
                        "{} without {condition:?}: {} {report:?}",
                        spec.id,
                        Value::Object(mutated.input)
                    ));
                }
            }
        }
    }
    assert!(mistakes.is_empty(), "{} of {tried}:\n{}", mistakes.len(), mistakes.join("\n"));
    assert!(tried > 100, "only {tried} conditions");
}
