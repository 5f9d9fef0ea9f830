/// Every model of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Model {
    /// Fox, `fox/draw`.
    FoxDraw,
    /// Fox layers, `fox/split`.
    FoxSplit,
    /// Fox speech, `fox/speak`.
    FoxSpeak,
}
impl Model {
    /// All models, in the registry's order.
    pub const ALL: &'static [Self] = &[Self::FoxDraw, Self::FoxSplit, Self::FoxSpeak];
    /// What the registry says of the model.
    pub fn spec(self) -> &'static ModelSpec {
        MODELS[self as usize]
    }
}
/// The descriptors of all models, in the registry's order.
pub static MODELS: &[&ModelSpec] = &[
    &fox_draw::SPEC,
    &fox_split::SPEC,
    &fox_speak::SPEC,
];
/// What reads JSON text into the typed input of each of [`MODELS`], in the same order.
static READERS: &[s::input::Reader] = &[
    s::input::read::<FoxDraw>,
    s::input::read::<FoxSplit>,
    s::input::read::<FoxSpeak>,
];
/// All task types, in the registry's order.
pub static TASKS: &[&TaskSpec] = &[&TASK_TEXT_TO_IMAGE];
static TASK_TEXT_TO_IMAGE: TaskSpec = TaskSpec {
    id: "text_to_image",
    title: s::Localized::new(["Picture", "Picture"]),
    icon: "🎨",
    usual_s: 20,
    deadline_s: 1800,
    follows: None,
};
/// Types of `fox/draw`.
pub mod fox_draw {
    use crate::schema as s;
    /// Fox: Draws a fox.
    ///
    /// Model `fox/draw` by Den. Picture.
    /// Price: at most 1.125 to 9 credits per second (2026-10-01), times `frames` and the seconds of `voice` and the minutes of `voice` and the megapixels of `first` and `frames` by `fps` and the thousands of characters of `prompt`, and 0.5 for each of `clips` after the first 1. A discount until 2026-12-31; then 4 to 5.
    /// Source: `models/kie_models.yaml:5`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct FoxDraw {
        /// What happens.
        ///
        /// Source: `models/kie_models.yaml:12`.
        pub prompt: Option<Prompt>,
        /// Size.
        ///
        /// One of 3 values; default `"768p"`. Source: `models/kie_models.yaml:13`.
        pub resolution: Resolution,
        /// Frames a second.
        ///
        /// Default `24`. Source: `models/kie_models.yaml:14`.
        pub fps: Option<Fps>,
        /// Speed.
        ///
        /// One of 3 values. Source: `models/kie_models.yaml:15`.
        pub speed: Option<Speed>,
        /// Frames.
        ///
        /// 8 to 240. Source: `models/kie_models.yaml:16`.
        pub frames: Option<Frames>,
        /// Sound.
        ///
        /// Default `false`. Source: `models/kie_models.yaml:17`.
        pub sound: Option<bool>,
        /// First picture.
        ///
        /// URL of a picture. Source: `models/kie_models.yaml:18`.
        pub first: Option<First>,
        /// Clips.
        ///
        /// 1 to 3 items, each: URL of a picture or a video. Source: `models/kie_models.yaml:19`.
        pub clips: Option<Clips>,
        /// Voice.
        ///
        /// URL of a sound. Source: `models/kie_models.yaml:20`.
        pub voice: Option<Voice>,
    }
    impl FoxDraw {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new() -> Self {
            Self {
                prompt: None,
                resolution: Resolution::P768Lower,
                fps: None,
                speed: None,
                frames: None,
                sound: None,
                first: None,
                clips: None,
                voice: None,
            }
        }
        /// Sets `prompt`: What happens.
        #[inline]
        pub fn prompt(mut self, value: Prompt) -> Self {
            self.prompt = Some(value);
            self
        }
        /// Sets `resolution`: Size. One of 3 values.
        #[inline]
        pub fn resolution(mut self, value: Resolution) -> Self {
            self.resolution = value;
            self
        }
        /// Sets `fps`: Frames a second.
        #[inline]
        pub fn fps(mut self, value: Fps) -> Self {
            self.fps = Some(value);
            self
        }
        /// Sets `speed`: Speed. One of 3 values.
        #[inline]
        pub fn speed(mut self, value: Speed) -> Self {
            self.speed = Some(value);
            self
        }
        /// Sets `frames`: Frames. 8 to 240.
        #[inline]
        pub fn frames(mut self, value: Frames) -> Self {
            self.frames = Some(value);
            self
        }
        /// Sets `sound`: Sound.
        #[inline]
        pub fn sound(mut self, value: bool) -> Self {
            self.sound = Some(value);
            self
        }
        /// Sets `first`: First picture. URL of a picture.
        #[inline]
        pub fn first(mut self, value: First) -> Self {
            self.first = Some(value);
            self
        }
        /// Sets `clips`: Clips. 1 to 3 items, each: URL of a picture or a video.
        #[inline]
        pub fn clips(mut self, value: Clips) -> Self {
            self.clips = Some(value);
            self
        }
        /// Sets `voice`: Voice. URL of a sound.
        #[inline]
        pub fn voice(mut self, value: Voice) -> Self {
            self.voice = Some(value);
            self
        }
        /// Checks the rules across fields; only a checked input can be priced or submitted.
        ///
        /// # Errors
        /// Every rule that is broken.
        #[inline]
        pub fn check(self) -> Result<s::Checked<Self>, s::Report> {
            s::Checked::new(self)
        }
    }
    impl Default for FoxDraw {
        fn default() -> Self {
            Self::new()
        }
    }
    impl s::Record for FoxDraw {
        const FIELDS: &'static [s::spec::FieldSpec] = &[
            s::spec::FieldSpec {
                name: "prompt",
                kind: s::spec::Kind::Text(<PromptLimits as s::Limits>::SPEC),
                label: s::Localized::new(["What happens", "What happens"]),
                line: 12,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "resolution",
                kind: s::spec::Kind::Choice(<Resolution as s::Choice>::SPEC),
                required: true,
                default: Some("\"768p\""),
                label: s::Localized::new(["Size", "Size"]),
                line: 13,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "fps",
                kind: s::spec::Kind::Integer(<FpsLimits as s::Limits>::SPEC),
                default: Some("24"),
                label: s::Localized::new(["Frames a second", "Frames a second"]),
                line: 14,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "speed",
                kind: s::spec::Kind::Choice(<Speed as s::Choice>::SPEC),
                label: s::Localized::new(["Speed", "Speed"]),
                line: 15,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "frames",
                kind: s::spec::Kind::Integer(<FramesLimits as s::Limits>::SPEC),
                label: s::Localized::new(["Frames", "Frames"]),
                line: 16,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "sound",
                kind: s::spec::Kind::Boolean,
                default: Some("false"),
                label: s::Localized::new(["Sound", "Sound"]),
                line: 17,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "first",
                kind: s::spec::Kind::Media(s::spec::MediaSpec {
                    of: &[s::spec::MediaKind::Image],
                    ..s::spec::MediaSpec::DEFAULT
                }),
                label: s::Localized::new(["First picture", "First picture"]),
                line: 18,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "clips",
                kind: s::spec::Kind::List(s::spec::ListSpec {
                    item: &s::spec::Kind::Media(s::spec::MediaSpec {
                        of: &[s::spec::MediaKind::Image, s::spec::MediaKind::Video],
                        ..s::spec::MediaSpec::DEFAULT
                    }),
                    min: 1,
                    max: Some(3),
                    total_seconds: None,
                }),
                label: s::Localized::new(["Clips", "Clips"]),
                line: 19,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "voice",
                kind: s::spec::Kind::Media(s::spec::MediaSpec {
                    of: &[s::spec::MediaKind::Audio],
                    ..s::spec::MediaSpec::DEFAULT
                }),
                label: s::Localized::new(["Voice", "Voice"]),
                line: 20,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => s::record::optional(&self.prompt),
                1 => Some(s::value_ref::AsValueRef::as_value_ref(&self.resolution)),
                2 => s::record::optional(&self.fps),
                3 => s::record::optional(&self.speed),
                4 => s::record::optional(&self.frames),
                5 => s::record::optional(&self.sound),
                6 => s::record::optional(&self.first),
                7 => s::record::optional(&self.clips),
                8 => s::record::optional(&self.voice),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_fields: s::record::FieldAccess<A>,
        ) -> Result<Self, A::Error> {
            let mut prompt = None;
            let mut resolution = None;
            let mut fps = None;
            let mut speed = None;
            let mut frames = None;
            let mut sound = None;
            let mut first = None;
            let mut clips = None;
            let mut voice = None;
            while let Some(wire_index) = wire_fields.next_field()? {
                match wire_index {
                    0 => {
                        wire_fields.fill::<Prompt>(&mut prompt)?;
                    }
                    1 => {
                        wire_fields.fill::<Resolution>(&mut resolution)?;
                    }
                    2 => {
                        wire_fields.fill::<Fps>(&mut fps)?;
                    }
                    3 => {
                        wire_fields.fill::<Speed>(&mut speed)?;
                    }
                    4 => {
                        wire_fields.fill::<Frames>(&mut frames)?;
                    }
                    5 => {
                        wire_fields.fill::<bool>(&mut sound)?;
                    }
                    6 => {
                        wire_fields.fill::<First>(&mut first)?;
                    }
                    7 => {
                        wire_fields.fill::<Clips>(&mut clips)?;
                    }
                    8 => {
                        wire_fields.fill::<Voice>(&mut voice)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                prompt: wire_fields.wrap::<Prompt>(0usize, prompt)?,
                resolution: wire_fields
                    .wrap::<Resolution>(1usize, resolution)?
                    .unwrap_or(Resolution::P768Lower),
                fps: wire_fields.wrap::<Fps>(2usize, fps)?,
                speed: wire_fields.wrap::<Speed>(3usize, speed)?,
                frames: wire_fields.wrap::<Frames>(4usize, frames)?,
                sound: wire_fields.wrap::<bool>(5usize, sound)?,
                first: wire_fields.wrap::<First>(6usize, first)?,
                clips: wire_fields.wrap::<Clips>(7usize, clips)?,
                voice: wire_fields.wrap::<Voice>(8usize, voice)?,
            })
        }
    }
    s::record::record_traits!(FoxDraw);
    #[doc(hidden)]
    pub enum PromptLimits {}
    impl s::Limits for PromptLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            ..s::spec::TextSpec::DEFAULT
        };
    }
    /// Value of `prompt`: What happens.
    /// Source: `models/kie_models.yaml:12`.
    pub type Prompt = s::Text<PromptLimits>;
    /// Value of `resolution`: Size. One of 3 values.
    /// Source: `models/kie_models.yaml:13`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Resolution {
        /// `768P`.
        P768Upper,
        /// `768p`.
        P768Lower,
        /// `4K`.
        K4,
    }
    impl s::Choice for Resolution {
        const SPEC: s::spec::ChoiceSpec = s::spec::ChoiceSpec::of(
            &[
                s::spec::OptionSpec::text("768P"),
                s::spec::OptionSpec::text("768p"),
                s::spec::OptionSpec::text("4K"),
            ],
        );
        const ALL: &'static [Self] = &[Self::P768Upper, Self::P768Lower, Self::K4];
        fn index(self) -> usize {
            self as usize
        }
    }
    s::choice::choice_traits!(Resolution);
    #[doc(hidden)]
    pub enum FpsLimits {}
    impl s::Limits for FpsLimits {
        type Spec = s::spec::IntegerSpec;
        const SPEC: s::spec::IntegerSpec = s::spec::IntegerSpec {
            ..s::spec::IntegerSpec::DEFAULT
        };
    }
    /// Value of `fps`: Frames a second.
    /// Source: `models/kie_models.yaml:14`.
    pub type Fps = s::Integer<FpsLimits>;
    /// Value of `speed`: Speed. One of 3 values.
    /// Source: `models/kie_models.yaml:15`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Speed {
        /// `0.5`.
        N0_5,
        /// `1`.
        N1,
        /// `2`.
        N2,
    }
    impl s::Choice for Speed {
        const SPEC: s::spec::ChoiceSpec = s::spec::ChoiceSpec::of(
            &[
                s::spec::OptionSpec::new(s::spec::Literal::Decimal(0.5)),
                s::spec::OptionSpec::new(s::spec::Literal::Decimal(1.0)),
                s::spec::OptionSpec::new(s::spec::Literal::Decimal(2.0)),
            ],
        );
        const ALL: &'static [Self] = &[Self::N0_5, Self::N1, Self::N2];
        fn index(self) -> usize {
            self as usize
        }
    }
    s::choice::choice_traits!(Speed);
    #[doc(hidden)]
    pub enum FramesLimits {}
    impl s::Limits for FramesLimits {
        type Spec = s::spec::IntegerSpec;
        const SPEC: s::spec::IntegerSpec = s::spec::IntegerSpec {
            min: Some(8),
            max: Some(240),
            ..s::spec::IntegerSpec::DEFAULT
        };
    }
    /// Value of `frames`: Frames. 8 to 240.
    /// Source: `models/kie_models.yaml:16`.
    pub type Frames = s::Integer<FramesLimits>;
    /// Value of `first`: First picture. URL of a picture.
    /// Source: `models/kie_models.yaml:18`.
    pub type First = s::Media<s::Image>;
    /// Value of `clips`: Clips. 1 to 3 items, each: URL of a picture or a video.
    /// Source: `models/kie_models.yaml:19`.
    pub type Clips = s::List<s::Media<(s::Image, s::Video)>, 1, 3>;
    /// Value of `voice`: Voice. URL of a sound.
    /// Source: `models/kie_models.yaml:20`.
    pub type Voice = s::Media<s::Audio>;
    /// What the registry says of the model.
    pub static SPEC: s::spec::ModelSpec = s::spec::ModelSpec {
        id: "fox/draw",
        aliases: &[],
        title: s::Localized::new(["Fox", "Fox"]),
        about: s::Localized::new(["Draws a fox", "Draws a fox"]),
        provider: "Den",
        tasks: &[&super::TASK_TEXT_TO_IMAGE],
        output: s::spec::OutputKind::Image,
        webhook: s::spec::WebhookNeed::Optional,
        status: s::spec::Status::Live,
        nearest: None,
        route: None,
        result: s::spec::ResultSpec {
            id: &[],
            text: &[],
        },
        next: &[],
        is_listed: true,
        fields: <FoxDraw as s::Record>::FIELDS,
        ignored_fields: &[],
        rules: &[],
        price: Some(
            &s::spec::PriceSpec {
                as_of: "2026-10-01",
                unit: "second",
                rows: &[
                    s::spec::PriceRow {
                        when: &[
                            s::spec::Condition::Is(
                                s::spec::Path::at(1, "resolution"),
                                &[
                                    s::spec::Literal::Text("768P"),
                                    s::spec::Literal::Text("768p"),
                                ],
                            ),
                            s::spec::Condition::Is(
                                s::spec::Path::at(5, "sound"),
                                &[s::spec::Literal::Boolean(true)],
                            ),
                        ],
                        credits: s::Credits::from_milli(1125),
                    },
                    s::spec::PriceRow {
                        when: &[
                            s::spec::Condition::Is(
                                s::spec::Path::at(1, "resolution"),
                                &[s::spec::Literal::Text("4K")],
                            ),
                            s::spec::Condition::Present(s::spec::Path::at(6, "first")),
                        ],
                        credits: s::Credits::from_milli(9000),
                    },
                    s::spec::PriceRow::always(3000),
                ],
                times: &[
                    s::spec::Factor::Value {
                        field: s::spec::Path::at(4, "frames"),
                        or: Some(1.0),
                        or_when: &[
                            (
                                s::spec::Condition::Is(
                                    s::spec::Path::at(5, "sound"),
                                    &[s::spec::Literal::Boolean(true)],
                                ),
                                12.0,
                            ),
                        ],
                        zero_means: Some(s::spec::Path::at(8, "voice")),
                        plus_seconds_of: Some(s::spec::Path::at(7, "clips")),
                    },
                    s::spec::Factor::Seconds {
                        of: s::spec::Path::at(8, "voice"),
                        by: 2.0,
                        at_most: Some(15.0),
                    },
                    s::spec::Factor::Minutes(s::spec::Path::at(8, "voice")),
                    s::spec::Factor::Megapixels(s::spec::Path::at(6, "first")),
                    s::spec::Factor::Ratio(
                        s::spec::Path::at(4, "frames"),
                        s::spec::Path::at(2, "fps"),
                    ),
                    s::spec::Factor::Characters {
                        of: s::spec::Path::at(0, "prompt"),
                        step: 10,
                    },
                ],
                extra: Some(s::spec::ExtraPrice::Items {
                    of: s::spec::Path::at(7, "clips"),
                    free: 1,
                    credits: s::Credits::from_milli(500),
                }),
                assume: &[
                    (s::spec::Path::at(3, "speed"), s::spec::Literal::Decimal(1.0)),
                ],
                at_most: true,
                regular: &[
                    s::spec::PriceRow {
                        when: &[
                            s::spec::Condition::Is(
                                s::spec::Path::at(5, "sound"),
                                &[s::spec::Literal::Boolean(true)],
                            ),
                        ],
                        credits: s::Credits::from_milli(4000),
                    },
                    s::spec::PriceRow::always(5000),
                ],
                discount_until: Some("2026-12-31"),
                ..s::spec::PriceSpec::DEFAULT
            },
        ),
        example: "{\"resolution\":\"4K\"}",
        advises: s::advice::possible(<FoxDraw as s::Record>::FIELDS),
        line: 5,
    };
    impl s::ModelInput for FoxDraw {
        fn spec() -> &'static s::spec::ModelSpec {
            &SPEC
        }
    }
}
pub use fox_draw::FoxDraw;
/// Types of `fox/split`.
pub mod fox_split {
    use crate::schema as s;
    /// Fox layers: Splits a fox into layers.
    ///
    /// Model `fox/split` by Den. Picture.
    /// Price: 7 credits per layer (2026-10-01), times the files that come back, at most 17.
    /// Source: `models/kie_models.yaml:42`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct FoxSplit {
        /// Picture.
        ///
        /// URL of a picture; required. Source: `models/kie_models.yaml:49`.
        pub photo: Photo,
        /// Few layers.
        ///
        /// Default `false`. Source: `models/kie_models.yaml:50`.
        pub flat: Option<bool>,
    }
    impl FoxSplit {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new(photo: Photo) -> Self {
            Self { photo, flat: None }
        }
        /// Sets `photo`: Picture. URL of a picture.
        #[inline]
        pub fn photo(mut self, value: Photo) -> Self {
            self.photo = value;
            self
        }
        /// Sets `flat`: Few layers.
        #[inline]
        pub fn flat(mut self, value: bool) -> Self {
            self.flat = Some(value);
            self
        }
        /// Checks the rules across fields; only a checked input can be priced or submitted.
        ///
        /// # Errors
        /// Every rule that is broken.
        #[inline]
        pub fn check(self) -> Result<s::Checked<Self>, s::Report> {
            s::Checked::new(self)
        }
    }
    impl s::Record for FoxSplit {
        const FIELDS: &'static [s::spec::FieldSpec] = &[
            s::spec::FieldSpec {
                name: "photo",
                kind: s::spec::Kind::Media(s::spec::MediaSpec {
                    of: &[s::spec::MediaKind::Image],
                    ..s::spec::MediaSpec::DEFAULT
                }),
                required: true,
                label: s::Localized::new(["Picture", "Picture"]),
                line: 49,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "flat",
                kind: s::spec::Kind::Boolean,
                default: Some("false"),
                label: s::Localized::new(["Few layers", "Few layers"]),
                line: 50,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => Some(s::value_ref::AsValueRef::as_value_ref(&self.photo)),
                1 => s::record::optional(&self.flat),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_fields: s::record::FieldAccess<A>,
        ) -> Result<Self, A::Error> {
            let mut photo = None;
            let mut flat = None;
            while let Some(wire_index) = wire_fields.next_field()? {
                match wire_index {
                    0 => {
                        wire_fields.fill::<Photo>(&mut photo)?;
                    }
                    1 => {
                        wire_fields.fill::<bool>(&mut flat)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                photo: s::record::need(
                    wire_fields.wrap::<Photo>(0usize, photo)?,
                    "photo",
                )?,
                flat: wire_fields.wrap::<bool>(1usize, flat)?,
            })
        }
    }
    s::record::record_traits!(FoxSplit);
    /// Value of `photo`: Picture. URL of a picture.
    /// Source: `models/kie_models.yaml:49`.
    pub type Photo = s::Media<s::Image>;
    /// What the registry says of the model.
    pub static SPEC: s::spec::ModelSpec = s::spec::ModelSpec {
        id: "fox/split",
        aliases: &[],
        title: s::Localized::new(["Fox layers", "Fox layers"]),
        about: s::Localized::new([
            "Splits a fox into layers",
            "Splits a fox into layers",
        ]),
        provider: "Den",
        tasks: &[&super::TASK_TEXT_TO_IMAGE],
        output: s::spec::OutputKind::Image,
        webhook: s::spec::WebhookNeed::Optional,
        status: s::spec::Status::Live,
        nearest: None,
        route: None,
        result: s::spec::ResultSpec {
            id: &[],
            text: &[],
        },
        next: &[],
        is_listed: true,
        fields: <FoxSplit as s::Record>::FIELDS,
        ignored_fields: &[],
        rules: &[],
        price: Some(
            &s::spec::PriceSpec {
                as_of: "2026-10-01",
                unit: "layer",
                rows: &[s::spec::PriceRow::always(7000)],
                times: &[
                    s::spec::Factor::Outputs {
                        most: 17,
                        most_when: &[
                            (
                                s::spec::Condition::Is(
                                    s::spec::Path::at(1, "flat"),
                                    &[s::spec::Literal::Boolean(true)],
                                ),
                                5.0,
                            ),
                        ],
                    },
                ],
                ..s::spec::PriceSpec::DEFAULT
            },
        ),
        example: "{\"photo\":\"https://example.com/fox.png\"}",
        advises: s::advice::possible(<FoxSplit as s::Record>::FIELDS),
        line: 42,
    };
    impl s::ModelInput for FoxSplit {
        fn spec() -> &'static s::spec::ModelSpec {
            &SPEC
        }
    }
}
pub use fox_split::FoxSplit;
/// Types of `fox/speak`.
pub mod fox_speak {
    use crate::schema as s;
    /// Fox speech: Speaks as a fox.
    ///
    /// Model `fox/speak` by Den. Picture.
    /// Price: 1260 credits per million tokens (2026-10-01), times the millions of tokens estimated from `lines[].text`, and 70 times the millions of tokens estimated from `lines[].text`, `scene`. A discount that may end any day; then 2800.
    /// Source: `models/kie_models.yaml:53`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct FoxSpeak {
        /// Lines.
        ///
        /// At least 1 item; required. Source: `models/kie_models.yaml:60`.
        pub lines: Lines,
        /// Scene.
        ///
        /// Source: `models/kie_models.yaml:61`.
        pub scene: Option<Scene>,
    }
    impl FoxSpeak {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new(lines: Lines) -> Self {
            Self { lines, scene: None }
        }
        /// Sets `lines`: Lines. At least 1 item.
        #[inline]
        pub fn lines(mut self, value: Lines) -> Self {
            self.lines = value;
            self
        }
        /// Sets `scene`: Scene.
        #[inline]
        pub fn scene(mut self, value: Scene) -> Self {
            self.scene = Some(value);
            self
        }
        /// Checks the rules across fields; only a checked input can be priced or submitted.
        ///
        /// # Errors
        /// Every rule that is broken.
        #[inline]
        pub fn check(self) -> Result<s::Checked<Self>, s::Report> {
            s::Checked::new(self)
        }
    }
    impl s::Record for FoxSpeak {
        const FIELDS: &'static [s::spec::FieldSpec] = &[
            s::spec::FieldSpec {
                name: "lines",
                kind: s::spec::Kind::List(s::spec::ListSpec {
                    item: &s::spec::Kind::Object(<LinesItem as s::Record>::FIELDS),
                    min: 1,
                    max: None,
                    total_seconds: None,
                }),
                required: true,
                label: s::Localized::new(["Lines", "Lines"]),
                line: 60,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "scene",
                kind: s::spec::Kind::Text(<SceneLimits as s::Limits>::SPEC),
                label: s::Localized::new(["Scene", "Scene"]),
                line: 61,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => Some(s::value_ref::AsValueRef::as_value_ref(&self.lines)),
                1 => s::record::optional(&self.scene),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_fields: s::record::FieldAccess<A>,
        ) -> Result<Self, A::Error> {
            let mut lines = None;
            let mut scene = None;
            while let Some(wire_index) = wire_fields.next_field()? {
                match wire_index {
                    0 => {
                        wire_fields.fill::<Lines>(&mut lines)?;
                    }
                    1 => {
                        wire_fields.fill::<Scene>(&mut scene)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                lines: s::record::need(
                    wire_fields.wrap::<Lines>(0usize, lines)?,
                    "lines",
                )?,
                scene: wire_fields.wrap::<Scene>(1usize, scene)?,
            })
        }
    }
    s::record::record_traits!(FoxSpeak);
    /// Value of `lines`: Lines. At least 1 item.
    /// Source: `models/kie_models.yaml:60`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct LinesItem {
        /// Words.
        ///
        /// At least 1 character; required. Source: `models/kie_models.yaml:60`.
        pub text: TextField,
    }
    impl LinesItem {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new(text: TextField) -> Self {
            Self { text }
        }
        /// Sets `text`: Words. At least 1 character.
        #[inline]
        pub fn text(mut self, value: TextField) -> Self {
            self.text = value;
            self
        }
    }
    impl s::Record for LinesItem {
        const FIELDS: &'static [s::spec::FieldSpec] = &[
            s::spec::FieldSpec {
                name: "text",
                kind: s::spec::Kind::Text(<TextFieldLimits as s::Limits>::SPEC),
                required: true,
                label: s::Localized::new(["Words", "Words"]),
                line: 60,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => Some(s::value_ref::AsValueRef::as_value_ref(&self.text)),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_fields: s::record::FieldAccess<A>,
        ) -> Result<Self, A::Error> {
            let mut text = None;
            while let Some(wire_index) = wire_fields.next_field()? {
                match wire_index {
                    0 => {
                        wire_fields.fill::<TextField>(&mut text)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                text: s::record::need(
                    wire_fields.wrap::<TextField>(0usize, text)?,
                    "text",
                )?,
            })
        }
    }
    s::record::record_traits!(LinesItem);
    #[doc(hidden)]
    pub enum TextFieldLimits {}
    impl s::Limits for TextFieldLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            min: 1,
            ..s::spec::TextSpec::DEFAULT
        };
    }
    /// Value of `text`: Words. At least 1 character.
    /// Source: `models/kie_models.yaml:60`.
    pub type TextField = s::Text<TextFieldLimits>;
    /// Value of `lines`: Lines. At least 1 item.
    /// Source: `models/kie_models.yaml:60`.
    pub type Lines = s::List<LinesItem, 1, { s::NO_LIMIT }>;
    #[doc(hidden)]
    pub enum SceneLimits {}
    impl s::Limits for SceneLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            ..s::spec::TextSpec::DEFAULT
        };
    }
    /// Value of `scene`: Scene.
    /// Source: `models/kie_models.yaml:61`.
    pub type Scene = s::Text<SceneLimits>;
    /// What the registry says of the model.
    pub static SPEC: s::spec::ModelSpec = s::spec::ModelSpec {
        id: "fox/speak",
        aliases: &[],
        title: s::Localized::new(["Fox speech", "Fox speech"]),
        about: s::Localized::new(["Speaks as a fox", "Speaks as a fox"]),
        provider: "Den",
        tasks: &[&super::TASK_TEXT_TO_IMAGE],
        output: s::spec::OutputKind::Audio,
        webhook: s::spec::WebhookNeed::Optional,
        status: s::spec::Status::Live,
        nearest: None,
        route: None,
        result: s::spec::ResultSpec {
            id: &[],
            text: &[],
        },
        next: &[],
        is_listed: true,
        fields: <FoxSpeak as s::Record>::FIELDS,
        ignored_fields: &[],
        rules: &[],
        price: Some(
            &s::spec::PriceSpec {
                as_of: "2026-10-01",
                unit: "million_tokens",
                rows: &[s::spec::PriceRow::always(1260000)],
                times: &[
                    s::spec::Factor::Tokens {
                        of: &[s::spec::Path::at(0, "lines[].text")],
                        by: 6.0,
                        by_cjk: 12.0,
                        plus: 500,
                    },
                ],
                extra: Some(s::spec::ExtraPrice::Units {
                    times: &[
                        s::spec::Factor::Tokens {
                            of: &[
                                s::spec::Path::at(0, "lines[].text"),
                                s::spec::Path::at(1, "scene"),
                            ],
                            by: 1.5,
                            by_cjk: 1.5,
                            plus: 0,
                        },
                    ],
                    credits: s::Credits::from_milli(70000),
                }),
                regular: &[s::spec::PriceRow::always(2800000)],
                ..s::spec::PriceSpec::DEFAULT
            },
        ),
        example: "{\"lines\":[{\"text\":\"Yip\"}]}",
        advises: s::advice::possible(<FoxSpeak as s::Record>::FIELDS),
        line: 53,
    };
    impl s::ModelInput for FoxSpeak {
        fn spec() -> &'static s::spec::ModelSpec {
            &SPEC
        }
    }
}
pub use fox_speak::FoxSpeak;
