//! Settings of external streams and tables, read one by one.

use weir_api::timeplus::external_stream::Setting;

use crate::{
    delivery::masked::{MASK, is_masked},
    error::HttpError,
};

/// Rows made up here, of the columns' defaults.
pub(super) const RANDOM: &str = "random";

pub(super) const STREAMS: [&str; 8] = [
    "kafka",
    "pulsar",
    "timeplus",
    "log",
    "nats_jetstream",
    "http",
    "python",
    RANDOM,
];
pub(super) const TABLES: [&str; 6] = [
    "clickhouse",
    "mysql",
    "postgresql",
    "mongodb",
    "s3",
    "iceberg",
];

pub(super) fn unknown(kind: &str, known: &[&str]) -> HttpError {
    let words = format!("'{kind}' is not one of {}", known.join(", "));
    HttpError::field("type", words)
}

/// A complaint about one setting, at its field of the form.
pub(super) fn wrong(key: &str, message: impl Into<String>) -> HttpError {
    match key {
        "type" => HttpError::field(key, message),
        key => HttpError::field(format!("settings.{key}"), message),
    }
}

#[derive(Clone, Copy)]
pub(super) struct Settings<'a>(pub(super) &'a [Setting]);

impl<'a> Settings<'a> {
    /// `None` where it is empty.
    pub(super) fn get(self, key: &str) -> Option<&'a str> {
        let found = self.0.iter().find(|setting| setting.key == key)?;
        Some(found.value.as_str()).filter(|value| !value.trim().is_empty())
    }

    pub(super) fn text(self, key: &str) -> String {
        self.get(key).unwrap_or_default().to_string()
    }

    /// Fails where the mask of a secret was sent in its place.
    pub(super) fn entered(self) -> Result<(), HttpError> {
        match self.0.iter().find(|setting| is_masked(&setting.value)) {
            Some(Setting { key, .. }) => Err(wrong(
                key,
                format!("{MASK} replaces a secret that is not stored here: enter the secret"),
            )),
            None => Ok(()),
        }
    }

    pub(super) fn required(self, key: &str) -> Result<&'a str, HttpError> {
        self.get(key)
            .ok_or_else(|| wrong(key, "this setting is needed"))
    }

    pub(super) fn flag(self, key: &str) -> Result<bool, HttpError> {
        match self.get(key).map(str::to_ascii_lowercase).as_deref() {
            None | Some("false" | "0") => Ok(false),
            Some("true" | "1") => Ok(true),
            Some(other) => Err(wrong(key, format!("'{other}' is not true or false"))),
        }
    }

    /// Settings that only a Timeplus server acts on: going on without them would read something
    /// else than was asked for. What is off asks for nothing.
    pub(super) fn refuse(self, keys: &[&str]) -> Result<(), HttpError> {
        let asked = |key: &&&str| self.get(key).is_some_and(|value| value != "false");
        match keys.iter().find(asked) {
            None => Ok(()),
            Some(key) => Err(wrong(
                key,
                "this setting is not run by the embedded backend",
            )),
        }
    }
}
