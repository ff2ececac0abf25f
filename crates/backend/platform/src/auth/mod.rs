//! Who is calling, and may they?
//!
//! Users, sessions and API keys are held in memory and written through to the database. Secrets
//! are stored hashed: passwords by Argon2id, random secrets by SHA-256.

pub mod actor;
mod brake;
mod caller;
mod carried;
mod columns;
pub mod connections;
mod cookies;
pub mod keys;
mod links;
mod master;
pub mod middleware;
pub mod oidc;
mod passwords;
pub mod peers;
pub mod people;
pub mod permission;
pub mod routes;
mod seal;
mod session_ends;
mod session_rows;
mod sessions;
mod strength;
mod users;

pub use actor::Actor;
pub use brake::network;
pub use caller::Caller;
pub use columns::add_column;
pub use connections::Connections;
use keys::Keys;
use links::Links;
use oidc::Oidc;
use passwords::Passwords;
use sessions::Sessions;
use std::{
    net::IpAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use brake::Brake;
use carried::Carried;
use cookies::Names;
use tokio::sync::Mutex;
use users::{ADMIN, User, Users};
pub use users::{admin_has, has_password};
use weir_api::role::Role;
use weir_store::{SecretKey, Store, StoreError};

use crate::error::HttpError;

pub struct Auth {
    users: Users,
    sessions: Sessions,
    pub keys: Keys,
    pub connections: Connections,
    links: Links,
    passwords: Passwords,
    brake: Brake,
    names: Names,
    /// A provider that signs people in, too.
    oidc: Option<Oidc>,
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
    #[error("WEIR_ADMIN_PASSWORD {0}")]
    Weak(String),
    #[error("password: {0}")]
    Hash(argon2::password_hash::Error),
}

/// How people get in.
pub struct Settings<'a> {
    /// Folder of the master secret.
    pub data: &'a Path,
    /// Sets the password of user `admin`.
    pub admin_password: Option<&'a str>,
    /// How long a sign-in link is valid.
    pub link_life: Duration,
    pub oidc: Option<oidc::Setup>,
    /// Signs the sessions of several processes that serve the same people.
    pub replica_key: Option<SecretKey>,
    /// Requests of one user that are answered at once.
    pub connections_per_user: usize,
}

impl Auth {
    /// Reads what is stored, creates user `admin` at the first start and gives it the password of
    /// `settings`. A new password ends the sessions that the old one opened.
    pub async fn load(store: &Store, settings: Settings<'_>) -> Result<Self, AuthError> {
        let master = master::load(settings.data)?;
        let replica_key = settings.replica_key.map(|key| key.padded());
        let browsers = replica_key.unwrap_or(master);
        let oidc = settings.oidc.map(|setup| Oidc::new(setup, browsers));
        let federation = oidc.as_ref().map(Oidc::mark);
        let names = Names::new(&browsers);
        let carried = replica_key.map(|key| {
            let federation = federation.as_deref().unwrap_or_default();
            Carried::new(key, federation, settings.admin_password)
        });
        let auth = Self {
            names: names.clone(),
            users: Users::load(store).await?,
            sessions: Sessions::load(store, names, federation.as_deref(), carried).await?,
            keys: Keys::load(store, master).await?,
            connections: Connections::new(settings.connections_per_user),
            links: Links::new(settings.link_life),
            passwords: Passwords::new().await.map_err(AuthError::Hash)?,
            brake: Brake::default(),
            oidc,
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
        if let (Some(hash), Some(turn)) = (hash, self.passwords.turn().await)
            && self
                .passwords
                .verify(password, Some(hash.as_str()), turn)
                .await
        {
            return Ok(());
        }
        check_admin_password(password)?;
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

    /// What people call the provider that signs them in, where there is one.
    fn provider(&self) -> Option<String> {
        self.oidc.as_ref().map(Oidc::name)
    }

    pub fn has_password(&self) -> bool {
        self.users.any_password()
    }

    /// A new one-time sign-in token.
    pub fn link(&self) -> String {
        self.links.issue()
    }

    /// The user, when the password is right. Guessing is slowed down.
    pub async fn check_password(
        &self,
        name: &str,
        password: &str,
        from: IpAddr,
    ) -> Result<Actor, Denied> {
        let user = self.users.get(name);
        let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
        let known =
            |user: &User| Actor::user(name, user.role).by_password(hash.unwrap_or_default());
        let remembered = || hash.is_some_and(|hash| self.passwords.remembers(password, hash));
        if let Some(user) = user.as_ref().filter(|_| remembered()) {
            return Ok(known(user));
        }
        let turn = self.passwords.turn().await;
        let turn = turn.ok_or(Denied::TooMany(Duration::from_secs(1)))?;
        // Somebody else may have waited for the same.
        if let Some(user) = user.as_ref().filter(|_| remembered()) {
            return Ok(known(user));
        }
        let attempt = self.brake.begin(name, from).map_err(Denied::TooMany)?;
        let right = self.passwords.verify(password, hash, turn).await;
        let user = user.as_ref().filter(|_| right).ok_or(Denied::Wrong)?;
        self.brake.succeeded(&attempt);
        Ok(known(user))
    }
}

/// Whether it may be that of `admin`.
pub fn check_admin_password(password: &str) -> Result<(), AuthError> {
    strength::check(ADMIN, password).map_err(AuthError::Weak)
}

/// Why a password signs nobody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    Wrong,
    /// Too many were wrong; how long to wait.
    TooMany(Duration),
}

impl Denied {
    pub fn words(self) -> String {
        match self {
            Self::Wrong => "user or password is wrong".into(),
            Self::TooMany(wait) => format!(
                "too many attempts to sign in; try again in {} s",
                wait.as_secs().max(1)
            ),
        }
    }

    pub fn status(self) -> StatusCode {
        match self {
            Self::Wrong => StatusCode::UNAUTHORIZED,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// As the header `Retry-After` says it.
    pub fn on(self, mut response: Response) -> Response {
        if let Self::TooMany(wait) = self {
            let seconds = HeaderValue::from(wait.as_secs().max(1));
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        self.on(HttpError::new(self.status(), self.words()).into_response())
    }
}
