//! Identifiers and secrets, from the operating system's random numbers.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::{Digest as _, Sha256, Sha512};

pub type Digest = [u8; 32];

/// 256 bits, safe in a URL.
pub fn secret() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// A secret that whoever has `master` can find again from `id`; nobody else can.
pub fn derived_secret(master: &[u8; 64], id: &str) -> String {
    let mut hmac = <Hmac<Sha256> as Mac>::new(master.into());
    hmac.update(id.as_bytes());
    URL_SAFE_NO_PAD.encode(hmac.finalize().into_bytes())
}

/// The secret of an API key, found again like [`derived_secret`]: 360 bits as exactly 60 characters,
/// because Timeplus' own client refuses keys of any other length.
pub(crate) fn api_key(master: &[u8; 64], id: &str) -> String {
    // As HMAC itself pads a key to the block of its hash.
    let mut key = [0; 128];
    key[..64].copy_from_slice(master);
    let mut hmac = <Hmac<Sha512> as Mac>::new(&key.into());
    hmac.update(id.as_bytes());
    URL_SAFE_NO_PAD.encode(&hmac.finalize().into_bytes()[..45])
}

/// What is kept of a secret of 256 random bits: its SHA-256 tells nothing about it.
pub fn digest(secret: &str) -> Digest {
    Sha256::digest(secret.as_bytes()).into()
}

/// Whether two texts are the same, in a time that does not tell where they differ.
pub fn same(a: &str, b: &str) -> bool {
    let pairs = a.bytes().zip(b.bytes());
    a.len() == b.len() && pairs.fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

/// A version 4 UUID.
pub fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_long_and_differ() {
        assert_eq!(secret().len(), 43);
        assert_ne!(secret(), secret());
    }

    #[test]
    fn api_keys_have_the_length_that_timeplus_client_requires() {
        let master = [7; 64];
        assert_eq!(api_key(&master, "a").len(), 60);
        assert_eq!(api_key(&master, "a"), api_key(&master, "a"));
        assert_ne!(api_key(&master, "a"), api_key(&master, "b"));
    }
}
