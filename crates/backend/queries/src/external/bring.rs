//! Everything that a query needs from outside and that has an end, before the query begins.

use rusqlite::Connection;
use weir_engine::{Bring, Plan, Seek};
use weir_store::{ExternalKind, Scratch, Store, StoreError};

use super::{
    Feed,
    decode::Decoder,
    reader::{Location, not_run},
    settings::Settings,
    table::Database,
};
use crate::error::HttpError;

/// Rows of one external stream or table that a query can hold.
pub(super) const MOST_ROWS: u64 = 1_000_000;
pub(super) const MOST_BYTES: usize = 256 << 20;

/// What a query follows outside, if it does; everything else it reads there is in temporary tables
/// of its connection when this returns.
pub async fn bring(
    store: &Store,
    conn: &Connection,
    plan: &Plan,
    position: i64,
) -> Result<Option<Feed>, HttpError> {
    let mut followed = None;
    for bring in &plan.outside {
        if bring.followed {
            followed = Some(Feed::open(store, conn, bring, plan.seek(), position).await?);
        } else {
            whole(store, conn, bring).await?;
        }
    }
    Ok(followed)
}

pub(super) fn scratch(store: &Store, bring: &Bring) -> Result<Scratch, HttpError> {
    let gone = || StoreError::NotFound(format!("'{}'", bring.name));
    let scratch = store.scratch(&bring.name, bring.followed);
    scratch.ok_or_else(|| HttpError::from(gone()).inside_sql())
}

async fn whole(store: &Store, conn: &Connection, bring: &Bring) -> Result<(), HttpError> {
    let mut scratch = scratch(store, bring)?;
    scratch.create(conn, 0)?;
    let external = scratch.external().clone();
    let settings = Settings(&external.settings);
    if external.kind == ExternalKind::Table {
        let Some(database) = Database::of(&external.name, settings)? else {
            return Err(HttpError::bad_request(not_run(&settings.text("type"))));
        };
        let rows = database.rows(scratch.info(), bring).await?;
        return Ok(scratch.append_values(conn, &rows)?);
    }
    let mut decoder = Decoder::new(store, settings, scratch.info())?;
    let Some(location) = Location::of(store, &external.settings)? else {
        return Err(HttpError::bad_request(not_run(&settings.text("type"))));
    };
    location.check(store)?;
    let mut reader = location
        .open(Seek::Earliest, true)
        .await
        .map_err(HttpError::bad_request)?;
    let most = bring.limit.unwrap_or(MOST_ROWS);
    let (mut count, mut bytes) = (0, 0);
    while let Some(batch) = reader.next().await.map_err(HttpError::bad_request)? {
        for message in batch {
            let rows = decoder
                .rows(scratch.info(), &message)
                .map_err(HttpError::bad_request)?;
            count += rows.len() as u64;
            bytes += message.bytes.len();
            scratch.append(conn, &rows, message.time_ms)?;
            if count >= most && bring.limit.is_some() {
                return Ok(());
            }
            if count > most || bytes > MOST_BYTES {
                return Err(too_much(&bring.name));
            }
        }
    }
    Ok(())
}

pub(super) fn too_much(name: &str) -> HttpError {
    HttpError::bad_request(format!(
        "'{name}' has more than {MOST_ROWS} rows or {} MiB, which is what a query can read from \
         outside: add LIMIT",
        MOST_BYTES >> 20
    ))
}
