//! How well a model does at the vendor now, when there is a key to ask with.

use std::time::Duration;

use serde_json::{Value, json};

use crate::cli::load_config;
use crate::clock::{Clock, SystemClock};
use crate::schema::spec::ModelSpec;
use crate::service::Health;

/// How long the vendor is waited for. The rest of the page needs no network.
const LIMIT: Duration = Duration::from_secs(3);

/// The health of a model; `None` without a key, without data, and when the vendor does not answer in time.
pub(super) async fn read(spec: &ModelSpec) -> Option<Health> {
    if !spec.status.is_offered() {
        return None;
    }
    // The page itself needs no settings, so it is shown whatever they are.
    let config = load_config(Some("warn")).ok()?;
    let client = crate::app::client(&config).ok()?;
    let answer = tokio::select! {
        answer = client.success_rate(spec.id) => answer,
        () = SystemClock.sleep(LIMIT) => {
            tracing::debug!(model = spec.id, "the success rate did not come in time");
            return None;
        }
    };
    match answer {
        Ok(points) => Health::of(&points),
        Err(error) => {
            tracing::debug!(model = spec.id, %error, "the success rate could not be read");
            None
        }
    }
}

/// The JSON form of a health: null when it is unknown.
pub(super) fn json(health: Option<Health>) -> Value {
    health.map_or(Value::Null, |health| json!({ "success_percent": health.percent(), "poor": health.is_poor() }))
}
