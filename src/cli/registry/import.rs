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

pub(super) async fn run(args: Args, phrases: &CliMessages) -> Result<ExitCode, CliError> {
    let model = args.model.trim();
    let answers = match &args.offline {
        Some(path) => fetch::saved(path, phrases)?,
        None => fetch::model(&fetch::client()?, model, phrases).await?,
    };
    let entry = entry::write(&answers, model, &SystemClock.now().date()).map_err(|error| match error {
        EntryError::Unknown(model) => CliError::BadInput(phrases.entry_unknown(&model)),
        EntryError::Id(model) => CliError::BadInput(phrases.entry_id(&model)),
        EntryError::SchemaMissing(model) => CliError::Failed(phrases.entry_no_schema(&model)),
        EntryError::Elsewhere { model, route } => CliError::Failed(phrases.entry_elsewhere(&model, &route)),
        EntryError::Unclear { model, why } => CliError::Failed(phrases.entry_unclear(&model, why)),
    })?;
    print_line(entry.trim_end());
    note(&phrases.import_hint());
    Ok(ExitCode::Success)
}
