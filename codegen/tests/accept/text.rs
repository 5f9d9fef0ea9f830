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
        /// What to avoid.
        ///
        /// 2 to 100 characters; the vendor will drop it. Source: `models/kie_models.yaml:13`.
        pub negative: Option<Negative>,
        /// Colour.
        ///
        /// In the form `#1A2B3C`; default `"#1A2B3C"`. Source: `models/kie_models.yaml:14`.
        pub color: Option<Color>,
        /// Share.
        ///
        /// In the form `12.50%`. Source: `models/kie_models.yaml:15`.
        pub percent: Option<Percent>,
        /// Span.
        ///
        /// In the form `1.5,12`. Source: `models/kie_models.yaml:16`.
        pub span: Option<Span>,
    }
    impl FoxDraw {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new(prompt: Prompt) -> Self {
            Self {
                prompt,
                negative: None,
                color: None,
                percent: None,
                span: None,
            }
        }
        /// Sets `prompt`: What happens. 1 to 1000 characters, 500 with Chinese, Japanese or Korean among them.
        #[inline]
        pub fn prompt(mut self, value: Prompt) -> Self {
            self.prompt = value;
            self
        }
        /// Sets `negative`: What to avoid. 2 to 100 characters.
        #[inline]
        pub fn negative(mut self, value: Negative) -> Self {
            self.negative = Some(value);
            self
        }
        /// Sets `color`: Colour. In the form `#1A2B3C`.
        #[inline]
        pub fn color(mut self, value: Color) -> Self {
            self.color = Some(value);
            self
        }
        /// Sets `percent`: Share. In the form `12.50%`.
        #[inline]
        pub fn percent(mut self, value: Percent) -> Self {
            self.percent = Some(value);
            self
        }
        /// Sets `span`: Span. In the form `1.5,12`.
        #[inline]
        pub fn span(mut self, value: Span) -> Self {
            self.span = Some(value);
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
                name: "negative",
                kind: s::spec::Kind::Text(<NegativeLimits as s::Limits>::SPEC),
                advanced: true,
                deprecated: true,
                label: s::Localized::new(["What to avoid", "What to avoid"]),
                line: 13,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "color",
                kind: s::spec::Kind::Text(<ColorLimits as s::Limits>::SPEC),
                default: Some("\"#1A2B3C\""),
                label: s::Localized::new(["Colour", "Colour"]),
                line: 14,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "percent",
                kind: s::spec::Kind::Text(<PercentLimits as s::Limits>::SPEC),
                label: s::Localized::new(["Share", "Share"]),
                line: 15,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "span",
                kind: s::spec::Kind::Text(<SpanLimits as s::Limits>::SPEC),
                label: s::Localized::new(["Span", "Span"]),
                line: 16,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => Some(s::value_ref::AsValueRef::as_value_ref(&self.prompt)),
                1 => s::record::optional(&self.negative),
                2 => s::record::optional(&self.color),
                3 => s::record::optional(&self.percent),
                4 => s::record::optional(&self.span),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_fields: s::record::FieldAccess<A>,
        ) -> Result<Self, A::Error> {
            let mut prompt = None;
            let mut negative = None;
            let mut color = None;
            let mut percent = None;
            let mut span = None;
            while let Some(wire_index) = wire_fields.next_field()? {
                match wire_index {
                    0 => {
                        wire_fields.fill::<Prompt>(&mut prompt)?;
                    }
                    1 => {
                        wire_fields.fill::<Negative>(&mut negative)?;
                    }
                    2 => {
                        wire_fields.fill::<Color>(&mut color)?;
                    }
                    3 => {
                        wire_fields.fill::<Percent>(&mut percent)?;
                    }
                    4 => {
                        wire_fields.fill::<Span>(&mut span)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                prompt: s::record::need(
                    wire_fields.wrap::<Prompt>(0usize, prompt)?,
                    "prompt",
                )?,
                negative: wire_fields.wrap::<Negative>(1usize, negative)?,
                color: wire_fields.wrap::<Color>(2usize, color)?,
                percent: wire_fields.wrap::<Percent>(3usize, percent)?,
                span: wire_fields.wrap::<Span>(4usize, span)?,
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
    pub enum NegativeLimits {}
    impl s::Limits for NegativeLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            min: 2,
            max: Some(100),
            ..s::spec::TextSpec::DEFAULT
        };
    }
    /// Value of `negative`: What to avoid. 2 to 100 characters.
    /// Source: `models/kie_models.yaml:13`.
    pub type Negative = s::Text<NegativeLimits>;
    #[doc(hidden)]
    pub enum ColorLimits {}
    impl s::Limits for ColorLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            format: Some(s::spec::TextFormat::HexColor),
            ..s::spec::TextSpec::DEFAULT
        };
    }
    /// Value of `color`: Colour. In the form `#1A2B3C`.
    /// Source: `models/kie_models.yaml:14`.
    pub type Color = s::Text<ColorLimits>;
    #[doc(hidden)]
    pub enum PercentLimits {}
    impl s::Limits for PercentLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            format: Some(s::spec::TextFormat::Percent),
            ..s::spec::TextSpec::DEFAULT
        };
    }
    /// Value of `percent`: Share. In the form `12.50%`.
    /// Source: `models/kie_models.yaml:15`.
    pub type Percent = s::Text<PercentLimits>;
    #[doc(hidden)]
    pub enum SpanLimits {}
    impl s::Limits for SpanLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            format: Some(s::spec::TextFormat::SecondsRange),
            ..s::spec::TextSpec::DEFAULT
        };
    }
    /// Value of `span`: Span. In the form `1.5,12`.
    /// Source: `models/kie_models.yaml:16`.
    pub type Span = s::Text<SpanLimits>;
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
        example: "{\"prompt\":\"The fox runs\"}",
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
