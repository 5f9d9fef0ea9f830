//! A machine's clock that was set back, as after a power cut where nothing keeps the time: what was due soon would wait until
//! the clock has caught up.

use sqlx::SqliteConnection;

use crate::clock::{Clock, SystemClock};
use crate::store::statement::NEWEST_TIME;

/// A smaller difference, in milliseconds, may be a lease or the clock's correction while the program ran.
const NEGLIGIBLE: i64 = 60_000;

/// How many milliseconds the database's times are ahead of this process's clock: 0, unless the clock was set back.
pub(super) async fn measure(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    let newest: Option<i64> = sqlx::query_scalar(NEWEST_TIME).fetch_one(connection).await?;
    let ahead = newest.map_or(0, |newest| newest.saturating_sub(SystemClock.now().millis()));
    if ahead < NEGLIGIBLE {
        return Ok(0);
    }
    tracing::warn!(
        behind_s = ahead / 1000,
        "the clock of this machine is behind what the database says: it was set back; jobs go on all the same"
    );
    Ok(ahead)
}
