//! HMAC-SHA-256: seals of addresses, signatures of webhooks, and keys derived from the bot's token.

use hmac::{Hmac, KeyInit, Mac};
#[cfg(feature = "bot")]
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// A code over `message`, to be finalized or verified. Verifying takes the same time for every wrong code.
pub(crate) fn hmac_sha256(key: &[u8], message: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message);
    mac
}

/// A key for one purpose. All instances of a bot derive the same; the token cannot be found from it.
#[cfg(feature = "bot")]
pub(crate) fn derive_key(token: &SecretString, purpose: &str) -> [u8; 32] {
    hmac_sha256(token.expose_secret().as_bytes(), purpose.as_bytes()).finalize().into_bytes().into()
}
