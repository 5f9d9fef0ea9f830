//! `kie-bot sanity`: tests models end to end against the configured endpoint, each paid for once.
//!
//! A run keeps a journal (JSON Lines). It writes an entry before a create request is sent, when its task has an id, and
//! when the task has ended. The next run reads it first: a model that succeeded is not tested again, a task that was
//! still running is waited for, and a create request without an answer is never repeated without the operator.

mod budget;
mod journal;
mod plan;
mod report;
mod runner;
mod sample;
mod select;

use std::io::IsTerminal;
use std::path::PathBuf;

use futures::StreamExt;

use super::input::credits_arg;
use super::output::note;
use super::{CliError, ExitCode, example, load_config};
use crate::l10n::{CliMessages, Lang};
use crate::ledger::Credits;
use budget::SpendingLimit;
use journal::Journal;
use plan::{Plan, PlannedRun};
use report::SummaryRow;
use runner::Runner;

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
pub(super) struct Args {
    /// This model; several times for several.
    #[arg(long = "model", value_name = "MODEL")]
    models: Vec<String>,
    /// One model of this type; several times for several. Without --model and --type, one model of each type.
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
    /// Every model (of the types given with --type).
    #[arg(long)]
    all: bool,
    /// Spend credits, whatever the endpoint is. Without it the plan and its price are shown.
    #[arg(long)]
    live: bool,
    /// Refuse to start (exit code 2) when the whole may cost more, and stop sending before more is spent; needed with
    /// --live.
    #[arg(long, value_name = "N", value_parser = credits_arg)]
    max_credits: Option<Credits>,
    /// Try models whose price is not known as well, one at a time and only while something of --max-credits is left:
    /// what they really cost counts against it.
    #[arg(long)]
    allow_unknown_price: bool,
    /// Tasks at the same time; creates keep within the vendor's limits in any case.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=64))]
    parallel: u8,
    /// The journal of this and earlier runs.
    #[arg(long, value_name = "FILE", default_value = ".kie-bot-sanity.jsonl")]
    state: PathBuf,
    /// Send everything anew, and pay for it: also what has succeeded, still runs, or may have been accepted.
    #[arg(long)]
    fresh: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

fn examples() -> Vec<String> {
    vec![
        "sanity".into(),
        format!("sanity --type {} --live --max-credits 20", example::TextModel::find().task),
        "sanity --all --live --max-credits 5000 --json".into(),
    ]
}

pub(super) async fn run(args: Args, lang: Lang) -> Result<ExitCode, CliError> {
    let messages = CliMessages::of(lang);
    let selected = select::models(&args.models, &args.types, args.all, args.allow_unknown_price, messages)?;
    let config = load_config(Some("warn"))?;
    let endpoint = config.kie_url.as_str().to_owned();
    let live = args.live;
    let most = match args.max_credits {
        None if live => {
            return Err(CliError::BadInput(messages.live_needs_limit()));
        }
        most => most,
    };
    let journal = if live {
        Journal::open(&args.state, &endpoint, messages)?
    } else {
        Journal::read(&args.state, &endpoint, messages)?
    };
    let plan = Plan::new(&selected, &journal, args.fresh);
    if !live {
        return plan.print(args.json, messages);
    }
    if let Some(most) = most {
        plan.check_budget(most, args.allow_unknown_price, messages)?;
    }
    let client = crate::app::client(&config)?;
    let budget = SpendingLimit::new(most);
    let verbose = !args.json && std::io::stderr().is_terminal();
    let stop = crate::app::stop_on_signal();
    let work = async {
        let samples = sample::upload(&client, plan.created(), messages).await?;
        let runner = Runner {
            client: &client,
            journal: &journal,
            budget: &budget,
            samples: &samples,
            verbose,
            // With `--json` the errors are in the rows.
            messages: CliMessages::unless_json(lang, args.json),
        };
        let mut rows: Vec<(usize, SummaryRow)> = Vec::new();
        // Models that need a finished task of another model come second: by then there may be one.
        for needs_task in [false, true] {
            let round: Vec<(usize, &PlannedRun)> =
                plan.runs.iter().enumerate().filter(|(_, run)| run.needs_earlier_task() == needs_task).collect();
            let finished = futures::stream::iter(round).map(|(n, run)| {
                let runner = &runner;
                async move { (n, runner.run(run).await) }
            });
            rows.extend(finished.buffer_unordered(usize::from(args.parallel)).collect::<Vec<_>>().await);
        }
        rows.sort_by_key(|(n, _)| *n);
        let rows: Vec<SummaryRow> = rows.into_iter().map(|(_, row)| row).collect();
        report::print(&rows, args.json, messages)
    };
    tokio::select! {
        result = work => result,
        () = stop.cancelled() => {
            note(&messages.sanity_interrupted(&args.state.display().to_string()));
            Ok(ExitCode::Interrupted)
        }
    }
}
