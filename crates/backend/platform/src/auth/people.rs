//! Adding, changing and removing users. There is always an admin.

use std::net::IpAddr;

use axum::http::{HeaderMap, StatusCode};
use weir_api::{role::Role, unseen};

use super::{Auth, AuthError, Denied, actor::BY_KEY, sessions::Holder, strength, users::User};
use crate::error::HttpError;

const LONGEST_NAME: usize = 64;

impl Auth {
    /// Names and roles.
    pub fn users(&self) -> Vec<(String, Role)> {
        self.users.list()
    }

    pub fn role(&self, name: &str) -> Option<Role> {
        self.users.get(name).map(|user| user.role)
    }

    /// Whether somebody who is signed in knows the password, where there is one.
    pub async fn confirm(&self, name: &str, password: &str, from: IpAddr) -> Result<(), HttpError> {
        if !self.has_password_of(name) {
            return Ok(());
        }
        match self.check_password(name, password, from).await {
            Ok(_) => Ok(()),
            Err(Denied::Wrong) => {
                let words = "is needed to change your own password, and this is not it";
                Err(HttpError::field("current_password", words))
            }
            Err(denied) => Err(HttpError::new(denied.status(), denied.words())),
        }
    }

    pub fn has_password_of(&self, name: &str) -> bool {
        let user = self.users.get(name);
        user.is_some_and(|user| user.password_hash.is_some())
    }

    pub async fn add_user(&self, name: &str, role: Role, password: &str) -> Result<(), HttpError> {
        check_name(name)?;
        check_password(name, password)?;
        let user = User {
            role,
            password_hash: Some(self.hash(password).await?),
        };
        let _alone = self.changing.lock().await;
        let mut known = self.users.list().into_iter();
        if let Some((other, _)) = known.find(|(other, _)| alike(other, name)) {
            let words = match other == name {
                true => format!("user '{name}' exists"),
                false => format!("user '{other}' would be taken for '{name}'"),
            };
            return Err(HttpError::field("username", words));
        }
        Ok(self.users.put(name, user).await?)
    }

    /// A new password ends the user's sessions, except the one that `caller` came with.
    pub async fn change_user(
        &self,
        name: &str,
        role: Option<Role>,
        password: Option<&str>,
        caller: &HeaderMap,
    ) -> Result<(), HttpError> {
        let hash = match password {
            Some(password) => {
                check_password(name, password)?;
                Some(self.hash(password).await?)
            }
            None => None,
        };
        let _alone = self.changing.lock().await;
        let mut user = self.users.get(name).ok_or_else(|| missing(name))?;
        if let Some(role) = role {
            if role != Role::Admin {
                self.spare_last_admin(name, "role")?;
            }
            user.role = role;
        }
        let changed = hash.is_some();
        user.password_hash = hash.or(user.password_hash);
        self.users.put(name, user).await?;
        if changed {
            self.sessions.end_all(name, Some(caller)).await?;
        }
        Ok(())
    }

    /// Ends the user's sessions and API keys, too.
    pub async fn remove_user(&self, name: &str) -> Result<(), HttpError> {
        let _alone = self.changing.lock().await;
        self.users.get(name).ok_or_else(|| missing(name))?;
        self.spare_last_admin(name, "username")?;
        self.users.remove(name).await?;
        self.keys.delete_all(name).await?;
        Ok(self.sessions.end_all(name, None).await?)
    }

    fn spare_last_admin(&self, name: &str, field: &str) -> Result<(), HttpError> {
        if self.users.admins() == [name] {
            let words = format!(
                "'{name}' is the only admin; give another user the role admin first, or nobody \
                 could change anything any more"
            );
            return Err(
                HttpError::new(StatusCode::CONFLICT, words.clone()).with_field(field, words)
            );
        }
        Ok(())
    }

    /// Whether other processes serve the same people, who learn nothing of a change here.
    pub(super) fn is_replica(&self) -> bool {
        self.sessions.carried.is_some()
    }

    /// The header that signs a browser in.
    pub async fn sign_in(&self, name: &str, browser: &HeaderMap) -> Result<String, HttpError> {
        Ok(self.sessions.start(Holder::user(name), browser).await?)
    }

    async fn hash(&self, password: &str) -> Result<String, HttpError> {
        let hashed = self.passwords.hash(password).await;
        hashed.map_err(|error| HttpError::internal(AuthError::Hash(error)))
    }
}

pub fn check_name(name: &str) -> Result<(), HttpError> {
    let words = match name {
        "" => "a name is needed".to_string(),
        _ if name.chars().count() > LONGEST_NAME => {
            format!("is longer than {LONGEST_NAME} characters")
        }
        // Browsers take them out of an address.
        "." | ".." => "cannot be '.' or '..'".to_string(),
        // HTTP Basic separates name and password by it.
        _ if name.contains(':') => "cannot contain ':'".to_string(),
        _ if name.trim() != name || name.chars().any(char::is_control) => {
            "cannot begin or end with a space, or contain control characters".to_string()
        }
        // As the audit log says of a key.
        _ if name.to_lowercase().contains(&BY_KEY.to_lowercase()) => {
            format!("cannot contain '{}'", BY_KEY.trim())
        }
        _ => match unseen::in_name(name) {
            Some(unseen) => format!(
                "cannot contain a character that is not seen (U+{:04X})",
                u32::from(unseen)
            ),
            None => return Ok(()),
        },
    };
    Err(HttpError::field("username", words))
}

/// Nobody tells them apart in the audit log.
fn alike(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn check_password(user: &str, password: &str) -> Result<(), HttpError> {
    strength::check(user, password).map_err(|words| HttpError::field("password", words))
}

fn missing(name: &str) -> HttpError {
    HttpError::not_found(format!("user '{name}'"))
}

#[cfg(test)]
mod tests {
    use super::{alike, check_name};

    /// They would stand in the audit log like somebody else.
    #[test]
    fn nobody_is_called_like_somebody_else() {
        for name in [
            "admin\u{200b}",
            "ad\u{ad}min",
            "admin\u{2060}",
            "\u{202e}nimda",
            "admin\u{a0}x",
            "admin\u{e0061}",
            "admin by API key deploy (abcd****efgh)",
            "admin by api key x",
        ] {
            assert!(check_name(name).is_err(), "{name:?}");
        }
        assert!(alike("Admin", "admin") && !alike("admin", "admin2"));
    }

    #[test]
    fn a_user_can_be_named_in_an_address() {
        for name in [".", "..", "", " a", "a ", "a:b", "a\nb"] {
            assert!(check_name(name).is_err(), "{name:?}");
        }
        for name in [
            "...",
            "a.b",
            ".a",
            "%41",
            "%2F",
            "a/b",
            "\\",
            "~",
            "ü",
            "a b",
            "علی\u{200c}رضا",
        ] {
            assert!(check_name(name).is_ok(), "{name:?}");
        }
    }
}
