//! Every model of the registry: its typed input, and what the registry says of it.
//!
//! The types are generated from `models/kie_models.yaml`. Inputs break no limit of a field, because such a value cannot be
//! made; `check()` adds the rules across fields:
//!
//! ```
//! use kie::models::{ZImage, z_image::AspectRatio};
//!
//! let input = ZImage::new("A red fox in the snow".parse()?).aspect_ratio(AspectRatio::R16x9).check()?;
//! assert_eq!(serde_json::to_value(&input)?["aspect_ratio"], "16:9");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::schema as s;
use crate::schema::input::Reader;
use crate::schema::spec::{ModelRef, ModelSpec, TaskSpec};

include!(concat!(env!("OUT_DIR"), "/models.rs"));

/// The least likeness of two names, from 0 to 1, that is worth a suggestion.
const ALIKE: f64 = 0.4;

static BY_NAME: LazyLock<HashMap<&'static str, ModelRef>> = LazyLock::new(|| {
    let aliases = MODELS.iter().flat_map(|&spec| {
        spec.aliases.iter().map(move |alias| ModelRef { name: alias.name, spec, presets: alias.presets })
    });
    // Ids come last: an id always finds its own model.
    aliases.chain(MODELS.iter().copied().map(ModelRef::from)).map(|named| (named.name, named)).collect()
});

static READER: LazyLock<HashMap<&'static str, Reader>> =
    LazyLock::new(|| MODELS.iter().map(|spec| spec.id).zip(READERS.iter().copied()).collect());

/// Reads JSON text straight into the model's typed input; a model that is not the registry's has no typed input.
pub fn reader(spec: &ModelSpec) -> Reader {
    READER.get(spec.id).copied().unwrap_or(|_| None)
}

/// All models, in the registry's order, those that are not live included.
pub fn all() -> &'static [&'static ModelSpec] {
    MODELS
}

/// All task types, in the registry's order.
pub fn tasks() -> &'static [&'static TaskSpec] {
    TASKS
}

/// The model with this id or alias. An alias may stand for values as well: check the input of the caller who gave the name with
/// what comes back, and they are there.
///
/// ```
/// use kie::form::{Origin, check};
/// use kie::schema::Files;
///
/// let named = kie::models::find("google/veo-3").ok_or("no such model")?;
/// assert_eq!(named.spec.id, "veo-3-1");
/// let mut answers = serde_json::Map::from_iter([("prompt".to_owned(), "A red fox runs".into())]);
/// assert_eq!(check(named, &answers, &Files::new(), Origin::Json)?.request.input()["model"], "veo3");
/// // What the caller gives wins.
/// answers.insert("model".to_owned(), "veo3_lite".into());
/// assert_eq!(check(named, &answers, &Files::new(), Origin::Json)?.request.input()["model"], "veo3_lite");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn find(name: &str) -> Option<ModelRef> {
    BY_NAME.get(name).copied()
}

/// The id of the model whose id or alias is most like this name, or that alias when it stands for values as well; `None` when
/// nothing is.
pub fn nearest(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let scored =
        BY_NAME.iter().map(|(known, named)| (strsim::normalized_damerau_levenshtein(known, &name), named.label()));
    let best = scored.filter(|(score, _)| *score >= ALIKE).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)));
    best.map(|(_, id)| id)
}

/// The models that do this, in the registry's order; a model with several tasks appears under each.
pub fn of_task(task_id: &str) -> impl Iterator<Item = &'static ModelSpec> {
    MODELS.iter().copied().filter(move |spec| spec.tasks.iter().any(|task| task.id == task_id))
}
