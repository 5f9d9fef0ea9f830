//! Small files of every kind, for tests of models that take files.

use crate::schema::FileFacts;
use crate::schema::spec::{MediaKind, MediaSpec};

/// A small file and its facts.
#[derive(Debug)]
pub struct Sample {
    /// The kind of the file.
    pub kind: MediaKind,
    /// File name.
    pub name: &'static str,
    /// MIME type.
    pub mime: &'static str,
    /// The content.
    pub bytes: &'static [u8],
    /// Width and height in pixels.
    size: Option<(u32, u32)>,
    /// Length in seconds.
    seconds: Option<f64>,
}

/// Large and long enough for the lower limits of the registry's fields, small and short enough for the upper ones.
const SAMPLES: &[Sample] = &[
    Sample {
        kind: MediaKind::Image,
        name: "sample.png",
        mime: "image/png",
        bytes: include_bytes!("sample/picture.png"),
        size: Some((512, 512)),
        seconds: None,
    },
    Sample {
        kind: MediaKind::Image,
        name: "sample.jpg",
        mime: "image/jpeg",
        bytes: include_bytes!("sample/photo.jpg"),
        size: Some((512, 512)),
        seconds: None,
    },
    Sample {
        kind: MediaKind::Video,
        name: "sample.mp4",
        mime: "video/mp4",
        bytes: include_bytes!("sample/clip.mp4"),
        size: Some((720, 720)),
        seconds: Some(3.0),
    },
    Sample {
        kind: MediaKind::Audio,
        name: "sample.wav",
        mime: "audio/wav",
        bytes: include_bytes!("sample/tune.wav"),
        size: None,
        seconds: Some(3.0),
    },
    Sample {
        kind: MediaKind::Document,
        name: "sample.txt",
        mime: "text/plain",
        bytes: b"A sample document.\n",
        size: None,
        seconds: None,
    },
];

impl Sample {
    /// The first file of a kind.
    pub fn of(kind: MediaKind) -> Option<&'static Self> {
        SAMPLES.iter().find(|sample| sample.kind == kind)
    }

    /// A file of the first kind that the field takes, within the field's limits if there is one.
    pub fn for_media(media: &MediaSpec) -> Option<&'static Self> {
        let kind = *media.of.first()?;
        let fits = |sample: &&Self| sample.kind == kind && media.check_facts(&sample.facts()).is_empty();
        SAMPLES.iter().find(fits).or_else(|| Self::of(kind))
    }

    /// The facts of the file.
    pub fn facts(&self) -> FileFacts {
        FileFacts {
            name: None,
            mime: Some(self.mime.to_owned()),
            bytes: Some(self.bytes.len() as u64),
            seconds: self.seconds,
            width: self.size.map(|(width, _)| width),
            height: self.size.map(|(_, height)| height),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::Probe;

    #[test]
    fn samples_have_the_facts_that_they_tell() {
        for sample in SAMPLES.iter().filter(|sample| sample.kind != MediaKind::Document) {
            let seen = Probe::of_bytes(sample.bytes);
            let size = seen.width.zip(seen.height);
            assert_eq!((seen.mime, size, seen.seconds), (sample.mime, sample.size, sample.seconds), "{}", sample.name);
        }
    }
}
