//! `kie-bot registry import`.

use std::path::PathBuf;

use super::fetch;
use crate::cli::output::{note, print_line};
use crate::cli::{CliError, ExitCode};
use crate::clock::{Clock, SystemClock};
use crate::l10n::CliMessages;
use crate::market::{EntryError, entry};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The vendor's id of the model.
    model: String,
    /// Read answers that `registry check --live --save` wrote, instead of asking the vendor.
    #[arg(long, value_name = "FILE")]
    offline: Option<PathBuf>,
}

pub(super) async fn run(args: Args, messages: &CliMessages) -> Result<ExitCode, CliError> {
    let model = args.model.trim();
    let answers = match &args.offline {
        Some(path) => fetch::saved(path, messages)?,
        None => fetch::model(&fetch::client()?, model, messages).await?,
    };
    let entry = entry::write(&answers, model, &SystemClock.now().date()).map_err(|error| match error {
        EntryError::Unknown(model) => CliError::BadInput(messages.entry_unknown(&model)),
        EntryError::Id(model) => CliError::BadInput(messages.entry_id(&model)),
        EntryError::SchemaMissing(model) => CliError::Failed(messages.entry_no_schema(&model)),
        EntryError::Elsewhere { model, route } => CliError::Failed(messages.entry_elsewhere(&model, &route)),
        EntryError::Unclear { model, why } => CliError::Failed(messages.entry_unclear(&model, why)),
    })?;
    print_line(entry.trim_end());
    note(&messages.import_hint());
    Ok(ExitCode::Success)
}
