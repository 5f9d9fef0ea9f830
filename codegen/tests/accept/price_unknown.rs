/// Every model of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Model {
    /// Fox, `fox/draw`.
    FoxDraw,
    /// Fox, `fox/gone`.
    FoxGone,
}
impl Model {
    /// All models, in the registry's order.
    pub const ALL: &'static [Self] = &[Self::FoxDraw, Self::FoxGone];
    /// What the registry says of the model.
    pub fn spec(self) -> &'static ModelSpec {
        MODELS[self as usize]
    }
}
/// The descriptors of all models, in the registry's order.
pub static MODELS: &[&ModelSpec] = &[&fox_draw::SPEC, &fox_gone::SPEC];
/// What reads JSON text into the typed input of each of [`MODELS`], in the same order.
static READERS: &[s::input::Reader] = &[
    s::input::read::<FoxDraw>,
    s::input::read::<FoxGone>,
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
    /// Price: not known.
    /// Source: `models/kie_models.yaml:5`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct FoxDraw {
        /// What to draw.
        ///
        /// 1 to 100 characters; required. Source: `models/kie_models.yaml:13`.
        pub prompt: Prompt,
    }
    impl FoxDraw {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new(prompt: Prompt) -> Self {
            Self { prompt }
        }
        /// Sets `prompt`: What to draw. 1 to 100 characters.
        #[inline]
        pub fn prompt(mut self, value: Prompt) -> Self {
            self.prompt = value;
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
                kind: s::spec::Kind::Text(<PromptLimits as s::Limits>::SPEC),
                required: true,
                label: s::Localized::new(["What to draw", "What to draw"]),
                line: 13,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => Some(s::value_ref::AsValueRef::as_value_ref(&self.prompt)),
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
                prompt: s::record::need(
                    wire_fields.wrap::<Prompt>(0usize, prompt)?,
                    "prompt",
                )?,
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
            max: Some(100),
            ..s::spec::TextSpec::DEFAULT
        };
    }
    /// Value of `prompt`: What to draw. 1 to 100 characters.
    /// Source: `models/kie_models.yaml:13`.
    pub type Prompt = s::Text<PromptLimits>;
    /// What the registry says of the model.
    pub static SPEC: s::spec::ModelSpec = s::spec::ModelSpec {
        id: "fox/draw",
        aliases: &[
            s::spec::AliasSpec {
                name: "fox",
                presets: &[],
            },
            s::spec::AliasSpec {
                name: "draw",
                presets: &[],
            },
        ],
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
        price: None,
        example: "{\"prompt\":\"A fox\"}",
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
/// Types of `fox/gone`.
pub mod fox_gone {
    use crate::schema as s;
    /// Fox: Draws a fox.
    ///
    /// Model `fox/gone` by Den. Picture.
    /// Price: not known.
    /// **Retired** by the vendor. Use `fox/draw` instead.
    /// Source: `models/kie_models.yaml:16`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct FoxGone {
        /// What to draw.
        ///
        /// 1 to 100 characters; required. Source: `models/kie_models.yaml:25`.
        pub prompt: Prompt,
    }
    impl FoxGone {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new(prompt: Prompt) -> Self {
            Self { prompt }
        }
        /// Sets `prompt`: What to draw. 1 to 100 characters.
        #[inline]
        pub fn prompt(mut self, value: Prompt) -> Self {
            self.prompt = value;
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
    impl s::Record for FoxGone {
        const FIELDS: &'static [s::spec::FieldSpec] = &[
            s::spec::FieldSpec {
                name: "prompt",
                kind: s::spec::Kind::Text(<PromptLimits as s::Limits>::SPEC),
                required: true,
                label: s::Localized::new(["What to draw", "What to draw"]),
                line: 25,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => Some(s::value_ref::AsValueRef::as_value_ref(&self.prompt)),
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
                prompt: s::record::need(
                    wire_fields.wrap::<Prompt>(0usize, prompt)?,
                    "prompt",
                )?,
            })
        }
    }
    s::record::record_traits!(FoxGone);
    #[doc(hidden)]
    pub enum PromptLimits {}
    impl s::Limits for PromptLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            min: 1,
            max: Some(100),
            ..s::spec::TextSpec::DEFAULT
        };
    }
    /// Value of `prompt`: What to draw. 1 to 100 characters.
    /// Source: `models/kie_models.yaml:25`.
    pub type Prompt = s::Text<PromptLimits>;
    /// What the registry says of the model.
    pub static SPEC: s::spec::ModelSpec = s::spec::ModelSpec {
        id: "fox/gone",
        aliases: &[],
        title: s::Localized::new(["Fox", "Fox"]),
        about: s::Localized::new(["Draws a fox", "Draws a fox"]),
        provider: "Den",
        tasks: &[&super::TASK_TEXT_TO_IMAGE],
        output: s::spec::OutputKind::Image,
        webhook: s::spec::WebhookNeed::Optional,
        status: s::spec::Status::Retired,
        nearest: Some("fox/draw"),
        route: None,
        result: s::spec::ResultSpec {
            id: &[],
            text: &[],
        },
        next: &[],
        is_listed: true,
        fields: <FoxGone as s::Record>::FIELDS,
        ignored_fields: &[],
        rules: &[],
        price: None,
        example: "{\"prompt\":\"A fox\"}",
        advises: s::advice::possible(<FoxGone as s::Record>::FIELDS),
        line: 16,
    };
    impl s::ModelInput for FoxGone {
        fn spec() -> &'static s::spec::ModelSpec {
            &SPEC
        }
    }
}
pub use fox_gone::FoxGone;
