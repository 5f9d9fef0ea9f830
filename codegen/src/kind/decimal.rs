//! `number`: a number with a fraction.

use crate::diagnostic::Code;
use crate::env::Env;
use crate::kind::Given;
use crate::reader::{self, Object};
use crate::resolved::Kind;
use crate::yaml::Data;

pub(super) fn read(object: &mut Object<'_>, _: bool, env: &Env<'_>) -> Option<Kind> {
    object.conflict("min", "above");
    let above = object.number("above");
    let least = object.number("min");
    let max_node = object.take("max");
    let max = max_node.and_then(|node| reader::number(node, "max", env.out));
    let step = step(object, env);
    let min = least.or(above);
    if let (Some(above), Some(node)) = (above.filter(|above| max == Some(*above)), max_node) {
        env.out.error(Code::BadLimit, node.span, format!("no number is above {above} and at most {above}"), "");
        return None;
    }
    reader::ordered(min, max, max_node.map_or(object.owner, |node| node.span), "min, max", env.out)
        .then_some(Kind::Decimal { min, max, above_min: above.is_some(), step })
}

fn step(object: &mut Object<'_>, env: &Env<'_>) -> Option<f64> {
    let node = object.take("step")?;
    let step = reader::number(node, "step", env.out)?;
    if step <= 0.0 {
        env.out.error(Code::BadLimit, node.span, format!("`step` cannot be {step}"), "must be above 0");
        return None;
    }
    Some(step)
}

/// The same verdict as `DecimalSpec::check` of the main package; a test there compares them.
pub(super) fn check(min: Option<f64>, max: Option<f64>, above_min: bool, step: Option<f64>, given: &mut Given<'_>) {
    let value = match given.node.data {
        Data::Integer(number) => number as f64,
        Data::Decimal(number) => number,
        _ => return given.wrong_type("a number"),
    };
    if !value.is_finite() {
        return given.outside("is not a number that JSON can hold", "must be finite");
    }
    if let Some(min) = min {
        if above_min && value <= min {
            return given.outside("is too small", format!("must be above {min}"));
        }
        if value < min {
            return given.outside("is too small", format!("at least {min}"));
        }
    }
    if let Some(max) = max.filter(|max| value > *max) {
        return given.outside("is too large", format!("at most {max}"));
    }
    if let Some(step) = step {
        let steps = value / step;
        // Binary fractions cannot hold 0.3, which is three times 0.1.
        if (steps - steps.round()).abs() > 1e-9 * steps.abs().max(1.0) {
            given.outside("is between two steps", format!("must be a multiple of {step}"));
        }
    }
}
