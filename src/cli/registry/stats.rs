//! `kie-bot registry stats`.

use serde::Serialize;

use crate::cli::output::{note, print_json};
use crate::cli::table::Table;
use crate::cli::{CliError, ExitCode};
use crate::l10n::CliMessages;
use crate::models;
use crate::schema::spec::{ModelSpec, Status};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// The numbers of models. Its JSON form is stable.
#[derive(Serialize)]
struct Stats {
    /// Counts each model once.
    models: ModelCount,
    /// Counts by type: a model with several types counts under each of them.
    types: Vec<TypeCount>,
}

#[derive(Serialize)]
struct TypeCount {
    #[serde(rename = "type")]
    task: &'static str,
    #[serde(flatten)]
    count: ModelCount,
}

#[derive(Serialize)]
struct ModelCount {
    total: usize,
    live: usize,
    troubled: usize,
    retired: usize,
    removed: usize,
    suspect: usize,
}

impl ModelCount {
    fn of(fits: impl Fn(&ModelSpec) -> bool) -> Self {
        let specs: Vec<&ModelSpec> = models::all().iter().copied().filter(|spec| fits(spec)).collect();
        let with = |status: Status| specs.iter().filter(|spec| spec.status == status).count();
        Self {
            total: specs.len(),
            live: with(Status::Live),
            troubled: with(Status::Troubled),
            retired: with(Status::Retired),
            removed: with(Status::Removed),
            suspect: with(Status::Suspect),
        }
    }

    fn cells(&self) -> [usize; 6] {
        [self.live, self.troubled, self.retired, self.removed, self.suspect, self.total]
    }
}

pub(super) fn run(args: &Args, messages: &CliMessages) -> Result<ExitCode, CliError> {
    let of_type = |task: &'static str| ModelCount::of(|spec| spec.tasks.iter().any(|own| own.id == task));
    let types = models::tasks().iter().map(|task| TypeCount { task: task.id, count: of_type(task.id) }).collect();
    let stats = Stats { models: ModelCount::of(|_| true), types };
    if args.json {
        print_json(&stats)?;
    } else {
        print(&stats, messages);
    }
    Ok(ExitCode::Success)
}

fn print(stats: &Stats, messages: &CliMessages) {
    let states = [Status::Live, Status::Troubled, Status::Retired, Status::Removed, Status::Suspect];
    let states = states.map(|status| messages.status(status.as_str()).to_uppercase());
    let head: Vec<String> = [messages.head_type()].into_iter().chain(states).chain([messages.head_total()]).collect();
    let mut table = Table::new(&head);
    let all = messages.all_models();
    let rows = stats.types.iter().map(|row| (row.task, &row.count)).chain([(all.as_str(), &stats.models)]);
    for (name, count) in rows {
        let numbers = count.cells().map(|n| if n == 0 { "-".to_owned() } else { n.to_string() });
        table.add_row([name.to_owned()].into_iter().chain(numbers));
    }
    table.print();
    note(&messages.counted_under_each());
}
