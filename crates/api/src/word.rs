//! Words of which servers may have more than this crate knows: what is not known is shown as it
//! came.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes of a word that are kept.
const LONGEST: usize = 31;

/// A short text that is copied like a number. Of longer ones the beginning is kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Word {
    length: u8,
    bytes: [u8; LONGEST],
}

impl Word {
    pub fn as_str(&self) -> &str {
        let kept = &self.bytes[..usize::from(self.length)];
        std::str::from_utf8(kept).unwrap_or_default()
    }
}

impl From<&str> for Word {
    fn from(text: &str) -> Self {
        let mut length = text.len().min(LONGEST);
        while !text.is_char_boundary(length) {
            length -= 1;
        }
        let mut bytes = [0; LONGEST];
        bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
        Self {
            length: length as u8,
            bytes,
        }
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| text.as_str().into())
    }
}

/// An enum of a server's words, each with those it is also known by, and `Other` for the rest.
macro_rules! words {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$doc:meta])* $variant:ident = $word:literal $(| $alias:literal)* ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $( $(#[$doc])* $variant, )+
            /// One that this crate does not know, as it came.
            Other($crate::word::Word),
        }

        impl $name {
            /// As servers write it.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $word, )+
                    Self::Other(word) => word.as_str(),
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $word $(| $alias)* => Self::$variant, )+
                    other => Self::Other(other.into()),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from).map(|text| text.as_str().into())
            }
        }
    };
}

pub(crate) use words;

// What the macro makes is public wherever it stands.
#[cfg(test)]
#[allow(unreachable_pub)]
mod tests {
    use super::*;

    words! {
        pub enum Light { Red = "red" | "", Green = "green" | "Go" }
    }

    #[test]
    fn what_is_not_known_comes_and_goes_as_it_is() {
        for (sent, light, told) in [
            ("red", Light::Red, "red"),
            ("", Light::Red, "red"),
            ("Go", Light::Green, "green"),
            ("blue", Light::Other("blue".into()), "blue"),
        ] {
            let text = serde_json::Value::from(sent).to_string();
            let read: Light = serde_json::from_str(&text).expect("a word");
            assert_eq!(read, light, "{sent}");
            assert_eq!(read.as_str(), told);
        }
    }

    #[test]
    fn of_long_words_the_beginning_is_kept() {
        let long = "ä".repeat(40);
        assert_eq!(Word::from(long.as_str()).as_str(), "ä".repeat(15));
    }
}
