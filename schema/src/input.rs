//! A model's input on its way from typed fields to the wire.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use serde::de::{DeserializeOwned, DeserializeSeed};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::file::Files;
use super::price::PriceError;
use super::quote::Quote;
use super::record::{Object, Record};
use super::report::{Report, Violation};
use super::spec::ModelSpec;
use super::value_ref::{ObjectRef, ValueRef, to_map};
use super::{advice, price, rule};

/// The typed input of one model: its limits are in the types of its fields.
pub trait ModelInput: Record + Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// What the registry says of the model.
    fn spec() -> &'static ModelSpec;
}

/// An input that also keeps the rules across fields; the only kind that can be submitted or priced.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked<T>(T);

impl<T: ModelInput> Checked<T> {
    /// Checks the rules across fields. Generated inputs offer this as `check()`.
    ///
    /// # Errors
    /// Every rule that is broken.
    pub fn new(input: T) -> Result<Self, Report> {
        let report = rule::check(T::spec(), &input, &Files::new(), &[]);
        if report.is_valid() { Ok(Self(input)) } else { Err(report) }
    }

    /// What a run costs.
    ///
    /// # Errors
    /// Why the price is not known.
    pub fn price(&self, files: &Files) -> Result<Quote, PriceError> {
        price::quote(T::spec(), &self.0, files)
    }

    /// Advice: what has no effect, or will soon be refused.
    pub fn warnings(&self) -> Vec<Violation> {
        let mut warnings = rule::check(T::spec(), &self.0, &Files::new(), &[]).warnings;
        warnings.extend(advice::of(T::spec(), &self.0));
        warnings
    }

    /// The input, free to be changed (and then to be checked again).
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Checked<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Serialize> Serialize for Checked<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// A typed input whose type is no longer known.
pub type Typed = Arc<dyn ObjectRef + Send + Sync>;

/// JSON text that is being read.
pub type Json<'de> = serde_json::Deserializer<serde_json::de::StrRead<'de>>;

/// Reads JSON text straight into the typed input of one model; none when anything does not fit. What that is,
/// [`crate::form`] finds out.
pub type Reader = fn(&mut Json<'_>) -> Option<Typed>;

/// The [`Reader`] of a model.
pub fn read<T: ModelInput>(json: &mut Json<'_>) -> Option<Typed> {
    let input: T = Object::default().deserialize(json).ok()?;
    Some(Arc::new(input))
}

/// A checked input of any model, ready for the wire.
///
/// There are two ways to one: from a [`Checked`] input, and from untyped answers through [`crate::form::check`].
#[derive(Clone)]
pub struct Request {
    spec: &'static ModelSpec,
    body: Arc<dyn ObjectRef + Send + Sync>,
    wire: OnceLock<Map<String, Value>>,
}

impl Request {
    /// A body that has passed every check.
    pub(crate) fn checked(spec: &'static ModelSpec, body: Arc<dyn ObjectRef + Send + Sync>) -> Self {
        Self { spec, body, wire: OnceLock::new() }
    }

    /// The model.
    pub fn spec(&self) -> &'static ModelSpec {
        self.spec
    }

    /// The input as it goes on the wire, in the vendor's order.
    pub fn input(&self) -> &Map<String, Value> {
        self.wire.get_or_init(|| to_map(&*self.body))
    }

    /// What a run costs.
    ///
    /// # Errors
    /// Why the price is not known.
    pub fn price(&self, files: &Files) -> Result<Quote, PriceError> {
        price::quote(self.spec, &*self.body, files)
    }

    /// What a run costs on a day, `YYYY-MM-DD`: for showing prices, see [`price::quote_on`].
    ///
    /// # Errors
    /// Why the price is not known.
    pub fn price_on(&self, files: &Files, day: &str) -> Result<Quote, PriceError> {
        price::quote_on(self.spec, &*self.body, files, day)
    }
}

impl<T: ModelInput> From<&Checked<T>> for Request {
    fn from(input: &Checked<T>) -> Self {
        Self::checked(T::spec(), Arc::new(input.0.clone()))
    }
}

impl<T: ModelInput> From<Checked<T>> for Request {
    fn from(input: Checked<T>) -> Self {
        Self::checked(T::spec(), Arc::new(input.0))
    }
}

impl PartialEq for Request {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.spec, other.spec) && self.input() == other.input()
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("model", &self.spec.id).field("input", &ValueRef::Object(&*self.body)).finish()
    }
}

/// Writes the input alone, without the model.
impl Serialize for Request {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ValueRef::Object(&*self.body).serialize(serializer)
    }
}
