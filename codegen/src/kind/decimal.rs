//! `number`: a number with a fraction.

use kie_schema::spec::{DecimalSpec, Kind};

use crate::diagnostic::Code;
use crate::env::Env;
use crate::reader::{self, Mapping};

pub(super) fn read(object: &mut Mapping<'_>, _: bool, env: &Env<'_>) -> Option<Kind> {
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
        .then_some(Kind::Decimal(DecimalSpec { min, max, above_min: above.is_some(), step }))
}

fn step(object: &mut Mapping<'_>, env: &Env<'_>) -> Option<f64> {
    let node = object.take("step")?;
    let step = reader::number(node, "step", env.out)?;
    if step <= 0.0 {
        env.out.error(Code::BadLimit, node.span, format!("`step` cannot be {step}"), "must be above 0");
        return None;
    }
    Some(step)
}
