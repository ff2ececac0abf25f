//! Documents under numbers, which are never given twice and so are counted for all kinds together.

pub(super) mod api;
pub(super) mod grant;
pub(super) mod trial;

use serde::{Serialize, de::DeserializeOwned};
use weir_platform::records::{self, Table};
use weir_store::{Store, StoreError};

/// All of one kind, in the order in which they were made.
pub(crate) type Records<T> = records::Records<T, i64>;

const COUNT: &str = "
    CREATE TABLE IF NOT EXISTS backend_dataworks_count (last INTEGER NOT NULL) STRICT;
    INSERT INTO backend_dataworks_count
        SELECT 10000 WHERE NOT EXISTS (SELECT 1 FROM backend_dataworks_count);";

pub(crate) async fn create(store: &Store) -> Result<(), StoreError> {
    store.write(|tx| Ok(tx.execute_batch(COUNT)?)).await
}

pub(crate) async fn load<T: Serialize + DeserializeOwned>(
    store: &Store,
    kind: &'static str,
) -> Result<Records<T>, StoreError> {
    Records::load(store, Table::Shared("backend_dataworks", kind)).await
}

pub(crate) async fn next_id(store: &Store) -> Result<i64, StoreError> {
    let count = "UPDATE backend_dataworks_count SET last = last + 1 RETURNING last";
    store
        .write(|tx| Ok(tx.query_row(count, [], |row| row.get(0))?))
        .await
}
