//! Made-up models for tests: one with a field of every kind, one whose answers change its price.

use crate::ledger::Credits;
use crate::schema::spec::{
    ChoiceSpec, Condition, DecimalSpec, FieldSpec, FollowSpec, IntegerSpec, Kind, ListSpec, Literal, MediaKind,
    MediaSpec, ModelSpec, NumberForm, OptionSpec, Output, Path, PriceRow, PriceSpec, Range, Requirement, RuleSpec,
    Status, TaskRefSpec, TaskSpec, TextSpec, Words,
};

pub(crate) static TASK: TaskSpec = TaskSpec {
    id: "text_to_video",
    title: Words { en: "Video from text", ru: "Видео по тексту" },
    icon: "🎬",
    usual_s: 90,
    deadline_s: 1800,
    follows: Some(FollowSpec { takes: MediaKind::Image, label: Words { en: "Film it", ru: "Снять" } }),
};

const TEXT: Kind = Kind::Text(TextSpec { min: 1, max: Some(20), max_cjk: None, format: None });
const IMAGE: Kind = Kind::Media(MediaSpec {
    of: &[MediaKind::Image],
    mime: &["image/jpeg", "image/png"],
    max_mb: Some(10.0),
    seconds: None,
    ratio: None,
    side_px: None,
    short_side_px: None,
    long_side_px: None,
    total_px: None,
    fps: None,
    schemes: &[],
});
const CLIP: Kind = Kind::Media(MediaSpec {
    of: &[MediaKind::Video, MediaKind::Audio],
    mime: &[],
    max_mb: None,
    seconds: Some(Range { min: Some(3.0), max: Some(30.0) }),
    ratio: None,
    side_px: None,
    short_side_px: None,
    long_side_px: None,
    total_px: None,
    fps: None,
    schemes: &[],
});
const SECONDS: Kind = Kind::Integer(IntegerSpec {
    min: Some(1),
    max: Some(15),
    step: None,
    also: &[],
    except: &[],
    form: NumberForm::Number,
});

const fn field(
    name: &'static str,
    kind: Kind,
    required: bool,
    default: Option<&'static str>,
    advanced: bool,
    label: Words,
) -> FieldSpec {
    FieldSpec { name, kind, required, default, advanced, label, line: 1, ..FieldSpec::DEFAULT }
}

const fn option(value: Literal, label: Option<Words>) -> OptionSpec {
    OptionSpec { label, ..OptionSpec::new(value) }
}

pub(crate) static STUDIO: ModelSpec = ModelSpec {
    id: "sample/studio",
    aliases: &[],
    title: Words { en: "Studio", ru: "Студия" },
    about: Words { en: "Makes anything", ru: "Делает что угодно" },
    provider: "Sample",
    tasks: &[&TASK],
    output: Output::Video,
    status: Status::Live,
    nearest: None,
    fields: &[
        field("prompt", TEXT, true, None, false, Words { en: "What to show", ru: "Что показать" }),
        field(
            "images",
            Kind::List(ListSpec { item: &IMAGE, min: 2, max: Some(3), total_seconds: None }),
            false,
            None,
            false,
            Words { en: "Pictures", ru: "Картинки" },
        ),
        field(
            "shots",
            Kind::List(ListSpec {
                item: &Kind::Object(&[
                    field("text", TEXT, true, None, false, Words { en: "Scene", ru: "Сцена" }),
                    field("seconds", SECONDS, true, Some("5"), false, Words { en: "Length", ru: "Длина" }),
                ]),
                min: 1,
                max: Some(5),
                total_seconds: None,
            }),
            false,
            None,
            false,
            Words { en: "Shots", ru: "Кадры" },
        ),
        field(
            "shape",
            Kind::Choice(ChoiceSpec {
                options: &[
                    option(Literal::Text("1:1"), Some(Words { en: "Square", ru: "Квадрат" })),
                    option(Literal::Text("16:9"), None),
                ],
            }),
            true,
            Some("\"1:1\""),
            false,
            Words { en: "Shape", ru: "Формат" },
        ),
        field("sound", Kind::Boolean, false, Some("true"), false, Words { en: "Sound", ru: "Звук" }),
        field(
            "strength",
            Kind::Decimal(DecimalSpec { min: Some(0.0), max: Some(1.0), above_min: false, step: None }),
            false,
            Some("0.5"),
            true,
            Words { en: "Strength", ru: "Сила" },
        ),
        field("source", Kind::Task(TaskRefSpec { models: &[] }), false, None, true, Words { en: "From", ru: "Из" }),
        field("clip", CLIP, false, None, false, Words { en: "Clip", ru: "Ролик" }),
    ],
    dropped: &[],
    rules: &[],
    price: Some(&PriceSpec {
        as_of: "2026-10-01",
        unit: "second",
        rows: &[
            PriceRow {
                when: &[Condition::Is(Path::at(3, "shape"), &[Literal::Text("16:9")])],
                credits: Credits::from_milli(2_500),
            },
            PriceRow { when: &[], credits: Credits::from_milli(800) },
        ],
        times: &[],
        extra: None,
        assume: &[],
        at_most: false,
        regular: &[],
        discount_until: None,
    }),
    example: "{}",
    advises: true,
    // A sample has no typed input.
    line: 1,
};

const SIZE: Path = Path::at(0, "size");
const DRAFT: Path = Path::at(1, "draft");
const SOUND: Path = Path::at(2, "sound");
const STRICT: Path = Path::at(3, "strict");
const YES: &[Literal] = &[Literal::Boolean(true)];

const fn row(when: &'static [Condition], milli: i64) -> PriceRow {
    PriceRow { when, credits: Credits::from_milli(milli) }
}

/// A draft costs the same in every size; with sound the price is a ceiling; nothing strict has the size 4K.
pub(crate) static LAB: ModelSpec = ModelSpec {
    id: "sample/lab",
    aliases: &[],
    title: Words { en: "Lab", ru: "Лаборатория" },
    about: Words { en: "Costs this or that", ru: "Стоит то или другое" },
    provider: "Sample",
    tasks: &[&TASK],
    output: Output::Image,
    status: Status::Live,
    nearest: None,
    fields: &[
        field(
            "size",
            Kind::Choice(ChoiceSpec::of(&[
                OptionSpec::text("1K"),
                OptionSpec::text("2K"),
                OptionSpec::text("4K"),
                OptionSpec::text("8K"),
                OptionSpec::text("16K"),
            ])),
            true,
            Some("\"2K\""),
            false,
            Words { en: "Size", ru: "Размер" },
        ),
        field("draft", Kind::Boolean, false, Some("false"), false, Words { en: "Draft", ru: "Черновик" }),
        field("sound", Kind::Boolean, false, Some("false"), false, Words { en: "Sound", ru: "Звук" }),
        field("strict", Kind::Boolean, false, None, false, Words { en: "Strict", ru: "Строго" }),
    ],
    dropped: &[],
    rules: &[RuleSpec {
        when: &[Condition::Is(STRICT, YES)],
        then: Requirement::Refuse(SIZE, &[Literal::Text("4K")]),
        advisory: false,
        line: 1,
    }],
    price: Some(&PriceSpec {
        as_of: "2026-10-01",
        unit: "image",
        rows: &[
            row(&[Condition::Is(DRAFT, YES)], 10_000),
            row(&[Condition::Is(SIZE, &[Literal::Text("1K")])], 12_000),
            row(&[Condition::Is(SIZE, &[Literal::Text("4K")])], 24_500),
            row(&[Condition::Is(SIZE, &[Literal::Text("8K")])], 36_000),
            row(&[Condition::Is(SIZE, &[Literal::Text("16K")])], 60_000),
            PriceRow::always(18_000),
        ],
        regular: &[row(&[Condition::Is(SOUND, YES)], 90_000)],
        ..PriceSpec::DEFAULT
    }),
    example: "{}",
    advises: true,
    // A sample has no typed input.
    line: 1,
};
