//! What a run will do, and what it may cost.

use serde_json::json;

use super::super::output::{say, say_json};
use super::super::table::Table;
use super::super::{CliError, ExitCode};
use super::journal::{Entry, Journal, RUNNING, SENDING, SUCCEEDED};
use super::pick::{self, Picked};
use super::sample;
use crate::l10n::{CliMessages, Lang};
use crate::ledger::Credits;
use crate::schema::Quote;
use crate::schema::spec::{Named, TaskSpec};

/// What is done with one model.
#[derive(Debug)]
pub(super) enum Action {
    /// A task is created, and paid for.
    Send(Option<Quote>),
    /// The task of an earlier run is waited for.
    Wait(Entry),
    /// An earlier run has its result, or has paid for having none.
    Keep(Entry),
    /// An earlier create may have been accepted: a person has to look.
    Doubt(Entry),
}

/// One model.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) task: &'static TaskSpec,
    pub(super) model: Named,
    pub(super) action: Action,
    /// It was asked for by its name: that it was not tried is no success.
    pub(super) named: bool,
}

impl Step {
    /// Whether it needs a finished task of another model.
    pub(super) fn takes_a_task(&self) -> bool {
        matches!(self.action, Action::Send(_)) && pick::takes_a_task(self.model)
    }
}

/// All of them.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
}

impl Plan {
    /// Decides by what earlier runs have done.
    pub(super) fn make(picked: &[Picked], journal: &Journal, fresh: bool) -> Self {
        let stand_ins = sample::stand_ins(picked.iter().map(|picked| picked.model));
        let step = |&Picked { task, model, named }: &Picked| {
            let send = || {
                let request = sample::request(model, &stand_ins, None).ok();
                Action::Send(request.and_then(|request| request.price(&stand_ins.known()).ok()))
            };
            let action = match journal.last(model.label()).filter(|_| !fresh) {
                None => send(),
                Some(entry) => match (entry.state.as_str(), &entry.task_id) {
                    (SUCCEEDED, _) => Action::Keep(entry),
                    (RUNNING | "still_running" | "unknown", Some(_)) => Action::Wait(entry),
                    (SENDING | "unknown", None) => Action::Doubt(entry),
                    (_, Some(_)) if entry.was_paid() => Action::Keep(entry),
                    _ => send(),
                },
            };
            Step { task, model, action, named }
        };
        Self { steps: picked.iter().map(step).collect() }
    }

    /// The models that are sent.
    pub(super) fn sent(&self) -> impl Iterator<Item = Named> {
        self.steps.iter().filter(|step| matches!(step.action, Action::Send(_))).map(|step| step.model)
    }

    /// The sum of the known prices, and the models without one.
    fn total(&self) -> (Credits, Vec<&'static str>) {
        let mut total = Credits::ZERO;
        let mut unknown = Vec::new();
        for step in &self.steps {
            match &step.action {
                Action::Send(Some(quote)) => total = total + quote.credits,
                Action::Send(None) => unknown.push(step.model.label()),
                _ => {}
            }
        }
        (total, unknown)
    }

    /// Refuses a plan that may cost more.
    ///
    /// # Errors
    /// When it may.
    pub(super) fn within(&self, most: Credits, allow_unknown: bool, phrases: &CliMessages) -> Result<(), CliError> {
        let (total, unknown) = self.total();
        if total > most {
            return Err(CliError::BadInput(phrases.sanity_over(&phrases.amount(total), &most.to_string())));
        }
        if !unknown.is_empty() && !allow_unknown {
            return Err(CliError::BadInput(phrases.sanity_unpriced(&unknown.join(", "))));
        }
        Ok(())
    }

    /// Prints the plan: nothing is sent.
    pub(super) fn show(&self, json: bool, phrases: &CliMessages) -> Result<ExitCode, CliError> {
        let (total, unknown) = self.total();
        if json {
            let models: Vec<_> = self
                .steps
                .iter()
                .map(|step| {
                    let quote = quote(&step.action);
                    json!({
                        "type": step.task.id, "model": step.model.label(), "action": word(&step.action, CliMessages::of(Lang::En)),
                        "credits": quote.map(|q| q.credits.as_f64()), "certainty": quote.map(|q| q.certainty),
                    })
                })
                .collect();
            say_json(&json!({
                "dry_run": true, "total_credits": total.as_f64(), "unknown_prices": unknown, "models": models,
            }))?;
            return Ok(ExitCode::Success);
        }
        let head = [phrases.head_type(), phrases.head_model(), phrases.head_action(), phrases.head_credits()];
        let mut shown = Table::new(&head).whole(&[1]);
        for step in &self.steps {
            let credits = match (&step.action, quote(&step.action)) {
                (_, Some(quote)) => phrases.price_cell(Ok(quote)),
                (Action::Send(_), None) => phrases.sanity_not_known(),
                _ => "-".to_owned(),
            };
            shown.add_row([step.task.id, step.model.label(), &word(&step.action, phrases), &credits]);
        }
        shown.print();
        let price = phrases.amount(total);
        say(&match unknown.len() {
            0 => phrases.sanity_total(&price),
            count => phrases.sanity_total_unknown(&price, count),
        });
        say(&phrases.sanity_spend(&total.to_string()));
        Ok(ExitCode::Success)
    }
}

fn quote(action: &Action) -> Option<Quote> {
    match action {
        Action::Send(quote) => *quote,
        _ => None,
    }
}

fn word(action: &Action, phrases: &CliMessages) -> String {
    match action {
        Action::Send(_) => phrases.action_send(),
        Action::Wait(_) => phrases.action_wait(),
        Action::Keep(_) => phrases.action_keep(),
        Action::Doubt(_) => phrases.action_doubt(),
    }
}
