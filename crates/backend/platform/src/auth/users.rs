use std::{
    collections::BTreeMap,
    path::Path,
    sync::{PoisonError, RwLock},
};

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use weir_api::role::Role;
use weir_store::{Store, StoreError};

use super::passwords::is_of;
use crate::clock;

/// The first user; every backend has it.
pub(super) const ADMIN: &str = "admin";

/// Whether a user in this folder's database has one. Nothing is changed.
pub fn has_password(data: &Path) -> Result<bool, StoreError> {
    let Some(db) = stored(data)? else {
        return Ok(false);
    };
    let sql = "SELECT EXISTS (SELECT * FROM backend_users WHERE password_hash IS NOT NULL)";
    Ok(db.query_row(sql, [], |row| row.get(0))?)
}

/// Whether it is that of user `admin` already. Nothing is changed.
pub fn admin_has(data: &Path, password: &str) -> Result<bool, StoreError> {
    let Some(db) = stored(data)? else {
        return Ok(false);
    };
    let sql = "SELECT password_hash FROM backend_users WHERE name = ?1";
    let hash: Option<Option<String>> = db.query_row(sql, [ADMIN], |row| row.get(0)).optional()?;
    Ok(hash.flatten().is_some_and(|hash| is_of(password, &hash)))
}

/// The database where it has users.
fn stored(data: &Path) -> Result<Option<Connection>, StoreError> {
    let file = data.join("weir.db");
    // SQLite would remove the log of an empty one, in which everything may be.
    if !std::fs::metadata(&file).is_ok_and(|file| file.len() > 0) {
        return Ok(None);
    }
    let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let any = db.table_exists(None, "backend_users")?;
    Ok(any.then_some(db))
}

#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) role: Role,
    pub(super) password_hash: Option<String>,
}

/// By name.
pub(super) struct Users {
    store: Store,
    users: RwLock<BTreeMap<String, User>>,
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
                // There was no other role once.
                super::add_column(tx, "backend_users", "role", Role::Admin.as_str())?;
                let mut select =
                    tx.prepare("SELECT name, password_hash, role FROM backend_users")?;
                let users = select.query_map([], |row| {
                    let role: String = row.get(2)?;
                    let user = User {
                        role: Role::named(&role).unwrap_or(Role::ReadOnly),
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
        self.read(|users| users.get(name).cloned())
    }

    /// Names and roles, by name.
    pub(super) fn list(&self) -> Vec<(String, Role)> {
        self.read(|users| {
            let list = users.iter().map(|(name, user)| (name.clone(), user.role));
            list.collect()
        })
    }

    pub(super) fn admins(&self) -> Vec<String> {
        let list = self.list().into_iter();
        list.filter(|(_, role)| *role == Role::Admin)
            .map(|(name, _)| name)
            .collect()
    }

    pub(super) fn any_password(&self) -> bool {
        self.read(|users| users.values().any(|user| user.password_hash.is_some()))
    }

    /// Adds the user or replaces the one of that name.
    pub(super) async fn put(&self, name: &str, user: User) -> Result<(), StoreError> {
        let (key, stored, now) = (name.to_string(), user.clone(), clock::now_ms());
        self.store
            .write(move |tx| {
                tx.execute(
                    "INSERT INTO backend_users (name, password_hash, created_ms, role)
                     VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT DO UPDATE
                     SET password_hash = excluded.password_hash, role = excluded.role",
                    params![key, stored.password_hash, now, stored.role.as_str()],
                )?;
                Ok(())
            })
            .await?;
        let mut users = self.users.write().unwrap_or_else(PoisonError::into_inner);
        users.insert(name.to_string(), user);
        Ok(())
    }

    pub(super) async fn remove(&self, name: &str) -> Result<(), StoreError> {
        let key = name.to_string();
        self.store
            .write(move |tx| {
                tx.execute("DELETE FROM backend_users WHERE name = ?1", [key])?;
                Ok(())
            })
            .await?;
        let mut users = self.users.write().unwrap_or_else(PoisonError::into_inner);
        users.remove(name);
        Ok(())
    }

    fn read<T>(&self, read: impl FnOnce(&BTreeMap<String, User>) -> T) -> T {
        read(&self.users.read().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::{super::passwords::Passwords, *};

    /// `weir check` says nothing against a password that the backend takes.
    #[tokio::test]
    async fn a_stored_password_is_known_and_another_is_not() {
        let dir = tempfile::tempdir().expect("folder");
        assert!(!admin_has(dir.path(), "weak").expect("no database"));
        let passwords = Passwords::new().await.expect("passwords");
        let hash = passwords.hash("weak").await.expect("hash");
        let store = Store::open(dir.path()).expect("store");
        let users = Users::load(&store).await.expect("users");
        assert!(!admin_has(dir.path(), "weak").expect("no user"));
        let user = User {
            role: Role::Admin,
            password_hash: Some(hash),
        };
        users.put(ADMIN, user).await.expect("stored");
        // The last one to close it writes its log into the database.
        drop((users, store));
        assert!(admin_has(dir.path(), "weak").expect("known"));
        assert!(!admin_has(dir.path(), "other").expect("unknown"));
    }
}
