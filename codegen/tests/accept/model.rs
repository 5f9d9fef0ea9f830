/// Every model of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Model {
    /// Fox 2.5, `den/fox-2.5`.
    DenFox25,
    /// Fox 3, `den/fox-3`.
    DenFox3,
}
impl Model {
    /// All models, in the registry's order.
    pub const ALL: &'static [Self] = &[Self::DenFox25, Self::DenFox3];
    /// What the registry says of the model.
    pub fn spec(self) -> &'static ModelSpec {
        MODELS[self as usize]
    }
}
/// The descriptors of all models, in the registry's order.
pub static MODELS: &[&ModelSpec] = &[&den_fox_2_5::SPEC, &den_fox_3::SPEC];
/// What reads JSON text into the typed input of each of [`MODELS`], in the same order.
static READERS: &[s::input::Reader] = &[
    s::input::read::<DenFox25>,
    s::input::read::<DenFox3>,
];
/// All task types, in the registry's order.
pub static TASKS: &[&TaskSpec] = &[&TASK_IMAGE_TO_VIDEO, &TASK_VIDEO_EDIT];
static TASK_IMAGE_TO_VIDEO: TaskSpec = TaskSpec {
    id: "image_to_video",
    title: s::Localized::new(["Animate", "Оживить"]),
    icon: "🎞",
    usual_s: 90,
    deadline_s: 3600,
    follows: Some(s::spec::FollowSpec {
        takes: s::spec::MediaKind::Image,
        label: s::Localized::new(["Animate it", "Оживить"]),
    }),
};
static TASK_VIDEO_EDIT: TaskSpec = TaskSpec {
    id: "video_edit",
    title: s::Localized::new(["Change a clip", "Изменить ролик"]),
    icon: "🎚",
    usual_s: 90,
    deadline_s: 3600,
    follows: None,
};
/// Types of `den/fox-2.5`.
pub mod den_fox_2_5 {
    use crate::schema as s;
    /// Fox 2.5: Animates a fox.
    ///
    /// Model `den/fox-2.5` by Den. Animate, Change a clip.
    /// Price: 5 credits per second (2026-10-01).
    /// Source: `models/kie_models.yaml:7`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct DenFox25 {
        /// What happens.
        ///
        /// Source: `models/kie_models.yaml:17`.
        pub prompt: Option<Prompt>,
        /// Strength.
        ///
        /// Source: `models/kie_models.yaml:18`.
        pub strength: Option<Strength>,
        /// Speed.
        ///
        /// One of 3 values. Source: `models/kie_models.yaml:19`.
        pub speed: Option<Speed>,
        /// Tags.
        ///
        /// Source: `models/kie_models.yaml:20`.
        pub tags: Option<Tags>,
        /// Camera.
        ///
        /// Source: `models/kie_models.yaml:21`.
        pub camera: Option<Camera>,
        /// Size.
        ///
        /// One of 2 values. Source: `models/kie_models.yaml:22`.
        pub resolution: Option<Resolution>,
        /// First picture.
        ///
        /// URL of a picture. Source: `models/kie_models.yaml:23`.
        pub first: Option<First>,
    }
    impl DenFox25 {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new() -> Self {
            Self {
                prompt: None,
                strength: None,
                speed: None,
                tags: None,
                camera: None,
                resolution: None,
                first: None,
            }
        }
        /// Sets `prompt`: What happens.
        #[inline]
        pub fn prompt(mut self, value: Prompt) -> Self {
            self.prompt = Some(value);
            self
        }
        /// Sets `strength`: Strength.
        #[inline]
        pub fn strength(mut self, value: Strength) -> Self {
            self.strength = Some(value);
            self
        }
        /// Sets `speed`: Speed. One of 3 values.
        #[inline]
        pub fn speed(mut self, value: Speed) -> Self {
            self.speed = Some(value);
            self
        }
        /// Sets `tags`: Tags.
        #[inline]
        pub fn tags(mut self, value: Tags) -> Self {
            self.tags = Some(value);
            self
        }
        /// Sets `camera`: Camera.
        #[inline]
        pub fn camera(mut self, value: Camera) -> Self {
            self.camera = Some(value);
            self
        }
        /// Sets `resolution`: Size. One of 2 values.
        #[inline]
        pub fn resolution(mut self, value: Resolution) -> Self {
            self.resolution = Some(value);
            self
        }
        /// Sets `first`: First picture. URL of a picture.
        #[inline]
        pub fn first(mut self, value: First) -> Self {
            self.first = Some(value);
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
    impl Default for DenFox25 {
        fn default() -> Self {
            Self::new()
        }
    }
    impl s::Record for DenFox25 {
        const FIELDS: &'static [s::spec::FieldSpec] = &[
            s::spec::FieldSpec {
                name: "prompt",
                kind: s::spec::Kind::Text(<PromptLimits as s::Limits>::SPEC),
                label: s::Localized::new(["What happens", "What happens"]),
                line: 17,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "strength",
                kind: s::spec::Kind::Decimal(<StrengthLimits as s::Limits>::SPEC),
                label: s::Localized::new(["Strength", "Strength"]),
                line: 18,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "speed",
                kind: s::spec::Kind::Choice(<Speed as s::Choice>::SPEC),
                label: s::Localized::new(["Speed", "Speed"]),
                line: 19,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "tags",
                kind: s::spec::Kind::List(s::spec::ListSpec {
                    item: &s::spec::Kind::Text(<TagsLimits as s::Limits>::SPEC),
                    min: 0,
                    max: None,
                    total_seconds: None,
                }),
                label: s::Localized::new(["Tags", "Tags"]),
                line: 20,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "camera",
                kind: s::spec::Kind::Object(<Camera as s::Record>::FIELDS),
                label: s::Localized::new(["Camera", "Camera"]),
                line: 21,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "resolution",
                kind: s::spec::Kind::Choice(<Resolution as s::Choice>::SPEC),
                label: s::Localized::new(["Size", "Size"]),
                line: 22,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "first",
                kind: s::spec::Kind::Media(s::spec::MediaSpec {
                    of: &[s::spec::MediaKind::Image],
                    ..s::spec::MediaSpec::DEFAULT
                }),
                label: s::Localized::new(["First picture", "First picture"]),
                line: 23,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => s::record::optional(&self.prompt),
                1 => s::record::optional(&self.strength),
                2 => s::record::optional(&self.speed),
                3 => s::record::optional(&self.tags),
                4 => s::record::optional(&self.camera),
                5 => s::record::optional(&self.resolution),
                6 => s::record::optional(&self.first),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_fields: s::record::FieldAccess<A>,
        ) -> Result<Self, A::Error> {
            let mut prompt = None;
            let mut strength = None;
            let mut speed = None;
            let mut tags = None;
            let mut camera = None;
            let mut resolution = None;
            let mut first = None;
            while let Some(wire_index) = wire_fields.next_field()? {
                match wire_index {
                    0 => {
                        wire_fields.fill::<Prompt>(&mut prompt)?;
                    }
                    1 => {
                        wire_fields.fill::<Strength>(&mut strength)?;
                    }
                    2 => {
                        wire_fields.fill::<Speed>(&mut speed)?;
                    }
                    3 => {
                        wire_fields.fill::<Tags>(&mut tags)?;
                    }
                    4 => {
                        wire_fields.fill::<Camera>(&mut camera)?;
                    }
                    5 => {
                        wire_fields.fill::<Resolution>(&mut resolution)?;
                    }
                    6 => {
                        wire_fields.fill::<First>(&mut first)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                prompt: wire_fields.wrap::<Prompt>(0usize, prompt)?,
                strength: wire_fields.wrap::<Strength>(1usize, strength)?,
                speed: wire_fields.wrap::<Speed>(2usize, speed)?,
                tags: wire_fields.wrap::<Tags>(3usize, tags)?,
                camera: wire_fields.wrap::<Camera>(4usize, camera)?,
                resolution: wire_fields.wrap::<Resolution>(5usize, resolution)?,
                first: wire_fields.wrap::<First>(6usize, first)?,
            })
        }
    }
    s::record::record_traits!(DenFox25);
    #[doc(hidden)]
    pub enum PromptLimits {}
    impl s::Limits for PromptLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            ..s::spec::TextSpec::DEFAULT
        };
    }
    /// Value of `prompt`: What happens.
    /// Source: `models/kie_models.yaml:17`.
    pub type Prompt = s::Text<PromptLimits>;
    #[doc(hidden)]
    pub enum StrengthLimits {}
    impl s::Limits for StrengthLimits {
        type Spec = s::spec::DecimalSpec;
        const SPEC: s::spec::DecimalSpec = s::spec::DecimalSpec {
            ..s::spec::DecimalSpec::DEFAULT
        };
    }
    /// Value of `strength`: Strength.
    /// Source: `models/kie_models.yaml:18`.
    pub type Strength = s::Decimal<StrengthLimits>;
    /// Value of `speed`: Speed. One of 3 values.
    /// Source: `models/kie_models.yaml:19`.
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
    pub enum TagsLimits {}
    impl s::Limits for TagsLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            ..s::spec::TextSpec::DEFAULT
        };
    }
    /// Value of `tags`: Tags.
    /// Source: `models/kie_models.yaml:20`.
    pub type Tags = s::List<s::Text<TagsLimits>, 0, { s::NO_LIMIT }>;
    /// Value of `camera`: Camera.
    /// Source: `models/kie_models.yaml:21`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct Camera {
        /// Pan.
        ///
        /// Source: `models/kie_models.yaml:21`.
        pub pan: Option<Pan>,
    }
    impl Camera {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new() -> Self {
            Self { pan: None }
        }
        /// Sets `pan`: Pan.
        #[inline]
        pub fn pan(mut self, value: Pan) -> Self {
            self.pan = Some(value);
            self
        }
    }
    impl Default for Camera {
        fn default() -> Self {
            Self::new()
        }
    }
    impl s::Record for Camera {
        const FIELDS: &'static [s::spec::FieldSpec] = &[
            s::spec::FieldSpec {
                name: "pan",
                kind: s::spec::Kind::Decimal(<PanLimits as s::Limits>::SPEC),
                label: s::Localized::new(["Pan", "Pan"]),
                line: 21,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => s::record::optional(&self.pan),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_fields: s::record::FieldAccess<A>,
        ) -> Result<Self, A::Error> {
            let mut pan = None;
            while let Some(wire_index) = wire_fields.next_field()? {
                match wire_index {
                    0 => {
                        wire_fields.fill::<Pan>(&mut pan)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                pan: wire_fields.wrap::<Pan>(0usize, pan)?,
            })
        }
    }
    s::record::record_traits!(Camera);
    #[doc(hidden)]
    pub enum PanLimits {}
    impl s::Limits for PanLimits {
        type Spec = s::spec::DecimalSpec;
        const SPEC: s::spec::DecimalSpec = s::spec::DecimalSpec {
            ..s::spec::DecimalSpec::DEFAULT
        };
    }
    /// Value of `pan`: Pan.
    /// Source: `models/kie_models.yaml:21`.
    pub type Pan = s::Decimal<PanLimits>;
    /// Value of `resolution`: Size. One of 2 values.
    /// Source: `models/kie_models.yaml:22`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Resolution {
        /// `720p`.
        P720,
        /// `4K`.
        K4,
    }
    impl s::Choice for Resolution {
        const SPEC: s::spec::ChoiceSpec = s::spec::ChoiceSpec::of(
            &[s::spec::OptionSpec::text("720p"), s::spec::OptionSpec::text("4K")],
        );
        const ALL: &'static [Self] = &[Self::P720, Self::K4];
        fn index(self) -> usize {
            self as usize
        }
    }
    s::choice::choice_traits!(Resolution);
    /// Value of `first`: First picture. URL of a picture.
    /// Source: `models/kie_models.yaml:23`.
    pub type First = s::Media<s::Image>;
    /// What the registry says of the model.
    pub static SPEC: s::spec::ModelSpec = s::spec::ModelSpec {
        id: "den/fox-2.5",
        aliases: &[
            s::spec::AliasSpec {
                name: "fox",
                presets: &[],
            },
            s::spec::AliasSpec {
                name: "fox-video",
                presets: &[
                    s::spec::Preset {
                        field: "strength",
                        value: "0.2",
                    },
                    s::spec::Preset {
                        field: "resolution",
                        value: "\"4K\"",
                    },
                    s::spec::Preset {
                        field: "tags",
                        value: "[\"wild\"]",
                    },
                    s::spec::Preset {
                        field: "camera",
                        value: "{\"pan\":1}",
                    },
                ],
            },
            s::spec::AliasSpec {
                name: "fox-calm",
                presets: &[
                    s::spec::Preset {
                        field: "speed",
                        value: "1",
                    },
                ],
            },
        ],
        title: s::Localized::new(["Fox 2.5", "Лиса 2.5"]),
        about: s::Localized::new(["Animates a fox", "Оживляет лису"]),
        provider: "Den",
        tasks: &[&super::TASK_IMAGE_TO_VIDEO, &super::TASK_VIDEO_EDIT],
        output: s::spec::OutputKind::Video,
        webhook: s::spec::WebhookNeed::Result,
        status: s::spec::Status::Live,
        nearest: None,
        route: None,
        result: s::spec::ResultSpec {
            id: &[],
            text: &[],
        },
        next: &[],
        is_listed: true,
        fields: <DenFox25 as s::Record>::FIELDS,
        ignored_fields: &["quantity", "safety"],
        rules: &[],
        price: Some(
            &s::spec::PriceSpec {
                as_of: "2026-10-01",
                unit: "second",
                rows: &[s::spec::PriceRow::always(5000)],
                ..s::spec::PriceSpec::DEFAULT
            },
        ),
        example: "{\"prompt\":\"The fox runs\"}",
        advises: s::advice::possible(<DenFox25 as s::Record>::FIELDS),
        line: 7,
    };
    impl s::ModelInput for DenFox25 {
        fn spec() -> &'static s::spec::ModelSpec {
            &SPEC
        }
    }
}
pub use den_fox_2_5::DenFox25;
/// Types of `den/fox-3`.
pub mod den_fox_3 {
    use crate::schema as s;
    /// Fox 3: Animates a fox most of the time.
    ///
    /// Model `den/fox-3` by Den. Animate.
    /// Price: 0 credits per second (2026-10-01).
    /// **In trouble:** its tasks fail often. Use `den/fox-2.5` instead.
    /// Source: `models/kie_models.yaml:27`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct DenFox3 {
        /// What happens.
        ///
        /// Source: `models/kie_models.yaml:36`.
        pub prompt: Option<Prompt>,
    }
    impl DenFox3 {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new() -> Self {
            Self { prompt: None }
        }
        /// Sets `prompt`: What happens.
        #[inline]
        pub fn prompt(mut self, value: Prompt) -> Self {
            self.prompt = Some(value);
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
    impl Default for DenFox3 {
        fn default() -> Self {
            Self::new()
        }
    }
    impl s::Record for DenFox3 {
        const FIELDS: &'static [s::spec::FieldSpec] = &[
            s::spec::FieldSpec {
                name: "prompt",
                kind: s::spec::Kind::Text(<PromptLimits as s::Limits>::SPEC),
                label: s::Localized::new(["What happens", "What happens"]),
                line: 36,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => s::record::optional(&self.prompt),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_fields: s::record::FieldAccess<A>,
        ) -> Result<Self, A::Error> {
            let mut prompt = None;
            while let Some(wire_index) = wire_fields.next_field()? {
                match wire_index {
                    0 => {
                        wire_fields.fill::<Prompt>(&mut prompt)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                prompt: wire_fields.wrap::<Prompt>(0usize, prompt)?,
            })
        }
    }
    s::record::record_traits!(DenFox3);
    #[doc(hidden)]
    pub enum PromptLimits {}
    impl s::Limits for PromptLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            ..s::spec::TextSpec::DEFAULT
        };
    }
    /// Value of `prompt`: What happens.
    /// Source: `models/kie_models.yaml:36`.
    pub type Prompt = s::Text<PromptLimits>;
    /// What the registry says of the model.
    pub static SPEC: s::spec::ModelSpec = s::spec::ModelSpec {
        id: "den/fox-3",
        aliases: &[],
        title: s::Localized::new(["Fox 3", "Лиса 3"]),
        about: s::Localized::new([
            "Animates a fox most of the time",
            "Оживляет лису, но не всегда",
        ]),
        provider: "Den",
        tasks: &[&super::TASK_IMAGE_TO_VIDEO],
        output: s::spec::OutputKind::Video,
        webhook: s::spec::WebhookNeed::Optional,
        status: s::spec::Status::Troubled,
        nearest: Some("den/fox-2.5"),
        route: None,
        result: s::spec::ResultSpec {
            id: &[],
            text: &[],
        },
        next: &[],
        is_listed: true,
        fields: <DenFox3 as s::Record>::FIELDS,
        ignored_fields: &[],
        rules: &[],
        price: Some(
            &s::spec::PriceSpec {
                as_of: "2026-10-01",
                unit: "second",
                rows: &[s::spec::PriceRow::always(0)],
                ..s::spec::PriceSpec::DEFAULT
            },
        ),
        example: "{\"prompt\":\"The fox runs\"}",
        advises: s::advice::possible(<DenFox3 as s::Record>::FIELDS),
        line: 27,
    };
    impl s::ModelInput for DenFox3 {
        fn spec() -> &'static s::spec::ModelSpec {
            &SPEC
        }
    }
}
pub use den_fox_3::DenFox3;
