//! The progress bar of a running task: its state, how long it has run, how long it usually takes.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tokio::task::JoinHandle;

use super::output::note;
use crate::client::TaskState;
use crate::l10n::CliMessages;
use crate::schema::spec::ModelSpec;

/// A progress bar on standard error; cleared when dropped.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    messages: &'static CliMessages,
    tick: JoinHandle<()>,
}

impl Progress {
    /// Starts it. `elapsed` is the time for which the task has already run.
    pub(super) fn start(
        spec: Option<&ModelSpec>,
        price: &str,
        elapsed: Duration,
        quiet: bool,
        messages: &'static CliMessages,
    ) -> Self {
        let usual = usual(spec);
        let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(usual) };
        let bar = bar.with_elapsed(elapsed);
        let colour = if std::env::var_os("NO_COLOR").is_some() { "" } else { ".green" };
        let line = format!("  {{msg:<12}} {{bar:30{colour}}}  {{elapsed}}   {{prefix}}");
        if let Ok(style) = ProgressStyle::with_template(&line) {
            bar.set_style(style.progress_chars("━━ "));
        }
        let typical = spec.map(|_| messages.progress_usual(usual));
        let prefix: Vec<String> = typical.into_iter().chain((!price.is_empty()).then(|| price.to_owned())).collect();
        bar.set_prefix(prefix.join("   "));
        bar.set_message(messages.progress_sending());
        let tick = tokio::spawn({
            let bar = bar.clone();
            async move {
                let mut every = tokio::time::interval(Duration::from_millis(200));
                loop {
                    every.tick().await;
                    bar.set_position(bar.elapsed().as_secs().min(usual));
                }
            }
        });
        Self { bar, messages, tick }
    }

    /// Prints a line above the bar.
    pub(super) fn print_line(&self, line: &str) {
        self.bar.suspend(|| note(line));
    }

    /// Shows a state.
    pub(super) fn show(&self, state: &TaskState) {
        self.bar.set_message(self.messages.task_state(state.as_str()));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.tick.abort();
        self.bar.finish_and_clear();
    }
}

/// How long a task of this model usually takes, in seconds: the registry's figure for its task type. The vendor's
/// `progress` field is never filled.
fn usual(spec: Option<&ModelSpec>) -> u64 {
    spec.map_or(30, |spec| spec.usual().as_secs())
}

/// How long a task of this model is waited for; after that it is reported as still running.
pub(super) fn deadline(spec: Option<&ModelSpec>) -> Duration {
    spec.map_or(Duration::from_secs(1800), ModelSpec::deadline)
}
