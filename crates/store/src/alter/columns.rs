//! Values of a column that is added or gets another type while rows are there.

use weir_engine::{ColumnInfo, StreamInfo, codec, expression_sql};

use super::definition::unknown;
use crate::{
    StoreError,
    define::{Defined, converted},
    meta::{StreamState, lock},
    schema::quote,
    table::{is_wide, literal},
    writer::Scope,
};

/// Rows of a stream whose values are converted in one step, while nothing else is written.
const MOST_CONVERTED: i64 = 1_000_000;

/// Gives the values of a column the type that it has now.
pub(super) fn convert(
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
pub(super) fn add(
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
