//! What the author left out or wrote short is spelled out in the registry.

#![allow(clippy::unwrap_used, reason = "a panic in a test is how it fails")]

use kie_codegen::parse;
use kie_codegen::registry::Registry;
use kie_schema::Localized;
use kie_schema::spec::{
    ChoiceSpec, Condition, Factor, FieldSpec, Kind, ListSpec, Literal, MediaKind, ModelSpec, Range, Requirement,
    Status, TextSpec,
};
use serde_json::{Value, json};

fn read(text: &str) -> Registry {
    parse::registry("fixture.yaml", text).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

fn everything() -> &'static ModelSpec {
    read(include_str!("accept/everything.yaml")).models[0]
}

/// The Rust text of the same file.
fn code() -> String {
    kie_codegen::generate("fixture.yaml", include_str!("accept/everything.yaml")).unwrap().code
}

fn field(fields: &'static [FieldSpec], name: &str) -> &'static FieldSpec {
    fields.iter().find(|field| field.name == name).unwrap()
}

fn example(model: &ModelSpec) -> Value {
    serde_json::from_str(model.example).unwrap()
}

#[test]
fn a_model_has_rust_names_and_the_tasks_in_its_own_order() {
    let model = everything();
    let tasks: Vec<&str> = model.tasks.iter().map(|task| task.id).collect();
    assert_eq!(tasks, ["image_to_video", "video_edit"]);
    assert_eq!(model.title, Localized::new(["Fox 2.5", "Лиса 2.5"]));
    assert_eq!(model.line, 11);
    let code = code();
    for named in ["pub mod den_fox_2_5 {", "pub struct DenFox25 {", "pub r#type: "] {
        assert!(code.contains(named), "{named}");
    }
}

#[test]
fn an_alias_has_the_values_that_are_written_behind_it() {
    fn presets(model: &ModelSpec) -> Vec<(&'static str, Vec<(&'static str, Value)>)> {
        let values = |alias: &kie_schema::spec::AliasSpec| {
            (alias.name, alias.presets.iter().map(|preset| (preset.field, preset.json())).collect())
        };
        model.aliases.iter().map(values).collect()
    }
    let values = vec![
        ("strength", json!(0.2)),
        ("resolution", json!("4K")),
        ("tags", json!(["wild"])),
        ("camera", json!({ "pan": 1 })),
    ];
    assert_eq!(
        presets(everything()),
        [("fox", vec![]), ("fox-video", values), ("fox-calm", vec![("speed", json!(1))])]
    );
    let of_names = read(include_str!("accept/names.yaml")).models[0];
    assert_eq!(presets(of_names), [("model", vec![("shots_item", json!("b"))])]);
}

#[test]
fn a_required_text_is_not_empty_and_an_optional_one_may_be() {
    let fields = everything().fields;
    assert!(matches!(
        field(fields, "prompt").kind,
        Kind::Text(TextSpec { min: 1, max: Some(1000), max_cjk: Some(500), .. })
    ));
    assert!(matches!(field(fields, "negative").kind, Kind::Text(TextSpec { min: 2, .. })));
    assert!(matches!(field(fields, "color").kind, Kind::Text(TextSpec { min: 0, .. })));
}

#[test]
fn sets_are_spread_and_values_get_variants_and_words() {
    let fields = everything().fields;
    let code = code();
    let is_enum = |name: &str, variants: &[&str]| {
        let body = code.split(&format!("pub enum {name} {{")).nth(1).unwrap().split('}').next().unwrap();
        let own: Vec<&str> = body.lines().map(str::trim).filter(|line| !line.starts_with("///")).collect();
        assert_eq!(own.join("").trim_end_matches(',').split(',').collect::<Vec<_>>(), variants);
    };
    let Kind::Choice(ChoiceSpec { options, .. }) = &field(fields, "type").kind else { panic!() };
    is_enum("Type", &["R1x1", "R16x9", "Auto"]);
    assert_eq!(options[0].label, Some(Localized::new(["Square", "Квадрат"])));
    assert_eq!(options[2].label, None);
    let Kind::Choice(ChoiceSpec { options, .. }) = &field(fields, "resolution").kind else { panic!() };
    is_enum("Resolution", &["P768Upper", "P768Lower", "P1080", "K4"]);
    assert_eq!(options.iter().map(|option| option.discontinued).collect::<Vec<_>>(), [true, false, false, false]);
    let Kind::Choice(ChoiceSpec { options, .. }) = &field(fields, "speed").kind else { panic!() };
    assert_eq!(options[1].value, Literal::Decimal(1.0), "whole numbers beside fractions are fractions");
}

#[test]
fn files_get_whole_mime_types_and_a_count_makes_a_list() {
    let fields = everything().fields;
    let Kind::Media(first) = &field(fields, "first").kind else { panic!() };
    assert_eq!(first.mime, ["image/jpeg", "image/png", "image/webp"]);
    assert_eq!(first.schemes, ["asset"]);
    assert_eq!(first.side_px, Some(Range { min: Some(300.0), max: None }));
    let Kind::Media(last) = &field(fields, "last").kind else { panic!() };
    assert_eq!(last.mime, ["image/jpeg", "image/png", "image/webp", "image/bmp"]);
    let Kind::List(ListSpec { item, min, max, total_seconds }) = &field(fields, "clips").kind else { panic!() };
    assert_eq!((*min, *max, *total_seconds), (1, Some(3), Some(15.0)));
    assert!(matches!(item, Kind::Media(clip) if clip.of == [MediaKind::Image, MediaKind::Video]));
}

#[test]
fn types_of_nested_fields_have_their_own_names() {
    let Kind::List(ListSpec { item: Kind::Object(_), max, .. }) = field(everything().fields, "shots").kind else {
        panic!()
    };
    assert_eq!(max, None);
    let code = code();
    for named in ["pub type ShotsPrompt =", "pub type ShotsDuration =", "pub type Speaker =", "pub type Prompt ="] {
        assert!(code.contains(named), "{named}");
    }
}

#[test]
fn the_example_carries_what_is_always_sent() {
    assert_eq!(example(everything())["shots"], json!([{ "prompt": "Slowly", "speaker": "Speaker 1", "duration": 1 }]));
    let least = read(include_str!("accept/minimal.yaml").replace("max: 100", "max: 100, default: Dusk").as_str());
    assert_eq!(example(least.models[0]), json!({ "prompt": "A fox" }));
    let sent = include_str!("accept/minimal.yaml")
        .replace("max: 100", "max: 100, default: Dusk")
        .replace("{ prompt: A fox }", "{}");
    assert_eq!(example(read(&sent).models[0]), json!({ "prompt": "Dusk" }));
}

#[test]
fn a_requirement_on_several_fields_becomes_several_rules() {
    let model = everything();
    let lengths = model.rules.iter().filter(|rule| matches!(rule.then, Requirement::Length(..))).count();
    assert_eq!(lengths, 2);
    let first = &model.rules[0];
    assert_eq!(first.when.len(), 2);
    assert!(
        matches!(first.when[1], Condition::IsNot(path, [Literal::Text("auto")]) if path.as_str() == "type"),
        "{first:?}"
    );
    assert_eq!(model.rules[1].when, first.when, "both requirements hold under the same conditions");
    let ignored = model.rules.iter().find(|rule| matches!(rule.then, Requirement::Ignored(_))).unwrap();
    assert!(ignored.advisory);
    let groups = model.rules.iter().find_map(|rule| match rule.then {
        Requirement::Groups { of, min, max: None } => Some((of, min)),
        _ => None,
    });
    let (of, min) = groups.unwrap();
    let named: Vec<Vec<&str>> = of.iter().map(|group| group.iter().map(|path| path.as_str()).collect()).collect();
    assert_eq!((named, min), (vec![vec!["prompt"], vec!["shots", "clips"]], 1));
}

#[test]
fn money_is_whole_thousandths() {
    let price = everything().price.unwrap();
    let rows: Vec<i64> = price.rows.iter().map(|row| row.credits.milli()).collect();
    assert_eq!(rows, [1125, 9000, 3000]);
    assert_eq!(price.extra.unwrap().credits().milli(), 500);
    assert_eq!(price.times.len(), 6);
    assert!(matches!(&price.times[1], Factor::Seconds { by, at_most: Some(most), .. } if *by == 2.0 && *most == 15.0));
    assert_eq!(price.discount_until, Some("2026-12-31"));
}

#[test]
fn a_withdrawn_model_needs_no_price() {
    let registry = read(include_str!("accept/price_unknown.yaml"));
    assert!(registry.models.iter().all(|model| model.price.is_none()));
    assert_eq!(registry.models[1].status, Status::Retired);
    assert_eq!(registry.models[1].nearest, Some("fox/draw"));
}

#[test]
fn anchors_and_merge_keys_are_plain_values() {
    let registry = read(include_str!("accept/anchors.yaml"));
    let [first, second] = registry.models.as_slice() else { panic!() };
    assert!(matches!(field(first.fields, "prompt").kind, Kind::Text(TextSpec { max: Some(100), .. })));
    assert!(matches!(field(second.fields, "prompt").kind, Kind::Text(TextSpec { max: Some(50), .. })));
    assert_eq!(second.price.unwrap().rows[0].credits.milli(), 6000);
    assert_eq!(second.example, first.example);
}
