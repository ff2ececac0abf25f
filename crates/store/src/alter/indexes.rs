//! Secondary indexes of a stream that has rows.

use rusqlite::ErrorCode;
use weir_api::timeplus::stream::SecondaryIndex;

use crate::{StoreError, meta::StreamState, schema::quote, writer::Scope};

/// SQLite's names of a stream's secondary indexes: `stream_1_0_name`.
pub(super) fn indexes(
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

pub(super) fn add_index(
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
