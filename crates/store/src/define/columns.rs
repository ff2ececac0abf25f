use weir_api::{
    DataType,
    timeplus::stream::{ColumnDef, Mode},
    unseen,
};
use weir_engine::{
    BESIDE_A_MESSAGE,
    catalog::{ColumnInfo, StreamInfo},
    expression_sql,
};

use super::{TP_TIME, indexed};
use crate::StoreError;

/// SQLite takes at most 2000.
const MAX_COLUMNS: usize = 1000;
const NAME_LENGTH: usize = 128;
/// Bounds how deep types nest.
const TYPE_LENGTH: usize = 1000;
/// Of changelogs: 1 adds a row, -1 takes it back.
const DELTA: &str = "_tp_delta";

/// The stream's columns without `_tp_time`, which is not theirs to place.
pub(super) fn check(columns: &[ColumnDef], mode: Mode) -> Result<Vec<ColumnInfo>, StoreError> {
    if !columns.iter().any(|column| column.name != TP_TIME) {
        return Err(StoreError::invalid(
            "columns",
            "at least one column is needed",
        ));
    }
    if columns.len() > MAX_COLUMNS {
        return Err(StoreError::invalid(
            "columns",
            format!("{} columns are more than {MAX_COLUMNS}", columns.len()),
        ));
    }
    let mut own = Vec::with_capacity(columns.len());
    for (index, column) in columns.iter().enumerate() {
        check_name(columns, index)?;
        let field = indexed("columns", index, "type");
        let data_type = data_type(&column.data_type, &field)?;
        if column
            .ttl_expression
            .as_deref()
            .is_some_and(|e| !e.is_empty())
        {
            return Err(StoreError::invalid(
                indexed("columns", index, "ttl_expression"),
                "a TTL of single columns is not supported; use the stream's ttl_expression",
            ));
        }
        if column.name != TP_TIME {
            own.push(ColumnInfo {
                name: column.name.clone(),
                data_type,
            });
        } else if !matches!(data_type, DataType::DateTime64 { precision: 3, .. }) {
            return Err(StoreError::invalid(field, "_tp_time is a datetime64(3)"));
        }
    }
    if mode.has_delta() {
        own.push(ColumnInfo {
            name: DELTA.into(),
            data_type: DataType::Int(8),
        });
    }
    Ok(own)
}

fn check_name(columns: &[ColumnDef], index: usize) -> Result<(), StoreError> {
    let name = columns[index].name.as_str();
    let invalid = |message: String| {
        Err(StoreError::invalid(
            indexed("columns", index, "name"),
            message,
        ))
    };
    let unfit = |c: char| c.is_control() || matches!(c, '"' | '`' | '\'' | '\\');
    if name.trim().is_empty() {
        return invalid("a column needs a name".into());
    }
    if name.chars().count() > NAME_LENGTH || name.contains(unfit) {
        return invalid(format!(
            "'{name}' is not a column name: at most {NAME_LENGTH} characters without quotes"
        ));
    }
    if let Some(unseen) = unseen::in_name(name) {
        return invalid(format!(
            "a character that cannot be seen (U+{:04X}) is part of the name",
            u32::from(unseen)
        ));
    }
    let lower = name.to_lowercase();
    let reserved = ["_tp_", "_seq", "_size"]
        .iter()
        .any(|r| lower.starts_with(r));
    // What an external stream fills, and what is made of its rows may keep.
    if reserved && name != TP_TIME && !BESIDE_A_MESSAGE.contains(&name) {
        return invalid(format!("'{name}' is reserved"));
    }
    match columns[..index]
        .iter()
        .find(|c| c.name.to_lowercase() == lower)
    {
        Some(same) if same.name == name => invalid(format!("'{name}' is there twice")),
        Some(other) => invalid(format!(
            "'{name}' differs from '{}' only in case",
            other.name
        )),
        None => Ok(()),
    }
}

pub(super) fn data_type(text: &str, field: &str) -> Result<DataType, StoreError> {
    if text.len() > TYPE_LENGTH {
        return Err(StoreError::invalid(
            field,
            format!("a type of more than {TYPE_LENGTH} characters"),
        ));
    }
    let invalid = |message| StoreError::invalid(field, message);
    let data_type = DataType::parse(text).map_err(invalid)?;
    weir_engine::check_zones(&data_type).map_err(invalid)?;
    Ok(data_type)
}

/// SQLite text of each column's default, in the order of `info.columns`; `None` without one.
pub(super) fn defaults(
    columns: &[ColumnDef],
    mode: Mode,
    info: &StreamInfo,
) -> Result<Vec<Option<String>>, StoreError> {
    let mut defaults = Vec::with_capacity(info.columns.len() + 1);
    for (index, column) in columns.iter().enumerate() {
        if column.name == TP_TIME {
            continue;
        }
        let position = defaults.len();
        let field = indexed("columns", index, "default");
        defaults.push(match column.default.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(expression) => Some(default(expression, position, info, &field)?),
        });
    }
    if mode.has_delta() {
        defaults.push(Some("1".into()));
    }
    Ok(defaults)
}

/// It may use the columns before its own.
fn default(
    expression: &str,
    position: usize,
    info: &StreamInfo,
    field: &str,
) -> Result<String, StoreError> {
    let before = StreamInfo {
        columns: info.columns[..position].to_vec(),
        ..info.clone()
    };
    let data_type = &info.columns[position].data_type;
    converted(expression, data_type, &before).map_err(|message| {
        // Of a column that comes later.
        let message = match converted(expression, data_type, info) {
            Ok(_) => format!(
                "a default may use the columns before its own: put '{}' behind them",
                info.columns[position].name
            ),
            Err(_) => message,
        };
        StoreError::invalid(field, message)
    })
}

/// SQLite text of `expression` as a value of `data_type`.
pub(crate) fn converted(
    expression: &str,
    data_type: &DataType,
    info: &StreamInfo,
) -> Result<String, String> {
    let (sql, found) = expression_sql(expression, info).map_err(|error| error.to_string())?;
    if found.inner() == data_type.inner() {
        return Ok(sql);
    }
    expression_sql(
        &format!("cast(({expression}) as {})", data_type.inner()),
        info,
    )
    .map(|(sql, _)| sql)
    .map_err(|_| format!("'{expression}' is of type {found}, not {data_type}"))
}
