//! `kie-bot run`.

use super::{CliError, ExitCode, load_config};
use crate::app;

#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) async fn run(Args {}: Args) -> Result<ExitCode, CliError> {
    let config = load_config(None)?;
    config.need_bot_token()?;
    config.need_kie_key()?;
    let stop = app::stop_on_signal();
    app::run(config, app::Tuning::default(), stop).await?;
    Ok(ExitCode::Success)
}
