use serde_json::json;

use super::*;
use crate::Localized;
use crate::file::FileFacts;
use crate::spec::{
    ChoiceSpec, Condition, DecimalSpec, IntegerSpec, Kind, ListSpec, Literal, MediaKind, MediaSpec, NumberForm,
    OptionSpec, OutputKind, Path, Preset, Range, Requirement, ResultSpec, RuleSpec, Status, TextSpec, WebhookNeed,
};

const fn field(name: &'static str, kind: Kind) -> FieldSpec {
    FieldSpec { name, kind, label: Localized::new(["", ""]), ..FieldSpec::DEFAULT }
}

const PICTURE: MediaSpec =
    MediaSpec { of: &[MediaKind::Image], mime: &["image/png"], max_mb: Some(10.0), ..MediaSpec::DEFAULT };
const CLIP: MediaSpec = MediaSpec {
    of: &[MediaKind::Video],
    seconds: Some(Range { min: Some(2.0), max: Some(10.0) }),
    ..MediaSpec::DEFAULT
};
const SHOT: &[FieldSpec] = &[
    FieldSpec { required: true, ..field("text", Kind::Text(TextSpec { min: 1, max: Some(5), ..TextSpec::DEFAULT })) },
    FieldSpec { required: true, default: Some("3"), ..field("length", Kind::Integer(IntegerSpec::DEFAULT)) },
];

static MODEL: ModelSpec = ModelSpec {
    id: "test/model",
    aliases: &[],
    title: Localized::new(["Test", "Проба"]),
    about: Localized::new(["", ""]),
    provider: "",
    tasks: &[],
    output: OutputKind::Image,
    webhook: WebhookNeed::Optional,
    status: Status::Retired,
    nearest: None,
    route: None,
    result: ResultSpec::DEFAULT,
    next: &[],
    is_listed: true,
    fields: &[
        FieldSpec {
            required: true,
            ..field("prompt", Kind::Text(TextSpec { min: 1, max: Some(10), ..TextSpec::DEFAULT }))
        },
        FieldSpec { required: true, default: Some("\"1:1\""), ..field("aspect_ratio", RATIO) },
        FieldSpec { aliases: &["image_input"], ..field("image_url", Kind::Media(PICTURE)) },
        FieldSpec { aliases: &["video"], ..field("clips", CLIPS) },
        field("seed", Kind::Integer(IntegerSpec { min: Some(0), max: Some(9), ..IntegerSpec::DEFAULT })),
        field("steps", Kind::Integer(IntegerSpec { form: NumberForm::NumberOrString, ..IntegerSpec::DEFAULT })),
        field("strength", Kind::Decimal(DecimalSpec { min: Some(0.0), max: Some(1.0), ..DecimalSpec::DEFAULT })),
        field("sound", Kind::Boolean),
        field(
            "scale",
            Kind::Choice(ChoiceSpec::of(&[OptionSpec::new(Literal::Integer(2)), OptionSpec::new(Literal::Integer(4))])),
        ),
        field("shots", Kind::List(ListSpec { item: &Kind::Object(SHOT), min: 0, max: Some(2), total_seconds: None })),
        FieldSpec { deprecated: true, ..field("old", Kind::Boolean) },
    ],
    ignored_fields: &["num_images"],
    rules: &[
        RuleSpec {
            when: &[Condition::Is(Path::at(7, "sound"), &[Literal::Boolean(true)])],
            then: Requirement::Require(&[Path::at(3, "clips")]),
            advisory: false,
            line: 1,
        },
        RuleSpec { when: &[], then: Requirement::Ignored(&[Path::at(4, "seed")]), advisory: true, line: 2 },
    ],
    price: None,
    example: "{}",
    advises: true,
    // This model has no typed input.
    line: 1,
};
const RATIO: Kind = Kind::Choice(ChoiceSpec::of(&[
    OptionSpec::text("1:1"),
    OptionSpec::text("16:9"),
    OptionSpec::text("4:3").discontinued(),
]));
const CLIPS: Kind = Kind::List(ListSpec { item: &Kind::Media(CLIP), min: 1, max: Some(3), total_seconds: Some(12.0) });

fn map(input: Value) -> Map<String, Value> {
    match input {
        Value::Object(map) => map,
        other => panic!("{other}"),
    }
}

fn accepted(input: Value, origin: Origin) -> Value {
    let accepted = check(&MODEL, &map(input), &Files::new(), origin).unwrap_or_else(|report| panic!("{report}"));
    Value::Object(answers(&accepted.request))
}

fn kinds(input: Value, origin: Origin) -> Vec<(String, String)> {
    let report = check(&MODEL, &map(input), &Files::new(), origin).err().unwrap_or_default();
    report.violations.into_iter().map(|v| (v.field.into_owned(), v.kind.code().to_owned())).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

/// F38: the vendor refused an order without the aspect ratio, for which it had a default on paper.
/// The model has no typed input: every field is looked at.
fn check_bytes(model: impl Into<ModelRef>, bytes: &[u8], files: &Files) -> Result<Accepted, Report> {
    check_json(model, bytes, files, |_| None)
}

#[test]
fn f38_defaults_of_required_fields_are_sent_and_the_order_is_the_vendors() {
    let sent = accepted(json!({"seed": 1, "prompt": "fox"}), Origin::Json);
    assert_eq!(sent.to_string(), r#"{"prompt":"fox","aspect_ratio":"1:1","seed":1}"#);
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let input = json!({
        "prompt": "", "aspect_ratio": "5:1", "seed": 10, "strength": "x", "clips": ["x"], "image_url": "a.png",
        "promt": 1, "shots": [{"text": "abcdef"}, {"length": 1.5}], "sound": true
    });
    let expected = pairs(&[
        ("promt", "unknown_field"),
        ("prompt", "too_short"),
        ("aspect_ratio", "not_offered"),
        ("image_url", "not_url"),
        ("clips[0]", "not_url"),
        ("seed", "out_of_range"),
        ("strength", "wrong_type"),
        ("shots[0].text", "too_long"),
        ("shots[1].text", "required"),
        ("shots[1].length", "wrong_type"),
    ]);
    assert_eq!(kinds(input, Origin::Json), expected, "the rule on clips says nothing: clips are wrong already");
}

#[test]
fn rules_speak_together_with_fields() {
    let found = kinds(json!({"sound": true, "aspect_ratio": "x"}), Origin::Json);
    assert_eq!(found, pairs(&[("prompt", "required"), ("aspect_ratio", "not_offered"), ("clips", "needed_with")]));
}

#[test]
fn a_violation_says_what_was_given_and_which_name_was_meant() {
    let report = check(&MODEL, &map(json!({"prompt": "x".repeat(100), "sede": 1})), &Files::new(), Origin::Json);
    let report = report.unwrap_err();
    assert_eq!(report.violations[0].kind, ViolationKind::UnknownField { nearest: Some("seed".into()) });
    assert_eq!(report.violations[1].kind, ViolationKind::TooLong { max: 10, length: 100 });
    assert_eq!(report.violations[1].given, Some(format!("{}…", "x".repeat(60))));
}

#[test]
fn json_is_strict_where_the_vendor_is() {
    let strict =
        json!({"prompt": 5, "seed": "1", "strength": "0.5", "sound": "true", "scale": "2", "clips": "https://e.com/a"});
    let found = kinds(strict, Origin::Json);
    let fields = ["prompt", "clips", "seed", "strength", "sound", "scale"];
    assert_eq!(found, fields.map(|f| (f.to_owned(), "wrong_type".to_owned())));
    assert_eq!(accepted(json!({"prompt": "a", "steps": "5"}), Origin::Json)["steps"], json!(5), "where it is not");
    assert_eq!(accepted(json!({"prompt": "a", "seed": null}), Origin::Json).get("seed"), None, "null is no answer");
}

#[test]
fn text_becomes_what_the_field_needs() {
    let typed = json!({
        "prompt": "a", "seed": " 1", "strength": "0,5", "sound": "true", "scale": "2", "clips": "https://e.com/a",
        "image_url": "", "shots": "[{\"text\": \"x\"}]"
    });
    let expected = json!({
        "prompt": "a", "aspect_ratio": "1:1", "clips": ["https://e.com/a"], "seed": 1, "strength": 0.5, "sound": true, "scale": 2,
        "shots": [{"text": "x", "length": 3}]
    });
    assert_eq!(accepted(typed, Origin::Text), expected);
    assert_eq!(kinds(json!({"prompt": "a", "seed": "x"}), Origin::Text), pairs(&[("seed", "wrong_type")]));
    assert_eq!(kinds(json!({"prompt": ""}), Origin::Text), pairs(&[("prompt", "required")]));
}

#[test]
fn other_names_are_resolved_and_reshaped() {
    let sent =
        accepted(json!({"prompt": "a", "image_input": ["https://e.com/a"], "video": "https://e.com/b"}), Origin::Json);
    assert_eq!(sent["image_url"], json!("https://e.com/a"));
    assert_eq!(sent["clips"], json!(["https://e.com/b"]));
    assert_eq!(sent.get("image_input"), None);
    let two = json!({"prompt": "a", "image_input": ["https://e.com/a", "https://e.com/b"]});
    assert_eq!(kinds(two, Origin::Json), pairs(&[("image_url", "wrong_type")]));
    let twice = json!({"prompt": "a", "image_url": "https://e.com/a", "image_input": "https://e.com/b"});
    assert_eq!(kinds(twice, Origin::Json), pairs(&[("image_input", "given_twice")]));
    // In a text a name may come twice, in any order and with `null` beside it; a map cannot hold that.
    let found = |text: &str| check_bytes(&MODEL, text.as_bytes(), &Files::new());
    let twice =
        found(r#"{"seed": 4, "prompt": "a", "sound": null, "seed": 5, "prompt": "b", "seed": null}"#).unwrap_err();
    let twice: Vec<_> = twice.violations.iter().map(|v| (&*v.field, v.kind.code(), v.given.as_deref())).collect();
    assert_eq!(twice, [("seed", "given_twice", Some("5")), ("prompt", "given_twice", Some("b"))]);
    let mixed = found(r#"{"seed": 4, "scale": null, "prompt": "a", "image_input": "https://e.com/a"}"#).unwrap();
    let wire = r#"{"prompt":"a","aspect_ratio":"1:1","image_url":"https://e.com/a","seed":4}"#;
    assert_eq!(serde_json::to_string(&mixed.request).unwrap(), wire, "in the registry's order");
    let list = json!({"prompt": "a", "image_url": ["https://e.com/a"]});
    assert_eq!(kinds(list, Origin::Json), pairs(&[("image_url", "wrong_type")]), "its own name is strict");
}

fn facts(mime: &str, mb: u64, seconds: f64) -> FileFacts {
    let name = Some("holiday.mov".to_owned());
    FileFacts {
        mime: Some(mime.into()),
        bytes: Some(mb * 1_000_000),
        seconds: Some(seconds),
        name,
        ..FileFacts::default()
    }
}

#[test]
fn what_is_known_of_files_is_checked() {
    let files = Files::from([
        ("https://e.com/p".to_owned(), facts("image/webp", 11, 0.0)),
        ("https://e.com/c".to_owned(), facts("video/mp4", 1, 7.0)),
        ("https://e.com/d".to_owned(), facts("video/mp4", 1, 60.0)),
    ]);
    let find = |input: Value| {
        let report = check(&MODEL, &map(input), &files, Origin::Json).err().unwrap_or_default();
        report
            .violations
            .into_iter()
            .map(|v| (v.field.into_owned(), v.kind.code().to_owned(), v.given))
            .collect::<Vec<_>>()
    };
    let name = || Some("holiday.mov".to_owned());
    let picture = find(json!({"prompt": "a", "image_url": "https://e.com/p"}));
    let expected =
        [("image_url", "wrong_media"), ("image_url", "too_big")].map(|(f, c)| (f.to_owned(), c.to_owned(), name()));
    assert_eq!(picture, expected);
    let clips = find(json!({"prompt": "a", "clips": ["https://e.com/c", "https://e.com/d"]}));
    assert_eq!(clips, [("clips[1]".into(), "duration".into(), name()), ("clips".into(), "sum".into(), None)]);
    assert_eq!(find(json!({"prompt": "a", "clips": ["https://e.com/c", "https://e.com/?"]})), [], "not known");
    let both = find(json!({"prompt": "", "image_url": "https://e.com/p"}));
    assert_eq!(both.len(), 3, "files are checked although something else is wrong: {both:?}");
}

#[test]
fn advice_comes_with_an_accepted_input() {
    let input = map(json!({"prompt": "a", "seed": 1, "old": true, "aspect_ratio": "4:3"}));
    let warnings = check(&MODEL, &input, &Files::new(), Origin::Json).unwrap().warnings;
    let found: Vec<_> = warnings.iter().map(|v| (&*v.field, v.kind.code())).collect();
    assert_eq!(found, [("seed", "no_effect"), ("aspect_ratio", "discontinued"), ("old", "discontinued")]);
}

#[test]
fn what_older_callers_send_is_dropped_with_a_warning() {
    let input = map(json!({"num_images": 4, "prompt": "a", "seed": 1}));
    let accepted = check(&MODEL, &input, &Files::new(), Origin::Json).unwrap();
    assert!(!accepted.request.input().contains_key("num_images"));
    let violation = ViolationKind::NotSent;
    let ignored_fields = Violation { field: "num_images".into(), kind: violation, given: Some("4".into()) };
    assert_eq!((accepted.warnings.len(), &accepted.warnings[0]), (2, &ignored_fields));
    assert_eq!(check_bytes(&MODEL, &serde_json::to_vec(&input).unwrap(), &Files::new()).unwrap(), accepted);
    let inside = json!({"prompt": "a", "shots": [{"text": "a", "num_images": 1}]});
    assert_eq!(kinds(inside, Origin::Json), pairs(&[("shots[0].num_images", "unknown_field")]));
}

/// The warnings and what is sent.
fn told(input: Value) -> (Vec<(String, String)>, Value) {
    let accepted = check(&MODEL, &map(input), &Files::new(), Origin::Json).unwrap_or_else(|report| panic!("{report}"));
    let warnings = accepted.warnings.iter().map(|v| (v.field.to_string(), v.kind.to_string())).collect();
    (warnings, Value::Object(answers(&accepted.request)))
}

#[test]
fn what_is_left_empty_in_an_optional_field_is_not_given() {
    let (warnings, sent) = told(json!({
        "prompt": "a", "image_input": "", "clips": "", "steps": "", "strength": "", "sound": "", "scale": "", "shots": "",
    }));
    let names = ["image_url", "clips", "steps", "strength", "sound", "scale", "shots"];
    assert_eq!(warnings, names.map(|name| (name.to_owned(), "not_given".to_owned())));
    assert_eq!(sent, json!({"prompt": "a", "aspect_ratio": "1:1"}));
    let refused = json!({"prompt": "", "aspect_ratio": "", "seed": " ", "shots": [{"text": ""}]});
    let expected = [
        ("prompt", "too_short"),
        ("aspect_ratio", "not_offered"),
        ("seed", "wrong_type"),
        ("shots[0].text", "too_short"),
    ];
    assert_eq!(kinds(refused, Origin::Json), pairs(&expected), "required fields, and what is not quite empty");
    assert_eq!(kinds(json!({"prompt": "a", "zzz": ""}), Origin::Json), pairs(&[("zzz", "unknown_field")]));
    let bytes = br#"{"prompt":"a","scale":"","scale":2}"#;
    assert_eq!(check_bytes(&MODEL, bytes, &Files::new()).unwrap_err().violations[0].kind.code(), "given_twice");
}

#[test]
fn empty_items_are_left_out_and_the_others_keep_their_places() {
    let (warnings, sent) = told(json!({"prompt": "a", "clips": ["", "https://e.com/a", null, "https://e.com/b"]}));
    assert_eq!(warnings, pairs(&[("clips[0]", "not_given"), ("clips[2]", "not_given")]));
    assert_eq!(sent["clips"], json!(["https://e.com/a", "https://e.com/b"]));
    let (warnings, sent) = told(json!({"prompt": "a", "clips": ["", null]}));
    assert_eq!((warnings, sent.get("clips")), (pairs(&[("clips", "not_given")]), None));
    let wrong = json!({"prompt": "a", "clips": ["", "x", "https://e.com/a", "https://e.com/b"]});
    assert_eq!(kinds(wrong, Origin::Json), pairs(&[("clips[1]", "not_url")]), "three are not too many");
    const NEEDED: FieldSpec = FieldSpec { required: true, ..field("clips", CLIPS) };
    let refused = check_field(&NEEDED, &json!(["", null]), &Files::new(), Origin::Json).unwrap_err();
    assert_eq!(refused[0].kind, ViolationKind::TooFew { min: 1, count: 0 });
}

#[test]
fn what_holds_for_an_empty_field_is_told() {
    const SIZES: FieldSpec = FieldSpec { default: Some("\"1:1\""), ..field("size", RATIO) };
    static SIZED: ModelSpec =
        ModelSpec { fields: &[SIZES, field("words", Kind::Text(TextSpec::DEFAULT))], rules: &[], ..MODEL };
    let warnings = |model: ModelRef, input: Value| {
        let accepted = check(model, &map(input), &Files::new(), Origin::Json).unwrap();
        accepted.warnings.into_iter().map(|v| (v.field.into_owned(), v.kind, v.given)).collect::<Vec<_>>()
    };
    let not_given = |default: &str, given: Option<&str>| {
        let kind = ViolationKind::NotGiven { default: Some(default.to_owned()) };
        vec![("size".to_owned(), kind, given.map(str::to_owned))]
    };
    let plain = ModelRef::from(&SIZED);
    assert_eq!(warnings(plain, json!({"size": ""})), not_given("1:1", Some("")));
    assert_eq!(warnings(plain, json!({"size": null})), not_given("1:1", None), "some services read it as none");
    assert_eq!(warnings(plain, json!({"words": null})), [], "nothing would have counted");
    assert_eq!(warnings(plain, json!({"words": ""})), [], "a text that may be empty is given");
    let named = ModelRef { presets: &[Preset { field: "size", value: "\"16:9\"" }], ..plain };
    assert_eq!(warnings(named, json!({"size": ""})), not_given("16:9", Some("")));
}

#[test]
fn one_answer_at_a_time() {
    let of = |name: &str| MODEL.fields.iter().find(|f| f.name == name).unwrap();
    let files = Files::from([("https://e.com/p".to_owned(), facts("image/webp", 1, 0.0))]);
    assert_eq!(check_field(of("seed"), &json!("5"), &files, Origin::Text), Ok(json!(5)));
    let refused = check_field(of("seed"), &json!("50"), &files, Origin::Text).unwrap_err();
    assert_eq!(refused[0].kind, ViolationKind::OutOfRange { min: Some(0.0), max: Some(9.0) });
    assert_eq!(check_field(of("scale"), &json!(""), &files, Origin::Json), Ok(Value::Null));
    let refused = check_field(of("image_url"), &json!("https://e.com/p"), &files, Origin::Text).unwrap_err();
    assert_eq!(refused[0].kind, ViolationKind::WrongMedia { allowed: vec!["image/png".into()] });
}

#[test]
fn bytes_that_are_no_object_are_refused() {
    for bytes in [&b"[]"[..], b"{", b"", b"\xff"] {
        let report = check_bytes(&MODEL, bytes, &Files::new()).unwrap_err();
        assert_eq!(report.violations[0].kind, ViolationKind::NotAnObject);
    }
    let same = check_bytes(&MODEL, br#"{"prompt":"a"}"#, &Files::new()).unwrap();
    assert_eq!(same, check(&MODEL, &map(json!({"prompt": "a"})), &Files::new(), Origin::Json).unwrap());
}

#[test]
fn a_misspelt_field_finds_the_one_that_was_meant() {
    for (name, meant) in [
        ("promt", Some("prompt")),
        ("porpmt", Some("prompt")),
        ("aspect-ratio", Some("aspect_ratio")),
        ("imgae_input", Some("image_url")),
        ("clip", Some("clips")),
        ("qwerty", None),
        ("", None),
        ("prømpt", Some("prompt")),
        (&"prompt".repeat(40), None),
    ] {
        assert_eq!(nearest_field(&MODEL, name).as_deref(), meant, "{name}");
    }
}

/// Under a name that stands for values of every sort.
const NAMED: ModelRef = ModelRef {
    name: "test/old",
    spec: &MODEL,
    presets: &[
        Preset { field: "prompt", value: "\"a \\\"fox\\\"\"" },
        Preset { field: "aspect_ratio", value: "\"4:3\"" },
        Preset { field: "image_url", value: "\"https://e.com/old\"" },
        Preset { field: "scale", value: "4" },
        Preset { field: "shots", value: "[{\"text\":\"far\"}]" },
    ],
};

#[test]
fn what_a_name_implies_stands_in_for_what_is_not_given() {
    let found = |input: Value, origin| check(NAMED, &map(input), &Files::new(), origin).unwrap();
    let sent = |input: Value, origin| Value::Object(answers(&found(input, origin).request));
    let all = json!({
        "prompt": "a \"fox\"", "aspect_ratio": "4:3", "image_url": "https://e.com/old", "scale": 4,
        "shots": [{"text": "far", "length": 3}],
    });
    let nothing = [json!({}), json!({"prompt": null, "scale": null, "image_input": null, "shots": []})];
    for origin in [Origin::Json, Origin::Text] {
        for input in &nothing {
            let accepted = found(input.clone(), origin);
            assert_eq!(Value::Object(answers(&accepted.request)), all);
            let told: Vec<_> = accepted.warnings.iter().map(|v| (&*v.field, v.kind.code())).collect();
            assert_eq!(told, [("aspect_ratio", "discontinued")], "advice is about what is sent");
        }
    }
    assert_eq!(sent(json!({"prompt": "", "aspect_ratio": "", "scale": "", "image_input": ""}), Origin::Text), all);
    let own = json!({"prompt": "b", "aspect_ratio": "1:1", "image_input": ["https://e.com/a"], "scale": 2, "seed": 1});
    let expected = json!({
        "prompt": "b", "aspect_ratio": "1:1", "image_url": "https://e.com/a", "seed": 1, "scale": 2,
        "shots": [{"text": "far", "length": 3}],
    });
    assert_eq!(sent(own.clone(), Origin::Json), expected, "what is given wins, under another name of the field too");
    let bytes = serde_json::to_vec(&own).unwrap();
    assert_eq!(check_bytes(NAMED, &bytes, &Files::new()).unwrap(), found(own, Origin::Json));
    assert_eq!(sent(json!({"shots": [{"text": "a"}]}), Origin::Json)["shots"], json!([{"text": "a", "length": 3}]));
}

#[test]
fn a_wrong_answer_is_not_mended_by_the_name_and_rules_see_what_it_implies() {
    let refused = |named: ModelRef, input: Value| {
        let report = check(named, &map(input), &Files::new(), Origin::Json).unwrap_err();
        report.violations.into_iter().map(|v| (v.field.into_owned(), v.kind.code().to_owned())).collect::<Vec<_>>()
    };
    let wrong = json!({"scale": 3, "shots": [{}]});
    assert_eq!(refused(NAMED, wrong), pairs(&[("scale", "not_offered"), ("shots[0].text", "required")]));
    let loud = ModelRef { presets: &[Preset { field: "sound", value: "true" }], ..NAMED };
    assert_eq!(refused(loud, json!({"prompt": "a"})), pairs(&[("clips", "needed_with")]));
    assert!(check(loud, &map(json!({"prompt": "a", "sound": false})), &Files::new(), Origin::Json).is_ok());
}

#[test]
fn answers_are_completed_with_what_is_not_given() {
    let mut given = map(json!({"prompt": "b", "image_input": "https://e.com/a", "scale": null}));
    NAMED.complete(&mut given);
    let expected = json!({
        "prompt": "b", "image_input": "https://e.com/a", "scale": 4, "aspect_ratio": "4:3", "shots": [{"text": "far"}],
    });
    assert_eq!(Value::Object(given), expected);
    assert_eq!((NAMED.label(), ModelRef::from(&MODEL).label()), ("test/old", "test/model"));
    assert_eq!(ModelRef { presets: &[], ..NAMED }.label(), "test/model", "a name without values is the model's own");
}
