//! Who is calling, and may they?
//!
//! Users, sessions and API keys are held in memory and written through to the database. Secrets
//! are stored hashed: passwords by Argon2id, random secrets by SHA-256.

pub mod actor;
mod caller;
pub mod keys;
mod links;
mod master;
pub mod middleware;
mod passwords;
pub mod people;
pub mod permission;
pub mod routes;
mod sessions;
mod users;

pub use actor::Actor;
pub use caller::Caller;
use keys::Keys;
use links::Links;
use passwords::Passwords;
use sessions::Sessions;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::sync::Mutex;
use users::{User, Users};
use weir_api::role::Role;
use weir_store::{Store, StoreError};

pub const ADMIN: &str = "admin";

pub struct Auth {
    users: Users,
    sessions: Sessions,
    pub keys: Keys,
    links: Links,
    passwords: Passwords,
    /// Held while users change, so that two changes together cannot remove the last admin.
    changing: Mutex<()>,
}

#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("cannot keep the master secret of API keys in {}: {source}", .path.display())]
    Master {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("password: {0}")]
    Hash(argon2::password_hash::Error),
}

/// How people get in.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a> {
    /// Folder of the master secret.
    pub data: &'a Path,
    /// Sets the password of user `admin`.
    pub admin_password: Option<&'a str>,
    /// How long a sign-in link is valid.
    pub link_life: Duration,
}

impl Auth {
    /// Reads what is stored, creates user `admin` at the first start and gives it the password of
    /// `settings`. A new password ends the sessions that the old one opened.
    pub async fn load(store: &Store, settings: Settings<'_>) -> Result<Self, AuthError> {
        let auth = Self {
            users: Users::load(store).await?,
            sessions: Sessions::load(store).await?,
            keys: Keys::load(store, master::load(settings.data)?).await?,
            links: Links::new(settings.link_life),
            passwords: Passwords::default(),
            changing: Mutex::default(),
        };
        if auth.users.admins().is_empty() {
            let first = User {
                role: Role::Admin,
                password_hash: None,
            };
            auth.users.put(ADMIN, first).await?;
        }
        if let Some(password) = settings.admin_password {
            auth.set_admin_password(password).await?;
        }
        Ok(auth)
    }

    /// Whoever starts the backend with a password for `admin` gets in again with it, even when
    /// that user was deleted meanwhile.
    async fn set_admin_password(&self, password: &str) -> Result<(), AuthError> {
        let known = self.users.get(ADMIN);
        let hash = known.as_ref().and_then(|user| user.password_hash.as_ref());
        if let Some(hash) = hash
            && self.passwords.verify(password, hash).await
        {
            return Ok(());
        }
        let ends_sessions = hash.is_some();
        let hash = self
            .passwords
            .hash(password)
            .await
            .map_err(AuthError::Hash)?;
        let user = User {
            role: known.map_or(Role::Admin, |user| user.role),
            password_hash: Some(hash),
        };
        self.users.put(ADMIN, user).await?;
        if ends_sessions {
            self.sessions.end_all(ADMIN, None).await?;
        }
        Ok(())
    }

    /// Whom a one-time link signs in: `admin`, or another admin where that one is gone.
    fn link_user(&self) -> String {
        let admins = self.users.admins();
        let admin = admins.iter().find(|name| *name == ADMIN);
        let user = admin.or(admins.first());
        user.map_or_else(|| ADMIN.to_string(), Clone::clone)
    }

    pub fn has_password(&self) -> bool {
        self.users.any_password()
    }

    /// A new one-time sign-in token.
    pub fn link(&self) -> String {
        self.links.issue()
    }

    /// The user, when the password is right.
    pub async fn check_password(&self, name: &str, password: &str) -> Option<Actor> {
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

/// Adds a text column that older databases lack.
pub fn add_column(
    tx: &rusqlite::Transaction<'_>,
    table: &str,
    column: &str,
    default: &str,
) -> rusqlite::Result<()> {
    let known = tx.query_row(
        "SELECT count(*) FROM pragma_table_info(?1) WHERE name = ?2",
        (table, column),
        |row| row.get::<_, i64>(0),
    )?;
    if known == 0 {
        tx.execute_batch(&format!(
            "ALTER TABLE {table} ADD COLUMN {column} TEXT NOT NULL DEFAULT '{default}'"
        ))?;
    }
    Ok(())
}
