//! Sessions that stand in their cookies: several processes with one key serve the same people, and
//! none of them has to be asked by another.
//!
//! What a process ended it remembers while it runs, and tells the others that ask (`peers.rs`). Who
//! has none to ask learns nothing of it: that is why such a session is short.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError, atomic::AtomicI64},
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
/// In one answer to another process.
const MOST_NEWS: usize = 5_000;

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
    /// Of what the processes say to each other.
    pub(super) among: Seal,
    run: String,
    /// Of the settings that let people in now.
    federation: String,
    /// Of the password that all processes have from their environment.
    password: String,
    ended: Mutex<Ended>,
}

/// What was ended, numbered in the order in which it was heard of.
#[derive(Default)]
struct Ended {
    last: u64,
    /// With the time from when on each says nothing any more.
    sessions: HashMap<Digest, (i64, u64)>,
    /// All sessions of a user that began before.
    users: HashMap<String, (i64, u64)>,
}

impl Ended {
    fn next(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    fn forget(&mut self, now: i64) {
        self.sessions.retain(|_, (until, _)| *until > now);
        let old = |before: i64| before + LIFE_MS + SKEW_MS <= now;
        self.users.retain(|_, (before, _)| !old(*before));
    }
}

/// What another process hears of it.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct News {
    /// Of this run of the process: another one counts anew.
    run: String,
    /// To go on from.
    last: u64,
    sessions: Vec<(Digest, i64)>,
    users: Vec<(String, i64)>,
}

/// How far a process has been heard.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Heard {
    run: String,
    last: u64,
}

impl News {
    pub(super) fn heard(&self) -> Heard {
        Heard {
            run: self.run.clone(),
            last: self.last,
        }
    }
}

impl Carried {
    /// Another `federation` or another password let nobody in whom the ones before let in.
    pub(super) fn new(key: [u8; 64], federation: &str, admin_password: Option<&str>) -> Self {
        let password = admin_password.unwrap_or_default();
        Self {
            seal: Seal::new(key, "session"),
            among: Seal::new(key, "replica"),
            run: random::secret(),
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
        let ended = self.ended();
        let before = ended.users.get(&ticket.user);
        ended.sessions.contains_key(&random::digest(cookie))
            || before.is_some_and(|(before, _)| ticket.started_ms <= *before)
    }

    pub(super) fn end(&self, sessions: impl IntoIterator<Item = Digest>, now: i64) {
        let mut ended = self.ended();
        ended.forget(now);
        for session in sessions {
            let number = ended.next();
            let until = now + LIFE_MS + SKEW_MS;
            ended.sessions.entry(session).or_insert((until, number));
        }
    }

    /// Those of the user that are not known here, too.
    pub(super) fn end_all(&self, user: &str, now: i64) {
        let mut ended = self.ended();
        ended.forget(now);
        let number = ended.next();
        ended.users.insert(user.to_string(), (now, number));
    }

    /// What was ended since another process asked last, a part of it where it is much.
    pub(super) fn news(&self, since: &Heard) -> News {
        let ended = self.ended();
        let since = if since.run == self.run { since.last } else { 0 };
        let sessions = ended.sessions.iter();
        let sessions = sessions.map(|(session, (until, n))| (*n, Some((*session, *until)), None));
        let users = ended.users.iter();
        let users = users.map(|(user, (before, n))| (*n, None, Some((user.clone(), *before))));
        let mut all: Vec<_> = sessions.chain(users).filter(|(n, ..)| *n > since).collect();
        all.sort_unstable_by_key(|(n, ..)| *n);
        all.truncate(MOST_NEWS);
        News {
            run: self.run.clone(),
            last: all.last().map_or(ended.last, |(n, ..)| *n),
            sessions: all.iter().filter_map(|(_, session, _)| *session).collect(),
            users: all.into_iter().filter_map(|(_, _, user)| user).collect(),
        }
    }

    /// Takes over what another process ended; that others hear of it, too. What was new.
    pub(super) fn learn(&self, news: News, now: i64) -> (Vec<Digest>, Vec<(String, i64)>) {
        let mut ended = self.ended();
        ended.forget(now);
        let (mut sessions, mut users) = (Vec::new(), Vec::new());
        for (session, until) in news.sessions {
            let until = until.min(now + LIFE_MS + SKEW_MS);
            if until > now && !ended.sessions.contains_key(&session) {
                let number = ended.next();
                ended.sessions.insert(session, (until, number));
                sessions.push(session);
            }
        }
        for (user, before) in news.users {
            // The other clock may be ahead: who signs in after this may stay.
            let before = before.min(now);
            if ended
                .users
                .get(&user)
                .is_none_or(|(known, _)| *known < before)
            {
                let number = ended.next();
                ended.users.insert(user.clone(), (before, number));
                users.push((user, before));
            }
        }
        (sessions, users)
    }

    fn ended(&self) -> MutexGuard<'_, Ended> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
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
    fn what_one_process_ended_the_others_learn_once() {
        let (one, two, three) = (carried(1, "id"), carried(1, "id"), carried(1, "id"));
        let cookies: Vec<String> = (0..4)
            .map(|n| one.issue(&session(if n < 2 { ADMIN } else { "id#17" }, "id")))
            .collect();
        assert!(three.read(&cookies[0], 1_500).is_some());
        one.end([random::digest(&cookies[0])], 1_200);
        one.end_all("id#17", 1_300);
        let news = one.news(&Heard::default());
        let heard = news.heard();
        let (sessions, users) = two.learn(news, 1_400);
        assert_eq!(sessions, [random::digest(&cookies[0])]);
        assert_eq!(users, [("id#17".to_string(), 1_300)]);
        assert_eq!(one.news(&heard).sessions, []);
        // From one that heard of it, and no second time.
        three.learn(two.news(&Heard::default()), 1_400);
        let again = three.learn(one.news(&Heard::default()), 1_400);
        assert_eq!(again, (vec![], vec![]));
        let open = |cookie: &String| three.read(cookie, 1_500).is_some();
        assert_eq!(
            cookies.iter().map(open).collect::<Vec<_>>(),
            [false, true, false, false]
        );
        // After a new start all counts anew.
        let restarted = carried(1, "id");
        restarted.end([random::digest(&cookies[1])], 1_600);
        assert_eq!(restarted.news(&heard).sessions.len(), 1);
    }

    #[test]
    fn much_news_comes_in_parts() {
        let (one, two) = (carried(1, "id"), carried(1, "id"));
        let all = (0..MOST_NEWS + 7).map(|n| random::digest(&n.to_string()));
        one.end(all, 1_000);
        let first = one.news(&Heard::default());
        let heard = first.heard();
        assert_eq!(two.learn(first, 1_000).0.len(), MOST_NEWS);
        assert_eq!(two.learn(one.news(&heard), 1_000).0.len(), 7);
    }

    #[test]
    fn a_clock_that_is_ahead_ends_nothing_that_begins_later() {
        let (one, two) = (carried(1, "id"), carried(1, "id"));
        one.end_all(ADMIN, 90_000);
        two.learn(one.news(&Heard::default()), 999);
        let later = two.issue(&session(ADMIN, ""));
        assert!(two.read(&later, 1_500).is_some());
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
