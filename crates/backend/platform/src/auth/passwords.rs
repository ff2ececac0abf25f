//! Argon2id, off the async threads, a few at a time.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use argon2::{
    Argon2,
    password_hash::{Error, PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};
use tokio::sync::Semaphore;

use crate::random::{self, Digest};

/// Each takes 19 MiB and tens of milliseconds.
const AT_ONCE: usize = 2;
const REMEMBERED: usize = 64;

pub(super) struct Passwords {
    slots: Arc<Semaphore>,
    /// Pairs of hash and password found right, so that a script's every request with HTTP Basic
    /// does not pay for Argon2; keyed by a secret of this process.
    right: Mutex<HashSet<Digest>>,
    secret: String,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            slots: Arc::new(Semaphore::new(AT_ONCE)),
            right: Mutex::default(),
            secret: random::secret(),
        }
    }
}

impl Passwords {
    pub(super) async fn hash(&self, password: &str) -> Result<String, Error> {
        let password = password.to_string();
        let hashed = tokio::task::spawn_blocking(move || {
            let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>())?;
            let hash = Argon2::default().hash_password(password.as_bytes(), &salt)?;
            Ok(hash.to_string())
        });
        hashed.await.unwrap_or(Err(Error::Crypto))
    }

    pub(super) async fn verify(&self, password: &str, hash: &str) -> bool {
        let pair = random::digest(&format!("{}\0{hash}\0{password}", self.secret));
        if self.remembered().contains(&pair) {
            return true;
        }
        let Ok(_slot) = self.slots.clone().acquire_owned().await else {
            return false;
        };
        let (password, hash) = (password.to_string(), hash.to_string());
        let checked = tokio::task::spawn_blocking(move || {
            PasswordHash::new(&hash).is_ok_and(|hash| {
                Argon2::default()
                    .verify_password(password.as_bytes(), &hash)
                    .is_ok()
            })
        });
        let right = checked.await.unwrap_or(false);
        if right {
            let mut remembered = self.remembered();
            if remembered.len() >= REMEMBERED {
                remembered.clear();
            }
            remembered.insert(pair);
        }
        right
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, HashSet<Digest>> {
        self.right.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_fits_also_the_second_time() {
        let passwords = Passwords::default();
        let hash = passwords.hash("correct horse").await.expect("hash");
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        for _ in 0..2 {
            assert!(passwords.verify("correct horse", &hash).await);
            assert!(!passwords.verify("wrong horse", &hash).await);
        }
        let other = passwords.hash("battery").await.expect("hash");
        assert!(!passwords.verify("correct horse", &other).await);
    }
}
