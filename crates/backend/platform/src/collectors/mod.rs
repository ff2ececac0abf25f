//! Streams the backend fills itself: this machine, its own requests and log, who changed what.

mod attempts;
mod audit_log;
mod backend_log;
mod host_metrics;
mod http_access;
mod recorder;

use std::{sync::Arc, time::Instant};

use attempts::Attempts;
pub use audit_log::AuditRecord;
pub use backend_log::LogLayer;
use backend_log::LogRecord;
pub use http_access::AccessRecord;
use recorder::Recorder;
use tokio::sync::watch;
use weir_api::{
    Owner,
    timeplus::stream::{ColumnDef, StreamDef},
};
use weir_store::{Store, StoreError};

const WEEK_MS: i64 = 7 * 24 * 60 * 60 * 1000;
const MAX_BYTES: i64 = 256 << 20;

/// Cheap to clone. Recording never waits, except for the audit log: what does not fit the queue is
/// counted and dropped.
#[derive(Clone)]
pub struct Collectors {
    access: Arc<Recorder<AccessRecord>>,
    audit: Arc<Recorder<AuditRecord>>,
    attempts: Arc<Attempts>,
    /// The stream of an older version has no place for what a resource was before and after.
    audits_definitions: bool,
    /// Each record is a line of the log, too.
    tells_audit: bool,
    /// Lines come to it by [`LogLayer`].
    _log: Arc<Recorder<LogRecord>>,
    /// Of the machine, as of the last sample of `host_metrics`.
    cpu: watch::Receiver<f64>,
}

/// Creates the streams that are missing and fills them until `shutdown` turns true or its sender is
/// dropped; what is queued then is still stored. With `tells_audit` the log says, too, who changed
/// what: for a process whose streams nobody reads.
pub async fn start(
    store: &Store,
    tells_audit: bool,
    shutdown: watch::Receiver<bool>,
) -> Result<Collectors, StoreError> {
    for definition in [
        host_metrics::definition(),
        http_access::definition(),
        audit_log::definition(),
        backend_log::definition(),
    ] {
        create_if_missing(store, definition).await?;
    }
    audit_log::keep_long(&store.keeper(), owner()).await?;
    store.protect(&[audit_log::NAME]);
    let audit = store.catalog().stream(audit_log::NAME);
    let audits_definitions =
        audit.is_some_and(|info| info.columns.iter().any(|column| column.name == "before"));
    let cpu = host_metrics::start(store.clone(), shutdown.clone());
    let log = Recorder::start(store.clone(), backend_log::NAME, shutdown.clone());
    backend_log::listen(&log);
    Ok(Collectors {
        audits_definitions,
        tells_audit,
        cpu,
        _log: log,
        attempts: Arc::default(),
        access: Recorder::start(store.clone(), http_access::NAME, shutdown.clone()),
        audit: Recorder::start(store.keeper(), audit_log::NAME, shutdown),
    })
}

impl Collectors {
    pub fn access(&self, mut record: AccessRecord) {
        record.shorten();
        self.access.record(record);
    }

    /// From 0 to 100.
    pub fn cpu_percent(&self) -> f64 {
        *self.cpu.borrow()
    }

    /// Waits for room: no change is dropped, and of what changed nothing only what comes in masses.
    pub async fn audit(&self, mut record: AuditRecord) {
        record.shorten();
        if let Some((whose, pace)) = record.of_masses() {
            match self.attempts.take(&whose, pace, Instant::now()) {
                Some(0) => {}
                Some(skipped) => record.detail += &format!(", after {skipped} more"),
                None => return,
            }
        }
        if !self.audits_definitions {
            record.before.clear();
            record.after.clear();
        }
        if self.tells_audit {
            let line = serde_json::to_string(&record).unwrap_or_default();
            tracing::info!("audit {line}");
        }
        self.audit.keep(record).await;
    }
}

fn owner() -> Owner {
    Owner {
        id: "weir".into(),
        name: "Weir".into(),
    }
}

async fn create_if_missing(store: &Store, definition: StreamDef) -> Result<(), StoreError> {
    match store.create_stream(definition, owner()).await {
        Ok(_) | Err(StoreError::Exists(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

fn definition(name: &str, description: &str, columns: &[(&str, &str)]) -> StreamDef {
    StreamDef {
        name: name.into(),
        description: Some(description.into()),
        columns: columns
            .iter()
            .map(|(name, data_type)| ColumnDef {
                name: (*name).into(),
                data_type: (*data_type).into(),
                ..ColumnDef::default()
            })
            .collect(),
        logstore_retention_bytes: Some(MAX_BYTES),
        logstore_retention_ms: Some(WEEK_MS),
        ..StreamDef::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(store: &Store, sql: &str) -> i64 {
        let info = store.catalog().stream(http_access::NAME).expect("stream");
        let reader = store.reader().expect("reader");
        reader
            .query_row(&sql.replace("$table", &info.table), [], |row| row.get(0))
            .expect("count")
    }

    #[tokio::test]
    async fn requests_are_recorded_without_their_query_text() {
        let dir = tempfile::tempdir().expect("folder");
        let store = Store::open(dir.path()).expect("store");
        let (stop, shutdown) = watch::channel(false);
        let collectors = start(&store, false, shutdown).await.expect("start");
        let mut head = store.watch(http_access::NAME).expect("watch");
        collectors.access(AccessRecord {
            method: "GET".into(),
            path: "/login?token=secret".into(),
            status: 200,
            duration_ms: 1.5,
            ..AccessRecord::default()
        });
        head.changed().await.expect("committed");
        assert_eq!(
            count(&store, "SELECT count(*) FROM $table WHERE path = '/login'"),
            1
        );
        stop.send(true).expect("stop");
    }

    #[tokio::test]
    async fn what_is_queued_at_shutdown_is_stored() {
        let dir = tempfile::tempdir().expect("folder");
        let store = Store::open(dir.path()).expect("store");
        let (stop, shutdown) = watch::channel(false);
        let collectors = start(&store, false, shutdown).await.expect("start");
        let mut head = store.watch(http_access::NAME).expect("watch");
        for _ in 0..50 {
            collectors.access(AccessRecord::default());
        }
        stop.send(true).expect("stop");
        head.wait_for(|seq| *seq == 50).await.expect("committed");
        assert_eq!(count(&store, "SELECT count(*) FROM $table"), 50);
    }

    #[tokio::test]
    async fn this_machine_is_measured() {
        let dir = tempfile::tempdir().expect("folder");
        let store = Store::open(dir.path()).expect("store");
        let (_stop, shutdown) = watch::channel(false);
        let _collectors = start(&store, false, shutdown).await.expect("start");
        let mut head = store.watch(host_metrics::NAME).expect("watch");
        head.changed().await.expect("committed");
        let info = store.catalog().stream(host_metrics::NAME).expect("stream");
        let (total, used, cores): (i64, i64, i64) = store
            .reader()
            .expect("reader")
            .query_row(
                &format!(
                    "SELECT memory_total, memory_used, json_array_length(cpu_cores) FROM {}",
                    info.table
                ),
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .expect("row");
        assert!(total > used && used > 0, "{used} of {total}");
        assert!(cores >= 1);
    }

    #[tokio::test]
    async fn what_is_logged_is_stored() {
        use tracing_subscriber::layer::SubscriberExt;

        let dir = tempfile::tempdir().expect("folder");
        let store = Store::open(dir.path()).expect("store");
        let (_stop, shutdown) = watch::channel(false);
        let _collectors = start(&store, false, shutdown).await.expect("start");
        let mut head = store.watch(backend_log::NAME).expect("watch");
        let subscriber = tracing_subscriber::registry().with(LogLayer);
        tracing::subscriber::with_default(subscriber, || {
            tracing::warn!(target: "weir_platform::collectors::recorder", "full");
            tracing::warn!(target: "doors", port = 8000, url = "nats://u:p@h", "in use");
        });
        head.changed().await.expect("committed");
        let info = store.catalog().stream(backend_log::NAME).expect("stream");
        let reader = store.reader().expect("reader");
        let sql = format!(
            "SELECT level || ' ' || target || ' ' || message FROM {}",
            info.table
        );
        let line: String = reader
            .query_row(&sql, [], |row| row.get(0))
            .expect("one line");
        assert_eq!(line, "WARN doors in use port=8000 url=\"nats://******@h\"");
    }

    #[tokio::test]
    async fn a_second_start_keeps_the_streams() {
        let dir = tempfile::tempdir().expect("folder");
        let store = Store::open(dir.path()).expect("store");
        let (_stop, shutdown) = watch::channel(false);
        start(&store, false, shutdown.clone()).await.expect("first");
        start(&store, false, shutdown).await.expect("second");
        assert_eq!(store.streams().len(), 4);
    }
}
