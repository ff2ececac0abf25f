//! Signed-in browsers. They survive a restart of the backend.

use std::{
    collections::HashMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::http::{HeaderMap, header};
use weir_api::{role::Role, session::OpenSession};
use weir_store::{Store, StoreError};

use super::cookies::{Names, cookies, is_secure};
use crate::{
    clock,
    random::{self, Digest},
};

const LIFE_MS: i64 = 30 * DAY_MS;
/// A session ends when nothing came with it for so long.
const IDLE_MS: i64 = 7 * DAY_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// How often it is written down that a session is used.
const HOUR_MS: i64 = 60 * 60 * 1000;
/// Of one user; a new one ends the oldest.
const MOST: usize = 100;

/// Whose a session is.
#[derive(Debug, Clone)]
pub(super) struct Holder {
    /// The name of a user, or what tells somebody else from all others.
    pub(super) user: String,
    pub(super) federated: Option<Federated>,
    /// At most [`LIFE_MS`].
    pub(super) life: Duration,
}

/// Somebody whom a provider vouches for: no user of this backend, whatever they call themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Federated {
    /// What people call them.
    pub(super) name: String,
    pub(super) role: Role,
    /// Of the settings that let them in.
    pub(super) mark: String,
}

impl Holder {
    pub(super) fn user(name: &str) -> Self {
        Self {
            user: name.to_string(),
            federated: None,
            life: Duration::MAX,
        }
    }
}

#[derive(Debug)]
struct Session {
    user: String,
    federated: Option<Federated>,
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
    names: Names,
    open: RwLock<HashMap<Digest, Session>>,
}

impl Sessions {
    /// Sessions of people whom settings of another mark than `federation` let in are over.
    pub(super) async fn load(
        store: &Store,
        names: Names,
        federation: Option<&str>,
    ) -> Result<Self, StoreError> {
        let now = clock::now_ms();
        let federation = federation.unwrap_or_default().to_string();
        let open = store
            .write(move |tx| {
                tx.execute_batch(
                    "CREATE TABLE IF NOT EXISTS backend_sessions (
                         digest BLOB PRIMARY KEY, user TEXT NOT NULL, expires_ms INTEGER NOT NULL
                     ) STRICT",
                )?;
                for column in ["started_ms", "seen_ms", "browser", "name", "role", "mark"] {
                    super::add_column(tx, "backend_sessions", column, "")?;
                }
                tx.execute(
                    "DELETE FROM backend_sessions WHERE mark NOT IN ('', ?1)",
                    [federation],
                )?;
                let mut select = tx.prepare(
                    "SELECT digest, user, expires_ms, started_ms, seen_ms, browser, name, role, mark
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
                        federated: match row.get::<_, String>(8)? {
                            mark if mark.is_empty() => None,
                            mark => Some(Federated {
                                name: row.get(6)?,
                                role: Role::named(&row.get::<_, String>(7)?)
                                    .unwrap_or(Role::ReadOnly),
                                mark,
                            }),
                        },
                    };
                    Ok((row.get(0)?, session))
                })?;
                Ok(sessions.collect::<Result<_, _>>()?)
            })
            .await?;
        let sessions = Self {
            store: store.clone(),
            names,
            open: RwLock::new(open),
        };
        sessions.purge(None).await?;
        Ok(sessions)
    }

    /// The value of the `Set-Cookie` header of a new session.
    pub(super) async fn start(
        &self,
        holder: Holder,
        browser: &HeaderMap,
    ) -> Result<String, StoreError> {
        self.purge(Some(&holder.user)).await?;
        let secret = random::secret();
        let digest = random::digest(&secret);
        let now = clock::now_ms();
        let agent = browser.get(header::USER_AGENT);
        let agent = agent
            .and_then(|agent| agent.to_str().ok())
            .unwrap_or_default();
        let life_ms = i64::try_from(holder.life.as_millis()).map_or(LIFE_MS, |ms| ms.min(LIFE_MS));
        let expires_ms = now + life_ms;
        let session = Session {
            user: holder.user,
            federated: holder.federated,
            expires_ms,
            started_ms: now,
            seen_ms: AtomicI64::new(now),
            browser: agent.chars().take(200).collect(),
        };
        let (user, agent) = (session.user.clone(), session.browser.clone());
        let (name, role, mark) = match session.federated.clone() {
            Some(Federated { name, role, mark }) => (name, role.as_str(), mark),
            None => Default::default(),
        };
        self.store
            .write(move |tx| {
                tx.execute(
                    "INSERT INTO backend_sessions
                         (digest, user, expires_ms, started_ms, seen_ms, browser, name, role, mark)
                     VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8)",
                    (
                        digest,
                        user,
                        expires_ms,
                        now.to_string(),
                        agent,
                        name,
                        role,
                        mark,
                    ),
                )?;
                Ok(())
            })
            .await?;
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        open.insert(digest, session);
        let secure = if is_secure(browser) { "; Secure" } else { "" };
        let life = life_ms / 1000;
        Ok(format!(
            "{}={secret}; HttpOnly; SameSite=Strict; Path=/; Max-Age={life}{secure}",
            self.names.session(browser)
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

    /// The open session that a cookie of the request names: others may have set more of the name.
    fn named(&self, headers: &HeaderMap) -> Option<Digest> {
        let now = clock::now_ms();
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let name = self.names.session(headers);
        let mut digests = cookies(headers, &name).map(random::digest);
        digests.find(|digest| open.get(digest).is_some_and(|session| session.is_open(now)))
    }

    /// The session that the request's cookie names, and whose it is.
    pub(super) fn held(&self, headers: &HeaderMap) -> Option<(Digest, String, Option<Federated>)> {
        let digest = self.named(headers)?;
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
        Some((digest, session.user.clone(), session.federated.clone()))
    }

    pub(super) fn is_open(&self, digest: &Digest) -> bool {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.get(digest)
            .is_some_and(|session| session.is_open(clock::now_ms()))
    }

    /// Those of a user, newest first.
    pub(super) fn list(&self, user: &str, headers: &HeaderMap) -> Vec<OpenSession> {
        let mut all = self.list_all(headers);
        all.retain(|session| session.user == user);
        all
    }

    /// Those of everybody, newest first.
    pub(super) fn list_all(&self, headers: &HeaderMap) -> Vec<OpenSession> {
        let current = self.named(headers);
        let now = clock::now_ms();
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let all = open.iter().filter(|(_, session)| session.is_open(now));
        let mut list: Vec<OpenSession> = all
            .map(|(digest, session)| OpenSession {
                id: id(digest),
                user: session.user.clone(),
                name: session.federated.as_ref().map(|person| person.name.clone()),
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
        let ended = self
            .end_where(|session| session.user == user, which)
            .await?;
        Ok(ended.is_some())
    }

    /// Ends one of anybody's; whose it was, where there is one of this id.
    pub(super) async fn end_any(&self, which: &str) -> Result<Option<String>, StoreError> {
        self.end_where(|_| true, which).await
    }

    async fn end_where(
        &self,
        may: impl Fn(&Session) -> bool,
        which: &str,
    ) -> Result<Option<String>, StoreError> {
        let found = {
            let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
            let found = open
                .iter()
                .find(|(digest, session)| may(session) && id(digest) == which)
                .map(|(digest, _)| *digest);
            found.and_then(|digest| Some((digest, open.remove(&digest)?.user)))
        };
        let Some((digest, user)) = found else {
            return Ok(None);
        };
        self.forget(vec![digest]).await?;
        Ok(Some(user))
    }

    /// Ends the session the request's cookie names; the answer is the header that removes the
    /// cookie.
    pub(super) async fn end(&self, headers: &HeaderMap) -> Result<String, StoreError> {
        if let Some(digest) = self.named(headers) {
            self.store
                .write(move |tx| {
                    tx.execute("DELETE FROM backend_sessions WHERE digest = ?1", [digest])?;
                    Ok(())
                })
                .await?;
            let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
            open.remove(&digest);
        }
        let secure = if is_secure(headers) { "; Secure" } else { "" };
        Ok(format!(
            "{}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0{secure}",
            self.names.session(headers)
        ))
    }

    /// Ends the user's sessions, except the one that the cookie in `keep` names.
    pub(super) async fn end_all(
        &self,
        user: &str,
        keep: Option<&HeaderMap>,
    ) -> Result<(), StoreError> {
        let kept = keep.and_then(|headers| self.named(headers));
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
