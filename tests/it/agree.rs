//! The build judges defaults by the check of the form. What it takes as a default, a constructor reads without asking: what the
//! author wrote and what people send must be judged alike.

use kie::form::{self, Origin};
use kie::schema::Files;
use kie::schema::spec::{
    ChoiceSpec, DecimalSpec, FieldSpec, IntegerSpec, Kind, ListSpec, Literal, MediaKind, MediaSpec, OptionSpec,
    TaskRefSpec, TextFormat, TextSpec,
};
use kie_codegen::diagnostic::Code;
use kie_codegen::parse;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A field as the registry writes it, without the braces, and the same as the runtime has it.
type Field = (String, Kind);

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// `, key: value` where there is one.
fn key<T: std::fmt::Display>(name: &str, value: Option<T>) -> String {
    value.map(|value| format!(", {name}: {value}")).unwrap_or_default()
}

fn texts() -> impl Strategy<Value = Field> {
    let formats = prop_oneof![
        5 => Just(None),
        1 => Just(Some(("speaker", TextFormat::Speaker))),
        1 => Just(Some(("hex_color", TextFormat::HexColor))),
        1 => Just(Some(("percent", TextFormat::Percent))),
        2 => Just(Some(("seconds_range", TextFormat::SecondsRange))),
    ];
    (0..4_u32, proptest::option::of(0..4_u32), proptest::option::of(0..6_u32), formats).prop_map(
        |(min, more, cjk, format)| {
            let (max, max_cjk) = (more.map(|more| (min + more).max(1)), cjk.map(|cjk| cjk.max(min).max(1)));
            let word = format.map(|(word, _)| word);
            let yaml = format!(
                "type: string, min: {min}{}{}{}",
                key("max", max),
                key("max_cjk", max_cjk),
                key("format", word)
            );
            (yaml, Kind::Text(TextSpec { min, max, max_cjk, format: format.map(|(_, format)| format) }))
        },
    )
}

fn integers() -> impl Strategy<Value = Field> {
    let limits = (proptest::option::of(-3..4_i64), proptest::option::of(0..9_i64), proptest::option::of(1..4_i64));
    (limits, any::<bool>(), any::<bool>()).prop_map(|((min, more, step), has_also, has_except)| {
        let max = more.map(|more| min.unwrap_or(0) + more);
        let extra_values: &'static [i64] = min.filter(|_| has_also).map_or(&[], |min| leak([min - 2]));
        let excluded: &'static [i64] = if has_except { leak([max.or(min).unwrap_or(1)]) } else { &[] };
        let list =
            |name: &str, values: &[i64]| values.first().map(|value| format!(", {name}: [{value}]")).unwrap_or_default();
        let yaml = format!(
            "type: integer{}{}{}{}{}",
            key("min", min),
            key("max", max),
            key("step", step),
            list("also", extra_values),
            list("except", excluded)
        );
        (yaml, Kind::Integer(IntegerSpec { min, max, step, extra_values, excluded, ..IntegerSpec::DEFAULT }))
    })
}

fn decimals() -> impl Strategy<Value = Field> {
    let steps = prop_oneof![Just(None), Just(Some(0.1)), Just(Some(0.01)), Just(Some(0.5)), Just(Some(3.0))];
    (proptest::option::of(-2..2_i32), proptest::option::of(1..4_i32), any::<bool>(), steps).prop_map(
        |(min, more, above, step)| {
            let (min, max) = (min.map(f64::from), more.map(|more| f64::from(min.unwrap_or(0) + more)));
            let above_min = above && min.is_some();
            let low = if above_min { "above" } else { "min" };
            let yaml = format!("type: number{}{}{}", key(low, min), key("max", max), key("step", step));
            (yaml, Kind::Decimal(DecimalSpec { min, max, above_min, step }))
        },
    )
}

fn choices() -> impl Strategy<Value = Field> {
    let of = |options: &'static [OptionSpec], yaml: &str| (yaml.to_owned(), options);
    prop_oneof![
        Just(of(leak([OptionSpec::text("a"), OptionSpec::text("1"), OptionSpec::text("true")]), "[a, '1', 'true']")),
        Just(of(leak([OptionSpec::new(Literal::Integer(1)), OptionSpec::new(Literal::Integer(2))]), "[1, 2]")),
        Just(of(leak([OptionSpec::new(Literal::Decimal(0.5)), OptionSpec::new(Literal::Decimal(1.0))]), "[0.5, 1]")),
        Just(of(leak([OptionSpec::new(Literal::Boolean(true))]), "[true]")),
    ]
    .prop_map(|(values, options)| (format!("type: enum, values: {values}"), Kind::Choice(ChoiceSpec::of(options))))
}

fn plain() -> impl Strategy<Value = Field> {
    any::<bool>().prop_map(|flag| match flag {
        true => ("type: boolean".to_owned(), Kind::Boolean),
        false => ("type: task".to_owned(), Kind::Task(TaskRefSpec { models: &[], of_result: false })),
    })
}

fn links() -> impl Strategy<Value = Field> {
    any::<bool>().prop_map(|asset| {
        let schemes: &'static [&'static str] = if asset { &["asset"] } else { &[] };
        let yaml = format!("type: media, of: image{}", key("schemes", asset.then_some("asset")));
        (yaml, Kind::Media(MediaSpec { of: &[MediaKind::Image], schemes, ..MediaSpec::DEFAULT }))
    })
}

fn scalars() -> impl Strategy<Value = Field> {
    prop_oneof![
        3 => texts().boxed(),
        3 => integers().boxed(),
        3 => decimals().boxed(),
        2 => choices().boxed(),
        2 => links().boxed(),
        1 => plain().boxed()
    ]
}

fn fields() -> impl Strategy<Value = Field> {
    let lists = (scalars(), 0..3_u32, proptest::option::of(1..3_u32)).prop_map(|((yaml, item), min, more)| {
        let max = more.map(|more| min + more);
        let most = max.map_or("null".to_owned(), |max| max.to_string());
        let kind = Kind::List(ListSpec { item: leak(item), min, max, total_seconds: None });
        (format!("type: array, item: {{ {yaml} }}, count: [{min}, {most}]"), kind)
    });
    let objects = (scalars(), any::<bool>()).prop_map(|((yaml, kind), required)| {
        let kind =
            Kind::Object(std::slice::from_ref(leak(FieldSpec { name: "a", kind, required, ..FieldSpec::DEFAULT })));
        (format!("type: object, fields: {{ a: {{ {yaml}, required: {required}, label: A }} }}"), kind)
    });
    prop_oneof![4 => scalars().boxed(), 1 => lists.boxed(), 1 => objects.boxed()]
}

fn values() -> impl Strategy<Value = Value> {
    let words = vec![
        "",
        " ",
        "\u{3000}",
        "a",
        "1",
        "true",
        "5.00%",
        "5%",
        "1234.00%",
        "1,2",
        "1, 2",
        "1.5,2",
        "1e3,2",
        "1.,2",
        "-1,2",
        "Speaker 1",
        "Speaker x",
        "#1A2B3C",
        "#1A2B3",
        "https://e.com/a",
        "HTTPS://e.com",
        "https:///x",
        "https://e.com/a b",
        "https://",
        "http:/e.com",
        "asset://a",
        "ftp://e.com",
        "https://e.com/\u{a0}",
        "漢字",
        "ᄀᄀᄀᄀ",
        "Ａ",
        "⼀",
        "𠀀𠀀𠀀",
    ];
    let scalar = prop_oneof![
        4 => prop::sample::select(words).prop_map(|word| json!(word)),
        4 => "[a 漢жㄱｱ%.,:1\u{3000}]{0,6}".prop_map(|text| json!(text)),
        4 => (-6..12_i64).prop_map(|n| json!(n)),
        1 => any::<i64>().prop_map(|n| json!(n)),
        1 => any::<u64>().prop_map(|n| json!(n)),
        4 => (-400..400_i32).prop_map(|n| json!(f64::from(n) / 100.0)),
        2 => (-40..40_i32).prop_map(|n| json!(0.1 * f64::from(n))),
        1 => (-40..40_i32).prop_map(|n| json!(0.1 * f64::from(n) + 1e-7)),
        1 => any::<bool>().prop_map(|flag| json!(flag)),
    ];
    // No author writes `null`: the registry refuses it, where a form takes it for no answer.
    scalar.prop_recursive(2, 8, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            inner.clone().prop_map(|value| json!({ "a": value })),
            inner.prop_map(|value| json!({ "b": value })),
        ]
    })
}

/// Whether the build takes the value as the default of the field.
fn taken(field: &str, value: &Value) -> bool {
    let text = format!(
        "types: {{ draw: {{ title: Draw, icon: 🎨, usual_s: 20, deadline_s: 600 }} }}
models:
  fox:
    title: Fox
    about: Draws a fox
    provider: Den
    model_type: draw
    output: image
    input: {{ v: {{ {field}, required: true, default: {value}, label: V }} }}
    price: unknown
    example: {{}}
"
    );
    let Err(mistakes) = parse::registry("agree.yaml", &text) else { return true };
    let about_it = |code: Code| matches!(code, Code::DefaultNotListed | Code::DefaultOutside);
    assert!(mistakes.list().iter().all(|mistake| about_it(mistake.code)), "{mistakes}\n{text}");
    false
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn the_build_takes_the_defaults_that_the_form_takes((yaml, kind) in fields(), value in values()) {
        let field = leak(FieldSpec { name: "v", kind, required: true, ..FieldSpec::DEFAULT });
        let judged = form::check_field(field, &value, &Files::new(), Origin::Json);
        // People may leave something empty; an author writes what goes out.
        let empty = |value: &Value| value.to_string().matches("\"\"").count();
        let goes_out = judged.as_ref().is_ok_and(|wire| empty(wire) == empty(&value));
        prop_assert_eq!(taken(&yaml, &value), goes_out, "{}: {} {:?}", yaml, value, judged);
    }
}
