//! Columns of a stream that are added, dropped or renamed while its rows stay.

mod columns;
mod definition;
mod indexes;

use std::sync::Arc;

use weir_api::{Owner, timeplus::stream::Stream};
use weir_engine::ColumnChange;

use self::{
    columns::{add, convert},
    definition::changed,
    indexes::{add_index, indexes},
};
use crate::{
    Store, StoreError,
    define::define,
    meta::{StreamState, write_json},
    schema::{now_ms, quote, timestamp},
    store::checked,
    streams::index_ttl,
    view,
    writer::{Job, Scope},
};

impl Store {
    /// All of `changes` or none. Rows that are there hold the default of an added column, or the
    /// type's zero (NULL where it is nullable).
    pub async fn alter_columns(
        &self,
        name: &str,
        changes: Vec<ColumnChange>,
        owner: Owner,
    ) -> Result<Arc<Stream>, StoreError> {
        let state = self.inner.shared.state(name)?;
        self.may_write(name)?;
        let definition = changed(&state.definition, &changes)?;
        checked(move || define(definition, "checked")).await?;
        let (name, shared) = (name.to_owned(), self.inner.shared.clone());
        let state = self
            .answered(Job::alone(
                move |scope| alter(scope, &name, &changes, owner).map(Arc::new),
                move |state: &Arc<StreamState>| {
                    let name = state.info.name.clone();
                    shared.change(|meta| meta.streams.insert(name, state.clone()));
                },
            ))
            .await?;
        Ok(state.stream.clone())
    }
}

fn alter(
    scope: &mut Scope<'_>,
    name: &str,
    changes: &[ColumnChange],
    owner: Owner,
) -> Result<StreamState, StoreError> {
    let state = scope.shared.written(name)?;
    let harmless = |change: &ColumnChange| {
        matches!(
            change,
            ColumnChange::Add { .. }
                | ColumnChange::Modify { typed: false, .. }
                | ColumnChange::AddIndex { .. }
                | ColumnChange::DropIndex { .. }
        )
    };
    if !changes.iter().all(harmless) {
        view::check_unused(scope.shared, &format!("stream '{name}'"), name)?;
    }
    let mut audit = state.stream.audit();
    audit.last_updated_at = Some(timestamp(now_ms()));
    audit.last_updated_by = Some(owner);
    let table = &state.info.table;
    let defined = define(changed(&state.definition, changes)?, table)?;
    for change in changes {
        let sql = match change {
            ColumnChange::Add { column, .. } => {
                let known = state.info.columns.iter().any(|c| c.name == column.name);
                if !known {
                    add(scope, &state, &defined, &column.name)?;
                }
                continue;
            }
            ColumnChange::Drop { name, .. } => {
                if !state.info.columns.iter().any(|column| column.name == *name) {
                    continue;
                }
                format!("DROP COLUMN {}", quote(name))
            }
            ColumnChange::Rename { from, to } => {
                format!("RENAME COLUMN {} TO {}", quote(from), quote(to))
            }
            ColumnChange::Modify { column, typed } => {
                if *typed {
                    convert(scope, &state, &defined, &column.name)?;
                }
                continue;
            }
            ColumnChange::AddIndex { index, .. } => {
                add_index(scope, &state, index)?;
                continue;
            }
            ColumnChange::DropIndex { name, .. } => {
                for index in indexes(scope, table, Some(name))? {
                    let sql = format!("DROP INDEX {}", quote(&index));
                    scope.tx.execute_batch(&sql)?;
                }
                continue;
            }
        };
        let done = scope
            .tx
            .execute_batch(&format!("ALTER TABLE {table} {sql}"));
        done.map_err(|error| StoreError::invalid("columns", format!("it is used: {error}")))?;
    }
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
            .execute_batch(&format!("DROP INDEX IF EXISTS {table}_ttl"))?;
        index_ttl(scope.tx, &defined)?;
    }
    Ok(StreamState::new(
        state.id,
        defined,
        audit,
        state.live.clone(),
    ))
}
