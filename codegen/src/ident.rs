//! YAML spellings to Rust names: `1:1` is no variant, `type` is no field, `768P` and `768p` must stay two names.

use std::collections::{HashMap, HashSet};

use heck::{ToSnakeCase, ToUpperCamelCase};
use kie_schema::spec::Literal;

/// Names that generated code or the prelude gives another meaning.
const RESERVED: &[&str] = &[
    "Box",
    "Checked",
    "Choice",
    "Clone",
    "Copy",
    "Debug",
    "Decimal",
    "Default",
    "Deserialize",
    "Eq",
    "Err",
    "Files",
    "From",
    "HashMap",
    "Integer",
    "Into",
    "LazyLock",
    "List",
    "Media",
    "Model",
    "ModelInput",
    "ModelSpec",
    "None",
    "Ok",
    "Option",
    "PartialEq",
    "Report",
    "Request",
    "Result",
    "Self",
    "Serialize",
    "Some",
    "String",
    "TaskRef",
    "TaskSpec",
    "Text",
    "ToString",
    "Vec",
];

/// The name of a struct field: snake case, raw where it is a keyword (`r#type`).
pub(crate) fn field(name: &str) -> String {
    let mut snake = name.to_snake_case();
    if !snake.starts_with(|first: char| first.is_alphabetic()) {
        snake.insert_str(0, "field_");
    }
    if matches!(snake.as_str(), "self" | "super" | "crate") {
        snake.push('_');
    } else if is_keyword(&snake) {
        snake.insert_str(0, "r#");
    }
    snake
}

/// The name of the type that is made for a field.
pub(crate) fn type_name(name: &str) -> String {
    camel(name, "Field")
}

/// The name of a model's input struct and enum variant.
pub(crate) fn model(id: &str) -> String {
    camel(id, "Model")
}

/// The name of a model's module.
pub(crate) fn module(id: &str) -> String {
    let snake = id.to_snake_case();
    if !snake.starts_with(|first: char| first.is_alphabetic()) {
        return format!("model_{snake}");
    }
    if is_keyword(&snake) { format!("{snake}_model") } else { snake }
}

/// `gen` is a keyword since edition 2024, which `syn` does not know.
fn is_keyword(name: &str) -> bool {
    name == "gen" || syn::parse_str::<syn::Ident>(name).is_err()
}

fn camel(name: &str, what: &str) -> String {
    let camel = name.to_upper_camel_case();
    if camel.starts_with(|first: char| first.is_alphabetic()) {
        if RESERVED.contains(&camel.as_str()) { format!("{camel}{what}") } else { camel }
    } else {
        format!("{what}{camel}")
    }
}

/// Two values that get the same name under every rule of naming: their indices and that name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Collision {
    pub(crate) first: usize,
    pub(crate) second: usize,
    pub(crate) name: String,
}

/// The variant names of a choice, in the order of its values. Values that differ in case only get `Lower` and `Upper`.
pub(crate) fn variants(values: &[Literal]) -> Result<Vec<String>, Collision> {
    let plain: Vec<String> = values.iter().map(variant).collect();
    let mut count: HashMap<&str, usize> = HashMap::new();
    for name in &plain {
        *count.entry(name).or_default() += 1;
    }
    let mut names = plain.clone();
    for (name, value) in names.iter_mut().zip(values) {
        if let (true, Literal::Text(text)) = (count[name.as_str()] > 1, value) {
            let upper = text.chars().any(char::is_uppercase);
            name.push_str(if upper { "Upper" } else { "Lower" });
        }
    }
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (second, name) in names.iter().enumerate() {
        if let Some(first) = seen.insert(name, second) {
            return Err(Collision { first, second, name: plain[second].clone() });
        }
    }
    Ok(names)
}

fn variant(value: &Literal) -> String {
    match value {
        Literal::Boolean(true) => "True".to_owned(),
        Literal::Boolean(false) => "False".to_owned(),
        Literal::Integer(number) => text_variant(&number.to_string()),
        Literal::Decimal(number) => text_variant(&number.to_string()),
        Literal::Text(text) => text_variant(text),
    }
}

fn text_variant(text: &str) -> String {
    if let Some(name) = ratio(text).or_else(|| number(text)).or_else(|| measure(text)) {
        return name;
    }
    let name = words(text);
    let name = if name.is_empty() {
        text.chars().map(|symbol| format!("U{:04X}", u32::from(symbol))).collect()
    } else if name.starts_with(|first: char| first.is_alphabetic()) {
        name
    } else {
        format!("V{name}")
    };
    match name.as_str() {
        "" => "Empty".to_owned(),
        "Self" => "SelfValue".to_owned(),
        _ => name,
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `16:9` and `1024x768`: `R16x9`, `R1024x768`.
fn ratio(text: &str) -> Option<String> {
    let (width, height) = text.split_once([':', 'x', 'X', '*', '×'])?;
    (digits(width) && digits(height)).then(|| format!("R{width}x{height}"))
}

/// `5`, `-1`, `0.5`: `N5`, `Minus1`, `N0_5`.
fn number(text: &str) -> Option<String> {
    let (sign, rest) = text.strip_prefix('-').map_or(("N", text), |rest| ("Minus", rest));
    decimal(rest).map(|number| format!("{sign}{number}"))
}

fn decimal(text: &str) -> Option<String> {
    match text.split_once('.') {
        Some((whole, part)) => (digits(whole) && digits(part)).then(|| format!("{whole}_{part}")),
        None => digits(text).then(|| text.to_owned()),
    }
}

/// `4K`, `1.5K`, `720p`, `10s`: `K4`, `K1_5`, `P720`, `S10`.
fn measure(text: &str) -> Option<String> {
    let unit_at = text.find(|symbol: char| symbol.is_ascii_alphabetic())?;
    let (amount, unit) = text.split_at(unit_at);
    let short = unit.len() <= 3 && unit.bytes().all(|byte| byte.is_ascii_alphabetic());
    let amount = decimal(amount)?;
    short.then(|| format!("{}{amount}", capital(unit)))
}

/// Words in upper camel case; symbols that carry meaning are spelled out.
fn words(text: &str) -> String {
    let mut list = vec![String::new()];
    let mut previous = ' ';
    for symbol in text.chars() {
        let spelled = match symbol {
            '#' => "Sharp",
            '+' => "Plus",
            '%' => "Percent",
            '&' => "And",
            '@' => "At",
            '*' => "Star",
            _ => "",
        };
        if !spelled.is_empty() {
            list.push(spelled.to_owned());
            list.push(String::new());
        } else if symbol.is_alphanumeric() {
            if let Some(word) = list.last_mut() {
                // Two numbers side by side would otherwise become one.
                if word.is_empty() && symbol.is_numeric() && previous.is_numeric() {
                    word.push('_');
                }
                word.push(symbol);
            }
            previous = symbol;
        } else {
            list.push(String::new());
        }
    }
    list.iter().map(|word| capital(word)).collect()
}

/// First letter large; a word of capitals becomes an ordinary one, mixed case stays as it is.
fn capital(word: &str) -> String {
    let shout =
        word.chars().filter(|symbol| symbol.is_alphabetic()).count() > 1 && !word.chars().any(char::is_lowercase);
    let word = if shout { word.to_lowercase() } else { word.to_owned() };
    let mut rest = word.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// Makes a name unique by numbers, for types of nested fields. The names that are made from it with the suffixes
/// `ends` are reserved as well.
pub(crate) fn unique(wanted: String, ends: &[String], taken: &mut HashSet<String>) -> String {
    let mut name = wanted.clone();
    let mut number = 2;
    let made = |name: &str| ends.iter().map(|end| format!("{name}{end}")).chain([name.to_owned()]).collect::<Vec<_>>();
    while made(&name).iter().any(|name| taken.contains(name)) {
        name = format!("{wanted}{number}");
        number += 1;
    }
    taken.extend(made(&name));
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(values: &[&str]) -> Vec<String> {
        let values: Vec<Literal> = values.iter().map(|value| Literal::Text(value.to_string().leak())).collect();
        variants(&values).unwrap()
    }

    #[test]
    fn awkward_values_become_readable_variants() {
        let pairs = [
            ("1:1", "R1x1"),
            ("16:9", "R16x9"),
            ("1024x768", "R1024x768"),
            ("4K", "K4"),
            ("1.5K", "K1_5"),
            ("720p", "P720"),
            ("5", "N5"),
            ("-1", "Minus1"),
            ("0.5", "N0_5"),
            ("auto", "Auto"),
            ("text_to_image", "TextToImage"),
            ("PNG", "Png"),
            ("C#m", "CSharpM"),
            ("American (Gen)", "AmericanGen"),
            ("Promo/Hype", "PromoHype"),
            ("self", "SelfValue"),
            ("", "Empty"),
            ("***", "StarStarStar"),
            ("--", "U002DU002D"),
            ("1SM7GgM6IMuvQlz2BwM3", "V1SM7GgM6IMuvQlz2BwM3"),
            ("403085292466285", "N403085292466285"),
            ("v3.5-turbo", "V3_5Turbo"),
            ("eleven_v2.2", "ElevenV2_2"),
        ];
        for (value, name) in pairs {
            assert_eq!(named(&[value]), [name], "{value}");
            assert!(syn::parse_str::<syn::Ident>(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn case_alone_makes_two_names() {
        assert_eq!(named(&["768P", "768p", "1080P"]), ["P768Upper", "P768Lower", "P1080"]);
        assert_eq!(named(&["PNG", "png"]), ["PngUpper", "PngLower"]);
        assert_eq!(named(&["C", "C#", "Cm", "C#m"]), ["C", "CSharp", "Cm", "CSharpM"]);
    }

    #[test]
    fn numbers_and_flags_have_names() {
        let values = [Literal::Integer(5), Literal::Integer(-5), Literal::Boolean(true), Literal::Decimal(0.25)];
        assert_eq!(variants(&values).unwrap(), ["N5", "Minus5", "True", "N0_25"]);
    }

    #[test]
    fn what_cannot_be_told_apart_is_said() {
        let values = [Literal::Text("a-b"), Literal::Text("c"), Literal::Text("a b")];
        let collision = variants(&values).unwrap_err();
        assert_eq!((collision.first, collision.second), (0, 2));
    }

    #[test]
    fn fields_avoid_keywords_and_digits() {
        let pairs = [
            ("prompt", "prompt"),
            ("type", "r#type"),
            ("self", "self_"),
            ("taskId", "task_id"),
            ("Scene", "scene"),
            ("1st_frame", "field_1st_frame"),
            ("image_url_1", "image_url_1"),
            ("gen", "r#gen"),
        ];
        for (name, rust) in pairs {
            assert_eq!(field(name), rust, "{name}");
        }
    }

    #[test]
    fn types_avoid_the_prelude() {
        assert_eq!(type_name("aspect_ratio"), "AspectRatio");
        assert_eq!(type_name("text"), "TextField");
        assert_eq!(type_name("option"), "OptionField");
        assert_eq!(type_name("1st"), "Field1st");
    }

    #[test]
    fn models_and_modules_come_from_the_id() {
        assert_eq!(model("seedream/4.5-edit"), "Seedream45Edit");
        assert_eq!(module("seedream/4.5-edit"), "seedream_4_5_edit");
        assert_eq!(model("z-image"), "ZImage");
        assert_eq!(model("4o-image-api"), "Model4oImageApi");
        assert_eq!(module("4o-image-api"), "model_4o_image_api");
        assert_eq!(module("loop"), "loop_model");
    }
}
