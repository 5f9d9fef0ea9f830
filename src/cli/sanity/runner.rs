//! The run of one model: from its planned action to its row of the report.

use std::time::Instant;

use super::super::output::note;
use super::super::progress::deadline;
use super::super::summary::{ErrorSummary, Summary};
use super::budget::SpendingLimit;
use super::journal::{Journal, JournalEntry, RUNNING, SENDING};
use super::plan::{Action, PlannedRun};
use super::report::SummaryRow;
use super::sample::{self, Samples};
use crate::client::{Client, KeyLabel, Outcome, TaskHandle};
use crate::job::TaskId;
use crate::l10n::CliMessages;
use crate::ledger::Credits;
use crate::schema::Quote;
use crate::schema::spec::{Kind, ModelRef, WebhookNeed};

/// Carries out planned runs.
pub(super) struct Runner<'a> {
    pub(super) client: &'a Client,
    pub(super) journal: &'a Journal,
    pub(super) budget: &'a SpendingLimit,
    pub(super) samples: &'a Samples,
    /// Whether each start is printed.
    pub(super) verbose: bool,
    pub(super) messages: &'a CliMessages,
}

impl Runner<'_> {
    /// Carries out what is planned for one model.
    pub(super) async fn run(&self, run: &PlannedRun) -> SummaryRow {
        if self.verbose && matches!(run.action, Action::Create(_) | Action::Resume(_)) {
            note(&format!("{} ...", run.model.label()));
        }
        let entry = match &run.action {
            Action::Reuse(entry) => return row(run, entry.clone(), true),
            Action::AskOperator(entry) => return row(run, undecided(entry, self.messages), true),
            Action::Resume(entry) => self.resume(run.model, entry).await,
            Action::Create(quote) => self.create(run.model, *quote).await,
        };
        row(run, entry, false)
    }

    /// Creates a task and waits for its end.
    async fn create(&self, model: ModelRef, quote: Option<Quote>) -> JournalEntry {
        let entry = |state: &str, error: Option<ErrorSummary>| JournalEntry {
            model: model.label().to_owned(),
            state: state.to_owned(),
            error,
            ..JournalEntry::default()
        };
        if model.spec.webhook == WebhookNeed::Result {
            let why = self.messages.needs_webhook(model.spec.id);
            return entry("skipped", Some(ErrorSummary::local("needs_webhook", why)));
        }
        let task = match needed_task(model) {
            None => None,
            Some(models) => match self.journal.finished_task(models) {
                Some(task) => Some(task),
                None => {
                    let or = format!(" {} ", self.messages.kind_or());
                    let of = if models.is_empty() { self.messages.another_model() } else { models.join(&or) };
                    let why = self.messages.needs_task(&of);
                    return entry("skipped", Some(ErrorSummary::local("needs_a_task", why)));
                }
            },
        };
        let request = match sample::request(model, self.samples, task.as_deref()) {
            Ok(request) => request,
            Err(report) => {
                let why = self.messages.example_fails(&format!("{report:?}"));
                return entry("not_submitted", Some(ErrorSummary::local("invalid_input", why)));
            }
        };
        let price = quote.map_or(Credits::ZERO, |quote| quote.credits);
        // One at a time: what it costs is known only at its end.
        let mut unpriced = match quote {
            None => Some(self.budget.unpriced.lock().await),
            Some(_) => None,
        };
        if unpriced.as_ref().is_some_and(|all_known| !**all_known || !self.budget.has_some()) {
            let why = self.messages.limit_not_sure();
            return entry("not_submitted", Some(ErrorSummary::local("over_budget", why)));
        }
        if !self.budget.reserve(price) {
            let why = self.messages.limit_used_up(&self.messages.amount(price));
            return entry("not_submitted", Some(ErrorSummary::local("over_budget", why)));
        }
        let mut attempts = self.client.create_attempts(&request);
        let mut permit = attempts.acquire().await;
        // On the disk before the request is sent: if the program is killed now, the next run asks the operator and does
        // not pay twice.
        if let Err(error) = self.journal.append(entry(SENDING, None)) {
            self.budget.charge(price, Credits::ZERO);
            let why = self.messages.it_cannot_be_written(&error.to_string());
            return entry("not_submitted", Some(ErrorSummary::local("journal", why)));
        }
        let started = Instant::now();
        let created = loop {
            match self.client.create_task_with(permit, &request, None).await {
                Err(error) if attempts.may_repeat(&error).await => permit = attempts.acquire().await,
                created => break created,
            }
        };
        let (outcome, key, run_seconds) = match created {
            Err(error) => (Outcome::from(error), None, None),
            Ok(created) => {
                let (id, key) = (created.id.0.clone(), created.key.0.clone());
                self.record(JournalEntry { task_id: Some(id), key: Some(key.clone()), ..entry(RUNNING, None) });
                let handle = self.client.follow(created, deadline(Some(model.spec)));
                let (outcome, run_seconds) = finish(handle).await;
                (outcome, Some(key), run_seconds)
            }
        };
        let seconds = run_seconds.unwrap_or_else(|| started.elapsed().as_secs_f64());
        let spent = if outcome.success() || outcome.money_at_risk() {
            outcome.output.credits.unwrap_or(price)
        } else {
            outcome.output.credits.unwrap_or(Credits::ZERO)
        };
        if let Some(all_known) = &mut unpriced {
            **all_known = outcome.output.credits.is_some() || !(outcome.success() || outcome.money_at_risk());
        }
        self.budget.charge(price, spent);
        self.record_end(model, &outcome, key, Some(seconds))
    }

    /// Waits for the task of an earlier run.
    async fn resume(&self, model: ModelRef, earlier: &JournalEntry) -> JournalEntry {
        let Some(id) = &earlier.task_id else { return earlier.clone() };
        let key = earlier.key.as_deref().map(KeyLabel::from);
        let handle = self.client.resume(TaskId::from(id.as_str()), key, deadline(Some(model.spec)));
        let (outcome, run_seconds) = finish(handle).await;
        self.record_end(model, &outcome, earlier.key.clone(), run_seconds)
    }

    /// The entry of an ended task, added to the journal.
    fn record_end(
        &self,
        model: ModelRef,
        outcome: &Outcome,
        key: Option<String>,
        seconds: Option<f64>,
    ) -> JournalEntry {
        let summary = Summary::of(outcome);
        let entry = JournalEntry {
            model: model.label().to_owned(),
            state: summary.state,
            task_id: summary.task_id,
            key,
            seconds: seconds.map(|s| (s * 10.0).round() / 10.0),
            credits: summary.credits,
            error: summary.error,
            ..JournalEntry::default()
        };
        self.record(entry.clone());
        entry
    }

    /// Adds to the journal what has already happened; an error is printed, because the run cannot undo it.
    fn record(&self, entry: JournalEntry) {
        let (model, task) = (entry.model.clone(), entry.task_id.clone().unwrap_or_default());
        if let Err(error) = self.journal.append(entry) {
            note(&self.messages.journal_fails(&error.to_string(), &model, &task));
        }
    }
}

/// Waits for the end of a task; returns its outcome and, where the vendor told it, its run time in seconds.
async fn finish(mut handle: TaskHandle) -> (Outcome, Option<f64>) {
    let mut seconds = None;
    while let Some(task) = handle.next().await {
        seconds = task.completed.zip(task.created).map(|(end, start)| end.since(start).as_secs_f64());
    }
    (handle.finish().await, seconds)
}

/// The models of whose tasks the registry's example needs one (empty: any model); `None` when it needs no task.
fn needed_task(model: ModelRef) -> Option<&'static [&'static str]> {
    let example = model.example();
    model.spec.fields.iter().find_map(|field| match &field.kind {
        Kind::Task(task) if example.contains_key(field.name) => Some(task.models),
        _ => None,
    })
}

/// The entry of a create request whose fate is not known: the operator has to decide.
fn undecided(entry: &JournalEntry, messages: &CliMessages) -> JournalEntry {
    let trouble = ErrorSummary {
        retryable: false,
        money_at_risk: true,
        ..ErrorSummary::local("unknown", messages.journal_doubt())
    };
    JournalEntry { state: "unknown".to_owned(), error: Some(entry.error.clone().unwrap_or(trouble)), ..entry.clone() }
}

fn row(run: &PlannedRun, entry: JournalEntry, earlier: bool) -> SummaryRow {
    SummaryRow {
        task: run.task.id,
        model: run.model.label(),
        state: entry.state,
        seconds: entry.seconds,
        credits: entry.credits,
        task_id: entry.task_id,
        earlier,
        error: entry.error,
        by_name: run.by_name,
    }
}
