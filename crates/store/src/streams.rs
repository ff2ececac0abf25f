//! Making, changing and deleting streams, and rows into them.

use std::sync::{Arc, atomic::Ordering};

use rusqlite::{Connection, Transaction};
use tokio::sync::watch;
use weir_api::{
    Owner,
    timeplus::stream::{Stream, StreamDef, UpdateStream},
};

use crate::{
    Store, StoreError, append,
    define::{Defined, Ttl, check_description, define},
    ingest::Rows,
    meta::{Live, StreamState, Totals, created, table_name, write_json},
    schema::{now_ms, timestamp},
    store::checked,
    view,
    writer::{Job, Scope},
};

impl Store {
    /// In order of name.
    pub fn streams(&self) -> Vec<Arc<Stream>> {
        self.inner.shared.read(|meta| {
            let streams = meta.streams.iter();
            let own = streams.filter(|(name, _)| !meta.views.contains_key(*name));
            own.map(|(_, state)| state.stream.clone()).collect()
        })
    }

    pub fn stream(&self, name: &str) -> Option<Arc<Stream>> {
        self.inner
            .shared
            .read(|meta| meta.stream(name).map(|state| state.stream.clone()))
    }

    pub async fn create_stream(
        &self,
        definition: StreamDef,
        owner: Owner,
    ) -> Result<Arc<Stream>, StoreError> {
        check_description(definition.description.as_deref().unwrap_or_default())?;
        // What people send is first looked at here and not on the thread that all depend on.
        let defined = checked(move || define(definition, "checked")).await?;
        let definition = defined.definition;
        let shared = self.inner.shared.clone();
        let state = self
            .answered(Job::alone(
                move |scope| create(scope, definition, owner).map(Arc::new),
                move |state: &Arc<StreamState>| {
                    let name = state.info.name.clone();
                    shared.change(|meta| meta.streams.insert(name, state.clone()));
                },
            ))
            .await?;
        Ok(state.stream.clone())
    }

    pub async fn update_stream(
        &self,
        name: &str,
        change: UpdateStream,
        owner: Owner,
    ) -> Result<Arc<Stream>, StoreError> {
        self.inner.shared.state(name)?;
        self.change_stream(name, change, owner).await
    }

    pub(crate) async fn change_stream(
        &self,
        name: &str,
        change: UpdateStream,
        owner: Owner,
    ) -> Result<Arc<Stream>, StoreError> {
        let state = self.inner.shared.written(name)?;
        self.may_write(name)?;
        check_description(change.description.as_deref().unwrap_or_default())?;
        let definition = changed(&state.definition, &change);
        checked(move || define(definition, "checked")).await?;
        let name = name.to_owned();
        let shared = self.inner.shared.clone();
        let state = self
            .answered(Job::alone(
                move |scope| update(scope, &name, &change, owner).map(Arc::new),
                move |state: &Arc<StreamState>| {
                    let name = state.info.name.clone();
                    shared.change(|meta| meta.streams.insert(name, state.clone()));
                },
            ))
            .await?;
        Ok(state.stream.clone())
    }

    /// With all rows. Fails with [`StoreError::Dependents`] while views read the stream.
    pub async fn delete_stream(&self, name: &str) -> Result<(), StoreError> {
        self.may_write(name)?;
        let shared = self.inner.shared.clone();
        let (name, deleted) = (name.to_owned(), name.to_owned());
        self.answered(Job::alone(
            move |scope| delete(scope, &name),
            move |()| {
                shared.change(|meta| meta.streams.remove(&deleted));
            },
        ))
        .await
    }

    /// Resolves with the number of rows once they are on disk.
    pub async fn append(&self, stream: &str, rows: Rows) -> Result<u64, StoreError> {
        self.inner.shared.state(stream)?;
        self.may_write(stream)?;
        if rows.is_empty() {
            return Ok(0);
        }
        let stream = stream.to_owned();
        self.write_rows(rows.weight(), move |scope| {
            append::insert(scope, &stream, &rows)
        })
        .await
    }

    /// Appends the rows and does `then`, both or neither: for a position that must not differ from
    /// the rows. `then` must not create or alter tables of streams.
    pub async fn append_with(
        &self,
        stream: &str,
        rows: Rows,
        then: impl FnOnce(&Transaction<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        self.may_write(stream)?;
        let stream = stream.to_owned();
        self.write_rows(rows.weight(), move |scope| {
            then(scope.tx)?;
            if !rows.is_empty() {
                append::insert(scope, &stream, &rows)?;
            }
            Ok(())
        })
        .await
    }

    /// The newest committed `_seq`, 0 before the first row. It closes when the stream is deleted.
    pub fn watch(&self, stream: &str) -> Option<watch::Receiver<i64>> {
        let state = self.inner.shared.readable(stream).ok()?;
        Some(state.live.head.subscribe())
    }

    /// How often rows were only taken away, of a stream that keeps the last row of each key: what
    /// was made of all of its rows is made anew. Those that watch it are woken.
    pub fn deletions(&self, stream: &str) -> u64 {
        let state = self.inner.shared.readable(stream);
        state.map_or(0, |state| state.live.deletions.load(Ordering::Acquire))
    }
}

pub(crate) fn create(
    scope: &mut Scope<'_>,
    definition: StreamDef,
    owner: Owner,
) -> Result<StreamState, StoreError> {
    view::check_free(scope.shared, &definition.name)?;
    let audit = created(owner);
    scope.tx.execute(
        "INSERT INTO streams (name, definition, audit) VALUES (?1, ?2, ?3)",
        (
            &definition.name,
            write_json(&definition)?,
            write_json(&audit)?,
        ),
    )?;
    let id = scope.tx.last_insert_rowid();
    let defined = define(definition, &table_name(id))?;
    scope.tx.execute_batch(&defined.table.create)?;
    scope
        .tx
        .prepare(&defined.table.insert)
        .map_err(|error| StoreError::invalid("columns", format!("a default: {error}")))?;
    index_ttl(scope.tx, &defined)?;
    let live = Live::new(0, Totals::default(), Default::default());
    Ok(StreamState::new(id, defined, audit, live))
}

fn update(
    scope: &mut Scope<'_>,
    name: &str,
    change: &UpdateStream,
    owner: Owner,
) -> Result<StreamState, StoreError> {
    let state = scope.shared.written(name)?;
    let mut audit = state.stream.audit();
    audit.last_updated_at = Some(timestamp(now_ms()));
    audit.last_updated_by = Some(owner);
    let defined = define(changed(&state.definition, change), &state.info.table)?;
    scope.tx.execute(
        "UPDATE streams SET definition = ?2, audit = ?3 WHERE id = ?1",
        (
            state.id,
            write_json(&defined.definition)?,
            write_json(&audit)?,
        ),
    )?;
    if defined.ttl != state.ttl {
        scope
            .tx
            .execute_batch(&format!("DROP INDEX IF EXISTS {}_ttl", state.info.table))?;
        index_ttl(scope.tx, &defined)?;
    }
    Ok(StreamState::new(
        state.id,
        defined,
        audit,
        state.live.clone(),
    ))
}

fn changed(definition: &StreamDef, change: &UpdateStream) -> StreamDef {
    let mut changed = definition.clone();
    let UpdateStream {
        description,
        logstore_retention_bytes,
        logstore_retention_ms,
        ttl_expression,
    } = change.clone();
    changed.description = description.or(changed.description);
    changed.logstore_retention_bytes =
        logstore_retention_bytes.or(changed.logstore_retention_bytes);
    changed.logstore_retention_ms = logstore_retention_ms.or(changed.logstore_retention_ms);
    changed.ttl_expression = ttl_expression.or(changed.ttl_expression);
    changed
}

/// Expired rows are found through an index on the expression, which has to depend on the row
/// alone for that.
pub(crate) fn index_ttl(conn: &Connection, defined: &Defined) -> Result<(), StoreError> {
    let Some(Ttl { sql, .. }) = &defined.ttl else {
        return Ok(());
    };
    let table = &defined.info.table;
    conn.execute_batch(&format!("CREATE INDEX {table}_ttl ON {table} (({sql}))"))
        .map_err(
            |error| match error.to_string().contains("non-deterministic") {
                true => StoreError::invalid(
                    "ttl_expression",
                    "it must depend on the row's columns only, not on now() and its kind: \
                 to_datetime(_tp_time) + INTERVAL 7 DAY",
                ),
                false => error.into(),
            },
        )
}

fn delete(scope: &mut Scope<'_>, name: &str) -> Result<(), StoreError> {
    let state = scope.shared.state(name)?;
    view::check_unused(scope.shared, &format!("stream '{name}'"), name)?;
    remove(scope, &state)
}

/// With all rows.
pub(crate) fn remove(scope: &mut Scope<'_>, state: &StreamState) -> Result<(), StoreError> {
    scope
        .tx
        .execute_batch(&format!("DROP TABLE {}", state.info.table))?;
    for sql in [
        "DELETE FROM segments WHERE stream_id = ?1",
        "DELETE FROM stream_activity WHERE stream_id = ?1",
        "DELETE FROM streams WHERE id = ?1",
    ] {
        scope.tx.prepare_cached(sql)?.execute([state.id])?;
    }
    Ok(())
}
