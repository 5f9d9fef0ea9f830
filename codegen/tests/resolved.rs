//! What the author left out or wrote short is spelled out in the resolved registry.

#![allow(clippy::unwrap_used, reason = "a panic in a test is how it fails")]

use kie_codegen::parse;
use kie_codegen::resolved::{
    Condition, Factor, Field, Kind, Literal, MediaKind, Model, Range, Registry, Requirement, Status, Words,
};
use serde_json::json;

fn read(text: &str) -> Registry {
    parse::registry("fixture.yaml", text).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

fn everything() -> Model {
    read(include_str!("accept/everything.yaml")).models.remove(0)
}

fn field<'a>(fields: &'a [Field], name: &str) -> &'a Field {
    fields.iter().find(|field| field.name == name).unwrap()
}

fn text(value: &str) -> Literal {
    Literal::Text(value.to_owned())
}

#[test]
fn a_model_has_rust_names_and_the_tasks_in_its_own_order() {
    let registry = read(include_str!("accept/everything.yaml"));
    let model = &registry.models[0];
    assert_eq!((model.type_name.as_str(), model.module_name.as_str()), ("DenFox25", "den_fox_2_5"));
    let tasks: Vec<&str> = model.tasks.iter().map(|index| registry.tasks[*index].id.as_str()).collect();
    assert_eq!(tasks, ["image_to_video", "video_edit"]);
    assert_eq!(model.title, Words { en: "Fox 2.5".to_owned(), ru: "Лиса 2.5".to_owned() });
    assert_eq!(model.line, 11);
    assert_eq!(field(&model.fields, "type").rust_name, "r#type");
}

#[test]
fn an_alias_has_the_values_that_are_written_behind_it() {
    let aliases = everything().aliases;
    let implied: Vec<_> = aliases.iter().map(|alias| (alias.name.as_str(), alias.implied.clone())).collect();
    let values = [
        ("strength".to_owned(), json!(0.2)),
        ("resolution".to_owned(), json!("4K")),
        ("tags".to_owned(), json!(["wild"])),
        ("camera".to_owned(), json!({ "pan": 1 })),
    ];
    assert_eq!(
        implied,
        [("fox", vec![]), ("fox-video", values.to_vec()), ("fox-calm", vec![("speed".to_owned(), json!(1))])]
    );
    let of_names = read(include_str!("accept/names.yaml")).models.remove(0).aliases;
    let [only] = of_names.as_slice() else { panic!("{of_names:?}") };
    assert_eq!((only.name.as_str(), &only.implied[..]), ("model", &[("shots_item".to_owned(), json!("b"))][..]));
}

#[test]
fn a_required_text_is_not_empty_and_an_optional_one_may_be() {
    let fields = everything().fields;
    assert!(matches!(field(&fields, "prompt").kind, Kind::Text { min: 1, max: Some(1000), max_cjk: Some(500), .. }));
    assert!(matches!(field(&fields, "negative").kind, Kind::Text { min: 2, .. }));
    assert!(matches!(field(&fields, "color").kind, Kind::Text { min: 0, .. }));
}

#[test]
fn sets_are_spread_and_values_get_variants_and_words() {
    let fields = everything().fields;
    let Kind::Choice { options } = &field(&fields, "type").kind else { panic!() };
    let variants: Vec<&str> = options.iter().map(|option| option.variant.as_str()).collect();
    assert_eq!(variants, ["R1x1", "R16x9", "Auto"]);
    assert_eq!(options[0].label, Some(Words { en: "Square".to_owned(), ru: "Квадрат".to_owned() }));
    assert_eq!(options[2].label, None);
    let Kind::Choice { options } = &field(&fields, "resolution").kind else { panic!() };
    let shown: Vec<_> = options.iter().map(|option| (option.variant.as_str(), option.discontinued)).collect();
    assert_eq!(shown, [("P768Upper", true), ("P768Lower", false), ("P1080", false), ("K4", false)]);
    let Kind::Choice { options } = &field(&fields, "speed").kind else { panic!() };
    assert_eq!(options[1].value, Literal::Decimal(1.0), "whole numbers beside fractions are fractions");
}

#[test]
fn files_get_whole_mime_types_and_a_count_makes_a_list() {
    let fields = everything().fields;
    let Kind::Media(first) = &field(&fields, "first").kind else { panic!() };
    assert_eq!(first.mime, ["image/jpeg", "image/png", "image/webp"]);
    assert_eq!(first.schemes, ["asset"]);
    assert_eq!(first.side_px, Some(Range { min: Some(300.0), max: None }));
    let Kind::Media(last) = &field(&fields, "last").kind else { panic!() };
    assert_eq!(last.mime, ["image/jpeg", "image/png", "image/webp", "image/bmp"]);
    let Kind::List { item, min, max, total_seconds } = &field(&fields, "clips").kind else { panic!() };
    assert_eq!((*min, *max, *total_seconds), (1, Some(3), Some(15.0)));
    assert!(matches!(&**item, Kind::Media(clip) if clip.of == [MediaKind::Image, MediaKind::Video]));
}

#[test]
fn types_of_nested_fields_have_their_own_names() {
    let model = everything();
    let Kind::List { item, max, .. } = &field(&model.fields, "shots").kind else { panic!() };
    assert_eq!(*max, None);
    let Kind::Object { fields } = &**item else { panic!() };
    let names: Vec<&str> = fields.iter().map(|field| field.type_name.as_str()).collect();
    assert_eq!(names, ["ShotsPrompt", "ShotsDuration", "Speaker"]);
    assert_eq!(field(&model.fields, "prompt").type_name, "Prompt");
}

#[test]
fn the_example_carries_what_is_always_sent() {
    let model = everything();
    assert_eq!(model.example["shots"], json!([{ "prompt": "Slowly", "speaker": "Speaker 1", "duration": 1 }]));
    let least = read(include_str!("accept/minimal.yaml").replace("max: 100", "max: 100, default: Dusk").as_str());
    assert_eq!(least.models[0].example, json!({ "prompt": "A fox" }));
    let sent = include_str!("accept/minimal.yaml")
        .replace("max: 100", "max: 100, default: Dusk")
        .replace("{ prompt: A fox }", "{}");
    assert_eq!(read(&sent).models[0].example, json!({ "prompt": "Dusk" }));
}

#[test]
fn a_requirement_on_several_fields_becomes_several_rules() {
    let model = everything();
    let lengths: Vec<&Requirement> =
        model.rules.iter().map(|rule| &rule.then).filter(|then| matches!(then, Requirement::Length(..))).collect();
    assert_eq!(lengths.len(), 2);
    let first = &model.rules[0];
    assert_eq!(first.when.len(), 2);
    assert_eq!(first.when[1], Condition::IsNot("type".to_owned(), vec![text("auto")]));
    assert_eq!(model.rules[1].when, first.when, "both requirements hold under the same conditions");
    let ignored = model.rules.iter().find(|rule| matches!(rule.then, Requirement::Ignored(_))).unwrap();
    assert!(ignored.advisory);
    let groups = model.rules.iter().find_map(|rule| match &rule.then {
        Requirement::Groups { of, min, max: None } => Some((of.clone(), *min)),
        _ => None,
    });
    let path = |name: &str| name.to_owned();
    assert_eq!(groups, Some((vec![vec![path("prompt")], vec![path("shots"), path("clips")]], 1)));
}

#[test]
fn money_is_whole_thousandths() {
    let price = everything().price.unwrap();
    let rows: Vec<i64> = price.rows.iter().map(|row| row.millicredits).collect();
    assert_eq!(rows, [1125, 9000, 3000]);
    assert_eq!(price.extra.unwrap().millicredits, 500);
    assert_eq!(price.times.len(), 6);
    assert!(matches!(&price.times[1], Factor::Seconds { by, at_most: Some(most), .. } if *by == 2.0 && *most == 15.0));
    assert_eq!(price.discount_until.as_deref(), Some("2026-12-31"));
}

#[test]
fn a_withdrawn_model_needs_no_price() {
    let registry = read(include_str!("accept/price_unknown.yaml"));
    assert!(registry.models.iter().all(|model| model.price.is_none()));
    assert_eq!(registry.models[1].status, Status::Retired);
    assert_eq!(registry.models[1].nearest.as_deref(), Some("fox/draw"));
}

#[test]
fn anchors_and_merge_keys_are_plain_values() {
    let registry = read(include_str!("accept/anchors.yaml"));
    let [first, second] = registry.models.as_slice() else { panic!() };
    assert!(matches!(field(&first.fields, "prompt").kind, Kind::Text { max: Some(100), .. }));
    assert!(matches!(field(&second.fields, "prompt").kind, Kind::Text { max: Some(50), .. }));
    assert_eq!(second.price.as_ref().unwrap().rows[0].millicredits, 6000);
    assert_eq!(second.example, first.example);
}
