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
        /// Tags.
        ///
        /// At most 5 items, each: at most 20 characters. Source: `models/kie_models.yaml:12`.
        pub tags: Option<Tags>,
        /// Clips.
        ///
        /// 1 to 3 items, each: URL of a picture or a video. Source: `models/kie_models.yaml:13`.
        pub clips: Option<Clips>,
        /// Voices.
        ///
        /// Source: `models/kie_models.yaml:14`.
        pub voices: Option<Voices>,
    }
    impl FoxDraw {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new() -> Self {
            Self {
                tags: None,
                clips: None,
                voices: None,
            }
        }
        /// Sets `tags`: Tags. At most 5 items, each: at most 20 characters.
        #[inline]
        pub fn tags(mut self, value: Tags) -> Self {
            self.tags = Some(value);
            self
        }
        /// Sets `clips`: Clips. 1 to 3 items, each: URL of a picture or a video.
        #[inline]
        pub fn clips(mut self, value: Clips) -> Self {
            self.clips = Some(value);
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
                name: "tags",
                kind: s::spec::Kind::List(s::spec::ListSpec {
                    item: &s::spec::Kind::Text(<TagsLimits as s::Limits>::SPEC),
                    min: 0,
                    max: Some(5),
                    total_seconds: None,
                }),
                label: s::Localized::new(["Tags", "Tags"]),
                line: 12,
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
                line: 13,
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
                line: 14,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => s::record::optional(&self.tags),
                1 => s::record::optional(&self.clips),
                2 => s::record::optional(&self.voices),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_fields: s::record::FieldAccess<A>,
        ) -> Result<Self, A::Error> {
            let mut tags = None;
            let mut clips = None;
            let mut voices = None;
            while let Some(wire_index) = wire_fields.next_field()? {
                match wire_index {
                    0 => {
                        wire_fields.fill::<Tags>(&mut tags)?;
                    }
                    1 => {
                        wire_fields.fill::<Clips>(&mut clips)?;
                    }
                    2 => {
                        wire_fields.fill::<Voices>(&mut voices)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                tags: wire_fields.wrap::<Tags>(0usize, tags)?,
                clips: wire_fields.wrap::<Clips>(1usize, clips)?,
                voices: wire_fields.wrap::<Voices>(2usize, voices)?,
            })
        }
    }
    s::record::record_traits!(FoxDraw);
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
    /// Source: `models/kie_models.yaml:12`.
    pub type Tags = s::List<s::Text<TagsLimits>, 0, 5>;
    /// Value of `clips`: Clips. 1 to 3 items, each: URL of a picture or a video.
    /// Source: `models/kie_models.yaml:13`.
    pub type Clips = s::List<s::Media<(s::Image, s::Video)>, 1, 3>;
    /// Value of `voices`: Voices.
    /// Source: `models/kie_models.yaml:14`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct VoicesItem {
        /// Name.
        ///
        /// In the form `Speaker 1`; required. Source: `models/kie_models.yaml:16`.
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
    /// Source: `models/kie_models.yaml:16`.
    pub type Name = s::Text<NameLimits>;
    /// Value of `voices`: Voices.
    /// Source: `models/kie_models.yaml:14`.
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
        rules: &[],
        price: Some(
            &s::spec::PriceSpec {
                as_of: "2026-10-01",
                unit: "image",
                rows: &[s::spec::PriceRow::always(5000)],
                ..s::spec::PriceSpec::DEFAULT
            },
        ),
        example: "{\"tags\":[\"wild\"]}",
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
