use weir_api::timeplus::stream::StreamDef;
use weir_engine::catalog::ColumnInfo;

use super::{MUTABLE, TP_TIME, indexed};
use crate::{StoreError, table::Index};

/// Positions of the columns of `a`, `(a, b)` or `` `a`, b ``; empty without a key.
pub(super) fn primary_key(
    definition: &StreamDef,
    columns: &[ColumnInfo],
    mutable: bool,
) -> Result<Vec<usize>, StoreError> {
    const FIELD: &str = "primary_key";
    let text = definition.primary_key.as_deref().unwrap_or_default().trim();
    if text.is_empty() {
        let mode = definition.mode.unwrap_or_default();
        return if mutable {
            Err(StoreError::invalid(FIELD, format!("a {MUTABLE} needs one")))
        } else if mode.needs_primary_key() {
            Err(StoreError::invalid(
                FIELD,
                format!("mode {} needs one", mode.as_str()),
            ))
        } else {
            Ok(Vec::new())
        };
    }
    let list = text
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'))
        .unwrap_or(text);
    let mut key = Vec::new();
    for name in list.split(',') {
        let name = name.trim().trim_matches(['`', '"']);
        let position = position(columns, name, FIELD)?;
        if key.contains(&position) {
            return Err(StoreError::invalid(
                FIELD,
                format!("'{name}' is there twice"),
            ));
        }
        let given = definition.columns.iter().find(|column| column.name == name);
        if given.is_some_and(|column| column.default.is_some()) {
            return Err(StoreError::invalid(
                FIELD,
                format!("'{name}' has a default; a key is always given"),
            ));
        }
        key.push(position);
    }
    Ok(key)
}

pub(super) fn column_families(
    definition: &StreamDef,
    columns: &[ColumnInfo],
    key: &[usize],
    mutable: bool,
) -> Result<(), StoreError> {
    if !definition.column_families.is_empty() && !mutable {
        return Err(StoreError::invalid(
            "column_families",
            format!("only a {MUTABLE} has column families"),
        ));
    }
    let (mut names, mut used) = (Vec::new(), Vec::new());
    for (index, family) in definition.column_families.iter().enumerate() {
        unique_name("column_families", index, &family.name, &mut names)?;
        let field = indexed("column_families", index, "columns");
        let own = family.columns.iter().filter(|name| *name != TP_TIME);
        let own: Vec<String> = own.cloned().collect();
        if own.is_empty() && !family.columns.is_empty() {
            continue;
        }
        let positions = positions(columns, &own, &field)?;
        for (position, name) in positions.into_iter().zip(&own) {
            if key.contains(&position) {
                return Err(StoreError::invalid(
                    field,
                    format!("'{name}' is in the primary key"),
                ));
            }
            if used.contains(&position) {
                return Err(StoreError::invalid(
                    field,
                    format!("'{name}' is in more than one family"),
                ));
            }
            used.push(position);
        }
    }
    Ok(())
}

/// The column that tells the version of a row.
pub(super) fn version(
    definition: &StreamDef,
    columns: &[ColumnInfo],
    keyed: bool,
) -> Result<Option<usize>, StoreError> {
    const FIELD: &str = "version_column";
    let Some(name) = definition.version_column.as_deref() else {
        return Ok(None);
    };
    if !keyed {
        let words = "only a stream that keeps the last row of each key has versions of rows";
        return Err(StoreError::invalid(FIELD, words));
    }
    let given = definition.columns.iter().find(|column| column.name == name);
    if given.is_some_and(|column| column.default.is_some()) {
        let words = format!("'{name}' has a default; a version is always given");
        return Err(StoreError::invalid(FIELD, words));
    }
    position(columns, name, FIELD).map(Some)
}

/// Positions of the columns that are replaced together, `_tp_time` among them, where rows are not
/// replaced as a whole.
pub(super) fn coalesced(
    definition: &StreamDef,
    columns: &[ColumnInfo],
    mutable: bool,
) -> Result<Option<Vec<Vec<usize>>>, StoreError> {
    const FIELD: &str = "coalesced";
    if definition.coalesced != Some(true) {
        return Ok(None);
    }
    if !mutable || definition.column_families.is_empty() {
        let words = format!("only a {MUTABLE} with column families is coalesced");
        return Err(StoreError::invalid(FIELD, words));
    }
    let computed = definition
        .columns
        .iter()
        .find(|column| column.default.is_some());
    if let Some(column) = computed {
        let words = format!(
            "'{}' has a default, which a coalesced stream cannot have",
            column.name
        );
        return Err(StoreError::invalid(FIELD, words));
    }
    let families = definition.column_families.iter().map(|family| {
        let names = family.columns.iter();
        names.map(|name| position(columns, name, FIELD)).collect()
    });
    families.collect::<Result<_, _>>().map(Some)
}

pub(super) fn secondary_indexes(
    definition: &StreamDef,
    columns: &[ColumnInfo],
    mutable: bool,
) -> Result<Vec<Index>, StoreError> {
    let (mut names, mut indexes) = (Vec::new(), Vec::new());
    for (index, wanted) in definition.secondary_indexes.iter().enumerate() {
        const LIST: &str = "secondary_indexes";
        unique_name(LIST, index, &wanted.name, &mut names)?;
        if wanted.unique && !mutable {
            return Err(StoreError::invalid(
                indexed(LIST, index, "unique"),
                format!("only a {MUTABLE} can have a unique index"),
            ));
        }
        let storing = indexed(LIST, index, "storing");
        for name in &wanted.storing {
            position(columns, name, &storing)?;
        }
        indexes.push(Index {
            name: wanted.name.clone(),
            columns: positions(columns, &wanted.columns, &indexed(LIST, index, "columns"))?,
            unique: wanted.unique,
        });
    }
    Ok(indexes)
}

fn unique_name<'a>(
    list: &str,
    index: usize,
    name: &'a str,
    names: &mut Vec<&'a str>,
) -> Result<(), StoreError> {
    let field = indexed(list, index, "name");
    if name.trim().is_empty() {
        return Err(StoreError::invalid(field, "a name is needed"));
    }
    if names.contains(&name) {
        return Err(StoreError::invalid(
            field,
            format!("'{name}' is there twice"),
        ));
    }
    names.push(name);
    Ok(())
}

fn positions(
    columns: &[ColumnInfo],
    names: &[String],
    field: &str,
) -> Result<Vec<usize>, StoreError> {
    if names.is_empty() {
        return Err(StoreError::invalid(field, "at least one column is needed"));
    }
    let mut found = Vec::with_capacity(names.len());
    for name in names {
        let position = position(columns, name, field)?;
        if found.contains(&position) {
            return Err(StoreError::invalid(
                field,
                format!("'{name}' is there twice"),
            ));
        }
        found.push(position);
    }
    Ok(found)
}

fn position(columns: &[ColumnInfo], name: &str, field: &str) -> Result<usize, StoreError> {
    columns
        .iter()
        .position(|column| column.name == name)
        .ok_or_else(|| StoreError::invalid(field, format!("'{name}' is not a column")))
}
