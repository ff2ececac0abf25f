//! The revisions of an API that a backend can be told to serve.

use serde::Deserialize;

/// Which operations are served. Timeplus' own servers differ in the same way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Revision {
    /// Those of early 2025 and those of 2026.
    #[default]
    Both,
    Y2025,
    Y2026,
}

impl TryFrom<String> for Revision {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "both" => Ok(Self::Both),
            "2025" => Ok(Self::Y2025),
            "2026" => Ok(Self::Y2026),
            _ => Err(format!("'{text}' is no revision: 2025, 2026 or both")),
        }
    }
}
