//! Argon2id, off the async threads, a few at a time.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use argon2::{
    Argon2,
    password_hash::{Error, PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::random::{self, Digest};

/// Each takes 19 MiB and tens of milliseconds.
const AT_ONCE: usize = 2;
/// More do not wait: what is checked for others would keep everybody waiting.
const WAITING: usize = 200;
const REMEMBERED: usize = 64;

pub(super) struct Passwords {
    slots: Arc<Semaphore>,
    /// Who checks or waits for it.
    places: Arc<Semaphore>,
    /// Pairs of hash and password found right, so that a script's every request with HTTP Basic
    /// does not pay for Argon2; keyed by a secret of this process.
    right: Mutex<HashSet<Digest>>,
    secret: String,
    /// Nobody's: an unknown user takes as long as a known one.
    nobody: String,
}

/// The right to check a password.
pub(super) struct Turn {
    _place: OwnedSemaphorePermit,
    _slot: OwnedSemaphorePermit,
}

impl Passwords {
    pub(super) async fn new() -> Result<Self, Error> {
        Ok(Self {
            slots: Arc::new(Semaphore::new(AT_ONCE)),
            places: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
            right: Mutex::default(),
            secret: random::secret(),
            nobody: hash(random::secret()).await?,
        })
    }

    pub(super) async fn hash(&self, password: &str) -> Result<String, Error> {
        hash(password.to_string()).await
    }

    /// Waits until a password can be checked; none where too many wait already.
    pub(super) async fn turn(&self) -> Option<Turn> {
        let place = self.places.clone().try_acquire_owned().ok()?;
        let slot = self.slots.clone().acquire_owned().await.ok()?;
        Some(Turn {
            _place: place,
            _slot: slot,
        })
    }

    /// It was found right before.
    pub(super) fn remembers(&self, password: &str, hash: &str) -> bool {
        self.remembered().contains(&self.pair(password, hash))
    }

    /// False without a hash, after the same time.
    pub(super) async fn verify(&self, password: &str, hash: Option<&str>, _turn: Turn) -> bool {
        let pair = hash.map(|hash| self.pair(password, hash));
        let (text, hash) = (
            password.to_string(),
            hash.unwrap_or(&self.nobody).to_string(),
        );
        let checked = tokio::task::spawn_blocking(move || is_of(&text, &hash));
        let right = checked.await.unwrap_or(false);
        let Some(pair) = pair.filter(|_| right) else {
            return false;
        };
        let mut remembered = self.remembered();
        if remembered.len() >= REMEMBERED {
            remembered.clear();
        }
        remembered.insert(pair);
        true
    }

    fn pair(&self, password: &str, hash: &str) -> Digest {
        random::digest(&format!("{}\0{hash}\0{password}", self.secret))
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, HashSet<Digest>> {
        self.right.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the hash is of this password.
pub(super) fn is_of(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        let known = Argon2::default();
        known.verify_password(password.as_bytes(), &hash).is_ok()
    })
}

async fn hash(password: String) -> Result<String, Error> {
    let hashed = tokio::task::spawn_blocking(move || {
        let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>())?;
        let hash = Argon2::default().hash_password(password.as_bytes(), &salt)?;
        Ok(hash.to_string())
    });
    hashed.await.unwrap_or(Err(Error::Crypto))
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn only_the_right_password_fits_also_the_second_time() {
        let passwords = Passwords::new().await.expect("passwords");
        let hash = passwords.hash("correct horse").await.expect("hash");
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        let fits = async |password: &str, hash: Option<&str>| {
            let turn = passwords.turn().await.expect("turn");
            passwords.verify(password, hash, turn).await
        };
        for _ in 0..2 {
            assert!(fits("correct horse", Some(&hash)).await);
            assert!(!fits("wrong horse", Some(&hash)).await);
        }
        assert!(passwords.remembers("correct horse", &hash));
        assert!(!passwords.remembers("wrong horse", &hash));
        let other = passwords.hash("battery").await.expect("hash");
        assert!(!fits("correct horse", Some(&other)).await);
        assert!(!fits("correct horse", None).await);
    }

    #[tokio::test]
    async fn only_so_many_wait() {
        let passwords = Passwords::new().await.expect("passwords");
        let turns = futures_util::future::join_all((0..AT_ONCE).map(|_| passwords.turn())).await;
        assert!(turns.iter().all(Option::is_some));
        let waiting: Vec<_> = (0..WAITING).map(|_| Box::pin(passwords.turn())).collect();
        let mut waiting = futures_util::future::join_all(waiting);
        assert!((&mut waiting).now_or_never().is_none());
        assert!(passwords.turn().await.is_none());
        drop(waiting);
    }
}
