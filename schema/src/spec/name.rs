//! Names of models, and what a name says besides.

use serde_json::{Map, Value};

use super::ModelSpec;

/// Another name of a model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AliasSpec {
    /// The name.
    pub name: &'static str,
    /// Values of fields that a caller under this name does not give.
    pub presets: &'static [Preset],
}

/// A value that a name stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Preset {
    /// The field's name, as on the wire.
    pub field: &'static str,
    /// JSON text; the build proves that the field takes it.
    pub value: &'static str,
}

impl Preset {
    /// The value.
    pub fn json(&self) -> Value {
        serde_json::from_str(self.value).unwrap_or_default()
    }
}

/// A model as a caller named it. Whatever checks an input takes this and not the model alone, so that the values of the name
/// are not lost on the way.
#[derive(Debug, Clone, Copy)]
pub struct ModelRef {
    /// The name: the model's id, or an alias.
    pub name: &'static str,
    /// The model.
    pub spec: &'static ModelSpec,
    /// What the name says besides; an id says nothing.
    pub presets: &'static [Preset],
}

impl From<&'static ModelSpec> for ModelRef {
    /// The model under its id.
    fn from(spec: &'static ModelSpec) -> Self {
        Self { name: spec.id, spec, presets: &[] }
    }
}

impl ModelRef {
    /// The value that the name sets in a field.
    pub fn preset(self, field: &str) -> Option<&'static Preset> {
        self.presets.iter().find(|preset| preset.field == field)
    }

    /// The id; under an alias with values the alias, because it asks for something else than the id does.
    pub fn label(self) -> &'static str {
        if self.presets.is_empty() { self.spec.id } else { self.name }
    }

    /// Puts the preset values into answers that are shown before they are checked.
    pub fn complete(self, answers: &mut Map<String, Value>) {
        for preset in self.presets {
            let field = self.spec.fields.iter().find(|field| field.name == preset.field);
            let is_it = |name: &str| field.is_some_and(|field| field.is_called(name));
            if !answers.iter().any(|(name, value)| is_it(name) && !value.is_null()) {
                answers.insert(preset.field.to_owned(), preset.json());
            }
        }
    }

    /// The registry's example with the preset values: a valid input, which the build proves as well.
    pub fn example(self) -> Map<String, Value> {
        let mut example: Map<String, Value> = serde_json::from_str(self.spec.example).unwrap_or_default();
        example.extend(self.presets.iter().map(|preset| (preset.field.to_owned(), preset.json())));
        example
    }
}
