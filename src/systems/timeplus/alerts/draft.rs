//! What the alert form edits, and what is sent of it.

use weir_api::{
    ApiRequest, FieldError,
    property::{Typed, Values, find},
    timeplus::{
        alert::{self, Alert, AlertDef},
        types::alert_actions::TYPES,
    },
};

use crate::{errors, kit::Edited};

#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub name: String,
    pub description: String,
    pub severity: String,
    pub trigger: String,
    pub resolve: String,
    pub typed: Typed,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            name: String::new(),
            description: String::new(),
            severity: "1".into(),
            trigger: String::new(),
            resolve: String::new(),
            typed: Typed::new(TYPES, "slack"),
        }
    }
}

impl Draft {
    pub fn of(alert: &Alert) -> Self {
        Self {
            name: alert.name.clone(),
            description: alert.description.clone(),
            severity: alert.severity.to_string(),
            trigger: alert.trigger_sql.clone(),
            resolve: alert.resolve_sql.clone(),
            typed: Typed {
                kind: alert.action.clone(),
                values: Values::of(find(TYPES, &alert.action), &alert.properties),
            },
        }
    }

    /// Its secrets are named where it needs them.
    pub fn anew(alert: &Alert) -> Self {
        let mut draft = Self::of(alert);
        draft.typed = draft.typed.withheld(TYPES, weir_code::WITHHELD);
        draft
    }

    fn definition(&self) -> Result<AlertDef, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut complain = |field: &str, message: &str| {
            errors.push(FieldError::new(field, message));
        };
        if self.name.trim().is_empty() {
            complain("name", "Enter a name");
        }
        let severity = self.severity.trim().parse().unwrap_or_else(|_| {
            complain("severity", "Enter a whole number");
            0
        });
        if self.trigger.trim().is_empty() {
            complain("trigger_sql", "Enter a query");
        }
        if self.typed.kind.is_empty() {
            complain("action", "Choose an action");
        }
        match self.typed.values.body(find(TYPES, &self.typed.kind)) {
            Ok(properties) if errors.is_empty() => Ok(AlertDef {
                name: self.name.trim().into(),
                description: self.description.clone(),
                severity,
                action: self.typed.kind.clone(),
                properties,
                trigger_sql: self.trigger.trim().into(),
                resolve_sql: self.resolve.trim().into(),
                ..AlertDef::default()
            }),
            Ok(_) => Err(errors),
            Err(more) => {
                errors.extend(more);
                Err(errors)
            }
        }
    }

    pub fn request(&self, edited: &Edited<Alert>) -> Result<ApiRequest, Vec<FieldError>> {
        let mut definition = self.definition()?;
        let request = match edited {
            Edited::New => alert::create(&definition),
            Edited::Existing(before) => {
                definition.beside = before.beside.clone();
                alert::replace(&before.id, &definition)
            }
        };
        request.map_err(errors::unsent)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let draft = Draft {
            severity: "high".into(),
            ..Draft::default()
        };
        let errors = draft.request(&Edited::New).expect_err("errors");
        let fields: Vec<_> = errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(
            fields,
            ["name", "severity", "trigger_sql", "properties.url"]
        );
    }

    #[test]
    fn a_change_leaves_the_secret_out() {
        let alert = Alert {
            id: "7".into(),
            name: "hot".into(),
            severity: 2,
            action: "slack".into(),
            trigger_sql: "SELECT 1".into(),
            beside: serde_json::from_value(json!({"later": [1]})).expect("an object"),
            ..Alert::default()
        };
        let request = Draft::of(&alert).request(&Edited::Existing(alert));
        let request = request.expect("request");
        assert_eq!(request.path, "/v1beta2/alerts/7");
        let body = request.body.expect("body").bytes;
        let body: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(
            (&body["severity"], &body["properties"]),
            (&json!(2), &json!({}))
        );
        // What only the server knows goes back to it.
        assert_eq!(body["later"], json!([1]));
    }
}
