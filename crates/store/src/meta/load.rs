//! What the database knows when it is opened.

use std::{collections::BTreeMap, sync::Arc};

use rusqlite::Connection;

use super::{Live, StreamState, Totals, read_json, table_name};
use crate::{StoreError, View, define, schema, stats};

pub(super) fn load_streams(
    conn: &Connection,
) -> Result<BTreeMap<String, Arc<StreamState>>, StoreError> {
    let heads = load_heads(conn)?;
    let totals = load_totals(conn)?;
    let mut activity = stats::load_recent(conn, schema::now_ms())?;
    let mut statement = conn.prepare("SELECT id, name, definition, audit FROM streams")?;
    let mut rows = statement.query([])?;
    let mut streams = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let name: String = row.get(1)?;
        let definition = read_json(row.get_ref(2)?.as_str(), &name)?;
        let audit = read_json(row.get_ref(3)?.as_str(), &name)?;
        let table = table_name(id);
        let live = Live::new(
            heads.get(&table).copied().unwrap_or_default(),
            totals.get(&id).copied().unwrap_or_default(),
            activity.remove(&id).unwrap_or_default(),
        );
        let defined = define::define(definition, &table)?;
        let state = StreamState::new(id, defined, audit, live);
        streams.insert(name, Arc::new(state));
    }
    Ok(streams)
}

pub(super) fn load_heads(conn: &Connection) -> Result<BTreeMap<String, i64>, StoreError> {
    let mut statement = conn.prepare("SELECT name, seq FROM sqlite_sequence")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn load_totals(conn: &Connection) -> Result<BTreeMap<i64, Totals>, StoreError> {
    let mut statement = conn.prepare(
        "SELECT stream_id, sum(rows), sum(bytes), min(written_at) FROM segments GROUP BY stream_id",
    )?;
    let rows = statement.query_map([], |row| {
        let totals = Totals {
            rows: row.get(1)?,
            bytes: row.get(2)?,
            oldest_ms: row.get(3)?,
            segment: None,
        };
        Ok((row.get(0)?, totals))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn load_views(conn: &Connection) -> Result<BTreeMap<String, Arc<View>>, StoreError> {
    let mut statement = conn.prepare("SELECT name, definition FROM views")?;
    let mut rows = statement.query([])?;
    let mut views = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        let view = read_json(row.get_ref(1)?.as_str(), &name)?;
        views.insert(name, Arc::new(view));
    }
    Ok(views)
}
