//! A short audio file.

use std::f32::consts::TAU;
use std::io::Cursor;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::{MediaError, Subject};
use crate::demo::random;

/// Samples per second.
const RATE: u32 = 16_000;
const NOTES: usize = 8;
/// Samples of a note: 0.35 s.
const NOTE: u32 = RATE * 35 / 100;
/// A pentatonic scale in semitones: any sequence of its notes sounds consonant.
const SCALE: [i32; 6] = [0, 2, 4, 7, 9, 12];

/// A WAV of 2.8 seconds (mono, 16 bits): eight notes, chosen by the subject.
///
/// # Errors
/// When the WAV writer fails.
pub fn audio(subject: &Subject) -> Result<Vec<u8>, MediaError> {
    let seed = random::bytes(subject.seed, &["tune", &subject.prompt, &subject.caption]);
    let mut rng = StdRng::from_seed(seed);
    let base = rng.gen_range(200.0..300.0_f32);
    let spec =
        hound::WavSpec { channels: 1, sample_rate: RATE, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut file = Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut file, spec).map_err(MediaError::from_display)?;
    for _ in 0..NOTES {
        let pitch = base * 2_f32.powf(SCALE[rng.gen_range(0..SCALE.len())] as f32 / 12.0);
        for sample in 0..NOTE {
            let time = sample as f32 / RATE as f32;
            let fade = (-6.0 * time).exp() * (time * 200.0).min(1.0);
            let wave = (TAU * pitch * time).sin() + 0.4 * (TAU * pitch * 2.0 * time).sin();
            writer.write_sample((wave * fade * 14_000.0) as i16).map_err(MediaError::from_display)?;
        }
    }
    writer.finalize().map_err(MediaError::from_display)?;
    Ok(file.into_inner())
}
