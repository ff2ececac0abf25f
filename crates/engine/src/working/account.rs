//! What queries hold: each of them, those of one user, and all together. Each has a bound, so that
//! nobody takes the memory of others.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::Limits;

/// Of all queries of the process.
static ALL: AtomicUsize = AtomicUsize::new(0);

/// Of those who have queries.
static USERS: Mutex<Option<HashMap<String, Weak<AtomicUsize>>>> = Mutex::new(None);

/// Changes below this are not worth telling.
pub(crate) const STEP: usize = 64 << 10;

/// Of one query. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Account {
    query: Arc<AtomicUsize>,
    /// None for what the backend itself runs: it must not fail for others.
    user: Option<Arc<AtomicUsize>>,
}

impl Account {
    pub(crate) fn of(user: &str) -> Self {
        let mut users = USERS.lock().unwrap_or_else(PoisonError::into_inner);
        let users = users.get_or_insert_default();
        let known = users.get(user).and_then(Weak::upgrade);
        let held = known.unwrap_or_else(|| {
            users.retain(|_, held| held.strong_count() > 0);
            let held = Arc::default();
            users.insert(user.to_string(), Arc::downgrade(&held));
            held
        });
        Self {
            query: Arc::default(),
            user: Some(held),
        }
    }

    fn all(&self) -> impl Iterator<Item = &AtomicUsize> {
        let user = self.user.as_deref();
        [&*self.query, &ALL].into_iter().chain(user)
    }
}

/// Bytes that the queries of this user hold.
pub fn held_by(user: &str) -> usize {
    let users = USERS.lock().unwrap_or_else(PoisonError::into_inner);
    let held = users.as_ref().and_then(|users| users.get(user)?.upgrade());
    held.map_or(0, |held| held.load(Ordering::Relaxed))
}

/// Bytes that all queries hold.
pub fn held_by_all() -> usize {
    ALL.load(Ordering::Relaxed)
}

/// What one part of a query holds. Dropping it gives it back.
#[derive(Debug, Default)]
pub(crate) struct Charge {
    bytes: usize,
    account: Option<Account>,
}

impl Charge {
    /// It holds so many bytes now.
    pub(crate) fn set(&mut self, bytes: usize) -> Result<(), String> {
        if bytes.abs_diff(self.bytes) < STEP {
            return Ok(());
        }
        let account = self.account.get_or_insert_with(super::account);
        let before = std::mem::replace(&mut self.bytes, bytes);
        if bytes < before {
            for held in account.all() {
                held.fetch_sub(before - bytes, Ordering::Relaxed);
            }
            return Ok(());
        }
        let more = bytes - before;
        for held in account.all() {
            held.fetch_add(more, Ordering::Relaxed);
        }
        let within = within(account);
        if within.is_err() {
            // Whoever asks for more ends, and not others with it.
            for held in account.all() {
                held.fetch_sub(more, Ordering::Relaxed);
            }
            self.bytes = before;
        }
        within
    }
}

/// Whether it and all together are within their bounds.
fn within(account: &Account) -> Result<(), String> {
    let limits = Limits::get();
    let over = |held: &AtomicUsize, most: usize, said: (&str, &str)| match held
        .load(Ordering::Relaxed)
        > most
    {
        true => Err(format!("{} {} MiB: {}", said.0, most >> 20, said.1)),
        false => Ok(()),
    };
    over(
        &account.query,
        limits.query_memory_bytes,
        (
            "the query holds more than",
            "group by less, or by windows, or make smaller values",
        ),
    )?;
    if let Some(user) = &account.user {
        over(
            user,
            limits.user_memory_bytes,
            ("your queries together hold more than", "cancel some first"),
        )?;
    }
    over(
        &ALL,
        limits.memory_bytes,
        (
            "all queries together hold more than",
            "try again later, or cancel others",
        ),
    )
}

impl Drop for Charge {
    fn drop(&mut self) {
        if let Some(account) = &self.account {
            for held in account.all() {
                held.fetch_sub(self.bytes, Ordering::Relaxed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charge(account: &Account) -> Charge {
        Charge {
            bytes: 0,
            account: Some(account.clone()),
        }
    }

    #[test]
    fn each_query_each_user_and_all_have_a_bound() {
        let limits = Limits::get();
        let (most, one) = (limits.query_memory_bytes, limits.user_memory_bytes);
        let first = Account::of("a user of this test");
        let mut held = charge(&first);
        held.set(1 << 20).unwrap();
        assert_eq!(held_by("a user of this test"), 1 << 20);
        let mut more = charge(&first);
        let error = more.set(most).unwrap_err();
        assert!(
            error.contains("the query holds more than 256 MiB"),
            "{error}"
        );
        drop((more, held));
        assert_eq!(held_by("a user of this test"), 0);

        let mut own: Vec<Charge> = Vec::new();
        let refused = (0..=one / most).find_map(|_| {
            let mut other = charge(&Account::of("a user of this test"));
            let set = other.set(most);
            own.push(other);
            set.err()
        });
        let refused = refused.unwrap();
        assert!(refused.contains("your queries together"), "{refused}");
        own.pop();
        let mut others = charge(&Account::of("another user of this test"));
        others.set(most).unwrap();
        let mut all: Vec<Charge> = Vec::new();
        let refused = (0..=limits.memory_bytes / most).find_map(|_| {
            let mut other = charge(&Account::default());
            let set = other.set(most);
            all.push(other);
            set.err()
        });
        assert!(refused.unwrap().contains("all queries"));
    }
}
