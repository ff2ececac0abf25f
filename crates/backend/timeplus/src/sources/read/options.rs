//! Properties of a source as values; what is not given has the default of the tables.

use std::time::Duration;

use weir_api::{
    property::{self, Kind, Map, TypeOf, Values},
    timeplus::types::sources::TYPES,
};

use crate::error::HttpError;

pub(super) struct Options {
    kind: &'static TypeOf,
    values: Values,
}

impl Options {
    pub(super) fn new(kind: &str, properties: &Map) -> Self {
        let kind = property::find(TYPES, kind);
        Self {
            kind,
            values: Values::of(kind, properties),
        }
    }

    pub(super) fn text(&self, key: &str) -> &str {
        match self.values.text(key).trim() {
            "" => self.kind.property(key).map_or("", |one| one.default),
            text => text,
        }
    }

    /// `None` when it is empty.
    pub(super) fn given(&self, key: &str) -> Option<String> {
        Some(self.text(key))
            .filter(|text| !text.is_empty())
            .map(String::from)
    }

    /// As it was typed.
    pub(super) fn raw(&self, key: &str) -> &str {
        self.values.text(key)
    }

    pub(super) fn choice(&self, key: &str) -> Result<&str, HttpError> {
        let text = self.text(key);
        match self.kind.property(key).map(|one| one.kind) {
            Some(Kind::Choice(all)) if !all.contains(&text) => Err(HttpError::field(
                format!("properties.{key}"),
                format!("'{text}' is not one of {}", all.join(", ")),
            )),
            _ => Ok(text),
        }
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        self.text(key) == "true"
    }

    pub(super) fn lines(&self, key: &str) -> Vec<String> {
        let lines = self.text(key).split(['\n', ',']).map(str::trim);
        lines
            .filter(|line| !line.is_empty())
            .map(String::from)
            .collect()
    }

    /// More than 0.
    pub(super) fn number(&self, key: &str) -> Result<usize, HttpError> {
        let text = self.text(key);
        let number = text.parse().ok().filter(|number| *number > 0);
        number.ok_or_else(|| {
            HttpError::field(
                format!("properties.{key}"),
                format!("'{text}' is not a whole number above 0"),
            )
        })
    }

    /// More than 0.
    pub(super) fn duration(&self, key: &str) -> Result<Duration, HttpError> {
        let text = self.text(key);
        let duration = property::duration(text).filter(|duration| !duration.is_zero());
        duration.ok_or_else(|| {
            HttpError::field(
                format!("properties.{key}"),
                format!("'{text}' is not a duration like 200ms or 30s"),
            )
        })
    }

    /// Messages are text and not JSON.
    pub(super) fn is_text(&self) -> bool {
        self.text("data_type") == "text"
    }
}
