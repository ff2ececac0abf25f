//! How cells look; the values stay exact.

use serde::{Deserialize, Serialize};
use weir_live::format::{Format, Zone};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Look {
    #[serde(rename = "z", skip_serializing_if = "Times::is_usual")]
    pub times: Times,
    /// Groups of three digits.
    #[serde(rename = "g", skip_serializing_if = "std::ops::Not::not")]
    pub group: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Times {
    /// As the server wrote them.
    #[default]
    AsSent,
    Utc,
    /// The browser's zone.
    Local,
}

impl Times {
    pub const ALL: [Self; 3] = [Self::AsSent, Self::Utc, Self::Local];

    pub fn words(self) -> &'static str {
        match self {
            Self::AsSent => "Times as sent",
            Self::Utc => "Times in UTC",
            Self::Local => "Times in this browser's zone",
        }
    }

    fn is_usual(&self) -> bool {
        *self == Self::AsSent
    }
}

impl Look {
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// `east`: minutes of the browser's zone east of UTC.
    pub fn format(self, east: i32) -> Format {
        Format {
            zone: match self.times {
                Times::AsSent => Zone::AsSent,
                Times::Utc => Zone::Utc,
                Times::Local => Zone::Offset(east),
            },
            // A thin space, which no reader takes for a decimal point.
            group: self.group.then_some('\u{2009}'),
        }
    }
}
