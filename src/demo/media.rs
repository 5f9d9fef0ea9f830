//! Generates image, video and audio files from a prompt at run time, as the results of simulated tasks.
//!
//! The same subject always gives the same bytes.

mod audio;
mod canvas;
mod image;
mod lettering;
mod video;

pub use audio::audio;
pub use image::image;
pub use video::video;

/// What a file shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Shown large.
    pub prompt: String,
    /// Shown small, e.g. the model's id.
    pub caption: String,
    /// Width and height in pixels; a video is scaled down so that its longer side is at most 320.
    pub size: (u32, u32),
    /// Seed of the generated scene or tune.
    pub seed: u64,
}

/// The error of an encoder.
#[derive(Debug, thiserror::Error)]
#[error("cannot make the demo file: {0}")]
pub struct MediaError(String);

impl MediaError {
    fn from_display(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// Width and height for an aspect ratio such as `16:9`, `landscape_16_9` or `1024x1024`, with about the
/// area of a square of `side` pixels; that square when the text does not have exactly two numbers.
pub fn size_for(ratio: Option<&str>, side: u32) -> (u32, u32) {
    let numbers: Vec<u32> = ratio
        .unwrap_or_default()
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .filter(|n| *n > 0)
        .collect();
    let [w, h] = numbers[..] else { return (side, side) };
    // A name such as `portrait_16_9` gives the numbers in landscape order.
    let (w, h) = if ratio.is_some_and(|r| r.contains("portrait")) { (w.min(h), w.max(h)) } else { (w, h) };
    if w == h {
        return (side, side);
    }
    // Longer than the square's side, so that both have about the same area.
    let long = side + side / 8;
    let short = |part: u32, whole: u32| {
        let exact = u64::from(long) * u64::from(part) / u64::from(whole);
        (exact.clamp(64, u64::from(long)) as u32) & !1
    };
    if w > h { (long, short(h, w)) } else { (short(w, h), long) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::Probe;

    fn subject(prompt: &str) -> Subject {
        Subject { prompt: prompt.into(), caption: "acme/draw-1".into(), size: (256, 144), seed: 7 }
    }

    #[test]
    fn sizes_follow_the_ratio() {
        assert_eq!(size_for(Some("1:1"), 1024), (1024, 1024));
        assert_eq!(size_for(Some("16:9"), 1024), (1152, 648));
        assert_eq!(size_for(Some("9:16"), 1024), (648, 1152));
        assert_eq!(size_for(Some("landscape_16_9"), 1024), (1152, 648));
        assert_eq!(size_for(Some("portrait_16_9"), 1024), (648, 1152));
        assert_eq!(size_for(Some("auto"), 512), (512, 512));
        assert_eq!(size_for(None, 512), (512, 512));
    }

    #[test]
    fn files_have_their_type_and_are_reproducible() {
        let boat = subject("лодка на реке");
        let (png, again) = (image(&boat).unwrap(), image(&boat).unwrap());
        assert_eq!(png, again);
        assert_ne!(png, image(&subject("a hill")).unwrap());
        let seen = Probe::of_bytes(&png);
        assert_eq!((seen.mime, seen.width, seen.height), ("image/png", Some(256), Some(144)));

        let mp4 = video(&boat).unwrap();
        assert_eq!(mp4, video(&boat).unwrap());
        let seen = Probe::of_bytes(&mp4);
        assert_eq!((seen.mime, seen.width, seen.height), ("video/mp4", Some(256), Some(144)));
        assert!((2.0..=3.0).contains(&seen.seconds.unwrap()), "{seen:?}");

        let wav = audio(&boat).unwrap();
        assert_eq!(wav, audio(&boat).unwrap());
        let seen = Probe::of_bytes(&wav);
        assert_eq!(seen.mime, "audio/wav");
        assert!((2.0..=4.0).contains(&seen.seconds.unwrap()), "{seen:?}");
    }

    #[test]
    fn any_text_can_be_drawn() {
        for text in ["", "🚀 日本語 ё", &"слово ".repeat(400), &"x".repeat(900)] {
            assert!(image(&subject(text)).is_ok());
        }
    }
}
