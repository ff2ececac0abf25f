//! Columns of a stream that are added, dropped or renamed while its rows stay.

use std::sync::Arc;

use weir_api::{
    Owner,
    timeplus::stream::{Stream, StreamDef},
};
use weir_engine::{ColumnChange, codec};

use crate::{
    Store, StoreError,
    define::{Defined, TP_TIME, define},
    meta::{StreamState, write_json},
    schema::{now_ms, quote, timestamp},
    store::checked,
    streams::index_ttl,
    table::{is_wide, literal},
    view,
    writer::{Job, Scope},
};

impl Store {
    /// All of `changes` or none. Rows that are there hold the type's zero in an added column (NULL
    /// where it is nullable).
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

fn changed(definition: &StreamDef, changes: &[ColumnChange]) -> Result<StreamDef, StoreError> {
    let mut definition = definition.clone();
    for change in changes {
        let columns = &mut definition.columns;
        match change {
            ColumnChange::Add {
                column,
                if_not_exists,
            } => {
                if !columns.iter().any(|known| known.name == column.name) {
                    columns.push(column.clone());
                } else if !if_not_exists {
                    let words = format!("the stream has a column '{}' already", column.name);
                    return Err(StoreError::invalid("columns", words));
                }
            }
            ColumnChange::Drop { name, if_exists } => {
                let before = columns.len();
                columns.retain(|column| column.name != *name || name == TP_TIME);
                if columns.len() == before && !if_exists {
                    return Err(unknown(name));
                }
            }
            ColumnChange::Rename { from, to } => {
                let found = columns.iter_mut().find(|column| column.name == *from);
                let column = found.filter(|_| from != TP_TIME);
                column.ok_or_else(|| unknown(from))?.name.clone_from(to);
            }
        }
    }
    Ok(definition)
}

fn unknown(name: &str) -> StoreError {
    let words = match name {
        TP_TIME => "_tp_time stays as it is".to_string(),
        name => format!("the stream has no column '{name}'"),
    };
    StoreError::invalid("columns", words)
}

fn alter(
    scope: &mut Scope<'_>,
    name: &str,
    changes: &[ColumnChange],
    owner: Owner,
) -> Result<StreamState, StoreError> {
    let state = scope.shared.written(name)?;
    let adds = |change: &ColumnChange| matches!(change, ColumnChange::Add { .. });
    if !changes.iter().all(adds) {
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
                match added(&defined, &column.name).filter(|_| !known) {
                    Some(sql) => sql,
                    None => continue,
                }
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

/// `ADD COLUMN …`, with what rows hold in it that are there already.
fn added(defined: &Defined, name: &str) -> Option<String> {
    let mut columns = defined.info.columns.iter();
    let column = columns.find(|column| column.name == name)?;
    let kind = match is_wide(&column.data_type) {
        true => " TEXT COLLATE WIDE",
        false => "",
    };
    let value = literal(&codec::default_value(&column.data_type));
    Some(format!("ADD COLUMN {}{kind} DEFAULT {value}", quote(name)))
}
