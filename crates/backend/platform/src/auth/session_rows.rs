//! Open sessions in the database, where a restart finds them again.

use std::{collections::HashMap, sync::atomic::AtomicI64};

use weir_api::role::Role;
use weir_store::{Store, StoreError};

use super::sessions::{Federated, Session};
use crate::{clock, random::Digest};

pub(super) struct Rows(Store);

impl Rows {
    /// Sessions of people whom settings of another mark than `federation` let in are over.
    pub(super) async fn load(
        store: &Store,
        federation: &str,
    ) -> Result<(Self, HashMap<Digest, Session>), StoreError> {
        let now = clock::now_ms();
        let federation = federation.to_string();
        let load = store.write(move |tx| {
            tx.execute_batch(
                "CREATE TABLE IF NOT EXISTS backend_sessions (
                     digest BLOB PRIMARY KEY, user TEXT NOT NULL, expires_ms INTEGER NOT NULL
                 ) STRICT",
            )?;
            for column in ["started_ms", "seen_ms", "browser", "name", "role", "mark"] {
                super::add_column(tx, "backend_sessions", column, "")?;
            }
            tx.execute(
                "DELETE FROM backend_sessions WHERE mark NOT IN ('', ?1)",
                [federation],
            )?;
            let mut select = tx.prepare(
                "SELECT digest, user, expires_ms, started_ms, seen_ms, browser, name, role, mark
                 FROM backend_sessions",
            )?;
            let sessions = select.query_map([], |row| Ok((row.get(0)?, read(row, now)?)))?;
            Ok(sessions.collect::<Result<_, _>>()?)
        });
        Ok((Self(store.clone()), load.await?))
    }

    pub(super) async fn insert(&self, digest: Digest, session: &Session) -> Result<(), StoreError> {
        let (user, agent) = (session.user.clone(), session.browser.clone());
        let (started_ms, expires_ms) = (session.started_ms, session.expires_ms);
        let (name, role, mark) = match session.federated.clone() {
            Some(Federated { name, role, mark }) => (name, role.as_str(), mark),
            None => Default::default(),
        };
        let insert = self.0.write(move |tx| {
            let started_ms = started_ms.to_string();
            tx.execute(
                "INSERT INTO backend_sessions
                     (digest, user, expires_ms, started_ms, seen_ms, browser, name, role, mark)
                 VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8)",
                (
                    digest, user, expires_ms, started_ms, agent, name, role, mark,
                ),
            )?;
            Ok(())
        });
        insert.await
    }

    pub(super) async fn delete(&self, digests: Vec<Digest>) -> Result<(), StoreError> {
        if digests.is_empty() {
            return Ok(());
        }
        let delete = self.0.write(move |tx| {
            for digest in digests {
                tx.execute("DELETE FROM backend_sessions WHERE digest = ?1", [digest])?;
            }
            Ok(())
        });
        delete.await
    }

    pub(super) async fn delete_all_of(
        &self,
        user: &str,
        kept: Option<Digest>,
    ) -> Result<(), StoreError> {
        let user = user.to_string();
        let delete = self.0.write(move |tx| {
            tx.execute(
                "DELETE FROM backend_sessions WHERE user = ?1 AND digest IS NOT ?2",
                (user, kept),
            )?;
            Ok(())
        });
        delete.await
    }

    /// Writes down that the session was used; nobody waits for it.
    pub(super) fn was_seen(&self, digest: Digest, now: i64) {
        let store = self.0.clone();
        tokio::spawn(async move {
            let seen = store.write(move |tx| {
                let sql = "UPDATE backend_sessions SET seen_ms = ?2 WHERE digest = ?1";
                tx.execute(sql, (digest, now.to_string()))?;
                Ok(())
            });
            if let Err(error) = seen.await {
                tracing::warn!("a session's time: {error}");
            }
        });
    }
}

fn read(row: &rusqlite::Row, now: i64) -> rusqlite::Result<Session> {
    let ms = |index: usize| -> rusqlite::Result<i64> {
        Ok(row.get::<_, String>(index)?.parse().unwrap_or(now))
    };
    let mark: String = row.get(8)?;
    let role: String = row.get(7)?;
    let name = row.get(6)?;
    Ok(Session {
        user: row.get(1)?,
        expires_ms: row.get(2)?,
        started_ms: ms(3)?,
        seen_ms: AtomicI64::new(ms(4)?),
        browser: row.get(5)?,
        federated: (!mark.is_empty()).then(|| Federated {
            name,
            role: Role::named(&role).unwrap_or(Role::ReadOnly),
            mark,
        }),
    })
}
