//! `kie-bot registry import`.

use std::path::PathBuf;

use super::fetch;
use crate::cli::output::{note, say};
use crate::cli::{CliError, Ending};
use crate::clock::{Clock, SystemClock, Timestamp};
use crate::market::{EntryError, entry};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The vendor's id of the model.
    model: String,
    /// Read answers that `registry check --live --save` wrote, instead of asking the vendor.
    #[arg(long, value_name = "FILE")]
    offline: Option<PathBuf>,
}

pub(super) async fn run(args: Args) -> Result<Ending, CliError> {
    let model = args.model.trim();
    let answers = match &args.offline {
        Some(path) => fetch::saved(path)?,
        None => fetch::model(&fetch::client()?, model).await?,
    };
    let entry = entry::write(&answers, model, &date(SystemClock.now())).map_err(|error| match error {
        EntryError::Unknown(_) | EntryError::Id(_) => CliError::BadInput(error.to_string()),
        _ => CliError::Failed(error.to_string()),
    })?;
    say(entry.trim_end());
    note("Put it under `models:` in models/kie_models.yaml, then `cargo build` says what is missing.");
    Ok(Ending::Done)
}

/// The day of a moment, in UTC.
fn date(now: Timestamp) -> String {
    let days = now.millis().div_euclid(86_400_000);
    // Years begin in March here, so that the leap day is the last (civil calendar from a count of days).
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_dates() {
        let day = 86_400_000;
        for (ms, text) in [
            (0, "1970-01-01"),
            (day - 1, "1970-01-01"),
            (-1, "1969-12-31"),
            (11_016 * day, "2000-02-29"),
            (11_017 * day, "2000-03-01"),
            (20_779 * day, "2026-11-22"),
            (21_243 * day, "2028-02-29"),
        ] {
            assert_eq!(date(Timestamp::from_millis(ms)), text);
        }
    }
}
