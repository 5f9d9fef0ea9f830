//! The vendor's catalogue of models: list, schemas, prices as text, and success rates (vendor's agent guide, September
//! 2026; not recorded). Four routes share one budget: one request in 1.1 s. Everything but a model's id is optional.

use std::sync::Arc;

use serde_json::Value;

use crate::client::Client;
use crate::client::credit::READ_ATTEMPTS;
use crate::client::envelope::{number, text};
use crate::client::error::Error;
use crate::client::key::Key;
use crate::client::queue::Purpose;

/// A filter for the list; an empty one matches all models.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// The model has any of these task types.
    pub task_types: Vec<String>,
    /// The provider is this one.
    pub provider: Option<String>,
    /// The name contains these words.
    pub text: Option<String>,
}

/// A model as the vendor lists it.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The model's id.
    pub model: String,
    /// Its page on the vendor's site.
    pub slug: Option<String>,
    /// The model's name.
    pub title: Option<String>,
    /// Who made the model.
    pub provider: Option<String>,
    /// The vendor's words for what it does.
    pub task_types: Vec<String>,
    /// The vendor's description.
    pub description: Option<String>,
    /// The price as a text.
    pub pricing: Option<String>,
    /// The entry as received.
    pub raw: Value,
}

/// A model's schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// OpenAPI 3.1 with local `$ref`s (their keys may be percent-encoded or end in a space); `None` when the vendor has
    /// none.
    pub openapi: Option<Value>,
}

impl Schema {
    /// The route of the model. `/api/v1/jobs/createTask` creates a task; any other route answers with the result.
    pub fn route(&self) -> Option<&str> {
        self.openapi.as_ref()?.get("paths")?.as_object()?.keys().next().map(String::as_str)
    }
}

/// The success rate of a model in a period of ten minutes.
#[derive(Debug, Clone, PartialEq)]
pub struct RatePoint {
    /// Start of the period, as the vendor writes it.
    pub start: Option<String>,
    /// End of the period.
    pub end: Option<String>,
    /// The rate of successful tasks; `None` without tasks.
    pub success: Option<f64>,
    /// The rate of failed tasks.
    pub error: Option<f64>,
    /// Whether the vendor calls the rate normal.
    pub normal: Option<bool>,
}

impl Client {
    /// The models that match (`GET /api/v1/models`). Entries without an id are left out.
    ///
    /// # Errors
    /// Any [`Error`], after retries of temporary ones.
    pub async fn models(&self, query: &Query) -> Result<Vec<Listed>, Error> {
        let types = query.task_types.join(",");
        let pairs = [("taskType", Some(&types)), ("provider", query.provider.as_ref()), ("q", query.text.as_ref())];
        let given = pairs.iter().filter_map(|(name, value)| {
            let value = value.filter(|value| !value.is_empty())?;
            Some(format!("{name}={}", encode(value, b",")))
        });
        let mut path = "/api/v1/models".to_owned();
        for (n, pair) in given.enumerate() {
            path += if n == 0 { "?" } else { "&" };
            path += &pair;
        }
        let data = self.read_catalogue(&path, "models").await?;
        let models = data.get("models").unwrap_or(&data);
        let models = models.as_array().ok_or(Error::Reply("the catalogue is no list"))?;
        Ok(models.iter().filter_map(listed).collect())
    }

    /// A model's schema (`GET /api/v1/models/{model}/schema`).
    ///
    /// # Errors
    /// [`Error::Model`] for a text that cannot be an id, without a request; [`Error::is_not_found`] for an unknown
    /// model.
    pub async fn schema(&self, model: &str) -> Result<Schema, Error> {
        let data = self.read_catalogue(&path_of(model, "schema")?, "schema").await?;
        Ok(Schema { openapi: data.get("openapi").filter(|value| value.is_object()).cloned() })
    }

    /// A model's price as a text, such as `160 credits (0.80 USD)` (`GET /api/v1/models/{model}/price`); `None` when
    /// the vendor states none.
    ///
    /// # Errors
    /// As [`Client::schema`].
    pub async fn price(&self, model: &str) -> Result<Option<String>, Error> {
        let data = self.read_catalogue(&path_of(model, "price")?, "price").await?;
        Ok(data.get("pricingDesc").and_then(text))
    }

    /// The success rates of a model in the last 24 hours, in periods of ten minutes
    /// (`GET /api/v1/models/{model}/success-rate`). Empty without data.
    ///
    /// # Errors
    /// As [`Client::schema`].
    pub async fn success_rate(&self, model: &str) -> Result<Vec<RatePoint>, Error> {
        let data = self.read_catalogue(&path_of(model, "success-rate")?, "success-rate").await?;
        let points = data.get("points").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        Ok(points.iter().filter(|point| point.is_object()).map(rate_point).collect())
    }

    async fn read_catalogue(&self, path: &str, route: &'static str) -> Result<Value, Error> {
        let read = |key: Arc<Key>| async move {
            self.acquire(Purpose::Catalogue, &key, 0).await;
            match self.call_limited(Purpose::Catalogue, &key, self.get(&key, path), route).await? {
                Value::Null => Err(Error::NotFound),
                data => Ok(data),
            }
        };
        self.repeat(READ_ATTEMPTS, Error::is_retryable, || self.with_failover(read)).await
    }
}

fn listed(entry: &Value) -> Option<Listed> {
    let field = |key: &str| entry.get(key).and_then(text);
    let task_types = match entry.get("taskType") {
        Some(Value::Array(types)) => types.iter().filter_map(text).collect(),
        Some(one) => text(one).into_iter().collect(),
        None => Vec::new(),
    };
    Some(Listed {
        model: field("model")?,
        slug: field("slug"),
        title: field("title"),
        provider: field("provider"),
        task_types,
        description: field("description"),
        pricing: field("pricingDesc"),
        raw: entry.clone(),
    })
}

fn rate_point(point: &Value) -> RatePoint {
    let field = |key: &str| point.get(key);
    RatePoint {
        start: field("start").and_then(text),
        end: field("end").and_then(text),
        success: field("successRate").and_then(number),
        error: field("errorRate").and_then(number),
        normal: field("isNormal").and_then(Value::as_bool),
    }
}

/// The path of a model's route. The slash of an id is not encoded: the vendor does not find an encoded one.
fn path_of(model: &str, page: &str) -> Result<String, Error> {
    let model = model.trim();
    if model.is_empty() || model.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(Error::Model);
    }
    Ok(format!("/api/v1/models/{}/{page}", encode(model, b"/")))
}

/// Percent-encodes everything but unreserved characters and `also`.
fn encode(words: &str, also: &[u8]) -> String {
    let mut encoded = String::with_capacity(words.len());
    for byte in words.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || also.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded += &format!("%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_keep_the_slash_and_nothing_else() {
        assert_eq!(path_of("acme/draw-1", "price").unwrap(), "/api/v1/models/acme/draw-1/price");
        assert_eq!(path_of(" draw-1 ", "schema").unwrap(), "/api/v1/models/draw-1/schema");
        assert_eq!(path_of("a b?c#d%/é", "price").unwrap(), "/api/v1/models/a%20b%3Fc%23d%25/%C3%A9/price");
        for wrong in ["", "  ", "/draw", "acme/", "acme//draw", "..", "acme/../../jobs", "./a"] {
            assert_eq!(path_of(wrong, "price"), Err(Error::Model), "{wrong}");
        }
    }

    #[test]
    fn only_the_id_is_needed() {
        let bare = listed(&json!({"model": "acme/draw-1"})).unwrap();
        assert_eq!((bare.model.as_str(), bare.title, bare.task_types), ("acme/draw-1", None, vec![]));
        let one = listed(&json!({"model": "m", "taskType": "text-to-image", "description": null, "more": 1})).unwrap();
        assert_eq!(
            (one.task_types, one.description, &one.raw["more"]),
            (vec!["text-to-image".to_owned()], None, &json!(1))
        );
        for none in [json!(null), json!({}), json!({"model": ""}), json!("m"), json!([])] {
            assert_eq!(listed(&none), None);
        }
    }

    #[test]
    fn the_route_is_in_the_schema() {
        let route = |openapi: Value| Schema { openapi: Some(openapi) }.route().map(str::to_owned);
        let task = "/api/v1/jobs/createTask";
        assert_eq!(route(json!({"paths": {task: {}}})).as_deref(), Some(task));
        for none in [json!({}), json!({"paths": []}), json!({"paths": {}}), json!(5)] {
            assert_eq!(route(none), None);
        }
        assert_eq!(Schema { openapi: None }.route(), None);
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let keys = ["model", "taskType", "start", "successRate", "isNormal", "paths", "pricingDesc"];
        let leaf = prop::sample::select(vec![json!(null), json!("x"), json!(1.5), json!(true), json!("")]);
        leaf.prop_recursive(3, 20, 4, move |inner| {
            let object = prop::collection::vec((prop::sample::select(keys.to_vec()), inner.clone()), 0..5);
            let object = object.prop_map(|fields| fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect());
            prop_oneof![prop::collection::vec(inner, 0..4).prop_map(Value::from), object.prop_map(Value::Object)]
        })
    }

    proptest! {
        #[test]
        fn no_json_breaks_the_readers(value in any_json()) {
            if let Some(model) = listed(&value) {
                prop_assert!(!model.model.is_empty());
            }
            rate_point(&value);
            let _ = Schema { openapi: Some(value) }.route();
        }

        #[test]
        fn no_model_leaves_its_path(model in ".*") {
            if let Ok(path) = path_of(&model, "price") {
                let url = url::Url::parse(&format!("http://h{path}")).unwrap();
                prop_assert!(url.path().starts_with("/api/v1/models/") && url.path().ends_with("/price"));
                prop_assert_eq!((url.query(), url.fragment()), (None, None));
            }
        }
    }
}
