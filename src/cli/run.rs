//! `kie-bot run`.

use super::{CliError, Ending, settle};
use crate::app;

#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) async fn run(Args {}: Args) -> Result<Ending, CliError> {
    let config = settle(None)?;
    config.need_bot_token()?;
    config.need_kie_key()?;
    let stop = app::stop_on_signal();
    app::run(config, app::Tuning::default(), stop).await?;
    Ok(Ending::Done)
}
