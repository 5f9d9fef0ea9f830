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
        /// Size.
        ///
        /// One of 3 values; default `"768p"`. Source: `models/kie_models.yaml:12`.
        pub resolution: Resolution,
        /// Shape.
        ///
        /// One of 2 values; default `"auto"`. Source: `models/kie_models.yaml:13`.
        pub r#type: Option<Type>,
        /// Seconds.
        ///
        /// Default `4`. Source: `models/kie_models.yaml:14`.
        pub duration: Duration,
        /// Frames.
        ///
        /// 8 to 240. Source: `models/kie_models.yaml:15`.
        pub frames: Option<Frames>,
        /// Last picture.
        ///
        /// URL of a picture. Source: `models/kie_models.yaml:16`.
        pub last: Option<Last>,
        /// Earlier task.
        ///
        /// Id of an earlier task of `fox/draw`. Source: `models/kie_models.yaml:17`.
        pub parent: Option<Parent>,
        /// Clips.
        ///
        /// 1 to 3 items, each: URL of a picture or a video. Source: `models/kie_models.yaml:18`.
        pub clips: Option<Clips>,
        /// First picture.
        ///
        /// URL of a picture. Source: `models/kie_models.yaml:19`.
        pub first: Option<First>,
        /// Sound.
        ///
        /// Default `false`. Source: `models/kie_models.yaml:20`.
        pub sound: Option<bool>,
        /// Voice.
        ///
        /// URL of a sound. Source: `models/kie_models.yaml:21`.
        pub voice: Option<Voice>,
    }
    impl FoxDraw {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new() -> Self {
            Self {
                resolution: Resolution::P768Lower,
                r#type: None,
                duration: s::record::default_of("4"),
                frames: None,
                last: None,
                parent: None,
                clips: None,
                first: None,
                sound: None,
                voice: None,
            }
        }
        /// Sets `resolution`: Size. One of 3 values.
        #[inline]
        pub fn resolution(mut self, value: Resolution) -> Self {
            self.resolution = value;
            self
        }
        /// Sets `type`: Shape. One of 2 values.
        #[inline]
        pub fn r#type(mut self, value: Type) -> Self {
            self.r#type = Some(value);
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
        /// Sets `last`: Last picture. URL of a picture.
        #[inline]
        pub fn last(mut self, value: Last) -> Self {
            self.last = Some(value);
            self
        }
        /// Sets `parent`: Earlier task. Id of an earlier task of `fox/draw`.
        #[inline]
        pub fn parent(mut self, value: Parent) -> Self {
            self.parent = Some(value);
            self
        }
        /// Sets `clips`: Clips. 1 to 3 items, each: URL of a picture or a video.
        #[inline]
        pub fn clips(mut self, value: Clips) -> Self {
            self.clips = Some(value);
            self
        }
        /// Sets `first`: First picture. URL of a picture.
        #[inline]
        pub fn first(mut self, value: First) -> Self {
            self.first = Some(value);
            self
        }
        /// Sets `sound`: Sound.
        #[inline]
        pub fn sound(mut self, value: bool) -> Self {
            self.sound = Some(value);
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
                name: "resolution",
                kind: s::spec::Kind::Choice(<Resolution as s::Choice>::SPEC),
                required: true,
                default: Some("\"768p\""),
                label: s::Localized::new(["Size", "Size"]),
                line: 12,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "type",
                kind: s::spec::Kind::Choice(<Type as s::Choice>::SPEC),
                default: Some("\"auto\""),
                label: s::Localized::new(["Shape", "Shape"]),
                line: 13,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "duration",
                kind: s::spec::Kind::Integer(<DurationLimits as s::Limits>::SPEC),
                required: true,
                default: Some("4"),
                label: s::Localized::new(["Seconds", "Seconds"]),
                line: 14,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "frames",
                kind: s::spec::Kind::Integer(<FramesLimits as s::Limits>::SPEC),
                label: s::Localized::new(["Frames", "Frames"]),
                line: 15,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "last",
                kind: s::spec::Kind::Media(s::spec::MediaSpec {
                    of: &[s::spec::MediaKind::Image],
                    ..s::spec::MediaSpec::DEFAULT
                }),
                label: s::Localized::new(["Last picture", "Last picture"]),
                line: 16,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "parent",
                kind: s::spec::Kind::Task(s::spec::TaskRefSpec {
                    models: &["fox/draw"],
                    of_result: false,
                }),
                label: s::Localized::new(["Earlier task", "Earlier task"]),
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
                name: "first",
                kind: s::spec::Kind::Media(s::spec::MediaSpec {
                    of: &[s::spec::MediaKind::Image],
                    ..s::spec::MediaSpec::DEFAULT
                }),
                label: s::Localized::new(["First picture", "First picture"]),
                line: 19,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "sound",
                kind: s::spec::Kind::Boolean,
                default: Some("false"),
                label: s::Localized::new(["Sound", "Sound"]),
                line: 20,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "voice",
                kind: s::spec::Kind::Media(s::spec::MediaSpec {
                    of: &[s::spec::MediaKind::Audio],
                    ..s::spec::MediaSpec::DEFAULT
                }),
                label: s::Localized::new(["Voice", "Voice"]),
                line: 21,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => Some(s::value_ref::AsValueRef::as_value_ref(&self.resolution)),
                1 => s::record::optional(&self.r#type),
                2 => Some(s::value_ref::AsValueRef::as_value_ref(&self.duration)),
                3 => s::record::optional(&self.frames),
                4 => s::record::optional(&self.last),
                5 => s::record::optional(&self.parent),
                6 => s::record::optional(&self.clips),
                7 => s::record::optional(&self.first),
                8 => s::record::optional(&self.sound),
                9 => s::record::optional(&self.voice),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_fields: s::record::FieldAccess<A>,
        ) -> Result<Self, A::Error> {
            let mut resolution = None;
            let mut r#type = None;
            let mut duration = None;
            let mut frames = None;
            let mut last = None;
            let mut parent = None;
            let mut clips = None;
            let mut first = None;
            let mut sound = None;
            let mut voice = None;
            while let Some(wire_index) = wire_fields.next_field()? {
                match wire_index {
                    0 => {
                        wire_fields.fill::<Resolution>(&mut resolution)?;
                    }
                    1 => {
                        wire_fields.fill::<Type>(&mut r#type)?;
                    }
                    2 => {
                        wire_fields.fill::<Duration>(&mut duration)?;
                    }
                    3 => {
                        wire_fields.fill::<Frames>(&mut frames)?;
                    }
                    4 => {
                        wire_fields.fill::<Last>(&mut last)?;
                    }
                    5 => {
                        wire_fields.fill::<Parent>(&mut parent)?;
                    }
                    6 => {
                        wire_fields.fill::<Clips>(&mut clips)?;
                    }
                    7 => {
                        wire_fields.fill::<First>(&mut first)?;
                    }
                    8 => {
                        wire_fields.fill::<bool>(&mut sound)?;
                    }
                    9 => {
                        wire_fields.fill::<Voice>(&mut voice)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                resolution: wire_fields
                    .wrap::<Resolution>(0usize, resolution)?
                    .unwrap_or(Resolution::P768Lower),
                r#type: wire_fields.wrap::<Type>(1usize, r#type)?,
                duration: wire_fields
                    .wrap::<Duration>(2usize, duration)?
                    .unwrap_or_else(|| s::record::default_of("4")),
                frames: wire_fields.wrap::<Frames>(3usize, frames)?,
                last: wire_fields.wrap::<Last>(4usize, last)?,
                parent: wire_fields.wrap::<Parent>(5usize, parent)?,
                clips: wire_fields.wrap::<Clips>(6usize, clips)?,
                first: wire_fields.wrap::<First>(7usize, first)?,
                sound: wire_fields.wrap::<bool>(8usize, sound)?,
                voice: wire_fields.wrap::<Voice>(9usize, voice)?,
            })
        }
    }
    s::record::record_traits!(FoxDraw);
    /// Value of `resolution`: Size. One of 3 values.
    /// Source: `models/kie_models.yaml:12`.
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
    /// Value of `type`: Shape. One of 2 values.
    /// Source: `models/kie_models.yaml:13`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Type {
        /// `16:9`.
        R16x9,
        /// `auto`.
        Auto,
    }
    impl s::Choice for Type {
        const SPEC: s::spec::ChoiceSpec = s::spec::ChoiceSpec::of(
            &[s::spec::OptionSpec::text("16:9"), s::spec::OptionSpec::text("auto")],
        );
        const ALL: &'static [Self] = &[Self::R16x9, Self::Auto];
        fn index(self) -> usize {
            self as usize
        }
    }
    s::choice::choice_traits!(Type);
    #[doc(hidden)]
    pub enum DurationLimits {}
    impl s::Limits for DurationLimits {
        type Spec = s::spec::IntegerSpec;
        const SPEC: s::spec::IntegerSpec = s::spec::IntegerSpec {
            ..s::spec::IntegerSpec::DEFAULT
        };
    }
    /// Value of `duration`: Seconds.
    /// Source: `models/kie_models.yaml:14`.
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
    /// Source: `models/kie_models.yaml:15`.
    pub type Frames = s::Integer<FramesLimits>;
    /// Value of `last`: Last picture. URL of a picture.
    /// Source: `models/kie_models.yaml:16`.
    pub type Last = s::Media<s::Image>;
    /// Value of `parent`: Earlier task. Id of an earlier task of `fox/draw`.
    /// Source: `models/kie_models.yaml:17`.
    pub type Parent = s::TaskRef;
    /// Value of `clips`: Clips. 1 to 3 items, each: URL of a picture or a video.
    /// Source: `models/kie_models.yaml:18`.
    pub type Clips = s::List<s::Media<(s::Image, s::Video)>, 1, 3>;
    /// Value of `first`: First picture. URL of a picture.
    /// Source: `models/kie_models.yaml:19`.
    pub type First = s::Media<s::Image>;
    /// Value of `voice`: Voice. URL of a sound.
    /// Source: `models/kie_models.yaml:21`.
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
        rules: &[
            s::spec::RuleSpec {
                when: &[
                    s::spec::Condition::Is(
                        s::spec::Path::at(0, "resolution"),
                        &[s::spec::Literal::Text("4K")],
                    ),
                    s::spec::Condition::IsNot(
                        s::spec::Path::at(1, "type"),
                        &[s::spec::Literal::Text("auto")],
                    ),
                ],
                then: s::spec::Requirement::Forbid(&[s::spec::Path::at(3, "frames")]),
                advisory: false,
                line: 23,
            },
            s::spec::RuleSpec {
                when: &[
                    s::spec::Condition::Is(
                        s::spec::Path::at(0, "resolution"),
                        &[s::spec::Literal::Text("4K")],
                    ),
                    s::spec::Condition::IsNot(
                        s::spec::Path::at(1, "type"),
                        &[s::spec::Literal::Text("auto")],
                    ),
                ],
                then: s::spec::Requirement::Allow(
                    s::spec::Path::at(2, "duration"),
                    &[s::spec::Literal::Integer(4)],
                ),
                advisory: false,
                line: 23,
            },
            s::spec::RuleSpec {
                when: &[
                    s::spec::Condition::Present(s::spec::Path::at(4, "last")),
                    s::spec::Condition::Absent(s::spec::Path::at(5, "parent")),
                    s::spec::Condition::Items(s::spec::Path::at(6, "clips"), 2),
                ],
                then: s::spec::Requirement::Require(&[s::spec::Path::at(7, "first")]),
                advisory: false,
                line: 24,
            },
            s::spec::RuleSpec {
                when: &[
                    s::spec::Condition::Is(
                        s::spec::Path::at(8, "sound"),
                        &[s::spec::Literal::Boolean(false)],
                    ),
                ],
                then: s::spec::Requirement::Ignored(&[s::spec::Path::at(9, "voice")]),
                advisory: true,
                line: 25,
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
        example: "{\"resolution\":\"4K\",\"duration\":4,\"first\":\"https://example.com/fox.png\"}",
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
