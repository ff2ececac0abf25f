//! Streams and their rows in one SQLite file.

mod error;
pub mod ingest;
mod view;

use std::{path::Path, sync::Arc};

pub use error::StoreError;
use rusqlite::{Connection, Transaction};
use tokio::sync::watch;
pub use view::View;
use weir_api::timeplus::{
    Owner,
    stream::{Stream, StreamDef, StreamStats, UpdateStream},
};
use weir_engine::catalog::Catalog;

/// Cheap to clone; the last clone dropped ends the writer thread after it has committed what is queued.
#[derive(Clone)]
pub struct Store {}

impl Store {
    pub fn open(_dir: &Path) -> Result<Self, StoreError> {
        Err(StoreError::Closed)
    }
    pub fn reader(&self) -> Result<Connection, StoreError> {
        Err(StoreError::Closed)
    }
    pub fn catalog(&self) -> Arc<dyn Catalog + Send + Sync> {
        unreachable!()
    }
    /// In order of name.
    pub fn streams(&self) -> Vec<Arc<Stream>> {
        Vec::new()
    }
    pub fn stream(&self, _name: &str) -> Option<Arc<Stream>> {
        None
    }
    pub async fn create_stream(
        &self,
        _def: StreamDef,
        _owner: Owner,
    ) -> Result<Arc<Stream>, StoreError> {
        Err(StoreError::Closed)
    }
    pub async fn update_stream(
        &self,
        _name: &str,
        _change: UpdateStream,
        _owner: Owner,
    ) -> Result<Arc<Stream>, StoreError> {
        Err(StoreError::Closed)
    }
    /// Fails with `Dependents` while views read the stream.
    pub async fn delete_stream(&self, _name: &str) -> Result<(), StoreError> {
        Err(StoreError::Closed)
    }
    /// In order of name.
    pub fn views(&self) -> Vec<Arc<View>> {
        Vec::new()
    }
    pub fn view(&self, _name: &str) -> Option<Arc<View>> {
        None
    }
    pub async fn create_view(
        &self,
        _view: View,
        _or_replace: bool,
        _owner: Owner,
    ) -> Result<Arc<View>, StoreError> {
        Err(StoreError::Closed)
    }
    pub async fn drop_view(&self, _name: &str) -> Result<(), StoreError> {
        Err(StoreError::Closed)
    }
    /// Number of rows, once they are committed.
    pub async fn append(&self, _stream: &str, _rows: ingest::Rows) -> Result<u64, StoreError> {
        Err(StoreError::Closed)
    }
    /// The newest committed `_seq`; a closed channel means the stream was deleted.
    pub fn watch(&self, _stream: &str) -> Option<watch::Receiver<i64>> {
        None
    }
    pub fn stats(&self, _name: &str, _history_days: Option<u8>) -> Result<StreamStats, StoreError> {
        Err(StoreError::Closed)
    }
    pub fn note_read(&self, _stream: &str, _rows: u64, _bytes: u64) {}
    /// Runs on the writer thread and resolves after the commit; an error rolls back only this.
    pub async fn write<T: Send + 'static>(
        &self,
        _change: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        Err(StoreError::Closed)
    }
    pub fn apply_retention(&self, _now_ms: i64) -> Result<(), StoreError> {
        Err(StoreError::Closed)
    }
}
