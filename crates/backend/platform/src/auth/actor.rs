use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use weir_api::{Owner, role::Role};

use super::{
    keys::Key,
    permission::{Permissions, Verb},
};
use crate::{error::HttpError, random::Digest};

/// Between a user and a key of theirs, in logs.
pub(super) const BY_KEY: &str = " by API key ";

/// Who sent a request.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Whose resources, sessions and quotas are meant.
    pub user: String,
    pub role: Role,
    /// What people call somebody who is no user of this backend.
    federated: Option<String>,
    key: Option<UsedKey>,
    proof: Proof,
}

/// What proved who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Proof {
    /// Something that has no end of its own while a request lasts.
    Other,
    Session(Digest),
    /// The key's id.
    Key(String),
    /// The password's hash.
    Password(String),
}

/// The API key that was used.
#[derive(Debug, Clone)]
struct UsedKey {
    name: String,
    permissions: Permissions,
}

impl Actor {
    pub fn user(name: &str, role: Role) -> Self {
        Self {
            user: name.to_string(),
            role,
            federated: None,
            key: None,
            proof: Proof::Other,
        }
    }

    /// Somebody whom a provider vouches for; `user` is its issuer, `#` and their subject there.
    pub(super) fn federated(user: &str, name: String, role: Role) -> Self {
        Self {
            federated: Some(name),
            ..Self::user(user, role)
        }
    }

    pub(super) fn by_key(mut self, key: Key) -> Self {
        self.proof = Proof::Key(key.id);
        self.key = Some(UsedKey {
            name: key.name,
            permissions: key.permissions,
        });
        self
    }

    pub(super) fn by_session(mut self, session: Digest) -> Self {
        self.proof = Proof::Session(session);
        self
    }

    pub(super) fn by_password(mut self, hash: &str) -> Self {
        self.proof = Proof::Password(hash.to_string());
        self
    }

    pub(super) fn proof(&self) -> &Proof {
        &self.proof
    }

    /// The session's cookie came along, which browsers send by themselves.
    pub fn has_session(&self) -> bool {
        matches!(self.proof, Proof::Session(_))
    }

    pub fn is_federated(&self) -> bool {
        self.federated.is_some()
    }

    /// For logs.
    pub fn label(&self) -> String {
        match (&self.federated, &self.key) {
            (Some(name), _) => format!("{name} ({})", self.user),
            (None, Some(key)) => format!("{}{BY_KEY}{}", self.user, key.name),
            (None, None) => self.user.clone(),
        }
    }

    /// For people. No user of this backend is called so: their names hold no `:`.
    pub fn name(&self) -> String {
        let issuer = self.user.split('#').next().unwrap_or_default();
        match &self.federated {
            Some(name) => format!("{name} ({issuer})"),
            None => self.user.clone(),
        }
    }

    pub fn owner(&self) -> Owner {
        Owner {
            id: self.user.clone(),
            name: self.name(),
        }
    }

    /// Refuses what would go on when a provider does not let somebody in any more.
    pub fn must_be_user(&self, what: &str) -> Result<(), HttpError> {
        match self.is_federated() {
            true => Err(forbidden(format!(
                "{what} belongs to a user of this backend, and {} is none; add a user for it",
                self.name()
            ))),
            false => Ok(()),
        }
    }

    /// Refuses what the role or the API key does not allow; `kind` is one of
    /// [`weir_api::permission::KINDS`]. Routes are checked before their handlers run, so
    /// this is for what a body asks for: the DDL in a statement.
    pub fn must_change(&self, kind: &str) -> Result<(), HttpError> {
        if self.role != Role::Admin {
            return Err(self.refusal(&format!("changing a {} needs role admin", plain(kind))));
        }
        self.must_have(Verb::Write, kind)
    }

    /// Refuses what the API key does not allow, for routes that no policy checks.
    pub fn must_read(&self, kind: &str) -> Result<(), HttpError> {
        self.must_have(Verb::Read, kind)
    }

    /// Resources of other people are theirs, except for an admin.
    pub fn must_own(&self, owner: Option<&Owner>, what: &str) -> Result<(), HttpError> {
        if self.role == Role::Admin || owner.is_some_and(|owner| owner.id == self.user) {
            return Ok(());
        }
        let whose = owner.map_or("", |owner| owner.name.as_str());
        Err(self.refusal(&format!("{what} is of user {whose}, not yours")))
    }

    pub fn must_have(&self, verb: Verb, kind: &str) -> Result<(), HttpError> {
        match &self.key {
            Some(key) if !key.permissions.allow(verb, kind) => Err(forbidden(format!(
                "API key {} lacks the permission {}:{kind}",
                key.name,
                verb.as_str()
            ))),
            _ => Ok(()),
        }
    }

    /// What a key that this caller makes may be allowed: no more than the caller.
    pub fn must_cover(&self, wanted: &Permissions) -> Result<(), HttpError> {
        match &self.key {
            Some(key) if !key.permissions.cover(wanted) => Err(HttpError::field(
                "permissions",
                format!("API key {} cannot give more than it has", key.name),
            )),
            _ => Ok(()),
        }
    }

    /// A person may more than an API key with a list of permissions, which therefore makes none and
    /// lets nobody in.
    pub fn must_be_unlimited(&self) -> Result<(), HttpError> {
        match &self.key {
            Some(key) if !key.permissions.cover(&Permissions::default()) => {
                Err(forbidden(format!(
                    "API key {} cannot give more than it has: users, their roles and their \
                     passwords need a key without a list of permissions",
                    key.name
                )))
            }
            _ => Ok(()),
        }
    }

    pub fn refusal(&self, why: &str) -> HttpError {
        forbidden(format!(
            "your role {} cannot change anything: {why}",
            self.role.as_str()
        ))
    }
}

fn forbidden(words: String) -> HttpError {
    HttpError::new(StatusCode::FORBIDDEN, words)
}

fn plain(kind: &str) -> String {
    kind.replace('_', " ")
}

/// Set by [`super::middleware::authenticate`].
impl<S: Send + Sync> FromRequestParts<S> for Actor {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, HttpError> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| HttpError::internal("a route without sign-in asked who is calling"))
    }
}
