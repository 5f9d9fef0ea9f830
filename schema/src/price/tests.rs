use serde_json::{Map, Value, json};

use super::*;
use crate::Localized;
use crate::file::FileFacts;
use crate::spec::Kind;
use crate::spec::{
    ChoiceSpec, Condition, ExtraPrice, Factor, IntegerSpec, ListSpec, Literal, MediaKind, MediaSpec, OptionSpec, Path,
    Range, TextSpec,
};

const fn field(name: &'static str, kind: Kind, default: Option<&'static str>) -> FieldSpec {
    FieldSpec { name, kind, default, label: Localized::new(["", ""]), ..FieldSpec::DEFAULT }
}

const SOUND: MediaSpec = MediaSpec {
    of: &[MediaKind::Audio],
    seconds: Some(Range { min: None, max: Some(60.0) }),
    total_px: Some(Range { min: None, max: Some(4e6) }),
    ..MediaSpec::DEFAULT
};

const FIELDS: &[FieldSpec] = &[
    field("mode", Kind::Choice(ChoiceSpec::of(&[OptionSpec::text("std"), OptionSpec::text("pro")])), Some("\"std\"")),
    field("sound", Kind::Boolean, Some("false")),
    field("duration", Kind::Choice(ChoiceSpec::of(&[OptionSpec::text("5"), OptionSpec::text("10")])), Some("\"5\"")),
    field(
        "seconds",
        Kind::Integer(IntegerSpec { min: Some(4), max: Some(15), extra_values: &[-1], ..IntegerSpec::DEFAULT }),
        None,
    ),
    field("count", Kind::Integer(IntegerSpec::DEFAULT), None),
    field("audio", Kind::Media(SOUND), None),
    field("unlimited", Kind::Media(MediaSpec::DEFAULT), None),
    field(
        "clips",
        Kind::List(ListSpec { item: &Kind::Media(SOUND), min: 0, max: None, total_seconds: Some(15.0) }),
        None,
    ),
    field("text", Kind::Text(TextSpec::DEFAULT), None),
    field("lines", Kind::List(ListSpec { item: &Kind::Object(LINE), min: 0, max: None, total_seconds: None }), None),
    field("frames", Kind::Integer(IntegerSpec::DEFAULT), Some("80")),
    field("fps", Kind::Integer(IntegerSpec::DEFAULT), Some("16")),
];
const LINE: &[FieldSpec] = &[field("text", Kind::Text(TextSpec::DEFAULT), None)];

const fn row(when: &'static [Condition], milli: i64) -> PriceRow {
    PriceRow { when, credits: Credits::from_milli(milli) }
}

fn map(input: Value) -> Map<String, Value> {
    match input {
        Value::Object(map) => map,
        other => panic!("{other}"),
    }
}

fn files() -> Files {
    let facts = |seconds, size: Option<(u32, u32)>| FileFacts {
        seconds,
        width: size.map(|s| s.0),
        height: size.map(|s| s.1),
        ..FileFacts::default()
    };
    Files::from([
        ("https://e.com/7".to_owned(), facts(Some(7.5), None)),
        ("https://e.com/30".to_owned(), facts(Some(30.0), None)),
        ("https://e.com/px".to_owned(), facts(None, Some((1000, 1500)))),
    ])
}

fn price(spec: &'static PriceSpec, input: Value) -> Result<Quote, PriceError> {
    quote_fields(FIELDS, spec, &map(input), &files(), None)
}

fn exact(milli: i64) -> Result<Quote, PriceError> {
    Ok(Quote { credits: Credits::from_milli(milli), certainty: Certainty::Exact })
}

fn at_most(milli: i64) -> Result<Quote, PriceError> {
    Ok(Quote { credits: Credits::from_milli(milli), certainty: Certainty::AtMost })
}

const fn value(field: Path, or: Option<f64>) -> Factor {
    Factor::Value { field, or, or_when: &[], zero_means: None, plus_seconds_of: None }
}

/// A path among the fields of these tests.
macro_rules! p {
    ($path:literal) => {
        const { Path::among(FIELDS, $path) }
    };
}

const PRO: Condition = Condition::Is(p!("mode"), &[Literal::Text("pro")]);
const SOUND_ON: Condition = Condition::Is(p!("sound"), &[Literal::Boolean(true)]);

#[test]
fn the_first_row_that_fits_wins_and_defaults_count() {
    static PRICE: PriceSpec = PriceSpec {
        rows: &[row(&[PRO, SOUND_ON], 27000), row(&[PRO], 18000), row(&[SOUND_ON], 20000), row(&[], 14000)],
        times: &[value(p!("duration"), None)],
        ..PriceSpec::DEFAULT
    };
    assert_eq!(price(&PRICE, json!({})), exact(70_000), "std, silent, 5 s");
    assert_eq!(price(&PRICE, json!({"mode": "pro", "duration": "10"})), exact(180_000));
    assert_eq!(price(&PRICE, json!({"mode": "pro", "sound": true})), exact(135_000));
    assert_eq!(price(&PRICE, json!({"sound": true, "duration": "10"})), exact(200_000));
}

#[test]
fn values_compare_as_text() {
    static PRICE: PriceSpec = PriceSpec {
        rows: &[row(&[Condition::Is(p!("duration"), &[Literal::Integer(10)])], 90_000)],
        ..PriceSpec::DEFAULT
    };
    assert_eq!(price(&PRICE, json!({"duration": "10"})), exact(90_000));
    assert_eq!(price(&PRICE, json!({})), Err(PriceError::NotCovered), "no row fits the default");
}

#[test]
fn what_is_assumed_goes_before_the_default_and_behind_the_caller() {
    static PRICE: PriceSpec = PriceSpec {
        rows: &[row(&[PRO], 10_000), row(&[], 1000)],
        assume: &[(p!("mode"), Literal::Text("pro")), (p!("seconds"), Literal::Integer(6))],
        times: &[value(p!("seconds"), None)],
        ..PriceSpec::DEFAULT
    };
    assert_eq!(price(&PRICE, json!({})), exact(60_000));
    assert_eq!(price(&PRICE, json!({"mode": "std", "seconds": 4})), exact(4000));
}

#[test]
fn presence_decides_and_file_seconds_are_added() {
    static PRICE: PriceSpec = PriceSpec {
        rows: &[row(&[Condition::Present(p!("clips"))], 11_500), row(&[], 19_000)],
        times: &[Factor::Value {
            field: p!("seconds"),
            or: Some(5.0),
            or_when: &[],
            zero_means: None,
            plus_seconds_of: Some(p!("clips")),
        }],
        ..PriceSpec::DEFAULT
    };
    assert_eq!(price(&PRICE, json!({"seconds": 8})), exact(152_000));
    assert_eq!(price(&PRICE, json!({})), exact(95_000));
    // 11.5 x (4 + 7.5)
    assert_eq!(price(&PRICE, json!({"seconds": 4, "clips": ["https://e.com/7"]})), exact(132_250));
    // Unknown clips are at most 15 s together: 11.5 x (4 + 15)
    let unknown = json!({"seconds": 4, "clips": ["https://e.com/x", "https://e.com/y"]});
    assert_eq!(price(&PRICE, unknown), at_most(218_500));
}

#[test]
fn a_number_that_leaves_it_to_the_model_costs_at_most_the_largest() {
    static PRICE: PriceSpec =
        PriceSpec { rows: &[PriceRow::always(2000)], times: &[value(p!("seconds"), None)], ..PriceSpec::DEFAULT };
    assert_eq!(price(&PRICE, json!({"seconds": -1})), at_most(30_000));
    assert_eq!(price(&PRICE, json!({})), at_most(30_000), "absent and without a default");
    static OPEN: PriceSpec =
        PriceSpec { rows: &[PriceRow::always(2000)], times: &[value(p!("count"), None)], ..PriceSpec::DEFAULT };
    let open = Err(PriceError::NeedsNumber { field: "count" });
    assert_eq!(price(&OPEN, json!({})), open, "nothing limits what the model may choose");
    assert_eq!(price(&OPEN, json!({"count": -1})), open);
}

#[test]
fn a_list_counts_its_items() {
    static PRICE: PriceSpec =
        PriceSpec { rows: &[PriceRow::always(2000)], times: &[value(p!("clips"), Some(1.0))], ..PriceSpec::DEFAULT };
    assert_eq!(price(&PRICE, json!({})), exact(2000));
    assert_eq!(price(&PRICE, json!({"clips": ["https://e.com/7", "https://e.com/30"]})), exact(4000));
}

#[test]
fn a_special_case_goes_before_the_default_of_the_field() {
    static PRICE: PriceSpec = PriceSpec {
        rows: &[PriceRow::always(20_000)],
        times: &[Factor::Value {
            field: p!("duration"),
            or: None,
            or_when: &[(Condition::Absent(p!("audio")), 16.0)],
            zero_means: None,
            plus_seconds_of: None,
        }],
        ..PriceSpec::DEFAULT
    };
    assert_eq!(price(&PRICE, json!({})), exact(320_000), "the clip alone sets the length");
    assert_eq!(price(&PRICE, json!({"audio": "https://e.com/7"})), exact(100_000), "the default of 5 s");
    assert_eq!(price(&PRICE, json!({"duration": "10"})), exact(200_000), "what was given counts");
}

#[test]
fn conditional_defaults_of_a_factor() {
    static PRICE: PriceSpec = PriceSpec {
        rows: &[PriceRow::always(4800)],
        times: &[Factor::Value {
            field: p!("count"),
            or: Some(4.0),
            or_when: &[(SOUND_ON, 12.0)],
            zero_means: None,
            plus_seconds_of: None,
        }],
        ..PriceSpec::DEFAULT
    };
    assert_eq!(price(&PRICE, json!({})), exact(19_200));
    assert_eq!(price(&PRICE, json!({"sound": true})), exact(57_600));
    assert_eq!(price(&PRICE, json!({"sound": true, "count": 2})), exact(9600));
}

#[test]
fn zero_means_the_length_of_the_file() {
    static PRICE: PriceSpec = PriceSpec {
        rows: &[PriceRow::always(16_000)],
        times: &[Factor::Value {
            field: p!("count"),
            or: Some(0.0),
            or_when: &[],
            zero_means: Some(p!("audio")),
            plus_seconds_of: None,
        }],
        ..PriceSpec::DEFAULT
    };
    assert_eq!(price(&PRICE, json!({"count": 0, "audio": "https://e.com/7"})), exact(120_000));
    assert_eq!(price(&PRICE, json!({"count": 3, "audio": "https://e.com/7"})), exact(48_000));
    assert_eq!(price(&PRICE, json!({"count": 0, "audio": "https://e.com/?"})), at_most(960_000));
}

#[test]
fn seconds_of_a_file_twice_and_capped() {
    static TWICE: PriceSpec = PriceSpec {
        rows: &[PriceRow::always(28_000)],
        times: &[Factor::Seconds { of: p!("audio"), by: 2.0, at_most: None }],
        ..PriceSpec::DEFAULT
    };
    static CAPPED: PriceSpec = PriceSpec {
        rows: &[PriceRow::always(3000)],
        times: &[Factor::Seconds { of: p!("audio"), by: 1.0, at_most: Some(15.0) }],
        ..PriceSpec::DEFAULT
    };
    static UNLIMITED: PriceSpec = PriceSpec {
        rows: &[PriceRow::always(200)],
        times: &[Factor::Seconds { of: p!("unlimited"), by: 1.0, at_most: None }],
        ..PriceSpec::DEFAULT
    };
    assert_eq!(price(&TWICE, json!({"audio": "https://e.com/7"})), exact(420_000));
    assert_eq!(price(&CAPPED, json!({"audio": "https://e.com/30"})), exact(45_000));
    assert_eq!(price(&CAPPED, json!({"audio": "https://e.com/?"})), at_most(45_000));
    assert_eq!(price(&UNLIMITED, json!({"unlimited": "https://e.com/30"})), exact(6000));
    let nobody_knows = Err(PriceError::NeedsFile { field: "unlimited" });
    assert_eq!(price(&UNLIMITED, json!({"unlimited": "https://e.com/?"})), nobody_knows);
}

#[test]
fn minutes_megapixels_and_ratios() {
    static MINUTES: PriceSpec =
        PriceSpec { rows: &[PriceRow::always(3500)], times: &[Factor::Minutes(p!("audio"))], ..PriceSpec::DEFAULT };
    static PIXELS: PriceSpec =
        PriceSpec { rows: &[PriceRow::always(1000)], times: &[Factor::Megapixels(p!("audio"))], ..PriceSpec::DEFAULT };
    static FRAMES: PriceSpec = PriceSpec {
        rows: &[PriceRow::always(12_000)],
        times: &[Factor::Ratio(p!("frames"), p!("fps"))],
        ..PriceSpec::DEFAULT
    };
    assert_eq!(price(&MINUTES, json!({"audio": "https://e.com/30"})), exact(1750));
    assert_eq!(price(&PIXELS, json!({"audio": "https://e.com/px"})), exact(1500));
    assert_eq!(price(&PIXELS, json!({"audio": "https://e.com/?"})), at_most(4000));
    assert_eq!(price(&FRAMES, json!({})), exact(60_000), "80 frames at 16 a second");
    assert_eq!(price(&FRAMES, json!({"frames": 81})), exact(60_750));
    assert_eq!(price(&FRAMES, json!({"fps": 0})), Err(PriceError::NeedsNumber { field: "fps" }));
}

#[test]
fn characters_are_billed_by_the_step() {
    static TENS: PriceSpec = PriceSpec {
        rows: &[PriceRow::always(14_000)],
        times: &[Factor::Characters { of: p!("lines[].text"), step: 10 }],
        ..PriceSpec::DEFAULT
    };
    static THOUSANDS: PriceSpec = PriceSpec {
        rows: &[PriceRow::always(12_000)],
        times: &[Factor::Characters { of: p!("text"), step: 1000 }],
        ..PriceSpec::DEFAULT
    };
    let lines = json!({"lines": [{"text": "ж".repeat(60)}, {"text": "ж".repeat(7)}]});
    assert_eq!(price(&TENS, lines), exact(980), "67 characters count as 70");
    assert_eq!(price(&THOUSANDS, json!({"text": "a"})), exact(12_000));
    assert_eq!(price(&THOUSANDS, json!({"text": "a".repeat(1001)})), exact(24_000));
}

#[test]
fn further_items_cost_extra() {
    static PRICE: PriceSpec = PriceSpec {
        rows: &[PriceRow::always(5000)],
        extra: Some(ExtraPrice::Items { of: p!("clips"), free: 1, credits: Credits::from_milli(500) }),
        ..PriceSpec::DEFAULT
    };
    let clips = |n: usize| json!({"clips": vec!["https://e.com/7"; n]});
    assert_eq!(price(&PRICE, json!({})), exact(5000));
    assert_eq!(price(&PRICE, clips(1)), exact(5000));
    assert_eq!(price(&PRICE, clips(4)), exact(6500));
}

#[test]
fn a_discount_that_may_be_over_is_guarded_by_the_regular_price() {
    static PRICE: PriceSpec = PriceSpec {
        rows: &[PriceRow::always(11_700)],
        regular: &[PriceRow::always(15_500)],
        times: &[value(p!("duration"), None)],
        discount_until: Some("2026-10-07"),
        ..PriceSpec::DEFAULT
    };
    assert_eq!(price(&PRICE, json!({})), at_most(77_500));
    let on = |day| quote_fields(FIELDS, &PRICE, &map(json!({})), &files(), Some(day));
    assert_eq!((on("2026-10-07"), on("2026-10-08")), (at_most(77_500), exact(77_500)));
    static CEILING: PriceSpec = PriceSpec { rows: &[PriceRow::always(45_000)], at_most: true, ..PriceSpec::DEFAULT };
    assert_eq!(price(&CEILING, json!({})), at_most(45_000));
}

#[test]
fn files_that_come_back_cost_at_most_the_largest_count() {
    static PRICE: PriceSpec = PriceSpec {
        rows: &[row(&[PRO], 14_000), row(&[], 7000)],
        times: &[Factor::Outputs { most: 17, most_when: &[(SOUND_ON, 5.0)] }],
        ..PriceSpec::DEFAULT
    };
    assert_eq!(price(&PRICE, json!({})), at_most(119_000));
    assert_eq!(price(&PRICE, json!({"mode": "pro"})), at_most(238_000));
    assert_eq!(price(&PRICE, json!({"sound": true})), at_most(35_000));
}

#[test]
fn tokens_are_estimated_from_every_text() {
    const TOKENS: Factor = Factor::Tokens { of: &[p!("lines[].text"), p!("text")], by: 6.0, by_cjk: 12.0, plus: 500 };
    static PRICE: PriceSpec =
        PriceSpec { rows: &[PriceRow::always(1_260_000)], times: &[TOKENS], ..PriceSpec::DEFAULT };
    let text = |text: &str| price(&PRICE, json!({"text": text}));
    assert_eq!(price(&PRICE, json!({})), at_most(630), "500 tokens");
    assert_eq!(text(&"a".repeat(100)), at_most(1386), "1100 tokens");
    assert_eq!(text(&"ж".repeat(100)), at_most(1386), "characters, not bytes");
    assert_eq!(text(&"語".repeat(100)), at_most(2142), "1700 tokens");
    let lines = json!({"text": "ab", "lines": [{"text": "abc"}, {"text": "語"}]});
    assert_eq!(price(&PRICE, lines), at_most(683), "5 letters and 1 ideograph: 542 tokens");
}

#[test]
fn units_on_top_have_a_price_of_their_own() {
    const OUT: Factor = Factor::Tokens { of: &[p!("text")], by: 6.0, by_cjk: 6.0, plus: 0 };
    const IN: Factor = Factor::Tokens { of: &[p!("text")], by: 1.0, by_cjk: 1.0, plus: 100 };
    static PRICE: PriceSpec = PriceSpec {
        rows: &[PriceRow::always(2_800_000)],
        times: &[OUT],
        extra: Some(ExtraPrice::Units { times: &[IN], credits: Credits::from_milli(140_000) }),
        ..PriceSpec::DEFAULT
    };
    assert_eq!(price(&PRICE, json!({"text": "a".repeat(1000)})), at_most(16_800 + 154));
    assert!(PRICE.looks_at(8) && !PRICE.looks_at(0));
    static EXACT: PriceSpec = PriceSpec {
        rows: &[PriceRow::always(1000)],
        extra: Some(ExtraPrice::Units { times: &[value(p!("duration"), None)], credits: Credits::from_milli(200) }),
        ..PriceSpec::DEFAULT
    };
    assert_eq!(price(&EXACT, json!({"duration": "10"})), exact(3000));
}

#[test]
fn a_discount_without_a_last_day_may_end_any_day() {
    static PRICE: PriceSpec =
        PriceSpec { rows: &[PriceRow::always(8_200)], regular: &[PriceRow::always(20_500)], ..PriceSpec::DEFAULT };
    assert_eq!(price(&PRICE, json!({})), at_most(20_500));
    let on = |day| quote_fields(FIELDS, &PRICE, &map(json!({})), &files(), Some(day));
    assert_eq!((on("2026-10-07"), on("2999-01-01")), (at_most(20_500), at_most(20_500)));
}

#[test]
fn nothing_is_a_price_and_no_amount_wraps_around() {
    static FREE: PriceSpec = PriceSpec {
        rows: &[PriceRow::always(0)],
        times: &[value(p!("duration"), None)],
        extra: Some(ExtraPrice::Items { of: p!("clips"), free: 0, credits: Credits::ZERO }),
        ..PriceSpec::DEFAULT
    };
    assert_eq!(price(&FREE, json!({"clips": ["https://e.com/7"]})), exact(0));
    static HUGE: PriceSpec = PriceSpec {
        rows: &[PriceRow::always(i64::MAX)],
        times: &[Factor::Outputs { most: u32::MAX, most_when: &[] }],
        extra: Some(ExtraPrice::Units {
            times: &[Factor::Tokens { of: &[p!("text")], by: f64::MAX, by_cjk: 1.0, plus: u32::MAX }],
            credits: Credits::from_milli(i64::MAX),
        }),
        ..PriceSpec::DEFAULT
    };
    assert_eq!(price(&HUGE, json!({"text": "aaa"})), at_most(i64::MAX));
}

/// F21: balances were floating-point numbers.
#[test]
fn f21_amounts_are_rounded_up_to_a_thousandth() {
    static PRICE: PriceSpec = PriceSpec {
        rows: &[PriceRow::always(1)],
        times: &[Factor::Seconds { of: p!("audio"), by: 1.0, at_most: None }],
        ..PriceSpec::DEFAULT
    };
    assert_eq!(price(&PRICE, json!({"audio": "https://e.com/7"})), exact(8));
}
