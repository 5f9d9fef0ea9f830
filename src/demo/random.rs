//! Reproducible random bytes: the same seed and labels always give the same bytes.

use sha2::{Digest, Sha256};

/// 32 bytes derived from a seed and labels.
pub(crate) fn bytes(seed: u64, labels: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    for label in labels {
        hash.update((label.len() as u64).to_be_bytes());
        hash.update(label.as_bytes());
    }
    hash.finalize().into()
}

/// The first eight bytes as a big-endian number.
pub(crate) fn number(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).fold(0, |n, b| (n << 8) | u64::from(*b))
}
