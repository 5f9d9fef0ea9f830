//! The result of a check of an input, as sentences and as JSON.

use serde::Serialize;

use super::output::note;
use super::{ExitCode, input};
use crate::form::Accepted;
use crate::l10n::Messages;
use crate::schema::input::Request;
use crate::schema::report::{Report, Violation};
use crate::schema::spec::{ModelSpec, Status};

/// The result of a check. Its JSON form is stable.
#[derive(Serialize)]
pub(super) struct Verdict<'a> {
    valid: bool,
    model: &'a str,
    /// Present for a model that is not live.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    /// The model to use instead of one that is not live.
    #[serde(skip_serializing_if = "Option::is_none")]
    nearest: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<&'a Request>,
    #[serde(skip_serializing_if = "Option::is_none")]
    violations: Option<Vec<Finding>>,
    warnings: Vec<Finding>,
}

/// A violation and its sentence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Finding {
    #[serde(flatten)]
    violation: Violation,
    message: String,
}

/// The violations and their sentences.
pub(super) fn findings(spec: &ModelSpec, list: &[Violation], texts: &Messages) -> Vec<Finding> {
    let one = |v: &Violation| Finding { violation: v.clone(), message: texts.violation_typed(v, spec) };
    list.iter().map(one).collect()
}

impl<'a> Verdict<'a> {
    /// The verdict on an input of this model.
    pub(super) fn of(spec: &'static ModelSpec, checked: Result<&'a Accepted, &'a Report>, texts: &Messages) -> Self {
        let told = spec.status != Status::Live;
        Self {
            valid: checked.is_ok(),
            model: spec.id,
            status: told.then(|| spec.status.as_str()),
            nearest: spec.nearest.filter(|_| told),
            input: checked.ok().map(|accepted| &accepted.request),
            violations: checked.err().map(|report| findings(spec, &report.violations, texts)),
            warnings: findings(spec, checked.map_or_else(|r| &r.warnings, |a| &a.warnings), texts),
        }
    }
}

/// The verdict on an input that cannot be checked at all. Its JSON form is stable.
#[derive(Serialize)]
pub(super) struct Unreadable<'a> {
    valid: bool,
    model: Option<&'a str>,
    violations: [UnreadableFinding; 1],
    warnings: [(); 0],
}

#[derive(Serialize)]
struct UnreadableFinding {
    field: &'static str,
    code: &'static str,
    message: String,
}

impl<'a> Unreadable<'a> {
    /// A verdict with the reason as a code and a sentence.
    pub(super) fn new(model: Option<&'a str>, code: &'static str, message: String) -> Self {
        Self { valid: false, model, violations: [UnreadableFinding { field: "", code, message }], warnings: [] }
    }
}

/// A line for each violation, in two columns: the field, and what is wrong with it.
pub(super) fn violation_lines(spec: &ModelSpec, violations: &[Violation], texts: &Messages) -> Vec<String> {
    let width = violations.iter().map(|v| v.field.chars().count()).max().unwrap_or(0);
    violations.iter().map(|v| format!("  {:width$}  {}", v.field, texts.violation_typed(v, spec))).collect()
}

/// The lines about an invalid input: the number of violations, then the violations.
pub(super) fn report_lines(spec: &ModelSpec, report: &Report, texts: &Messages) -> Vec<String> {
    let head = format!("{}: {}", spec.id, texts.problems(report.violations.len()));
    std::iter::once(head).chain(violation_lines(spec, &report.violations, texts)).collect()
}

/// Prints warnings to standard error, also that a model is withdrawn or in trouble.
pub(super) fn print_warnings(spec: &'static ModelSpec, warnings: &[Violation], texts: &Messages) {
    if !warnings.is_empty() {
        note(&texts.worth_knowing());
        violation_lines(spec, warnings, texts).iter().for_each(|line| note(line));
    }
    if let Some(state) = input::withdrawn(spec, texts).or_else(|| input::trouble(spec, texts)) {
        note(&state);
    }
}

/// Prints to standard error what is wrong with an input.
pub(super) fn print_report(spec: &'static ModelSpec, report: &Report, texts: &Messages) -> ExitCode {
    report_lines(spec, report, texts).iter().for_each(|line| note(line));
    ExitCode::BadInput
}
