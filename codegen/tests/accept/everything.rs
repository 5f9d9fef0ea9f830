/// Every model of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Model {
    /// Fox 2.5, `den/fox-2.5`.
    DenFox25,
}
impl Model {
    /// All models, in the registry's order.
    pub const ALL: &'static [Self] = &[Self::DenFox25];
    /// What the registry says of the model.
    pub fn spec(self) -> &'static ModelSpec {
        MODELS[self as usize]
    }
}
/// The descriptors of all models, in the registry's order.
pub static MODELS: &[&ModelSpec] = &[&den_fox_2_5::SPEC];
/// All task types, in the registry's order.
pub static TASKS: &[&TaskSpec] = &[&TASK_IMAGE_TO_VIDEO, &TASK_VIDEO_EDIT];
static TASK_IMAGE_TO_VIDEO: TaskSpec = TaskSpec {
    id: "image_to_video",
    title: s::words("Animate", "Оживить"),
    icon: "🎞",
    usual_s: 90,
    deadline_s: 3600,
    follows: Some(s::spec::FollowSpec {
        takes: s::spec::MediaKind::Image,
        label: s::words("Animate it", "Оживить"),
    }),
};
static TASK_VIDEO_EDIT: TaskSpec = TaskSpec {
    id: "video_edit",
    title: s::words("Change a clip", "Изменить ролик"),
    icon: "🎚",
    usual_s: 90,
    deadline_s: 3600,
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
/// Types of `den/fox-2.5`.
pub mod den_fox_2_5 {
    use crate::schema as s;
    /// Fox 2.5: Animates a fox.
    ///
    /// Model `den/fox-2.5` by Den. Animate, Change a clip.
    /// Price: at most 1.125 to 9 credits per second (2026-10-01), times `frames` and the seconds of `voice` and the minutes of `voice` and the megapixels of `first` and `frames` by `fps` and the thousands of characters of `prompt`, and 0.5 for each of `clips` after the first 1. A discount until 2026-12-31; then 4 to 5.
    /// Source: `models/kie_models.yaml:11`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct DenFox25 {
        /// What happens.
        ///
        /// 1 to 1000 characters, 500 with Chinese, Japanese or Korean among them; required. Source: `models/kie_models.yaml:20`.
        pub prompt: Prompt,
        /// What to avoid.
        ///
        /// 2 to 100 characters; the vendor will drop it. Source: `models/kie_models.yaml:21`.
        pub negative: Option<Negative>,
        /// Colour.
        ///
        /// In the form `#1A2B3C`; default `"#1A2B3C"`. Source: `models/kie_models.yaml:22`.
        pub color: Option<Color>,
        /// Share.
        ///
        /// In the form `12.50%`. Source: `models/kie_models.yaml:23`.
        pub percent: Option<Percent>,
        /// Span.
        ///
        /// In the form `1.5,12`. Source: `models/kie_models.yaml:24`.
        pub span: Option<Span>,
        /// Shape.
        ///
        /// One of 3 values; default `"auto"`. Source: `models/kie_models.yaml:25`.
        pub r#type: Option<Type>,
        /// Size.
        ///
        /// One of 4 values; default `"768p"`. Source: `models/kie_models.yaml:26`.
        pub resolution: Resolution,
        /// Frames a second.
        ///
        /// One of 3 values; default `24`. Source: `models/kie_models.yaml:27`.
        pub fps: Option<Fps>,
        /// Speed.
        ///
        /// One of 3 values. Source: `models/kie_models.yaml:28`.
        pub speed: Option<Speed>,
        /// Seconds.
        ///
        /// 4 to 12 in steps of 2 or -1 except 10; default `4`. Source: `models/kie_models.yaml:29`.
        pub duration: Duration,
        /// Frames.
        ///
        /// 8 to 240. Source: `models/kie_models.yaml:30`.
        pub frames: Option<Frames>,
        /// Strength.
        ///
        /// More than 0, at most 1 in steps of 0.1; default `0.5`. Source: `models/kie_models.yaml:31`.
        pub strength: Option<Strength>,
        /// Guidance.
        ///
        /// 1 to 20. Source: `models/kie_models.yaml:32`.
        pub guidance: Option<Guidance>,
        /// Sound.
        ///
        /// Default `false`. Source: `models/kie_models.yaml:33`.
        pub sound: Option<bool>,
        /// First picture.
        ///
        /// URL of a picture, `image/jpeg`, `image/png`, `image/webp`, at most 10 MB, 0.4 to 2.5 width by height, at least 300 px a side, 300 to 4000 px on the shorter side, at most 6000 px on the longer side, 1 to 9000000 px in all. Source: `models/kie_models.yaml:34`.
        pub first: Option<First>,
        /// Last picture.
        ///
        /// URL of a picture, `image/jpeg`, `image/png`, `image/webp`, `image/bmp`. Source: `models/kie_models.yaml:36`.
        pub last: Option<Last>,
        /// Clips.
        ///
        /// 1 to 3 items, together at most 15 s, each: URL of a picture or a video, `video/mp4`, `image/png`, 2 to 10 s, 24 to 60 frames a second (not checked). Source: `models/kie_models.yaml:37`.
        pub clips: Option<Clips>,
        /// Voice.
        ///
        /// URL of a sound, `audio/mpeg`, `audio/wav`. Source: `models/kie_models.yaml:38`.
        pub voice: Option<Voice>,
        /// Earlier task.
        ///
        /// Id of an earlier task of `den/fox-2.5`. Source: `models/kie_models.yaml:39`.
        pub parent: Option<Parent>,
        /// Tags.
        ///
        /// At most 5 items, each: at most 20 characters. Source: `models/kie_models.yaml:40`.
        pub tags: Option<Tags>,
        /// Shots.
        ///
        /// At least 1 item. Source: `models/kie_models.yaml:41`.
        pub shots: Option<Shots>,
        /// Voices.
        ///
        /// Source: `models/kie_models.yaml:51`.
        pub voices: Option<Voices>,
        /// Camera.
        ///
        /// Source: `models/kie_models.yaml:55`.
        pub camera: Option<Camera>,
    }
    impl DenFox25 {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new(prompt: Prompt) -> Self {
            Self {
                prompt,
                negative: None,
                color: None,
                percent: None,
                span: None,
                r#type: None,
                resolution: Resolution::P768Lower,
                fps: None,
                speed: None,
                duration: s::record::preset("4"),
                frames: None,
                strength: None,
                guidance: None,
                sound: None,
                first: None,
                last: None,
                clips: None,
                voice: None,
                parent: None,
                tags: None,
                shots: None,
                voices: None,
                camera: None,
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
        /// Sets `speed`: Speed. One of 3 values.
        #[inline]
        pub fn speed(mut self, value: Speed) -> Self {
            self.speed = Some(value);
            self
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
        /// Sets `parent`: Earlier task. Id of an earlier task of `den/fox-2.5`.
        #[inline]
        pub fn parent(mut self, value: Parent) -> Self {
            self.parent = Some(value);
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
        /// Sets `voices`: Voices.
        #[inline]
        pub fn voices(mut self, value: Voices) -> Self {
            self.voices = Some(value);
            self
        }
        /// Sets `camera`: Camera.
        #[inline]
        pub fn camera(mut self, value: Camera) -> Self {
            self.camera = Some(value);
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
    impl s::Record for DenFox25 {
        const FIELDS: &'static [s::spec::FieldSpec] = &[
            s::spec::FieldSpec {
                name: "prompt",
                aliases: &["text"],
                kind: s::spec::Kind::Text(<PromptLimits as s::Limits>::SPEC),
                required: true,
                label: s::words("What happens", "Что происходит"),
                line: 20,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "negative",
                kind: s::spec::Kind::Text(<NegativeLimits as s::Limits>::SPEC),
                advanced: true,
                deprecated: true,
                label: s::words("What to avoid", "What to avoid"),
                line: 21,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "color",
                kind: s::spec::Kind::Text(<ColorLimits as s::Limits>::SPEC),
                default: Some("\"#1A2B3C\""),
                label: s::words("Colour", "Colour"),
                line: 22,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "percent",
                kind: s::spec::Kind::Text(<PercentLimits as s::Limits>::SPEC),
                label: s::words("Share", "Share"),
                line: 23,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "span",
                kind: s::spec::Kind::Text(<SpanLimits as s::Limits>::SPEC),
                label: s::words("Span", "Span"),
                line: 24,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "type",
                kind: s::spec::Kind::Choice(<Type as s::Choice>::SPEC),
                default: Some("\"auto\""),
                label: s::words("Shape", "Shape"),
                line: 25,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "resolution",
                kind: s::spec::Kind::Choice(<Resolution as s::Choice>::SPEC),
                required: true,
                default: Some("\"768p\""),
                label: s::words("Size", "Size"),
                line: 26,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "fps",
                kind: s::spec::Kind::Choice(<Fps as s::Choice>::SPEC),
                default: Some("24"),
                label: s::words("Frames a second", "Frames a second"),
                line: 27,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "speed",
                kind: s::spec::Kind::Choice(<Speed as s::Choice>::SPEC),
                label: s::words("Speed", "Speed"),
                line: 28,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "duration",
                kind: s::spec::Kind::Integer(<DurationLimits as s::Limits>::SPEC),
                required: true,
                default: Some("4"),
                label: s::words("Seconds", "Seconds"),
                line: 29,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "frames",
                kind: s::spec::Kind::Integer(<FramesLimits as s::Limits>::SPEC),
                label: s::words("Frames", "Frames"),
                line: 30,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "strength",
                kind: s::spec::Kind::Decimal(<StrengthLimits as s::Limits>::SPEC),
                default: Some("0.5"),
                label: s::words("Strength", "Strength"),
                line: 31,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "guidance",
                kind: s::spec::Kind::Decimal(<GuidanceLimits as s::Limits>::SPEC),
                label: s::words("Guidance", "Guidance"),
                line: 32,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "sound",
                kind: s::spec::Kind::Boolean,
                default: Some("false"),
                label: s::words("Sound", "Sound"),
                line: 33,
                ..s::spec::FieldSpec::BLANK
            },
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
                    ..s::spec::MediaSpec::BLANK
                }),
                label: s::words("First picture", "First picture"),
                line: 34,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "last",
                kind: s::spec::Kind::Media(s::spec::MediaSpec {
                    of: &[s::spec::MediaKind::Image],
                    mime: &["image/jpeg", "image/png", "image/webp", "image/bmp"],
                    ..s::spec::MediaSpec::BLANK
                }),
                label: s::words("Last picture", "Last picture"),
                line: 36,
                ..s::spec::FieldSpec::BLANK
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
                        ..s::spec::MediaSpec::BLANK
                    }),
                    min: 1,
                    max: Some(3),
                    total_seconds: Some(15.0),
                }),
                label: s::words("Clips", "Clips"),
                line: 37,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "voice",
                kind: s::spec::Kind::Media(s::spec::MediaSpec {
                    of: &[s::spec::MediaKind::Audio],
                    mime: &["audio/mpeg", "audio/wav"],
                    ..s::spec::MediaSpec::BLANK
                }),
                label: s::words("Voice", "Voice"),
                line: 38,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "parent",
                kind: s::spec::Kind::Task(s::spec::TaskRefSpec {
                    models: &["den/fox-2.5"],
                }),
                label: s::words("Earlier task", "Earlier task"),
                line: 39,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "tags",
                kind: s::spec::Kind::List(s::spec::ListSpec {
                    item: &s::spec::Kind::Text(<TagsLimits as s::Limits>::SPEC),
                    min: 0,
                    max: Some(5),
                    total_seconds: None,
                }),
                label: s::words("Tags", "Tags"),
                line: 40,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "shots",
                kind: s::spec::Kind::List(s::spec::ListSpec {
                    item: &s::spec::Kind::Object(<ShotsItem as s::Record>::FIELDS),
                    min: 1,
                    max: None,
                    total_seconds: None,
                }),
                label: s::words("Shots", "Shots"),
                line: 41,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "voices",
                kind: s::spec::Kind::List(s::spec::ListSpec {
                    item: &s::spec::Kind::Object(<VoicesItem as s::Record>::FIELDS),
                    min: 0,
                    max: None,
                    total_seconds: None,
                }),
                label: s::words("Voices", "Voices"),
                line: 51,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "camera",
                kind: s::spec::Kind::Object(<Camera as s::Record>::FIELDS),
                label: s::words("Camera", "Camera"),
                line: 55,
                ..s::spec::FieldSpec::BLANK
            },
        ];
        fn at(&self, index: usize) -> Option<s::view::View<'_>> {
            match index {
                0 => Some(s::view::Visible::view(&self.prompt)),
                1 => s::record::optional(&self.negative),
                2 => s::record::optional(&self.color),
                3 => s::record::optional(&self.percent),
                4 => s::record::optional(&self.span),
                5 => s::record::optional(&self.r#type),
                6 => Some(s::view::Visible::view(&self.resolution)),
                7 => s::record::optional(&self.fps),
                8 => s::record::optional(&self.speed),
                9 => Some(s::view::Visible::view(&self.duration)),
                10 => s::record::optional(&self.frames),
                11 => s::record::optional(&self.strength),
                12 => s::record::optional(&self.guidance),
                13 => s::record::optional(&self.sound),
                14 => s::record::optional(&self.first),
                15 => s::record::optional(&self.last),
                16 => s::record::optional(&self.clips),
                17 => s::record::optional(&self.voice),
                18 => s::record::optional(&self.parent),
                19 => s::record::optional(&self.tags),
                20 => s::record::optional(&self.shots),
                21 => s::record::optional(&self.voices),
                22 => s::record::optional(&self.camera),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_keys: s::record::Keys<A>,
        ) -> Result<Self, A::Error> {
            let mut prompt = None;
            let mut negative = None;
            let mut color = None;
            let mut percent = None;
            let mut span = None;
            let mut r#type = None;
            let mut resolution = None;
            let mut fps = None;
            let mut speed = None;
            let mut duration = None;
            let mut frames = None;
            let mut strength = None;
            let mut guidance = None;
            let mut sound = None;
            let mut first = None;
            let mut last = None;
            let mut clips = None;
            let mut voice = None;
            let mut parent = None;
            let mut tags = None;
            let mut shots = None;
            let mut voices = None;
            let mut camera = None;
            while let Some(wire_index) = wire_keys.next_field()? {
                match wire_index {
                    0 => {
                        wire_keys.fill::<Prompt>(&mut prompt)?;
                    }
                    1 => {
                        wire_keys.fill::<Negative>(&mut negative)?;
                    }
                    2 => {
                        wire_keys.fill::<Color>(&mut color)?;
                    }
                    3 => {
                        wire_keys.fill::<Percent>(&mut percent)?;
                    }
                    4 => {
                        wire_keys.fill::<Span>(&mut span)?;
                    }
                    5 => {
                        wire_keys.fill::<Type>(&mut r#type)?;
                    }
                    6 => {
                        wire_keys.fill::<Resolution>(&mut resolution)?;
                    }
                    7 => {
                        wire_keys.fill::<Fps>(&mut fps)?;
                    }
                    8 => {
                        wire_keys.fill::<Speed>(&mut speed)?;
                    }
                    9 => {
                        wire_keys.fill::<Duration>(&mut duration)?;
                    }
                    10 => {
                        wire_keys.fill::<Frames>(&mut frames)?;
                    }
                    11 => {
                        wire_keys.fill::<Strength>(&mut strength)?;
                    }
                    12 => {
                        wire_keys.fill::<Guidance>(&mut guidance)?;
                    }
                    13 => {
                        wire_keys.fill::<bool>(&mut sound)?;
                    }
                    14 => {
                        wire_keys.fill::<First>(&mut first)?;
                    }
                    15 => {
                        wire_keys.fill::<Last>(&mut last)?;
                    }
                    16 => {
                        wire_keys.fill::<Clips>(&mut clips)?;
                    }
                    17 => {
                        wire_keys.fill::<Voice>(&mut voice)?;
                    }
                    18 => {
                        wire_keys.fill::<Parent>(&mut parent)?;
                    }
                    19 => {
                        wire_keys.fill::<Tags>(&mut tags)?;
                    }
                    20 => {
                        wire_keys.fill::<Shots>(&mut shots)?;
                    }
                    21 => {
                        wire_keys.fill::<Voices>(&mut voices)?;
                    }
                    22 => {
                        wire_keys.fill::<Camera>(&mut camera)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                prompt: s::record::need(
                    wire_keys.wrap::<Prompt>(0usize, prompt)?,
                    "prompt",
                )?,
                negative: wire_keys.wrap::<Negative>(1usize, negative)?,
                color: wire_keys.wrap::<Color>(2usize, color)?,
                percent: wire_keys.wrap::<Percent>(3usize, percent)?,
                span: wire_keys.wrap::<Span>(4usize, span)?,
                r#type: wire_keys.wrap::<Type>(5usize, r#type)?,
                resolution: wire_keys
                    .wrap::<Resolution>(6usize, resolution)?
                    .unwrap_or(Resolution::P768Lower),
                fps: wire_keys.wrap::<Fps>(7usize, fps)?,
                speed: wire_keys.wrap::<Speed>(8usize, speed)?,
                duration: wire_keys
                    .wrap::<Duration>(9usize, duration)?
                    .unwrap_or_else(|| s::record::preset("4")),
                frames: wire_keys.wrap::<Frames>(10usize, frames)?,
                strength: wire_keys.wrap::<Strength>(11usize, strength)?,
                guidance: wire_keys.wrap::<Guidance>(12usize, guidance)?,
                sound: wire_keys.wrap::<bool>(13usize, sound)?,
                first: wire_keys.wrap::<First>(14usize, first)?,
                last: wire_keys.wrap::<Last>(15usize, last)?,
                clips: wire_keys.wrap::<Clips>(16usize, clips)?,
                voice: wire_keys.wrap::<Voice>(17usize, voice)?,
                parent: wire_keys.wrap::<Parent>(18usize, parent)?,
                tags: wire_keys.wrap::<Tags>(19usize, tags)?,
                shots: wire_keys.wrap::<Shots>(20usize, shots)?,
                voices: wire_keys.wrap::<Voices>(21usize, voices)?,
                camera: wire_keys.wrap::<Camera>(22usize, camera)?,
            })
        }
    }
    s::record::record_traits!(DenFox25);
    #[doc(hidden)]
    pub enum PromptLimits {}
    impl s::Limits for PromptLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            min: 1,
            max: Some(1000),
            max_cjk: Some(500),
            ..s::spec::TextSpec::BLANK
        };
    }
    /// Value of `prompt`: What happens. 1 to 1000 characters, 500 with Chinese, Japanese or Korean among them.
    /// Source: `models/kie_models.yaml:20`.
    pub type Prompt = s::Text<PromptLimits>;
    #[doc(hidden)]
    pub enum NegativeLimits {}
    impl s::Limits for NegativeLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            min: 2,
            max: Some(100),
            ..s::spec::TextSpec::BLANK
        };
    }
    /// Value of `negative`: What to avoid. 2 to 100 characters.
    /// Source: `models/kie_models.yaml:21`.
    pub type Negative = s::Text<NegativeLimits>;
    #[doc(hidden)]
    pub enum ColorLimits {}
    impl s::Limits for ColorLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            format: Some(s::spec::TextFormat::HexColor),
            ..s::spec::TextSpec::BLANK
        };
    }
    /// Value of `color`: Colour. In the form `#1A2B3C`.
    /// Source: `models/kie_models.yaml:22`.
    pub type Color = s::Text<ColorLimits>;
    #[doc(hidden)]
    pub enum PercentLimits {}
    impl s::Limits for PercentLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            format: Some(s::spec::TextFormat::Percent),
            ..s::spec::TextSpec::BLANK
        };
    }
    /// Value of `percent`: Share. In the form `12.50%`.
    /// Source: `models/kie_models.yaml:23`.
    pub type Percent = s::Text<PercentLimits>;
    #[doc(hidden)]
    pub enum SpanLimits {}
    impl s::Limits for SpanLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            format: Some(s::spec::TextFormat::SecondsRange),
            ..s::spec::TextSpec::BLANK
        };
    }
    /// Value of `span`: Span. In the form `1.5,12`.
    /// Source: `models/kie_models.yaml:24`.
    pub type Span = s::Text<SpanLimits>;
    /// Value of `type`: Shape. One of 3 values.
    /// Source: `models/kie_models.yaml:25`.
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
                s::spec::OptionSpec::text("1:1").said("Square", "Квадрат"),
                s::spec::OptionSpec::text("16:9").said("Wide", "Wide"),
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
    /// Source: `models/kie_models.yaml:26`.
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
                s::spec::OptionSpec::text("4K").also(&[s::spec::Literal::Text("8K")]),
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
    /// Source: `models/kie_models.yaml:27`.
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
    /// Value of `speed`: Speed. One of 3 values.
    /// Source: `models/kie_models.yaml:28`.
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
    #[doc(hidden)]
    pub enum DurationLimits {}
    impl s::Limits for DurationLimits {
        type Spec = s::spec::IntegerSpec;
        const SPEC: s::spec::IntegerSpec = s::spec::IntegerSpec {
            min: Some(4),
            max: Some(12),
            step: Some(2),
            also: &[-1],
            except: &[10],
            form: s::spec::NumberForm::NumberOrString,
            ..s::spec::IntegerSpec::BLANK
        };
    }
    /// Value of `duration`: Seconds. 4 to 12 in steps of 2 or -1 except 10.
    /// Source: `models/kie_models.yaml:29`.
    pub type Duration = s::Integer<DurationLimits>;
    #[doc(hidden)]
    pub enum FramesLimits {}
    impl s::Limits for FramesLimits {
        type Spec = s::spec::IntegerSpec;
        const SPEC: s::spec::IntegerSpec = s::spec::IntegerSpec {
            min: Some(8),
            max: Some(240),
            ..s::spec::IntegerSpec::BLANK
        };
    }
    /// Value of `frames`: Frames. 8 to 240.
    /// Source: `models/kie_models.yaml:30`.
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
            ..s::spec::DecimalSpec::BLANK
        };
    }
    /// Value of `strength`: Strength. More than 0, at most 1 in steps of 0.1.
    /// Source: `models/kie_models.yaml:31`.
    pub type Strength = s::Decimal<StrengthLimits>;
    #[doc(hidden)]
    pub enum GuidanceLimits {}
    impl s::Limits for GuidanceLimits {
        type Spec = s::spec::DecimalSpec;
        const SPEC: s::spec::DecimalSpec = s::spec::DecimalSpec {
            min: Some(1.0),
            max: Some(20.0),
            ..s::spec::DecimalSpec::BLANK
        };
    }
    /// Value of `guidance`: Guidance. 1 to 20.
    /// Source: `models/kie_models.yaml:32`.
    pub type Guidance = s::Decimal<GuidanceLimits>;
    /// Value of `first`: First picture. URL of a picture, `image/jpeg`, `image/png`, `image/webp`, at most 10 MB, 0.4 to 2.5 width by height, at least 300 px a side, 300 to 4000 px on the shorter side, at most 6000 px on the longer side, 1 to 9000000 px in all.
    /// Source: `models/kie_models.yaml:34`.
    pub type First = s::Media<s::Image, super::schemes::Asset>;
    /// Value of `last`: Last picture. URL of a picture, `image/jpeg`, `image/png`, `image/webp`, `image/bmp`.
    /// Source: `models/kie_models.yaml:36`.
    pub type Last = s::Media<s::Image>;
    /// Value of `clips`: Clips. 1 to 3 items, together at most 15 s, each: URL of a picture or a video, `video/mp4`, `image/png`, 2 to 10 s, 24 to 60 frames a second (not checked).
    /// Source: `models/kie_models.yaml:37`.
    pub type Clips = s::List<s::Media<(s::Image, s::Video)>, 1, 3>;
    /// Value of `voice`: Voice. URL of a sound, `audio/mpeg`, `audio/wav`.
    /// Source: `models/kie_models.yaml:38`.
    pub type Voice = s::Media<s::Audio>;
    /// Value of `parent`: Earlier task. Id of an earlier task of `den/fox-2.5`.
    /// Source: `models/kie_models.yaml:39`.
    pub type Parent = s::TaskRef;
    #[doc(hidden)]
    pub enum TagsLimits {}
    impl s::Limits for TagsLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            max: Some(20),
            ..s::spec::TextSpec::BLANK
        };
    }
    /// Value of `tags`: Tags. At most 5 items, each: at most 20 characters.
    /// Source: `models/kie_models.yaml:40`.
    pub type Tags = s::List<s::Text<TagsLimits>, 0, 5>;
    /// Value of `shots`: Shots. At least 1 item.
    /// Source: `models/kie_models.yaml:41`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct ShotsItem {
        /// What happens.
        ///
        /// 1 to 100 characters; required. Source: `models/kie_models.yaml:47`.
        pub prompt: ShotsPrompt,
        /// Seconds.
        ///
        /// 1 to 12; default `1`. Source: `models/kie_models.yaml:48`.
        pub duration: ShotsDuration,
        /// Speaker.
        ///
        /// In the form `Speaker 1`. Source: `models/kie_models.yaml:49`.
        pub speaker: Option<Speaker>,
    }
    impl ShotsItem {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new(prompt: ShotsPrompt) -> Self {
            Self {
                prompt,
                duration: s::record::preset("1"),
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
        pub fn duration(mut self, value: ShotsDuration) -> Self {
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
                label: s::words("What happens", "What happens"),
                line: 47,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "duration",
                kind: s::spec::Kind::Integer(<ShotsDurationLimits as s::Limits>::SPEC),
                required: true,
                default: Some("1"),
                label: s::words("Seconds", "Seconds"),
                line: 48,
                ..s::spec::FieldSpec::BLANK
            },
            s::spec::FieldSpec {
                name: "speaker",
                kind: s::spec::Kind::Text(<SpeakerLimits as s::Limits>::SPEC),
                label: s::words("Speaker", "Speaker"),
                line: 49,
                ..s::spec::FieldSpec::BLANK
            },
        ];
        fn at(&self, index: usize) -> Option<s::view::View<'_>> {
            match index {
                0 => Some(s::view::Visible::view(&self.prompt)),
                1 => Some(s::view::Visible::view(&self.duration)),
                2 => s::record::optional(&self.speaker),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_keys: s::record::Keys<A>,
        ) -> Result<Self, A::Error> {
            let mut prompt = None;
            let mut duration = None;
            let mut speaker = None;
            while let Some(wire_index) = wire_keys.next_field()? {
                match wire_index {
                    0 => {
                        wire_keys.fill::<ShotsPrompt>(&mut prompt)?;
                    }
                    1 => {
                        wire_keys.fill::<ShotsDuration>(&mut duration)?;
                    }
                    2 => {
                        wire_keys.fill::<Speaker>(&mut speaker)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                prompt: s::record::need(
                    wire_keys.wrap::<ShotsPrompt>(0usize, prompt)?,
                    "prompt",
                )?,
                duration: wire_keys
                    .wrap::<ShotsDuration>(1usize, duration)?
                    .unwrap_or_else(|| s::record::preset("1")),
                speaker: wire_keys.wrap::<Speaker>(2usize, speaker)?,
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
            ..s::spec::TextSpec::BLANK
        };
    }
    /// Value of `prompt`: What happens. 1 to 100 characters.
    /// Source: `models/kie_models.yaml:47`.
    pub type ShotsPrompt = s::Text<ShotsPromptLimits>;
    #[doc(hidden)]
    pub enum ShotsDurationLimits {}
    impl s::Limits for ShotsDurationLimits {
        type Spec = s::spec::IntegerSpec;
        const SPEC: s::spec::IntegerSpec = s::spec::IntegerSpec {
            min: Some(1),
            max: Some(12),
            ..s::spec::IntegerSpec::BLANK
        };
    }
    /// Value of `duration`: Seconds. 1 to 12.
    /// Source: `models/kie_models.yaml:48`.
    pub type ShotsDuration = s::Integer<ShotsDurationLimits>;
    #[doc(hidden)]
    pub enum SpeakerLimits {}
    impl s::Limits for SpeakerLimits {
        type Spec = s::spec::TextSpec;
        const SPEC: s::spec::TextSpec = s::spec::TextSpec {
            format: Some(s::spec::TextFormat::Speaker),
            ..s::spec::TextSpec::BLANK
        };
    }
    /// Value of `speaker`: Speaker. In the form `Speaker 1`.
    /// Source: `models/kie_models.yaml:49`.
    pub type Speaker = s::Text<SpeakerLimits>;
    /// Value of `shots`: Shots. At least 1 item.
    /// Source: `models/kie_models.yaml:41`.
    pub type Shots = s::List<ShotsItem, 1, { s::NO_LIMIT }>;
    /// Value of `voices`: Voices.
    /// Source: `models/kie_models.yaml:51`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct VoicesItem {
        /// Name.
        ///
        /// In the form `Speaker 1`; required. Source: `models/kie_models.yaml:53`.
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
                label: s::words("Name", "Name"),
                line: 53,
                ..s::spec::FieldSpec::BLANK
            },
        ];
        fn at(&self, index: usize) -> Option<s::view::View<'_>> {
            match index {
                0 => Some(s::view::Visible::view(&self.name)),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_keys: s::record::Keys<A>,
        ) -> Result<Self, A::Error> {
            let mut name = None;
            while let Some(wire_index) = wire_keys.next_field()? {
                match wire_index {
                    0 => {
                        wire_keys.fill::<Name>(&mut name)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                name: s::record::need(wire_keys.wrap::<Name>(0usize, name)?, "name")?,
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
            ..s::spec::TextSpec::BLANK
        };
    }
    /// Value of `name`: Name. In the form `Speaker 1`.
    /// Source: `models/kie_models.yaml:53`.
    pub type Name = s::Text<NameLimits>;
    /// Value of `voices`: Voices.
    /// Source: `models/kie_models.yaml:51`.
    pub type Voices = s::List<VoicesItem, 0, { s::NO_LIMIT }>;
    /// Value of `camera`: Camera.
    /// Source: `models/kie_models.yaml:55`.
    #[derive(Debug, Clone, PartialEq)]
    #[must_use]
    pub struct Camera {
        /// Pan.
        ///
        /// -10 to 10; default `0`. Source: `models/kie_models.yaml:55`.
        pub pan: Option<Pan>,
    }
    impl Camera {
        /// From what the model cannot do without; everything else has its default.
        #[inline]
        pub fn new() -> Self {
            Self { pan: None }
        }
        /// Sets `pan`: Pan. -10 to 10.
        #[inline]
        pub fn pan(mut self, value: Pan) -> Self {
            self.pan = Some(value);
            self
        }
    }
    impl Default for Camera {
        fn default() -> Self {
            Self::new()
        }
    }
    impl s::Record for Camera {
        const FIELDS: &'static [s::spec::FieldSpec] = &[
            s::spec::FieldSpec {
                name: "pan",
                kind: s::spec::Kind::Decimal(<PanLimits as s::Limits>::SPEC),
                default: Some("0"),
                label: s::words("Pan", "Pan"),
                line: 55,
                ..s::spec::FieldSpec::BLANK
            },
        ];
        fn at(&self, index: usize) -> Option<s::view::View<'_>> {
            match index {
                0 => s::record::optional(&self.pan),
                _ => None,
            }
        }
        fn read<'de, A: s::record::MapAccess<'de>>(
            mut wire_keys: s::record::Keys<A>,
        ) -> Result<Self, A::Error> {
            let mut pan = None;
            while let Some(wire_index) = wire_keys.next_field()? {
                match wire_index {
                    0 => {
                        wire_keys.fill::<Pan>(&mut pan)?;
                    }
                    _ => break,
                }
            }
            Ok(Self {
                pan: wire_keys.wrap::<Pan>(0usize, pan)?,
            })
        }
    }
    s::record::record_traits!(Camera);
    #[doc(hidden)]
    pub enum PanLimits {}
    impl s::Limits for PanLimits {
        type Spec = s::spec::DecimalSpec;
        const SPEC: s::spec::DecimalSpec = s::spec::DecimalSpec {
            min: Some(-10.0),
            max: Some(10.0),
            ..s::spec::DecimalSpec::BLANK
        };
    }
    /// Value of `pan`: Pan. -10 to 10.
    /// Source: `models/kie_models.yaml:55`.
    pub type Pan = s::Decimal<PanLimits>;
    /// What the registry says of the model.
    pub static SPEC: s::spec::ModelSpec = s::spec::ModelSpec {
        id: "den/fox-2.5",
        aliases: &[
            s::spec::AliasSpec {
                name: "fox",
                implied: &[],
            },
            s::spec::AliasSpec {
                name: "fox-video",
                implied: &[
                    s::spec::Implied {
                        field: "strength",
                        value: "0.2",
                    },
                    s::spec::Implied {
                        field: "resolution",
                        value: "\"4K\"",
                    },
                    s::spec::Implied {
                        field: "tags",
                        value: "[\"wild\"]",
                    },
                    s::spec::Implied {
                        field: "camera",
                        value: "{\"pan\":1}",
                    },
                ],
            },
            s::spec::AliasSpec {
                name: "fox-calm",
                implied: &[
                    s::spec::Implied {
                        field: "speed",
                        value: "1",
                    },
                ],
            },
        ],
        title: s::words("Fox 2.5", "Лиса 2.5"),
        about: s::words("Animates a fox", "Оживляет лису"),
        provider: "Den",
        tasks: &[&super::TASK_IMAGE_TO_VIDEO, &super::TASK_VIDEO_EDIT],
        output: s::spec::Output::Video,
        status: s::spec::Status::Live,
        nearest: None,
        fields: <DenFox25 as s::Record>::FIELDS,
        dropped: &["quantity", "safety"],
        rules: &[
            s::spec::RuleSpec {
                when: &[
                    s::spec::Condition::Is(
                        s::spec::Path::at(6, "resolution"),
                        &[s::spec::Literal::Text("4K")],
                    ),
                    s::spec::Condition::IsNot(
                        s::spec::Path::at(5, "type"),
                        &[s::spec::Literal::Text("auto")],
                    ),
                ],
                then: s::spec::Demand::Forbid(&[s::spec::Path::at(10, "frames")]),
                advisory: false,
                line: 58,
            },
            s::spec::RuleSpec {
                when: &[
                    s::spec::Condition::Is(
                        s::spec::Path::at(6, "resolution"),
                        &[s::spec::Literal::Text("4K")],
                    ),
                    s::spec::Condition::IsNot(
                        s::spec::Path::at(5, "type"),
                        &[s::spec::Literal::Text("auto")],
                    ),
                ],
                then: s::spec::Demand::Allow(
                    s::spec::Path::at(9, "duration"),
                    &[s::spec::Literal::Integer(4)],
                ),
                advisory: false,
                line: 58,
            },
            s::spec::RuleSpec {
                when: &[
                    s::spec::Condition::Present(s::spec::Path::at(15, "last")),
                    s::spec::Condition::Absent(s::spec::Path::at(18, "parent")),
                    s::spec::Condition::Items(s::spec::Path::at(16, "clips"), 2),
                ],
                then: s::spec::Demand::Require(&[s::spec::Path::at(14, "first")]),
                advisory: false,
                line: 59,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Demand::Groups {
                    of: &[
                        &[s::spec::Path::at(0, "prompt")],
                        &[s::spec::Path::at(20, "shots"), s::spec::Path::at(16, "clips")],
                    ],
                    min: 1,
                    max: None,
                },
                advisory: false,
                line: 60,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Demand::Groups {
                    of: &[
                        &[s::spec::Path::at(14, "first"), s::spec::Path::at(15, "last")],
                        &[s::spec::Path::at(16, "clips")],
                    ],
                    min: 1,
                    max: Some(1),
                },
                advisory: false,
                line: 61,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Demand::Groups {
                    of: &[
                        &[s::spec::Path::at(14, "first")],
                        &[s::spec::Path::at(16, "clips")],
                    ],
                    min: 0,
                    max: Some(1),
                },
                advisory: false,
                line: 62,
            },
            s::spec::RuleSpec {
                when: &[
                    s::spec::Condition::Is(
                        s::spec::Path::at(13, "sound"),
                        &[s::spec::Literal::Boolean(false)],
                    ),
                ],
                then: s::spec::Demand::Ignored(&[s::spec::Path::at(17, "voice")]),
                advisory: true,
                line: 63,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Demand::Refuse(
                    s::spec::Path::at(20, "shots[].duration"),
                    &[s::spec::Literal::Integer(5)],
                ),
                advisory: true,
                line: 64,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Demand::Refuse(
                    s::spec::Path::at(8, "speed"),
                    &[s::spec::Literal::Decimal(1.0)],
                ),
                advisory: true,
                line: 64,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Demand::Length(
                    s::spec::Path::at(0, "prompt"),
                    s::spec::Range {
                        min: None,
                        max: Some(500.0),
                    },
                ),
                advisory: false,
                line: 65,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Demand::Length(
                    s::spec::Path::at(20, "shots[].prompt"),
                    s::spec::Range {
                        min: Some(5.0),
                        max: Some(50.0),
                    },
                ),
                advisory: false,
                line: 65,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Demand::Within(
                    s::spec::Path::at(9, "duration"),
                    s::spec::Range {
                        min: Some(4.0),
                        max: Some(8.0),
                    },
                ),
                advisory: false,
                line: 66,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Demand::Within(
                    s::spec::Path::at(7, "fps"),
                    s::spec::Range {
                        min: Some(24.0),
                        max: Some(30.0),
                    },
                ),
                advisory: false,
                line: 66,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Demand::Count(
                    s::spec::Path::at(19, "tags"),
                    s::spec::Range {
                        min: Some(1.0),
                        max: Some(2.0),
                    },
                ),
                advisory: false,
                line: 67,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Demand::Seconds(
                    s::spec::Path::at(16, "clips"),
                    s::spec::Range {
                        min: Some(2.0),
                        max: Some(5.0),
                    },
                ),
                advisory: false,
                line: 68,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Demand::Sum {
                    of: &[
                        s::spec::Term {
                            field: s::spec::Path::at(20, "shots[].duration"),
                            count: s::spec::Count::Value,
                            weight: 1.0,
                        },
                        s::spec::Term {
                            field: s::spec::Path::at(16, "clips"),
                            count: s::spec::Count::Items,
                            weight: 2.0,
                        },
                        s::spec::Term {
                            field: s::spec::Path::at(14, "first"),
                            count: s::spec::Count::Presence,
                            weight: 1.0,
                        },
                        s::spec::Term {
                            field: s::spec::Path::at(16, "clips"),
                            count: s::spec::Count::Seconds,
                            weight: 1.0,
                        },
                        s::spec::Term {
                            field: s::spec::Path::at(0, "prompt"),
                            count: s::spec::Count::Characters,
                            weight: 1.0,
                        },
                        s::spec::Term {
                            field: s::spec::Path::at(16, "clips"),
                            count: s::spec::Count::Megabytes,
                            weight: 1.0,
                        },
                    ],
                    max: s::spec::SumLimit::Number(900.0),
                    exact: false,
                },
                advisory: false,
                line: 69,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Demand::Sum {
                    of: &[
                        s::spec::Term {
                            field: s::spec::Path::at(20, "shots[].duration"),
                            count: s::spec::Count::Value,
                            weight: 4.0,
                        },
                    ],
                    max: s::spec::SumLimit::Field(s::spec::Path::at(9, "duration")),
                    exact: true,
                },
                advisory: false,
                line: 71,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Demand::Difference {
                    greater: s::spec::Path::at(9, "duration"),
                    smaller: s::spec::Path::at(10, "frames"),
                    range: s::spec::Range {
                        min: Some(1.0),
                        max: Some(5.0),
                    },
                },
                advisory: false,
                line: 72,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Demand::SameCount(
                    &[s::spec::Path::at(20, "shots"), s::spec::Path::at(21, "voices")],
                ),
                advisory: false,
                line: 73,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Demand::SameSize(
                    &[s::spec::Path::at(14, "first"), s::spec::Path::at(15, "last")],
                ),
                advisory: false,
                line: 74,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Demand::Unique(s::spec::Path::at(21, "voices[].name")),
                advisory: false,
                line: 75,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Demand::Refers(
                    s::spec::Path::at(20, "shots[].speaker"),
                    s::spec::Path::at(21, "voices[].name"),
                ),
                advisory: false,
                line: 76,
            },
            s::spec::RuleSpec {
                when: &[],
                then: s::spec::Demand::ImagesOrVideos {
                    of: s::spec::Path::at(16, "clips"),
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
                line: 77,
            },
        ],
        price: Some(
            &s::spec::PriceSpec {
                as_of: "2026-10-01",
                unit: "second",
                rows: &[
                    s::spec::PriceRow {
                        when: &[
                            s::spec::Condition::Is(
                                s::spec::Path::at(6, "resolution"),
                                &[
                                    s::spec::Literal::Text("768P"),
                                    s::spec::Literal::Text("768p"),
                                ],
                            ),
                            s::spec::Condition::Is(
                                s::spec::Path::at(13, "sound"),
                                &[s::spec::Literal::Boolean(true)],
                            ),
                        ],
                        credits: crate::ledger::Credits::from_milli(1125),
                    },
                    s::spec::PriceRow {
                        when: &[
                            s::spec::Condition::Is(
                                s::spec::Path::at(6, "resolution"),
                                &[s::spec::Literal::Text("4K")],
                            ),
                            s::spec::Condition::Present(s::spec::Path::at(14, "first")),
                        ],
                        credits: crate::ledger::Credits::from_milli(9000),
                    },
                    s::spec::PriceRow::always(3000),
                ],
                times: &[
                    s::spec::Factor::Value {
                        field: s::spec::Path::at(10, "frames"),
                        or: Some(1.0),
                        or_when: &[
                            (
                                s::spec::Condition::Is(
                                    s::spec::Path::at(13, "sound"),
                                    &[s::spec::Literal::Boolean(true)],
                                ),
                                12.0,
                            ),
                        ],
                        zero_means: Some(s::spec::Path::at(17, "voice")),
                        plus_seconds_of: Some(s::spec::Path::at(16, "clips")),
                    },
                    s::spec::Factor::Seconds {
                        of: s::spec::Path::at(17, "voice"),
                        by: 2.0,
                        at_most: Some(15.0),
                    },
                    s::spec::Factor::Minutes(s::spec::Path::at(17, "voice")),
                    s::spec::Factor::Megapixels(s::spec::Path::at(14, "first")),
                    s::spec::Factor::Ratio(
                        s::spec::Path::at(10, "frames"),
                        s::spec::Path::at(7, "fps"),
                    ),
                    s::spec::Factor::Characters {
                        of: s::spec::Path::at(0, "prompt"),
                        step: 10,
                    },
                ],
                extra: Some(s::spec::ExtraPrice {
                    of: s::spec::Path::at(16, "clips"),
                    free: 1,
                    credits: crate::ledger::Credits::from_milli(500),
                }),
                assume: &[
                    (s::spec::Path::at(8, "speed"), s::spec::Literal::Decimal(1.0)),
                ],
                at_most: true,
                regular: &[
                    s::spec::PriceRow {
                        when: &[
                            s::spec::Condition::Is(
                                s::spec::Path::at(13, "sound"),
                                &[s::spec::Literal::Boolean(true)],
                            ),
                        ],
                        credits: crate::ledger::Credits::from_milli(4000),
                    },
                    s::spec::PriceRow::always(5000),
                ],
                discount_until: Some("2026-12-31"),
                ..s::spec::PriceSpec::BLANK
            },
        ),
        example: "{\"prompt\":\"The fox runs\",\"resolution\":\"4K\",\"duration\":4,\"first\":\"https://example.com/fox.png\",\"shots\":[{\"prompt\":\"Slowly\",\"speaker\":\"Speaker 1\",\"duration\":1}],\"voices\":[{\"name\":\"Speaker 1\"}]}",
        advises: s::advice::possible(<DenFox25 as s::Record>::FIELDS),
        read: s::input::read::<DenFox25>,
        line: 11,
    };
    impl s::ModelInput for DenFox25 {
        fn spec() -> &'static s::spec::ModelSpec {
            &SPEC
        }
    }
}
pub use den_fox_2_5::DenFox25;
