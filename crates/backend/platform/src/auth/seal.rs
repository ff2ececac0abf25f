//! Values that a browser keeps for the backend and cannot change: signed, not hidden.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

use crate::random;

/// Longer than any value that was closed: a cookie has at most 4 kB.
const LONGEST: usize = 8 << 10;

#[derive(Clone)]
pub(super) struct Seal {
    key: [u8; 64],
    /// A value closed for one purpose opens for no other.
    purpose: &'static str,
}

impl Seal {
    pub(super) fn new(key: [u8; 64], purpose: &'static str) -> Self {
        Self { key, purpose }
    }

    /// Fit for a cookie.
    pub(super) fn close(&self, value: &impl Serialize) -> String {
        let text = serde_json::to_vec(value).unwrap_or_default();
        let text = URL_SAFE_NO_PAD.encode(text);
        format!("{text}.{}", self.mark(&text))
    }

    pub(super) fn open<T: DeserializeOwned>(&self, closed: &str) -> Option<T> {
        self.open_any(closed).filter(|_| closed.len() <= LONGEST)
    }

    /// However long it is.
    pub(super) fn open_any<T: DeserializeOwned>(&self, closed: &str) -> Option<T> {
        let (text, mark) = closed.split_once('.')?;
        if !random::same(mark, &self.mark(text)) {
            return None;
        }
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    }

    fn mark(&self, text: &str) -> String {
        random::derived_secret(&self.key, &format!("{}:{text}", self.purpose))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_closed_with_the_key_and_for_the_purpose_opens() {
        let seal = Seal::new([1; 64], "a");
        let closed = seal.close(&(7, "x"));
        assert_eq!(seal.open::<(i32, String)>(&closed), Some((7, "x".into())));
        let other = seal.close(&(8, "x"));
        let (text, _) = other.split_once('.').expect("two parts");
        let (_, mark) = closed.split_once('.').expect("two parts");
        for wrong in [
            format!("{text}.{mark}"),
            format!("{closed}A"),
            text.to_string(),
            String::new(),
        ] {
            assert_eq!(seal.open::<(i32, String)>(&wrong), None, "{wrong}");
        }
        for seal in [Seal::new([2; 64], "a"), Seal::new([1; 64], "b")] {
            assert_eq!(seal.open::<(i32, String)>(&closed), None);
        }
    }
}
