use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    sync::{Arc, OnceLock, mpsc as std_mpsc},
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, Transaction};
use tokio::sync::{Semaphore, mpsc, watch};
use weir_engine::catalog::{Catalog, Process};

use crate::{
    SecretKey, StoreError,
    meta::Shared,
    retention,
    schema::{bound_process, open_reader, open_writer},
    sealed, wal,
    writer::{self, Answer, Job},
};

/// Rows that wait to be written take at most this much memory; who comes then waits.
const QUEUE_KIB: u32 = 64 << 10;

/// Cheap to clone. Dropping the last clone commits what is queued and closes the file.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
    /// May write what is protected.
    keeper: bool,
}

pub(crate) struct Inner {
    pub(crate) shared: Arc<Shared>,
    queue: Option<mpsc::UnboundedSender<Job>>,
    folder: PathBuf,
    log_folders: OnceLock<Vec<PathBuf>>,
    /// Streams that only a keeper writes.
    protected: OnceLock<&'static [&'static str]>,
    room: Arc<Semaphore>,
    writer: Option<JoinHandle<()>>,
    /// Dropped to end the retention thread.
    retention: Option<(std_mpsc::Sender<()>, JoinHandle<()>)>,
    /// Held while the file is open: a second process would give out the same `_seq`.
    _lock: File,
    /// Dropped last, which tells those who wait for the end.
    closed: watch::Sender<()>,
}

/// Held while the database is in use.
fn locked(dir: &Path) -> Result<File, StoreError> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| StoreError::Io { path, source }
    };
    fs::create_dir_all(dir).map_err(io(dir))?;
    let path = dir.join("weir.lock");
    let lock = File::create(&path).map_err(io(&path))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked(dir.to_owned())),
        Err(TryLockError::Error(source)) => Err(io(&path)(source)),
    }
}

impl Store {
    /// Queries can read which of them run, as `tell` says. Only the first call counts.
    pub fn tell_processes_with(&self, tell: impl Fn() -> Vec<Process> + Send + Sync + 'static) {
        let _ = self.inner.shared.processes.set(Box::new(tell));
    }

    /// Opens, or creates, `weir.db` in `dir` and starts the threads for writing and retention.
    /// Secrets are encrypted with the key of a file beside it.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        Self::open_with(dir, None)
    }

    /// As [`Store::open`], with this key where there is one.
    pub fn open_with(dir: &Path, key: Option<SecretKey>) -> Result<Self, StoreError> {
        let lock = locked(dir)?;
        let io = |path: &Path| {
            let path = path.to_owned();
            move |source| StoreError::Io { path, source }
        };
        let file = dir.join("weir.db");
        wal::check(&file)?;
        let conn = open_writer(&file)?;
        sealed::prepare(&conn, dir, key)?;
        bound_process(&conn, dir)?;
        let shared = Shared::load(file, &conn)?;
        let (queue, jobs) = mpsc::unbounded_channel();
        let writer = {
            let shared = shared.clone();
            let run = move || writer::run(conn, &shared, jobs);
            thread::Builder::new()
                .name("weir-writer".into())
                .spawn(run)
                .map_err(io(dir))?
        };
        let mut failed = None;
        let inner = Arc::new_cyclic(|weak| Inner {
            shared,
            queue: Some(queue),
            folder: dir.to_owned(),
            log_folders: OnceLock::new(),
            protected: OnceLock::new(),
            room: Arc::new(Semaphore::new(QUEUE_KIB as usize)),
            writer: Some(writer),
            retention: retention::start(weak.clone())
                .map_err(|error| failed = Some(error))
                .ok(),
            _lock: lock,
            closed: watch::Sender::new(()),
        });
        match failed {
            Some(error) => Err(io(dir)(error)),
            None => Ok(Self::of(inner)),
        }
    }

    /// Encrypts the secrets with another key: `next`, or a new one in the file beside the
    /// database. `current` is that of the file where it is not given. Fails while the database is
    /// in use.
    pub fn rotate_key(
        dir: &Path,
        current: Option<SecretKey>,
        next: Option<SecretKey>,
    ) -> Result<(), StoreError> {
        let _lock = locked(dir)?;
        wal::check(&dir.join("weir.db"))?;
        let mut conn = open_writer(&dir.join("weir.db"))?;
        sealed::rotate(&mut conn, dir, current, next)
    }

    pub(crate) fn of(inner: Arc<Inner>) -> Self {
        Self {
            inner,
            keeper: false,
        }
    }

    /// Resolves once the last clone is dropped and the file can be opened again.
    pub fn closed(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut closed = self.inner.closed.subscribe();
        async move { while closed.changed().await.is_ok() {} }
    }

    /// Folders whose files external streams may read; to be told before there are queries.
    pub fn set_log_folders(&self, folders: Vec<PathBuf>) {
        // Who starts the backend tells once.
        let _ = self.inner.log_folders.set(folders);
    }

    /// `logs` in the data folder where nobody told otherwise.
    pub fn log_folders(&self) -> &[PathBuf] {
        let default = || vec![self.inner.folder.join("logs")];
        self.inner.log_folders.get_or_init(default)
    }

    /// From now on nobody but a [`Store::keeper`] writes, changes or deletes these streams, by
    /// whatever way; to be told once.
    pub fn protect(&self, streams: &'static [&'static str]) {
        // Who starts the backend tells once.
        let _ = self.inner.protected.set(streams);
    }

    /// For whoever fills what is protected.
    #[must_use]
    pub fn keeper(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            keeper: true,
        }
    }

    /// Fails where the stream is protected and this is no keeper.
    pub fn may_write(&self, stream: &str) -> Result<(), StoreError> {
        let protected = self.inner.protected.get().copied().unwrap_or_default();
        match !self.keeper
            && protected
                .iter()
                .any(|name| name.eq_ignore_ascii_case(stream))
        {
            true => Err(StoreError::Protected(stream.to_owned())),
            false => Ok(()),
        }
    }

    /// Reads with a connection that others read with before and after: it is left without
    /// transactions and without temporary rows. It sees what is committed.
    pub fn read<T>(&self, read: impl FnOnce(&Connection) -> T) -> Result<T, StoreError> {
        let shared = &self.inner.shared;
        shared.readers.read(&shared.file, read)
    }

    /// A read-only connection with the engine's functions. It sees what is committed.
    pub fn reader(&self) -> Result<Connection, StoreError> {
        open_reader(&self.inner.shared.file)
    }

    /// Always says what is there now; holding it does not keep the store open.
    pub fn catalog(&self) -> Arc<dyn Catalog + Send + Sync> {
        self.inner.shared.clone()
    }

    /// Runs on the writer thread and resolves after the commit. An error takes back what
    /// `change` did and nothing else. `change` must not create or alter tables of streams.
    pub async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let job = Job::shared(None, move |scope| change(scope.tx));
        self.answered(job).await
    }

    /// Like `write`, for rows that take `bytes` of memory until they are written.
    pub(crate) async fn write_rows<T: Send + 'static>(
        &self,
        bytes: usize,
        run: impl FnOnce(&mut writer::Scope<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let kib = u32::try_from(bytes / 1024 + 1).unwrap_or(QUEUE_KIB);
        let room = self
            .inner
            .room
            .clone()
            .acquire_many_owned(kib.min(QUEUE_KIB));
        let room = room.await.map_err(|_| StoreError::Closed)?;
        self.answered(Job::shared(Some(room), run)).await
    }

    pub(crate) async fn answered<T>(&self, job: (Job, Answer<T>)) -> Result<T, StoreError> {
        self.send(job.0)?;
        job.1.await.map_err(|_| StoreError::Closed)?
    }

    pub(crate) fn answered_blocking<T>(&self, job: (Job, Answer<T>)) -> Result<T, StoreError> {
        self.send(job.0)?;
        job.1.blocking_recv().map_err(|_| StoreError::Closed)?
    }

    fn send(&self, job: Job) -> Result<(), StoreError> {
        let queue = self.inner.queue.as_ref().ok_or(StoreError::Closed)?;
        queue.send(job).map_err(|_| StoreError::Closed)
    }
}

/// Reads what people wrote on a thread that no other request waits for: SQL can take as long as the
/// engine's limits allow.
pub(crate) async fn checked<T: Send + 'static>(
    check: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(check).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime shuts down.
            Err(_) => Err(StoreError::Closed),
        },
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has said so on standard error.
            let _ = writer.join();
        }
        if let Some((stop, thread)) = self.retention.take() {
            drop(stop);
            // The retention thread itself can hold the last clone.
            if thread.thread().id() != thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}
