//! What a difference between the registry and the vendor is.

use serde::Serialize;
use serde_json::Value;

use super::feed::FeedAmount;
use super::shape::Type;

/// One difference of one model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drift {
    /// The vendor's id.
    pub model: String,
    /// What differs.
    #[serde(flatten)]
    pub change: Change,
}

/// What differs. Fields inside lists are written `shots[].duration`; `ours` is the registry, `theirs` the vendor.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// The model is live in the registry but not listed by the vendor.
    ModelGone,
    /// The model is listed but not in the registry.
    ModelNew {
        /// The model's name.
        title: Option<String>,
        /// The vendor's words for what it does.
        task_types: Vec<String>,
    },
    /// The model is listed but not live in the registry.
    ModelBack {
        /// The status in the registry.
        ours: &'static str,
    },
    /// The model no longer has tasks.
    RouteChanged {
        /// The route.
        theirs: String,
    },
    /// The vendor has a field that the registry does not have.
    FieldAdded {
        /// Its name.
        field: String,
        /// Whether it is required.
        required: bool,
    },
    /// The registry has a field that the vendor's schema does not have.
    FieldRemoved {
        /// Its name.
        field: String,
    },
    /// The field is required by only one of them.
    RequiredChanged {
        /// Its name.
        field: String,
        /// Whether the registry requires it.
        ours: bool,
        /// Whether the vendor does.
        theirs: bool,
    },
    /// The vendor does not accept the type that is sent.
    TypeChanged {
        /// Its name.
        field: String,
        /// The types that are sent.
        ours: Vec<Type>,
        /// The types that are accepted.
        theirs: Vec<Type>,
    },
    /// The lists of values differ.
    EnumChanged {
        /// Its name.
        field: String,
        /// Values that only the vendor has.
        added: Vec<Value>,
        /// Values that only the registry has.
        removed: Vec<Value>,
    },
    /// A limit differs.
    LimitChanged {
        /// Its name.
        field: String,
        /// `min_length`, `max_length`, `min`, `max`, `step`, `min_items` or `max_items`.
        limit: &'static str,
        /// The registry's; null without one.
        ours: Option<f64>,
        /// The vendor's.
        theirs: f64,
    },
    /// The vendor does not state a limit of the registry, or lists no values.
    LimitRemoved {
        /// Its name.
        field: String,
        /// As in [`Change::LimitChanged`], or `enum`.
        limit: &'static str,
    },
    /// The defaults differ.
    DefaultChanged {
        /// Its name.
        field: String,
        /// The registry's; null without one.
        ours: Option<Value>,
        /// The vendor's.
        theirs: Value,
    },
    /// The vendor names an amount that the registry does not know.
    PriceChanged {
        /// Amounts of credits that the registry knows; empty when it knows no price.
        ours: Vec<f64>,
        /// The vendor's text.
        theirs: String,
    },
    /// The vendor's price feed has an amount that the registry does not know.
    FeedPriceChanged {
        /// As in [`Change::PriceChanged`].
        ours: Vec<f64>,
        /// The rows of the feed that the registry does not know.
        theirs: Vec<FeedAmount>,
    },
}

impl Change {
    /// A stable phrase for tables.
    pub const fn phrase(&self) -> &'static str {
        match self {
            Self::ModelGone => "model gone",
            Self::ModelNew { .. } => "model new",
            Self::ModelBack { .. } => "model back",
            Self::RouteChanged { .. } => "route changed",
            Self::FieldAdded { .. } => "field added",
            Self::FieldRemoved { .. } => "field removed",
            Self::RequiredChanged { .. } => "required changed",
            Self::TypeChanged { .. } => "type changed",
            Self::EnumChanged { .. } => "enum changed",
            Self::LimitChanged { .. } => "limit changed",
            Self::LimitRemoved { .. } => "limit removed",
            Self::DefaultChanged { .. } => "default changed",
            Self::PriceChanged { .. } => "price changed",
            Self::FeedPriceChanged { .. } => "feed price changed",
        }
    }

    /// The field, if the change is about one.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::ModelGone
            | Self::ModelNew { .. }
            | Self::ModelBack { .. }
            | Self::RouteChanged { .. }
            | Self::PriceChanged { .. }
            | Self::FeedPriceChanged { .. } => None,
            Self::FieldAdded { field, .. }
            | Self::FieldRemoved { field }
            | Self::RequiredChanged { field, .. }
            | Self::TypeChanged { field, .. }
            | Self::EnumChanged { field, .. }
            | Self::LimitChanged { field, .. }
            | Self::LimitRemoved { field, .. }
            | Self::DefaultChanged { field, .. } => Some(field),
        }
    }
}
