//! Signed-in browsers. They survive a restart of the backend.

use std::{
    collections::HashMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::http::{HeaderMap, header};
use weir_api::session::OpenSession;
use weir_store::{Store, StoreError};

use crate::{
    clock,
    random::{self, Digest},
};

const COOKIE: &str = "weir_session";
const LIFE_MS: i64 = 30 * DAY_MS;
/// A session ends when nothing came with it for so long.
const IDLE_MS: i64 = 7 * DAY_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// How often it is written down that a session is used.
const HOUR_MS: i64 = 60 * 60 * 1000;
/// Of one user; a new one ends the oldest.
const MOST: usize = 100;

#[derive(Debug)]
struct Session {
    user: String,
    expires_ms: i64,
    started_ms: i64,
    seen_ms: AtomicI64,
    /// As the browser calls itself.
    browser: String,
}

impl Session {
    fn is_open(&self, now: i64) -> bool {
        self.expires_ms > now && self.seen_ms.load(Ordering::Relaxed) + IDLE_MS > now
    }
}

pub(super) struct Sessions {
    store: Store,
    open: RwLock<HashMap<Digest, Session>>,
}

impl Sessions {
    pub(super) async fn load(store: &Store) -> Result<Self, StoreError> {
        let now = clock::now_ms();
        let open = store
            .write(move |tx| {
                tx.execute_batch(
                    "CREATE TABLE IF NOT EXISTS backend_sessions (
                         digest BLOB PRIMARY KEY, user TEXT NOT NULL, expires_ms INTEGER NOT NULL
                     ) STRICT",
                )?;
                for column in ["started_ms", "seen_ms", "browser"] {
                    super::add_column(tx, "backend_sessions", column, "")?;
                }
                let mut select = tx.prepare(
                    "SELECT digest, user, expires_ms, started_ms, seen_ms, browser
                     FROM backend_sessions",
                )?;
                let sessions = select.query_map([], |row| {
                    let ms = |index: usize| -> rusqlite::Result<i64> {
                        Ok(row.get::<_, String>(index)?.parse().unwrap_or(now))
                    };
                    let session = Session {
                        user: row.get(1)?,
                        expires_ms: row.get(2)?,
                        started_ms: ms(3)?,
                        seen_ms: AtomicI64::new(ms(4)?),
                        browser: row.get(5)?,
                    };
                    Ok((row.get(0)?, session))
                })?;
                Ok(sessions.collect::<Result<_, _>>()?)
            })
            .await?;
        let sessions = Self {
            store: store.clone(),
            open: RwLock::new(open),
        };
        sessions.purge(None).await?;
        Ok(sessions)
    }

    /// The value of the `Set-Cookie` header of a new session.
    pub(super) async fn start(
        &self,
        user: &str,
        browser: &HeaderMap,
    ) -> Result<String, StoreError> {
        self.purge(Some(user)).await?;
        let secret = random::secret();
        let digest = random::digest(&secret);
        let now = clock::now_ms();
        let agent = browser.get(header::USER_AGENT);
        let agent = agent
            .and_then(|agent| agent.to_str().ok())
            .unwrap_or_default();
        let session = Session {
            user: user.to_string(),
            expires_ms: now + LIFE_MS,
            started_ms: now,
            seen_ms: AtomicI64::new(now),
            browser: agent.chars().take(200).collect(),
        };
        let (user, agent) = (session.user.clone(), session.browser.clone());
        self.store
            .write(move |tx| {
                tx.execute(
                    "INSERT INTO backend_sessions
                         (digest, user, expires_ms, started_ms, seen_ms, browser)
                     VALUES (?1, ?2, ?3, ?4, ?4, ?5)",
                    (digest, user, now + LIFE_MS, now.to_string(), agent),
                )?;
                Ok(())
            })
            .await?;
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        open.insert(digest, session);
        let secure = if is_secure(browser) { "; Secure" } else { "" };
        let life = LIFE_MS / 1000;
        Ok(format!(
            "{COOKIE}={secret}; HttpOnly; SameSite=Strict; Path=/; Max-Age={life}{secure}"
        ))
    }

    /// Forgets sessions that are over, and the oldest of `user` where there are too many.
    async fn purge(&self, user: Option<&str>) -> Result<(), StoreError> {
        let now = clock::now_ms();
        let over: Vec<Digest> = {
            let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
            let all = open.iter();
            let over = all.filter(|(_, session)| !session.is_open(now));
            let mut over: Vec<Digest> = over.map(|(digest, _)| *digest).collect();
            let of_user = open
                .iter()
                .filter(|(_, session)| user == Some(session.user.as_str()) && session.is_open(now));
            let mut own: Vec<(i64, Digest)> = of_user
                .map(|(digest, session)| (session.started_ms, *digest))
                .collect();
            own.sort_unstable();
            let many = (own.len() + 1).saturating_sub(MOST);
            over.extend(own.iter().take(many).map(|(_, digest)| *digest));
            open.retain(|digest, _| !over.contains(digest));
            over
        };
        self.forget(over).await
    }

    async fn forget(&self, digests: Vec<Digest>) -> Result<(), StoreError> {
        if digests.is_empty() {
            return Ok(());
        }
        let forget = self.store.write(move |tx| {
            for digest in digests {
                tx.execute("DELETE FROM backend_sessions WHERE digest = ?1", [digest])?;
            }
            Ok(())
        });
        forget.await
    }

    /// The session that the request's cookie names, and its user.
    pub(super) fn user(&self, headers: &HeaderMap) -> Option<(Digest, String)> {
        let digest = random::digest(cookie(headers)?);
        let now = clock::now_ms();
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let session = open.get(&digest).filter(|session| session.is_open(now))?;
        let seen = session.seen_ms.load(Ordering::Relaxed);
        if seen + HOUR_MS < now {
            session.seen_ms.store(now, Ordering::Relaxed);
            let store = self.store.clone();
            tokio::spawn(async move {
                let seen = store.write(move |tx| {
                    let sql = "UPDATE backend_sessions SET seen_ms = ?2 WHERE digest = ?1";
                    tx.execute(sql, (digest, now.to_string()))?;
                    Ok(())
                });
                if let Err(error) = seen.await {
                    tracing::warn!("a session's time: {error}");
                }
            });
        }
        Some((digest, session.user.clone()))
    }

    pub(super) fn is_open(&self, digest: &Digest) -> bool {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.get(digest)
            .is_some_and(|session| session.is_open(clock::now_ms()))
    }

    /// Those of a user, newest first.
    pub(super) fn list(&self, user: &str, headers: &HeaderMap) -> Vec<OpenSession> {
        let current = cookie(headers).map(random::digest);
        let now = clock::now_ms();
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let own = open
            .iter()
            .filter(|(_, session)| session.user == user && session.is_open(now));
        let mut list: Vec<OpenSession> = own
            .map(|(digest, session)| OpenSession {
                id: id(digest),
                current: current == Some(*digest),
                started_ms: session.started_ms,
                seen_ms: session.seen_ms.load(Ordering::Relaxed),
                expires_ms: session.expires_ms,
                browser: session.browser.clone(),
            })
            .collect();
        list.sort_unstable_by_key(|session| std::cmp::Reverse(session.started_ms));
        list
    }

    /// Ends one of the user's; false where there is none of this id.
    pub(super) async fn end_one(&self, user: &str, which: &str) -> Result<bool, StoreError> {
        let found = {
            let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
            let found = open
                .iter()
                .find(|(digest, session)| session.user == user && id(digest) == which)
                .map(|(digest, _)| *digest);
            if let Some(digest) = &found {
                open.remove(digest);
            }
            found
        };
        let ended = found.is_some();
        self.forget(found.into_iter().collect()).await?;
        Ok(ended)
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

/// What a session is called; it proves nothing.
fn id(digest: &Digest) -> String {
    digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Whether the browser's own connection is one of TLS: this backend's, or that of a proxy.
fn is_secure(headers: &HeaderMap) -> bool {
    let proto = headers.get("x-forwarded-proto");
    proto.is_some_and(|proto| proto.as_bytes().eq_ignore_ascii_case(b"https"))
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
