//! Number parameters, with limits that are consistent.

use serde_json::json;

use super::ParamKind;
use super::sample::first;
use crate::market::shape::{Shape, Type};

/// Larger limits are those of number types, not of the model.
const MAX_LIMIT: f64 = 1e15;

pub(super) fn kind(name: &str, shape: &Shape, notes: &mut Vec<String>) -> ParamKind {
    let end = |end: Option<f64>| end.filter(|end| end.abs() < MAX_LIMIT);
    let (min, max, step) = (end(shape.range.min), end(shape.range.max), end(shape.step));
    let is_whole = !shape.types.contains(&Type::Number);
    let of = |min, max, step| if is_whole { whole(min, max, step, shape) } else { decimal(min, max, step, shape) };
    for (min, max, step) in [(min, max, step), (min, max, None)] {
        let kind = of(min, max, step);
        if first(&kind).is_some() {
            if step != end(shape.step) {
                notes.push(format!("{name}: the vendor's step {} does not fit its range", json!(shape.step)));
            }
            return kind;
        }
    }
    notes.push(format!("{name}: the vendor's limits cannot be met: {}", json!([min, max])));
    of(None, None, None)
}

// The casts are safe because of the check of the limits.
fn whole(min: Option<f64>, max: Option<f64>, step: Option<f64>, shape: &Shape) -> ParamKind {
    let (min, max) = (min.map(f64::ceil), max.map(f64::floor));
    // The registry counts steps from the lower limit, a schema from zero.
    let step = step.filter(|step| *step > 1.0 && step.fract() == 0.0 && min.is_none_or(|min| min % step == 0.0));
    ParamKind::Integer {
        min: min.map(|min| min as i64),
        max: max.map(|max| max as i64),
        step: step.map(|step| step as i64),
        or_text: shape.types.contains(&Type::Text),
    }
}

fn decimal(min: Option<f64>, max: Option<f64>, step: Option<f64>, shape: &Shape) -> ParamKind {
    ParamKind::Decimal { min, above: shape.above && min.is_some(), max, step }
}
