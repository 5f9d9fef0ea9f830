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
        /// First picture.
        ///
        /// URL of a picture. Source: `models/kie_models.yaml:13`.
        pub first: Option<First>,
        /// Last picture.
        ///
        /// URL of a picture. Source: `models/kie_models.yaml:14`.
        pub last: Option<Last>,
        /// Clips.
        ///
        /// 1 to 3 items, each: URL of a picture or a video. Source: `models/kie_models.yaml:15`.
        pub clips: Option<Clips>,
        /// Tags.
        ///
        /// At most 5 items, each: at most 20 characters. Source: `models/kie_models.yaml:16`.
        pub tags: Option<Tags>,
        /// Shots.
        ///
        /// At least 1 item. Source: `models/kie_models.yaml:17`.
        pub shots: Option<Shots>,
    }
    impl FoxDraw {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new() -> Self {
            Self {
                prompt: None,
                first: None,
                last: None,
                clips: None,
                tags: None,
                shots: None,
            }
        }
        /// Sets `prompt`: What happens.
        #[inline]
        pub fn prompt(mut self, value: Prompt) -> Self {
            self.prompt = Some(value);
            self
        }
        /// Sets `first`: First picture. URL of a picture.
        #[inline]
        pub fn first(mut self, value: First) -> Self {
            self.first = Some(value);
            self
        }
        /// Sets `last`: Last picture. URL of a picture.
        #[inline]
        pub fn last(mut self, value: Last) -> Self {
            self.last = Some(value);
            self
        }
        /// Sets `clips`: Clips. 1 to 3 items, each: URL of a picture or a video.
        #[inline]
        pub fn clips(mut self, value: Clips) -> Self {
            self.clips = Some(value);
            self
        }
        /// Sets `tags`: Tags. At most 5 items, each: at most 20 characters.
        #[inline]
        pub fn tags(mut self, value: Tags) -> Self {
            self.tags = Some(value);
            self
        }
        /// Sets `shots`: Shots. At least 1 item.
        #[inline]
        pub fn shots(mut self, value: Shots) -> Self {
            self.shots = Some(value);
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
                name: "first",
                kind: s::spec::Kind::Media(s::spec::MediaSpec {
                    of: &[s::spec::MediaKind::Image],
                    ..s::spec::MediaSpec::DEFAULT
                }),
                label: s::Localized::new(["First picture", "First picture"]),
                line: 13,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "last",
                kind: s::spec::Kind::Media(s::spec::MediaSpec {
                    of: &[s::spec::MediaKind::Image],
                    ..s::spec::MediaSpec::DEFAULT
                }),
                label: s::Localized::new(["Last picture", "Last picture"]),
                line: 14,
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
                line: 15,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "tags",
                kind: s::spec::Kind::List(s::spec::ListSpec {
                    item: &s::spec::Kind::Text(<TagsLimits as s::Limits>::SPEC),
                    min: 0,
                    max: Some(5),
                    total_seconds: None,
                }),
                label: s::Localized::new(["Tags", "Tags"]),
                line: 16,
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
                line: 17,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => s::record::optional(&self.prompt),
                1 => s::record::optional(&self.first),
                2 => s::record::optional(&self.last),
                3 => s::record::optional(&self.clips),
                4 => s::record::optional(&self.tags),
                5 => s::record::optional(&self.shots),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_fields: s::record::FieldAccess<A>,
        ) -> Result<Self, A::Error> {
            let mut prompt = None;
            let mut first = None;
            let mut last = None;
            let mut clips = None;
            let mut tags = None;
            let mut shots = None;
            while let Some(wire_index) = wire_fields.next_field()? {
                match wire_index {
                    0 => {
                        wire_fields.fill::<Prompt>(&mut prompt)?;
                    }
                    1 => {
                        wire_fields.fill::<First>(&mut first)?;
                    }
                    2 => {
                        wire_fields.fill::<Last>(&mut last)?;
                    }
                    3 => {
                        wire_fields.fill::<Clips>(&mut clips)?;
                    }
                    4 => {
                        wire_fields.fill::<Tags>(&mut tags)?;
                    }
                    5 => {
                        wire_fields.fill::<Shots>(&mut shots)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                prompt: wire_fields.wrap::<Prompt>(0usize, prompt)?,
                first: wire_fields.wrap::<First>(1usize, first)?,
                last: wire_fields.wrap::<Last>(2usize, last)?,
                clips: wire_fields.wrap::<Clips>(3usize, clips)?,
                tags: wire_fields.wrap::<Tags>(4usize, tags)?,
                shots: wire_fields.wrap::<Shots>(5usize, shots)?,
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
    /// Value of `first`: First picture. URL of a picture.
    /// Source: `models/kie_models.yaml:13`.
    pub type First = s::Media<s::Image>;
    /// Value of `last`: Last picture. URL of a picture.
    /// Source: `models/kie_models.yaml:14`.
    pub type Last = s::Media<s::Image>;
    /// Value of `clips`: Clips. 1 to 3 items, each: URL of a picture or a video.
    /// Source: `models/kie_models.yaml:15`.
    pub type Clips = s::List<s::Media<(s::Image, s::Video)>, 1, 3>;
    #[doc(hidden)]
    pub enum TagsLimits {}
    impl s::Limits for TagsLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            max: Some(20),
            ..s::spec::TextSpec::DEFAULT
        };
    }
    /// Value of `tags`: Tags. At most 5 items, each: at most 20 characters.
    /// Source: `models/kie_models.yaml:16`.
    pub type Tags = s::List<s::Text<TagsLimits>, 0, 5>;
    /// Value of `shots`: Shots. At least 1 item.
    /// Source: `models/kie_models.yaml:17`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct ShotsItem {
        /// What happens.
        ///
        /// 1 to 100 characters; required. Source: `models/kie_models.yaml:23`.
        pub prompt: ShotsPrompt,
        /// Seconds.
        ///
        /// 1 to 12; default `1`. Source: `models/kie_models.yaml:24`.
        pub duration: Duration,
        /// Speaker.
        ///
        /// In the form `Speaker 1`. Source: `models/kie_models.yaml:25`.
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
        pub fn duration(mut self, value: Duration) -> Self {
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
                line: 23,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "duration",
                kind: s::spec::Kind::Integer(<DurationLimits as s::Limits>::SPEC),
                required: true,
                default: Some("1"),
                label: s::Localized::new(["Seconds", "Seconds"]),
                line: 24,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "speaker",
                kind: s::spec::Kind::Text(<SpeakerLimits as s::Limits>::SPEC),
                label: s::Localized::new(["Speaker", "Speaker"]),
                line: 25,
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
                        wire_fields.fill::<Duration>(&mut duration)?;
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
                    .wrap::<Duration>(1usize, duration)?
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
    /// Source: `models/kie_models.yaml:23`.
    pub type ShotsPrompt = s::Text<ShotsPromptLimits>;
    #[doc(hidden)]
    pub enum DurationLimits {}
    impl s::Limits for DurationLimits {
        type Spec = s::spec::IntegerSpec;
        const SPEC: s::spec::IntegerSpec = s::spec::IntegerSpec {
            min: Some(1),
            max: Some(12),
            ..s::spec::IntegerSpec::DEFAULT
        };
    }
    /// Value of `duration`: Seconds. 1 to 12.
    /// Source: `models/kie_models.yaml:24`.
    pub type Duration = s::Integer<DurationLimits>;
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
    /// Source: `models/kie_models.yaml:25`.
    pub type Speaker = s::Text<SpeakerLimits>;
    /// Value of `shots`: Shots. At least 1 item.
    /// Source: `models/kie_models.yaml:17`.
    pub type Shots = s::List<ShotsItem, 1, { s::NO_LIMIT }>;
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
                then: s::spec::Requirement::Groups {
                    of: &[
                        &[s::spec::Path::at(0, "prompt")],
                        &[s::spec::Path::at(5, "shots"), s::spec::Path::at(3, "clips")],
                    ],
                    min: 1,
                    max: None,
                },
                advisory: false,
                line: 28,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Requirement::Groups {
                    of: &[
                        &[s::spec::Path::at(1, "first"), s::spec::Path::at(2, "last")],
                        &[s::spec::Path::at(3, "clips")],
                    ],
                    min: 1,
                    max: Some(1),
                },
                advisory: false,
                line: 29,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Requirement::Groups {
                    of: &[
                        &[s::spec::Path::at(1, "first")],
                        &[s::spec::Path::at(3, "clips")],
                    ],
                    min: 0,
                    max: Some(1),
                },
                advisory: false,
                line: 30,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Requirement::Count(
                    s::spec::Path::at(4, "tags"),
                    s::spec::Range {
                        min: Some(1.0),
                        max: Some(2.0),
                    },
                ),
                advisory: false,
                line: 31,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Requirement::Seconds(
                    s::spec::Path::at(3, "clips"),
                    s::spec::Range {
                        min: Some(2.0),
                        max: Some(5.0),
                    },
                ),
                advisory: false,
                line: 32,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Requirement::SameSize(
                    &[s::spec::Path::at(1, "first"), s::spec::Path::at(2, "last")],
                ),
                advisory: false,
                line: 33,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Requirement::ImagesOrVideos {
                    of: s::spec::Path::at(3, "clips"),
                    images: s::spec::Range {
                        min: Some(2.0),
                        max: Some(3.0),
                    },
                    videos: s::spec::Range {
                        min: Some(1.0),
                        max: Some(1.0),
                    },
                },
                advisory: false,
                line: 34,
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
        example: "{\"prompt\":\"The fox runs\",\"first\":\"https://example.com/fox.png\",\"shots\":[{\"prompt\":\"Slowly\",\"duration\":1,\"speaker\":\"Speaker 1\"}]}",
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
