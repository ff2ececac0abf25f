//! Sessions that stand in their cookies: several processes with one key serve the same people, and
//! none of them has to be asked by another.
//!
//! What a process ended it remembers for itself, while it runs; the others learn nothing of it. That
//! is why such a session is short.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError, atomic::AtomicI64},
};

use serde::{Deserialize, Serialize};
use weir_api::role::Role;

use super::{
    seal::Seal,
    sessions::{Federated, Session},
};
use crate::random::{self, Digest};

pub(super) const LIFE_MS: i64 = 12 * 60 * 60 * 1000;

/// What the cookie says.
#[derive(Serialize, Deserialize)]
struct Ticket {
    /// No two are the same.
    id: String,
    user: String,
    name: String,
    role: Role,
    /// Of the settings that let somebody in who is no user here; empty for users.
    mark: String,
    started_ms: i64,
    expires_ms: i64,
}

pub(super) struct Carried {
    seal: Seal,
    /// Of the settings that let people in now.
    federation: String,
    ended: Mutex<Ended>,
}

/// Each with the time from when on it says nothing any more.
#[derive(Default)]
struct Ended {
    sessions: HashMap<Digest, i64>,
    /// All sessions of a user that began before.
    users: HashMap<String, i64>,
}

impl Carried {
    pub(super) fn new(key: [u8; 64], federation: &str) -> Self {
        Self {
            seal: Seal::new(key, "session"),
            federation: federation.to_string(),
            ended: Mutex::default(),
        }
    }

    /// The value of the cookie.
    pub(super) fn issue(&self, session: &Session) -> String {
        let (name, role, mark) = match session.federated.clone() {
            Some(Federated { name, role, mark }) => (name, role, mark),
            // Users are looked up.
            None => (String::new(), Role::ReadOnly, String::new()),
        };
        self.seal.close(&Ticket {
            id: random::secret(),
            user: session.user.clone(),
            name,
            role,
            mark,
            started_ms: session.started_ms,
            expires_ms: session.expires_ms,
        })
    }

    /// The session of a cookie, as long as it lasts.
    pub(super) fn read(&self, cookie: &str, now: i64) -> Option<Session> {
        let ticket: Ticket = self.seal.open(cookie)?;
        let known = ticket.mark.is_empty() || ticket.mark == self.federation;
        if !known || ticket.expires_ms <= now || self.has_ended(cookie, &ticket) {
            return None;
        }
        Some(Session {
            user: ticket.user,
            federated: (!ticket.mark.is_empty()).then_some(Federated {
                name: ticket.name,
                role: ticket.role,
                mark: ticket.mark,
            }),
            expires_ms: ticket.expires_ms,
            started_ms: ticket.started_ms,
            seen_ms: AtomicI64::new(now),
            browser: String::new(),
        })
    }

    fn has_ended(&self, cookie: &str, ticket: &Ticket) -> bool {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let before = ended.users.get(&ticket.user);
        ended.sessions.contains_key(&random::digest(cookie))
            || before.is_some_and(|before| ticket.started_ms <= *before)
    }

    pub(super) fn end(&self, session: Digest, now: i64) {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.sessions.retain(|_, until| *until > now);
        ended.sessions.insert(session, now + LIFE_MS);
    }

    pub(super) fn end_all(&self, user: &str, now: i64) {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.users.retain(|_, before| *before + LIFE_MS > now);
        ended.users.insert(user.to_string(), now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(user: &str, mark: &str) -> Session {
        Session {
            user: user.into(),
            federated: (!mark.is_empty()).then(|| Federated {
                name: "Ann".into(),
                role: Role::Admin,
                mark: mark.into(),
            }),
            expires_ms: 2_000,
            started_ms: 1_000,
            seen_ms: AtomicI64::new(1_000),
            browser: String::new(),
        }
    }

    #[test]
    fn another_process_of_the_same_key_reads_it_until_it_is_over() {
        let one = Carried::new([1; 64], "id");
        let cookie = one.issue(&session("id#17", "id"));
        let other = Carried::new([1; 64], "id");
        let read = other.read(&cookie, 1_500).expect("a session");
        assert_eq!(read.user, "id#17");
        assert_eq!(read.federated.expect("somebody").role, Role::Admin);
        assert!(other.read(&cookie, 2_000).is_none(), "over");
        assert!(Carried::new([2; 64], "id").read(&cookie, 1_500).is_none());
        assert!(
            Carried::new([1; 64], "other")
                .read(&cookie, 1_500)
                .is_none(),
            "the settings let others in now"
        );
    }

    #[test]
    fn what_was_ended_does_not_come_back() {
        let carried = Carried::new([1; 64], "id");
        let cookie = carried.issue(&session("admin", ""));
        let second = carried.issue(&session("admin", ""));
        assert_ne!(cookie, second);
        carried.end(random::digest(&cookie), 1_200);
        assert!(carried.read(&cookie, 1_500).is_none());
        assert!(carried.read(&second, 1_500).is_some());
        carried.end_all("admin", 1_300);
        assert!(carried.read(&second, 1_500).is_none());
        let of_other = carried.issue(&session("reader", ""));
        assert!(carried.read(&of_other, 1_500).is_some());
    }
}
