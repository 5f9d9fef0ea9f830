/// Every model of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Model {
    /// Fox, `fox/draw`.
    FoxDraw,
}
impl Model {
    /// All models, in the registry's order.
    pub const ALL: &'static [Self] = &[Self::FoxDraw];
    /// What the registry says of the model.
    pub fn spec(self) -> &'static ModelSpec {
        MODELS[self as usize]
    }
}
/// The descriptors of all models, in the registry's order.
pub static MODELS: &[&ModelSpec] = &[&fox_draw::SPEC];
/// What reads JSON text into the typed input of each of [`MODELS`], in the same order.
static READERS: &[s::input::Reader] = &[s::input::read::<FoxDraw>];
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
    /// Price: 5 credits per image (2026-10-01).
    /// Source: `models/kie_models.yaml:5`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct FoxDraw {
        /// What happens.
        ///
        /// 1 to 1000 characters, 500 with Chinese, Japanese or Korean among them; required. Source: `models/kie_models.yaml:12`.
        pub prompt: Prompt,
        /// Seconds.
        ///
        /// 4 to 12 in steps of 2 or -1 except 10; default `4`. Source: `models/kie_models.yaml:13`.
        pub duration: Duration,
        /// Shots.
        ///
        /// At least 1 item. Source: `models/kie_models.yaml:14`.
        pub shots: Option<Shots>,
        /// Camera.
        ///
        /// Source: `models/kie_models.yaml:24`.
        pub camera: Option<Camera>,
    }
    impl FoxDraw {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new(prompt: Prompt) -> Self {
            Self {
                prompt,
                duration: s::record::default_of("4"),
                shots: None,
                camera: None,
            }
        }
        /// Sets `prompt`: What happens. 1 to 1000 characters, 500 with Chinese, Japanese or Korean among them.
        #[inline]
        pub fn prompt(mut self, value: Prompt) -> Self {
            self.prompt = value;
            self
        }
        /// Sets `duration`: Seconds. 4 to 12 in steps of 2 or -1 except 10.
        #[inline]
        pub fn duration(mut self, value: Duration) -> Self {
            self.duration = value;
            self
        }
        /// Sets `shots`: Shots. At least 1 item.
        #[inline]
        pub fn shots(mut self, value: Shots) -> Self {
            self.shots = Some(value);
            self
        }
        /// Sets `camera`: Camera.
        #[inline]
        pub fn camera(mut self, value: Camera) -> Self {
            self.camera = Some(value);
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
    impl s::Record for FoxDraw {
        const FIELDS: &'static [s::spec::FieldSpec] = &[
            s::spec::FieldSpec {
                name: "prompt",
                aliases: &["text"],
                kind: s::spec::Kind::Text(<PromptLimits as s::Limits>::SPEC),
                required: true,
                label: s::Localized::new([
                    "What happens",
                    "Что происходит",
                ]),
                line: 12,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "duration",
                kind: s::spec::Kind::Integer(<DurationLimits as s::Limits>::SPEC),
                required: true,
                default: Some("4"),
                label: s::Localized::new(["Seconds", "Seconds"]),
                line: 13,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "shots",
                kind: s::spec::Kind::List(s::spec::ListSpec {
                    item: &s::spec::Kind::Object(<ShotsItem as s::Record>::FIELDS),
                    min: 1,
                    max: None,
                    total_seconds: None,
                }),
                label: s::Localized::new(["Shots", "Shots"]),
                line: 14,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "camera",
                kind: s::spec::Kind::Object(<Camera as s::Record>::FIELDS),
                label: s::Localized::new(["Camera", "Camera"]),
                line: 24,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => Some(s::value_ref::AsValueRef::as_value_ref(&self.prompt)),
                1 => Some(s::value_ref::AsValueRef::as_value_ref(&self.duration)),
                2 => s::record::optional(&self.shots),
                3 => s::record::optional(&self.camera),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_fields: s::record::FieldAccess<A>,
        ) -> Result<Self, A::Error> {
            let mut prompt = None;
            let mut duration = None;
            let mut shots = None;
            let mut camera = None;
            while let Some(wire_index) = wire_fields.next_field()? {
                match wire_index {
                    0 => {
                        wire_fields.fill::<Prompt>(&mut prompt)?;
                    }
                    1 => {
                        wire_fields.fill::<Duration>(&mut duration)?;
                    }
                    2 => {
                        wire_fields.fill::<Shots>(&mut shots)?;
                    }
                    3 => {
                        wire_fields.fill::<Camera>(&mut camera)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                prompt: s::record::need(
                    wire_fields.wrap::<Prompt>(0usize, prompt)?,
                    "prompt",
                )?,
                duration: wire_fields
                    .wrap::<Duration>(1usize, duration)?
                    .unwrap_or_else(|| s::record::default_of("4")),
                shots: wire_fields.wrap::<Shots>(2usize, shots)?,
                camera: wire_fields.wrap::<Camera>(3usize, camera)?,
            })
        }
    }
    s::record::record_traits!(FoxDraw);
    #[doc(hidden)]
    pub enum PromptLimits {}
    impl s::Limits for PromptLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            min: 1,
            max: Some(1000),
            max_cjk: Some(500),
            ..s::spec::TextSpec::DEFAULT
        };
    }
    /// Value of `prompt`: What happens. 1 to 1000 characters, 500 with Chinese, Japanese or Korean among them.
    /// Source: `models/kie_models.yaml:12`.
    pub type Prompt = s::Text<PromptLimits>;
    #[doc(hidden)]
    pub enum DurationLimits {}
    impl s::Limits for DurationLimits {
        type Spec = s::spec::IntegerSpec;
        const SPEC: s::spec::IntegerSpec = s::spec::IntegerSpec {
            min: Some(4),
            max: Some(12),
            step: Some(2),
            extra_values: &[-1],
            excluded: &[10],
            form: s::spec::NumberForm::NumberOrString,
            ..s::spec::IntegerSpec::DEFAULT
        };
    }
    /// Value of `duration`: Seconds. 4 to 12 in steps of 2 or -1 except 10.
    /// Source: `models/kie_models.yaml:13`.
    pub type Duration = s::Integer<DurationLimits>;
    /// Value of `shots`: Shots. At least 1 item.
    /// Source: `models/kie_models.yaml:14`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct ShotsItem {
        /// What happens.
        ///
        /// 1 to 100 characters; required. Source: `models/kie_models.yaml:20`.
        pub prompt: ShotsPrompt,
        /// Seconds.
        ///
        /// 1 to 12; default `1`. Source: `models/kie_models.yaml:21`.
        pub duration: ShotsDuration,
        /// Speaker.
        ///
        /// In the form `Speaker 1`. Source: `models/kie_models.yaml:22`.
        pub speaker: Option<Speaker>,
    }
    impl ShotsItem {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new(prompt: ShotsPrompt) -> Self {
            Self {
                prompt,
                duration: s::record::default_of("1"),
                speaker: None,
            }
        }
        /// Sets `prompt`: What happens. 1 to 100 characters.
        #[inline]
        pub fn prompt(mut self, value: ShotsPrompt) -> Self {
            self.prompt = value;
            self
        }
        /// Sets `duration`: Seconds. 1 to 12.
        #[inline]
        pub fn duration(mut self, value: ShotsDuration) -> Self {
            self.duration = value;
            self
        }
        /// Sets `speaker`: Speaker. In the form `Speaker 1`.
        #[inline]
        pub fn speaker(mut self, value: Speaker) -> Self {
            self.speaker = Some(value);
            self
        }
    }
    impl s::Record for ShotsItem {
        const FIELDS: &'static [s::spec::FieldSpec] = &[
            s::spec::FieldSpec {
                name: "prompt",
                kind: s::spec::Kind::Text(<ShotsPromptLimits as s::Limits>::SPEC),
                required: true,
                label: s::Localized::new(["What happens", "What happens"]),
                line: 20,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "duration",
                kind: s::spec::Kind::Integer(<ShotsDurationLimits as s::Limits>::SPEC),
                required: true,
                default: Some("1"),
                label: s::Localized::new(["Seconds", "Seconds"]),
                line: 21,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "speaker",
                kind: s::spec::Kind::Text(<SpeakerLimits as s::Limits>::SPEC),
                label: s::Localized::new(["Speaker", "Speaker"]),
                line: 22,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => Some(s::value_ref::AsValueRef::as_value_ref(&self.prompt)),
                1 => Some(s::value_ref::AsValueRef::as_value_ref(&self.duration)),
                2 => s::record::optional(&self.speaker),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_fields: s::record::FieldAccess<A>,
        ) -> Result<Self, A::Error> {
            let mut prompt = None;
            let mut duration = None;
            let mut speaker = None;
            while let Some(wire_index) = wire_fields.next_field()? {
                match wire_index {
                    0 => {
                        wire_fields.fill::<ShotsPrompt>(&mut prompt)?;
                    }
                    1 => {
                        wire_fields.fill::<ShotsDuration>(&mut duration)?;
                    }
                    2 => {
                        wire_fields.fill::<Speaker>(&mut speaker)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                prompt: s::record::need(
                    wire_fields.wrap::<ShotsPrompt>(0usize, prompt)?,
                    "prompt",
                )?,
                duration: wire_fields
                    .wrap::<ShotsDuration>(1usize, duration)?
                    .unwrap_or_else(|| s::record::default_of("1")),
                speaker: wire_fields.wrap::<Speaker>(2usize, speaker)?,
            })
        }
    }
    s::record::record_traits!(ShotsItem);
    #[doc(hidden)]
    pub enum ShotsPromptLimits {}
    impl s::Limits for ShotsPromptLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            min: 1,
            max: Some(100),
            ..s::spec::TextSpec::DEFAULT
        };
    }
    /// Value of `prompt`: What happens. 1 to 100 characters.
    /// Source: `models/kie_models.yaml:20`.
    pub type ShotsPrompt = s::Text<ShotsPromptLimits>;
    #[doc(hidden)]
    pub enum ShotsDurationLimits {}
    impl s::Limits for ShotsDurationLimits {
        type Spec = s::spec::IntegerSpec;
        const SPEC: s::spec::IntegerSpec = s::spec::IntegerSpec {
            min: Some(1),
            max: Some(12),
            ..s::spec::IntegerSpec::DEFAULT
        };
    }
    /// Value of `duration`: Seconds. 1 to 12.
    /// Source: `models/kie_models.yaml:21`.
    pub type ShotsDuration = s::Integer<ShotsDurationLimits>;
    #[doc(hidden)]
    pub enum SpeakerLimits {}
    impl s::Limits for SpeakerLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            format: Some(s::spec::TextFormat::Speaker),
            ..s::spec::TextSpec::DEFAULT
        };
    }
    /// Value of `speaker`: Speaker. In the form `Speaker 1`.
    /// Source: `models/kie_models.yaml:22`.
    pub type Speaker = s::Text<SpeakerLimits>;
    /// Value of `shots`: Shots. At least 1 item.
    /// Source: `models/kie_models.yaml:14`.
    pub type Shots = s::List<ShotsItem, 1, { s::NO_LIMIT }>;
    /// Value of `camera`: Camera.
    /// Source: `models/kie_models.yaml:24`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct Camera {
        /// Pan.
        ///
        /// -10 to 10; default `0`. Source: `models/kie_models.yaml:24`.
        pub pan: Option<Pan>,
    }
    impl Camera {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new() -> Self {
            Self { pan: None }
        }
        /// Sets `pan`: Pan. -10 to 10.
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
                default: Some("0"),
                label: s::Localized::new(["Pan", "Pan"]),
                line: 24,
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
            min: Some(-10.0),
            max: Some(10.0),
            ..s::spec::DecimalSpec::DEFAULT
        };
    }
    /// Value of `pan`: Pan. -10 to 10.
    /// Source: `models/kie_models.yaml:24`.
    pub type Pan = s::Decimal<PanLimits>;
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
                unit: "image",
                rows: &[s::spec::PriceRow::always(5000)],
                ..s::spec::PriceSpec::DEFAULT
            },
        ),
        example: "{\"prompt\":\"The fox runs\",\"duration\":4,\"shots\":[{\"prompt\":\"Slowly\",\"duration\":1,\"speaker\":\"Speaker 1\"}]}",
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
