//! The plan of a sanity run: an action for each model, and what all of them may cost.

use serde_json::json;

use super::super::output::{print_json, print_line};
use super::super::table::Table;
use super::super::{CliError, ExitCode};
use super::journal::{Journal, JournalEntry, RUNNING, SENDING, SUCCEEDED};
use super::sample;
use super::select::{self, Selected};
use crate::l10n::{CliMessages, Lang};
use crate::ledger::Credits;
use crate::schema::Quote;
use crate::schema::spec::{ModelRef, TaskSpec};

/// What a run does with one model.
#[derive(Debug)]
pub(super) enum Action {
    /// Create a task, and pay for it. Its price, if known.
    Create(Option<Quote>),
    /// Wait for the task of an earlier run.
    Resume(JournalEntry),
    /// Report what an earlier run has: a result, or a failure that was paid for.
    Reuse(JournalEntry),
    /// An earlier create request may have been accepted: the operator has to decide.
    AskOperator(JournalEntry),
}

/// One model and its action.
#[derive(Debug)]
pub(super) struct PlannedRun {
    pub(super) task: &'static TaskSpec,
    pub(super) model: ModelRef,
    pub(super) action: Action,
    /// Selected with `--model`: then being skipped counts as a failure.
    pub(super) by_name: bool,
}

impl PlannedRun {
    /// Whether its create request needs a finished task of another model.
    pub(super) fn needs_earlier_task(&self) -> bool {
        matches!(self.action, Action::Create(_)) && select::needs_earlier_task(self.model)
    }
}

/// The runs of all selected models.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) runs: Vec<PlannedRun>,
}

impl Plan {
    /// Chooses the actions by what the journal says of earlier runs; with `fresh` every model gets a new task.
    pub(super) fn new(selected: &[Selected], journal: &Journal, fresh: bool) -> Self {
        let placeholders = sample::placeholders(selected.iter().map(|selected| selected.model));
        let planned = |&Selected { task, model, by_name }: &Selected| {
            let create = || {
                let request = sample::request(model, &placeholders, None).ok();
                Action::Create(request.and_then(|request| request.price(&placeholders.known()).ok()))
            };
            let action = match journal.last(model.label()).filter(|_| !fresh) {
                None => create(),
                Some(entry) => match (entry.state.as_str(), &entry.task_id) {
                    (SUCCEEDED, _) => Action::Reuse(entry),
                    (RUNNING | "still_running" | "unknown" | "unreadable", Some(_)) => Action::Resume(entry),
                    (SENDING | "unknown", None) => Action::AskOperator(entry),
                    (_, Some(_)) if entry.was_paid() => Action::Reuse(entry),
                    _ => create(),
                },
            };
            PlannedRun { task, model, action, by_name }
        };
        Self { runs: selected.iter().map(planned).collect() }
    }

    /// The models that get a new task.
    pub(super) fn created(&self) -> impl Iterator<Item = ModelRef> {
        self.runs.iter().filter(|run| matches!(run.action, Action::Create(_))).map(|run| run.model)
    }

    /// The sum of the known prices, and the models without a known price.
    fn total(&self) -> (Credits, Vec<&'static str>) {
        let mut total = Credits::ZERO;
        let mut unknown = Vec::new();
        for run in &self.runs {
            match &run.action {
                Action::Create(Some(quote)) => total = total + quote.credits,
                Action::Create(None) => unknown.push(run.model.label()),
                _ => {}
            }
        }
        (total, unknown)
    }

    /// Checks the plan against `--max-credits`.
    ///
    /// # Errors
    /// When the plan may cost more, or has unknown prices that were not allowed.
    pub(super) fn check_budget(
        &self,
        most: Credits,
        allow_unknown: bool,
        messages: &CliMessages,
    ) -> Result<(), CliError> {
        let (total, unknown) = self.total();
        if total > most {
            return Err(CliError::BadInput(messages.sanity_over(&messages.amount(total), &most.to_string())));
        }
        if !unknown.is_empty() && !allow_unknown {
            return Err(CliError::BadInput(messages.sanity_unpriced(&unknown.join(", "))));
        }
        Ok(())
    }

    /// Prints the plan.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub(super) fn print(&self, json: bool, messages: &CliMessages) -> Result<ExitCode, CliError> {
        let (total, unknown) = self.total();
        if json {
            let models: Vec<_> = self
                .runs
                .iter()
                .map(|run| {
                    let quote = quote(&run.action);
                    json!({
                        "type": run.task.id, "model": run.model.label(), "action": word(&run.action, CliMessages::of(Lang::En)),
                        "credits": quote.map(|q| q.credits.as_f64()), "certainty": quote.map(|q| q.certainty),
                    })
                })
                .collect();
            print_json(&json!({
                "dry_run": true, "total_credits": total.as_f64(), "unknown_prices": unknown, "models": models,
            }))?;
            return Ok(ExitCode::Success);
        }
        let head = [messages.head_type(), messages.head_model(), messages.head_action(), messages.head_credits()];
        let mut shown = Table::new(&head).unwrapped(&[1]);
        for run in &self.runs {
            let credits = match (&run.action, quote(&run.action)) {
                (_, Some(quote)) => messages.price_cell(Ok(quote)),
                (Action::Create(_), None) => messages.sanity_not_known(),
                _ => "-".to_owned(),
            };
            shown.add_row([run.task.id, run.model.label(), &word(&run.action, messages), &credits]);
        }
        shown.print();
        let price = messages.amount(total);
        print_line(&match unknown.len() {
            0 => messages.sanity_total(&price),
            count => messages.sanity_total_unknown(&price, count),
        });
        print_line(&messages.sanity_spend(&total.to_string()));
        Ok(ExitCode::Success)
    }
}

fn quote(action: &Action) -> Option<Quote> {
    match action {
        Action::Create(quote) => *quote,
        _ => None,
    }
}

fn word(action: &Action, messages: &CliMessages) -> String {
    match action {
        Action::Create(_) => messages.action_send(),
        Action::Resume(_) => messages.action_wait(),
        Action::Reuse(_) => messages.action_keep(),
        Action::AskOperator(_) => messages.action_doubt(),
    }
}
