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
use weir_api::role::Role;
use weir_store::{Store, StoreError};

use super::{
    carried::{self, Carried},
    cookies::{Names, cookies, is_secure},
    session_rows::Rows,
};
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
pub(super) struct Session {
    pub(super) user: String,
    pub(super) federated: Option<Federated>,
    pub(super) expires_ms: i64,
    pub(super) started_ms: i64,
    pub(super) seen_ms: AtomicI64,
    /// As the browser calls itself.
    pub(super) browser: String,
}

impl Session {
    pub(super) fn is_open(&self, now: i64) -> bool {
        self.expires_ms > now && self.seen_ms.load(Ordering::Relaxed) + IDLE_MS > now
    }
}

pub(super) struct Sessions {
    pub(super) rows: Rows,
    pub(super) names: Names,
    pub(super) open: RwLock<HashMap<Digest, Session>>,
    /// Where several processes serve the same people. What is open then is what was seen here.
    pub(super) carried: Option<Carried>,
}

impl Sessions {
    /// Sessions of people whom settings of another mark than `federation` let in are over.
    pub(super) async fn load(
        store: &Store,
        names: Names,
        federation: Option<&str>,
        carried: Option<Carried>,
    ) -> Result<Self, StoreError> {
        let federation = federation.unwrap_or_default();
        let (rows, open) = Rows::load(store, federation).await?;
        let sessions = Self {
            rows,
            names,
            open: RwLock::new(open),
            carried,
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
        let now = clock::now_ms();
        let longest = match &self.carried {
            Some(_) => carried::LIFE_MS,
            None => LIFE_MS,
        };
        let life_ms = i64::try_from(holder.life.as_millis()).map_or(longest, |ms| ms.min(longest));
        let session = Session {
            user: holder.user,
            federated: holder.federated,
            expires_ms: now + life_ms,
            started_ms: now,
            seen_ms: AtomicI64::new(now),
            browser: agent(browser),
        };
        let secret = match &self.carried {
            Some(carried) => carried.issue(&session),
            None => random::secret(),
        };
        let digest = random::digest(&secret);
        if self.carried.is_none() {
            self.rows.insert(digest, &session).await?;
        }
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
        self.end_carried(over.iter().copied());
        self.rows.delete(over).await
    }

    /// The open session that a cookie of the request names: others may have set more of the name.
    pub(super) fn named(&self, headers: &HeaderMap) -> Option<Digest> {
        let name = self.names.session(headers);
        let mut values = cookies(headers, &name);
        values.find_map(|value| {
            let digest = random::digest(value);
            (self.is_open(&digest) || self.adopt(digest, value, headers)).then_some(digest)
        })
    }

    /// Takes over a session that another process began.
    fn adopt(&self, digest: Digest, value: &str, headers: &HeaderMap) -> bool {
        let carried = self.carried.as_ref();
        let session = carried.and_then(|carried| carried.read(value, clock::now_ms()));
        let Some(mut session) = session else {
            return false;
        };
        session.browser = agent(headers);
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        open.insert(digest, session);
        true
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
            self.rows.was_seen(digest, now);
        }
        Some((digest, session.user.clone(), session.federated.clone()))
    }

    pub(super) fn is_open(&self, digest: &Digest) -> bool {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.get(digest)
            .is_some_and(|session| session.is_open(clock::now_ms()))
    }
}

/// How a browser calls itself.
fn agent(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT);
    let agent = agent.and_then(|agent| agent.to_str().ok());
    agent.unwrap_or_default().chars().take(200).collect()
}
