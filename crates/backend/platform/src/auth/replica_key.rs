/// What several processes that host the console for the same people share: it signs what browsers
/// keep for them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ReplicaKey([u8; 64]);

impl ReplicaKey {
    /// The words of the error do not repeat the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut key = [0; 64];
        // As HMAC itself pads a shorter key.
        hex::decode_to_slice(text.trim(), &mut key[..32]).map_err(|_| {
            "a key is 64 hexadecimal digits, such as openssl rand -hex 32 writes".to_string()
        })?;
        Ok(Self(key))
    }

    pub(super) fn bytes(self) -> [u8; 64] {
        self.0
    }
}

/// Says nothing of what it holds.
impl std::fmt::Debug for ReplicaKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReplicaKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_and_not_repeated() {
        let text = "0f".repeat(32);
        let key = ReplicaKey::parse(&format!("{text}\n")).expect("a key");
        assert_ne!(key, ReplicaKey::parse(&"0e".repeat(32)).expect("a key"));
        assert_eq!(format!("{key:?}"), "ReplicaKey");
        for wrong in ["", "0f0f", "swordfish", &"0f".repeat(33)] {
            let words = ReplicaKey::parse(wrong).expect_err(wrong);
            assert!(wrong.is_empty() || !words.contains(wrong), "{words}");
        }
    }
}
