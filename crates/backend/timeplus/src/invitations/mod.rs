//! Invitations: a link with which somebody becomes a user, once, choosing name and password.

pub(crate) mod page;
pub(crate) mod routes;

use weir_api::role::Role;
use weir_store::{Store, StoreError};

use crate::{clock, random};

const LIFE_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// In the database; asked for rarely.
pub(crate) struct Invitations {
    store: Store,
    /// Held while one is accepted: a link works once.
    accepting: tokio::sync::Mutex<()>,
}

/// The columns of the table, in order.
struct Row {
    id: String,
    email: String,
    role: Role,
    user: Option<String>,
    created_ms: i64,
    created_by: String,
    accepted_ms: Option<i64>,
}

impl Row {
    fn expires_ms(&self) -> i64 {
        self.created_ms + LIFE_MS
    }

    fn is_open(&self) -> bool {
        self.user.is_none() && self.expires_ms() > clock::now_ms()
    }
}

const COLUMNS: &str = "id, email, role, user, created_ms, created_by, accepted_ms";

impl Invitations {
    pub(crate) async fn load(store: &Store) -> Result<Self, StoreError> {
        store
            .write(|tx| {
                Ok(tx.execute_batch(
                    "CREATE TABLE IF NOT EXISTS backend_invitations (
                         id TEXT PRIMARY KEY, digest BLOB NOT NULL UNIQUE, email TEXT NOT NULL,
                         role TEXT NOT NULL, user TEXT, created_ms INTEGER NOT NULL,
                         created_by TEXT NOT NULL, accepted_ms INTEGER
                     ) STRICT",
                )?)
            })
            .await?;
        Ok(Self {
            store: store.clone(),
            accepting: tokio::sync::Mutex::default(),
        })
    }

    async fn rows(&self, condition: &'static str, value: Vec<u8>) -> Result<Vec<Row>, StoreError> {
        self.store
            .write(move |tx| {
                let sql = format!(
                    "SELECT {COLUMNS} FROM backend_invitations WHERE {condition}
                     ORDER BY created_ms, id"
                );
                let mut select = tx.prepare(&sql)?;
                let rows = select.query_map([value], |row| {
                    let role: String = row.get(2)?;
                    Ok(Row {
                        id: row.get(0)?,
                        email: row.get(1)?,
                        role: Role::named(&role).unwrap_or(Role::ReadOnly),
                        user: row.get(3)?,
                        created_ms: row.get(4)?,
                        created_by: row.get(5)?,
                        accepted_ms: row.get(6)?,
                    })
                })?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await
    }

    /// The one whose link has this token and still works.
    async fn open(&self, token: &str) -> Result<Option<Row>, StoreError> {
        let digest = random::digest(token).to_vec();
        let found = self.rows("digest = ?1", digest).await?;
        Ok(found.into_iter().find(Row::is_open))
    }

    async fn accepted(&self, id: String, user: String) -> Result<(), StoreError> {
        let now = clock::now_ms();
        self.store
            .write(move |tx| {
                tx.execute(
                    "UPDATE backend_invitations SET user = ?2, accepted_ms = ?3 WHERE id = ?1",
                    (id, user, now),
                )?;
                Ok(())
            })
            .await
    }
}
