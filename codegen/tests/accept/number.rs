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
        /// Seconds.
        ///
        /// 4 to 12 in steps of 2 or -1 except 10; default `4`. Source: `models/kie_models.yaml:12`.
        pub duration: Duration,
        /// Frames.
        ///
        /// 8 to 240. Source: `models/kie_models.yaml:13`.
        pub frames: Option<Frames>,
        /// Strength.
        ///
        /// More than 0, at most 1 in steps of 0.1; default `0.5`. Source: `models/kie_models.yaml:14`.
        pub strength: Option<Strength>,
        /// Guidance.
        ///
        /// 1 to 20. Source: `models/kie_models.yaml:15`.
        pub guidance: Option<Guidance>,
        /// Sound.
        ///
        /// Default `false`. Source: `models/kie_models.yaml:16`.
        pub sound: Option<bool>,
    }
    impl FoxDraw {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new() -> Self {
            Self {
                duration: s::record::default_of("4"),
                frames: None,
                strength: None,
                guidance: None,
                sound: None,
            }
        }
        /// Sets `duration`: Seconds. 4 to 12 in steps of 2 or -1 except 10.
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
        /// Sets `strength`: Strength. More than 0, at most 1 in steps of 0.1.
        #[inline]
        pub fn strength(mut self, value: Strength) -> Self {
            self.strength = Some(value);
            self
        }
        /// Sets `guidance`: Guidance. 1 to 20.
        #[inline]
        pub fn guidance(mut self, value: Guidance) -> Self {
            self.guidance = Some(value);
            self
        }
        /// Sets `sound`: Sound.
        #[inline]
        pub fn sound(mut self, value: bool) -> Self {
            self.sound = Some(value);
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
                name: "duration",
                kind: s::spec::Kind::Integer(<DurationLimits as s::Limits>::SPEC),
                required: true,
                default: Some("4"),
                label: s::Localized::new(["Seconds", "Seconds"]),
                line: 12,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "frames",
                kind: s::spec::Kind::Integer(<FramesLimits as s::Limits>::SPEC),
                label: s::Localized::new(["Frames", "Frames"]),
                line: 13,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "strength",
                kind: s::spec::Kind::Decimal(<StrengthLimits as s::Limits>::SPEC),
                default: Some("0.5"),
                label: s::Localized::new(["Strength", "Strength"]),
                line: 14,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "guidance",
                kind: s::spec::Kind::Decimal(<GuidanceLimits as s::Limits>::SPEC),
                label: s::Localized::new(["Guidance", "Guidance"]),
                line: 15,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "sound",
                kind: s::spec::Kind::Boolean,
                default: Some("false"),
                label: s::Localized::new(["Sound", "Sound"]),
                line: 16,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => Some(s::value_ref::AsValueRef::as_value_ref(&self.duration)),
                1 => s::record::optional(&self.frames),
                2 => s::record::optional(&self.strength),
                3 => s::record::optional(&self.guidance),
                4 => s::record::optional(&self.sound),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_fields: s::record::FieldAccess<A>,
        ) -> Result<Self, A::Error> {
            let mut duration = None;
            let mut frames = None;
            let mut strength = None;
            let mut guidance = None;
            let mut sound = None;
            while let Some(wire_index) = wire_fields.next_field()? {
                match wire_index {
                    0 => {
                        wire_fields.fill::<Duration>(&mut duration)?;
                    }
                    1 => {
                        wire_fields.fill::<Frames>(&mut frames)?;
                    }
                    2 => {
                        wire_fields.fill::<Strength>(&mut strength)?;
                    }
                    3 => {
                        wire_fields.fill::<Guidance>(&mut guidance)?;
                    }
                    4 => {
                        wire_fields.fill::<bool>(&mut sound)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                duration: wire_fields
                    .wrap::<Duration>(0usize, duration)?
                    .unwrap_or_else(|| s::record::default_of("4")),
                frames: wire_fields.wrap::<Frames>(1usize, frames)?,
                strength: wire_fields.wrap::<Strength>(2usize, strength)?,
                guidance: wire_fields.wrap::<Guidance>(3usize, guidance)?,
                sound: wire_fields.wrap::<bool>(4usize, sound)?,
            })
        }
    }
    s::record::record_traits!(FoxDraw);
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
    /// Source: `models/kie_models.yaml:12`.
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
    /// Source: `models/kie_models.yaml:13`.
    pub type Frames = s::Integer<FramesLimits>;
    #[doc(hidden)]
    pub enum StrengthLimits {}
    impl s::Limits for StrengthLimits {
        type Spec = s::spec::DecimalSpec;
        const SPEC: s::spec::DecimalSpec = s::spec::DecimalSpec {
            min: Some(0.0),
            max: Some(1.0),
            above_min: true,
            step: Some(0.1),
            ..s::spec::DecimalSpec::DEFAULT
        };
    }
    /// Value of `strength`: Strength. More than 0, at most 1 in steps of 0.1.
    /// Source: `models/kie_models.yaml:14`.
    pub type Strength = s::Decimal<StrengthLimits>;
    #[doc(hidden)]
    pub enum GuidanceLimits {}
    impl s::Limits for GuidanceLimits {
        type Spec = s::spec::DecimalSpec;
        const SPEC: s::spec::DecimalSpec = s::spec::DecimalSpec {
            min: Some(1.0),
            max: Some(20.0),
            ..s::spec::DecimalSpec::DEFAULT
        };
    }
    /// Value of `guidance`: Guidance. 1 to 20.
    /// Source: `models/kie_models.yaml:15`.
    pub type Guidance = s::Decimal<GuidanceLimits>;
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
        example: "{\"duration\":4}",
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
