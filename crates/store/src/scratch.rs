//! Rows from outside in a temporary table of one query's connection.

use std::sync::Arc;

use rusqlite::{Connection, types::Value};
use weir_engine::catalog::StreamInfo;

use crate::{
    StoreError,
    append::Insert,
    external::{External, ExternalState},
    ingest::Rows,
    schema::quote,
    table::Table,
};

pub struct Scratch {
    state: Arc<ExternalState>,
    followed: bool,
    /// `_seq` of the last row.
    last: i64,
}

impl Scratch {
    pub(crate) fn new(state: Arc<ExternalState>, followed: bool) -> Self {
        Self {
            state,
            followed,
            last: 0,
        }
    }

    pub fn external(&self) -> &Arc<External> {
        &self.state.external
    }

    /// What rows have to be parsed for.
    pub fn info(&self) -> &StreamInfo {
        self.layout().0
    }

    fn layout(&self) -> (&StreamInfo, &Table) {
        match self.followed {
            true => (&self.state.info, &self.state.table),
            false => (&self.state.whole.0, &self.state.whole.1),
        }
    }

    /// Rows will be numbered from the one after `last`.
    pub fn create(&mut self, conn: &Connection, last: i64) -> Result<(), StoreError> {
        self.last = last;
        let (_, table) = self.layout();
        conn.execute_batch(&table.create_temporary())?;
        Ok(())
    }

    /// `time_ms` is the `_tp_time` of rows that have none.
    pub fn append(
        &mut self,
        conn: &Connection,
        rows: &Rows,
        time_ms: i64,
    ) -> Result<(), StoreError> {
        let mut last = self.last;
        let time = Value::Integer(time_ms);
        let mut insert = Insert::new(conn, self.layout().1, rows, &time)?;
        rows.each(|size, row| {
            last += 1;
            insert.row(last, size, row)
        })?;
        drop(insert);
        self.last = last;
        Ok(())
    }

    /// One value for each column.
    pub fn append_values(
        &mut self,
        conn: &Connection,
        rows: &[Vec<Value>],
    ) -> Result<(), StoreError> {
        let (_, table) = self.layout();
        let mut insert = conn.prepare_cached(&table.insert)?;
        let mut last = self.last;
        for row in rows {
            last += 1;
            insert.raw_bind_parameter(1, last)?;
            insert.raw_bind_parameter(2, 0)?;
            for (position, value) in row.iter().enumerate() {
                insert.raw_bind_parameter(position + 3, value)?;
            }
            insert.raw_execute()?;
        }
        drop(insert);
        self.last = last;
        Ok(())
    }

    /// Rows up to `seq` have been read.
    pub fn forget(&self, conn: &Connection, seq: i64) -> Result<(), StoreError> {
        let table = quote(&self.info().table);
        conn.prepare_cached(&format!("DELETE FROM temp.{table} WHERE _seq <= ?1"))?
            .execute([seq])?;
        Ok(())
    }
}
