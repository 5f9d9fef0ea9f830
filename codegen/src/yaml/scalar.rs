//! Scalars by the core schema of YAML 1.2: `yes`, `on`, `1_000` and `017` are texts.

use std::borrow::Cow;

use saphyr_parser::{ScalarStyle, Tag};

use crate::yaml::Data;

/// The value of a scalar, or what is wrong with its tag.
pub(super) fn read(text: &str, style: ScalarStyle, tag: Option<&Cow<'_, Tag>>) -> Result<Data, String> {
    let Some(tag) = tag else {
        return Ok(match style {
            ScalarStyle::Plain => plain(text),
            _ => Data::Text(text.to_owned()),
        });
    };
    let data = match tag.suffix.as_str() {
        "null" => is_null(text).then_some(Data::Null),
        "bool" => boolean(text).map(Data::Boolean),
        "int" => integer(text),
        "float" => decimal(text).map(Data::Decimal),
        _ => Some(Data::Text(text.to_owned())),
    };
    data.ok_or_else(|| format!("`{text}` is no value of the tag `!!{}`", tag.suffix))
}

fn plain(text: &str) -> Data {
    if text.is_empty() || is_null(text) {
        return Data::Null;
    }
    boolean(text)
        .map(Data::Boolean)
        .or_else(|| integer(text))
        .or_else(|| decimal(text).filter(|_| !has_leading_zero(text.trim_start_matches(['+', '-']))).map(Data::Decimal))
        .unwrap_or_else(|| Data::Text(text.to_owned()))
}

fn is_null(text: &str) -> bool {
    matches!(text, "~" | "null" | "Null" | "NULL")
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// A whole number in base 2, 8, 10 or 16; one that takes more than 64 bits is a fraction.
fn integer(text: &str) -> Option<Data> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let bases = [("0x", 16), ("0o", 8), ("0b", 2)];
    let based = bases.into_iter().find_map(|(prefix, base)| Some((digits.strip_prefix(prefix)?, base)));
    let (digits, base) = based.unwrap_or((digits, 10));
    if digits.starts_with(['+', '-']) || (base == 10 && has_leading_zero(digits)) {
        return None;
    }
    let number = sign * i128::from_str_radix(digits, base).ok()?;
    Some(i64::try_from(number).map_or(Data::Decimal(number as f64), Data::Integer))
}

/// Zeros in front of digits: a text, since YAML 1.1 read such numbers in base 8.
fn has_leading_zero(digits: &str) -> bool {
    digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn decimal(text: &str) -> Option<f64> {
    match text {
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        // Rust also reads `inf` and `nan`, and numbers that are too large as infinite.
        _ => text.parse().ok().filter(|number: &f64| number.is_finite()),
    }
}
