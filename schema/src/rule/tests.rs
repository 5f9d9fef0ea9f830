use serde_json::{Value, json};

use super::*;
use crate::Localized;
use crate::file::FileFacts;
use crate::report::ViolationKind;
use crate::spec::{
    ChoiceSpec, Count, IntegerSpec, Kind, ListSpec, Literal, MediaSpec, OptionSpec, Range, Term, TextSpec,
};

const fn field(name: &'static str, kind: Kind, default: Option<&'static str>) -> FieldSpec {
    FieldSpec { name, kind, default, label: Localized::new(["", ""]), ..FieldSpec::DEFAULT }
}

const FILES: Kind =
    Kind::List(ListSpec { item: &Kind::Media(MediaSpec::DEFAULT), min: 0, max: None, total_seconds: None });
const SHOT: &[FieldSpec] = &[
    field("text", Kind::Text(TextSpec::DEFAULT), None),
    field("duration", Kind::Integer(IntegerSpec::DEFAULT), None),
    field("start", Kind::Integer(IntegerSpec::DEFAULT), Some("0")),
    field("end", Kind::Integer(IntegerSpec::DEFAULT), Some("8000")),
    field("files", FILES, None),
];
const FIELDS: &[FieldSpec] = &[
    field("prompt", Kind::Text(TextSpec::DEFAULT), None),
    field("size", Kind::Choice(ChoiceSpec::of(&[OptionSpec::text("1K"), OptionSpec::text("4K")])), Some("\"1K\"")),
    field("multi", Kind::Boolean, Some("false")),
    field("duration", Kind::Choice(ChoiceSpec::of(&[OptionSpec::text("5"), OptionSpec::text("10")])), Some("\"5\"")),
    field("first", Kind::Media(MediaSpec::DEFAULT), None),
    field("last", Kind::Media(MediaSpec::DEFAULT), None),
    field("images", FILES, None),
    field("boxes", Kind::List(ListSpec { item: &Kind::Boolean, min: 0, max: None, total_seconds: None }), None),
    field("shots", Kind::List(ListSpec { item: &Kind::Object(SHOT), min: 0, max: None, total_seconds: None }), None),
    field(
        "names",
        Kind::List(ListSpec { item: &Kind::Text(TextSpec::DEFAULT), min: 0, max: None, total_seconds: None }),
        None,
    ),
];

/// A path among the fields of these tests.
macro_rules! p {
    ($path:literal) => {
        const { Path::among(FIELDS, $path) }
    };
}

const MULTI: Condition = Condition::Is(p!("multi"), &[Literal::Boolean(true)]);

/// What a rule finds in an input.
fn run(when: &'static [Condition], then: Requirement, input: Value) -> Vec<(String, ViolationKind)> {
    run_with(when, then, input, &Files::new())
}

fn run_with(
    when: &'static [Condition],
    then: Requirement,
    input: Value,
    files: &Files,
) -> Vec<(String, ViolationKind)> {
    let rule: &'static RuleSpec = Box::leak(Box::new(RuleSpec { when, then, advisory: false, line: 1 }));
    let Value::Object(input) = input else { panic!("{input}") };
    let report = check_rules(FIELDS, std::slice::from_ref(rule), &input, files, &[]);
    report.violations.into_iter().chain(report.warnings).map(|v| (v.field.into_owned(), v.kind)).collect()
}

fn range(min: impl Into<Option<f64>>, max: impl Into<Option<f64>>) -> Range {
    Range { min: min.into(), max: max.into() }
}

fn because(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

#[test]
fn conditions_hold_for_values_defaults_and_presence() {
    let holds =
        |when: &'static [Condition], input: Value| !run(when, Requirement::Require(&[p!("prompt")]), input).is_empty();
    assert!(holds(&[], json!({})), "no condition always holds");
    assert!(holds(&[Condition::Is(p!("size"), &[Literal::Text("1K")])], json!({})), "the default counts");
    assert!(!holds(&[Condition::Is(p!("size"), &[Literal::Text("1K")])], json!({"size": "4K"})));
    assert!(holds(&[Condition::Is(p!("duration"), &[Literal::Integer(10)])], json!({"duration": "10"})), "as text");
    assert!(holds(&[Condition::IsNot(p!("size"), &[Literal::Text("4K")])], json!({})));
    assert!(!holds(&[Condition::IsNot(p!("size"), &[Literal::Text("4K")])], json!({"size": "4K"})));
    assert!(holds(&[Condition::IsNot(p!("first"), &[Literal::Text("x")])], json!({})), "absent is not that value");
    assert!(holds(&[Condition::Present(p!("images"))], json!({"images": ["https://e.com/a"]})));
    assert!(!holds(&[Condition::Present(p!("images"))], json!({"images": []})), "an empty list is nothing");
    assert!(!holds(&[Condition::Present(p!("size"))], json!({})), "a default was not given");
    assert!(holds(&[Condition::Absent(p!("first"))], json!({"first": ""})));
    assert!(!holds(&[Condition::Absent(p!("first"))], json!({"first": "https://e.com/a"})));
    assert!(holds(&[Condition::Items(p!("images"), 2)], json!({"images": ["a", "b"]})));
    assert!(!holds(&[Condition::Items(p!("images"), 2)], json!({"images": ["a"]})));
    assert!(holds(
        &[Condition::Is(p!("shots[].duration"), &[Literal::Integer(3)])],
        json!({"shots": [{}, {"duration": 3}]})
    ));
    assert!(!holds(&[MULTI, Condition::Present(p!("first"))], json!({"multi": true})), "all must hold");
}

#[test]
fn require() {
    let rule = || Requirement::Require(&[p!("prompt"), p!("size")]);
    assert_eq!(run(&[MULTI], rule(), json!({"multi": true, "prompt": "x"})), [], "the default of size is enough");
    let missing = ("prompt".to_owned(), ViolationKind::NeededWith { because: because(&["multi"]) });
    assert_eq!(run(&[MULTI], rule(), json!({"multi": true})), vec![missing.clone()]);
    assert_eq!(run(&[MULTI], rule(), json!({"multi": true, "prompt": ""})), [missing]);
    assert_eq!(run(&[MULTI], rule(), json!({})), []);
}

#[test]
fn a_demand_on_items_is_made_of_each() {
    let when: &[Condition] = &[Condition::Present(p!("shots[].files"))];
    let input = json!({"shots": [{"files": ["a"]}, {"files": ["a"], "text": "x"}, {}]});
    let violation = ViolationKind::NeededWith { because: because(&["shots[].files"]) };
    assert_eq!(
        run(when, Requirement::Require(&[p!("shots[].text")]), input),
        [("shots[0].text".to_owned(), violation)]
    );
}

#[test]
fn groups() {
    let of: &[&[Path]] = &[&[p!("first"), p!("last")], &[p!("images")]];
    let violation = |min, max| ViolationKind::OneOf { fields: because(&["first + last", "images"]), min, max };
    let both = || json!({"last": "https://e.com/a", "images": ["https://e.com/b"]});
    assert_eq!(run(&[], Requirement::Groups { of, min: 0, max: Some(1) }, json!({"first": "a", "last": "b"})), []);
    assert_eq!(run(&[], Requirement::Groups { of, min: 0, max: Some(1) }, json!({})), []);
    assert_eq!(
        run(&[], Requirement::Groups { of, min: 0, max: Some(1) }, both()),
        [(String::new(), violation(0, Some(1)))]
    );
    assert_eq!(run(&[], Requirement::Groups { of, min: 1, max: None }, both()), []);
    assert_eq!(
        run(&[], Requirement::Groups { of, min: 1, max: None }, json!({})),
        [(String::new(), violation(1, None))]
    );
}

#[test]
fn forbid_and_ignored() {
    let violation = ViolationKind::NotWith { because: because(&["multi"]) };
    let input = || json!({"multi": true, "images": ["https://e.com/a"]});
    assert_eq!(
        run(&[MULTI], Requirement::Forbid(&[p!("images"), p!("size")]), input()),
        [("images".to_owned(), violation)]
    );
    assert_eq!(
        run(&[MULTI], Requirement::Forbid(&[p!("images"), p!("size")]), json!({"multi": true})),
        [],
        "a default is not given"
    );
    let violation = ViolationKind::NoEffect { because: because(&["multi"]) };
    assert_eq!(run(&[MULTI], Requirement::Ignored(&[p!("images")]), input()), [("images".to_owned(), violation)]);
}

#[test]
fn what_is_ignored_or_advised_only_warns() {
    static RULES: &[RuleSpec] = &[
        RuleSpec { when: &[], then: Requirement::Ignored(&[p!("prompt")]), advisory: false, line: 1 },
        RuleSpec { when: &[], then: Requirement::Forbid(&[p!("prompt")]), advisory: true, line: 2 },
    ];
    let input = json!({"prompt": "x"});
    let report = check_rules(FIELDS, RULES, input.as_object().unwrap(), &Files::new(), &[]);
    assert!(report.is_valid());
    assert_eq!(report.warnings.len(), 2);
    assert_eq!(report.warnings[0].given.as_deref(), Some("x"));
    let broken = check_rules(FIELDS, RULES, input.as_object().unwrap(), &Files::new(), &[0]);
    assert_eq!(broken, Report::default(), "nothing is said of a field that is wrong anyway");
}

#[test]
fn allow_and_refuse() {
    let allow = || Requirement::Allow(p!("size"), &[Literal::Text("1K")]);
    let violation = ViolationKind::NotOffered { values: because(&["1K"]) };
    assert_eq!(run(&[], allow(), json!({})), []);
    assert_eq!(run(&[], allow(), json!({"size": "4K"})), [("size".to_owned(), violation)]);
    assert_eq!(run(&[], Requirement::Allow(p!("first"), &[Literal::Text("x")]), json!({})), [], "absent is allowed");
    let refuse = |value| Requirement::Refuse(p!("size"), value);
    let violation = ViolationKind::Refused { values: because(&["1K"]) };
    assert_eq!(
        run(&[], refuse(&[Literal::Text("1K")]), json!({})),
        [("size".to_owned(), violation)],
        "the default counts"
    );
    assert_eq!(run(&[], refuse(&[Literal::Text("4K")]), json!({})), []);
}

#[test]
fn length_within_and_count() {
    let length = || Requirement::Length(p!("prompt"), range(2.0, 3.0));
    assert_eq!(run(&[], length(), json!({})), []);
    assert_eq!(run(&[], length(), json!({"prompt": "жж"})), []);
    let field = "prompt".to_owned();
    assert_eq!(
        run(&[], length(), json!({"prompt": "ж"})),
        [(field.clone(), ViolationKind::TooShort { min: 2, length: 1 })]
    );
    assert_eq!(run(&[], length(), json!({"prompt": "жжжж"})), [(field, ViolationKind::TooLong { max: 3, length: 4 })]);

    let within = || Requirement::Within(p!("duration"), range(None, 5.0));
    assert_eq!(run(&[], within(), json!({})), [], "the default counts");
    let violation = ViolationKind::OutOfRange { min: None, max: Some(5.0) };
    assert_eq!(run(&[], within(), json!({"duration": "10"})), [("duration".to_owned(), violation)]);

    let count = || Requirement::Count(p!("images"), range(1.0, 2.0));
    assert_eq!(run(&[], count(), json!({})), [], "nothing was given");
    assert_eq!(run(&[], count(), json!({"images": ["a", "b"]})), []);
    let violation = ViolationKind::TooMany { max: 2, count: 3 };
    assert_eq!(run(&[], count(), json!({"images": ["a", "b", "c"]})), [("images".to_owned(), violation)]);
    let violation = ViolationKind::TooFew { min: 1, count: 0 };
    assert_eq!(run(&[], count(), json!({"images": []})), [("images".to_owned(), violation)]);
}

fn files() -> Files {
    let facts = |seconds, size: (u32, u32), mime: &str| FileFacts {
        seconds: Some(seconds),
        width: Some(size.0),
        height: Some(size.1),
        mime: Some(mime.to_owned()),
        bytes: Some(6_000_000),
        name: None,
    };
    Files::from([
        ("https://e.com/3".to_owned(), facts(3.0, (100, 200), "video/mp4")),
        ("https://e.com/9".to_owned(), facts(9.0, (100, 201), "image/png")),
    ])
}

#[test]
fn seconds_of_files() {
    let seconds = || Requirement::Seconds(p!("images"), range(2.0, 5.0));
    let field = "images".to_owned();
    assert_eq!(run_with(&[], seconds(), json!({"images": ["https://e.com/3", "https://e.com/?"]}), &files()), []);
    let violation = ViolationKind::Duration { min: Some(2.0), max: Some(5.0), seconds: 9.0 };
    assert_eq!(
        run_with(&[], seconds(), json!({"images": ["https://e.com/3", "https://e.com/9"]}), &files()),
        [(field, violation)]
    );
    let violation = ViolationKind::Duration { min: None, max: Some(5.0), seconds: 9.0 };
    let single = Requirement::Seconds(p!("first"), range(None, 5.0));
    assert_eq!(run_with(&[], single, json!({"first": "https://e.com/9"}), &files()), [("first".to_owned(), violation)]);
}

#[test]
fn sums() {
    const fn term(field: Path, count: Count, weight: f64) -> Term {
        Term { field, count, weight }
    }
    let sum = |of: &'static [Term], max, exact| Requirement::Sum { of, max, exact };
    let sums = |then, input| {
        run_with(&[], then, input, &files())
            .into_iter()
            .map(|(f, violation)| match violation {
                ViolationKind::Sum { sum, max, .. } => (f, sum, max),
                other => panic!("{other}"),
            })
            .collect::<Vec<_>>()
    };
    let shots = |a: i64, b: i64| json!({"duration": "10", "shots": [{"duration": a}, {"duration": b}]});
    const SHOTS: &[Term] = &[term(p!("shots[].duration"), Count::Value, 1.0)];
    let field = |name: &str| name.to_owned();
    assert_eq!(sums(sum(SHOTS, SumLimit::Field(p!("duration")), true), shots(4, 6)), []);
    assert_eq!(sums(sum(SHOTS, SumLimit::Field(p!("duration")), true), shots(4, 5)), [(field("shots"), 9.0, 10.0)]);
    assert_eq!(sums(sum(SHOTS, SumLimit::Field(p!("duration")), false), shots(4, 5)), []);
    assert_eq!(sums(sum(SHOTS, SumLimit::Field(p!("duration")), false), shots(4, 7)), [(field("shots"), 11.0, 10.0)]);
    assert_eq!(sums(sum(SHOTS, SumLimit::Field(p!("duration")), true), json!({})), [], "nothing to add up");

    const COUNTED: &[Term] = &[term(p!("images"), Count::Items, 1.0), term(p!("first"), Count::Presence, 2.0)];
    let given = json!({"images": ["a", "b"], "first": "https://e.com/a"});
    assert_eq!(sums(sum(COUNTED, SumLimit::Number(4.0), false), given.clone()), []);
    assert_eq!(sums(sum(COUNTED, SumLimit::Number(3.0), false), given), [(field("images"), 4.0, 3.0)]);

    const LETTERS: &[Term] =
        &[term(p!("shots[].text"), Count::Characters, 1.0), term(p!("names"), Count::Characters, 1.0)];
    let given = json!({"shots": [{"text": "жж"}, {"text": "ж"}], "names": ["ab"]});
    assert_eq!(sums(sum(LETTERS, SumLimit::Number(5.0), false), given.clone()), []);
    assert_eq!(sums(sum(LETTERS, SumLimit::Number(4.0), false), given), [(field("shots"), 5.0, 4.0)]);

    const LASTS: &[Term] = &[term(p!("images"), Count::Seconds, 1.0)];
    let known = json!({"images": ["https://e.com/3", "https://e.com/9"]});
    assert_eq!(sums(sum(LASTS, SumLimit::Number(12.0), false), known.clone()), []);
    assert_eq!(sums(sum(LASTS, SumLimit::Number(11.0), false), known), [(field("images"), 12.0, 11.0)]);
    let unknown = json!({"images": ["https://e.com/3", "https://e.com/?"]});
    assert_eq!(sums(sum(LASTS, SumLimit::Number(12.0), true), unknown), [], "the rest may be what is missing");

    const WEIGHS: &[Term] = &[term(p!("images"), Count::Megabytes, 1.0)];
    let known = json!({"images": ["https://e.com/3", "https://e.com/9"]});
    assert_eq!(sums(sum(WEIGHS, SumLimit::Number(12.0), false), known.clone()), []);
    assert_eq!(sums(sum(WEIGHS, SumLimit::Number(10.0), false), known), [(field("images"), 12.0, 10.0)]);
}

#[test]
fn difference() {
    let rule = |range| Requirement::Difference { greater: p!("shots[].end"), smaller: p!("shots[].start"), range };
    let shots = |start: i64, end: i64| json!({"shots": [{}, {"start": start, "end": end}]});
    assert_eq!(run(&[], rule(range(3000.0, 8000.0)), shots(0, 3000)), [], "the first item has its defaults");
    let violation =
        ViolationKind::Difference { smaller: "shots[1].start".into(), min: Some(3000.0), max: Some(8000.0) };
    assert_eq!(run(&[], rule(range(3000.0, 8000.0)), shots(0, 2999)), [("shots[1].end".to_owned(), violation)]);
    let violation = ViolationKind::Difference { smaller: "shots[1].start".into(), min: None, max: None };
    assert_eq!(run(&[], rule(range(None, None)), shots(5, 5)), [("shots[1].end".to_owned(), violation)]);
    assert_eq!(run(&[], rule(range(None, None)), shots(5, 6)), []);
}

#[test]
fn same_count_and_same_size() {
    let rule = || Requirement::SameCount(&[p!("images"), p!("boxes")]);
    assert_eq!(run(&[], rule(), json!({"images": ["a"], "boxes": [true]})), []);
    let violation = ViolationKind::SameCount { other: "images".into() };
    assert_eq!(
        run(&[], rule(), json!({"images": ["a"], "boxes": [true, true]})),
        vec![("boxes".to_owned(), violation.clone())]
    );
    assert_eq!(run(&[], rule(), json!({"boxes": [true]})), [("boxes".to_owned(), violation)], "no list has no items");

    let rule = || Requirement::SameSize(&[p!("first"), p!("last")]);
    let pair = |last: &str| json!({"first": "https://e.com/3", "last": format!("https://e.com/{last}")});
    let violation = ViolationKind::Pixels { measure: "same_size", min: None, max: None };
    assert_eq!(run_with(&[], rule(), pair("3"), &files()), []);
    assert_eq!(run_with(&[], rule(), pair("?"), &files()), [], "not known");
    assert_eq!(run_with(&[], rule(), pair("9"), &files()), [("last".to_owned(), violation)]);
}

#[test]
fn unique_and_refers() {
    let input = json!({"shots": [{"text": "a"}, {"text": "b"}, {"text": "a"}], "names": ["a"]});
    assert_eq!(
        run(&[], Requirement::Unique(p!("shots[].text")), input.clone()),
        [("shots[2].text".to_owned(), ViolationKind::Repeated)]
    );
    assert_eq!(run(&[], Requirement::Unique(p!("shots[].text")), json!({"shots": [{}, {}]})), []);
    let violation = ViolationKind::Unmatched { target: "names[]".into() };
    assert_eq!(
        run(&[], Requirement::Refers(p!("shots[].text"), p!("names[]")), input),
        [("shots[1].text".to_owned(), violation)]
    );
    assert_eq!(run(&[], Requirement::Refers(p!("shots[].text"), p!("names[]")), json!({"shots": [{}]})), []);
}

#[test]
fn pictures_or_clips() {
    let rule =
        || Requirement::ImagesOrVideos { of: p!("shots[].files"), images: range(2.0, 4.0), videos: range(1.0, 1.0) };
    let check = |urls: &[&str]| run_with(&[], rule(), json!({"shots": [{}, {"files": urls}]}), &files());
    let field = || "shots[1].files".to_owned();
    assert_eq!(check(&["https://e.com/a.png", "https://e.com/9"]), [], "one told by its name, one by what is known");
    assert_eq!(check(&["https://e.com/3"]), []);
    assert_eq!(check(&["https://e.com/unknown"]), [], "may be a clip");
    assert_eq!(check(&["https://e.com/a.png"]), [(field(), ViolationKind::TooFew { min: 2, count: 1 })]);
    assert_eq!(
        check(&["https://e.com/a.mp4", "https://e.com/b.mp4"]),
        [(field(), ViolationKind::TooMany { max: 1, count: 2 })]
    );
    let mixed = ViolationKind::OneOf { fields: because(&["image", "video"]), min: 1, max: Some(1) };
    assert_eq!(check(&["https://e.com/a.mp4", "https://e.com/b.png"]), [(field(), mixed)]);
    assert_eq!(check(&["https://e.com/u"; 5]), [(field(), ViolationKind::TooMany { max: 4, count: 5 })]);
}
