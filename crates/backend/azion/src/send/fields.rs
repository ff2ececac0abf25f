//! Fields of an endpoint.

use serde_json::{Map, Value};
use weir_api::azion::endpoint::{TYPE, unescaped};

#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a Map<String, Value>);

impl Fields<'_> {
    pub(super) fn kind(self) -> String {
        self.text(TYPE)
    }

    /// Empty where there is none.
    pub(super) fn text(self, key: &str) -> String {
        let text = self.0.get(key).and_then(Value::as_str);
        text.unwrap_or_default().to_string()
    }

    pub(super) fn flag(self, key: &str) -> bool {
        self.0.get(key).and_then(Value::as_bool).unwrap_or_default()
    }

    pub(super) fn separator(self) -> String {
        unescaped(&self.text("log_line_separator"))
    }
}
