//! Who is calling, and may they?
//!
//! Users, sessions and API keys are held in memory and written through to the database. Secrets
//! are stored hashed: passwords by Argon2id, random secrets by SHA-256.

pub(crate) mod actor;
pub(crate) mod keys;
mod links;
pub(crate) mod middleware;
mod passwords;
pub(crate) mod routes;
mod sessions;
mod users;

pub(crate) use actor::{Actor, Role};
use keys::Keys;
use links::Links;
use passwords::Passwords;
use sessions::Sessions;
use users::Users;
use weir_store::{Store, StoreError};

use crate::config::Config;

pub(crate) const ADMIN: &str = "admin";

pub(crate) struct Auth {
    users: Users,
    sessions: Sessions,
    pub keys: Keys,
    links: Links,
    passwords: Passwords,
}

#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("password: {0}")]
    Hash(argon2::password_hash::Error),
}

impl Auth {
    /// Reads what is stored, creates user `admin` at the first start and gives it the password of
    /// `config`. A new password ends the sessions that the old one opened.
    pub(crate) async fn load(store: &Store, config: &Config) -> Result<Self, AuthError> {
        let auth = Self {
            users: Users::load(store).await?,
            sessions: Sessions::load(store).await?,
            keys: Keys::load(store).await?,
            links: Links::new(config.limits.link_life),
            passwords: Passwords::default(),
        };
        if auth.users.get(ADMIN).is_none() {
            auth.users.add(ADMIN, Role::Admin).await?;
        }
        if let Some(password) = &config.admin_password {
            auth.set_admin_password(password).await?;
        }
        Ok(auth)
    }

    async fn set_admin_password(&self, password: &str) -> Result<(), AuthError> {
        let known = self.users.get(ADMIN).and_then(|user| user.password_hash);
        if let Some(hash) = &known
            && self.passwords.verify(password, hash).await
        {
            return Ok(());
        }
        let hash = self
            .passwords
            .hash(password)
            .await
            .map_err(AuthError::Hash)?;
        self.users.set_password(ADMIN, hash).await?;
        if known.is_some() {
            self.sessions.end_all(ADMIN).await?;
        }
        Ok(())
    }

    pub(crate) fn has_password(&self) -> bool {
        self.users.any_password()
    }

    /// A new one-time sign-in token.
    pub(crate) fn link(&self) -> String {
        self.links.issue()
    }

    /// The user, when the password is right.
    async fn check_password(&self, name: &str, password: &str) -> Option<Actor> {
        let user = self.users.get(name);
        let hash = user.as_ref().and_then(|user| user.password_hash.clone());
        let right = match hash {
            Some(hash) => self.passwords.verify(password, &hash).await,
            None => false,
        };
        user.filter(|_| right)
            .map(|user| Actor::user(name, user.role))
    }
}
