//! Entries of the vendor's catalogue, and changes of them.

use serde::Deserialize;
use serde_json::{Value, json};

/// A model on the simulated vendor's list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// The model's id.
    pub model: String,
    /// The model's name.
    pub title: String,
    /// Who made the model.
    pub provider: String,
    /// The vendor's words for what it does, e.g. `text-to-image`.
    pub task_types: Vec<String>,
    /// The price as a text.
    pub pricing: Option<String>,
    /// Its schema; `None` when the vendor has none.
    pub openapi: Option<Value>,
}

/// A change of the catalogue, the body of `POST /sim/catalogue`.
#[derive(Debug, Deserialize)]
pub(super) struct ListingChange {
    model: String,
    /// Merged into the schema (RFC 7386: null removes a key). A model that is not listed is added.
    #[serde(default)]
    schema: Option<Value>,
    /// The new price as a text.
    #[serde(default)]
    pricing: Option<String>,
    /// Removes the model.
    #[serde(default)]
    gone: bool,
}

impl ListingChange {
    pub(super) fn apply(self, catalogue: &mut Vec<Listing>) {
        if self.gone {
            catalogue.retain(|listing| listing.model != self.model);
            return;
        }
        let at = catalogue.iter().position(|listing| listing.model == self.model).unwrap_or_else(|| {
            catalogue.push(Listing {
                model: self.model.clone(),
                title: self.model.clone(),
                provider: "Vendor".to_owned(),
                task_types: Vec::new(),
                pricing: None,
                openapi: None,
            });
            catalogue.len() - 1
        });
        let listing = &mut catalogue[at];
        listing.pricing = self.pricing.or_else(|| listing.pricing.take());
        if let Some(patch) = self.schema {
            let mut whole = listing.openapi.take().unwrap_or_default();
            merge(&mut whole, patch);
            listing.openapi = Some(whole);
        }
    }
}

fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let Value::Object(map) = target else { return };
    for (key, value) in patch {
        if value.is_null() {
            map.remove(&key);
        } else {
            merge(map.entry(key).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_applied() {
        let change = |change: Value| serde_json::from_value::<ListingChange>(change).unwrap();
        let mut list = Vec::new();
        change(json!({ "model": "a", "schema": { "x": { "y": 1 } }, "pricing": "5 credits" })).apply(&mut list);
        change(json!({ "model": "a", "schema": { "x": { "y": null, "z": 2 } } })).apply(&mut list);
        let [listing] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(listing.openapi, Some(json!({ "x": { "z": 2 } })));
        assert_eq!(listing.pricing.as_deref(), Some("5 credits"));
        change(json!({ "model": "a", "gone": true })).apply(&mut list);
        assert!(list.is_empty());
    }
}
