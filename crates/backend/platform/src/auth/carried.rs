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
    users::ADMIN,
};
use crate::random::{self, Digest};

pub(super) const LIFE_MS: i64 = 12 * 60 * 60 * 1000;
/// How far the clocks of two processes may be apart: what was ended is remembered so much longer.
const SKEW_MS: i64 = 24 * 60 * 60 * 1000;

/// What the cookie says.
#[derive(Serialize, Deserialize)]
struct Ticket {
    /// No two are the same.
    id: String,
    user: String,
    /// Name and role of somebody who is no user here.
    person: Option<(String, Role)>,
    /// Of what let them in: the settings of a provider, or the password.
    mark: String,
    started_ms: i64,
    expires_ms: i64,
}

pub(super) struct Carried {
    seal: Seal,
    /// Of the settings that let people in now.
    federation: String,
    /// Of the password that all processes have from their environment.
    password: String,
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
    /// Another `federation` or another password let nobody in whom the ones before let in.
    pub(super) fn new(key: [u8; 64], federation: &str, admin_password: Option<&str>) -> Self {
        let password = admin_password.unwrap_or_default();
        Self {
            seal: Seal::new(key, "session"),
            federation: federation.to_string(),
            password: random::derived_secret(&key, &format!("password:{password}")),
            ended: Mutex::default(),
        }
    }

    /// The value of the cookie.
    pub(super) fn issue(&self, session: &Session) -> String {
        let (person, mark) = match session.federated.clone() {
            Some(Federated { name, role, mark }) => (Some((name, role)), mark),
            None => (None, self.password.clone()),
        };
        self.seal.close(&Ticket {
            id: random::secret(),
            user: session.user.clone(),
            person,
            mark,
            started_ms: session.started_ms,
            expires_ms: session.expires_ms,
        })
    }

    /// The session of a cookie, as long as it lasts. Of the users only `admin` is the same
    /// everywhere.
    pub(super) fn read(&self, cookie: &str, now: i64) -> Option<Session> {
        let ticket: Ticket = self.seal.open(cookie)?;
        let known = match &ticket.person {
            Some(_) => random::same(&ticket.mark, &self.federation),
            None => ticket.user == ADMIN && random::same(&ticket.mark, &self.password),
        };
        if !known || ticket.expires_ms <= now || self.has_ended(cookie, &ticket) {
            return None;
        }
        let mark = ticket.mark;
        let federated = ticket
            .person
            .map(|(name, role)| Federated { name, role, mark });
        Some(Session {
            user: ticket.user,
            federated,
            // The other process' clock may be ahead.
            expires_ms: ticket.expires_ms.min(now + LIFE_MS),
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

    pub(super) fn end(&self, sessions: impl IntoIterator<Item = Digest>, now: i64) {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.sessions.retain(|_, until| *until > now);
        let until = now + LIFE_MS + SKEW_MS;
        ended
            .sessions
            .extend(sessions.into_iter().map(|session| (session, until)));
    }

    /// Those of the user that are not known here, too.
    pub(super) fn end_all(&self, user: &str, now: i64) {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended
            .users
            .retain(|_, before| *before + LIFE_MS + SKEW_MS > now);
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

    fn carried(key: u8, federation: &str) -> Carried {
        Carried::new([key; 64], federation, Some("a password"))
    }

    #[test]
    fn another_process_of_the_same_key_reads_it_until_it_is_over() {
        let one = carried(1, "id");
        let cookie = one.issue(&session("id#17", "id"));
        let other = carried(1, "id");
        let read = other.read(&cookie, 1_500).expect("a session");
        assert_eq!(read.user, "id#17");
        assert_eq!(read.federated.expect("somebody").role, Role::Admin);
        assert!(other.read(&cookie, 2_000).is_none(), "over");
        assert!(carried(2, "id").read(&cookie, 1_500).is_none());
        let others_now = carried(1, "other");
        assert!(others_now.read(&cookie, 1_500).is_none());
    }

    #[test]
    fn a_user_is_known_elsewhere_by_the_password_that_all_have() {
        let cookie = carried(1, "id").issue(&session(ADMIN, ""));
        assert!(carried(1, "other").read(&cookie, 1_500).is_some());
        for password in [None, Some(""), Some("a new password")] {
            let changed = Carried::new([1; 64], "id", password);
            assert!(changed.read(&cookie, 1_500).is_none(), "{password:?}");
        }
        let of_other = carried(1, "id").issue(&session("bob", ""));
        assert!(carried(1, "id").read(&of_other, 1_500).is_none());
    }

    #[test]
    fn what_was_ended_does_not_come_back() {
        let carried = carried(1, "id");
        let cookie = carried.issue(&session(ADMIN, ""));
        let second = carried.issue(&session(ADMIN, ""));
        assert_ne!(cookie, second);
        carried.end([random::digest(&cookie)], 1_200);
        assert!(carried.read(&cookie, 1_500).is_none());
        assert!(carried.read(&second, 1_500).is_some());
        carried.end_all(ADMIN, 1_300);
        assert!(carried.read(&second, 1_500).is_none());
        let of_other = carried.issue(&session("id#17", "id"));
        assert!(carried.read(&of_other, 1_500).is_some());
    }

    #[test]
    fn a_process_whose_clock_is_ahead_gives_no_longer_sessions() {
        let carried = carried(1, "id");
        let ahead = Session {
            started_ms: LIFE_MS,
            expires_ms: 2 * LIFE_MS,
            ..session(ADMIN, "")
        };
        let cookie = carried.issue(&ahead);
        let read = carried.read(&cookie, 1_000).expect("a session");
        assert_eq!(read.expires_ms, LIFE_MS + 1_000);
        carried.end([random::digest(&cookie)], 1_000);
        // What else is ended meanwhile does not bring it back.
        carried.end([random::digest("another")], 1_999 + LIFE_MS);
        assert!(carried.read(&cookie, 1_999 + LIFE_MS).is_none());
    }
}
