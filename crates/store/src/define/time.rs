use weir_api::{DataType, timeplus::stream::StreamDef};
use weir_engine::{catalog::StreamInfo, expression_sql};

use super::{TP_TIME, columns, indexed};
use crate::StoreError;

/// Rows whose expression is in the past are deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ttl {
    pub(crate) sql: String,
    data_type: DataType,
}

impl Ttl {
    /// `now_ms` in the units of the expression.
    pub(crate) fn threshold(&self, now_ms: i64) -> i64 {
        match self.data_type.inner() {
            DataType::Date => now_ms.div_euclid(86_400_000),
            DataType::DateTime64 { precision, .. } if *precision >= 3 => {
                now_ms.saturating_mul(10_i64.pow(u32::from(*precision) - 3))
            }
            DataType::DateTime64 { precision, .. } => {
                now_ms.div_euclid(10_i64.pow(3 - u32::from(*precision)))
            }
            _ => now_ms.div_euclid(1000),
        }
    }
}

pub(crate) fn ttl(expression: Option<&str>, info: &StreamInfo) -> Result<Option<Ttl>, StoreError> {
    const FIELD: &str = "ttl_expression";
    let Some(expression) = expression.map(str::trim).filter(|e| !e.is_empty()) else {
        return Ok(None);
    };
    let (sql, data_type) = expression_sql(expression, info)
        .map_err(|error| StoreError::invalid(FIELD, error.to_string()))?;
    if !data_type.is_time() {
        return Err(StoreError::invalid(
            FIELD,
            format!("'{expression}' is of type {data_type}, not a time"),
        ));
    }
    Ok(Some(Ttl { sql, data_type }))
}

/// SQLite text of what `_tp_time` is when a row does not give it; `None` means now.
pub(super) fn event_time(
    definition: &StreamDef,
    info: &StreamInfo,
) -> Result<Option<String>, StoreError> {
    let zone = definition
        .event_time_timezone
        .as_deref()
        .unwrap_or_default();
    if !["", "UTC", "Etc/UTC", "GMT"].contains(&zone) {
        return Err(StoreError::invalid(
            "event_time_timezone",
            format!("'{zone}' is not supported; times are UTC"),
        ));
    }
    let default = definition
        .columns
        .iter()
        .enumerate()
        .find_map(|(index, column)| {
            let default = column.default.as_deref().map(str::trim)?;
            (column.name == TP_TIME && !default.is_empty())
                .then(|| (indexed("columns", index, "default"), default))
        });
    let event = definition
        .event_time_column
        .as_deref()
        .map(str::trim)
        .filter(|expression| !expression.is_empty())
        .map(|expression| ("event_time_column".to_owned(), expression));
    let (field, expression) = match (event, default) {
        (Some((field, event)), Some((_, default))) if event == default => (field, event),
        (Some(_), Some((field, _))) => {
            return Err(StoreError::invalid(
                field,
                "_tp_time is already set by event_time_column",
            ));
        }
        (None, None) => return Ok(None),
        (Some(one), None) | (None, Some(one)) => one,
    };
    // The server's own default, as shown in the columns of every stream.
    if matches!(
        expression,
        "now()" | "now64()" | "now64(3)" | "now64(3, 'UTC')"
    ) {
        return Ok(None);
    }
    let (_, found) = expression_sql(expression, info)
        .map_err(|error| StoreError::invalid(&field, error.to_string()))?;
    if !found.is_time() {
        return Err(StoreError::invalid(
            field,
            format!("'{expression}' is of type {found}, not a time"),
        ));
    }
    let target = DataType::DateTime64 {
        precision: 3,
        zone: None,
    };
    let plain = info
        .columns
        .iter()
        .any(|column| column.name == expression.trim_matches('`'));
    let expression = if plain {
        expression.to_string()
    } else {
        bounded(expression)
    };
    columns::converted(&expression, &target, info)
        .map(Some)
        .map_err(|message| StoreError::invalid(field, message))
}

/// A time that was computed may be of any year; those that are written with four digits are taken.
fn bounded(expression: &str) -> String {
    let time = format!("cast(({expression}) as datetime64(3))");
    format!(
        "if(throw_if({time} < to_datetime64('0000-01-01 00:00:00', 3) \
         OR {time} > to_datetime64('9999-12-31 23:59:59.999', 3), \
         'the event time is outside the years 0000 to 9999') = 0, {time}, {time})"
    )
}
