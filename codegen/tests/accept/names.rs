/// Every model of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Model {
    /// Fox, `model-spec`.
    ModelSpecModel,
}
impl Model {
    /// All models, in the registry's order.
    pub const ALL: &'static [Self] = &[Self::ModelSpecModel];
    /// What the registry says of the model.
    pub fn spec(self) -> &'static ModelSpec {
        MODELS[self as usize]
    }
}
/// The descriptors of all models, in the registry's order.
pub static MODELS: &[&ModelSpec] = &[&model_spec::SPEC];
/// What reads JSON text into the typed input of each of [`MODELS`], in the same order.
static READERS: &[s::input::Reader] = &[s::input::read::<ModelSpecModel>];
/// All task types, in the registry's order.
pub static TASKS: &[&TaskSpec] = &[&TASK_TEXT_TO_IMAGE];
static TASK_TEXT_TO_IMAGE: TaskSpec = TaskSpec {
    id: "text_to_image",
    title: s::Localized::new(["Draw", "Нарисовать"]),
    icon: "🎨",
    usual_s: 20,
    deadline_s: 600,
    follows: None,
};
/// Types of `model-spec`.
pub mod model_spec {
    use crate::schema as s;
    /// Fox: Draws a fox.
    ///
    /// Model `model-spec` by Den. Draw.
    /// Price: 5 credits per image (2026-10-01).
    /// Source: `models/kie_models.yaml:5`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct ModelSpecModel {
        /// What to draw.
        ///
        /// 1 to 100 characters; required. Source: `models/kie_models.yaml:12`.
        pub prompt: Prompt,
        /// Item.
        ///
        /// One of 2 values. Source: `models/kie_models.yaml:13`.
        pub shots_item: Option<ShotsItem>,
        /// Shots.
        ///
        /// Source: `models/kie_models.yaml:14`.
        pub shots: Option<Shots2>,
        /// Limits.
        ///
        /// One of 2 values. Source: `models/kie_models.yaml:15`.
        pub prompt_limits: Option<PromptLimits2>,
    }
    impl ModelSpecModel {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new(prompt: Prompt) -> Self {
            Self {
                prompt,
                shots_item: None,
                shots: None,
                prompt_limits: None,
            }
        }
        /// Sets `prompt`: What to draw. 1 to 100 characters.
        #[inline]
        pub fn prompt(mut self, value: Prompt) -> Self {
            self.prompt = value;
            self
        }
        /// Sets `shots_item`: Item. One of 2 values.
        #[inline]
        pub fn shots_item(mut self, value: ShotsItem) -> Self {
            self.shots_item = Some(value);
            self
        }
        /// Sets `shots`: Shots.
        #[inline]
        pub fn shots(mut self, value: Shots2) -> Self {
            self.shots = Some(value);
            self
        }
        /// Sets `prompt_limits`: Limits. One of 2 values.
        #[inline]
        pub fn prompt_limits(mut self, value: PromptLimits2) -> Self {
            self.prompt_limits = Some(value);
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
    impl s::Record for ModelSpecModel {
        const FIELDS: &'static [s::spec::FieldSpec] = &[
            s::spec::FieldSpec {
                name: "prompt",
                kind: s::spec::Kind::Text(<PromptLimits as s::Limits>::SPEC),
                required: true,
                label: s::Localized::new(["What to draw", "What to draw"]),
                line: 12,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "shots_item",
                kind: s::spec::Kind::Choice(<ShotsItem as s::Choice>::SPEC),
                label: s::Localized::new(["Item", "Item"]),
                line: 13,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "shots",
                kind: s::spec::Kind::List(s::spec::ListSpec {
                    item: &s::spec::Kind::Object(<Shots2Item as s::Record>::FIELDS),
                    min: 0,
                    max: None,
                    total_seconds: None,
                }),
                label: s::Localized::new(["Shots", "Shots"]),
                line: 14,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "prompt_limits",
                kind: s::spec::Kind::Choice(<PromptLimits2 as s::Choice>::SPEC),
                label: s::Localized::new(["Limits", "Limits"]),
                line: 15,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => Some(s::value_ref::AsValueRef::as_value_ref(&self.prompt)),
                1 => s::record::optional(&self.shots_item),
                2 => s::record::optional(&self.shots),
                3 => s::record::optional(&self.prompt_limits),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_fields: s::record::FieldAccess<A>,
        ) -> Result<Self, A::Error> {
            let mut prompt = None;
            let mut shots_item = None;
            let mut shots = None;
            let mut prompt_limits = None;
            while let Some(wire_index) = wire_fields.next_field()? {
                match wire_index {
                    0 => {
                        wire_fields.fill::<Prompt>(&mut prompt)?;
                    }
                    1 => {
                        wire_fields.fill::<ShotsItem>(&mut shots_item)?;
                    }
                    2 => {
                        wire_fields.fill::<Shots2>(&mut shots)?;
                    }
                    3 => {
                        wire_fields.fill::<PromptLimits2>(&mut prompt_limits)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                prompt: s::record::need(
                    wire_fields.wrap::<Prompt>(0usize, prompt)?,
                    "prompt",
                )?,
                shots_item: wire_fields.wrap::<ShotsItem>(1usize, shots_item)?,
                shots: wire_fields.wrap::<Shots2>(2usize, shots)?,
                prompt_limits: wire_fields.wrap::<PromptLimits2>(3usize, prompt_limits)?,
            })
        }
    }
    s::record::record_traits!(ModelSpecModel);
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
    /// Source: `models/kie_models.yaml:12`.
    pub type Prompt = s::Text<PromptLimits>;
    /// Value of `shots_item`: Item. One of 2 values.
    /// Source: `models/kie_models.yaml:13`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum ShotsItem {
        /// `a`.
        A,
        /// `b`.
        B,
    }
    impl s::Choice for ShotsItem {
        const SPEC: s::spec::ChoiceSpec = s::spec::ChoiceSpec::of(
            &[s::spec::OptionSpec::text("a"), s::spec::OptionSpec::text("b")],
        );
        const ALL: &'static [Self] = &[Self::A, Self::B];
        fn index(self) -> usize {
            self as usize
        }
    }
    s::choice::choice_traits!(ShotsItem);
    /// Value of `shots`: Shots.
    /// Source: `models/kie_models.yaml:14`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct Shots2Item {
        /// Text.
        ///
        /// Source: `models/kie_models.yaml:14`.
        pub text: Option<TextField>,
    }
    impl Shots2Item {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new() -> Self {
            Self { text: None }
        }
        /// Sets `text`: Text.
        #[inline]
        pub fn text(mut self, value: TextField) -> Self {
            self.text = Some(value);
            self
        }
    }
    impl Default for Shots2Item {
        fn default() -> Self {
            Self::new()
        }
    }
    impl s::Record for Shots2Item {
        const FIELDS: &'static [s::spec::FieldSpec] = &[
            s::spec::FieldSpec {
                name: "text",
                kind: s::spec::Kind::Text(<TextFieldLimits as s::Limits>::SPEC),
                label: s::Localized::new(["Text", "Text"]),
                line: 14,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => s::record::optional(&self.text),
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
                text: wire_fields.wrap::<TextField>(0usize, text)?,
            })
        }
    }
    s::record::record_traits!(Shots2Item);
    #[doc(hidden)]
    pub enum TextFieldLimits {}
    impl s::Limits for TextFieldLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            ..s::spec::TextSpec::DEFAULT
        };
    }
    /// Value of `text`: Text.
    /// Source: `models/kie_models.yaml:14`.
    pub type TextField = s::Text<TextFieldLimits>;
    /// Value of `shots`: Shots.
    /// Source: `models/kie_models.yaml:14`.
    pub type Shots2 = s::List<Shots2Item, 0, { s::NO_LIMIT }>;
    /// Value of `prompt_limits`: Limits. One of 2 values.
    /// Source: `models/kie_models.yaml:15`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum PromptLimits2 {
        /// `a`.
        A,
        /// `b`.
        B,
    }
    impl s::Choice for PromptLimits2 {
        const SPEC: s::spec::ChoiceSpec = s::spec::ChoiceSpec::of(
            &[s::spec::OptionSpec::text("a"), s::spec::OptionSpec::text("b")],
        );
        const ALL: &'static [Self] = &[Self::A, Self::B];
        fn index(self) -> usize {
            self as usize
        }
    }
    s::choice::choice_traits!(PromptLimits2);
    /// What the registry says of the model.
    pub static SPEC: s::spec::ModelSpec = s::spec::ModelSpec {
        id: "model-spec",
        aliases: &[
            s::spec::AliasSpec {
                name: "model",
                presets: &[
                    s::spec::Preset {
                        field: "shots_item",
                        value: "\"b\"",
                    },
                ],
            },
        ],
        title: s::Localized::new(["Fox", "Fox"]),
        about: s::Localized::new(["Draws a fox", "Рисует лису"]),
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
        fields: <ModelSpecModel as s::Record>::FIELDS,
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
        example: "{\"prompt\":\"A fox\"}",
        advises: s::advice::possible(<ModelSpecModel as s::Record>::FIELDS),
        line: 5,
    };
    impl s::ModelInput for ModelSpecModel {
        fn spec() -> &'static s::spec::ModelSpec {
            &SPEC
        }
    }
}
pub use model_spec::ModelSpecModel;
