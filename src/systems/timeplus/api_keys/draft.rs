//! What the form of a new key edits, and what it sends.

use std::collections::BTreeSet;

use weir_api::{
    ApiRequest, FieldError,
    timeplus::api_key::{self, CreateApiKey},
};

use crate::kit::sendable;

/// How long the key is valid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Expiry {
    Never,
    #[default]
    After,
    At,
}

impl Expiry {
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::After, "after", "After a duration"),
        (Self::At, "at", "On a date"),
        (Self::Never, "never", "Never"),
    ];

    pub fn named(name: &str) -> Self {
        let found = Self::ALL.into_iter().find(|one| one.1 == name);
        found.map_or_else(Self::default, |one| one.0)
    }

    pub fn name(self) -> &'static str {
        let found = Self::ALL.into_iter().find(|one| one.0 == self);
        found.map_or("", |one| one.1)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub name: String,
    pub expiry: Expiry,
    /// For example `720h`.
    pub after: String,
    /// As the browser's field has it: `2030-01-31T12:00`, local time.
    pub at: String,
    /// Only what is chosen in `permissions`; otherwise whatever the owner may.
    pub limited: bool,
    pub permissions: BTreeSet<String>,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            name: String::new(),
            expiry: Expiry::default(),
            after: "2160h".into(),
            at: String::new(),
            limited: false,
            permissions: BTreeSet::new(),
        }
    }
}

impl Draft {
    /// `utc` turns a local time into RFC 3339.
    pub fn request(
        &self,
        utc: impl Fn(&str) -> Option<String>,
    ) -> Result<ApiRequest, Vec<FieldError>> {
        let mut key = CreateApiKey {
            name: self.name.trim().into(),
            ..CreateApiKey::default()
        };
        let mut errors = Vec::new();
        let mut wrong = |field: &str, message: &str| {
            errors.push(FieldError::new(field, message));
        };
        match self.expiry {
            Expiry::Never => {}
            Expiry::After if self.after.trim().is_empty() => {
                wrong("expire_in", "Enter a duration such as 24h")
            }
            Expiry::After => key.expire_in = Some(self.after.trim().into()),
            Expiry::At => match utc(&self.at) {
                Some(at) => key.expire_at = Some(at),
                None => wrong("expire_at", "Enter a date and time"),
            },
        }
        if self.limited {
            if self.permissions.is_empty() {
                wrong("permissions", "Choose at least one permission");
            }
            key.permissions = Some(self.permissions.iter().cloned().collect());
        }
        sendable(api_key::create(&key), errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(draft: &Draft) -> Result<serde_json::Value, Vec<String>> {
        let utc = |local: &str| (!local.is_empty()).then(|| format!("{local}:00Z"));
        let request = draft.request(utc);
        let fields = |errors: Vec<FieldError>| {
            let names = errors.into_iter().map(|error| error.field);
            names.collect::<Vec<_>>()
        };
        let request = request.map_err(fields)?;
        Ok(serde_json::from_slice(&request.body.expect("body").bytes).expect("JSON"))
    }

    #[test]
    fn a_key_ends_after_a_while_on_a_date_or_never() {
        let mut draft = Draft::default();
        assert_eq!(
            sent(&draft),
            Ok(serde_json::json!({"name": "", "expire_in": "2160h"}))
        );
        draft.expiry = Expiry::At;
        assert_eq!(sent(&draft), Err(vec!["expire_at".into()]));
        draft.at = "2030-01-31T12:00".into();
        assert_eq!(
            sent(&draft),
            Ok(serde_json::json!({"name": "", "expire_at": "2030-01-31T12:00:00Z"}))
        );
        draft.expiry = Expiry::Never;
        assert_eq!(sent(&draft), Ok(serde_json::json!({"name": ""})));
    }

    #[test]
    fn a_limited_key_names_its_permissions() {
        let mut draft = Draft {
            expiry: Expiry::Never,
            limited: true,
            ..Draft::default()
        };
        assert_eq!(sent(&draft), Err(vec!["permissions".into()]));
        draft.permissions.insert("read:stream".into());
        assert_eq!(
            sent(&draft),
            Ok(serde_json::json!({"name": "", "permissions": ["read:stream"]}))
        );
    }
}
