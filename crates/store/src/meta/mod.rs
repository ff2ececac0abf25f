//! What is known about streams and views, in memory. The writer thread alone changes it, after
//! the change is committed.

mod catalog;
mod load;
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, atomic::AtomicU64},
};

use rusqlite::Connection;
use tokio::sync::watch;
use weir_api::{
    Audit,
    timeplus::{
        schema::Schema,
        stream::{Stream, StreamDef},
    },
};
use weir_engine::catalog::{Process, StreamInfo};

use self::load::{load_streams, load_views};
use crate::{
    Caller, Function, StoreError, View,
    define::{self, Defined, Ttl},
    external::{self, ExternalState},
    format_schemas, function,
    readers::Readers,
    schema::{self, timestamp_ms},
    segments::OpenSegment,
    stats::Subject,
    table::Table,
};

/// Tells which queries run.
pub(crate) type Processes = dyn Fn() -> Vec<Process> + Send + Sync;

/// What all threads of a store see.
pub(crate) struct Shared {
    pub(crate) file: PathBuf,
    meta: RwLock<Meta>,
    pub(crate) readers: Readers,
    /// Of remote functions.
    pub(crate) caller: OnceLock<Arc<Caller>>,
    pub(crate) processes: OnceLock<Box<Processes>>,
}

#[derive(Default)]
pub(crate) struct Meta {
    pub(crate) streams: BTreeMap<String, Arc<StreamState>>,
    pub(crate) views: BTreeMap<String, Arc<View>>,
    pub(crate) functions: BTreeMap<String, Arc<Function>>,
    pub(crate) externals: BTreeMap<String, Arc<ExternalState>>,
    pub(crate) schemas: BTreeMap<String, Arc<Schema>>,
}

impl Meta {
    /// A materialized view without a target of its own choice has a stream with its own name.
    pub(crate) fn stream(&self, name: &str) -> Option<&Arc<StreamState>> {
        self.streams
            .get(name)
            .filter(|_| !self.views.contains_key(name))
    }

    pub(crate) fn readable(&self, name: &str) -> Option<&Arc<StreamState>> {
        self.streams.get(name).or_else(|| {
            let target = self.views.get(name)?.target.as_ref()?;
            self.streams.get(target)
        })
    }
}

pub(crate) struct StreamState {
    pub(crate) id: i64,
    pub(crate) definition: StreamDef,
    pub(crate) stream: Arc<Stream>,
    pub(crate) info: StreamInfo,
    pub(crate) table: Table,
    pub(crate) ttl: Option<Ttl>,
    pub(crate) created_ms: i64,
    pub(crate) live: Arc<Live>,
}

/// What changes with every commit and read.
pub(crate) struct Live {
    /// Newest committed `_seq`.
    pub(crate) head: watch::Sender<i64>,
    /// Commits that only took rows away, of a stream that keeps the last row of each key.
    pub(crate) deletions: AtomicU64,
    pub(crate) totals: Mutex<Totals>,
    /// Of the last half hour, by minute since 1970.
    pub(crate) activity: Mutex<BTreeMap<i64, Activity>>,
}

#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Totals {
    pub(crate) rows: i64,
    pub(crate) bytes: i64,
    /// When the oldest segment was last written, or earlier.
    pub(crate) oldest_ms: Option<i64>,
    pub(crate) segment: Option<OpenSegment>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Activity {
    pub(crate) written_rows: i64,
    pub(crate) written_bytes: i64,
    pub(crate) read_rows: i64,
    pub(crate) read_bytes: i64,
    /// Differs from what is in SQLite.
    pub(crate) unsaved: bool,
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Live {
    pub(crate) fn new(head: i64, totals: Totals, activity: BTreeMap<i64, Activity>) -> Arc<Self> {
        Arc::new(Self {
            head: watch::Sender::new(head),
            deletions: AtomicU64::new(0),
            totals: Mutex::new(totals),
            activity: Mutex::new(activity),
        })
    }

    pub(crate) fn note(&self, now_ms: i64, change: impl FnOnce(&mut Activity)) {
        let mut activity = lock(&self.activity);
        let minute = activity.entry(now_ms.div_euclid(60_000)).or_default();
        change(minute);
        minute.unsaved = true;
    }
}

impl StreamState {
    pub(crate) fn new(id: i64, defined: Defined, audit: Audit, live: Arc<Live>) -> Self {
        let created = audit.created_at.as_deref().and_then(timestamp_ms);
        Self {
            id,
            stream: Arc::new(define::stream(&defined, audit)),
            definition: defined.definition,
            info: defined.info,
            table: defined.table,
            ttl: defined.ttl,
            created_ms: created.unwrap_or_default(),
            live,
        }
    }
}

impl StreamState {
    pub(crate) fn subject(&self) -> Subject<'_> {
        Subject {
            id: self.id,
            created_ms: self.created_ms,
            live: &self.live,
        }
    }
}

/// The SQLite table of the stream with this id.
pub(crate) fn table_name(id: i64) -> String {
    format!("stream_{id}")
}

impl Shared {
    pub(crate) fn load(file: PathBuf, conn: &Connection) -> Result<Arc<Self>, StoreError> {
        let meta = Meta {
            streams: load_streams(conn)?,
            views: load_views(conn)?,
            functions: function::load(conn)?,
            externals: external::load(conn)?
                .into_iter()
                .map(|state| (state.external.name.clone(), Arc::new(state)))
                .collect(),
            schemas: format_schemas::load(conn)?
                .into_iter()
                .map(|schema| (schema.name.clone(), Arc::new(schema)))
                .collect(),
        };
        Ok(Arc::new(Self {
            file,
            meta: RwLock::new(meta),
            readers: Readers::default(),
            caller: OnceLock::new(),
            processes: OnceLock::new(),
        }))
    }

    pub(crate) fn read<T>(&self, look: impl FnOnce(&Meta) -> T) -> T {
        look(&self.meta.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Meta) -> T) -> T {
        change(&mut self.meta.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// Not those of materialized views.
    pub(crate) fn state(&self, name: &str) -> Result<Arc<StreamState>, StoreError> {
        self.read(|meta| meta.stream(name).cloned())
            .ok_or_else(|| StoreError::NotFound(format!("stream '{name}'")))
    }

    /// Also what a materialized view itself keeps its rows in.
    pub(crate) fn written(&self, name: &str) -> Result<Arc<StreamState>, StoreError> {
        self.read(|meta| meta.streams.get(name).cloned())
            .ok_or_else(|| StoreError::NotFound(format!("stream '{name}'")))
    }

    /// The stream that is read under this name: a materialized view's is its target.
    pub(crate) fn readable(&self, name: &str) -> Result<Arc<StreamState>, StoreError> {
        self.read(|meta| meta.readable(name).cloned())
            .ok_or_else(|| StoreError::NotFound(format!("stream '{name}'")))
    }

    /// Runs a query on a connection that others read with before and after.
    pub(crate) fn query<T>(
        &self,
        run: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.readers.read(&self.file, run)?
    }
}

pub(crate) fn read_json<T: serde::de::DeserializeOwned>(
    text: Result<&str, rusqlite::types::FromSqlError>,
    name: &str,
) -> Result<T, StoreError> {
    let damaged = |reason: String| StoreError::Damaged {
        name: name.to_owned(),
        reason,
    };
    let text = text.map_err(|error| damaged(error.to_string()))?;
    serde_json::from_str(text).map_err(|error| damaged(error.to_string()))
}

pub(crate) fn write_json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Commit(error.to_string()))
}

pub(crate) fn created(owner: weir_api::Owner) -> Audit {
    let now = Some(schema::timestamp(schema::now_ms()));
    Audit {
        created_at: now.clone(),
        created_by: Some(owner.clone()),
        last_updated_at: now,
        last_updated_by: Some(owner),
    }
}
