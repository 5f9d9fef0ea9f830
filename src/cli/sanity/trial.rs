//! One model, from its journal to its row.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::super::outcome::{Summary, Trouble};
use super::super::output::note;
use super::super::progress::deadline;
use super::journal::{Entry, Journal, RUNNING, SENDING};
use super::plan::{Action, Step};
use super::report::Row;
use super::sample::{self, Samples};
use crate::client::{Client, KeyLabel, Outcome, TaskHandle};
use crate::job::TaskId;
use crate::l10n::CliMessages;
use crate::ledger::Credits;
use crate::schema::Quote;
use crate::schema::spec::{Kind, Named};

/// What may still be spent.
#[derive(Debug)]
pub(super) struct Budget {
    left: Mutex<Option<Credits>>,
    /// Held by the one task whose price is not known; `false` once such a task has ended at a cost that nobody told.
    unpriced: tokio::sync::Mutex<bool>,
}

impl Budget {
    pub(super) fn new(most: Option<Credits>) -> Self {
        Self { left: Mutex::new(most), unpriced: tokio::sync::Mutex::new(true) }
    }

    /// Sets a price aside; false when it is no longer there.
    fn take(&self, price: Credits) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        match *left {
            None => true,
            Some(have) if have < price => false,
            Some(have) => {
                *left = Some(Credits::from_milli(have.milli() - price.milli()));
                true
            }
        }
    }

    /// Whether anything is left.
    fn has_some(&self) -> bool {
        self.left.lock().unwrap_or_else(PoisonError::into_inner).is_none_or(|left| left > Credits::ZERO)
    }

    /// Puts the real cost in the place of what was set aside.
    fn settle(&self, price: Credits, spent: Credits) {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        *left = left.map(|have| Credits::from_milli(have.milli() + price.milli() - spent.milli()));
    }
}

/// What every trial needs.
pub(super) struct Trial<'a> {
    pub(super) client: &'a Client,
    pub(super) journal: &'a Journal,
    pub(super) budget: &'a Budget,
    pub(super) samples: &'a Samples,
    pub(super) loud: bool,
    pub(super) phrases: &'a CliMessages,
}

impl Trial<'_> {
    /// Does what is planned for one model.
    pub(super) async fn make(&self, step: &Step) -> Row {
        if self.loud && matches!(step.action, Action::Send(_) | Action::Wait(_)) {
            note(&format!("{} ...", step.model.label()));
        }
        let entry = match &step.action {
            Action::Keep(entry) => return row(step, entry.clone(), true),
            Action::Doubt(entry) => return row(step, doubt(entry, self.phrases), true),
            Action::Wait(entry) => self.wait(step.model, entry).await,
            Action::Send(quote) => self.send(step.model, *quote).await,
        };
        row(step, entry, false)
    }

    async fn send(&self, model: Named, quote: Option<Quote>) -> Entry {
        let given_up = |state: &str, error: Option<Trouble>| Entry {
            model: model.label().to_owned(),
            state: state.to_owned(),
            error,
            ..Entry::default()
        };
        let task = match needed_task(model) {
            None => None,
            Some(models) => match self.journal.finished(models) {
                Some(task) => Some(task),
                None => {
                    let or = format!(" {} ", self.phrases.kind_or());
                    let of = if models.is_empty() { self.phrases.another_model() } else { models.join(&or) };
                    let why = self.phrases.needs_task(&of);
                    return given_up("skipped", Some(Trouble::own("needs_a_task", why)));
                }
            },
        };
        let request = match sample::request(model, self.samples, task.as_deref()) {
            Ok(request) => request,
            Err(report) => {
                let why = self.phrases.example_fails(&format!("{report:?}"));
                return given_up("not_submitted", Some(Trouble::own("invalid_input", why)));
            }
        };
        let price = quote.map_or(Credits::ZERO, |quote| quote.credits);
        // One at a time: only its end says what it cost.
        let mut unpriced = match quote {
            None => Some(self.budget.unpriced.lock().await),
            Some(_) => None,
        };
        if unpriced.as_ref().is_some_and(|told| !**told || !self.budget.has_some()) {
            let why = self.phrases.limit_not_sure();
            return given_up("not_submitted", Some(Trouble::own("over_budget", why)));
        }
        if !self.budget.take(price) {
            let why = self.phrases.limit_used_up(&self.phrases.amount(price));
            return given_up("not_submitted", Some(Trouble::own("over_budget", why)));
        }
        let permit = self.client.acquire_create().await;
        // On the disk before anything goes out: a run that dies now leaves a doubt, never a second payment.
        if let Err(error) = self.journal.add(given_up(SENDING, None)) {
            self.budget.settle(price, Credits::ZERO);
            let why = self.phrases.it_cannot_be_written(&error.to_string());
            return given_up("not_submitted", Some(Trouble::own("journal", why)));
        }
        let started = Instant::now();
        let (outcome, key, told) = match self.client.create_task_with(permit, &request, None).await {
            Err(error) => (Outcome::from(error), None, None),
            Ok(created) => {
                let (id, key) = (created.id.0.clone(), created.key.0.clone());
                self.note(Entry { task_id: Some(id), key: Some(key.clone()), ..given_up(RUNNING, None) });
                let started = self.client.resume(created.id, Some(created.key), deadline(Some(model.spec)));
                let (outcome, told) = finish(started).await;
                (outcome, Some(key), told)
            }
        };
        let seconds = told.unwrap_or_else(|| started.elapsed().as_secs_f64());
        let spent = if outcome.success() || outcome.money_at_risk() {
            outcome.output.credits.unwrap_or(price)
        } else {
            outcome.output.credits.unwrap_or(Credits::ZERO)
        };
        if let Some(told) = &mut unpriced {
            **told = outcome.output.credits.is_some() || !(outcome.success() || outcome.money_at_risk());
        }
        self.budget.settle(price, spent);
        self.end(model, &outcome, key, Some(seconds))
    }

    async fn wait(&self, model: Named, earlier: &Entry) -> Entry {
        let Some(id) = &earlier.task_id else { return earlier.clone() };
        let key = earlier.key.as_deref().map(KeyLabel::from);
        let started = self.client.resume(TaskId::from(id.as_str()), key, deadline(Some(model.spec)));
        let (outcome, told) = finish(started).await;
        self.end(model, &outcome, earlier.key.clone(), told)
    }

    fn end(&self, model: Named, outcome: &Outcome, key: Option<String>, seconds: Option<f64>) -> Entry {
        let summary = Summary::of(outcome);
        let entry = Entry {
            model: model.label().to_owned(),
            state: summary.state,
            task_id: summary.task_id,
            key,
            seconds: seconds.map(|s| (s * 10.0).round() / 10.0),
            credits: summary.credits,
            error: summary.error,
            ..Entry::default()
        };
        self.note(entry.clone());
        entry
    }

    /// Adds to the journal what is already so: if the disk refuses, a person is told.
    fn note(&self, entry: Entry) {
        let (model, task) = (entry.model.clone(), entry.task_id.clone().unwrap_or_default());
        if let Err(error) = self.journal.add(entry) {
            note(&self.phrases.journal_fails(&error.to_string(), &model, &task));
        }
    }
}

/// Waits for the end; also how long the vendor says that the task took.
async fn finish(mut started: TaskHandle) -> (Outcome, Option<f64>) {
    let mut told = None;
    while let Some(task) = started.next().await {
        told = task.completed.zip(task.created).map(|(end, start)| end.since(start).as_secs_f64());
    }
    (started.finish().await, told)
}

/// Which models' tasks the example needs, if any.
fn needed_task(model: Named) -> Option<&'static [&'static str]> {
    let example = model.example();
    model.spec.fields.iter().find_map(|field| match &field.kind {
        Kind::Task(task) if example.contains_key(field.name) => Some(task.models),
        _ => None,
    })
}

fn doubt(entry: &Entry, phrases: &CliMessages) -> Entry {
    let trouble = Trouble { retryable: false, money_at_risk: true, ..Trouble::own("unknown", phrases.journal_doubt()) };
    Entry { state: "unknown".to_owned(), error: Some(entry.error.clone().unwrap_or(trouble)), ..entry.clone() }
}

fn row(step: &Step, entry: Entry, earlier: bool) -> Row {
    Row {
        task: step.task.id,
        model: step.model.label(),
        state: entry.state,
        seconds: entry.seconds,
        credits: entry.credits,
        task_id: entry.task_id,
        earlier,
        error: entry.error,
        named: step.named,
    }
}
