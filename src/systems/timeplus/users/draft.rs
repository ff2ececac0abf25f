//! What the form of a user edits, and what it sends.

use weir_api::{
    ApiRequest, FieldError,
    role::Role,
    timeplus::user::{self, CreateUser, UpdateUser, User},
};

use crate::{
    kit::{Edited, sendable},
    ui::field::SecretValue,
};

#[derive(Clone, PartialEq)]
pub struct Draft {
    pub username: String,
    pub role: String,
    pub password: SecretValue,
    /// Needed where it is the person's own that is replaced.
    pub current_password: String,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            username: String::new(),
            role: Role::ReadOnly.as_str().into(),
            password: SecretValue::Unchanged,
            current_password: String::new(),
        }
    }
}

impl Draft {
    pub fn of(user: &User) -> Self {
        Self {
            username: user.username.clone(),
            role: user.role.clone(),
            ..Self::default()
        }
    }

    pub fn request(&self, edited: &Edited<User>) -> Result<ApiRequest, Vec<FieldError>> {
        let (name, mut errors) = (self.username.trim(), Vec::new());
        let mut wrong = |field: &str, message: &str| {
            errors.push(FieldError::new(field, message));
        };
        let password = match &self.password {
            SecretValue::Replace(password) => Some(password.clone()),
            SecretValue::Unchanged => None,
        };
        let given = password
            .as_ref()
            .is_some_and(|password| !password.is_empty());
        if !given && (password.is_some() || edited.is_new()) {
            wrong("password", "Enter a password");
        }
        let request = match edited {
            Edited::New => {
                if name.is_empty() {
                    wrong("username", "Enter a name");
                }
                user::create(&CreateUser {
                    username: name.into(),
                    password: password.unwrap_or_default(),
                    role: Some(self.role.clone()),
                })
            }
            Edited::Existing(before) => user::update(
                &before.username,
                &UpdateUser {
                    current_password: password
                        .is_some()
                        .then(|| self.current_password.clone())
                        .filter(|current| !current.is_empty()),
                    password,
                    role: (self.role != before.role).then(|| self.role.clone()),
                },
            ),
        };
        sendable(request, errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(request: Result<ApiRequest, Vec<FieldError>>) -> serde_json::Value {
        let request = request.expect("request");
        serde_json::from_slice(&request.body.expect("body").bytes).expect("JSON")
    }

    #[test]
    fn a_new_user_needs_name_and_password_and_only_reads_at_first() {
        let mut draft = Draft::default();
        let errors = draft.request(&Edited::New).expect_err("empty");
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["password", "username"]);
        draft.username = " bob ".into();
        draft.password = SecretValue::Replace("long enough".into());
        let sent = body(draft.request(&Edited::New));
        let expected =
            serde_json::json!({"username": "bob", "password": "long enough", "role": "read_only"});
        assert_eq!(sent, expected);
    }

    #[test]
    fn only_what_was_changed_is_sent() {
        let user = User {
            username: "bob".into(),
            role: "read_only".into(),
        };
        let mut draft = Draft::of(&user);
        let edited = Edited::Existing(user);
        assert_eq!(body(draft.request(&edited)), serde_json::json!({}));
        draft.role = "admin".into();
        assert_eq!(
            body(draft.request(&edited)),
            serde_json::json!({"role": "admin"})
        );
        draft.current_password = "the old one".into();
        let sent = body(draft.request(&edited));
        assert_eq!(sent, serde_json::json!({"role": "admin"}));
        draft.password = SecretValue::Replace("the new one".into());
        let sent = body(draft.request(&edited));
        assert_eq!(sent["current_password"], "the old one");
        draft.password = SecretValue::Replace(String::new());
        assert!(draft.request(&edited).is_err(), "an empty password is none");
    }
}
