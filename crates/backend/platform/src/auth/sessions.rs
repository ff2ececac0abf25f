//! Signed-in browsers. They survive a restart of the backend.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use axum::http::{HeaderMap, header};
use weir_store::{Store, StoreError};

use crate::{
    clock,
    random::{self, Digest},
};

const COOKIE: &str = "weir_session";
const LIFE_S: i64 = 30 * 24 * 60 * 60;

#[derive(Debug, Clone)]
struct Session {
    user: String,
    expires_ms: i64,
}

pub(super) struct Sessions {
    store: Store,
    open: RwLock<HashMap<Digest, Session>>,
}

impl Sessions {
    /// Forgets those that have expired.
    pub(super) async fn load(store: &Store) -> Result<Self, StoreError> {
        let now = clock::now_ms();
        let open = store
            .write(move |tx| {
                tx.execute_batch(
                    "CREATE TABLE IF NOT EXISTS backend_sessions (
                         digest BLOB PRIMARY KEY, user TEXT NOT NULL, expires_ms INTEGER NOT NULL
                     ) STRICT",
                )?;
                tx.execute("DELETE FROM backend_sessions WHERE expires_ms <= ?1", [now])?;
                let mut select =
                    tx.prepare("SELECT digest, user, expires_ms FROM backend_sessions")?;
                let sessions = select.query_map([], |row| {
                    let session = Session {
                        user: row.get(1)?,
                        expires_ms: row.get(2)?,
                    };
                    Ok((row.get(0)?, session))
                })?;
                Ok(sessions.collect::<Result<_, _>>()?)
            })
            .await?;
        Ok(Self {
            store: store.clone(),
            open: RwLock::new(open),
        })
    }

    /// The value of the `Set-Cookie` header of a new session.
    pub(super) async fn start(&self, user: &str) -> Result<String, StoreError> {
        let secret = random::secret();
        let digest = random::digest(&secret);
        let session = Session {
            user: user.to_string(),
            expires_ms: clock::now_ms() + LIFE_S * 1000,
        };
        let stored = session.clone();
        self.store
            .write(move |tx| {
                tx.execute(
                    "INSERT INTO backend_sessions (digest, user, expires_ms) VALUES (?1, ?2, ?3)",
                    (digest, stored.user, stored.expires_ms),
                )?;
                Ok(())
            })
            .await?;
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        open.insert(digest, session);
        Ok(format!(
            "{COOKIE}={secret}; HttpOnly; SameSite=Strict; Path=/; Max-Age={LIFE_S}"
        ))
    }

    /// The user whose session the request's cookie names.
    pub(super) fn user(&self, headers: &HeaderMap) -> Option<String> {
        let digest = random::digest(cookie(headers)?);
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.get(&digest)
            .filter(|session| session.expires_ms > clock::now_ms())
            .map(|session| session.user.clone())
    }

    /// Ends the session the request's cookie names; the answer is the header that removes the
    /// cookie.
    pub(super) async fn end(&self, headers: &HeaderMap) -> Result<String, StoreError> {
        if let Some(secret) = cookie(headers) {
            let digest = random::digest(secret);
            self.store
                .write(move |tx| {
                    tx.execute("DELETE FROM backend_sessions WHERE digest = ?1", [digest])?;
                    Ok(())
                })
                .await?;
            let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
            open.remove(&digest);
        }
        Ok(format!(
            "{COOKIE}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0"
        ))
    }

    /// Ends the user's sessions, except the one that the cookie in `keep` names.
    pub(super) async fn end_all(
        &self,
        user: &str,
        keep: Option<&HeaderMap>,
    ) -> Result<(), StoreError> {
        let kept = keep.and_then(cookie).map(random::digest);
        let name = user.to_string();
        self.store
            .write(move |tx| {
                tx.execute(
                    "DELETE FROM backend_sessions WHERE user = ?1 AND digest IS NOT ?2",
                    (name, kept),
                )?;
                Ok(())
            })
            .await?;
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        open.retain(|digest, session| session.user != user || Some(*digest) == kept);
        Ok(())
    }
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        let value = "theme=dark; weir_session=abc; x_weir_session=no";
        headers.insert(header::COOKIE, value.parse().expect("value"));
        assert_eq!(cookie(&headers), Some("abc"));
        headers.insert(header::COOKIE, "weir_sessions=abc".parse().expect("value"));
        assert_eq!(cookie(&headers), None);
    }
}
