//! What a check found, in words and for machines.

use serde::Serialize;

use super::output::note;
use super::{ExitCode, input};
use crate::form::Accepted;
use crate::l10n::Messages;
use crate::schema::input::Request;
use crate::schema::report::{Report, Violation};
use crate::schema::spec::{ModelSpec, Status};

/// A verdict for machines: stable.
#[derive(Serialize)]
pub(super) struct Verdict<'a> {
    valid: bool,
    model: &'a str,
    /// Only of a model that is not live.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    /// The model to use instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    nearest: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<&'a Request>,
    #[serde(skip_serializing_if = "Option::is_none")]
    violations: Option<Vec<Finding>>,
    warnings: Vec<Finding>,
}

/// A violation with its sentence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Finding {
    #[serde(flatten)]
    violation: Violation,
    message: String,
}

/// Violations with their sentences.
pub(super) fn findings(spec: &ModelSpec, list: &[Violation], texts: &Messages) -> Vec<Finding> {
    let one = |v: &Violation| Finding { violation: v.clone(), message: texts.violation_typed(v, spec) };
    list.iter().map(one).collect()
}

impl<'a> Verdict<'a> {
    /// What a check of this model says.
    pub(super) fn of(spec: &'static ModelSpec, checked: Result<&'a Accepted, &'a Report>, texts: &Messages) -> Self {
        let gone = spec.status != Status::Live;
        Self {
            valid: checked.is_ok(),
            model: spec.id,
            status: gone.then(|| spec.status.as_str()),
            nearest: spec.nearest.filter(|_| gone),
            input: checked.ok().map(|accepted| &accepted.request),
            violations: checked.err().map(|report| findings(spec, &report.violations, texts)),
            warnings: findings(spec, checked.map_or_else(|r| &r.warnings, |a| &a.warnings), texts),
        }
    }
}

/// An input that cannot be checked at all, for machines: stable.
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
    /// Why it cannot be checked.
    pub(super) fn new(model: Option<&'a str>, code: &'static str, message: String) -> Self {
        Self { valid: false, model, violations: [UnreadableFinding { field: "", code, message }], warnings: [] }
    }
}

/// The lines of a report: the field, then what is wrong with it, in two columns.
pub(super) fn explain(spec: &ModelSpec, violations: &[Violation], texts: &Messages) -> Vec<String> {
    let width = violations.iter().map(|v| v.field.chars().count()).max().unwrap_or(0);
    violations.iter().map(|v| format!("  {:width$}  {}", v.field, texts.violation_typed(v, spec))).collect()
}

/// The lines of a refusal.
pub(super) fn refusal(spec: &ModelSpec, report: &Report, texts: &Messages) -> Vec<String> {
    let head = format!("{}: {}", spec.id, texts.problems(report.violations.len()));
    std::iter::once(head).chain(explain(spec, &report.violations, texts)).collect()
}

/// Tells of warnings, and of a model that is withdrawn.
pub(super) fn warn(spec: &'static ModelSpec, warnings: &[Violation], texts: &Messages) {
    if !warnings.is_empty() {
        note(&texts.worth_knowing());
        explain(spec, warnings, texts).iter().for_each(|line| note(line));
    }
    if let Some(gone) = input::withdrawn(spec, texts) {
        note(&gone);
    }
}

/// Says on standard error what is wrong with an input.
pub(super) fn refuse(spec: &'static ModelSpec, report: &Report, texts: &Messages) -> ExitCode {
    refusal(spec, report, texts).iter().for_each(|line| note(line));
    ExitCode::BadInput
}
