//! Models for tests: one with a field of every kind, one with a price that depends on the answers.

use crate::ledger::Credits;
use crate::schema::Localized;
use crate::schema::spec::{
    ChoiceSpec, Condition, DecimalSpec, FieldSpec, FollowSpec, IntegerSpec, Kind, ListSpec, Literal, MediaKind,
    MediaSpec, ModelSpec, NumberForm, OptionSpec, OutputKind, Path, PriceRow, PriceSpec, Range, Requirement,
    ResultSpec, RuleSpec, Status, TaskRefSpec, TaskSpec, TextSpec, WebhookNeed,
};

pub(crate) static TASK: TaskSpec = TaskSpec {
    id: "text_to_video",
    title: Localized::new(["Video from text", "Видео по тексту"]),
    icon: "🎬",
    usual_s: 90,
    deadline_s: 1800,
    follows: Some(FollowSpec { takes: MediaKind::Image, label: Localized::new(["Film it", "Снять"]) }),
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
    extra_values: &[],
    excluded: &[],
    form: NumberForm::Number,
});

const fn field(
    name: &'static str,
    kind: Kind,
    required: bool,
    default: Option<&'static str>,
    advanced: bool,
    label: Localized,
) -> FieldSpec {
    FieldSpec { name, kind, required, default, advanced, label, line: 1, ..FieldSpec::DEFAULT }
}

const fn option(value: Literal, label: Option<Localized>) -> OptionSpec {
    OptionSpec { label, ..OptionSpec::new(value) }
}

pub(crate) static STUDIO: ModelSpec = ModelSpec {
    id: "sample/studio",
    aliases: &[],
    title: Localized::new(["Studio", "Студия"]),
    about: Localized::new(["Makes anything", "Делает что угодно"]),
    provider: "Sample",
    tasks: &[&TASK],
    output: OutputKind::Video,
    webhook: WebhookNeed::Optional,
    status: Status::Live,
    nearest: None,
    route: None,
    result: ResultSpec::DEFAULT,
    next: &[],
    is_listed: true,
    fields: &[
        field("prompt", TEXT, true, None, false, Localized::new(["What to show", "Что показать"])),
        field(
            "images",
            Kind::List(ListSpec { item: &IMAGE, min: 2, max: Some(3), total_seconds: None }),
            false,
            None,
            false,
            Localized::new(["Pictures", "Картинки"]),
        ),
        field(
            "shots",
            Kind::List(ListSpec {
                item: &Kind::Object(&[
                    field("text", TEXT, true, None, false, Localized::new(["Scene", "Сцена"])),
                    field("seconds", SECONDS, true, Some("5"), false, Localized::new(["Length", "Длина"])),
                ]),
                min: 1,
                max: Some(5),
                total_seconds: None,
            }),
            false,
            None,
            false,
            Localized::new(["Shots", "Кадры"]),
        ),
        field(
            "shape",
            Kind::Choice(ChoiceSpec::of(&[
                option(Literal::Text("1:1"), Some(Localized::new(["Square", "Квадрат"]))),
                option(Literal::Text("16:9"), None),
            ])),
            true,
            Some("\"1:1\""),
            false,
            Localized::new(["Shape", "Формат"]),
        ),
        field("sound", Kind::Boolean, false, Some("true"), false, Localized::new(["Sound", "Звук"])),
        field(
            "strength",
            Kind::Decimal(DecimalSpec { min: Some(0.0), max: Some(1.0), above_min: false, step: None }),
            false,
            Some("0.5"),
            true,
            Localized::new(["Strength", "Сила"]),
        ),
        field(
            "source",
            Kind::Task(TaskRefSpec { models: &[], of_result: false }),
            false,
            None,
            true,
            Localized::new(["From", "Из"]),
        ),
        field("clip", CLIP, false, None, false, Localized::new(["Clip", "Ролик"])),
    ],
    ignored_fields: &[],
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
    // It has no typed input.
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

/// A draft has the same price in every size; with sound the price is a ceiling; `strict` forbids the size 4K.
pub(crate) static LAB: ModelSpec = ModelSpec {
    id: "sample/lab",
    aliases: &[],
    title: Localized::new(["Lab", "Лаборатория"]),
    about: Localized::new(["Costs this or that", "Стоит то или другое"]),
    provider: "Sample",
    tasks: &[&TASK],
    output: OutputKind::Image,
    webhook: WebhookNeed::Optional,
    status: Status::Live,
    nearest: None,
    route: None,
    result: ResultSpec::DEFAULT,
    next: &[],
    is_listed: true,
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
            Localized::new(["Size", "Размер"]),
        ),
        field("draft", Kind::Boolean, false, Some("false"), false, Localized::new(["Draft", "Черновик"])),
        field("sound", Kind::Boolean, false, Some("false"), false, Localized::new(["Sound", "Звук"])),
        field("strict", Kind::Boolean, false, None, false, Localized::new(["Strict", "Строго"])),
    ],
    ignored_fields: &[],
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
    // It has no typed input.
    line: 1,
};
