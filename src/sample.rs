//! Small files of every kind, for trying out models that take files.

use crate::schema::FileFacts;
use crate::schema::spec::{MediaKind, MediaSpec};

/// A small file and what it is.
#[derive(Debug)]
pub struct Sample {
    /// What sort of file.
    pub kind: MediaKind,
    /// File name.
    pub name: &'static str,
    /// MIME type.
    pub mime: &'static str,
    /// The file.
    pub bytes: &'static [u8],
    /// Width and height in pixels.
    size: Option<(u32, u32)>,
    /// Length.
    seconds: Option<f64>,
}

/// Large and long enough for the lower limits of the registry's fields, short enough for the upper ones.
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

    /// A file within a field's limits. The first kind that the field takes comes first; where no file keeps all limits, one
    /// of that kind is tried all the same.
    pub fn for_media(media: &MediaSpec) -> Option<&'static Self> {
        let kind = *media.of.first()?;
        let fits = |sample: &&Self| sample.kind == kind && media.check_facts(&sample.facts()).is_empty();
        SAMPLES.iter().find(fits).or_else(|| Self::of(kind))
    }

    /// What is known of the file.
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
    use crate::probe::probe;

    #[test]
    fn samples_are_what_they_claim() {
        for sample in SAMPLES.iter().filter(|sample| sample.kind != MediaKind::Document) {
            let seen = probe(sample.bytes);
            let size = seen.width.zip(seen.height);
            assert_eq!((seen.mime, size, seen.seconds), (sample.mime, sample.size, sample.seconds), "{}", sample.name);
        }
    }
}
