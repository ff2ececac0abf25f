use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use weir_store::{Store, StoreError};

use super::Role;
use crate::clock;

#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) role: Role,
    pub(super) password_hash: Option<String>,
}

pub(super) struct Users {
    store: Store,
    users: RwLock<HashMap<String, User>>,
}

impl Users {
    pub(super) async fn load(store: &Store) -> Result<Self, StoreError> {
        let users = store
            .write(|tx| {
                tx.execute_batch(
                    "CREATE TABLE IF NOT EXISTS backend_users (
                         name TEXT PRIMARY KEY, password_hash TEXT, created_ms INTEGER NOT NULL
                     ) STRICT",
                )?;
                let mut select = tx.prepare("SELECT name, password_hash FROM backend_users")?;
                let users = select.query_map([], |row| {
                    let user = User {
                        role: Role::Admin,
                        password_hash: row.get(1)?,
                    };
                    Ok((row.get(0)?, user))
                })?;
                Ok(users.collect::<Result<_, _>>()?)
            })
            .await?;
        Ok(Self {
            store: store.clone(),
            users: RwLock::new(users),
        })
    }

    pub(super) fn get(&self, name: &str) -> Option<User> {
        let users = self.users.read().unwrap_or_else(PoisonError::into_inner);
        users.get(name).cloned()
    }

    pub(super) fn any_password(&self) -> bool {
        let users = self.users.read().unwrap_or_else(PoisonError::into_inner);
        users.values().any(|user| user.password_hash.is_some())
    }

    pub(super) async fn add(&self, name: &str, role: Role) -> Result<(), StoreError> {
        let (key, now) = (name.to_string(), clock::now_ms());
        self.store
            .write(move |tx| {
                tx.execute(
                    "INSERT INTO backend_users (name, created_ms) VALUES (?1, ?2)",
                    (key, now),
                )?;
                Ok(())
            })
            .await?;
        let user = User {
            role,
            password_hash: None,
        };
        let mut users = self.users.write().unwrap_or_else(PoisonError::into_inner);
        users.insert(name.to_string(), user);
        Ok(())
    }

    pub(super) async fn set_password(&self, name: &str, hash: String) -> Result<(), StoreError> {
        let (key, stored) = (name.to_string(), hash.clone());
        self.store
            .write(move |tx| {
                tx.execute(
                    "UPDATE backend_users SET password_hash = ?2 WHERE name = ?1",
                    (key, stored),
                )?;
                Ok(())
            })
            .await?;
        let mut users = self.users.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(user) = users.get_mut(name) {
            user.password_hash = Some(hash);
        }
        Ok(())
    }
}
