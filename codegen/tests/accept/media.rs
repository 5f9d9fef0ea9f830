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
/// URL schemes that some fields take besides http and https.
pub mod schemes {
    use crate::schema as s;
    /// http, https and asset.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Asset {}
    impl s::media::Schemes for Asset {
        const ALSO: &'static [&'static str] = &["asset"];
    }
}
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
        /// First picture.
        ///
        /// URL of a picture, `image/jpeg`, `image/png`, `image/webp`, at most 10 MB, 0.4 to 2.5 width by height, at least 300 px a side, 300 to 4000 px on the shorter side, at most 6000 px on the longer side, 1 to 9000000 px in all. Source: `models/kie_models.yaml:14`.
        pub first: Option<First>,
        /// Last picture.
        ///
        /// URL of a picture, `image/jpeg`, `image/png`, `image/webp`, `image/bmp`. Source: `models/kie_models.yaml:16`.
        pub last: Option<Last>,
        /// Clips.
        ///
        /// 1 to 3 items, together at most 15 s, each: URL of a picture or a video, `video/mp4`, `image/png`, 2 to 10 s, 24 to 60 frames a second (not checked). Source: `models/kie_models.yaml:17`.
        pub clips: Option<Clips>,
        /// Voice.
        ///
        /// URL of a sound, `audio/mpeg`, `audio/wav`. Source: `models/kie_models.yaml:18`.
        pub voice: Option<Voice>,
    }
    impl FoxDraw {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new() -> Self {
            Self {
                first: None,
                last: None,
                clips: None,
                voice: None,
            }
        }
        /// Sets `first`: First picture. URL of a picture, `image/jpeg`, `image/png`, `image/webp`, at most 10 MB, 0.4 to 2.5 width by height, at least 300 px a side, 300 to 4000 px on the shorter side, at most 6000 px on the longer side, 1 to 9000000 px in all.
        #[inline]
        pub fn first(mut self, value: First) -> Self {
            self.first = Some(value);
            self
        }
        /// Sets `last`: Last picture. URL of a picture, `image/jpeg`, `image/png`, `image/webp`, `image/bmp`.
        #[inline]
        pub fn last(mut self, value: Last) -> Self {
            self.last = Some(value);
            self
        }
        /// Sets `clips`: Clips. 1 to 3 items, together at most 15 s, each: URL of a picture or a video, `video/mp4`, `image/png`, 2 to 10 s, 24 to 60 frames a second (not checked).
        #[inline]
        pub fn clips(mut self, value: Clips) -> Self {
            self.clips = Some(value);
            self
        }
        /// Sets `voice`: Voice. URL of a sound, `audio/mpeg`, `audio/wav`.
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
                name: "first",
                kind: s::spec::Kind::Media(s::spec::MediaSpec {
                    of: &[s::spec::MediaKind::Image],
                    mime: &["image/jpeg", "image/png", "image/webp"],
                    max_mb: Some(10.0),
                    ratio: Some(s::spec::Range {
                        min: Some(0.4),
                        max: Some(2.5),
                    }),
                    side_px: Some(s::spec::Range {
                        min: Some(300.0),
                        max: None,
                    }),
                    short_side_px: Some(s::spec::Range {
                        min: Some(300.0),
                        max: Some(4000.0),
                    }),
                    long_side_px: Some(s::spec::Range {
                        min: None,
                        max: Some(6000.0),
                    }),
                    total_px: Some(s::spec::Range {
                        min: Some(1.0),
                        max: Some(9000000.0),
                    }),
                    schemes: &["asset"],
                    ..s::spec::MediaSpec::DEFAULT
                }),
                label: s::Localized::new(["First picture", "First picture"]),
                line: 14,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "last",
                kind: s::spec::Kind::Media(s::spec::MediaSpec {
                    of: &[s::spec::MediaKind::Image],
                    mime: &["image/jpeg", "image/png", "image/webp", "image/bmp"],
                    ..s::spec::MediaSpec::DEFAULT
                }),
                label: s::Localized::new(["Last picture", "Last picture"]),
                line: 16,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "clips",
                kind: s::spec::Kind::List(s::spec::ListSpec {
                    item: &s::spec::Kind::Media(s::spec::MediaSpec {
                        of: &[s::spec::MediaKind::Image, s::spec::MediaKind::Video],
                        mime: &["video/mp4", "image/png"],
                        seconds: Some(s::spec::Range {
                            min: Some(2.0),
                            max: Some(10.0),
                        }),
                        fps: Some(s::spec::Range {
                            min: Some(24.0),
                            max: Some(60.0),
                        }),
                        ..s::spec::MediaSpec::DEFAULT
                    }),
                    min: 1,
                    max: Some(3),
                    total_seconds: Some(15.0),
                }),
                label: s::Localized::new(["Clips", "Clips"]),
                line: 17,
                ..s::spec::FieldSpec::DEFAULT
            },
            s::spec::FieldSpec {
                name: "voice",
                kind: s::spec::Kind::Media(s::spec::MediaSpec {
                    of: &[s::spec::MediaKind::Audio],
                    mime: &["audio/mpeg", "audio/wav"],
                    ..s::spec::MediaSpec::DEFAULT
                }),
                label: s::Localized::new(["Voice", "Voice"]),
                line: 18,
                ..s::spec::FieldSpec::DEFAULT
            },
        ];
        fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
            match index {
                0 => s::record::optional(&self.first),
                1 => s::record::optional(&self.last),
                2 => s::record::optional(&self.clips),
                3 => s::record::optional(&self.voice),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_fields: s::record::FieldAccess<A>,
        ) -> Result<Self, A::Error> {
            let mut first = None;
            let mut last = None;
            let mut clips = None;
            let mut voice = None;
            while let Some(wire_index) = wire_fields.next_field()? {
                match wire_index {
                    0 => {
                        wire_fields.fill::<First>(&mut first)?;
                    }
                    1 => {
                        wire_fields.fill::<Last>(&mut last)?;
                    }
                    2 => {
                        wire_fields.fill::<Clips>(&mut clips)?;
                    }
                    3 => {
                        wire_fields.fill::<Voice>(&mut voice)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                first: wire_fields.wrap::<First>(0usize, first)?,
                last: wire_fields.wrap::<Last>(1usize, last)?,
                clips: wire_fields.wrap::<Clips>(2usize, clips)?,
                voice: wire_fields.wrap::<Voice>(3usize, voice)?,
            })
        }
    }
    s::record::record_traits!(FoxDraw);
    /// Value of `first`: First picture. URL of a picture, `image/jpeg`, `image/png`, `image/webp`, at most 10 MB, 0.4 to 2.5 width by height, at least 300 px a side, 300 to 4000 px on the shorter side, at most 6000 px on the longer side, 1 to 9000000 px in all.
    /// Source: `models/kie_models.yaml:14`.
    pub type First = s::Media<s::Image, super::schemes::Asset>;
    /// Value of `last`: Last picture. URL of a picture, `image/jpeg`, `image/png`, `image/webp`, `image/bmp`.
    /// Source: `models/kie_models.yaml:16`.
    pub type Last = s::Media<s::Image>;
    /// Value of `clips`: Clips. 1 to 3 items, together at most 15 s, each: URL of a picture or a video, `video/mp4`, `image/png`, 2 to 10 s, 24 to 60 frames a second (not checked).
    /// Source: `models/kie_models.yaml:17`.
    pub type Clips = s::List<s::Media<(s::Image, s::Video)>, 1, 3>;
    /// Value of `voice`: Voice. URL of a sound, `audio/mpeg`, `audio/wav`.
    /// Source: `models/kie_models.yaml:18`.
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
        rules: &[],
        price: Some(
            &s::spec::PriceSpec {
                as_of: "2026-10-01",
                unit: "image",
                rows: &[s::spec::PriceRow::always(5000)],
                ..s::spec::PriceSpec::DEFAULT
            },
        ),
        example: "{\"first\":\"https://example.com/fox.png\"}",
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
