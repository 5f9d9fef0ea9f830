//! What is told to Telegram of a video or of music beside the file: size, length, title, thumbnail. Without it a video is
//! shown as a square, and music without a name.

use std::fs::File;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use lofty::file::{AudioFile, TaggedFileExt};
use lofty::probe::Probe;
use lofty::tag::Accessor;

use super::method::Method;
use super::{thumbnail, video};
use crate::job::TrackFacts;

/// A cover with more bytes is not read.
const MAX_COVER: u64 = 10_000_000;

/// The facts of a file; absent where they are not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct MediaFacts {
    /// Width and height in pixels, as the video is shown.
    pub(super) size: Option<(u32, u32)>,
    /// Length in whole seconds.
    pub(super) seconds: Option<u32>,
    pub(super) title: Option<String>,
    pub(super) performer: Option<String>,
    /// A JPEG within the Bot API's limits.
    pub(super) thumbnail: Option<Bytes>,
}

impl MediaFacts {
    /// Reads the facts of a file that is sent by `method`. What the vendor says of music goes before what is written in the
    /// file. A file that cannot be read has no facts; it is sent all the same.
    pub(super) async fn read(path: &Path, method: Method, track: Option<&TrackFacts>, cover: Option<&Path>) -> Self {
        let (path, track, cover) = (path.to_owned(), track.cloned(), cover.map(Path::to_owned));
        let read = move || match method {
            Method::Video | Method::Animation => Self::of_video(&path),
            Method::Audio => Self::of_audio(&path, track.unwrap_or_default(), cover),
            Method::Photo | Method::Document | Method::Link => Some(Self::default()),
        };
        // Decoding takes a while, and a library may meet a file that it was not made for.
        match tokio::task::spawn_blocking(read).await {
            Ok(facts) => facts.unwrap_or_default(),
            Err(error) => {
                tracing::warn!(%error, "the facts of a result file could not be read");
                Self::default()
            }
        }
    }

    fn of_video(path: &Path) -> Option<Self> {
        let mut file = File::open(path).ok()?;
        let video = video::read(&mut file)?;
        let thumbnail = thumbnail::of_video(&video, &mut file);
        Some(Self {
            size: Some((video.width, video.height)),
            seconds: video.seconds.and_then(whole),
            thumbnail: thumbnail.map(Bytes::from),
            ..Self::default()
        })
    }

    fn of_audio(path: &Path, track: TrackFacts, cover: Option<PathBuf>) -> Option<Self> {
        let file = Probe::open(path).ok().and_then(|probe| probe.guess_file_type().ok()?.read().ok());
        let tag = file.as_ref().and_then(|file| file.primary_tag().or_else(|| file.first_tag()));
        let told = |text: Option<std::borrow::Cow<'_, str>>| text.map(|text| text.trim().to_owned());
        let is_some = |text: &String| !text.trim().is_empty();
        let length = file.as_ref().map(|file| file.properties().duration().as_secs_f64());
        let cover = cover.filter(|cover| cover.metadata().is_ok_and(|facts| facts.len() <= MAX_COVER));
        let cover = cover.and_then(|cover| thumbnail::of_picture(&std::fs::read(cover).ok()?));
        let own_cover = || tag.and_then(|tag| thumbnail::of_picture(tag.pictures().first()?.data()));
        Some(Self {
            size: None,
            seconds: length.and_then(whole).or_else(|| track.seconds.and_then(whole)),
            title: track.title.filter(is_some).or_else(|| told(tag?.title()).filter(is_some)),
            performer: tag.and_then(|tag| told(tag.artist())).filter(is_some),
            thumbnail: cover.or_else(own_cover).map(Bytes::from),
        })
    }
}

/// A length in whole seconds, of what has one.
fn whole(seconds: f64) -> Option<u32> {
    (seconds > 0.0 && seconds < f64::from(u32::MAX)).then(|| (seconds.round() as u32).max(1))
}
