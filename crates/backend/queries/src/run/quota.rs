//! How many queries run at once: all together, and of each user, so that nobody uses up the room
//! of others.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::http::StatusCode;

use weir_api::session::Usage;

use crate::error::Failure;

/// Cheap to clone.
#[derive(Clone)]
pub struct Quota(Arc<Inner>);

struct Inner {
    /// All together.
    most: usize,
    most_per_user: usize,
    running: Mutex<HashMap<String, usize>>,
}

/// Room for one query; dropping it gives it back.
pub struct Permit {
    quota: Quota,
    user: String,
}

impl Quota {
    pub fn new(most: usize, most_per_user: usize) -> Self {
        Self(Arc::new(Inner {
            most,
            most_per_user,
            running: Mutex::default(),
        }))
    }

    /// 429 where the user, or everybody together, has used it up.
    pub fn take(&self, user: &str) -> Result<Permit, Failure> {
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
        Err(Failure::new(StatusCode::TOO_MANY_REQUESTS, words))
    }

    pub fn usage(&self, user: &str) -> Usage {
        let running = self.running();
        Usage {
            queries: running.get(user).copied().unwrap_or(0) as u64,
            queries_limit: self.0.most_per_user as u64,
            all_queries: running.values().sum::<usize>() as u64,
            all_queries_limit: self.0.most as u64,
        }
    }

    fn running(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
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
        let quota = Quota::new(5, 3);
        let of_reader: Vec<_> = (0..3).map(|_| quota.take("reader")).collect();
        assert!(of_reader.iter().all(Result::is_ok));
        let refused = quota.take("reader").map(|_| ()).expect_err("a fourth");
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(refused.message().contains("3 queries of yours"));
        let first = quota.take("admin").expect("another user");
        let _second = quota.take("admin").expect("another user");
        let usage = Usage {
            queries: 2,
            queries_limit: 3,
            all_queries: 5,
            all_queries_limit: 5,
        };
        assert_eq!(quota.usage("admin"), usage);
        let refused = quota.take("third").map(|_| ()).expect_err("a sixth of all");
        assert!(refused.message().starts_with("5 queries are running"));
        drop(first);
        quota.take("third").expect("room came back");
        drop(of_reader);
        assert_eq!(quota.running().len(), 1);
    }
}
