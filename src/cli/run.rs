//! `kie-bot run`.

use super::{CliError, ExitCode, example, load_config};
use crate::app;

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
pub(super) struct Args {}

fn examples() -> Vec<String> {
    vec!["run".into()]
}

pub(super) async fn run(Args {}: Args) -> Result<ExitCode, CliError> {
    let config = load_config(None)?;
    config.need_bot_token()?;
    config.need_kie_key()?;
    let stop = app::stop_on_signal();
    app::run(config, app::Tuning::default(), stop).await?;
    Ok(ExitCode::Success)
}
