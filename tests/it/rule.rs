//! Every rule of the registry that refuses: an input that meets its conditions and breaks its requirement is refused for it.

use crate::support::bent::Bent;
use kie::form::{self, Origin};
use kie::models;
use kie::schema::report::Violation;
use kie::schema::rule;
use kie::schema::spec::{Condition, ModelSpec, Requirement, RuleSpec};
use serde_json::Value;

/// The model with this rule alone: no other can stand in for it.
fn alone(spec: &'static ModelSpec, one: &'static RuleSpec) -> &'static ModelSpec {
    Box::leak(Box::new(ModelSpec { rules: std::slice::from_ref(one), ..*spec }))
}

/// An input that meets the conditions of a rule and breaks its requirement in one of its ways.
fn bend(spec: &'static ModelSpec, one: &'static RuleSpec, way: usize) -> Option<(Bent, &'static [&'static str])> {
    let mut bent = Bent::new(spec);
    for condition in one.when {
        bent.meet(condition);
    }
    let codes = bent.defy(&one.then, way)?;
    // Breaking a requirement must not undo a condition.
    for condition in one.when {
        if !matches!((condition, &one.then), (Condition::Present(a), Requirement::SameCount(b)) if b.contains(a)) {
            bent.meet_again(condition);
        }
    }
    Some((bent, codes))
}

fn refuses(spec: &'static ModelSpec, one: &'static RuleSpec) -> Result<usize, String> {
    let spec = alone(spec, one);
    let mut ways = 0;
    while let Some((bent, codes)) = bend(spec, one, ways) {
        ways += 1;
        let told = |violations: &[Violation]| violations.iter().any(|v| codes.contains(&v.kind.code()));
        let report = rule::check(spec, &bent.input, &bent.files, &[]);
        let shown = || Value::Object(bent.input.clone());
        if !told(&report.violations) {
            return Err(format!("{one:?}\n  takes {}\n  {:?}", shown(), report.violations));
        }
        // What breaks a field as well is told of the field: the rule has nothing to say then.
        let by_form = form::check(spec, &bent.input, &bent.files, Origin::Json).err().unwrap_or_default();
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
            while let Some((bent, codes)) = bend(spec, one, way) {
                way += 1;
                let report = rule::check(spec, &bent.input, &bent.files, &[]);
                let warned = report.warnings.iter().any(|w| codes.contains(&w.kind.code()));
                if !warned || !report.violations.is_empty() {
                    mistakes.push(format!("{} {one:?}: {} {report:?}", spec.id, Value::Object(bent.input)));
                }
            }
            assert!(way > 0, "{} {one:?} is never broken", spec.id);
        }
    }
    assert!(mistakes.is_empty(), "{} of {tried}:\n{}", mistakes.len(), mistakes.join("\n"));
    assert!(tried > 30, "only {tried} rules");
}

/// What is at the limit of a rule is taken: the rule says no more than the vendor does.
#[test]
fn every_rule_takes_what_just_keeps_it() {
    let (mut tried, mut mistakes) = (0, Vec::new());
    for spec in models::all() {
        for one in spec.rules {
            let spec = alone(spec, one);
            for way in 0.. {
                let mut bent = Bent::new(spec);
                one.when.iter().for_each(|condition| bent.meet(condition));
                let Some(()) = bent.keep(&one.then, way) else { break };
                one.when.iter().for_each(|condition| bent.meet_again(condition));
                tried += 1;
                let report = rule::check(spec, &bent.input, &bent.files, &[]);
                if !report.violations.is_empty() || !report.warnings.is_empty() {
                    mistakes.push(format!("{} line {}: {} {report:?}", spec.id, one.line, Value::Object(bent.input)));
                }
            }
        }
    }
    assert!(mistakes.is_empty(), "{} of {tried}:\n{}", mistakes.len(), mistakes.join("\n"));
    assert!(tried > 250, "only {tried} inputs");
}

/// A rule whose conditions do not hold has nothing to say: each condition is undone in turn.
#[test]
fn no_rule_speaks_where_its_conditions_do_not_hold() {
    let (mut tried, mut mistakes) = (0, Vec::new());
    for spec in models::all() {
        for one in spec.rules {
            let spec = alone(spec, one);
            for condition in one.when {
                let Some((mut bent, _)) = bend(spec, one, 0) else { continue };
                if !bent.undo(condition) {
                    continue;
                }
                tried += 1;
                let report = rule::check(spec, &bent.input, &bent.files, &[]);
                if !report.violations.is_empty() || !report.warnings.is_empty() {
                    mistakes.push(format!(
                        "{} without {condition:?}: {} {report:?}",
                        spec.id,
                        Value::Object(bent.input)
                    ));
                }
            }
        }
    }
    assert!(mistakes.is_empty(), "{} of {tried}:\n{}", mistakes.len(), mistakes.join("\n"));
    assert!(tried > 100, "only {tried} conditions");
}
