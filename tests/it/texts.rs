//! The messages of the bot and of the command line: complete in every language, used, and well-formed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::DirEntry;
use std::path::Path;

use fluent_syntax::ast::{Entry, Expression, Pattern, PatternElement};
use fluent_syntax::parser;
use kie::l10n::{Lang, Messages};
use kie::ledger::Credits;
use kie::schema::PriceError;
use kie::schema::report::{Violation, ViolationKind};
use kie::schema::{Certainty, Quote};
use kie::tariff::Price;
use kie_codegen::messages::{Source, generate};

use crate::support::source;

/// The Fluent files of the bot and of the command line.
struct Room {
    name: &'static str,
    en: &'static str,
    ru: &'static str,
}

const ROOMS: [Room; 2] = [
    Room { name: "bot", en: include_str!("../../src/l10n/bot/en.ftl"), ru: include_str!("../../src/l10n/bot/ru.ftl") },
    Room { name: "cli", en: include_str!("../../src/l10n/cli/en.ftl"), ru: include_str!("../../src/l10n/cli/ru.ftl") },
];

#[test]
fn every_language_has_every_message_with_the_same_arguments() {
    for room in ROOMS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/l10n").join(room.name);
        let text = |lang: &str| std::fs::read_to_string(folder.join(format!("{lang}.ftl"))).unwrap();
        let texts: Vec<(&str, String)> = Lang::ALL.map(|lang| (lang.code(), text(lang.code()))).into();
        let sources: Vec<Source<'_>> = texts.iter().map(|(name, text)| Source { name, text }).collect();
        assert_eq!(generate("Messages", &sources).err(), None, "{}", room.name);
        let is_fluent = |entry: &DirEntry| entry.path().extension().is_some_and(|e| e == "ftl");
        let files = std::fs::read_dir(&folder).unwrap().map(Result::unwrap).filter(is_fluent).count();
        assert_eq!(files, Lang::ALL.len(), "files of no language in {}", room.name);
    }
}

#[test]
fn every_message_is_asked_for() {
    let code: String = source::files("src").into_iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let names: BTreeSet<&str> = code.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    for room in ROOMS {
        for key in words(room.en).keys() {
            assert!(names.contains(key.replace('-', "_").as_str()), "{}: nobody asks for {key}", room.name);
        }
    }
}

/// The text of every variant of every message, without variables.
fn words(source: &str) -> BTreeMap<String, Vec<String>> {
    fn of(pattern: &Pattern<&str>, found: &mut Vec<String>) {
        let mut text = String::new();
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => text.push_str(value),
                PatternElement::Placeable { expression: Expression::Select { variants, .. } } => {
                    variants.iter().for_each(|variant| of(&variant.value, found));
                }
                PatternElement::Placeable { .. } => text.push(' '),
            }
        }
        found.push(text);
    }
    let resource = parser::parse(source).unwrap_or_else(|(_, errors)| panic!("not Fluent: {errors:?}"));
    let message = |entry: &Entry<&str>| match entry {
        Entry::Message(message) => {
            let mut found = Vec::new();
            of(message.value.as_ref()?, &mut found);
            Some((message.id.name.to_owned(), found))
        }
        _ => None,
    };
    resource.body.iter().filter_map(message).collect()
}

/// Messages that are the same in Russian.
const WORDLESS: [&str; 4] = ["card-by", "condition-is", "rule-within", "price-span"];

#[test]
fn what_is_prose_in_english_is_prose_in_russian() {
    // Commands, options and names are not translated.
    let is_prose = |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
    let cyrillic = |text: &String| text.chars().any(|c| matches!(c, 'а'..='я' | 'А'..='Я' | 'ё'));
    for room in ROOMS {
        let (en, ru) = (words(room.en), words(room.ru));
        for (key, english) in en.iter().filter(|(key, _)| !WORDLESS.contains(&key.as_str())) {
            let prose = english.iter().any(|text| text.split_whitespace().any(|word| is_prose(&word)));
            let translated = ru[key].iter().any(cyrillic);
            assert!(translated || !prose, "{}: {key} is not in Russian: {:?}", room.name, ru[key]);
        }
        // No English sentence is left; a single word may be a name, such as `null`.
        for (key, russian) in &ru {
            let same = russian.iter().find(|text| {
                let text = text.trim();
                text.split_whitespace().filter(is_prose).count() > 1 && en[key].iter().any(|other| other.trim() == text)
            });
            assert_eq!(same, None, "{}: {key}", room.name);
        }
    }
}

#[test]
fn russian_counts_as_russians_do() {
    let ru = Messages::of(Lang::Ru);
    for (milli, words) in [
        (1_000, "1 кредит"),
        (2_000, "2 кредита"),
        (5_000, "5 кредитов"),
        (11_000, "11 кредитов"),
        (18_000, "18 кредитов"),
        (21_000, "21 кредит"),
        (22_000, "22 кредита"),
        (112_000, "112 кредитов"),
        (800, "0,8 кредита"),
        (6_500, "6,5 кредита"),
        (0, "0 кредитов"),
    ] {
        assert_eq!(ru.amount(Credits::from_milli(milli)), words);
    }
    assert_eq!(ru.value_files(1), "1 файл");
    assert_eq!(ru.value_files(3), "3 файла");
    assert_eq!(ru.value_files(14), "14 файлов");
    let en = Messages::of(Lang::En);
    assert_eq!(en.amount(Credits::from_milli(1_000)), "1 credit");
    assert_eq!(en.amount(Credits::from_milli(800)), "0.8 credits");
    assert_eq!(en.amount(Credits::from_milli(18_000)), "18 credits");
}

#[test]
fn a_limit_is_declined() {
    let (en, ru) = (Messages::of(Lang::En), Messages::of(Lang::Ru));
    for (milli, words) in [
        (1_000, "1 кредита"),
        (4_000, "4 кредитов"),
        (22_000, "22 кредитов"),
        (18_000, "18 кредитов"),
        (800, "0,8 кредита"),
    ] {
        assert_eq!(ru.limit(Credits::from_milli(milli)), words);
    }
    assert_eq!(en.limit(Credits::from_milli(1_000)), "1 credit");
    assert_eq!(en.limit(Credits::from_milli(4_000)), "4 credits");
}

#[test]
fn quotes_say_how_sure_they_are() {
    let credits = Credits::from_milli(18_000);
    let ru = Messages::of(Lang::Ru);
    assert_eq!(ru.price(Price::Credits(Quote { credits, certainty: Certainty::Exact })), "18 кредитов");
    assert_eq!(ru.price(Price::Credits(Quote { credits, certainty: Certainty::AtMost })), "до 18 кредитов");
    for (why, words) in [
        (PriceError::Unknown, "цена неизвестна"),
        (PriceError::NotCovered, "для такого выбора цены нет"),
        (PriceError::NeedsFile { field: "clip" }, "цена по длине файла"),
        (PriceError::NeedsNumber { field: "n" }, "цена зависит от решения модели"),
    ] {
        assert_eq!(ru.unpriced(why), words);
    }
}

fn every_kind() -> Vec<ViolationKind> {
    let names = || vec!["prompt".to_owned(), "image_urls".to_owned()];
    vec![
        ViolationKind::Required,
        ViolationKind::UnknownField { nearest: None },
        ViolationKind::UnknownField { nearest: Some("prompt".into()) },
        ViolationKind::GivenTwice { other: "image_input".into() },
        ViolationKind::WrongType { needed: "string" },
        ViolationKind::WrongType { needed: "integer" },
        ViolationKind::WrongType { needed: "number" },
        ViolationKind::WrongType { needed: "boolean" },
        ViolationKind::WrongType { needed: "array" },
        ViolationKind::WrongType { needed: "object" },
        ViolationKind::TooShort { min: 1, length: 0 },
        ViolationKind::TooShort { min: 5, length: 2 },
        ViolationKind::TooLong { max: 1000, length: 1001 },
        ViolationKind::WrongFormat { example: "#1A2B3C" },
        ViolationKind::OutOfRange { min: Some(1.0), max: Some(15.0) },
        ViolationKind::OutOfRange { min: Some(1.0), max: None },
        ViolationKind::OutOfRange { min: None, max: Some(0.5) },
        ViolationKind::OffStep { step: 0.25 },
        ViolationKind::NotOffered { values: names() },
        ViolationKind::NotOffered { values: (0..40).map(|n| n.to_string()).collect() },
        ViolationKind::Refused { values: names() },
        ViolationKind::TooFew { min: 2, count: 1 },
        ViolationKind::TooMany { max: 8, count: 9 },
        ViolationKind::NotUrl { schemes: vec!["http://".into(), "https://".into()] },
        ViolationKind::WrongMedia { allowed: vec!["image/png".into()] },
        ViolationKind::TooBig { max_mb: 10.0, mb: 12.34 },
        ViolationKind::Duration { min: Some(3.0), max: Some(30.0), seconds: 41.26 },
        ViolationKind::Duration { min: None, max: Some(30.0), seconds: 41.0 },
        ViolationKind::Pixels { measure: "side", min: Some(300.0), max: None },
        ViolationKind::Pixels { measure: "short_side", min: Some(300.0), max: None },
        ViolationKind::Pixels { measure: "long_side", min: None, max: Some(4096.0) },
        ViolationKind::Pixels { measure: "total", min: None, max: Some(1e7) },
        ViolationKind::Pixels { measure: "ratio", min: Some(0.4), max: Some(2.5) },
        ViolationKind::Pixels { measure: "same_size", min: None, max: None },
        ViolationKind::NeededWith { because: names() },
        ViolationKind::NotWith { because: names() },
        ViolationKind::OneOf { fields: names(), min: 1, max: None },
        ViolationKind::OneOf { fields: names(), min: 1, max: Some(1) },
        ViolationKind::OneOf { fields: names(), min: 0, max: Some(1) },
        ViolationKind::OneOf { fields: names(), min: 2, max: None },
        ViolationKind::Sum { fields: names(), count: "seconds", max: 15.0, exact: false, sum: 20.0 },
        ViolationKind::Sum { fields: names(), count: "items", max: 9.0, exact: false, sum: 10.0 },
        ViolationKind::Sum { fields: names(), count: "value", max: 9.0, exact: true, sum: 10.0 },
        ViolationKind::Sum { fields: names(), count: "characters", max: 5000.0, exact: false, sum: 6000.0 },
        ViolationKind::Sum { fields: names(), count: "megabytes", max: 20.0, exact: true, sum: 21.0 },
        ViolationKind::Sum { fields: names(), count: "presence", max: 1.0, exact: false, sum: 2.0 },
        ViolationKind::Difference { smaller: "start".into(), min: None, max: None },
        ViolationKind::Difference { smaller: "start".into(), min: Some(1.0), max: Some(10.0) },
        ViolationKind::SameCount { other: "masks".into() },
        ViolationKind::Repeated,
        ViolationKind::Unmatched { target: "speakers".into() },
        ViolationKind::NoEffect { because: names() },
        ViolationKind::NoEffect { because: Vec::new() },
        ViolationKind::NotSent,
        ViolationKind::NotGiven { default: None },
        ViolationKind::NotGiven { default: Some("5".into()) },
        ViolationKind::Discontinued,
        ViolationKind::NotAnObject,
    ]
}

#[test]
fn every_fault_has_a_sentence_in_every_language() {
    for kind in every_kind() {
        for lang in Lang::ALL {
            let violation = Violation { field: "prompt".into(), kind: kind.clone(), given: Some("5:1".into()) };
            let sentence = Messages::of(lang).violation(&violation, None);
            assert!(!sentence.is_empty(), "{kind:?}");
            for bad in ["violation-", "{", "}", "  ", "4294967295"] {
                assert!(!sentence.contains(bad), "{lang:?} {kind:?}: {sentence}");
            }
        }
    }
}

#[test]
fn sentences_hold_limits_and_what_was_given() {
    let en = Messages::of(Lang::En);
    let say = |kind: ViolationKind, given: Option<&str>| {
        en.violation(&Violation { field: "f".into(), kind, given: given.map(Into::into) }, None)
    };
    let values = ["1:1", "4:3", "16:9"].map(String::from).to_vec();
    assert_eq!(say(ViolationKind::NotOffered { values }, Some("5:1")), "“5:1” is not offered; choose 1:1, 4:3 or 16:9");
    assert_eq!(
        say(ViolationKind::TooLong { max: 1000, length: 1001 }, None),
        "has 1001 characters; at most 1000 are allowed"
    );
    assert_eq!(say(ViolationKind::TooShort { min: 1, length: 0 }, None), "is empty; at least 1 character is needed");
    assert_eq!(say(ViolationKind::OutOfRange { min: Some(0.5), max: Some(2.0) }, None), "must be 0.5 to 2");
    assert_eq!(
        say(ViolationKind::Duration { min: None, max: Some(30.0), seconds: 41.26 }, None),
        "lasts 41.3 s; needed: up to 30 s"
    );
    let ru = Messages::of(Lang::Ru);
    let violation = Violation { field: "f".into(), kind: ViolationKind::TooShort { min: 3, length: 1 }, given: None };
    assert_eq!(ru.violation(&violation, None), "слишком коротко (1); нужно хотя бы 3 знака");
}

#[test]
fn languages_are_guessed_and_found() {
    assert_eq!(Lang::guess(Some("ru-RU")), Lang::Ru);
    assert_eq!(Lang::guess(Some("uk")), Lang::Ru);
    assert_eq!(Lang::guess(Some("de")), Lang::En);
    assert_eq!(Lang::guess(None), Lang::En);
    for lang in Lang::ALL {
        assert_eq!(Lang::from_code(lang.code()), Some(lang));
    }
    assert_eq!(Lang::from_code("xx"), None);
}
