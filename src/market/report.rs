//! The result of a comparison.

use serde::Serialize;
use serde_json::Value;

use super::answer::ModelError;
use super::drift::{Change, Drift};

/// The result of a comparison. Its JSON form is stable.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct DriftReport {
    /// The differences: models in the registry's order, then new ones in the vendor's order.
    pub drift: Vec<Drift>,
    /// Listed models without a schema: their fields could not be compared.
    pub schema_missing: Vec<String>,
    /// Models whose answers could not be read.
    pub unread: Vec<ModelError>,
    /// The number of models whose fields were compared.
    pub compared: usize,
    /// Limits and lists of values of the registry that the vendor's schema does not state. These are differences only
    /// if the vendor stated them before ([`DriftReport::add_newly_unstated`]).
    pub unstated: Vec<Drift>,
    /// The number of models whose prices were compared.
    pub prices_compared: usize,
    /// Models whose prices could not be compared.
    pub prices_unclear: Vec<ModelError>,
}

impl DriftReport {
    /// Adds a difference.
    pub(super) fn add(&mut self, model: &str, change: Change) {
        let drift = Drift { model: model.to_owned(), change };
        if matches!(drift.change, Change::LimitRemoved { .. }) { &mut self.unstated } else { &mut self.drift }
            .push(drift);
    }

    /// Adds as differences the limits that the vendor stated in an earlier report, given as JSON, and no longer states.
    pub fn add_newly_unstated(&mut self, earlier: &Value) {
        let Some(before) = earlier.get("unstated").and_then(Value::as_array) else { return };
        let is_new = |drift: &Drift| serde_json::to_value(drift).is_ok_and(|drift| !before.contains(&drift));
        let new: Vec<Drift> = self.unstated.iter().filter(|drift| is_new(drift)).cloned().collect();
        self.drift.extend(new);
    }
}
