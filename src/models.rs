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
use crate::schema::spec::{ModelSpec, TaskSpec};

include!(concat!(env!("OUT_DIR"), "/models.rs"));

/// The least likeness of two names, from 0 to 1, that is worth a suggestion.
const ALIKE: f64 = 0.4;

static BY_NAME: LazyLock<HashMap<&'static str, &'static ModelSpec>> = LazyLock::new(|| {
    let aliases = MODELS.iter().flat_map(|spec| spec.aliases.iter().map(|alias| (*alias, *spec)));
    // Ids come last: an id always finds its own model.
    aliases.chain(MODELS.iter().map(|spec| (spec.id, *spec))).collect()
});

/// All models, in the registry's order, those that are not live included.
pub fn all() -> &'static [&'static ModelSpec] {
    MODELS
}

/// All task types, in the registry's order.
pub fn tasks() -> &'static [&'static TaskSpec] {
    TASKS
}

/// The model with this id or alias.
pub fn find(name: &str) -> Option<&'static ModelSpec> {
    BY_NAME.get(name).copied()
}

/// The id of the model whose id or alias is most like this name; `None` when nothing is.
pub fn nearest(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let scored = BY_NAME.iter().map(|(known, spec)| (strsim::normalized_damerau_levenshtein(known, &name), spec.id));
    let best = scored.filter(|(score, _)| *score >= ALIKE).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)));
    best.map(|(_, id)| id)
}

/// The models that do this, in the registry's order; a model with several tasks appears under each.
pub fn of_task(task_id: &str) -> impl Iterator<Item = &'static ModelSpec> {
    MODELS.iter().copied().filter(move |spec| spec.tasks.iter().any(|task| task.id == task_id))
}
