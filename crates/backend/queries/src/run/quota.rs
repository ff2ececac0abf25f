//! How many queries run at once: all together, and of each user, so that nobody uses up the room
//! of others.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::http::StatusCode;

use weir_api::session::Usage;
use weir_engine::{Limits, held_by, held_by_all};

use crate::{clock, error::HttpError};

const HOUR_MS: i64 = 60 * 60 * 1000;

/// Cheap to clone.
#[derive(Clone)]
pub struct Quota(Arc<Inner>);

struct Inner {
    /// All together.
    most: usize,
    most_per_user: usize,
    running: Mutex<HashMap<String, usize>>,
    /// Rows that one user's queries may send in an hour; 0: any.
    most_rows: u64,
    sent: Mutex<HashMap<String, Sent>>,
}

/// In this hour, and since the start.
#[derive(Debug, Clone, Copy, Default)]
struct Sent {
    hour: i64,
    rows: u64,
    total: u64,
}

/// What one user uses.
#[derive(Debug, Clone, Copy, Default)]
pub struct Used {
    pub queries: usize,
    pub memory: usize,
    /// Sent since the start.
    pub rows: u64,
}

/// Room for one query; dropping it gives it back.
pub struct Permit {
    quota: Quota,
    user: String,
}

impl Quota {
    pub fn new(most: usize, most_per_user: usize, most_rows: u64) -> Self {
        Self(Arc::new(Inner {
            most,
            most_per_user,
            running: Mutex::default(),
            most_rows,
            sent: Mutex::default(),
        }))
    }

    /// 429 where the user, or everybody together, has used it up.
    pub fn take(&self, user: &str) -> Result<Permit, HttpError> {
        let mut running = self.running();
        let all: usize = running.values().sum();
        let own = running.get(user).copied().unwrap_or(0);
        let words = if all >= self.0.most {
            format!("{all} queries are running, which is the limit; cancel some first")
        } else if own >= self.0.most_per_user {
            format!(
                "{own} queries of yours are running, which is the limit for each user; cancel \
                 some first"
            )
        } else {
            *running.entry(user.to_string()).or_default() += 1;
            return Ok(Permit {
                quota: self.clone(),
                user: user.to_string(),
            });
        };
        Err(HttpError::new(StatusCode::TOO_MANY_REQUESTS, words))
    }

    pub fn usage(&self, user: &str) -> Usage {
        let running = self.running();
        Usage {
            queries: running.get(user).copied().unwrap_or(0) as u64,
            queries_limit: self.0.most_per_user as u64,
            all_queries: running.values().sum::<usize>() as u64,
            all_queries_limit: self.0.most as u64,
            memory: held_by(user) as u64,
            memory_limit: Limits::get().user_memory_bytes as u64,
            all_memory: held_by_all() as u64,
            all_memory_limit: Limits::get().memory_bytes as u64,
            rows: self.sent_this_hour(user),
            rows_limit: self.0.most_rows,
            ..Usage::default()
        }
    }

    /// A query of this user has sent so many rows more; an error where that is more than it may in
    /// an hour.
    pub fn send(&self, user: &str, rows: u64) -> Result<(), String> {
        let mut all = self.0.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = all.entry(user.to_string()).or_default();
        let hour = clock::now_ms() / HOUR_MS;
        if sent.hour != hour {
            (sent.hour, sent.rows) = (hour, 0);
        }
        sent.rows += rows;
        sent.total += rows;
        match self.0.most_rows {
            most if most > 0 && sent.rows > most => Err(format!(
                "your queries have sent {most} rows in this hour, which is the limit for each user"
            )),
            _ => Ok(()),
        }
    }

    fn sent_this_hour(&self, user: &str) -> u64 {
        let all = self.0.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = all.get(user).copied().unwrap_or_default();
        let now = clock::now_ms() / HOUR_MS;
        if sent.hour == now { sent.rows } else { 0 }
    }

    /// Whoever has used anything, and what.
    pub fn used(&self) -> BTreeMap<String, Used> {
        let mut all: BTreeMap<String, Used> = BTreeMap::new();
        for (user, queries) in self.running().iter() {
            all.entry(user.clone()).or_default().queries = *queries;
        }
        let sent = self.0.sent.lock().unwrap_or_else(PoisonError::into_inner);
        for (user, sent) in sent.iter() {
            all.entry(user.clone()).or_default().rows = sent.total;
        }
        for (user, used) in &mut all {
            used.memory = held_by(user);
        }
        all
    }

    fn running(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit {
    pub fn quota(&self) -> Quota {
        self.quota.clone()
    }

    pub fn user(&self) -> &str {
        &self.user
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut running = self.quota.running();
        if let Some(own) = running.get_mut(&self.user) {
            *own -= 1;
            if *own == 0 {
                running.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_user_does_not_use_up_the_room_of_another() {
        let quota = Quota::new(5, 3, 10);
        let of_reader: Vec<_> = (0..3).map(|_| quota.take("reader")).collect();
        assert!(of_reader.iter().all(Result::is_ok));
        let refused = quota.take("reader").map(|_| ()).expect_err("a fourth");
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(refused.message().contains("3 queries of yours"));
        let first = quota.take("admin").expect("another user");
        let _second = quota.take("admin").expect("another user");
        let usage = quota.usage("admin");
        assert_eq!((usage.queries, usage.queries_limit), (2, 3));
        assert_eq!((usage.all_queries, usage.all_queries_limit), (5, 5));
        let refused = quota.take("third").map(|_| ()).expect_err("a sixth of all");
        assert!(refused.message().starts_with("5 queries are running"));
        drop(first);
        quota.take("third").expect("room came back");
        drop(of_reader);
        assert_eq!(quota.running().len(), 1);
    }

    #[test]
    fn rows_are_counted_for_each_user() {
        let quota = Quota::new(5, 3, 10);
        quota.send("reader", 10).expect("as many as there may be");
        let refused = quota.send("reader", 1).expect_err("too many");
        assert!(refused.contains("10 rows"), "{refused}");
        quota.send("admin", 5).expect("another user");
        assert_eq!(quota.used()["reader"].rows, 11);
        assert_eq!(quota.usage("admin").rows, 5);
        let any = Quota::new(5, 3, 0);
        any.send("reader", u64::from(u32::MAX)).expect("no limit");
    }
}
