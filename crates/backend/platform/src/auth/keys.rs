//! API keys: shown once, kept hashed.
//!
//! A key's secret is derived from its id and a master secret in a file of its own, so that
//! signatures made with it can be checked although the database does not hold it.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use weir_store::{Store, StoreError};

use super::permission::Permissions;
use crate::{
    clock,
    error::HttpError,
    random::{self, Digest},
};

/// Tokens of one name and user; a new one ends the oldest.
const TOKENS: usize = 50;

/// Keys of one user, which are held in memory.
const KEYS: usize = 500;

/// Characters of a key's name and of what is said of it.
pub const NAME: usize = 200;
pub const DESCRIPTION: usize = 4000;

#[derive(Debug, Clone)]
pub struct Key {
    pub id: String,
    /// Given name and the masked key.
    pub name: String,
    pub user: String,
    pub created_ms: i64,
    /// `None`: never.
    pub expires_ms: Option<i64>,
    pub permissions: Permissions,
    pub description: String,
}

impl Key {
    /// The name without the masked key.
    pub fn given_name(&self) -> &str {
        self.name
            .rsplit_once(" (")
            .map_or(self.name.as_str(), |(name, _)| name)
    }

    pub(super) fn has_expired(&self) -> bool {
        self.expires_ms.is_some_and(|at| at <= clock::now_ms())
    }
}

pub struct Keys {
    store: Store,
    master: [u8; 64],
    keys: RwLock<HashMap<Digest, Key>>,
}

impl Keys {
    pub(super) async fn load(store: &Store, master: [u8; 64]) -> Result<Self, StoreError> {
        let keys = store
            .write(|tx| {
                tx.execute_batch(
                    "CREATE TABLE IF NOT EXISTS backend_api_keys (
                         digest BLOB PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
                         user TEXT NOT NULL, created_ms INTEGER NOT NULL, expires_ms INTEGER
                     ) STRICT",
                )?;
                for column in ["permissions", "description"] {
                    super::add_column(tx, "backend_api_keys", column, "")?;
                }
                let mut select = tx.prepare(
                    "SELECT digest, id, name, user, created_ms, expires_ms, permissions, description
                     FROM backend_api_keys",
                )?;
                let keys = select.query_map([], |row| {
                    let key = Key {
                        id: row.get(1)?,
                        name: row.get(2)?,
                        user: row.get(3)?,
                        created_ms: row.get(4)?,
                        expires_ms: row.get(5)?,
                        permissions: Permissions::stored(&row.get::<_, String>(6)?),
                        description: row.get(7)?,
                    };
                    Ok((row.get(0)?, key))
                })?;
                Ok(keys.collect::<Result<_, _>>()?)
            })
            .await?;
        Ok(Self {
            store: store.clone(),
            master,
            keys: RwLock::new(keys),
        })
    }

    /// Refuses one more for a user who has many.
    pub fn may_have_more(&self, user: &str) -> Result<(), HttpError> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let own = keys.values().filter(|key| key.user == user).count();
        match own < KEYS {
            true => Ok(()),
            false => Err(HttpError::bad_request(format!(
                "you have {own} API keys and tokens, and the limit is {KEYS}: delete some first"
            ))),
        }
    }

    /// The key's secret, which is not kept, and what is.
    pub async fn create(
        &self,
        name: &str,
        user: &str,
        expires_ms: Option<i64>,
        permissions: Permissions,
    ) -> Result<(String, Key), StoreError> {
        let id = random::uuid();
        let secret = random::api_key(&self.master, &id);
        let digest = random::digest(&secret);
        let masked = format!("{}****{}", &secret[..4], &secret[secret.len() - 4..]);
        let key = Key {
            id,
            name: match name {
                "" => masked,
                name => format!("{name} ({masked})"),
            },
            user: user.to_string(),
            created_ms: clock::now_ms(),
            expires_ms,
            permissions,
            description: String::new(),
        };
        let stored = key.clone();
        self.store
            .write(move |tx| {
                tx.execute(
                    "INSERT INTO backend_api_keys
                         (digest, id, name, user, created_ms, expires_ms, permissions)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    (
                        digest,
                        stored.id,
                        stored.name,
                        stored.user,
                        stored.created_ms,
                        stored.expires_ms,
                        stored.permissions.to_stored(),
                    ),
                )?;
                Ok(())
            })
            .await?;
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        keys.insert(digest, key.clone());
        Ok((secret, key))
    }

    pub async fn describe(&self, id: &str, description: &str) -> Result<(), StoreError> {
        let (key, text) = (id.to_string(), description.to_string());
        self.store
            .write(move |tx| {
                let sql = "UPDATE backend_api_keys SET description = ?2 WHERE id = ?1";
                tx.execute(sql, (key, text))?;
                Ok(())
            })
            .await?;
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        for key in keys.values_mut().filter(|key| key.id == id) {
            key.description = description.into();
        }
        Ok(())
    }

    /// A token: a key that may do all its user may, and ends. Those called `name` that are over go,
    /// and of the user's the oldest where there are too many.
    pub async fn token(
        &self,
        name: &str,
        user: &str,
        expires_ms: i64,
    ) -> Result<String, StoreError> {
        let now = clock::now_ms();
        let tokens = self.list().into_iter();
        let tokens = tokens.filter(|key| key.expires_ms.is_some() && key.name.starts_with(name));
        let (over, open): (Vec<_>, Vec<_>) =
            tokens.partition(|key| key.expires_ms.is_some_and(|at| at <= now));
        let own: Vec<_> = open.iter().filter(|key| key.user == user).collect();
        let many = own.iter().take((own.len() + 1).saturating_sub(TOKENS));
        for old in over.iter().chain(many.copied()) {
            self.delete(&old.id).await?;
        }
        let all = Permissions::default();
        let (secret, _) = self.create(name, user, Some(expires_ms), all).await?;
        Ok(secret)
    }

    /// Ends the key with this secret; false where there is none.
    pub async fn revoke(&self, secret: &str) -> Result<bool, StoreError> {
        match self.find(secret) {
            Some(key) => self.delete(&key.id).await,
            None => Ok(false),
        }
    }

    pub(super) fn find(&self, secret: &str) -> Option<Key> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.get(&random::digest(secret)).cloned()
    }

    /// It exists and has not expired.
    pub(super) fn holds(&self, id: &str) -> bool {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.values().any(|key| key.id == id && !key.has_expired())
    }

    /// The key with its secret. None where there is no such key, or where it was made with another
    /// master secret.
    pub(super) fn with_secret(&self, id: &str) -> Option<(String, Key)> {
        // Keys of earlier versions were shorter and stay good.
        [random::api_key, random::derived_secret]
            .into_iter()
            .map(|secret| secret(&self.master, id))
            .find_map(|secret| self.find(&secret).map(|key| (secret, key)))
    }

    /// A secret that is the same after every start and is not stored: of what the backend itself
    /// makes, which has names that no key has.
    pub fn secret_of(&self, name: &str) -> String {
        random::derived_secret(&self.master, name)
    }

    /// Oldest first.
    pub fn list(&self) -> Vec<Key> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let mut list: Vec<Key> = keys.values().cloned().collect();
        list.sort_by(|a, b| (a.created_ms, &a.id).cmp(&(b.created_ms, &b.id)));
        list
    }

    /// False when there is none.
    pub async fn delete(&self, id: &str) -> Result<bool, StoreError> {
        let key = id.to_string();
        let deleted = self
            .store
            .write(move |tx| Ok(tx.execute("DELETE FROM backend_api_keys WHERE id = ?1", [key])?))
            .await?;
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        keys.retain(|_, key| key.id != id);
        Ok(deleted > 0)
    }

    pub(super) async fn delete_all(&self, user: &str) -> Result<(), StoreError> {
        let name = user.to_string();
        self.store
            .write(move |tx| {
                tx.execute("DELETE FROM backend_api_keys WHERE user = ?1", [name])?;
                Ok(())
            })
            .await?;
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        keys.retain(|_, key| key.user != user);
        Ok(())
    }
}
