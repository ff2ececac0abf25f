//! How cells look; the values stay exact.

use serde::{Deserialize, Serialize};
use weir_api::DataType;
use weir_live::{
    Moment, Reading,
    export::{self, Delimited},
    format::{Clocks, Format, TimeStyle, Zone},
};

use super::rule::instant;
use crate::ui::zone::{self, Choice, Clock};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Look {
    #[serde(rename = "z", skip_serializing_if = "Times::is_usual")]
    pub times: Times,
    #[serde(rename = "t", skip_serializing_if = "Style::is_usual")]
    pub style: Style,
    /// Groups of three digits.
    #[serde(rename = "g", skip_serializing_if = "std::ops::Not::not")]
    pub group: bool,
    /// What stands for NULL in CSV.
    #[serde(rename = "n", skip_serializing_if = "Null::is_usual")]
    pub null: Null,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Null {
    #[default]
    Escape,
    Empty,
    Word,
}

impl Null {
    pub const ALL: [Self; 3] = [Self::Escape, Self::Empty, Self::Word];

    pub fn words(self) -> &'static str {
        match self {
            Self::Escape => "\\N, as Timeplus reads it",
            Self::Empty => "empty, as in spreadsheets",
            Self::Word => "NULL",
        }
    }

    fn is_usual(&self) -> bool {
        *self == Self::Escape
    }

    pub fn csv(self) -> Delimited {
        let null = match self {
            Self::Escape => export::CSV.null,
            Self::Empty => "",
            Self::Word => "NULL",
        };
        Delimited {
            null,
            ..export::CSV
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Times {
    /// In the zone of the whole console; as sent where that is UTC.
    #[default]
    Console,
    /// As the server wrote them.
    AsSent,
    Utc,
    /// The browser's zone.
    Local,
    /// A zone by its name, for example `Europe/Berlin`.
    #[serde(untagged)]
    In(String),
}

impl Times {
    fn is_usual(&self) -> bool {
        *self == Self::Console
    }

    /// What it is while the console shows its times in the chosen zone.
    fn resolved(&self) -> Self {
        match (self, zone::chosen()) {
            (Self::Console, Choice::Utc) => Self::AsSent,
            (Self::Console, Choice::Browser) => Self::Local,
            (Self::Console, Choice::Named(name)) => Self::In(name),
            (own, _) => own.clone(),
        }
    }

    /// `None` for those that need no clocks, and for a zone that the browser does not know.
    fn clocks(&self) -> Option<Clocks> {
        match self {
            Self::Console | Self::AsSent | Self::Utc => None,
            Self::Local => Some(zone::local()),
            Self::In(name) => zone::named(name),
        }
    }
}

/// How a time is written that is not shown as sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    #[default]
    Plain,
    Iso,
    Unix,
}

impl Style {
    pub const ALL: [Self; 3] = [Self::Plain, Self::Iso, Self::Unix];

    pub fn words(self) -> &'static str {
        match self {
            Self::Plain => "Date and time",
            Self::Iso => "ISO 8601 with offset",
            Self::Unix => "Unix seconds",
        }
    }

    fn is_usual(&self) -> bool {
        *self == Self::Plain
    }
}

impl Look {
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// Of the zone that is chosen now for the whole console.
    pub fn resolved(&self) -> Self {
        Self {
            times: self.times.resolved(),
            ..self.clone()
        }
    }

    /// Times are not changed at all.
    pub fn is_as_sent(&self) -> bool {
        self.times.resolved() == Times::AsSent
    }

    pub fn format(&self) -> Format {
        let times = self.times.resolved();
        let zone = match (&times, times.clocks()) {
            (Times::Utc, _) => Zone::Utc,
            (_, Some(clocks)) => Zone::In(clocks),
            _ => Zone::AsSent,
        };
        Format {
            zone,
            style: match self.style {
                Style::Plain => TimeStyle::Plain,
                Style::Iso => TimeStyle::Iso,
                Style::Unix => TimeStyle::Unix,
            },
            // A thin space, which no reader takes for a decimal point.
            group: self.group.then_some('\u{2009}'),
        }
    }

    /// How a time is read that a person types beside times that look like this. `now` in
    /// milliseconds since 1970, where the word may stand for it.
    pub fn reading(&self, now: Option<i64>) -> Reading {
        Reading {
            zone: self.format().zone,
            unix: self.style == Style::Unix && !self.is_as_sent(),
            zones: zone::named,
            now,
        }
    }

    /// What to read the times of a column as, where they are not as sent.
    pub fn note(&self) -> Option<String> {
        let times = self.times.resolved();
        let name = match &times {
            Times::Console | Times::AsSent => return None,
            Times::Utc => "UTC",
            Times::Local => &zone::local_name(),
            Times::In(name) => {
                zone::named(name)?;
                name
            }
        };
        Some(match self.style {
            Style::Unix => "Unix seconds".into(),
            _ => name.into(),
        })
    }

    /// The zone of charts and of everything else beside the grid: UTC where times are shown as sent.
    pub fn clock(&self) -> Clock {
        let zone = self.format().zone;
        let times = self.times.resolved();
        let name = match (&zone, &times) {
            (Zone::In(_), Times::Local) => zone::local_name(),
            (Zone::In(_), Times::In(name)) => name.clone(),
            _ => "UTC".into(),
        };
        Clock { name, zone }
    }

    /// The text of a value as it is shown, of a column of a type.
    pub fn text(&self, text: &str, data_type: &DataType) -> String {
        let moment = match data_type.is_time() && *data_type.inner() != DataType::Date {
            true => Moment::parse(text, &Reading::default()),
            false => None,
        };
        match moment {
            Some(moment) => self.moment(moment.millis()),
            None => text.to_string(),
        }
    }

    /// A moment outside the grid, with its zone; in UTC where times are shown as sent.
    pub fn moment(&self, ms: i64) -> String {
        let mut text = String::new();
        self.format().write_millis(ms, &mut text);
        let note = self.note().unwrap_or_else(|| "UTC".into());
        format!("{text} {note}")
    }

    /// The same of a column of this type: dates have neither clock nor zone.
    pub fn moment_of(&self, ms: i64, data_type: &DataType) -> String {
        match data_type.inner() {
            DataType::Date => {
                let mut text = instant(ms);
                text.truncate(text.find('T').unwrap_or(text.len()));
                text
            }
            _ => self.moment(ms),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_short_as_text_and_names_its_zone() {
        let look = Look {
            times: Times::In("Asia/Kathmandu".into()),
            style: Style::Iso,
            group: true,
            null: Null::Escape,
        };
        let text = serde_json::to_string(&look).expect("text");
        assert_eq!(text, r#"{"z":"Asia/Kathmandu","t":"iso","g":true}"#);
        assert_eq!(serde_json::from_str::<Look>(&text).expect("a look"), look);
        let utc: Look = serde_json::from_str(r#"{"z":"utc"}"#).expect("a look");
        assert_eq!(utc.times, Times::Utc);
        assert_eq!(utc.moment(1_500), "1970-01-01 00:00:01.500 UTC");
        assert_eq!(Look::default().moment(-500), "1969-12-31 23:59:59.500 UTC");
        let date = DataType::parse("nullable(date)").expect("a type");
        assert_eq!(look.moment_of(-500, &date), "1969-12-31");
        assert_eq!(serde_json::to_string(&Look::default()).expect("text"), "{}");
    }
}
