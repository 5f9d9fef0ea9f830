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
        /// Source: `models/kie_models.yaml:12`.
        pub prompt: Option<Prompt>,
        /// Frames a second.
        ///
        /// Default `24`. Source: `models/kie_models.yaml:13`.
        pub fps: Option<Fps>,
        /// Speed.
        ///
        /// One of 3 values. Source: `models/kie_models.yaml:14`.
        pub speed: Option<Speed>,
        /// Seconds.
        ///
        /// Default `4`. Source: `models/kie_models.yaml:15`.
        pub duration: Duration,
        /// Frames.
        ///
        /// 8 to 240. Source: `models/kie_models.yaml:16`.
        pub frames: Option<Frames>,
        /// First picture.
        ///
        /// URL of a picture. Source: `models/kie_models.yaml:17`.
        pub first: Option<First>,
        /// Clips.
        ///
        /// 1 to 3 items, each: URL of a picture or a video. Source: `models/kie_models.yaml:18`.
        pub clips: Option<Clips>,
        /// Shots.
        ///
        /// At least 1 item. Source: `models/kie_models.yaml:19`.
        pub shots: Option<Shots>,
        /// Voices.
        ///
        /// Source: `models/kie_models.yaml:29`.
        pub voices: Option<Voices>,
    }
    impl FoxDraw {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new() -> Self {
            Self {
                prompt: None,
                fps: None,
                speed: None,
                duration: s::record::default_of("4"),
                frames: None,
                first: None,
                clips: None,
                shots: None,
                voices: None,
            }
        }
        /// Sets `prompt`: What happens.
        #[inline]
        pub fn prompt(mut self, value: Prompt) -> Self {
            self.prompt = Some(value);
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
        /// Sets `duration`: Seconds.
        #[inline]
        pub fn duration(mut self, value: Duration) -> Self {
            self.duration = value;
            self
        }
        /// Sets `frames`: Frames. 8 to 240.
        #[inline]
        pub fn frames(mut self, value: Frames) -> Self {
            self.frames = Some(value);
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
        /// Sets `shots`: Shots. At least 1 item.
        #[inline]
        pub fn shots(mut self, value: Shots) -> Self {
            self.shots = Some(value);
            self
        }
        /// Sets `voices`: Voices.
        #[inline]
        pub fn voices(mut self, value: Voices) -> Self {
            self.voices = Some(value);
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
                name: "fps",
                kind: s::spec::Kind::Integer(<FpsLimits as s::Limits>::SPEC),
                default: Some("24"),
                label: s::Localized::new(["Frames a second", "Frames a second"]),
                line: 13,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "speed",
                kind: s::spec::Kind::Choice(<Speed as s::Choice>::SPEC),
                label: s::Localized::new(["Speed", "Speed"]),
                line: 14,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "duration",
                kind: s::spec::Kind::Integer(<DurationLimits as s::Limits>::SPEC),
                required: true,
                default: Some("4"),
                label: s::Localized::new(["Seconds", "Seconds"]),
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
                name: "first",
                kind: s::spec::Kind::Media(s::spec::MediaSpec {
                    of: &[s::spec::MediaKind::Image],
                    ..s::spec::MediaSpec::DEFAULT
                }),
                label: s::Localized::new(["First picture", "First picture"]),
                line: 17,
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
                line: 18,
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
                line: 19,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "voices",
                kind: s::spec::Kind::List(s::spec::ListSpec {
                    item: &s::spec::Kind::Object(<VoicesItem as s::Record>::FIELDS),
                    min: 0,
                    max: None,
                    total_seconds: None,
                }),
                label: s::Localized::new(["Voices", "Voices"]),
                line: 29,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => s::record::optional(&self.prompt),
                1 => s::record::optional(&self.fps),
                2 => s::record::optional(&self.speed),
                3 => Some(s::value_ref::AsValueRef::as_value_ref(&self.duration)),
                4 => s::record::optional(&self.frames),
                5 => s::record::optional(&self.first),
                6 => s::record::optional(&self.clips),
                7 => s::record::optional(&self.shots),
                8 => s::record::optional(&self.voices),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_fields: s::record::FieldAccess<A>,
        ) -> Result<Self, A::Error> {
            let mut prompt = None;
            let mut fps = None;
            let mut speed = None;
            let mut duration = None;
            let mut frames = None;
            let mut first = None;
            let mut clips = None;
            let mut shots = None;
            let mut voices = None;
            while let Some(wire_index) = wire_fields.next_field()? {
                match wire_index {
                    0 => {
                        wire_fields.fill::<Prompt>(&mut prompt)?;
                    }
                    1 => {
                        wire_fields.fill::<Fps>(&mut fps)?;
                    }
                    2 => {
                        wire_fields.fill::<Speed>(&mut speed)?;
                    }
                    3 => {
                        wire_fields.fill::<Duration>(&mut duration)?;
                    }
                    4 => {
                        wire_fields.fill::<Frames>(&mut frames)?;
                    }
                    5 => {
                        wire_fields.fill::<First>(&mut first)?;
                    }
                    6 => {
                        wire_fields.fill::<Clips>(&mut clips)?;
                    }
                    7 => {
                        wire_fields.fill::<Shots>(&mut shots)?;
                    }
                    8 => {
                        wire_fields.fill::<Voices>(&mut voices)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                prompt: wire_fields.wrap::<Prompt>(0usize, prompt)?,
                fps: wire_fields.wrap::<Fps>(1usize, fps)?,
                speed: wire_fields.wrap::<Speed>(2usize, speed)?,
                duration: wire_fields
                    .wrap::<Duration>(3usize, duration)?
                    .unwrap_or_else(|| s::record::default_of("4")),
                frames: wire_fields.wrap::<Frames>(4usize, frames)?,
                first: wire_fields.wrap::<First>(5usize, first)?,
                clips: wire_fields.wrap::<Clips>(6usize, clips)?,
                shots: wire_fields.wrap::<Shots>(7usize, shots)?,
                voices: wire_fields.wrap::<Voices>(8usize, voices)?,
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
    #[doc(hidden)]
    pub enum FpsLimits {}
    impl s::Limits for FpsLimits {
        type Spec = s::spec::IntegerSpec;
        const SPEC: s::spec::IntegerSpec = s::spec::IntegerSpec {
            ..s::spec::IntegerSpec::DEFAULT
        };
    }
    /// Value of `fps`: Frames a second.
    /// Source: `models/kie_models.yaml:13`.
    pub type Fps = s::Integer<FpsLimits>;
    /// Value of `speed`: Speed. One of 3 values.
    /// Source: `models/kie_models.yaml:14`.
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
    pub enum DurationLimits {}
    impl s::Limits for DurationLimits {
        type Spec = s::spec::IntegerSpec;
        const SPEC: s::spec::IntegerSpec = s::spec::IntegerSpec {
            ..s::spec::IntegerSpec::DEFAULT
        };
    }
    /// Value of `duration`: Seconds.
    /// Source: `models/kie_models.yaml:15`.
    pub type Duration = s::Integer<DurationLimits>;
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
    /// Source: `models/kie_models.yaml:17`.
    pub type First = s::Media<s::Image>;
    /// Value of `clips`: Clips. 1 to 3 items, each: URL of a picture or a video.
    /// Source: `models/kie_models.yaml:18`.
    pub type Clips = s::List<s::Media<(s::Image, s::Video)>, 1, 3>;
    /// Value of `shots`: Shots. At least 1 item.
    /// Source: `models/kie_models.yaml:19`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct ShotsItem {
        /// What happens.
        ///
        /// 1 to 100 characters; required. Source: `models/kie_models.yaml:25`.
        pub prompt: ShotsPrompt,
        /// Seconds.
        ///
        /// 1 to 12; default `1`. Source: `models/kie_models.yaml:26`.
        pub duration: ShotsDuration,
        /// Speaker.
        ///
        /// In the form `Speaker 1`. Source: `models/kie_models.yaml:27`.
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
                line: 25,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "duration",
                kind: s::spec::Kind::Integer(<ShotsDurationLimits as s::Limits>::SPEC),
                required: true,
                default: Some("1"),
                label: s::Localized::new(["Seconds", "Seconds"]),
                line: 26,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "speaker",
                kind: s::spec::Kind::Text(<SpeakerLimits as s::Limits>::SPEC),
                label: s::Localized::new(["Speaker", "Speaker"]),
                line: 27,
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
    /// Source: `models/kie_models.yaml:25`.
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
    /// Source: `models/kie_models.yaml:26`.
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
    /// Source: `models/kie_models.yaml:27`.
    pub type Speaker = s::Text<SpeakerLimits>;
    /// Value of `shots`: Shots. At least 1 item.
    /// Source: `models/kie_models.yaml:19`.
    pub type Shots = s::List<ShotsItem, 1, { s::NO_LIMIT }>;
    /// Value of `voices`: Voices.
    /// Source: `models/kie_models.yaml:29`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct VoicesItem {
        /// Name.
        ///
        /// In the form `Speaker 1`; required. Source: `models/kie_models.yaml:31`.
        pub name: Name,
    }
    impl VoicesItem {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new(name: Name) -> Self {
            Self { name }
        }
        /// Sets `name`: Name. In the form `Speaker 1`.
        #[inline]
        pub fn name(mut self, value: Name) -> Self {
            self.name = value;
            self
        }
    }
    impl s::Record for VoicesItem {
        const FIELDS: &'static [s::spec::FieldSpec] = &[
            s::spec::FieldSpec {
                name: "name",
                kind: s::spec::Kind::Text(<NameLimits as s::Limits>::SPEC),
                required: true,
                label: s::Localized::new(["Name", "Name"]),
                line: 31,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => Some(s::value_ref::AsValueRef::as_value_ref(&self.name)),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_fields: s::record::FieldAccess<A>,
        ) -> Result<Self, A::Error> {
            let mut name = None;
            while let Some(wire_index) = wire_fields.next_field()? {
                match wire_index {
                    0 => {
                        wire_fields.fill::<Name>(&mut name)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                name: s::record::need(wire_fields.wrap::<Name>(0usize, name)?, "name")?,
            })
        }
    }
    s::record::record_traits!(VoicesItem);
    #[doc(hidden)]
    pub enum NameLimits {}
    impl s::Limits for NameLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            min: 1,
            format: Some(s::spec::TextFormat::Speaker),
            ..s::spec::TextSpec::DEFAULT
        };
    }
    /// Value of `name`: Name. In the form `Speaker 1`.
    /// Source: `models/kie_models.yaml:31`.
    pub type Name = s::Text<NameLimits>;
    /// Value of `voices`: Voices.
    /// Source: `models/kie_models.yaml:29`.
    pub type Voices = s::List<VoicesItem, 0, { s::NO_LIMIT }>;
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
        rules: &[
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Requirement::Refuse(
                    s::spec::Path::at(7, "shots[].duration"),
                    &[s::spec::Literal::Integer(5)],
                ),
                advisory: true,
                line: 34,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Requirement::Refuse(
                    s::spec::Path::at(2, "speed"),
                    &[s::spec::Literal::Decimal(1.0)],
                ),
                advisory: true,
                line: 34,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Requirement::Length(
                    s::spec::Path::at(0, "prompt"),
                    s::spec::Range {
                        min: None,
                        max: Some(500.0),
                    },
                ),
                advisory: false,
                line: 35,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Requirement::Length(
                    s::spec::Path::at(7, "shots[].prompt"),
                    s::spec::Range {
                        min: Some(5.0),
                        max: Some(50.0),
                    },
                ),
                advisory: false,
                line: 35,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Requirement::Within(
                    s::spec::Path::at(3, "duration"),
                    s::spec::Range {
                        min: Some(4.0),
                        max: Some(8.0),
                    },
                ),
                advisory: false,
                line: 36,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Requirement::Within(
                    s::spec::Path::at(1, "fps"),
                    s::spec::Range {
                        min: Some(24.0),
                        max: Some(30.0),
                    },
                ),
                advisory: false,
                line: 36,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Requirement::Sum {
                    of: &[
                        s::spec::Term {
                            field: s::spec::Path::at(7, "shots[].duration"),
                            count: s::spec::Count::Value,
                            weight: 1.0,
                        },
                        s::spec::Term {
                            field: s::spec::Path::at(6, "clips"),
                            count: s::spec::Count::Items,
                            weight: 2.0,
                        },
                        s::spec::Term {
                            field: s::spec::Path::at(5, "first"),
                            count: s::spec::Count::Presence,
                            weight: 1.0,
                        },
                        s::spec::Term {
                            field: s::spec::Path::at(6, "clips"),
                            count: s::spec::Count::Seconds,
                            weight: 1.0,
                        },
                        s::spec::Term {
                            field: s::spec::Path::at(0, "prompt"),
                            count: s::spec::Count::Characters,
                            weight: 1.0,
                        },
                        s::spec::Term {
                            field: s::spec::Path::at(6, "clips"),
                            count: s::spec::Count::Megabytes,
                            weight: 1.0,
                        },
                    ],
                    max: s::spec::SumLimit::Number(900.0),
                    exact: false,
                },
                advisory: false,
                line: 37,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Requirement::Sum {
                    of: &[
                        s::spec::Term {
                            field: s::spec::Path::at(7, "shots[].duration"),
                            count: s::spec::Count::Value,
                            weight: 4.0,
                        },
                    ],
                    max: s::spec::SumLimit::Field(s::spec::Path::at(3, "duration")),
                    exact: true,
                },
                advisory: false,
                line: 39,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Requirement::Difference {
                    greater: s::spec::Path::at(3, "duration"),
                    smaller: s::spec::Path::at(4, "frames"),
                    range: s::spec::Range {
                        min: Some(1.0),
                        max: Some(5.0),
                    },
                },
                advisory: false,
                line: 40,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Requirement::SameCount(
                    &[s::spec::Path::at(7, "shots"), s::spec::Path::at(8, "voices")],
                ),
                advisory: false,
                line: 41,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Requirement::Unique(
                    s::spec::Path::at(8, "voices[].name"),
                ),
                advisory: false,
                line: 42,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Requirement::Refers(
                    s::spec::Path::at(7, "shots[].speaker"),
                    s::spec::Path::at(8, "voices[].name"),
                ),
                advisory: false,
                line: 43,
            },
        ],
        price: Some(
            &s::spec::PriceSpec {
                as_of: "2026-10-01",
                unit: "image",
                rows: &[s::spec::PriceRow::always(5000)],
                ..s::spec::PriceSpec::DEFAULT
            },
        ),
        example: "{\"prompt\":\"The fox runs\",\"duration\":4,\"first\":\"https://example.com/fox.png\",\"shots\":[{\"prompt\":\"Slowly\",\"duration\":1,\"speaker\":\"Speaker 1\"}],\"voices\":[{\"name\":\"Speaker 1\"}]}",
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
