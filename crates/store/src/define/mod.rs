//! From what a person asked for to a stream: every field is checked, defaults are filled in.

mod columns;
mod keys;
mod time;

use weir_api::{
    Audit,
    timeplus::stream::{Mode, Stream, StreamColumn, StreamDef},
};
use weir_engine::catalog::{ColumnInfo, StreamInfo};

use crate::{StoreError, table::Table};
pub(crate) use columns::converted;
pub(crate) use time::Ttl;

pub(crate) const STREAM: &str = "Stream";
pub(crate) const MUTABLE: &str = "MutableStream";
pub(crate) const TP_TIME: &str = "_tp_time";
const TP_TIME_TYPE: &str = "datetime64(3)";
const RETENTION_BYTES: i64 = 10 << 30;
const RETENTION_MS: i64 = 7 * 24 * 60 * 60 * 1000;
const NAME_LENGTH: usize = 64;
/// Bytes of a description: lists tell those of all.
const DESCRIPTION: usize = 64 << 10;

/// A checked definition and what follows from it.
pub(crate) struct Defined {
    pub(crate) definition: StreamDef,
    pub(crate) info: StreamInfo,
    pub(crate) table: Table,
    pub(crate) ttl: Option<Ttl>,
}

/// Of streams and views.
pub(crate) fn check_name(name: &str) -> Result<(), StoreError> {
    let well_formed = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.len() <= NAME_LENGTH
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if well_formed {
        Ok(())
    } else {
        let name: String = name.chars().take(2 * NAME_LENGTH).collect();
        Err(StoreError::invalid(
            "name",
            format!(
                "'{name}' is not a name: at most {NAME_LENGTH} letters, digits or _, \
                 starting with a letter"
            ),
        ))
    }
}

/// Of whatever has one.
pub(crate) fn check_description(text: &str) -> Result<(), StoreError> {
    match text.len() {
        long if long > DESCRIPTION => Err(StoreError::invalid(
            "description",
            format!("{long} bytes are more than the {DESCRIPTION} that a description has at most"),
        )),
        _ => Ok(()),
    }
}

/// `table` is the SQLite table that will hold, or holds, the rows.
pub(crate) fn define(mut definition: StreamDef, table: &str) -> Result<Defined, StoreError> {
    check_name(&definition.name)?;
    let mutable = engine(&mut definition)?;
    let mode = definition.mode.unwrap_or_default();
    if mutable && mode != Mode::Append {
        return Err(StoreError::invalid(
            "mode",
            format!("a {MUTABLE} has no mode; leave it out"),
        ));
    }
    if let Mode::Other(word) = mode {
        let known = Mode::ALL.map(|mode| mode.as_str().to_string()).join(", ");
        let words = format!("'{}' is not one of {known}", word.as_str());
        return Err(StoreError::invalid("mode", words));
    }
    definition.mode = Some(mode);
    let keyed = mutable || mode.needs_primary_key();
    definition
        .logstore_retention_bytes
        .get_or_insert(RETENTION_BYTES);
    definition.logstore_retention_ms.get_or_insert(RETENTION_MS);
    range("shards", definition.shards, 64)?;
    range("replication_factor", definition.replication_factor, 3)?;

    let own = columns::check(&definition.columns, mode)?;
    let mut info = StreamInfo {
        name: definition.name.clone(),
        table: table.to_owned(),
        columns: own,
        keyed,
    };
    let key = keys::primary_key(&definition, &info.columns, mutable)?;
    keys::column_families(&definition, &info.columns, &key, mutable)?;
    let indexes = keys::secondary_indexes(&definition, &info.columns, mutable)?;

    let mut computed = columns::defaults(&definition.columns, mode, &info)?;
    let event_time = time::event_time(&definition, &info)?;
    info.columns.push(ColumnInfo {
        name: TP_TIME.into(),
        data_type: columns::data_type(TP_TIME_TYPE, "_tp_time")?,
    });
    computed.push(event_time);
    let ttl = time::ttl(definition.ttl_expression.as_deref(), &info)?;
    let mut table = Table::new(
        &info,
        &computed,
        if keyed { key } else { Vec::new() },
        indexes,
    );
    if let Some(column) = keys::version(&definition, &info.columns, keyed)? {
        let overrides = definition.late_insert_overrides.unwrap_or(true);
        table.versioned(&info, column, overrides);
    }
    if let Some(families) = keys::coalesced(&definition, &info.columns, mutable)? {
        table.coalesced(&info, families);
    }
    Ok(Defined {
        definition,
        info,
        table,
        ttl,
    })
}

/// Whether it is a mutable stream.
fn engine(definition: &mut StreamDef) -> Result<bool, StoreError> {
    let engine = match definition.engine.as_deref() {
        None | Some("") | Some(STREAM) => STREAM,
        Some(MUTABLE) => MUTABLE,
        Some(other) => {
            return Err(StoreError::invalid(
                "engine",
                format!("'{other}' is not {STREAM} or {MUTABLE}"),
            ));
        }
    };
    definition.engine = Some(engine.to_owned());
    Ok(engine == MUTABLE)
}

fn range(field: &str, value: Option<u32>, max: u32) -> Result<(), StoreError> {
    match value {
        Some(value) if value == 0 || value > max => Err(StoreError::invalid(
            field,
            format!("{value} is not from 1 to {max}"),
        )),
        _ => Ok(()),
    }
}

/// As the API shows it.
pub(crate) fn stream(defined: &Defined, audit: Audit) -> Stream {
    let definition = &defined.definition;
    let ttl = definition.ttl_expression.clone().unwrap_or_default();
    let columns = defined.info.columns.iter().map(|column| {
        let given = definition.columns.iter().find(|c| c.name == column.name);
        let default = match (given.and_then(|c| c.default.clone()), column.name.as_str()) {
            (None, TP_TIME) => definition
                .event_time_column
                .clone()
                .filter(|expression| !expression.is_empty())
                .or_else(|| Some("now64(3)".into())),
            (default, _) => default,
        };
        StreamColumn {
            name: column.name.clone(),
            data_type: column.data_type.to_string(),
            nullable: column.data_type.is_nullable(),
            default,
            codec: given.and_then(|c| c.codec.clone()),
        }
    });
    Stream {
        name: definition.name.clone(),
        description: definition.description.clone().unwrap_or_default(),
        columns: columns.collect(),
        engine: definition.engine.clone().unwrap_or_default(),
        mode: definition.mode.unwrap_or_default(),
        primary_key: definition.primary_key.clone(),
        column_families: definition.column_families.clone(),
        secondary_indexes: definition.secondary_indexes.clone(),
        logstore_retention_bytes: definition.logstore_retention_bytes.unwrap_or_default(),
        logstore_retention_ms: definition.logstore_retention_ms.unwrap_or_default(),
        ttl: ttl.clone(),
        ttl_expression: ttl,
        is_external: false,
        created_at: audit.created_at,
        created_by: audit.created_by,
        last_updated_at: audit.last_updated_at,
        last_updated_by: audit.last_updated_by,
    }
}

pub(crate) fn indexed(list: &str, index: usize, field: &str) -> String {
    format!("{list}[{index}].{field}")
}
