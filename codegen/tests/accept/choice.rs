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
    /// Source: `models/kie_models.yaml:7`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct FoxDraw {
        /// Shape.
        ///
        /// One of 3 values; default `"auto"`. Source: `models/kie_models.yaml:14`.
        pub r#type: Option<Type>,
        /// Size.
        ///
        /// One of 4 values; default `"768p"`. Source: `models/kie_models.yaml:15`.
        pub resolution: Resolution,
        /// Frames a second.
        ///
        /// One of 3 values; default `24`. Source: `models/kie_models.yaml:16`.
        pub fps: Option<Fps>,
        /// Named shape.
        ///
        /// One of 3 values. Source: `models/kie_models.yaml:17`.
        pub shape: Option<Shape>,
        /// Speed.
        ///
        /// One of 3 values. Source: `models/kie_models.yaml:18`.
        pub speed: Option<Speed>,
    }
    impl FoxDraw {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new() -> Self {
            Self {
                r#type: None,
                resolution: Resolution::P768Lower,
                fps: None,
                shape: None,
                speed: None,
            }
        }
        /// Sets `type`: Shape. One of 3 values.
        #[inline]
        pub fn r#type(mut self, value: Type) -> Self {
            self.r#type = Some(value);
            self
        }
        /// Sets `resolution`: Size. One of 4 values.
        #[inline]
        pub fn resolution(mut self, value: Resolution) -> Self {
            self.resolution = value;
            self
        }
        /// Sets `fps`: Frames a second. One of 3 values.
        #[inline]
        pub fn fps(mut self, value: Fps) -> Self {
            self.fps = Some(value);
            self
        }
        /// Sets `shape`: Named shape. One of 3 values.
        #[inline]
        pub fn shape(mut self, value: Shape) -> Self {
            self.shape = Some(value);
            self
        }
        /// Sets `speed`: Speed. One of 3 values.
        #[inline]
        pub fn speed(mut self, value: Speed) -> Self {
            self.speed = Some(value);
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
                name: "type",
                kind: s::spec::Kind::Choice(<Type as s::Choice>::SPEC),
                default: Some("\"auto\""),
                label: s::Localized::new(["Shape", "Shape"]),
                line: 14,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "resolution",
                kind: s::spec::Kind::Choice(<Resolution as s::Choice>::SPEC),
                required: true,
                default: Some("\"768p\""),
                label: s::Localized::new(["Size", "Size"]),
                line: 15,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "fps",
                kind: s::spec::Kind::Choice(<Fps as s::Choice>::SPEC),
                default: Some("24"),
                label: s::Localized::new(["Frames a second", "Frames a second"]),
                line: 16,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "shape",
                kind: s::spec::Kind::Choice(<Shape as s::Choice>::SPEC),
                label: s::Localized::new(["Named shape", "Named shape"]),
                line: 17,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "speed",
                kind: s::spec::Kind::Choice(<Speed as s::Choice>::SPEC),
                label: s::Localized::new(["Speed", "Speed"]),
                line: 18,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => s::record::optional(&self.r#type),
                1 => Some(s::value_ref::AsValueRef::as_value_ref(&self.resolution)),
                2 => s::record::optional(&self.fps),
                3 => s::record::optional(&self.shape),
                4 => s::record::optional(&self.speed),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_fields: s::record::FieldAccess<A>,
        ) -> Result<Self, A::Error> {
            let mut r#type = None;
            let mut resolution = None;
            let mut fps = None;
            let mut shape = None;
            let mut speed = None;
            while let Some(wire_index) = wire_fields.next_field()? {
                match wire_index {
                    0 => {
                        wire_fields.fill::<Type>(&mut r#type)?;
                    }
                    1 => {
                        wire_fields.fill::<Resolution>(&mut resolution)?;
                    }
                    2 => {
                        wire_fields.fill::<Fps>(&mut fps)?;
                    }
                    3 => {
                        wire_fields.fill::<Shape>(&mut shape)?;
                    }
                    4 => {
                        wire_fields.fill::<Speed>(&mut speed)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                r#type: wire_fields.wrap::<Type>(0usize, r#type)?,
                resolution: wire_fields
                    .wrap::<Resolution>(1usize, resolution)?
                    .unwrap_or(Resolution::P768Lower),
                fps: wire_fields.wrap::<Fps>(2usize, fps)?,
                shape: wire_fields.wrap::<Shape>(3usize, shape)?,
                speed: wire_fields.wrap::<Speed>(4usize, speed)?,
            })
        }
    }
    s::record::record_traits!(FoxDraw);
    /// Value of `type`: Shape. One of 3 values.
    /// Source: `models/kie_models.yaml:14`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Type {
        /// `1:1`: Square.
        R1x1,
        /// `16:9`: Wide.
        R16x9,
        /// `auto`.
        Auto,
    }
    impl s::Choice for Type {
        const SPEC: s::spec::ChoiceSpec = s::spec::ChoiceSpec::of(
            &[
                s::spec::OptionSpec::text("1:1")
                    .label(s::Localized::new(["Square", "Квадрат"])),
                s::spec::OptionSpec::text("16:9")
                    .label(s::Localized::new(["Wide", "Wide"])),
                s::spec::OptionSpec::text("auto"),
            ],
        );
        const ALL: &'static [Self] = &[Self::R1x1, Self::R16x9, Self::Auto];
        fn index(self) -> usize {
            self as usize
        }
    }
    s::choice::choice_traits!(Type);
    /// Value of `resolution`: Size. One of 4 values.
    /// Source: `models/kie_models.yaml:15`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Resolution {
        /// `768P` (the vendor will drop it).
        P768Upper,
        /// `768p`.
        P768Lower,
        /// `1080p`.
        P1080,
        /// `4K`.
        K4,
    }
    impl s::Choice for Resolution {
        const SPEC: s::spec::ChoiceSpec = s::spec::ChoiceSpec::of(
            &[
                s::spec::OptionSpec::text("768P").discontinued(),
                s::spec::OptionSpec::text("768p"),
                s::spec::OptionSpec::text("1080p"),
                s::spec::OptionSpec::text("4K").aliases(&[s::spec::Literal::Text("8K")]),
            ],
        );
        const ALL: &'static [Self] = &[
            Self::P768Upper,
            Self::P768Lower,
            Self::P1080,
            Self::K4,
        ];
        fn index(self) -> usize {
            self as usize
        }
    }
    s::choice::choice_traits!(Resolution);
    /// Value of `fps`: Frames a second. One of 3 values.
    /// Source: `models/kie_models.yaml:16`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Fps {
        /// `24`.
        N24,
        /// `30`.
        N30,
        /// `60`.
        N60,
    }
    impl s::Choice for Fps {
        const SPEC: s::spec::ChoiceSpec = s::spec::ChoiceSpec::of(
            &[
                s::spec::OptionSpec::new(s::spec::Literal::Integer(24)),
                s::spec::OptionSpec::new(s::spec::Literal::Integer(30)),
                s::spec::OptionSpec::new(s::spec::Literal::Integer(60)),
            ],
        );
        const ALL: &'static [Self] = &[Self::N24, Self::N30, Self::N60];
        fn index(self) -> usize {
            self as usize
        }
    }
    s::choice::choice_traits!(Fps);
    /// Value of `shape`: Named shape. One of 3 values.
    /// Source: `models/kie_models.yaml:17`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Shape {
        /// `1:1`: Square.
        R1x1,
        /// `16:9`: Wide.
        R16x9,
        /// `auto`.
        Auto,
    }
    impl s::Choice for Shape {
        const SPEC: s::spec::ChoiceSpec = s::spec::ChoiceSpec::of(
                &[
                    s::spec::OptionSpec::text("1:1")
                        .label(s::Localized::new(["Square", "Квадрат"])),
                    s::spec::OptionSpec::text("16:9")
                        .label(s::Localized::new(["Wide", "Wide"])),
                    s::spec::OptionSpec::text("auto"),
                ],
            )
            .named();
        const ALL: &'static [Self] = &[Self::R1x1, Self::R16x9, Self::Auto];
        fn index(self) -> usize {
            self as usize
        }
    }
    s::choice::choice_traits!(Shape);
    /// Value of `speed`: Speed. One of 3 values.
    /// Source: `models/kie_models.yaml:18`.
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
        example: "{\"resolution\":\"4K\"}",
        advises: s::advice::possible(<FoxDraw as s::Record>::FIELDS),
        line: 7,
    };
    impl s::ModelInput for FoxDraw {
        fn spec() -> &'static s::spec::ModelSpec {
            &SPEC
        }
    }
}
pub use fox_draw::FoxDraw;
