//! Panels that choose the value of a variable.

use std::collections::BTreeMap;

use weir_api::timeplus::dashboard::Panel;

use super::{
    kind::Kind,
    options::Options,
    variables::{Value, Values},
};

/// Values of all variables at a moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Snapshot(pub BTreeMap<String, Value>);

impl Values for Snapshot {
    fn value(&self, name: &str) -> Option<Value> {
        self.0
            .get(name)
            .filter(|value| !value.text.is_empty() || value.trusted)
            .cloned()
    }
}

/// A panel that chooses the value of a variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    pub label: String,
    pub target: String,
    pub default: String,
    /// Offered by the dashboard itself.
    pub inline: Vec<String>,
    pub typed: bool,
    /// Its first column is offered too.
    pub sql: Option<String>,
}

impl Control {
    pub fn of(panel: &Panel) -> Option<Self> {
        let kind = Kind::of(panel);
        let options = Options::of(panel);
        let target = options.text("target").trim().to_string();
        if !kind.is_control() || target.is_empty() {
            return None;
        }
        let inline = options.list("inlineValues");
        let inline = inline.iter().flat_map(|part| part.split(','));
        let inline: Vec<String> = inline
            .map(|value| value.trim().to_string())
            .filter(|value| !value.is_empty())
            .collect();
        let label = options
            .some("label")
            .or_else(|| Some(panel.title()).filter(|t| !t.is_empty()));
        let sql = Some(panel.viz_content())
            .filter(|sql| inline.is_empty() && !sql.trim().is_empty() && kind == Kind::Selector);
        Some(Self {
            label: label.unwrap_or_else(|| target.clone()),
            default: options.text("defaultValue"),
            target,
            inline,
            typed: kind == Kind::TextBox,
            sql,
        })
    }

    /// `chosen` comes from the page's address.
    pub fn value(&self, chosen: Option<&String>) -> Value {
        match chosen {
            Some(text) => Value {
                text: text.clone(),
                trusted: *text == self.default || self.inline.contains(text),
            },
            None => {
                let first = || self.inline.first().cloned().unwrap_or_default();
                let text = Some(self.default.clone()).filter(|text| !text.is_empty());
                let text = text.unwrap_or_else(first);
                Value {
                    // Nothing typed is a value, nothing chosen is none.
                    trusted: !text.is_empty() || self.typed,
                    text,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control(kind: &str, config: &str, content: &str) -> Control {
        let text = format!(
            r#"{{"viz_type":"control","viz_content":"{content}","viz_config":{{"chartType":"{kind}","config":{config}}}}}"#
        );
        let panel: Panel = serde_json::from_str(&text).expect("a panel");
        Control::of(&panel).expect("a control")
    }

    #[test]
    fn only_what_the_dashboard_offers_is_trusted() {
        let offered = control(
            "selector",
            r#"{"target":"host","inlineValues":"a, b c","defaultValue":"b c"}"#,
            "",
        );
        assert_eq!(offered.inline, ["a", "b c"]);
        assert_eq!(offered.value(None).text, "b c");
        assert!(offered.value(Some(&"a".into())).trusted);
        assert!(!offered.value(Some(&"x".into())).trusted);
    }

    #[test]
    fn a_choice_needs_a_value_and_a_text_does_not() {
        let empty = control("selector", r#"{"target":"h"}"#, "select 1");
        assert_eq!(empty.sql.as_deref(), Some("select 1"));
        let values = Snapshot(BTreeMap::from([("h".into(), empty.value(None))]));
        assert_eq!(values.value("h"), None);
        let text = control("text", r#"{"target":"h"}"#, "");
        let values = Snapshot(BTreeMap::from([("h".into(), text.value(None))]));
        assert_eq!(
            values.value("h").map(|value| value.text).as_deref(),
            Some("")
        );
    }
}
