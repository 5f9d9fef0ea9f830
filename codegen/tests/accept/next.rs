/// Every model of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Model {
    /// Voice, `den/voice`.
    DenVoice,
    /// Sing, `den/sing`.
    DenSing,
}
impl Model {
    /// All models, in the registry's order.
    pub const ALL: &'static [Self] = &[Self::DenVoice, Self::DenSing];
    /// What the registry says of the model.
    pub fn spec(self) -> &'static ModelSpec {
        MODELS[self as usize]
    }
}
/// The descriptors of all models, in the registry's order.
pub static MODELS: &[&ModelSpec] = &[&den_voice::SPEC, &den_sing::SPEC];
/// What reads JSON text into the typed input of each of [`MODELS`], in the same order.
static READERS: &[s::input::Reader] = &[
    s::input::read::<DenVoice>,
    s::input::read::<DenSing>,
];
/// All task types, in the registry's order.
pub static TASKS: &[&TaskSpec] = &[&TASK_UTILITY];
static TASK_UTILITY: TaskSpec = TaskSpec {
    id: "utility",
    title: s::Localized::new(["Tool", "Tool"]),
    icon: "🔧",
    usual_s: 5,
    deadline_s: 600,
    follows: None,
};
/// Types of `den/voice`.
pub mod den_voice {
    use crate::schema as s;
    /// Voice: Saves a voice.
    ///
    /// Model `den/voice` by Den. Tool.
    /// Price: 0 credits per request (2026-10-01).
    /// Source: `models/kie_models.yaml:5`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct DenVoice {
        /// Name.
        ///
        /// At least 1 character; required. Source: `models/kie_models.yaml:16`.
        pub name: Name,
    }
    impl DenVoice {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new(name: Name) -> Self {
            Self { name }
        }
        /// Sets `name`: Name. At least 1 character.
        #[inline]
        pub fn name(mut self, value: Name) -> Self {
            self.name = value;
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
    impl s::Record for DenVoice {
        const FIELDS: &'static [s::spec::FieldSpec] = &[
            s::spec::FieldSpec {
                name: "name",
                kind: s::spec::Kind::Text(<NameLimits as s::Limits>::SPEC),
                required: true,
                label: s::Localized::new(["Name", "Name"]),
                line: 16,
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
    s::record::record_traits!(DenVoice);
    #[doc(hidden)]
    pub enum NameLimits {}
    impl s::Limits for NameLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            min: 1,
            ..s::spec::TextSpec::DEFAULT
        };
    }
    /// Value of `name`: Name. At least 1 character.
    /// Source: `models/kie_models.yaml:16`.
    pub type Name = s::Text<NameLimits>;
    /// What the registry says of the model.
    pub static SPEC: s::spec::ModelSpec = s::spec::ModelSpec {
        id: "den/voice",
        aliases: &[],
        title: s::Localized::new(["Voice", "Voice"]),
        about: s::Localized::new(["Saves a voice", "Saves a voice"]),
        provider: "Den",
        tasks: &[&super::TASK_UTILITY],
        output: s::spec::OutputKind::Text,
        webhook: s::spec::WebhookNeed::Optional,
        status: s::spec::Status::Live,
        nearest: None,
        route: Some("/api/v1/den/voice"),
        result: s::spec::ResultSpec {
            id: &["voice_id", "den_voice"],
            text: &["phrase"],
        },
        next: &[
            s::spec::NextSpec {
                model: "den/sing",
                label: s::Localized::new(["Sing", "Спеть"]),
                fill: &[
                    s::spec::Fill {
                        field: "voice",
                        value: s::spec::FillValue::Result,
                    },
                    s::spec::Fill {
                        field: "task_id",
                        value: s::spec::FillValue::Task,
                    },
                    s::spec::Fill {
                        field: "mood",
                        value: s::spec::FillValue::Value("\"calm\""),
                    },
                    s::spec::Fill {
                        field: "voices",
                        value: s::spec::FillValue::Result,
                    },
                ],
            },
        ],
        is_listed: true,
        fields: <DenVoice as s::Record>::FIELDS,
        ignored_fields: &[],
        rules: &[],
        price: Some(
            &s::spec::PriceSpec {
                as_of: "2026-10-01",
                unit: "request",
                rows: &[s::spec::PriceRow::always(0)],
                ..s::spec::PriceSpec::DEFAULT
            },
        ),
        example: "{\"name\":\"Fox\"}",
        advises: s::advice::possible(<DenVoice as s::Record>::FIELDS),
        line: 5,
    };
    impl s::ModelInput for DenVoice {
        fn spec() -> &'static s::spec::ModelSpec {
            &SPEC
        }
    }
}
pub use den_voice::DenVoice;
/// Types of `den/sing`.
pub mod den_sing {
    use crate::schema as s;
    /// Sing: Sings a song.
    ///
    /// Model `den/sing` by Den. Tool.
    /// Price: 0 credits per request (2026-10-01).
    /// Source: `models/kie_models.yaml:19`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct DenSing {
        /// Voice.
        ///
        /// Id in the result of an earlier task of `den/voice`. Source: `models/kie_models.yaml:27`.
        pub voice: Option<Voice>,
        /// Voices.
        ///
        /// 1 to 2 items, each: id in the result of an earlier task of `den/voice`. Source: `models/kie_models.yaml:28`.
        pub voices: Option<Voices>,
        /// Any task.
        ///
        /// Id of an earlier task. Source: `models/kie_models.yaml:29`.
        pub task_id: Option<TaskId>,
        /// Mood.
        ///
        /// One of 2 values. Source: `models/kie_models.yaml:30`.
        pub mood: Option<Mood>,
    }
    impl DenSing {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new() -> Self {
            Self {
                voice: None,
                voices: None,
                task_id: None,
                mood: None,
            }
        }
        /// Sets `voice`: Voice. Id in the result of an earlier task of `den/voice`.
        #[inline]
        pub fn voice(mut self, value: Voice) -> Self {
            self.voice = Some(value);
            self
        }
        /// Sets `voices`: Voices. 1 to 2 items, each: id in the result of an earlier task of `den/voice`.
        #[inline]
        pub fn voices(mut self, value: Voices) -> Self {
            self.voices = Some(value);
            self
        }
        /// Sets `task_id`: Any task. Id of an earlier task.
        #[inline]
        pub fn task_id(mut self, value: TaskId) -> Self {
            self.task_id = Some(value);
            self
        }
        /// Sets `mood`: Mood. One of 2 values.
        #[inline]
        pub fn mood(mut self, value: Mood) -> Self {
            self.mood = Some(value);
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
    impl Default for DenSing {
        fn default() -> Self {
            Self::new()
        }
    }
    impl s::Record for DenSing {
        const FIELDS: &'static [s::spec::FieldSpec] = &[
            s::spec::FieldSpec {
                name: "voice",
                kind: s::spec::Kind::Task(s::spec::TaskRefSpec {
                    models: &["den/voice"],
                    of_result: true,
                }),
                label: s::Localized::new(["Voice", "Voice"]),
                line: 27,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "voices",
                kind: s::spec::Kind::List(s::spec::ListSpec {
                    item: &s::spec::Kind::Task(s::spec::TaskRefSpec {
                        models: &["den/voice"],
                        of_result: true,
                    }),
                    min: 1,
                    max: Some(2),
                    total_seconds: None,
                }),
                label: s::Localized::new(["Voices", "Voices"]),
                line: 28,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "task_id",
                kind: s::spec::Kind::Task(s::spec::TaskRefSpec {
                    models: &[],
                    of_result: false,
                }),
                label: s::Localized::new(["Any task", "Any task"]),
                line: 29,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "mood",
                kind: s::spec::Kind::Choice(<Mood as s::Choice>::SPEC),
                label: s::Localized::new(["Mood", "Mood"]),
                line: 30,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => s::record::optional(&self.voice),
                1 => s::record::optional(&self.voices),
                2 => s::record::optional(&self.task_id),
                3 => s::record::optional(&self.mood),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_fields: s::record::FieldAccess<A>,
        ) -> Result<Self, A::Error> {
            let mut voice = None;
            let mut voices = None;
            let mut task_id = None;
            let mut mood = None;
            while let Some(wire_index) = wire_fields.next_field()? {
                match wire_index {
                    0 => {
                        wire_fields.fill::<Voice>(&mut voice)?;
                    }
                    1 => {
                        wire_fields.fill::<Voices>(&mut voices)?;
                    }
                    2 => {
                        wire_fields.fill::<TaskId>(&mut task_id)?;
                    }
                    3 => {
                        wire_fields.fill::<Mood>(&mut mood)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                voice: wire_fields.wrap::<Voice>(0usize, voice)?,
                voices: wire_fields.wrap::<Voices>(1usize, voices)?,
                task_id: wire_fields.wrap::<TaskId>(2usize, task_id)?,
                mood: wire_fields.wrap::<Mood>(3usize, mood)?,
            })
        }
    }
    s::record::record_traits!(DenSing);
    /// Value of `voice`: Voice. Id in the result of an earlier task of `den/voice`.
    /// Source: `models/kie_models.yaml:27`.
    pub type Voice = s::TaskRef;
    /// Value of `voices`: Voices. 1 to 2 items, each: id in the result of an earlier task of `den/voice`.
    /// Source: `models/kie_models.yaml:28`.
    pub type Voices = s::List<s::TaskRef, 1, 2>;
    /// Value of `task_id`: Any task. Id of an earlier task.
    /// Source: `models/kie_models.yaml:29`.
    pub type TaskId = s::TaskRef;
    /// Value of `mood`: Mood. One of 2 values.
    /// Source: `models/kie_models.yaml:30`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Mood {
        /// `calm`.
        Calm,
        /// `wild`.
        Wild,
    }
    impl s::Choice for Mood {
        const SPEC: s::spec::ChoiceSpec = s::spec::ChoiceSpec::of(
            &[s::spec::OptionSpec::text("calm"), s::spec::OptionSpec::text("wild")],
        );
        const ALL: &'static [Self] = &[Self::Calm, Self::Wild];
        fn index(self) -> usize {
            self as usize
        }
    }
    s::choice::choice_traits!(Mood);
    /// What the registry says of the model.
    pub static SPEC: s::spec::ModelSpec = s::spec::ModelSpec {
        id: "den/sing",
        aliases: &[],
        title: s::Localized::new(["Sing", "Sing"]),
        about: s::Localized::new(["Sings a song", "Sings a song"]),
        provider: "Den",
        tasks: &[&super::TASK_UTILITY],
        output: s::spec::OutputKind::Text,
        webhook: s::spec::WebhookNeed::Optional,
        status: s::spec::Status::Live,
        nearest: None,
        route: None,
        result: s::spec::ResultSpec {
            id: &[],
            text: &[],
        },
        next: &[],
        is_listed: false,
        fields: <DenSing as s::Record>::FIELDS,
        ignored_fields: &[],
        rules: &[],
        price: Some(
            &s::spec::PriceSpec {
                as_of: "2026-10-01",
                unit: "request",
                rows: &[s::spec::PriceRow::always(0)],
                ..s::spec::PriceSpec::DEFAULT
            },
        ),
        example: "{\"voice\":\"v-1\"}",
        advises: s::advice::possible(<DenSing as s::Record>::FIELDS),
        line: 19,
    };
    impl s::ModelInput for DenSing {
        fn spec() -> &'static s::spec::ModelSpec {
            &SPEC
        }
    }
}
pub use den_sing::DenSing;
