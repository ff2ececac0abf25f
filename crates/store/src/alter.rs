//! Columns of a stream that are added, dropped or renamed while its rows stay.

use std::sync::Arc;

use rusqlite::ErrorCode;
use weir_api::{
    Owner,
    timeplus::stream::{SecondaryIndex, Stream, StreamDef},
};
use weir_engine::{ColumnChange, ColumnInfo, StreamInfo, codec, expression_sql};

use crate::{
    Store, StoreError,
    define::{Defined, TP_TIME, converted, define},
    meta::{StreamState, lock, write_json},
    schema::{now_ms, quote, timestamp},
    store::checked,
    streams::index_ttl,
    table::{is_wide, literal},
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
            ColumnChange::Modify { column, typed } => {
                let found = columns.iter_mut().find(|known| known.name == column.name);
                let known = found.filter(|_| column.name != TP_TIME);
                let known = known.ok_or_else(|| unknown(&column.name))?;
                if *typed {
                    known.data_type.clone_from(&column.data_type);
                }
                if column.default.is_some() {
                    known.default.clone_from(&column.default);
                }
                if column.codec.is_some() {
                    known.codec.clone_from(&column.codec);
                }
            }
            ColumnChange::AddIndex {
                index,
                if_not_exists,
            } => {
                let indexes = &mut definition.secondary_indexes;
                if !indexes.iter().any(|known| known.name == index.name) {
                    indexes.push(index.clone());
                } else if !if_not_exists {
                    let words = format!("the stream has an index '{}' already", index.name);
                    return Err(StoreError::invalid("secondary_indexes", words));
                }
            }
            ColumnChange::DropIndex { name, if_exists } => {
                let indexes = &mut definition.secondary_indexes;
                let before = indexes.len();
                indexes.retain(|index| index.name != *name);
                if indexes.len() == before && !if_exists {
                    let words = format!("the stream has no index '{name}'");
                    return Err(StoreError::invalid("secondary_indexes", words));
                }
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

/// SQLite's names of a stream's secondary indexes: `stream_1_0_name`.
fn indexes(
    scope: &Scope<'_>,
    table: &str,
    called: Option<&str>,
) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ?1";
    let mut statement = scope.tx.prepare(sql)?;
    let names = statement.query_map([table], |row| row.get::<_, String>(0))?;
    let mut found = Vec::new();
    for name in names {
        let name = name?;
        let rest = name
            .strip_prefix(table)
            .and_then(|rest| rest.strip_prefix('_'));
        let numbered = rest.and_then(|rest| rest.split_once('_'));
        let given = numbered.filter(|(number, _)| number.parse::<u32>().is_ok());
        if given.is_some_and(|(_, own)| called.is_none_or(|called| called == own)) {
            found.push(name);
        }
    }
    Ok(found)
}

fn add_index(
    scope: &Scope<'_>,
    state: &StreamState,
    index: &SecondaryIndex,
) -> Result<(), StoreError> {
    let table = &state.info.table;
    if !indexes(scope, table, Some(&index.name))?.is_empty() {
        return Ok(());
    }
    let taken = indexes(scope, table, None)?;
    let free = (0..).find(|number: &u32| {
        let begins = format!("{table}_{number}_");
        !taken.iter().any(|name| name.starts_with(&begins))
    });
    let name = format!("{table}_{}_{}", free.unwrap_or_default(), index.name);
    let columns: Vec<String> = index.columns.iter().map(|column| quote(column)).collect();
    let unique = if index.unique { "UNIQUE " } else { "" };
    let sql = format!(
        "CREATE {unique}INDEX {} ON {table} ({})",
        quote(&name),
        columns.join(", ")
    );
    scope.tx.execute_batch(&sql).map_err(|error| {
        let words = match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) => {
                "rows that are there have the same values, so it cannot be unique".to_string()
            }
            _ => error.to_string(),
        };
        StoreError::invalid("secondary_indexes", words)
    })
}

/// Rows of a stream whose values are converted in one step, while nothing else is written.
const MOST_CONVERTED: i64 = 1_000_000;

/// Gives the values of a column the type that it has now.
fn convert(
    scope: &mut Scope<'_>,
    state: &StreamState,
    defined: &Defined,
    name: &str,
) -> Result<(), StoreError> {
    let of = |columns: &[ColumnInfo]| {
        let mut columns = columns.iter();
        columns
            .find(|column| column.name == name)
            .map(|column| column.data_type.clone())
    };
    let (Some(from), Some(to)) = (of(&state.info.columns), of(&defined.info.columns)) else {
        return Err(unknown(name));
    };
    if from == to {
        return Ok(());
    }
    let refused = |words: String| StoreError::invalid("columns", words);
    let keys = defined
        .definition
        .primary_key
        .as_deref()
        .unwrap_or_default();
    if keys.split(',').any(|key| key.trim() == name) {
        return Err(refused(format!(
            "'{name}' is in the primary key and keeps its type"
        )));
    }
    if is_wide(&from) != is_wide(&to) {
        let words = format!("{from} cannot become {to} where it stands: add another column");
        return Err(refused(words));
    }
    if lock(&state.live.totals).rows > MOST_CONVERTED {
        let words = format!("the stream has more than {MOST_CONVERTED} rows: add another column");
        return Err(refused(words));
    }
    let column = quote(name);
    let (text, _) = expression_sql(
        &format!("cast({column}, '{}')", to.to_string().replace('\'', "''")),
        &state.info,
    )
    .map_err(|error| refused(error.to_string()))?;
    // NULL has no place in a type that does not allow it.
    let text = match to.is_nullable() {
        true => text,
        false => format!("coalesce({text}, {})", literal(&codec::default_value(&to))),
    };
    let sql = format!("UPDATE {} SET {column} = {text}", state.info.table);
    let done = scope.tx.execute_batch(&sql);
    done.map_err(|error| refused(format!("a value of '{name}' is no {to}: {error}")))
}

/// Adds a column. Rows that are there hold its default in it: a value, or what it comes to in each.
fn add(
    scope: &mut Scope<'_>,
    state: &StreamState,
    defined: &Defined,
    name: &str,
) -> Result<(), StoreError> {
    let refused = |words: String| StoreError::invalid("columns", words);
    let mut columns = defined.info.columns.iter();
    let Some(column) = columns.find(|column| column.name == name) else {
        return Err(unknown(name));
    };
    let kind = match is_wide(&column.data_type) {
        true => " TEXT COLLATE WIDE",
        false => "",
    };
    let mut given = defined.definition.columns.iter();
    let default = given.find(|column| column.name == name);
    let default = default.and_then(|column| column.default.as_deref());
    let (mut value, mut computed) = (codec::default_value(&column.data_type), None);
    if let Some(expression) = default.map(str::trim).filter(|text| !text.is_empty()) {
        let nothing = StreamInfo {
            columns: Vec::new(),
            ..defined.info.clone()
        };
        match converted(expression, &column.data_type, &nothing) {
            Ok(sql) => {
                let one = scope
                    .tx
                    .query_row(&format!("SELECT {sql}"), [], |row| row.get(0));
                value = one.map_err(|error| refused(format!("default of '{name}': {error}")))?;
            }
            // It depends on the row.
            Err(_) => {
                let sql = converted(expression, &column.data_type, &defined.info);
                computed = Some(sql.map_err(refused)?);
            }
        }
    }
    if computed.is_some() && lock(&state.live.totals).rows > MOST_CONVERTED {
        let words = format!(
            "the stream has more than {MOST_CONVERTED} rows: a column is added without a default, \
             or with one that no other column is in"
        );
        return Err(refused(words));
    }
    let (table, column) = (&state.info.table, quote(name));
    let sql = format!(
        "ALTER TABLE {table} ADD COLUMN {column}{kind} DEFAULT {}",
        literal(&value)
    );
    let added = scope.tx.execute_batch(&sql);
    added.map_err(|error| refused(format!("it is used: {error}")))?;
    if let Some(sql) = computed {
        let sql = format!("UPDATE {table} SET {column} = {sql}");
        let filled = scope.tx.execute_batch(&sql);
        filled.map_err(|error| refused(format!("default of '{name}': {error}")))?;
    }
    Ok(())
}
